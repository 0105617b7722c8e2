//! The hand that a test has on a simulator: JSON lines on a Unix socket, one answer each.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::fs::FileTypeExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Longest order in bytes.
const LONGEST_LINE: u64 = 64 * 1024;

/// A listening control socket; its file goes away with it.
pub struct ControlSocket {
    path: PathBuf,
}

impl ControlSocket {
    /// Listens on `path` and has each order carried out by `obey`, on a thread per client.
    /// `obey` returns the members of the answer, or the reason why the order was refused.
    ///
    /// # Errors
    /// When something other than a socket is at `path`, or it cannot be made.
    pub fn serve<Order, Obey>(path: &Path, obey: Obey) -> io::Result<Self>
    where
        Order: DeserializeOwned + 'static,
        Obey: Fn(Order) -> Result<Value, String> + Send + Sync + 'static,
    {
        if std::fs::symlink_metadata(path).is_ok_and(|meta| meta.file_type().is_socket()) {
            std::fs::remove_file(path)?;
        }
        let listener = UnixListener::bind(path)?;
        let obey = Arc::new(obey);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let obey = Arc::clone(&obey);
                std::thread::spawn(move || {
                    // A client that goes away in the middle is no concern of the device.
                    let _ = converse(&stream, obey.as_ref());
                });
            }
        });
        Ok(Self {
            path: path.to_owned(),
        })
    }
}

impl Drop for ControlSocket {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

fn converse<Order, Obey>(stream: &UnixStream, obey: &Obey) -> io::Result<()>
where
    Order: DeserializeOwned,
    Obey: Fn(Order) -> Result<Value, String>,
{
    let mut reader = BufReader::new(stream);
    let mut writer = stream;
    loop {
        let mut line = String::new();
        if reader.by_ref().take(LONGEST_LINE).read_line(&mut line)? == 0 {
            return Ok(());
        }
        if line.trim().is_empty() {
            continue;
        }
        let answer = answer(&line, obey);
        writeln!(writer, "{answer}")?;
    }
}

fn answer<Order, Obey>(line: &str, obey: &Obey) -> Value
where
    Order: DeserializeOwned,
    Obey: Fn(Order) -> Result<Value, String>,
{
    let outcome = serde_json::from_str(line)
        .map_err(|error| error.to_string())
        .and_then(obey);
    match outcome {
        Ok(Value::Object(mut members)) => {
            members.insert("ok".into(), true.into());
            Value::Object(members)
        }
        Ok(_) => json!({ "ok": true }),
        Err(reason) => json!({ "ok": false, "error": reason }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn double(order: u8) -> Result<Value, String> {
        order
            .checked_mul(2)
            .map(|twice| json!({ "twice": twice }))
            .ok_or("too large".into())
    }

    #[test]
    fn orders_are_answered_and_refusals_say_why() {
        assert_eq!(answer("21\n", &double), json!({ "twice": 42, "ok": true }));
        assert_eq!(
            answer("200\n", &double),
            json!({ "ok": false, "error": "too large" })
        );
        assert_eq!(answer("{nonsense", &double)["ok"], json!(false));
    }
}

//! A simulated device: a program of its own, and the hand on its control socket.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use super::DemoError;

/// A running simulator; ended together with this value.
pub struct Simulator {
    child: Child,
    control: PathBuf,
    /// The serial port it is on.
    pub port: PathBuf,
}

impl Simulator {
    /// Starts `program` and waits until it says its port.
    pub fn start(program: &Path, control: &Path, options: &[&str]) -> Result<Self, DemoError> {
        let name = &program.display().to_string();
        if !program.exists() {
            return Err(DemoError::of(
                name,
                &"没有找到模拟设备。请先编译：cargo build -p jinban-simulators",
            ));
        }
        let mut child = Command::new(program)
            .arg("--control")
            .arg(control)
            .arg("--exit-with-parent")
            .args(options)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| DemoError::of(name, &error))?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out)
                .read_line(&mut line)
                .map_err(|error| DemoError::of(name, &error))?;
        }
        let said: Value = serde_json::from_str(&line).unwrap_or_default();
        let Some(port) = said["port"].as_str() else {
            let _ = child.kill();
            return Err(DemoError::of(
                name,
                &format!("said {line:?} instead of its port"),
            ));
        };
        Ok(Self {
            port: PathBuf::from(port),
            control: control.to_owned(),
            child,
        })
    }

    /// Gives an order, for example `{"do":"remove"}`; the answer is an object.
    pub fn order(&self, order: &Value) -> Result<Value, DemoError> {
        let ask = || -> std::io::Result<Value> {
            let mut stream = UnixStream::connect(&self.control)?;
            stream.set_read_timeout(Some(Duration::from_secs(5)))?;
            stream.write_all(format!("{order}\n").as_bytes())?;
            let mut line = String::new();
            BufReader::new(stream).read_line(&mut line)?;
            Ok(serde_json::from_str(&line)?)
        };
        ask().map_err(|error| DemoError::of("simulator", &error))
    }

    /// An order without members.
    pub fn tell(&self, what: &str) -> Result<Value, DemoError> {
        self.order(&json!({ "do": what }))
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

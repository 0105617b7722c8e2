//! Simulated devices, each a process of its own that takes orders on a socket.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// A running simulator; ends with the test.
pub struct Simulator {
    child: Child,
    /// Where the terminal finds it.
    pub port: PathBuf,
    _folder: tempfile::TempDir,
    control: BufReader<UnixStream>,
}

impl Simulator {
    /// Starts the program of this name with these arguments.
    pub fn start(name: &str, arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("control");
        let target = PathBuf::from(std::env::var_os("LAB_TARGET").unwrap());
        let mut command = Command::new(target.join("debug").join(name));
        command.arg("--control").arg(&socket);
        command.arg("--exit-with-parent").args(arguments);
        if name.ends_with("printer") {
            command.arg("--out").arg(folder.path());
        }
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        output.read_line(&mut line).unwrap();
        let announced: Value = serde_json::from_str(&line).unwrap();
        Self {
            port: announced["port"].as_str().unwrap().into(),
            control: BufReader::new(UnixStream::connect(&socket).unwrap()),
            _folder: folder,
            child,
        }
    }

    /// Gives an order and returns the answer, which must not be a refusal.
    pub fn order(&mut self, line: &str) -> Value {
        writeln!(self.control.get_mut(), "{line}").unwrap();
        let mut answer = String::new();
        self.control.read_line(&mut answer).unwrap();
        let answer: Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(answer["ok"], true, "{line}: {answer}");
        answer
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

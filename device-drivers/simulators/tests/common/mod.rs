//! Starts a simulator as a separate program and gives it orders.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    dead_code,
    missing_docs
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use serialport::{ClearBuffer, SerialPort, TTYPort};

pub const BARCODES: &str = env!("CARGO_BIN_EXE_jinban-sim-barcode-reader");
pub const READER: &str = env!("CARGO_BIN_EXE_jinban-sim-id-card-reader");
pub const PRINTER: &str = env!("CARGO_BIN_EXE_jinban-sim-receipt-printer");
pub const SOCIAL_CARD: &str = env!("CARGO_BIN_EXE_jinban-sim-social-card");

/// A running simulator; ends with the test.
pub struct Simulator {
    child: Child,
    pub port: PathBuf,
    pub folder: tempfile::TempDir,
    control: BufReader<UnixStream>,
}

impl Simulator {
    pub fn start(program: &str, arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("control");
        let mut command = Command::new(program);
        command
            .arg("--control")
            .arg(&socket)
            .arg("--exit-with-parent");
        if program == PRINTER {
            command.arg("--out").arg(folder.path());
        }
        let mut child = command
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap())
            .read_line(&mut line)
            .unwrap();
        let announced: Value = serde_json::from_str(&line).unwrap();
        let port = PathBuf::from(announced["port"].as_str().unwrap());
        let control = BufReader::new(UnixStream::connect(&socket).unwrap());
        Self {
            child,
            port,
            folder,
            control,
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

    pub fn state(&mut self) -> Value {
        self.order(r#"{"do":"state"}"#)
    }

    /// Asks for the state until `wanted` holds.
    pub fn await_state(&mut self, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            let state = self.state();
            if wanted(&state) {
                return state;
            }
            assert!(
                Instant::now() < deadline,
                "never came: {what}; last {state}"
            );
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    pub fn open(&self, baud: u32) -> TTYPort {
        open(&self.port, baud)
    }

    /// Sends SIGTERM and returns whether the program ended by itself and well.
    pub fn terminate(&mut self) -> bool {
        // The shell's own: a bare Debian has no program of that name.
        let status = Command::new("sh")
            .args(["-c", &format!("kill {}", self.child.id())])
            .status()
            .unwrap();
        assert!(status.success());
        let deadline = Instant::now() + Duration::from_secs(5);
        while Instant::now() < deadline {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.success();
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        false
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn open(port: &Path, baud: u32) -> TTYPort {
    let mut port = serialport::new(port.to_str().unwrap(), baud)
        .timeout(Duration::from_millis(50))
        .open_native()
        .unwrap();
    port.clear(ClearBuffer::All).unwrap();
    port.set_timeout(Duration::from_millis(50)).unwrap();
    port
}

/// Reads until `count` bytes are there or `limit` has passed.
pub fn read_up_to(port: &mut TTYPort, count: usize, limit: Duration) -> Vec<u8> {
    let deadline = Instant::now() + limit;
    let mut bytes = Vec::new();
    let mut buffer = [0; 512];
    while bytes.len() < count && Instant::now() < deadline {
        let room = (count - bytes.len()).min(buffer.len());
        if let Ok(got) = port.read(&mut buffer[..room]) {
            bytes.extend(&buffer[..got]);
        }
    }
    bytes
}

pub fn hex(text: &str) -> Vec<u8> {
    text.split_whitespace()
        .map(|pair| u8::from_str_radix(pair, 16).unwrap())
        .collect()
}

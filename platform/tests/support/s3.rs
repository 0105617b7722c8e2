//! A server that speaks S3 and shares no code with us: moto, on a free port.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

pub struct S3 {
    child: Child,
    pub endpoint: String,
}

impl S3 {
    /// A server that answers; none, and a line that says so, when moto is not installed.
    pub fn start() -> Option<Self> {
        let started = Command::new("moto_server")
            .args(["-H", "127.0.0.1", "-p", "0"])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn();
        let Ok(mut child) = started else {
            println!("SKIPPED: moto is not installed");
            return None;
        };
        let mut log = BufReader::new(child.stderr.take().unwrap()).lines();
        let endpoint = log
            .by_ref()
            .map(Result::unwrap)
            .find_map(|line| Some(line.split_once("Running on ")?.1.trim().to_owned()))
            .unwrap();
        std::thread::spawn(move || log.for_each(drop));
        Some(Self { child, endpoint })
    }
}

impl Drop for S3 {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

//! The platform as a process of its own, to be killed.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

use super::{AREA, Case, TERMINAL, Terminal, case_request, guide, sm3_hex};
use jinban_api::case::CaseReceipt;
use jinban_api::keys::PlatformKeys;
use reqwest::Client;
use rustix::process::{Pid, Signal, kill_process};

/// A folder with a catalogue, keys and one enrolled terminal, for any number of processes.
pub struct Site {
    dir: tempfile::TempDir,
    database: Option<String>,
    /// Variables of the environment.
    storage: Vec<(&'static str, String)>,
    pub terminal: Terminal,
}

impl Site {
    /// On the database at this address, or in a file of its own.
    pub fn set_up(database: Option<String>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let terminal = Terminal::new(TERMINAL);
        std::fs::create_dir(dir.path().join("catalogue")).unwrap();
        let text = serde_json::to_string(&guide("allowance", 1)).unwrap();
        std::fs::write(dir.path().join("catalogue/allowance.json"), text).unwrap();
        std::fs::write(dir.path().join("terminal.pem"), &terminal.pem).unwrap();
        let site = Self {
            dir,
            database,
            storage: Vec::new(),
            terminal,
        };
        let enrolled = site
            .program()
            .args(["terminals", "enrol", TERMINAL, "--area", AREA])
            .args(["--place", "示例村", "--key"])
            .arg(site.path("terminal.pem"))
            .output()
            .unwrap();
        assert!(enrolled.status.success(), "{enrolled:?}");
        site
    }

    /// With pages in a bucket.
    pub fn with_bucket(mut self, bucket: &str, endpoint: &str) -> Self {
        self.storage = vec![
            ("JINBAN_BUCKET", bucket.to_owned()),
            ("AWS_ENDPOINT", endpoint.to_owned()),
            ("AWS_ALLOW_HTTP", "true".to_owned()),
            ("AWS_ACCESS_KEY_ID", "test".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "test".to_owned()),
        ];
        self
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// The program with the options that all commands take.
    pub fn program(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_jinban-platform"));
        command.arg("--data").arg(self.path("data"));
        command.envs(self.storage.iter().map(|(name, value)| (name, value)));
        if let Some(database) = &self.database {
            command.args(["--database", database]);
        }
        command
    }

    /// A platform that serves.
    pub fn start(&self) -> Process {
        let catalogue = self.path("catalogue");
        Process::start(self.program(), &catalogue)
    }
}

/// A platform that serves.
pub struct Process {
    child: Child,
    pub url: String,
}

impl Process {
    fn start(mut program: Command, catalogue: &Path) -> Self {
        let mut child = program
            .args(["serve", "--listen", "127.0.0.1:0", "--catalogue"])
            .arg(catalogue)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let url = line
            .trim()
            .strip_prefix("listening on ")
            .unwrap()
            .to_owned();
        Self { child, url }
    }

    /// SIGKILL: no farewell.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM: with a farewell.
    pub fn tell_to_stop(&self) {
        kill_process(Pid::from_child(&self.child), Signal::TERM).unwrap();
    }

    /// Waits for its end.
    pub fn ended(mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }

    pub async fn keys(&self, http: &Client) -> PlatformKeys {
        let answer = http.get(format!("{}v1/keys", self.url)).send().await;
        answer.unwrap().json().await.unwrap()
    }

    pub async fn put_page(&self, http: &Client, case: &Case) {
        let url = format!("{}v1/pages/{}", self.url, sm3_hex(&case.page));
        let answer = http.put(url).body(case.page.clone()).send().await.unwrap();
        assert!(answer.status().is_success());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Status and receipt; every answer must be one. None when the platform did not live long enough.
pub async fn post(http: Client, url: String, case: Case) -> Option<(u16, CaseReceipt)> {
    let answer = case_request(&http, &url, &case.submission).send().await;
    let answer = answer.ok()?;
    let status = answer.status().as_u16();
    let body = answer.bytes().await.ok()?;
    match serde_json::from_slice(&body) {
        Ok(receipt) => Some((status, receipt)),
        Err(error) => panic!("{error}: {status} {}", String::from_utf8_lossy(&body)),
    }
}

//! A PostgreSQL server of one test's own: a fresh cluster behind a socket in a folder that goes when it goes.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use jinban_platform::DatabaseUrl;
use rustix::process::{Pid, Signal, geteuid, kill_process};

/// Users that a server runs as in place of root, whom PostgreSQL refuses.
const STAND_INS: [&str; 2] = ["postgres", "nobody"];

pub struct Postgres {
    child: Child,
    dir: tempfile::TempDir,
}

impl Postgres {
    /// A server that answers; none, and a line that says so, when PostgreSQL is not installed.
    pub fn start() -> Option<Self> {
        let Some(programs) = programs() else {
            println!("SKIPPED: PostgreSQL is not installed");
            return None;
        };
        // The path of a socket may have about a hundred characters: `target/` may lie too deep.
        let dir = tempfile::Builder::new()
            .prefix("jinban-pg-")
            .tempdir()
            .unwrap();
        let runner = Runner::new(dir.path());
        let data = dir.path().join("data");
        let made = runner
            .command(&programs.join("initdb"))
            .args(["--auth=trust", "--username=jinban", "--encoding=UTF8"])
            .args(["--no-locale", "--no-sync", "-D"])
            .arg(&data)
            .output()
            .unwrap();
        assert!(made.status.success(), "initdb: {made:?}");
        let mut child = runner
            .command(&programs.join("postgres"))
            .arg("-D")
            .arg(&data)
            .arg("-k")
            .arg(dir.path())
            .args(["-c", "listen_addresses=", "-c", "fsync=off"])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap()).lines();
        let ready = log.by_ref().any(|line| {
            let line = line.unwrap();
            line.ends_with("database system is ready to accept connections")
        });
        assert!(ready, "PostgreSQL ended at once");
        // A server that nobody listens to must not get stuck.
        std::thread::spawn(move || log.for_each(drop));
        Some(Self { child, dir })
    }

    /// As the command line takes it.
    pub fn address(&self) -> String {
        let dir = self.dir.path().display();
        format!("postgres://jinban@localhost/postgres?host={dir}")
    }

    pub fn url(&self) -> DatabaseUrl {
        self.address().parse().unwrap()
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // Its fast way of stopping: whoever is connected is sent away.
        let _ = kill_process(Pid::from_child(&self.child), Signal::INT);
        let _ = self.child.wait();
    }
}

/// Runs programs as somebody who is not root, and ends them when the test ends by force.
struct Runner {
    user: Option<&'static str>,
}

impl Runner {
    fn new(dir: &Path) -> Self {
        let user = geteuid().is_root().then(|| {
            let owns = |user: &&str| {
                let chown = Command::new("chown").arg(user).arg(dir).output();
                chown.is_ok_and(|done| done.status.success())
            };
            STAND_INS.into_iter().find(owns).unwrap()
        });
        Self { user }
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "INT"]);
        if let Some(user) = self.user {
            command.args(["--reuid", user, "--clear-groups"]);
        }
        command.arg(program).current_dir("/");
        command
    }
}

/// Folder of the newest server's programs.
fn programs() -> Option<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|version| Some(version.ok()?.path().join("bin")))
        .collect();
    found.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(found.into_iter().rev())
        .find(|dir| dir.join("postgres").is_file() && dir.join("initdb").is_file())
}

//! A stand-in for a speech engine: a real program that writes down what it was told and speaks until it may stop.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

use super::Machine;
use crate::config;

/// A program in a folder of its own, on a machine with a sound device.
pub(crate) struct StandIn {
    folder: tempfile::TempDir,
}

/// The last line is for engines that hand the sound to a player of their own.
const SCRIPT: &str = "#!/bin/sh
cd \"$(dirname \"$0\")\" || exit 9
cat >heard.part
echo \"$*\" >>arguments
cat heard.part >>heard
[ -e fails ] && exit 3
[ -e holds ] || exit 0
sleep 600 & echo $! >player.part; mv player.part player; wait
";

impl StandIn {
    /// Says everything at once.
    pub(crate) fn quick() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("espeak-ng");
        std::fs::write(&program, SCRIPT).unwrap();
        std::fs::set_permissions(&program, PermissionsExt::from_mode(0o755)).unwrap();
        std::fs::create_dir(folder.path().join("snd")).unwrap();
        std::fs::write(folder.path().join("snd/pcmC0D0p"), "").unwrap();
        Self { folder }
    }

    /// Never comes to the end of its first sentence.
    pub(crate) fn endless() -> Self {
        Self::quick().with("holds")
    }

    /// Ends with an error.
    pub(crate) fn failing() -> Self {
        Self::quick().with("fails")
    }

    fn with(self, mark: &str) -> Self {
        std::fs::write(self.path().join(mark), "").unwrap();
        self
    }

    /// Its folder.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The machine it is installed on.
    pub(crate) fn machine(&self) -> Machine {
        Machine {
            program_folders: self.path().into(),
            sound_folder: self.path().join("snd"),
        }
    }

    /// A speaker with it.
    pub(crate) fn speaker(&self) -> super::Speaker {
        super::Speaker::find(&config::Speaker::default(), &self.machine()).unwrap()
    }

    fn lines(&self, file: &str) -> Vec<String> {
        let text = std::fs::read_to_string(self.path().join(file)).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// What it was told to say.
    pub(crate) fn heard(&self) -> Vec<String> {
        self.lines("heard")
    }

    /// How it was called.
    pub(crate) fn arguments(&self) -> Vec<String> {
        self.lines("arguments")
    }

    /// Whether its player is running.
    pub(crate) fn is_speaking(&self) -> bool {
        let Some(player) = self.lines("player").pop() else {
            return false;
        };
        // What was killed stays in the list until somebody asks for it.
        std::fs::read_to_string(format!("/proc/{player}/stat"))
            .is_ok_and(|stat| !stat.rsplit(')').next().unwrap().starts_with(" Z"))
    }
}

/// Waits until it is so.
pub(crate) async fn until(what: &str, so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !so() {
        assert!(begun.elapsed() < Duration::from_secs(20), "not yet: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

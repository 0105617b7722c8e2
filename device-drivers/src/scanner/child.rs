//! Runs `scanimage` with a deadline and takes its output without leaving a copy behind.

use std::ffi::OsStr;
use std::io;
use std::path::Path;
use std::pin::pin;
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, Command};
use zeroize::Zeroizing;

use super::error::{ScanError, ScanErrorKind, from_exit};

/// More than an A4 page in colour at 600 dpi, uncompressed.
const LARGEST_PAGE: usize = 160 << 20;
/// SANE's complaints are a line or two.
const LONGEST_WORDS: u64 = 4096;
/// How long what is left in the pipes may take once the child has ended.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// What a run printed.
pub(super) type Output = Zeroizing<Vec<u8>>;

/// Runs `scanimage` and returns what it printed. It and what it started are killed when the time is
/// over or when the caller goes away.
pub(super) async fn run(
    arguments: &[String],
    sane_config_dir: Option<&Path>,
    timeout: Duration,
) -> Result<Output, ScanError> {
    run_program(OsStr::new("scanimage"), arguments, sane_config_dir, timeout).await
}

async fn run_program(
    program: &OsStr,
    arguments: &[String],
    sane_config_dir: Option<&Path>,
    timeout: Duration,
) -> Result<Output, ScanError> {
    let mut command = Command::new(program);
    command
        .args(arguments)
        // The words that we sort errors by are English.
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true);
    if let Some(folder) = sane_config_dir {
        command.env("SANE_CONFIG_DIR", folder);
    }
    let mut child = command.spawn().map_err(|error| {
        let kind = match error.kind() {
            io::ErrorKind::NotFound => ScanErrorKind::NotInstalled,
            io::ErrorKind::PermissionDenied => ScanErrorKind::PermissionDenied,
            _ => ScanErrorKind::DriverFailed,
        };
        ScanError::new(kind, error.to_string())
    })?;
    let mut family = Family::of(&child);
    let (Some(stdout), Some(stderr)) = (child.stdout.take(), child.stderr.take()) else {
        return Err(ScanError::new(ScanErrorKind::DriverFailed, "no pipes"));
    };
    let (mut words, mut output) = (Vec::new(), Ok(Output::default()));
    let whole = async {
        let mut reading = pin!(async {
            let read = tokio::join!(read_wiped(stdout), read_words(stderr, &mut words));
            output = read.0;
        });
        tokio::select! {
            () = &mut reading => child.wait().await,
            status = child.wait() => {
                // A driver's own helpers outlive a crash, and hold the pipes open.
                family.kill();
                let _ = tokio::time::timeout(LAST_WORDS, reading).await;
                status
            }
        }
    };
    let Ok(status) = tokio::time::timeout(timeout, whole).await else {
        family.kill();
        // Waits too, so that the device is free when we say that it failed.
        let _ = child.wait().await;
        return Err(ScanError::timed_out(timeout));
    };
    let failed = |error: io::Error| ScanError::new(ScanErrorKind::DriverFailed, error.to_string());
    let status = status.map_err(failed)?;
    if !status.success() {
        let words = String::from_utf8_lossy(&words);
        return Err(from_exit(status.code(), &words));
    }
    output.map_err(failed)
}

/// The child with every process that it started. SANE's drivers fork readers, which do not end
/// with it when it crashes.
struct Family(Option<Pid>);

impl Family {
    fn of(child: &Child) -> Self {
        let id = child.id().and_then(|id| i32::try_from(id).ok());
        Self(id.and_then(Pid::from_raw))
    }

    /// Ends those that still run. Once: the number may belong to others later.
    fn kill(&mut self) {
        if let Some(group) = self.0.take() {
            // None left is what we want.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}

impl Drop for Family {
    fn drop(&mut self) {
        self.kill();
    }
}

async fn read_words(stderr: impl AsyncRead + Unpin, words: &mut Vec<u8>) {
    let mut stderr = stderr;
    // Words that cannot be read are missing from a technician's screen, no more.
    let _ = (&mut stderr).take(LONGEST_WORDS).read_to_end(words).await;
    // The rest must flow too, or a talkative driver would wait for us forever.
    let _ = tokio::io::copy(&mut stderr, &mut tokio::io::sink()).await;
}

/// Reads everything. Buffers that are outgrown on the way are wiped: they hold somebody's papers.
async fn read_wiped(mut from: impl AsyncRead + Unpin) -> io::Result<Output> {
    let mut whole: Output = Zeroizing::new(Vec::with_capacity(4 << 20));
    loop {
        if whole.len() == whole.capacity() {
            if whole.len() >= LARGEST_PAGE {
                return Err(io::Error::other("the page is larger than any page"));
            }
            let mut larger = Zeroizing::new(Vec::with_capacity(whole.capacity() * 2));
            larger.extend_from_slice(&whole);
            whole = larger;
        }
        // Within the room that there is, so that the buffer never grows by itself.
        let room = whole.capacity() - whole.len();
        if (&mut from).take(room as u64).read_buf(&mut *whole).await? == 0 {
            return Ok(whole);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use std::time::Instant;

    use super::*;

    async fn shell(script: &str, timeout: Duration) -> Result<Output, ScanError> {
        let arguments = ["-c".into(), script.into()];
        run_program(OsStr::new("sh"), &arguments, None, timeout).await
    }

    #[tokio::test]
    async fn a_driver_that_hangs_is_killed_in_time() {
        let begun = Instant::now();
        let error = shell("exec sleep 60", Duration::from_millis(200))
            .await
            .unwrap_err();
        assert_eq!(error.kind, ScanErrorKind::TimedOut);
        assert!(begun.elapsed() < Duration::from_secs(10));
    }

    #[tokio::test]
    async fn a_helper_that_outlives_its_driver_is_ended_with_it() {
        let begun = Instant::now();
        let script = "sleep 60 & echo $! >&2; kill -ABRT $$";
        let error = shell(script, Duration::from_secs(50)).await.unwrap_err();
        assert_eq!(error.kind, ScanErrorKind::DriverFailed, "{error}");
        assert!(begun.elapsed() < LAST_WORDS, "waited for the helper");
        let helper = error.raw.rsplit(' ').next().unwrap();
        assert!(!runs(helper), "{helper} still runs");
    }

    #[tokio::test]
    async fn helpers_end_when_the_time_is_over_or_nobody_waits_any_more() {
        let folder = tempfile::tempdir().unwrap();
        let note = folder.path().join("helper");
        let script = format!("sleep 60 & echo $! > {}; wait", note.display());
        let helper = || {
            let text = std::fs::read_to_string(&note).unwrap_or_default();
            text.strip_suffix('\n').map(str::to_owned)
        };
        let error = shell(&script, Duration::from_secs(2)).await.unwrap_err();
        assert_eq!(error.kind, ScanErrorKind::TimedOut);
        assert!(!runs(&helper().unwrap()));

        std::fs::remove_file(&note).unwrap();
        let deserted = tokio::spawn(async move { shell(&script, Duration::from_secs(50)).await });
        let helper = loop {
            if let Some(helper) = helper() {
                break helper;
            }
            tokio::task::yield_now().await;
        };
        deserted.abort();
        let _ = deserted.await;
        assert!(!runs(&helper));
    }

    /// Whether a process goes on running. One that was killed may take a moment, and may wait to be
    /// forgotten.
    fn runs(id: &str) -> bool {
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(5) {
            let status = std::fs::read_to_string(format!("/proc/{id}/stat"));
            if status.map_or(true, |status| status.contains(") Z ")) {
                return false;
            }
            std::thread::yield_now();
        }
        true
    }

    #[tokio::test]
    async fn a_machine_without_sane_says_so() {
        let program = OsStr::new("scanimage-that-does-not-exist");
        let error = run_program(program, &[], None, Duration::from_secs(5))
            .await
            .unwrap_err();
        assert_eq!(error.kind, ScanErrorKind::NotInstalled);
        assert_eq!(error.act, crate::status::WhoMustAct::Technician);
    }

    #[tokio::test]
    async fn a_driver_that_crashes_is_not_taken_for_a_page() {
        let error = shell("echo half a page; kill -ABRT $$", Duration::from_secs(5))
            .await
            .unwrap_err();
        assert_eq!(error.kind, ScanErrorKind::DriverFailed);
    }

    #[tokio::test]
    async fn large_pages_and_talkative_drivers_come_through_whole() {
        let script = "head -c 9000000 /dev/zero | tr '\\0' x; head -c 300000 /dev/zero >&2";
        let output = shell(script, Duration::from_secs(30)).await.unwrap();
        assert_eq!(output.len(), 9_000_000);
        assert!(output.iter().all(|&b| b == b'x'));
    }
}

//! Runs `scanimage` with a deadline and takes its output without leaving a copy behind.

use std::ffi::OsStr;
use std::io;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::Command;
use zeroize::Zeroizing;

use super::error::{ScanError, ScanErrorKind, from_exit};

/// More than an A4 page in colour at 600 dpi, uncompressed.
const LARGEST_PAGE: usize = 160 << 20;
/// SANE's complaints are a line or two.
const LONGEST_WORDS: u64 = 4096;

/// What a run printed.
pub(super) type Output = Zeroizing<Vec<u8>>;

/// Runs `scanimage` and returns what it printed. It is killed when the time is over or when the
/// caller goes away.
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
    let (Some(stdout), Some(stderr)) = (child.stdout.take(), child.stderr.take()) else {
        return Err(ScanError::new(ScanErrorKind::DriverFailed, "no pipes"));
    };
    let whole = async {
        let (output, words) = tokio::join!(read_wiped(stdout), read_words(stderr));
        (output, words, child.wait().await)
    };
    let Ok((output, words, status)) = tokio::time::timeout(timeout, whole).await else {
        // Waits too, so that the device is free when we say that it failed.
        let _ = child.kill().await;
        return Err(ScanError::timed_out(timeout));
    };
    let failed = |error: io::Error| ScanError::new(ScanErrorKind::DriverFailed, error.to_string());
    let status = status.map_err(failed)?;
    if !status.success() {
        return Err(from_exit(status.code(), &words));
    }
    output.map_err(failed)
}

async fn read_words(stderr: impl AsyncRead + Unpin) -> String {
    let mut bytes = Vec::new();
    let mut stderr = stderr;
    // Words that cannot be read are missing from a technician's screen, no more.
    let _ = (&mut stderr)
        .take(LONGEST_WORDS)
        .read_to_end(&mut bytes)
        .await;
    // The rest must flow too, or a talkative driver would wait for us forever.
    let _ = tokio::io::copy(&mut stderr, &mut tokio::io::sink()).await;
    String::from_utf8_lossy(&bytes).into_owned()
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

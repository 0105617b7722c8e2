//! When a simulator ends: on SIGTERM or SIGINT, or together with the process that started it.

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rustix::process::{Pid, getppid};
use signal_hook::consts::{SIGINT, SIGTERM};

/// The longest that a wish to end goes unnoticed.
pub const ATTENTION: Duration = Duration::from_millis(50);

/// Tells whether the program should end.
pub struct Lifetime {
    told_to_end: Arc<AtomicBool>,
    parent: Option<Pid>,
}

impl Lifetime {
    /// Starts listening for the signals. With `with_parent`, the death of the parent ends the
    /// program too, so that a killed test leaves nothing running.
    ///
    /// # Errors
    /// When the signal handlers cannot be installed.
    pub fn begin(with_parent: bool) -> io::Result<Self> {
        let told_to_end = Arc::new(AtomicBool::new(false));
        for signal in [SIGTERM, SIGINT] {
            signal_hook::flag::register(signal, Arc::clone(&told_to_end))?;
        }
        Ok(Self {
            told_to_end,
            parent: with_parent.then(getppid).flatten(),
        })
    }

    /// True when it is time to stop.
    pub fn is_over(&self) -> bool {
        self.told_to_end.load(Ordering::Relaxed)
            || self.parent.is_some_and(|parent| getppid() != Some(parent))
    }

    /// Sleeps until `until`; returns false when the program should end instead.
    pub fn sleep_until(&self, until: Instant) -> bool {
        loop {
            if self.is_over() {
                return false;
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return true;
            }
            std::thread::sleep(left.min(ATTENTION));
        }
    }
}

/// Tells the starter of this program, on one line of JSON, which port to open.
///
/// # Errors
/// When standard output is closed.
pub fn announce(port: Option<&Path>) -> io::Result<()> {
    say(&serde_json::json!({ "port": port }))
}

/// As [`announce`], for a device that is not reached by a path.
///
/// # Errors
/// When standard output is closed.
pub fn announce_address(address: &str) -> io::Result<()> {
    say(&serde_json::json!({ "port": address }))
}

fn say(line: &serde_json::Value) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}

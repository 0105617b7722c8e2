//! What every device's thread owes the room around it, whatever the device: a status that changes
//! only when there is news, a count of what went well and ill, patience between attempts to
//! connect, an alarm when nothing moves, a way to step aside, and a test of itself now and then.

mod backoff;
mod counters;
mod history;
mod self_test;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::watch;

pub(crate) use backoff::Backoff;
pub use counters::Counters;
pub use history::self_tests_in;
pub use self_test::{SELF_TEST_EVERY, SelfTest};

use crate::status::{DeviceState, DeviceStatus, Fault, FaultKind};
use history::History;
use self_test::Schedule;

/// How long a device may stay in one state other than ready before somebody is alarmed.
pub const STUCK_AFTER: Duration = Duration::from_mins(7);

/// A hand on the thread that looks after a device. Clones are hands on the same thread.
#[derive(Debug, Clone)]
pub struct Supervisor {
    status: watch::Sender<DeviceStatus>,
    shared: Arc<Mutex<Shared>>,
}

#[derive(Debug)]
struct Shared {
    /// When the status last changed, by a clock that nobody sets.
    changed: Instant,
    counters: Counters,
    maintenance: bool,
    schedule: Schedule,
}

/// A device that has not moved for too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stuck {
    /// The state that it is stuck in.
    pub state: DeviceState,
    /// For how long.
    pub long: Duration,
}

impl Supervisor {
    /// For a device that nobody has asked yet.
    pub(crate) fn new() -> Self {
        let now = Instant::now();
        Self {
            status: watch::Sender::new(DeviceStatus::starting()),
            shared: Arc::new(Mutex::new(Shared {
                changed: now,
                counters: Counters::default(),
                maintenance: false,
                schedule: Schedule::new(),
            })),
        }
    }

    /// How the device is, now and from now on.
    pub fn status(&self) -> watch::Receiver<DeviceStatus> {
        self.status.subscribe()
    }

    /// What went well and ill since the program began.
    pub fn counters(&self) -> Counters {
        self.lock().counters.clone()
    }

    /// Whether the device has been in one state other than ready for too long.
    pub fn stuck(&self) -> Option<Stuck> {
        self.stuck_at(Instant::now())
    }

    fn stuck_at(&self, now: Instant) -> Option<Stuck> {
        let state = self.status.borrow().state;
        let long = now.saturating_duration_since(self.lock().changed);
        let ready = matches!(state, DeviceState::Online | DeviceState::NotFitted);
        (!ready && long >= STUCK_AFTER).then_some(Stuck { state, long })
    }

    /// Takes the device out of service: its thread finishes what it is doing and lets go of the
    /// port, so that a technician's own tools can have it. Only to be called when no session
    /// needs the device.
    pub fn begin_maintenance(&self) {
        self.lock().maintenance = true;
    }

    /// Puts it into service again.
    pub fn end_maintenance(&self) {
        self.lock().maintenance = false;
    }

    /// Tests of itself, the last one last.
    pub fn self_tests(&self) -> Vec<SelfTest> {
        self.lock().schedule.results()
    }

    /// Keeps the results of self-tests in a file, and goes on where that file ends. Without one, or
    /// if it cannot be used, they end with the program.
    pub fn keep_self_tests_in(&self, path: &Path) {
        match History::open(path) {
            Ok((history, earlier)) => self.lock().schedule.continue_in(history, earlier),
            Err(error) => tracing::warn!(%error, "self-tests are not kept"),
        }
    }

    /// Tests itself as soon as it is idle instead of waiting for its time.
    pub fn request_self_test(&self) {
        self.lock().schedule.request();
    }

    /// Whether the thread should let go of the port; says so in the status.
    pub(crate) fn in_maintenance(&self) -> bool {
        let maintenance = self.lock().maintenance;
        if maintenance {
            self.show(DeviceStatus::faulty(maintenance_fault()));
        }
        maintenance
    }

    /// Shows the status that the thread has found.
    pub(crate) fn show(&self, status: DeviceStatus) {
        self.status.send_if_modified(|now| {
            let former = now.state;
            let news = now.adopt(status);
            if news {
                let mut shared = self.lock();
                if now.state != former {
                    shared.changed = Instant::now();
                }
                if let Some(fault) = &now.fault {
                    shared.counters.fault(fault.kind);
                    tracing::warn!(kind = ?fault.kind, raw = %fault.raw, "device");
                }
            }
            news
        });
    }

    /// The status that is shown.
    pub(crate) fn shown(&self) -> DeviceStatus {
        self.status.borrow().clone()
    }

    /// Counts an opened connection.
    pub(crate) fn opened(&self) {
        self.lock().counters.opened += 1;
    }

    /// Counts a job: a card or code read, a receipt printed.
    pub(crate) fn done(&self, well: bool) {
        let counters = &mut self.lock().counters;
        if well {
            counters.done += 1;
        } else {
            counters.failed += 1;
        }
    }

    /// Runs a test of the device if it is time for one.
    pub(crate) fn self_test_if_due<E>(
        &self,
        test: impl FnOnce() -> Result<Option<FaultKind>, E>,
    ) -> Result<(), E> {
        if !self.lock().schedule.is_due(Instant::now()) {
            return Ok(());
        }
        let at = Timestamp::now();
        let began = Instant::now();
        let fault = test()?;
        let result = SelfTest {
            at,
            took: Duration::from_millis(began.elapsed().as_millis() as u64),
            fault,
        };
        tracing::info!(?result, "self-test");
        self.lock().schedule.ended(result, Instant::now());
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Why a device in maintenance cannot be used.
pub(crate) fn maintenance_fault() -> Fault {
    Fault::new(
        FaultKind::Maintenance,
        "taken out of service by a technician",
    )
}

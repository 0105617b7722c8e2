//! Watching whether the platform answers: one task, looking often while it does and less often while it does not.

use std::sync::Mutex;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;
use tokio::task::AbortHandle;

use super::PlatformClient;

/// Whether the platform answered when it was last asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reachability {
    /// Not asked yet.
    Unknown,
    /// It answered, and it is ours.
    Reachable {
        /// Its time when it answered.
        platform_time: Timestamp,
    },
    /// It did not answer, or something else did.
    Unreachable,
}

impl Reachability {
    /// True when the platform answered.
    pub fn is_reachable(self) -> bool {
        matches!(self, Self::Reachable { .. })
    }
}

/// Starts the task when the first watcher comes, and ends it with the last client.
pub(super) struct Watcher {
    sender: watch::Sender<Reachability>,
    task: Mutex<Option<AbortHandle>>,
}

impl Watcher {
    pub(super) fn new() -> Self {
        Self {
            sender: watch::Sender::new(Reachability::Unknown),
            task: Mutex::new(None),
        }
    }

    pub(super) fn watch(
        &self,
        every: Duration,
        cap: Duration,
        client: impl Fn() -> Option<PlatformClient> + Send + 'static,
    ) -> watch::Receiver<Reachability> {
        let mut task = self
            .task
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if task.as_ref().is_none_or(AbortHandle::is_finished) {
            *task =
                Some(tokio::spawn(look(self.sender.clone(), every, cap, client)).abort_handle());
        }
        self.sender.subscribe()
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        let task = self
            .task
            .get_mut()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(task) = task.take() {
            task.abort();
        }
    }
}

async fn look(
    sender: watch::Sender<Reachability>,
    every: Duration,
    cap: Duration,
    client: impl Fn() -> Option<PlatformClient>,
) {
    let mut pause = every;
    while let Some(client) = client() {
        let seen = match client.health().await {
            Ok(health) => Reachability::Reachable {
                platform_time: health.time,
            },
            Err(_) => Reachability::Unreachable,
        };
        drop(client);
        pause = if seen.is_reachable() {
            every
        } else {
            (pause * 2).min(cap)
        };
        sender.send_replace(seen);
        tokio::time::sleep(pause).await;
    }
}

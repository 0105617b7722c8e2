//! Patience between attempts to connect: longer each time, and never longer than its cap.

use std::time::Duration;

/// Waits that double up to a cap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Backoff {
    first: Duration,
    last: Duration,
    next: Duration,
}

impl Backoff {
    /// From the first wait to the longest.
    pub fn new(first: Duration, last: Duration) -> Self {
        Self {
            first,
            last,
            next: first.min(last),
        }
    }

    /// How long to wait now.
    pub fn wait(&mut self) -> Duration {
        let wait = self.next;
        self.next = (self.next * 2).min(self.last);
        wait
    }

    /// Begins anew after a success.
    pub fn reset(&mut self) {
        self.next = self.first.min(self.last);
    }
}

impl Default for Backoff {
    /// As people who stand before a device expect: half a second to three.
    fn default() -> Self {
        Self::new(Duration::from_millis(500), Duration::from_secs(3))
    }
}

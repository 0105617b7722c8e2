//! What time it is, and whether that can be believed.

use std::sync::atomic::{AtomicBool, Ordering};

use jiff::{SignedDuration, Timestamp};

/// A source of wall-clock time. Waiting never uses it: a wrong clock must not lock anybody out.
pub trait Clock: Send + Sync + 'static {
    /// The time now, as far as this machine knows.
    fn now(&self) -> Timestamp;

    /// True once the time has agreed with somebody who knows.
    fn trusted(&self) -> bool;

    /// The platform said what time it is there.
    fn compare(&self, platform: Timestamp);
}

/// How far the machine may be off and still be believed.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(2);

/// The machine's own clock, believed once it has agreed with the platform's.
#[derive(Debug, Default)]
pub struct SystemClock {
    trusted: AtomicBool,
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn trusted(&self) -> bool {
        self.trusted.load(Ordering::Relaxed)
    }

    fn compare(&self, platform: Timestamp) {
        let off = self.now().duration_since(platform).abs();
        self.trusted.store(off <= TOLERANCE, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_is_believed_only_after_it_agreed_with_the_platform() {
        let clock = SystemClock::default();
        assert!(!clock.trusted());
        clock.compare(clock.now());
        assert!(clock.trusted());
        clock.compare(clock.now() + SignedDuration::from_hours(1));
        assert!(!clock.trusted());
    }
}

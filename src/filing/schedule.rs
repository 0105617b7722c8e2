//! When each waiting case is tried next. Pure: time and chance are handed in.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;
use ulid::Ulid;

/// How long to wait after failures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPace {
    /// After the first failure.
    pub first: Duration,
    /// Never longer than this.
    pub cap: Duration,
}

impl Default for RetryPace {
    fn default() -> Self {
        Self {
            first: Duration::from_secs(1),
            cap: Duration::from_mins(1),
        }
    }
}

impl RetryPace {
    /// Doubles with every failure up to the cap; `chance` takes up to half of it away, so that the terminals
    /// of a county do not all come at once when the platform is back.
    pub fn pause(self, failures: u32, chance: u32) -> Duration {
        let doubled = self
            .first
            .saturating_mul(1 << failures.saturating_sub(1).min(16));
        let whole = doubled.min(self.cap);
        let fraction = f64::from(chance) / f64::from(u32::MAX);
        whole.mul_f64(1.0 - fraction / 2.0)
    }
}

/// The next thing to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// Try this one.
    Now(Ulid),
    /// Nothing until then.
    At(Instant),
    /// Nothing waits.
    Nothing,
}

/// Cases that failed before, and when each is due again. Cases it does not know are due at once.
#[derive(Debug, Default)]
pub(super) struct Schedule {
    failed: HashMap<Ulid, Failed>,
}

#[derive(Clone, Copy, Debug)]
struct Failed {
    times: u32,
    due: Instant,
}

impl Schedule {
    /// Which of the `waiting` cases, oldest first, to try next. A case that keeps failing holds no other up.
    pub(super) fn next(&mut self, waiting: &[Ulid], now: Instant) -> Next {
        self.failed.retain(|key, _| waiting.contains(key));
        let due = |key: &Ulid| self.failed.get(key).map_or(now, |failed| failed.due);
        match waiting.iter().min_by_key(|key| due(key).max(now)) {
            None => Next::Nothing,
            Some(key) if due(key) <= now => Next::Now(*key),
            Some(key) => Next::At(due(key)),
        }
    }

    /// A case failed now.
    pub(super) fn failed(&mut self, key: Ulid, pace: RetryPace, now: Instant, chance: u32) {
        let entry = self
            .failed
            .entry(key)
            .or_insert(Failed { times: 0, due: now });
        entry.times = entry.times.saturating_add(1);
        entry.due = now + pace.pause(entry.times, chance);
    }

    /// Everything is due now: the platform has just come back.
    pub(super) fn hurry(&mut self) {
        self.failed.clear();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn pauses_double_up_to_the_cap() {
        let pace = RetryPace::default();
        let seconds: Vec<u64> = (1..=9)
            .map(|failures| pace.pause(failures, 0).as_secs())
            .collect();
        assert_eq!(seconds, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
    }

    proptest! {
        #[test]
        fn a_pause_is_never_above_the_cap_nor_below_half(failures in 1u32.., chance: u32) {
            let pace = RetryPace::default();
            let pause = pace.pause(failures, chance);
            prop_assert!(pause <= pace.cap);
            prop_assert!(pause * 2 + Duration::from_nanos(2) >= pace.pause(failures, 0));
        }
    }

    #[test]
    fn a_case_that_keeps_failing_holds_no_other_up() {
        let now = Instant::now();
        let [stuck, fresh] = [Ulid::from(1), Ulid::from(2)];
        let mut schedule = Schedule::default();
        assert_eq!(schedule.next(&[stuck, fresh], now), Next::Now(stuck));
        schedule.failed(stuck, RetryPace::default(), now, 0);
        assert_eq!(schedule.next(&[stuck, fresh], now), Next::Now(fresh));
        assert_eq!(
            schedule.next(&[stuck], now),
            Next::At(now + Duration::from_secs(1))
        );
        schedule.hurry();
        assert_eq!(schedule.next(&[stuck], now), Next::Now(stuck));
        assert_eq!(schedule.next(&[], now), Next::Nothing);
    }
}

//! How long a person may be silent: a state and one transition function. Time is handed in, and is monotonic,
//! so that a wrong clock locks nobody out.

use std::time::{Duration, Instant};

use serde::Serialize;

/// How long silence may last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionTimes {
    /// Silence before the warning.
    pub warn_after: Duration,
    /// From the warning to the end.
    pub wipe_after: Duration,
}

impl Default for SessionTimes {
    fn default() -> Self {
        Self {
            warn_after: Duration::from_mins(2),
            wipe_after: Duration::from_secs(30),
        }
    }
}

/// Whether somebody is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Nobody.
    Idle,
    /// Somebody, who last did something then.
    Active {
        /// Last sign of them.
        since: Instant,
    },
    /// Somebody who has been asked whether they are still there.
    Warned {
        /// When they were asked.
        since: Instant,
    },
    /// The visit is over; everything must go.
    Ended(EndReason),
}

/// Why a visit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum EndReason {
    /// The person said so.
    Finished,
    /// Nobody answered the warning.
    Silence,
    /// Somebody else's card was laid on the reader.
    AnotherPerson,
    /// The terminal is stopping or goes out of service.
    Stopping,
}

/// What happens during a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// A touch, a card, a key: somebody is there.
    Touch,
    /// Time passed.
    Tick,
    /// The terminal itself is busy for the person (printing, sending): silence does not count.
    Working,
    /// The visit ends.
    End(EndReason),
}

impl Presence {
    /// The one transition function.
    #[must_use]
    pub fn after(self, sign: Sign, now: Instant, times: SessionTimes) -> Self {
        match (self, sign) {
            (Self::Idle, Sign::Tick | Sign::Working | Sign::End(_)) | (Self::Ended(_), _) => self,
            (_, Sign::End(reason)) => Self::Ended(reason),
            (Self::Idle | Self::Active { .. } | Self::Warned { .. }, Sign::Touch)
            | (Self::Active { .. }, Sign::Working) => Self::Active { since: now },
            (Self::Active { since }, Sign::Tick)
                if now.saturating_duration_since(since) >= times.warn_after =>
            {
                Self::Warned { since: now }
            }
            (Self::Warned { since }, Sign::Tick | Sign::Working)
                if now.saturating_duration_since(since) >= times.wipe_after =>
            {
                Self::Ended(EndReason::Silence)
            }
            (Self::Active { .. } | Self::Warned { .. }, Sign::Tick | Sign::Working) => self,
        }
    }

    /// Time left to answer the warning.
    pub fn countdown(self, now: Instant, times: SessionTimes) -> Option<Duration> {
        match self {
            Self::Warned { since } => Some(
                times
                    .wipe_after
                    .saturating_sub(now.saturating_duration_since(since)),
            ),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use proptest::prelude::*;

    use super::*;

    const TIMES: SessionTimes = SessionTimes {
        warn_after: Duration::from_mins(2),
        wipe_after: Duration::from_secs(30),
    };

    #[test]
    fn silence_warns_then_ends() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let active = Presence::Idle.after(Sign::Touch, start, TIMES);
        assert_eq!(active.after(Sign::Tick, at(119), TIMES), active);
        let warned = active.after(Sign::Tick, at(120), TIMES);
        assert_eq!(warned, Presence::Warned { since: at(120) });
        assert_eq!(
            warned.countdown(at(130), TIMES),
            Some(Duration::from_secs(20))
        );
        assert_eq!(warned.after(Sign::Tick, at(149), TIMES), warned);
        assert_eq!(
            warned.after(Sign::Touch, at(149), TIMES),
            Presence::Active { since: at(149) }
        );
        assert_eq!(
            warned.after(Sign::Tick, at(150), TIMES),
            Presence::Ended(EndReason::Silence)
        );
    }

    #[test]
    fn a_late_tick_after_sleep_still_warns_before_it_wipes() {
        let start = Instant::now();
        let active = Presence::Active { since: start };
        let late = start + Duration::from_secs(4000);
        assert_eq!(
            active.after(Sign::Tick, late, TIMES),
            Presence::Warned { since: late }
        );
    }

    #[test]
    fn nobody_is_warned_while_the_terminal_works_for_them() {
        let start = Instant::now();
        let mut presence = Presence::Active { since: start };
        for second in 0..600 {
            let now = start + Duration::from_secs(second);
            presence = presence
                .after(Sign::Working, now, TIMES)
                .after(Sign::Tick, now, TIMES);
        }
        assert!(matches!(presence, Presence::Active { .. }));
    }

    fn sign() -> impl Strategy<Value = Sign> {
        prop_oneof![
            Just(Sign::Touch),
            Just(Sign::Tick),
            Just(Sign::Working),
            Just(Sign::End(EndReason::Finished)),
        ]
    }

    proptest! {
        #[test]
        fn a_visit_ends_by_silence_only_after_both_times(steps in prop::collection::vec((sign(), 0u64..200), 1..60)) {
            let start = Instant::now();
            let (mut presence, mut now, mut touched) = (Presence::Idle, start, start);
            for (sign, pause) in steps {
                now += Duration::from_secs(pause);
                let before = presence;
                presence = presence.after(sign, now, TIMES);
                if sign == Sign::Touch || (sign == Sign::Working && matches!(before, Presence::Active { .. })) {
                    touched = now;
                }
                if presence == Presence::Ended(EndReason::Silence) && presence != before {
                    prop_assert!(now - touched >= TIMES.warn_after + TIMES.wipe_after);
                }
                if let Presence::Ended(_) = before {
                    prop_assert_eq!(presence, before);
                }
            }
        }
    }
}

//! How long bytes take on a serial line: ten bits for each byte.

use std::time::{Duration, Instant};

/// How far a late scheduler may be caught up with before the line counts as having been idle.
const CATCH_UP: Duration = Duration::from_millis(20);

/// The time that `bytes` need on a line of `baud` bit/s, 8N1.
pub fn wire_time(bytes: usize, baud: u32) -> Duration {
    let nanos = (bytes as u128) * 10 * 1_000_000_000 / u128::from(baud.max(1));
    Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
}

/// One direction of a line: knows until when it is occupied by the bytes sent so far.
#[derive(Debug, Clone, Copy)]
pub struct WireClock {
    free_at: Instant,
}

impl WireClock {
    /// A line that is idle at `now`.
    pub fn new(now: Instant) -> Self {
        Self { free_at: now }
    }

    /// Occupies the line for `bytes` and returns the instant at which the last one has arrived.
    ///
    /// `streaming` says that the sender already had these bytes waiting when the former ones
    /// ended: then time that this program overslept is not added to the wire time.
    pub fn occupy(&mut self, bytes: usize, baud: u32, now: Instant, streaming: bool) -> Instant {
        let late = now.saturating_duration_since(self.free_at);
        let start = if streaming && late < CATCH_UP {
            self.free_at
        } else {
            self.free_at.max(now)
        };
        self.free_at = start + wire_time(bytes, baud);
        self.free_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_card_takes_112_ms_at_115200_and_1_35_s_at_9600() {
        assert_eq!(wire_time(1295, 115_200).as_millis(), 112);
        assert_eq!(wire_time(1295, 9600).as_millis(), 1348);
    }

    #[test]
    fn an_idle_line_starts_now_and_a_busy_one_after_the_former_bytes() {
        let start = Instant::now();
        let mut line = WireClock::new(start);
        let later = start + Duration::from_secs(5);
        assert_eq!(
            line.occupy(96, 9600, later, false),
            later + Duration::from_millis(100)
        );
        assert_eq!(
            line.occupy(96, 9600, later, false),
            later + Duration::from_millis(200)
        );
    }

    #[test]
    fn oversleeping_does_not_slow_a_continuous_stream() {
        let start = Instant::now();
        let mut line = WireClock::new(start);
        let first = line.occupy(96, 9600, start, false);
        let second = line.occupy(96, 9600, first + Duration::from_millis(7), true);
        assert_eq!(second, start + Duration::from_millis(200));
    }
}

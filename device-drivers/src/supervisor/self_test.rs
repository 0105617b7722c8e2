//! Tests that a device makes of itself when nobody needs it.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde::Serialize;

use crate::status::FaultKind;

/// From one test to the next.
pub const SELF_TEST_EVERY: Duration = Duration::from_hours(6);
/// Results that are kept: more than a week of them.
const KEPT: usize = 32;

/// One test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SelfTest {
    /// When it began.
    pub at: Timestamp,
    /// How long it took.
    #[serde(serialize_with = "milliseconds", rename = "took_ms")]
    pub took: Duration,
    /// What was found; none if all is well.
    pub fault: Option<FaultKind>,
}

fn milliseconds<S: serde::Serializer>(time: &Duration, out: S) -> Result<S::Ok, S::Error> {
    out.serialize_u64(time.as_millis() as u64)
}

/// When tests are made, and what they found.
#[derive(Debug)]
pub(super) struct Schedule {
    /// None: at the next occasion.
    next: Option<Instant>,
    results: VecDeque<SelfTest>,
}

impl Schedule {
    /// The first test comes soon after the start.
    pub fn new() -> Self {
        Self {
            next: None,
            results: VecDeque::new(),
        }
    }

    pub fn is_due(&self, now: Instant) -> bool {
        self.next.is_none_or(|next| next <= now)
    }

    pub fn request(&mut self) {
        self.next = None;
    }

    pub fn ended(&mut self, result: SelfTest, now: Instant) {
        self.next = Some(now + SELF_TEST_EVERY);
        if self.results.len() == KEPT {
            self.results.pop_front();
        }
        self.results.push_back(result);
    }

    pub fn results(&self) -> Vec<SelfTest> {
        self.results.iter().cloned().collect()
    }
}

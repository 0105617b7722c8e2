//! Tests that a device makes of itself when nobody needs it.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::history::History;
use crate::status::FaultKind;

/// From one test to the next.
pub const SELF_TEST_EVERY: Duration = Duration::from_hours(6);
/// Results that are kept: more than a week of them.
pub(super) const KEPT: usize = 32;

/// One test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelfTest {
    /// When it began.
    pub at: Timestamp,
    /// How long it took, in whole milliseconds.
    #[serde(with = "milliseconds", rename = "took_ms")]
    pub took: Duration,
    /// What was found; none if all is well.
    pub fault: Option<FaultKind>,
}

mod milliseconds {
    use super::{Deserialize, Deserializer, Duration, Serializer};

    pub(super) fn serialize<S: Serializer>(time: &Duration, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_u64(time.as_millis() as u64)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
        u64::deserialize(from).map(Duration::from_millis)
    }
}

/// When tests are made, and what they found.
#[derive(Debug)]
pub(super) struct Schedule {
    /// None: at the next occasion.
    next: Option<Instant>,
    results: VecDeque<SelfTest>,
    /// Where they outlive the program.
    history: Option<History>,
}

impl Schedule {
    /// The first test comes soon after the start.
    pub fn new() -> Self {
        Self {
            next: None,
            results: VecDeque::new(),
            history: None,
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
        self.write(&result);
        self.remember(result);
    }

    /// Goes on where a file of results ends, and writes to it from now on. What was found before
    /// is written to it too.
    pub fn continue_in(&mut self, history: History, earlier: Vec<SelfTest>) {
        self.history = Some(history);
        let found = std::mem::replace(&mut self.results, earlier.into());
        for result in found {
            self.write(&result);
            self.remember(result);
        }
    }

    fn remember(&mut self, result: SelfTest) {
        if self.results.len() == KEPT {
            self.results.pop_front();
        }
        self.results.push_back(result);
    }

    fn write(&self, result: &SelfTest) {
        if let Some(history) = &self.history
            && let Err(error) = history.add(result)
        {
            tracing::warn!(%error, "a self-test is not kept");
        }
    }

    pub fn results(&self) -> Vec<SelfTest> {
        self.results.iter().cloned().collect()
    }
}

//! 查询码: short enough to read aloud, too many to guess, and the guard against guessing.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use jinban_api::ids::QueryCode;

use crate::crypto::sm3_of;

/// 32 letters and digits that nobody takes for one another: no 0 and O, no 1 and I.
const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const LENGTH: usize = 6;

/// A fresh code; `None` when the operating system gives no random numbers.
pub fn fresh() -> Option<QueryCode> {
    let mut bytes = [0; LENGTH];
    getrandom::fill(&mut bytes).ok()?;
    // 256 is a multiple of 32: every character is equally likely.
    let code = bytes.map(|byte| ALPHABET[usize::from(byte % 32)] as char);
    Some(QueryCode(code.iter().collect()))
}

/// Whether `given`, as a person typed it, is `code`. Takes as long for a wrong code as for the right one.
pub fn agrees(code: &QueryCode, given: &str) -> bool {
    let given = given.trim().to_ascii_uppercase();
    // Comparing digests tells nothing about the code by the time it takes.
    sm3_of(code.as_str().as_bytes()) == sm3_of(given.as_bytes())
}

/// Wrong codes that are answered before one must wait.
const FREE_TRIES: u32 = 10;
/// How long one must wait, and how long a wrong code is remembered.
const WAIT: Duration = Duration::from_mins(15);
/// Numbers that are watched at most; beyond it the oldest is forgotten.
const MOST_WATCHED: usize = 10_000;

/// Counts wrong codes for each number, whether or not there is such a case.
#[derive(Debug, Default)]
pub struct GuessGuard {
    wrong: Mutex<HashMap<String, Wrong>>,
}

#[derive(Clone, Copy, Debug)]
struct Wrong {
    count: u32,
    last: Instant,
}

impl GuessGuard {
    /// How long one must wait before asking about this number again; `None` when one need not.
    pub fn wait(&self, number: &str, now: Instant) -> Option<Duration> {
        let wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = wrong.get(number)?;
        let left = WAIT.checked_sub(now.saturating_duration_since(entry.last))?;
        (entry.count >= FREE_TRIES).then_some(left)
    }

    /// Remembers that a code for this number was wrong.
    pub fn note_wrong(&self, number: &str, now: Instant) {
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        if wrong.len() >= MOST_WATCHED && !wrong.contains_key(number) {
            wrong.retain(|_, entry| now.saturating_duration_since(entry.last) < WAIT);
            let oldest = wrong.iter().min_by_key(|(_, entry)| entry.last);
            if wrong.len() >= MOST_WATCHED
                && let Some(oldest) = oldest.map(|(number, _)| number.clone())
            {
                wrong.remove(&oldest);
            }
        }
        let entry = wrong.entry(number.to_owned()).or_insert(Wrong {
            count: 0,
            last: now,
        });
        if now.saturating_duration_since(entry.last) >= WAIT {
            entry.count = 0;
        }
        entry.count = entry.count.saturating_add(1);
        entry.last = now;
    }

    /// Forgets the wrong codes after the right one.
    pub fn note_right(&self, number: &str) {
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        wrong.remove(number);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use std::collections::HashSet;

    use super::*;

    #[test]
    fn codes_have_six_unmistakable_characters_and_do_not_repeat() {
        let codes: HashSet<String> = (0..1000).map(|_| fresh().unwrap().0).collect();
        assert!(codes.len() > 990);
        for code in &codes {
            assert_eq!(code.len(), LENGTH);
            assert!(!code.contains(['0', 'O', '1', 'I']), "{code}");
        }
        let used: HashSet<char> = codes.iter().flat_map(|code| code.chars()).collect();
        assert_eq!(used.len(), ALPHABET.len());
    }

    #[test]
    fn a_code_may_be_typed_in_small_letters() {
        let code = QueryCode("AB2C3D".into());
        assert!(agrees(&code, " ab2c3d"));
        assert!(!agrees(&code, "AB2C3E"));
        assert!(!agrees(&code, ""));
    }

    #[test]
    fn after_ten_wrong_codes_one_waits_and_other_numbers_do_not() {
        let guard = GuessGuard::default();
        let start = Instant::now();
        for _ in 0..FREE_TRIES {
            assert_eq!(guard.wait("a", start), None);
            guard.note_wrong("a", start);
        }
        assert_eq!(guard.wait("a", start), Some(WAIT));
        assert_eq!(guard.wait("b", start), None);
        assert_eq!(guard.wait("a", start + WAIT / 2), Some(WAIT / 2));
        assert_eq!(guard.wait("a", start + WAIT + Duration::from_secs(1)), None);
        guard.note_wrong("a", start + WAIT);
        assert_eq!(guard.wait("a", start + WAIT), None, "counted anew");
    }

    #[test]
    fn the_right_code_forgives() {
        let guard = GuessGuard::default();
        let now = Instant::now();
        for _ in 0..FREE_TRIES {
            guard.note_wrong("a", now);
        }
        guard.note_right("a");
        assert_eq!(guard.wait("a", now), None);
    }

    #[test]
    fn the_guard_does_not_grow_without_end() {
        let guard = GuessGuard::default();
        let now = Instant::now();
        for number in 0..=MOST_WATCHED {
            guard.note_wrong(&number.to_string(), now);
        }
        assert_eq!(guard.wrong.lock().unwrap().len(), MOST_WATCHED);
    }
}

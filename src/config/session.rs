//! `session.toml`: how long a visit may rest, and how long a draft is kept.

use super::reader::Section;

/// How long things last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    /// Seconds without a touch before the person is asked whether they are still there.
    pub idle_warning_s: u32,
    /// Seconds counted down after that, before everything of theirs is wiped.
    pub idle_wipe_s: u32,
    /// Hours an unfinished draft is kept, sealed.
    pub draft_keep_hours: u32,
    /// Seconds the last screen stays.
    pub goodbye_s: u32,
}

impl Default for Session {
    fn default() -> Self {
        Self {
            idle_warning_s: 120,
            idle_wipe_s: 30,
            draft_keep_hours: 72,
            goodbye_s: 8,
        }
    }
}

impl Session {
    pub(super) fn read(section: &Section<'_>) -> Self {
        let usual = Self::default();
        let number = |key, range, usual| section.number(key, range, Some(usual));
        Self {
            idle_warning_s: number("idle_warning_s", 30..=600, usual.idle_warning_s),
            idle_wipe_s: number("idle_wipe_s", 10..=120, usual.idle_wipe_s),
            draft_keep_hours: number("draft_keep_hours", 1..=720, usual.draft_keep_hours),
            goodbye_s: number("goodbye_s", 3..=60, usual.goodbye_s),
        }
    }
}

//! `platform.toml`: where the central platform is, and how long to wait for it.

use std::path::{Path, PathBuf};

use super::reader::Section;
use super::rules;

/// The central platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Platform {
    /// Its address, without `/v1` and without a slash at the end.
    pub url: String,
    /// The platform's public keys, handed over at enrolment: what it signs is checked against them.
    pub key_file: PathBuf,
    /// How long one request may take, in seconds.
    pub request_timeout_s: u32,
    /// After so many days without an answer of the platform, guides say that the window has the last word.
    pub guides_stale_after_days: u32,
}

impl Platform {
    pub(super) fn read(section: &Section<'_>, dir: &Path) -> Self {
        let url = section.text("url", &rules::url);
        Self {
            url: url.trim_end_matches('/').to_owned(),
            key_file: dir.join(section.text("key_file", &rules::filled)),
            request_timeout_s: section.number("request_timeout_s", 3..=120, Some(15)),
            guides_stale_after_days: section.number("guides_stale_after_days", 1..=365, Some(30)),
        }
    }
}

//! One record, as a line of text that carries the digest of the line before: pure functions over bytes.
//!
//! `SM3 of the rest, 64 hexadecimal digits` `space` `JSON object` `newline`. The digest in front tells a record
//! that was changed from one that was exchanged for another.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::AuditEvent;
use crate::vault::sm::sm3_hex;

/// What the first record of all names as the one before it.
pub(super) const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";
/// Longer than any record; a longer line is not ours.
pub(super) const MAX_LINE: usize = 16 * 1024;

/// A record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Counted from 1, over all files.
    pub seq: u64,
    /// When, as far as the machine knew.
    pub at: Timestamp,
    /// Whether the clock had agreed with the platform's.
    pub trusted: bool,
    /// Digest of the record before.
    pub prev: String,
    /// What happened. Events of a newer program read as [`Happened::Unknown`] and keep their place.
    #[serde(flatten)]
    pub happened: Happened,
}

/// What a record tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Happened {
    /// An event that this program knows.
    Known(AuditEvent),
    /// One that it does not.
    Unknown(serde_json::Map<String, serde_json::Value>),
}

/// The end of the chain: the last record, by number and digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Number of the last record; 0 when there is none.
    pub seq: u64,
    /// Its digest.
    pub hash: String,
}

impl Head {
    /// Before anything was recorded.
    pub(super) fn none() -> Self {
        Self {
            seq: 0,
            hash: GENESIS.to_owned(),
        }
    }

    /// What the terminal signs: nothing else that it signs begins like this.
    pub(super) fn signed_text(&self, purpose: &str) -> String {
        format!("jinban-audit-{purpose}-1\n{}\n{}", self.seq, self.hash)
    }
}

/// Why a line is not a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineFault {
    /// Not of this form.
    Unreadable,
    /// The digest in front is not that of the rest.
    Changed,
}

/// The line of a record that follows `after`, and the head that it makes.
pub(super) fn write(
    after: &Head,
    at: Timestamp,
    trusted: bool,
    event: AuditEvent,
) -> Result<(String, Head), serde_json::Error> {
    let record = Record {
        seq: after.seq + 1,
        at,
        trusted,
        prev: after.hash.clone(),
        happened: Happened::Known(event),
    };
    let json = serde_json::to_string(&record)?;
    let hash = sm3_hex(json.as_bytes());
    let line = format!("{hash} {json}\n");
    Ok((
        line,
        Head {
            seq: record.seq,
            hash,
        },
    ))
}

/// Reads one line, without its newline.
pub(super) fn read(line: &[u8]) -> Result<(Record, Head), LineFault> {
    let text = std::str::from_utf8(line).map_err(|_| LineFault::Unreadable)?;
    let (hash, json) = text.split_once(' ').ok_or(LineFault::Unreadable)?;
    if hash.len() != GENESIS.len() {
        return Err(LineFault::Unreadable);
    }
    if sm3_hex(json.as_bytes()) != hash {
        return Err(LineFault::Changed);
    }
    let record: Record = serde_json::from_str(json).map_err(|_| LineFault::Unreadable)?;
    let head = Head {
        seq: record.seq,
        hash: hash.to_owned(),
    };
    Ok((record, head))
}

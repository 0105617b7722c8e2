//! Whether the chain is whole, and if not, where it was touched. Pure: files in, findings out.

use serde::Serialize;

use super::chain::{self, Head, LineFault, MAX_LINE};

/// The files of a log, in order, and what was signed about its two ends.
#[derive(Debug, Default)]
pub struct Evidence {
    /// Name and content of every file of records.
    pub files: Vec<(String, Vec<u8>)>,
    /// The signed end, if it is there.
    pub head: Option<Sworn>,
    /// The last record of what was deleted because it was old enough, if anything was.
    pub base: Option<Sworn>,
    /// An end that was noted down elsewhere.
    pub expected: Option<Head>,
}

/// An end of the chain and whether the terminal's signature under it is right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sworn {
    /// The end.
    pub head: Head,
    /// Whether the signature holds.
    pub signature: bool,
}

/// Where a line stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The file.
    pub file: String,
    /// Counted from 1.
    pub line: usize,
}

/// Something that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Finding {
    /// This line is no record.
    Unreadable {
        /// Where.
        place: Place,
    },
    /// The content of this record was changed after it was written.
    Changed {
        /// Where.
        place: Place,
    },
    /// Records are missing before this line.
    Removed {
        /// Where they are missing.
        before: Place,
        /// The first that is missing.
        from: u64,
        /// The last that is missing.
        to: u64,
    },
    /// This record stands where another belongs.
    OutOfOrder {
        /// Where.
        place: Place,
        /// Which record it is.
        seq: u64,
        /// Which belongs here.
        expected: u64,
    },
    /// The record before this one is not the one that was written there.
    Exchanged {
        /// Where the later record stands, which names another before it.
        before: Place,
        /// Number of the record that was exchanged.
        seq: u64,
    },
    /// Records are missing at the end.
    Truncated {
        /// The last that is there.
        last: u64,
        /// The last that was written.
        written: u64,
    },
    /// The last record is not the one that was signed, or that was noted down elsewhere.
    OtherEnd {
        /// Its number.
        seq: u64,
    },
    /// There is no signed end though there are records.
    NoHead,
    /// The signature under the end, or under the beginning, is not this terminal's.
    Forged {
        /// Number of the record it speaks of.
        seq: u64,
    },
}

/// The outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Records that were read.
    pub records: u64,
    /// The first one's number, if there is one.
    pub first: Option<u64>,
    /// The last one's.
    pub last: Option<u64>,
    /// Everything that is wrong, in the order of the files.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Whether nothing was touched.
    pub fn is_whole(&self) -> bool {
        self.findings.is_empty()
    }
}

/// Goes through the evidence.
pub fn verify(evidence: &Evidence) -> Report {
    let mut walk = Walk::default();
    if let Some(base) = &evidence.base {
        walk.start_at(base);
    }
    for (name, bytes) in &evidence.files {
        walk.file(name, bytes);
    }
    walk.end(evidence)
}

#[derive(Default)]
struct Walk {
    /// Where the chain is; `None` after a line that could not be read.
    at: Option<Head>,
    /// Number that belongs on the next line.
    next: u64,
    /// Lines since then that could not be read: each may have been a record.
    unread: u64,
    begun: bool,
    first: Option<u64>,
    last: Option<u64>,
    records: u64,
    /// Digest of every record seen, by number, for the judgement about the end.
    seen: Vec<Head>,
    findings: Vec<Finding>,
}

impl Walk {
    fn start_at(&mut self, base: &Sworn) {
        self.begun = true;
        self.next = base.head.seq + 1;
        if base.signature {
            self.at = Some(base.head.clone());
        } else {
            self.findings.push(Finding::Forged { seq: base.head.seq });
        }
    }

    fn file(&mut self, name: &str, bytes: &[u8]) {
        if !self.begun {
            self.begun = true;
            self.next = 1;
            self.at = Some(Head::none());
        }
        let text = bytes.strip_suffix(b"\n").unwrap_or(bytes);
        if text.is_empty() {
            return;
        }
        for (index, line) in text.split(|byte| *byte == b'\n').enumerate() {
            let place = Place {
                file: name.to_owned(),
                line: index + 1,
            };
            self.line(place, line);
        }
    }

    fn line(&mut self, place: Place, line: &[u8]) {
        let read = if line.len() > MAX_LINE {
            Err(LineFault::Unreadable)
        } else {
            chain::read(line)
        };
        match read {
            Err(fault) => {
                self.findings.push(match fault {
                    LineFault::Unreadable => Finding::Unreadable { place },
                    LineFault::Changed => Finding::Changed { place },
                });
                // What follows is judged by its number alone.
                self.at = None;
                self.unread += 1;
            }
            Ok((record, head)) => self.record(place, record.seq, &record.prev, head),
        }
    }

    fn record(&mut self, place: Place, seq: u64, prev: &str, head: Head) {
        self.records += 1;
        self.first.get_or_insert(seq);
        let expected = self.next;
        let unread = std::mem::take(&mut self.unread);
        if seq > expected + unread {
            self.findings.push(Finding::Removed {
                before: place,
                from: expected + unread,
                to: seq - 1,
            });
        } else if seq < expected {
            self.findings.push(Finding::OutOfOrder {
                place,
                seq,
                expected,
            });
            // The chain goes on after the highest number seen.
            return;
        } else if let Some(at) = &self.at
            && at.hash != prev
        {
            self.findings.push(Finding::Exchanged {
                before: place,
                seq: seq - 1,
            });
        }
        self.next = seq + 1;
        self.last = Some(seq);
        self.seen.push(head.clone());
        self.at = Some(head);
    }

    fn end(mut self, evidence: &Evidence) -> Report {
        match &evidence.head {
            None if self.records > 0 => self.findings.push(Finding::NoHead),
            None => {}
            Some(sworn) if !sworn.signature => self.findings.push(Finding::Forged {
                seq: sworn.head.seq,
            }),
            Some(sworn) => self.judge_end(&sworn.head.clone()),
        }
        if let Some(expected) = &evidence.expected {
            self.judge_end(expected);
        }
        self.findings.dedup();
        Report {
            records: self.records,
            first: self.first,
            last: self.last,
            findings: self.findings,
        }
    }

    /// `end` was the last record once: it must be there still. Later ones may have followed.
    fn judge_end(&mut self, end: &Head) {
        if end.seq == 0 {
            return;
        }
        let reached = self.next - u64::from(self.begun) + self.unread;
        if reached < end.seq {
            self.findings.push(Finding::Truncated {
                last: reached,
                written: end.seq,
            });
            return;
        }
        let here = self.seen.iter().find(|head| head.seq == end.seq);
        if here.is_some_and(|head| head.hash != end.hash) {
            self.findings.push(Finding::OtherEnd { seq: end.seq });
        }
    }
}

//! The one thread that appends records: each is durable, and the signed end follows it.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use jiff::{SignedDuration, Timestamp};

use super::AuditEvent;
use super::chain::{self, Head};
use super::folder::{Folder, Signed};
use crate::vault::Vault;

/// Records are kept longer than the half year that the law asks for (网络安全法, Art. 21).
const KEEP: SignedDuration = SignedDuration::from_hours(24 * 200);
/// How many records may wait for a disk that cannot be written.
const MAX_WAITING: usize = 1000;

/// What the writer is told.
pub(super) enum Order {
    /// Something happened, then.
    Note {
        at: Timestamp,
        trusted: bool,
        event: AuditEvent,
    },
    /// Say when everything before is on the disk.
    Flush(tokio::sync::oneshot::Sender<()>),
}

/// The end of the log, ready for more.
pub(super) struct Writer {
    folder: Folder,
    vault: Arc<Vault>,
    file: File,
    head: Head,
    waiting: VecDeque<(Timestamp, bool, AuditEvent)>,
    lost: u64,
    /// The disk refused the last record.
    stuck: bool,
}

impl Writer {
    /// Finds the end of the log in `folder`. A last line that a power cut left unfinished is cut off; how many
    /// bytes that were is told.
    pub(super) fn open(folder: Folder, vault: Arc<Vault>) -> io::Result<(Self, u64)> {
        let names = folder.files()?;
        let mut head = folder.base().map_or_else(Head::none, |base| base.head);
        let mut torn = 0;
        for name in names.iter().rev() {
            let bytes = folder.content(name)?;
            let whole = bytes
                .iter()
                .rposition(|byte| *byte == b'\n')
                .map_or(0, |at| at + 1);
            if whole < bytes.len() {
                torn += (bytes.len() - whole) as u64;
                std::fs::OpenOptions::new()
                    .write(true)
                    .open(folder.path().join(name))?
                    .set_len(whole as u64)?;
            }
            // The last line that is a record; one that was tampered with is left for the verifier.
            let last = bytes[..whole]
                .split(|byte| *byte == b'\n')
                .rev()
                .find_map(|line| chain::read(line).ok());
            if let Some((_, end)) = last {
                head = end;
                break;
            }
        }
        // What was written once is not written over: numbers go on after the signed end.
        if let Some(signed) = folder.head()
            && signed.head.seq > head.seq
        {
            head = signed.head;
        }
        let file = folder.newest()?;
        let writer = Self {
            folder,
            vault,
            file,
            head,
            waiting: VecDeque::new(),
            lost: 0,
            stuck: false,
        };
        Ok((writer, torn))
    }

    /// Writes whatever comes until nobody is left to say anything.
    pub(super) fn run(mut self, orders: &Receiver<Order>) {
        while let Ok(order) = orders.recv() {
            match order {
                Order::Note { at, trusted, event } => {
                    if self.waiting.len() < MAX_WAITING {
                        self.waiting.push_back((at, trusted, event));
                    } else {
                        self.lost += 1;
                    }
                    self.work();
                }
                Order::Flush(done) => {
                    self.work();
                    // Whoever waited may have gone.
                    let _ = done.send(());
                }
            }
        }
    }

    fn work(&mut self) {
        match self.write_waiting() {
            Ok(()) => self.stuck = false,
            Err(error) if !self.stuck => {
                self.stuck = true;
                tracing::error!(%error, "the audit log cannot be written; tried again with the next event");
            }
            Err(_) => {}
        }
    }

    fn write_waiting(&mut self) -> io::Result<()> {
        while let Some((at, trusted, event)) = self.waiting.front().cloned() {
            self.append(at, trusted, event)?;
            self.waiting.pop_front();
            if self.lost > 0 && self.waiting.is_empty() {
                let event = AuditEvent::LogGap { lost: self.lost };
                self.append(at, trusted, event)?;
                self.lost = 0;
            }
        }
        Ok(())
    }

    fn append(&mut self, at: Timestamp, trusted: bool, event: AuditEvent) -> io::Result<()> {
        let (line, head) = chain::write(&self.head, at, trusted, event)?;
        if let Some(next) = self.folder.next_if_full(&self.file)? {
            self.file = next;
            self.forget_old(at)?;
        }
        let before = self.file.metadata()?.len();
        let written = self
            .file
            .write_all(line.as_bytes())
            .and_then(|()| self.file.sync_data());
        if let Err(error) = written {
            // Half a line must not stand in front of the next.
            self.file.set_len(before)?;
            return Err(error);
        }
        self.head = head;
        let signed = self.sign("head", &self.head)?;
        self.folder.put_head(&signed)
    }

    fn sign(&self, purpose: &str, head: &Head) -> io::Result<Signed> {
        let signature = self
            .vault
            .sign(&head.signed_text(purpose))
            .map_err(io::Error::other)?;
        Ok(Signed {
            head: head.clone(),
            signature,
        })
    }

    /// Deletes the files whose last record is old enough, and signs how far that went.
    fn forget_old(&self, now: Timestamp) -> io::Result<()> {
        let names = self.folder.files()?;
        for name in names.iter().take(names.len().saturating_sub(1)) {
            let bytes = self.folder.content(name)?;
            let last = bytes
                .strip_suffix(b"\n")
                .and_then(|text| text.rsplit(|byte| *byte == b'\n').next())
                .and_then(|line| chain::read(line).ok());
            let Some((record, end)) = last else {
                return Ok(());
            };
            if !record.trusted || now.duration_since(record.at) < KEEP {
                return Ok(());
            }
            self.folder.put_base(&self.sign("base", &end)?)?;
            self.folder.remove(name)?;
        }
        Ok(())
    }
}

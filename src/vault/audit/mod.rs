//! 审计记录: what happened on this terminal, in a chain that shows every later touch.
//!
//! Every record carries the SM3 digest of the one before; the end of the chain is signed with SM2. A record
//! that is removed, changed, put elsewhere or cut off is found by [`check`], which says where. What this cannot
//! show by itself: that somebody who holds the terminal's key rewrote all of it; for that the end is noted
//! down elsewhere and handed to [`check`].

mod chain;
mod event;
mod folder;
#[cfg(test)]
mod tests;
mod verify;
mod writer;

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc;

use sm2::PublicKey;
use sm2::pkcs8::DecodePublicKey;

pub use chain::{Happened, Head, Record};
pub use event::{AuditEvent, EVENTS, EventDoc, Holder, manual, word};
pub use verify::{Evidence, Finding, Place, Report, Sworn, verify};

use super::{Vault, signature};
use crate::clock::Clock;
use folder::{Folder, Signed};
use writer::{Order, Writer};

/// Name of the log's folder within the data folder.
pub const FOLDER: &str = "audit";

/// Takes note of what happens; cheap to clone. Notes become durable in the order in which they were taken.
#[derive(Clone)]
pub struct Audit(Option<Desk>);

/// Where notes are handed in.
#[derive(Clone)]
struct Desk {
    orders: mpsc::Sender<Order>,
    clock: Arc<dyn Clock>,
}

impl std::fmt::Debug for Audit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Audit").finish_non_exhaustive()
    }
}

impl Audit {
    /// Opens the log in `dir`, making it when it is not there.
    ///
    /// # Errors
    /// The folder cannot be made, read or written.
    pub fn open(dir: &Path, vault: Arc<Vault>, clock: Arc<dyn Clock>) -> io::Result<Self> {
        super::key_file::make_private_dir(dir).map_err(io::Error::other)?;
        let (writer, torn) = Writer::open(Folder::at(dir), vault)?;
        let (orders, received) = mpsc::channel();
        std::thread::Builder::new()
            .name("audit".to_owned())
            .spawn(move || writer.run(&received))?;
        let audit = Self(Some(Desk { orders, clock }));
        if torn > 0 {
            audit.note(AuditEvent::LogTorn { bytes: torn });
        }
        Ok(audit)
    }

    /// Keeps nothing: for tests of other rooms.
    pub fn nowhere() -> Self {
        Self(None)
    }

    /// Takes note. Returns at once; a full disk delays the record and loses nothing until a thousand wait.
    pub fn note(&self, event: AuditEvent) {
        if let Some(desk) = &self.0 {
            // The writer lives as long as anybody can speak to it.
            let _ = desk.orders.send(Order::Note {
                at: desk.clock.now(),
                trusted: desk.clock.trusted(),
                event,
            });
        }
    }

    /// Returns when everything noted so far is on the disk, or cannot be put there now.
    pub async fn flush(&self) {
        let (done, written) = tokio::sync::oneshot::channel();
        if let Some(desk) = &self.0
            && desk.orders.send(Order::Flush(done)).is_ok()
        {
            let _ = written.await;
        }
    }
}

/// Gathers the log in `dir` and goes through it. `public_key_pem` is the terminal's; `expected` an end that was
/// noted down elsewhere.
///
/// # Errors
/// A file cannot be read.
pub fn check(dir: &Path, public_key_pem: &str, expected: Option<Head>) -> io::Result<Report> {
    let folder = Folder::at(dir);
    let key = PublicKey::from_public_key_pem(public_key_pem).map_err(io::Error::other)?;
    let sworn = |purpose: &str, signed: Option<Signed>| {
        signed.map(|signed| Sworn {
            signature: signature::holds(
                &key,
                signed.head.signed_text(purpose).as_bytes(),
                &signed.signature,
            ),
            head: signed.head,
        })
    };
    let mut evidence = Evidence {
        head: sworn("head", folder.head()),
        base: sworn("base", folder.base()),
        expected,
        files: Vec::new(),
    };
    for name in folder.files()? {
        let bytes = folder.content(&name)?;
        evidence.files.push((name, bytes));
    }
    Ok(verify(&evidence))
}

/// The last `count` records, oldest first; lines that are none are left out.
///
/// # Errors
/// A file cannot be read.
pub fn latest(dir: &Path, count: usize) -> io::Result<Vec<Record>> {
    let folder = Folder::at(dir);
    let mut records = Vec::new();
    for name in folder.files()?.iter().rev() {
        let bytes = folder.content(name)?;
        let here = bytes.split(|byte| *byte == b'\n').rev();
        records.extend(here.filter_map(|line| chain::read(line).ok().map(|(record, _)| record)));
        if records.len() >= count {
            break;
        }
    }
    records.truncate(count);
    records.reverse();
    Ok(records)
}

/// The end of the log as it was signed last.
pub fn head(dir: &Path) -> Option<Head> {
    Folder::at(dir).head().map(|signed| signed.head)
}

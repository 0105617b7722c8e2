//! Printers of whole pages: A4, over IPP (RFC 8010 and 8011, IPP Everywhere).
//!
//! A [`PagePrinter`] is a handle on a task that watches the printer and gives it one job at a time. Pages arrive as
//! pixels, so that what comes out is what was previewed, whatever fonts the printer has. A job is done when the
//! printer says that it completed it; one that gets stuck is cancelled, so that it cannot come out for the next
//! person, and so is whatever an earlier run of this program left in the printer's queue.

mod abilities;
mod actor;
mod ipp;
mod job;
mod page;
mod pdf;
mod pwg;
mod status;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, oneshot, watch};

use crate::printer::{PrintError, PrintOutcome};
use crate::status::{DeviceStatus, Fault, FaultKind};

use job::Pace;

pub use abilities::{Abilities, Format};
pub use page::Page;
pub use status::{PrinterState, RawPageStatus, summarise_page_printer};

/// Which printer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PagePrinterConfig {
    /// Where it is: `ipp://192.168.1.20/ipp/print`, or `ipp://localhost:60000/ipp/print` for one on USB behind
    /// ipp-usb, or a queue of CUPS.
    pub uri: String,
}

/// Why an address cannot be that of a printer; for the technician.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPrinterUri {
    /// Not an address at all.
    #[error("{0} 不是一个地址")]
    Malformed(String),
    /// Another protocol than IPP.
    #[error("{0} 不是 ipp:// 开头的地址")]
    Scheme(String),
}

impl PagePrinterConfig {
    /// Holds the address against what can be used.
    ///
    /// # Errors
    /// [`BadPrinterUri`].
    pub fn check(&self) -> Result<(), BadPrinterUri> {
        ipp::Target::of(&self.uri).map(drop)
    }
}

pub(crate) struct Order {
    pages: Arc<[Page]>,
    done: oneshot::Sender<Result<PrintOutcome, PrintError>>,
}

/// The handle; cheap to clone.
#[derive(Clone, Debug)]
pub struct PagePrinter {
    orders: mpsc::Sender<Order>,
    status: watch::Receiver<DeviceStatus>,
}

impl PagePrinter {
    /// Begins to watch the printer. Never blocks or fails: what is wrong is told by [`Self::status`]. Must be
    /// called within a tokio runtime.
    pub fn open(config: PagePrinterConfig) -> Self {
        Self::open_at(config, Pace::default())
    }

    fn open_at(config: PagePrinterConfig, pace: Pace) -> Self {
        let (orders, from) = mpsc::channel(8);
        let (to, status) = watch::channel(DeviceStatus::starting());
        tokio::spawn(actor::serve(config, pace, from, to));
        Self { orders, status }
    }

    /// How the printer is, now and from now on.
    pub fn status(&self) -> watch::Receiver<DeviceStatus> {
        self.status.clone()
    }

    /// Prints pages, in this order, on one side each.
    ///
    /// # Errors
    /// [`PrintError`]: what is wrong, who has to act, and how many pages may be out.
    pub async fn print(&self, pages: impl Into<Arc<[Page]>>) -> Result<PrintOutcome, PrintError> {
        let gone = || PrintError::before(Fault::new(FaultKind::Other, "the driver has ended"));
        let (done, answer) = oneshot::channel();
        let order = Order {
            pages: pages.into(),
            done,
        };
        self.orders.send(order).await.map_err(|_| gone())?;
        answer.await.unwrap_or_else(|_| Err(gone()))
    }
}

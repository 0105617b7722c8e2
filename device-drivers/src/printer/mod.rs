//! Receipt printers that speak ESC/POS.
//!
//! A [`ReceiptPrinter`] is a handle on a thread that owns the port. A job is reported as done only
//! on positive evidence: the reply to a question that waited in the printer's queue behind the
//! last line. Everything else is unconfirmed, or an error that says who has to act. A job that
//! failed is cleared, so that it cannot come out for the next person.
//!
//! Supported: serial ports (also USB adapters that look like one), printer-class USB and raw TCP.
//! Printers with a presenter are driven as if they had none.

mod actor;
mod bands;
mod connect;
mod driver;
mod escpos;
mod line;
mod outcome;
mod port_status;
mod profile;
mod raw_status;
mod stop;
mod summary;

#[cfg(test)]
mod fake;

pub mod ledger;

pub use actor::ReceiptPrinter;
pub use connect::{Baud, ReceiptPrinterConfig};
pub use escpos::{Cut, CutCommand, RasterCommand};
pub use outcome::{Evidence, PrintError, PrintOutcome, Progress, Unconfirmed};
pub use profile::{Flow, PrinterProfile, UsbClearing};
pub use raw_status::{RawStatus, Reply, ReplyParser};
pub use summary::{paper_state, summarise};

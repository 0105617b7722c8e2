//! The terminal's view of its devices: which are expected here, and jobs on them.

mod scanning;

use std::path::Path;
use std::sync::Arc;

use jinban_devices::card_reader::CardReader;
use jinban_devices::printer::ledger::FileLedger;
use jinban_devices::printer::{PrintOutcome, ReceiptPrinter};
use jinban_devices::receipt::{FontSet, Receipt, layout};
use jinban_devices::status::{DeviceState, Fault, FaultKind};

use crate::config::{Devices, Scanner};

pub use scanning::{PageWarning, ScanProblem, ScannedPicture};

/// What became of something that was to be printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PrintReport {
    /// The printer itself said that it came out.
    Confirmed,
    /// Sent, but the printer gave no evidence.
    Unconfirmed,
    /// It did not come out.
    Failed(Fault),
    /// No printer is expected here.
    NotFitted,
}

impl PrintReport {
    /// As it stands in the audit log.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Unconfirmed => "unconfirmed",
            Self::Failed(_) => "failed",
            Self::NotFitted => "not-fitted",
        }
    }
}

/// The devices that are expected here.
#[derive(Clone)]
pub struct Peripherals {
    /// Reader of identity cards.
    pub card_reader: Option<CardReader>,
    /// Receipt printer.
    pub printer: Option<ReceiptPrinter>,
    /// Document scanner.
    pub scanner: Option<Scanner>,
}

impl Peripherals {
    /// Starts a driver for every device that is expected; none of them blocks or fails here.
    ///
    /// What may still be in the printer is kept in a ledger in the folder `data`.
    pub fn open(devices: &Devices, data: &Path) -> Self {
        let ledger = data.join("printer.ledger");
        let printer = |config| match FileLedger::open(&ledger) {
            Ok(ledger) => ReceiptPrinter::open_with(config, ledger),
            Err(error) => {
                // Better a receipt without a ledger than a ledger without receipts.
                tracing::error!(%error, "printing goes on, without an account that lasts");
                ReceiptPrinter::open(config)
            }
        };
        Self {
            card_reader: devices.card_reader.clone().map(CardReader::open),
            printer: devices.receipt_printer.clone().map(printer),
            scanner: devices.scanner.clone(),
        }
    }

    /// Lays `receipt` out and prints it.
    pub async fn print(&self, receipt: &Receipt) -> PrintReport {
        let Some(printer) = &self.printer else {
            return PrintReport::NotFitted;
        };
        let fonts = FontSet {
            regular: crate::assets::FONT_REGULAR,
            bold: crate::assets::FONT_BOLD,
            rare: Some(crate::assets::FONT_RARE),
        };
        let bitmap = match layout(receipt, &fonts, printer.paper_width()) {
            Ok(bitmap) => Arc::new(bitmap),
            Err(error) => {
                return PrintReport::Failed(Fault::new(FaultKind::Other, error.to_string()));
            }
        };
        match printer.print(bitmap).await {
            Ok(PrintOutcome::Confirmed { .. }) => PrintReport::Confirmed,
            Ok(PrintOutcome::Unconfirmed { .. }) => PrintReport::Unconfirmed,
            Err(error) => PrintReport::Failed(error.fault),
        }
    }

    /// Why the printer could not print now, if it could not.
    pub fn printer_trouble(&self) -> Option<PrintReport> {
        let Some(printer) = &self.printer else {
            return Some(PrintReport::NotFitted);
        };
        let status = printer.status().borrow().clone();
        if status.is_usable() || status.state == DeviceState::Starting {
            return None;
        }
        let unknown = || Fault::new(FaultKind::NoAnswer, "the printer is not ready");
        Some(PrintReport::Failed(status.fault.unwrap_or_else(unknown)))
    }

    /// Takes one picture.
    pub async fn scan(&self) -> Result<ScannedPicture, ScanProblem> {
        scanning::scan(self.scanner.as_ref()).await
    }
}

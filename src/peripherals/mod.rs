//! The terminal's view of its devices: which are expected here, and jobs on them.

mod scanning;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jinban_devices::camera::Camera;
use jinban_devices::card_reader::CardReader;
use jinban_devices::page_printer::{Page, PagePrinter};
use jinban_devices::printer::ledger::FileLedger;
use jinban_devices::printer::{PrintError, PrintOutcome, ReceiptPrinter};
use jinban_devices::receipt::{FontSet, LayoutError, Receipt, layout, sheets};
use jinban_devices::status::{DeviceClass, DeviceState, Fault, FaultKind};
use jinban_devices::supervisor::Supervisor;

use crate::config::{Devices, Scanner};

pub use scanning::{KeptPage, ScanProblem, ScannedPicture};

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

impl From<Result<PrintOutcome, PrintError>> for PrintReport {
    fn from(ended: Result<PrintOutcome, PrintError>) -> Self {
        match ended {
            Ok(PrintOutcome::Confirmed { .. }) => Self::Confirmed,
            Ok(PrintOutcome::Unconfirmed { .. }) => Self::Unconfirmed,
            Err(error) => Self::Failed(error.fault),
        }
    }
}

impl From<LayoutError> for PrintReport {
    fn from(error: LayoutError) -> Self {
        Self::Failed(Fault::new(FaultKind::Other, error.to_string()))
    }
}

const FONTS: FontSet<'static> = FontSet {
    regular: crate::assets::FONT_REGULAR,
    bold: crate::assets::FONT_BOLD,
    rare: Some(crate::assets::FONT_RARE),
};

/// Where the results of a device's self-tests are kept, in the folder `data`.
pub fn self_test_file(data: &Path, class: DeviceClass) -> PathBuf {
    let name = match class {
        DeviceClass::CardReader => "card-reader.jsonl",
        DeviceClass::ReceiptPrinter => "receipt-printer.jsonl",
        DeviceClass::SocialCardReader => "social-card-reader.jsonl",
        DeviceClass::BarcodeReader => "barcode-reader.jsonl",
        DeviceClass::Scanner => "scanner.jsonl",
        DeviceClass::Camera => "camera.jsonl",
    };
    data.join("self-tests").join(name)
}

/// The devices that are expected here.
#[derive(Clone)]
pub struct Peripherals {
    /// Reader of identity cards.
    pub card_reader: Option<CardReader>,
    /// Receipt printer.
    pub printer: Option<ReceiptPrinter>,
    /// Printer of A4 pages.
    pub page_printer: Option<PagePrinter>,
    /// Document scanner.
    pub scanner: Option<Scanner>,
    /// Document camera.
    pub camera: Option<Camera>,
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
        let keep = |class, supervisor: &Supervisor| {
            supervisor.keep_self_tests_in(&self_test_file(data, class));
        };
        let card_reader = devices.card_reader.clone().map(CardReader::open);
        let printer = devices.receipt_printer.clone().map(printer);
        if let Some(reader) = &card_reader {
            keep(DeviceClass::CardReader, reader.supervisor());
        }
        if let Some(printer) = &printer {
            keep(DeviceClass::ReceiptPrinter, printer.supervisor());
        }
        Self {
            card_reader,
            printer,
            page_printer: devices.page_printer.clone().map(PagePrinter::open),
            scanner: devices.scanner.clone(),
            camera: devices.camera.clone().map(Camera::open),
        }
    }

    /// Lays `receipt` out and prints it.
    pub async fn print(&self, receipt: &Receipt) -> PrintReport {
        let Some(printer) = &self.printer else {
            return PrintReport::NotFitted;
        };
        match layout(receipt, &FONTS, printer.paper_width()) {
            Ok(bitmap) => printer.print(Arc::new(bitmap)).await.into(),
            Err(error) => error.into(),
        }
    }

    /// Prints something to read at home: on A4 where such a printer is fitted and well, else on receipt paper.
    pub async fn print_to_read(&self, text: &Receipt) -> PrintReport {
        let Some(printer) = self.well_page_printer() else {
            return self.print(text).await;
        };
        let text = text.clone();
        // Many pages take a while to draw.
        let drawn = tokio::task::spawn_blocking(move || sheets(&text, &FONTS));
        match drawn.await {
            Ok(Ok(sheets)) => {
                let pages: Vec<_> = sheets.iter().map(Page::of_sheet).collect();
                printer.print(pages).await.into()
            }
            Ok(Err(error)) => error.into(),
            Err(error) => PrintReport::Failed(Fault::new(FaultKind::Other, error.to_string())),
        }
    }

    /// Prints whole pages, which only an A4 printer can.
    pub async fn print_pages(&self, pages: Vec<Page>) -> PrintReport {
        match &self.page_printer {
            Some(printer) => printer.print(pages).await.into(),
            None => PrintReport::NotFitted,
        }
    }

    /// The A4 printer, unless it is known to be unwell.
    fn well_page_printer(&self) -> Option<&PagePrinter> {
        let printer = self.page_printer.as_ref()?;
        let status = printer.status().borrow().clone();
        let well = status.is_usable() || status.state == DeviceState::Starting;
        well.then_some(printer)
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

    /// Takes one picture with the scanner, or with the camera where no scanner is to be found; and compares it with the pages that were kept before.
    pub async fn scan(&self, kept: Vec<KeptPage>) -> Result<ScannedPicture, ScanProblem> {
        let scanned = scanning::scan(self.scanner.as_ref(), kept.clone()).await;
        match &self.camera {
            Some(camera) if matches!(scanned, Err(ScanProblem::Missing)) => {
                scanning::photograph(camera, kept).await
            }
            _ => scanned,
        }
    }
}

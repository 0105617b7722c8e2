//! The receipt printer on USB: the kernel's printer gadget with the simulated printer behind it,
//! and a hand on its plug.

use std::fs::File;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use jinban_devices::printer::{
    Baud, PrintOutcome, PrinterProfile, Progress, ReceiptPrinter, ReceiptPrinterConfig,
};
use jinban_devices::probe::device_id_of;
use jinban_devices::receipt::{Bitmap, Block, FontSet, PaperWidth, Receipt, layout};
use jinban_devices::status::{DeviceState, FaultKind, WhoMustAct};
use jinban_devices::transport::usb::UsbAddress;

use crate::Test;
use crate::bridge::Bridge;
use crate::gadget::Gadget;
use crate::simulator::Simulator;
use crate::wait::{PATIENCE, run, status, until};

/// The tests of this area.
pub const TESTS: &[Test] = &[
    (
        "a_receipt_is_printed_and_confirmed_and_the_kernels_driver_given_back",
        printed_and_confirmed,
    ),
    (
        "a_printer_pulled_out_while_printing_is_missed_and_prints_whole_receipts_again",
        pulled_out_while_printing,
    ),
    (
        "a_printer_says_who_it_is_without_being_taken_from_anybody",
        says_who_it_is,
    ),
    (
        "a_printer_that_answers_nothing_still_shows_its_missing_paper",
        shows_missing_paper,
    ),
];

const PRINTER: &str = "jinban-sim-receipt-printer";
const FAR_END: &str = "/dev/g_printer0";
const PORT: &str = "usb:04b8:0e03";
const WHO: &[u8] = b"MFG:EPSON;CMD:ESC/POS;MDL:TM-T20;CLS:PRINTER;";
const REGULAR: &[u8] = include_bytes!("../../../assets/fonts/JinbanSans-Regular.otf");
const BOLD: &[u8] = include_bytes!("../../../assets/fonts/JinbanSans-Bold.otf");

fn gadget() -> Gadget {
    Gadget::plugged((0x04B8, 0x0E03), "printer.lab", &[("pnp_string", WHO)])
}

fn open(profile: PrinterProfile) -> ReceiptPrinter {
    ReceiptPrinter::open(ReceiptPrinterConfig {
        port: PORT.into(),
        baud: Baud::Auto,
        profile,
    })
}

async fn online(printer: &ReceiptPrinter) {
    status(&mut printer.status(), "online", |s| {
        s.state == DeviceState::Online
    })
    .await;
}

fn receipt(lines: usize) -> Arc<Bitmap> {
    let mut blocks = vec![Block::Title("办件回执".into())];
    blocks.extend((1..=lines).map(|line| Block::field("第", format!("{line}行"))));
    let fonts = FontSet {
        regular: REGULAR,
        bold: BOLD,
        rare: None,
    };
    Arc::new(layout(&Receipt { blocks }, &fonts, PaperWidth::Dots576).unwrap())
}

fn printed_and_confirmed() {
    let gadget = gadget();
    let lp = Path::new("/dev/usb/lp0");
    until("the kernel's own driver", || lp.exists());
    let mut simulator = Simulator::start(PRINTER, &["--speed", "500"]);
    let bridge = Bridge::join(Path::new(FAR_END), &simulator.port);
    run(async {
        let printer = open(PrinterProfile::default());
        online(&printer).await;
        assert!(!lp.exists(), "the kernel's driver is out of the way");
        let outcome = printer.print(receipt(3)).await.unwrap();
        assert!(
            matches!(outcome, PrintOutcome::Confirmed { .. }),
            "{outcome:?}"
        );
    });
    let state = simulator.order(r#"{"do":"state"}"#);
    assert_eq!(state["unknown-bytes"], 0, "{state}");
    until("the kernel's driver again", || lp.exists());
    drop((bridge, gadget));
}

fn pulled_out_while_printing() {
    let gadget = gadget();
    let simulator = Simulator::start(PRINTER, &["--speed", "30"]);
    let bridge = Bridge::join(Path::new(FAR_END), &simulator.port);
    run(async {
        let printer = open(PrinterProfile::default());
        online(&printer).await;
        let long = receipt(40);
        let rows = long.height();
        let job = tokio::spawn({
            let printer = printer.clone();
            async move { printer.print(long).await }
        });
        tokio::time::sleep(Duration::from_secs(2)).await;
        gadget.pull_out();
        let failed = tokio::time::timeout(PATIENCE, job).await.unwrap().unwrap();
        let error = failed.unwrap_err();
        assert_eq!(error.fault.kind, FaultKind::PortMissing, "{error:?}");
        assert_eq!(error.fault.act, WhoMustAct::SiteStaff);
        let Progress::Interrupted { rows: sent, of } = error.progress else {
            panic!("{error:?}");
        };
        assert!(sent > 0 && sent < rows && of == rows, "{sent} of {of}");
        status(&mut printer.status(), "missed", |s| {
            s.state == DeviceState::PoweredOff
        })
        .await;

        drop(bridge);
        gadget.plug_in();
        // A printer whose plug was out has lost its power, and what it held with it.
        let again = Simulator::start(PRINTER, &["--speed", "500"]);
        let _bridge = Bridge::join(Path::new(FAR_END), &again.port);
        online(&printer).await;
        let outcome = printer.print(receipt(2)).await.unwrap();
        assert!(
            matches!(outcome, PrintOutcome::Confirmed { .. }),
            "{outcome:?}"
        );
    });
}

fn says_who_it_is() {
    // Not the number of the other tests, whose drivers may just be looking for theirs.
    let _gadget = Gadget::plugged((0x04B8, 0x0E15), "printer.lab", &[("pnp_string", WHO)]);
    let lp = Path::new("/dev/usb/lp0");
    until("the kernel's own driver", || lp.exists());
    let address = UsbAddress::parse("04b8:0e15").unwrap();
    let id = device_id_of(&address).unwrap();
    assert_eq!((id.maker.as_str(), id.model.as_str()), ("EPSON", "TM-T20"));
    assert!(lp.exists(), "the kernel's driver has not noticed");
}

/// The kernel's gadget has an order for the bits of its port; only a program in another language
/// can give it, as ours gives no raw orders.
fn set_port_status(bits: u8) {
    let words = format!("import fcntl; fcntl.ioctl(open('{FAR_END}','r+b',0), 0xC0016722, {bits})");
    let status = Command::new("python3").arg("-c").arg(words).status();
    assert!(status.unwrap().success());
}

fn shows_missing_paper() {
    if Command::new("python3").arg("--version").output().is_err() {
        return crate::skip("python3 is needed to set the bits of the gadget's port");
    }
    let _gadget = gadget();
    until("the far end of the gadget", || Path::new(FAR_END).exists());
    set_port_status(0x38);
    run(async {
        let mute = PrinterProfile {
            answers_status: false,
            answers_queued: false,
            ..PrinterProfile::default()
        };
        let printer = open(mute);
        let empty = status(&mut printer.status(), "paper out", |s| {
            s.state == DeviceState::UserError
        })
        .await;
        assert_eq!(empty.fault.unwrap().kind, FaultKind::PaperOut);
        set_port_status(0x18);
        // The gadget counts as selected while its far end is open.
        let _selected = File::open(FAR_END).unwrap();
        online(&printer).await;
    });
}

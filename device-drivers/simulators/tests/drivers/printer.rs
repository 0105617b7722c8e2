//! The receipt printer's driver against the simulated printer.

use std::sync::Arc;
use std::time::Duration;

use jinban_devices::printer::{
    Baud, Evidence, PrintOutcome, PrinterProfile, Progress, ReceiptPrinter, ReceiptPrinterConfig,
    Unconfirmed,
};
use jinban_devices::profile::{Options, ProfileSet};
use jinban_devices::receipt::{
    Bitmap, Block, FontSet, PaperWidth, QrSize, Receipt, RuleStyle, layout,
};
use jinban_devices::status::{DeviceState, FaultKind, PaperState};

use crate::await_status;
use crate::common::{PRINTER, Simulator};
use crate::picture;

const REGULAR: &[u8] = include_bytes!("../../../../assets/fonts/JinbanSans-Regular.otf");
const BOLD: &[u8] = include_bytes!("../../../../assets/fonts/JinbanSans-Bold.otf");
const FAST: &[&str] = &["--speed", "500"];

fn receipt(paper: PaperWidth, holder: &str) -> Arc<Bitmap> {
    let receipt = Receipt {
        blocks: vec![
            Block::Title("办件回执".into()),
            Block::Banner("本机暂存，尚未受理".into()),
            Block::field("申请人", holder),
            Block::field("事项", "城乡居民基本养老保险待遇申领"),
            Block::Rule(RuleStyle::Dashed),
            Block::Qr {
                data: "https://example.invalid/510822".into(),
                size: QrSize::Medium,
            },
            Block::Small("请保管好这张纸条，查询时会用到。".into()),
        ],
    };
    let fonts = FontSet {
        regular: REGULAR,
        bold: BOLD,
        rare: None,
    };
    Arc::new(layout(&receipt, &fonts, paper).unwrap())
}

fn open(simulator: &Simulator, baud: Baud) -> ReceiptPrinter {
    open_as(simulator, baud, PrinterProfile::default())
}

fn open_as(simulator: &Simulator, baud: Baud, profile: PrinterProfile) -> ReceiptPrinter {
    let port = simulator.port.clone();
    ReceiptPrinter::open(ReceiptPrinterConfig {
        port,
        baud,
        profile,
    })
}

fn dots(bitmap: &Bitmap) -> Vec<Vec<bool>> {
    (0..bitmap.height())
        .map(|y| (0..bitmap.width()).map(|x| bitmap.get(x, y)).collect())
        .collect()
}

/// The inked part of each sheet so far that has ink on it.
fn inked_sheets(simulator: &mut Simulator) -> Vec<Vec<Vec<bool>>> {
    let sheets = simulator.state()["sheets"].as_array().unwrap().clone();
    sheets
        .iter()
        .map(|sheet| {
            simulator
                .folder
                .path()
                .join(sheet["file"].as_str().unwrap())
        })
        .map(|file| picture::inked(&picture::rows(&file)).to_vec())
        .filter(|rows| !rows.is_empty())
        .collect()
}

fn assert_printed(rows: &[Vec<bool>], bitmap: &Bitmap) {
    let wanted = dots(bitmap);
    let wanted = picture::inked(&wanted);
    assert_eq!(rows.len(), wanted.len(), "rows of ink");
    assert!(rows == wanted, "the dots on paper differ from the layout");
}

fn assert_confirmed(outcome: PrintOutcome) {
    let evidence = Evidence::QueuedReply {
        paper: PaperState::Full,
    };
    assert_eq!(outcome, PrintOutcome::Confirmed { evidence });
}

#[tokio::test]
async fn the_paper_is_the_layout_dot_by_dot_and_the_printer_confirms_it() {
    for (paper, dots) in [(PaperWidth::Dots576, "576"), (PaperWidth::Dots384, "384")] {
        let mut simulator = Simulator::start(PRINTER, &["--dots", dots]);
        let profile = PrinterProfile {
            paper,
            ..PrinterProfile::default()
        };
        let printer = open_as(&simulator, Baud::Fixed(115_200), profile);
        let bitmap = receipt(paper, "王桂兰");
        assert_confirmed(printer.print(Arc::clone(&bitmap)).await.unwrap());
        let sheets = inked_sheets(&mut simulator);
        assert_eq!(sheets.len(), 1);
        assert_printed(&sheets[0], &bitmap);
        let state = simulator.state();
        for counter in [
            "unknown-bytes",
            "clipped-rows",
            "misplaced-commands",
            "framing-errors",
        ] {
            assert_eq!(state[counter], 0, "{counter}: {state}");
        }
    }
}

#[tokio::test]
async fn models_with_other_commands_put_the_same_dots_on_paper() {
    for name in ["epson-tm-t20ii", "custom-k80"] {
        let mut simulator = Simulator::start(PRINTER, FAST);
        let profiles = ProfileSet::shipped();
        let Options::ReceiptPrinter(options) = &profiles.get(name).unwrap().device else {
            panic!("{name} is no printer");
        };
        let printer = open_as(&simulator, Baud::Fixed(115_200), options.profile());
        let bitmap = receipt(PaperWidth::Dots576, "王桂兰");
        assert_confirmed(printer.print(Arc::clone(&bitmap)).await.unwrap());
        assert_printed(&inked_sheets(&mut simulator)[0], &bitmap);
        assert_eq!(simulator.state()["unknown-bytes"], 0, "{name}");
    }
}

#[tokio::test]
async fn the_rate_of_the_printer_is_found() {
    let mut simulator = Simulator::start(PRINTER, &["--baud", "38400", "--speed", "500"]);
    let printer = open(&simulator, Baud::Auto);
    let bitmap = receipt(PaperWidth::Dots576, "王桂兰");
    assert_confirmed(printer.print(Arc::clone(&bitmap)).await.unwrap());
    assert_printed(&inked_sheets(&mut simulator)[0], &bitmap);
}

#[tokio::test]
async fn paper_that_ends_inside_a_receipt_fails_it_and_nothing_of_it_reaches_the_next_person() {
    for buffer in ["4096", "65536"] {
        let arguments = [FAST, &["--buffer", buffer]].concat();
        let mut simulator = Simulator::start(PRINTER, &arguments);
        let printer = open(&simulator, Baud::Fixed(115_200));
        let mut status = printer.status();
        await_status(&mut status, "online", |s| s.state == DeviceState::Online).await;
        simulator.order(r#"{"do":"paper-out-after-rows","rows":200}"#);
        let first = receipt(PaperWidth::Dots576, "王桂兰");
        let error = printer.print(Arc::clone(&first)).await.unwrap_err();
        assert_eq!(error.fault.kind, FaultKind::PaperOut, "{error}");
        assert!(
            matches!(error.progress, Progress::Interrupted { .. }),
            "{error:?}"
        );
        await_status(&mut status, "paper out", |s| {
            s.fault
                .as_ref()
                .is_some_and(|fault| fault.kind == FaultKind::PaperOut)
        })
        .await;

        simulator.order(r#"{"do":"paper-ok"}"#);
        await_status(&mut status, "online again", |s| {
            s.state == DeviceState::Online
        })
        .await;
        let second = receipt(PaperWidth::Dots576, "何春梅");
        assert_confirmed(printer.print(Arc::clone(&second)).await.unwrap());
        let sheets = inked_sheets(&mut simulator);
        assert_printed(sheets.last().unwrap(), &second);
        for remains in &sheets[..sheets.len() - 1] {
            assert!(
                remains.len() < dots(&first).len(),
                "a whole first receipt came out"
            );
        }
    }
}

#[tokio::test]
async fn a_printer_without_paper_or_with_an_open_cover_is_sent_nothing() {
    let mut simulator = Simulator::start(PRINTER, FAST);
    let printer = open(&simulator, Baud::Fixed(115_200));
    for (order, kind) in [
        ("paper-out", FaultKind::PaperOut),
        ("cover-open", FaultKind::CoverOpen),
    ] {
        simulator.order(&format!(r#"{{"do":"{order}"}}"#));
        let error = printer
            .print(receipt(PaperWidth::Dots576, "王桂兰"))
            .await
            .unwrap_err();
        assert_eq!(
            (error.fault.kind, error.progress),
            (kind, Progress::NothingSent)
        );
        simulator.order(r#"{"do":"restore"}"#);
    }
    assert_confirmed(
        printer
            .print(receipt(PaperWidth::Dots576, "王桂兰"))
            .await
            .unwrap(),
    );
    assert_eq!(inked_sheets(&mut simulator).len(), 1);
}

#[tokio::test]
async fn a_mute_printer_prints_and_is_never_called_confirmed() {
    let mut simulator = Simulator::start(PRINTER, FAST);
    simulator.order(r#"{"do":"mute"}"#);
    let printer = open(&simulator, Baud::Fixed(115_200));
    let bitmap = receipt(PaperWidth::Dots576, "王桂兰");
    let outcome = printer.print(Arc::clone(&bitmap)).await.unwrap();
    assert_eq!(
        outcome,
        PrintOutcome::Unconfirmed {
            reason: Unconfirmed::NeverAnswers
        }
    );
    simulator.await_state("a sheet", |state| state["sheets"][0].is_object());
    assert_printed(&inked_sheets(&mut simulator)[0], &bitmap);
}

#[tokio::test]
async fn without_the_queued_answer_nothing_is_confirmed() {
    let mut simulator = Simulator::start(PRINTER, FAST);
    simulator.order(r#"{"do":"no-gs-r"}"#);
    let printer = open(&simulator, Baud::Fixed(115_200));
    let bitmap = receipt(PaperWidth::Dots576, "王桂兰");
    let outcome = printer.print(Arc::clone(&bitmap)).await.unwrap();
    assert_eq!(
        outcome,
        PrintOutcome::Unconfirmed {
            reason: Unconfirmed::NoQueuedReply
        }
    );
    assert_printed(&inked_sheets(&mut simulator)[0], &bitmap);
}

#[tokio::test]
async fn faults_of_an_idle_printer_appear_and_disappear_by_themselves() {
    let mut simulator = Simulator::start(PRINTER, &[]);
    let printer = open(&simulator, Baud::Fixed(115_200));
    let mut status = printer.status();
    for (order, kind) in [
        ("paper-near-end", FaultKind::PaperLow),
        ("paper-out", FaultKind::PaperOut),
        ("cover-open", FaultKind::CoverOpen),
        ("cutter-error", FaultKind::CutterError),
        ("jam", FaultKind::Jam),
        ("head-hot", FaultKind::HeadHot),
    ] {
        await_status(&mut status, "sound", |s| s.is_usable() && s.fault.is_none()).await;
        simulator.order(&format!(r#"{{"do":"{order}"}}"#));
        await_status(&mut status, order, |s| {
            s.fault.as_ref().is_some_and(|fault| fault.kind == kind)
        })
        .await;
        simulator.order(r#"{"do":"restore"}"#);
    }
}

#[tokio::test]
async fn a_printer_that_is_unplugged_and_plugged_in_again_prints() {
    let place = tempfile::tempdir().unwrap();
    let port = place.path().join("printer");
    let arguments = [FAST, &["--link", port.to_str().unwrap()]].concat();
    let mut first = Simulator::start(PRINTER, &arguments);
    let printer = ReceiptPrinter::open(ReceiptPrinterConfig {
        port: port.clone(),
        baud: Baud::Fixed(115_200),
        profile: PrinterProfile::default(),
    });
    let mut status = printer.status();
    await_status(&mut status, "online", |s| s.state == DeviceState::Online).await;
    assert!(first.terminate());
    await_status(&mut status, "gone", |s| {
        s.fault
            .as_ref()
            .is_some_and(|fault| fault.kind == FaultKind::PortMissing)
    })
    .await;
    let mut second = Simulator::start(PRINTER, &arguments);
    await_status(&mut status, "online again", |s| {
        s.state == DeviceState::Online
    })
    .await;
    let bitmap = receipt(PaperWidth::Dots576, "王桂兰");
    let outcome = tokio::time::timeout(Duration::from_secs(30), printer.print(Arc::clone(&bitmap)));
    assert_confirmed(outcome.await.unwrap().unwrap());
    assert_printed(&inked_sheets(&mut second)[0], &bitmap);
}

/// Prints a receipt on which something happens midway, and gives how it ended.
async fn print_while(
    simulator: &mut Simulator,
    printer: &ReceiptPrinter,
    happens: &str,
) -> Result<PrintOutcome, jinban_devices::printer::PrintError> {
    let bitmap = receipt(PaperWidth::Dots576, "王桂兰");
    let before = simulator.state()["rows-printed"].as_u64().unwrap();
    let printing = {
        let printer = printer.clone();
        tokio::spawn(async move { printer.print(bitmap).await })
    };
    while simulator.state()["rows-printed"].as_u64().unwrap() < before + 60 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    simulator.order(happens);
    let ended = tokio::time::timeout(Duration::from_mins(1), printing).await;
    ended.expect("in time").unwrap()
}

#[tokio::test]
async fn whatever_stops_a_receipt_midway_is_named_and_the_next_one_is_whole() {
    let mut simulator = Simulator::start(PRINTER, &[]);
    let printer = open(&simulator, Baud::Fixed(115_200));
    let mut status = printer.status();
    for (order, kind) in [
        ("cover-open", FaultKind::CoverOpen),
        ("jam", FaultKind::Jam),
        ("cutter-error", FaultKind::CutterError),
        ("cut", FaultKind::NoAnswer),
    ] {
        await_status(&mut status, "online", |s| s.state == DeviceState::Online).await;
        let order = format!(r#"{{"do":"{order}"}}"#);
        let error = print_while(&mut simulator, &printer, &order)
            .await
            .unwrap_err();
        assert_eq!(error.fault.kind, kind, "{error}");
        assert!(matches!(error.progress, Progress::Interrupted { .. }));
        simulator.order(r#"{"do":"restore"}"#);
    }
    await_status(&mut status, "online", |s| s.state == DeviceState::Online).await;
    let bitmap = receipt(PaperWidth::Dots576, "何春梅");
    assert_confirmed(printer.print(Arc::clone(&bitmap)).await.unwrap());
    assert_printed(inked_sheets(&mut simulator).last().unwrap(), &bitmap);
}

#[tokio::test]
async fn a_hot_head_a_slow_printer_and_missed_answers_delay_a_receipt_and_do_not_spoil_it() {
    let mut simulator = Simulator::start(PRINTER, &[]);
    let printer = open(&simulator, Baud::Fixed(115_200));
    let outcome = print_while(&mut simulator, &printer, r#"{"do":"slow","factor":2}"#).await;
    assert_confirmed(outcome.unwrap());
    simulator.order(r#"{"do":"restore"}"#);
    let outcome = print_while(&mut simulator, &printer, r#"{"do":"fail-next","times":2}"#).await;
    assert_confirmed(outcome.unwrap());
    let printing = {
        let printer = printer.clone();
        let bitmap = receipt(PaperWidth::Dots576, "王桂兰");
        simulator.order(r#"{"do":"head-hot"}"#);
        tokio::spawn(async move { printer.print(bitmap).await })
    };
    let asked = simulator.state()["real-time-commands"].as_u64().unwrap() + 8;
    simulator.await_state("questions about a hot head", |state| {
        state["real-time-commands"].as_u64() > Some(asked)
    });
    simulator.order(r#"{"do":"head-cool"}"#);
    assert_confirmed(printing.await.unwrap().unwrap());
    let sheets = inked_sheets(&mut simulator);
    assert_eq!(sheets.len(), 3);
    for sheet in &sheets {
        assert_printed(sheet, &receipt(PaperWidth::Dots576, "王桂兰"));
    }
}

#[tokio::test]
async fn a_printer_pulled_out_midway_prints_nothing_of_that_receipt_with_the_next() {
    let place = tempfile::tempdir().unwrap();
    let port = place.path().join("printer");
    let mut simulator = Simulator::start(PRINTER, &["--link", port.to_str().unwrap()]);
    let printer = ReceiptPrinter::open(ReceiptPrinterConfig {
        port,
        baud: Baud::Fixed(115_200),
        profile: PrinterProfile::default(),
    });
    let mut status = printer.status();
    await_status(&mut status, "online", |s| s.state == DeviceState::Online).await;
    let error = print_while(&mut simulator, &printer, r#"{"do":"unplug"}"#)
        .await
        .unwrap_err();
    assert_eq!(error.fault.kind, FaultKind::PortMissing, "{error}");
    simulator.order(r#"{"do":"plug"}"#);
    await_status(&mut status, "online", |s| s.state == DeviceState::Online).await;
    let bitmap = receipt(PaperWidth::Dots576, "何春梅");
    assert_confirmed(printer.print(Arc::clone(&bitmap)).await.unwrap());
    assert_printed(inked_sheets(&mut simulator).last().unwrap(), &bitmap);
}

#[tokio::test]
async fn a_printer_that_changes_its_rate_is_out_of_service_until_it_changes_back() {
    let mut simulator = Simulator::start(PRINTER, &[]);
    let printer = open(&simulator, Baud::Fixed(115_200));
    let mut status = printer.status();
    await_status(&mut status, "online", |s| s.state == DeviceState::Online).await;
    simulator.order(r#"{"do":"wrong-baud","baud":9600}"#);
    await_status(&mut status, "a fault", |s| !s.is_usable()).await;
    simulator.order(r#"{"do":"restore"}"#);
    await_status(&mut status, "online", |s| s.state == DeviceState::Online).await;
}

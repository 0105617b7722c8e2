//! Jobs on printers that are well, empty, open, silent, stuck, noisy, or gone.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;

use super::super::escpos::{RasterCommand, raster};
use super::super::fake::FakePrinter;
use super::*;
use crate::status::DeviceState;

const CONFIRMED: PrintOutcome = PrintOutcome::Confirmed {
    evidence: Evidence::QueuedReply {
        paper: PaperState::Full,
    },
};

fn unconfirmed(reason: Unconfirmed) -> PrintOutcome {
    PrintOutcome::Unconfirmed { reason }
}

fn driver(printer: FakePrinter) -> Driver<FakePrinter> {
    let line = Line::new(printer, 115_200);
    Driver::new(line, PrinterProfile::default(), Debt::default())
}

/// A picture every row of which differs from its neighbours and from other seeds' rows.
fn picture(height: u32, seed: u32) -> Bitmap {
    let mut picture = Bitmap::new(576, height);
    for y in 0..height {
        picture.set((y * 7 + seed * 131) % 576, y, true);
        picture.set(seed % 576, y, true);
    }
    picture
}

fn rows(picture: &Bitmap) -> Vec<Vec<u8>> {
    picture.rows().map(<[u8]>::to_vec).collect()
}

fn fails(driver: &mut Driver<FakePrinter>, picture: &Bitmap) -> PrintError {
    match driver.print(picture) {
        Ok(outcome) => panic!("printed: {outcome:?}"),
        Err(failed) => failed.error,
    }
}

fn prints(driver: &mut Driver<FakePrinter>, picture: &Bitmap) -> PrintOutcome {
    match driver.print(picture) {
        Ok(outcome) => outcome,
        Err(failed) => panic!("{}", failed.error),
    }
}

#[test]
fn a_well_printer_prints_every_dot_once_and_proves_it() {
    let mut driver = driver(FakePrinter::default());
    let receipt = picture(1000, 1);
    assert_eq!(prints(&mut driver, &receipt), CONFIRMED);
    let printer = driver.stream();
    assert_eq!(printer.sheets, [rows(&receipt)]);
    assert_eq!(printer.unknown, 0);
}

#[test]
fn without_paper_nothing_is_sent() {
    let mut driver = driver(FakePrinter {
        paper_left: Some(0),
        ..FakePrinter::default()
    });
    let error = fails(&mut driver, &picture(500, 1));
    assert_eq!(error.fault.kind, FaultKind::PaperOut);
    assert_eq!(error.fault.act, WhoMustAct::SiteStaff);
    assert_eq!(error.progress, Progress::NothingSent);
    driver.stream().refill();
    assert!(driver.stream().rows.is_empty());
    assert_eq!(prints(&mut driver, &picture(10, 2)), CONFIRMED);
    assert_eq!(driver.stream().sheets, [rows(&picture(10, 2))]);
}

#[test]
fn under_an_open_cover_nothing_is_sent() {
    let mut driver = driver(FakePrinter {
        cover_open: true,
        ..FakePrinter::default()
    });
    let error = fails(&mut driver, &picture(500, 1));
    assert_eq!(error.fault.kind, FaultKind::CoverOpen);
    assert_eq!(error.progress, Progress::NothingSent);
}

#[test]
fn paper_that_ends_midway_is_noticed_within_a_band() {
    for ignores_clear in [false, true] {
        let mut driver = driver(FakePrinter {
            paper_left: Some(100),
            ignores_clear,
            ..FakePrinter::default()
        });
        let error = fails(&mut driver, &picture(1000, 1));
        assert_eq!(error.fault.kind, FaultKind::PaperOut);
        assert_eq!(
            error.progress,
            Progress::Interrupted {
                rows: 120,
                of: 1000
            }
        );
        assert_eq!(driver.status().unwrap().state, DeviceState::UserError);

        // A new roll: the torn receipt is cut off, and the next one is whole and alone.
        driver.stream().refill();
        assert_eq!(prints(&mut driver, &picture(200, 2)), CONFIRMED);
        let printer = driver.stream();
        assert_eq!(printer.sheets.len(), 2);
        // A printer that obeys prints nothing more of what was cleared.
        let torn = if ignores_clear { 120 } else { 100 };
        assert_eq!(printer.sheets[0].len(), torn);
        assert_eq!(printer.sheets[1], rows(&picture(200, 2)));
        assert_eq!(printer.unknown, 0);
    }
}

#[test]
fn a_torn_receipt_is_cut_off_as_soon_as_the_printer_is_well() {
    let mut driver = driver(FakePrinter {
        paper_left: Some(30),
        ..FakePrinter::default()
    });
    fails(&mut driver, &picture(300, 1));
    driver.stream().refill();
    assert_eq!(driver.status().unwrap().state, DeviceState::Online);
    assert_eq!(driver.stream().sheets.len(), 1);
    assert!(driver.stream().rows.is_empty());
    assert_eq!(driver.debt(), Debt::default());
}

#[test]
fn a_hot_head_is_waited_for() {
    let mut driver = driver(FakePrinter {
        hot_for: 3,
        ..FakePrinter::default()
    });
    assert_eq!(prints(&mut driver, &picture(100, 1)), CONFIRMED);
}

#[test]
fn a_printer_that_never_answers_prints_but_is_never_believed() {
    let mut driver = driver(FakePrinter {
        mute: true,
        ..FakePrinter::default()
    });
    let receipt = picture(300, 1);
    assert_eq!(
        prints(&mut driver, &receipt),
        unconfirmed(Unconfirmed::NeverAnswers)
    );
    assert_eq!(driver.stream().sheets, [rows(&receipt)]);
    let status = driver.status().unwrap();
    assert_eq!(status.state, DeviceState::Offline);
    assert_eq!(status.fault.unwrap().kind, FaultKind::NoAnswer);
}

#[test]
fn without_the_queued_reply_a_job_is_not_called_done() {
    let mut driver = driver(FakePrinter {
        no_queued: true,
        ..FakePrinter::default()
    });
    assert_eq!(
        prints(&mut driver, &picture(300, 1)),
        unconfirmed(Unconfirmed::NoQueuedReply)
    );
}

#[test]
fn paper_that_ends_with_the_last_row_is_not_called_done() {
    let mut driver = driver(FakePrinter {
        paper_left: Some(300),
        ..FakePrinter::default()
    });
    let error = fails(&mut driver, &picture(300, 1));
    assert_eq!(error.fault.kind, FaultKind::PaperOut);
}

#[test]
fn noise_instead_of_answers_is_refused_rather_than_printed_on() {
    let mut driver = driver(FakePrinter {
        babble: Some(vec![0xFF, 0x41]),
        ..FakePrinter::default()
    });
    let error = fails(&mut driver, &picture(300, 1));
    assert_eq!(error.fault.kind, FaultKind::Garbled);
    assert_eq!(error.progress, Progress::NothingSent);
    assert!(driver.stream().rows.is_empty());
}

#[test]
fn a_printer_that_holds_is_left_and_its_picture_completed_later() {
    let mut driver = driver(FakePrinter {
        takes: Some(5000),
        ..FakePrinter::default()
    });
    let error = fails(&mut driver, &picture(1000, 1));
    assert_eq!(error.fault.kind, FaultKind::NoAnswer);
    assert!(matches!(error.progress, Progress::Interrupted { .. }));
    assert!(driver.status().is_err(), "not even a question is taken");

    driver.stream().takes = None;
    assert_eq!(driver.status().unwrap().state, DeviceState::Online);
    assert_eq!(prints(&mut driver, &picture(50, 2)), CONFIRMED);
    let printer = driver.stream();
    assert_eq!(printer.sheets.last(), Some(&rows(&picture(50, 2))));
    assert_eq!(printer.unknown, 0);
}

#[test]
fn wherever_a_command_breaks_off_the_next_one_is_understood() {
    // Every byte of the first commands, questions among them.
    for takes in 0..120 {
        let mut driver = driver(FakePrinter {
            takes: Some(takes),
            ..FakePrinter::default()
        });
        fails(&mut driver, &picture(30, 1));
        driver.stream().takes = None;
        assert_eq!(prints(&mut driver, &picture(50, 2)), CONFIRMED, "{takes}");
        let printer = driver.stream();
        assert_eq!(printer.sheets.last(), Some(&rows(&picture(50, 2))));
        assert_eq!(printer.unknown, 0, "{takes}");
    }
}

#[test]
fn a_cable_pulled_midway_asks_for_a_new_line() {
    let mut driver = driver(FakePrinter {
        breaks_after: Some(5000),
        ..FakePrinter::default()
    });
    let Err(failed) = driver.print(&picture(1000, 1)) else {
        panic!("printed over a pulled cable");
    };
    assert!(failed.lost);
    assert_eq!(failed.error.fault.kind, FaultKind::PortMissing);
    assert!(driver.debt().clear && driver.debt().soiled);
}

#[test]
fn after_a_program_was_killed_in_a_picture_the_printer_answers_again() {
    // The printer still waits for most of a band of the killed program.
    let mut printer = FakePrinter::default();
    let torn = raster(
        RasterCommand::GsV0,
        72,
        rows(&picture(24, 1)).iter().map(Vec::as_slice),
    );
    printer
        .write_all(&torn[..100], std::time::Instant::now())
        .unwrap();
    let mut driver = driver(printer);
    assert_eq!(driver.greet().unwrap().state, DeviceState::Online);
    assert_eq!(prints(&mut driver, &picture(50, 2)), CONFIRMED);
    let printer = driver.stream();
    assert_eq!(printer.sheets.len(), 2, "what was torn off is cut off");
    assert_eq!(printer.sheets[1], rows(&picture(50, 2)));
}

#[test]
fn a_picture_wider_than_the_paper_is_refused() {
    let mut driver = driver(FakePrinter::default());
    driver.profile.paper = crate::receipt::PaperWidth::Dots384;
    let error = fails(&mut driver, &picture(10, 1));
    assert_eq!(error.fault.kind, FaultKind::Unsupported);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn wherever_the_paper_ends_the_next_receipt_comes_out_whole_and_alone(
        left in 0usize..400,
        ignores_clear: bool,
        takes in prop::option::of(0usize..30_000),
    ) {
        let mut driver = driver(FakePrinter {
            paper_left: Some(left),
            ignores_clear,
            takes,
            ..FakePrinter::default()
        });
        let first = picture(399, 1);
        let outcome = driver.print(&first);
        let whole = driver.stream().sheets.first() == Some(&rows(&first));
        prop_assert!(outcome.is_err() || whole, "called printed without paper");

        driver.stream().takes = None;
        driver.stream().refill();
        let second = picture(60, 2);
        let outcome = driver.print(&second).map_err(|f| f.error);
        prop_assert_eq!(outcome, Ok(CONFIRMED));
        let printer = driver.stream();
        prop_assert_eq!(printer.sheets.last(), Some(&rows(&second)));
        prop_assert!(printer.rows.is_empty());
        prop_assert_eq!(printer.unknown, 0);
    }
}

//! The printer's thread over a real connection: printers that come, go, and come back.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::time::Instant;

use super::super::PrinterProfile;
use super::super::connect::Baud;
use super::super::fake::FakePrinter;
use super::super::ledger::FileLedger;
use super::*;

/// Serves one connection with the fake printer until the host hangs up or `bytes` have come.
fn serve(listener: &TcpListener, mut printer: FakePrinter, bytes: usize) -> FakePrinter {
    let (mut socket, _) = listener.accept().unwrap();
    let mut buffer = [0; 4096];
    while printer.taken < bytes {
        let n = socket.read(&mut buffer).unwrap_or(0);
        if n == 0 {
            break;
        }
        printer.write_all(&buffer[..n], Instant::now()).unwrap();
        let answers: Vec<u8> = printer.replies.drain(..).collect();
        if socket.write_all(&answers).is_err() {
            break;
        }
    }
    printer
}

fn open(address: SocketAddr) -> ReceiptPrinter {
    ReceiptPrinter::open(ReceiptPrinterConfig {
        port: format!("tcp:{address}").into(),
        baud: Baud::Auto,
        profile: PrinterProfile::default(),
    })
}

async fn until(printer: &ReceiptPrinter, wanted: impl Fn(&DeviceStatus) -> bool) {
    let mut status = printer.status();
    let seen = status.wait_for(wanted);
    let seen = tokio::time::timeout(Duration::from_secs(20), seen).await;
    assert!(seen.is_ok(), "{:?}", printer.status().borrow());
}

fn picture() -> Arc<Bitmap> {
    let mut picture = Bitmap::new(576, 200);
    for y in 0..200 {
        picture.set(y * 2, y, true);
    }
    Arc::new(picture)
}

#[tokio::test]
async fn a_printer_is_found_printed_on_and_let_go_with_the_last_handle() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let printer = open(listener.local_addr().unwrap());
    let device = std::thread::spawn(move || serve(&listener, FakePrinter::default(), usize::MAX));
    until(&printer, |s| s.state == DeviceState::Online).await;
    let second = printer.clone();
    let outcome = printer.print(picture()).await;
    assert!(
        matches!(outcome, Ok(PrintOutcome::Confirmed { .. })),
        "{outcome:?}"
    );
    drop(printer);
    assert!(second.print(picture()).await.is_ok());
    drop(second);
    // Ends only when the thread has closed the connection.
    let device = device.join().unwrap();
    assert_eq!(device.sheets.len(), 2);
    assert_eq!(device.unknown, 0);
}

#[tokio::test]
async fn a_printer_that_is_not_there_refuses_at_once_and_is_found_when_it_comes() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let printer = open(address);
    until(&printer, |s| s.state == DeviceState::PoweredOff).await;
    let error = printer.print(picture()).await.unwrap_err();
    assert_eq!(error.fault.kind, FaultKind::PortMissing);
    assert_eq!(error.progress, Progress::NothingSent);

    let listener = TcpListener::bind(address).unwrap();
    let device = std::thread::spawn(move || serve(&listener, FakePrinter::default(), usize::MAX));
    until(&printer, |s| s.state == DeviceState::Online).await;
    drop(printer);
    device.join().unwrap();
}

#[tokio::test]
async fn after_a_cable_was_pulled_midway_the_torn_receipt_does_not_come_out_with_the_next() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let printer = open(listener.local_addr().unwrap());
    let device = std::thread::spawn(move || {
        // Gone in the middle of a picture; when it is back it still waits for the rest of it.
        let cut = serve(&listener, FakePrinter::default(), 2000);
        assert!(!cut.rows.is_empty());
        serve(&listener, cut, usize::MAX)
    });
    until(&printer, |s| s.state == DeviceState::Online).await;
    let error = printer.print(picture()).await.unwrap_err();
    assert!(
        matches!(error.progress, Progress::Interrupted { .. }),
        "{error:?}"
    );
    until(&printer, |s| s.state == DeviceState::Online).await;
    let outcome = printer.print(picture()).await;
    assert!(
        matches!(outcome, Ok(PrintOutcome::Confirmed { .. })),
        "{outcome:?}"
    );
    drop(printer);
    let device = device.join().unwrap();
    let whole: Vec<_> = picture().rows().map(<[u8]>::to_vec).collect();
    assert_eq!(device.sheets.last(), Some(&whole));
    assert!(device.sheets.len() >= 2, "the torn one was cut off before");
}

#[tokio::test]
async fn a_job_whose_caller_went_away_is_not_printed() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let printer = open(address);
    let first = printer.clone();
    let first = tokio::spawn(async move { first.print(picture()).await });
    // Sent and abandoned while the printer has not even been accepted.
    let gone = printer.clone();
    let abandoned = tokio::time::timeout(Duration::from_millis(50), gone.print(picture())).await;
    assert!(abandoned.is_err());
    drop(gone);
    let device = std::thread::spawn(move || serve(&listener, FakePrinter::default(), usize::MAX));
    assert!(first.await.unwrap().is_ok());
    drop(printer);
    assert_eq!(device.join().unwrap().sheets.len(), 1);
}

/// Takes bytes until some rows are on paper and no command is half arrived, and hangs up.
fn serve_some_rows(listener: TcpListener) -> FakePrinter {
    let (mut socket, _) = listener.accept().unwrap();
    // Nobody finds it again before the test says so.
    drop(listener);
    let mut printer = FakePrinter::default();
    let mut byte = [0];
    while printer.rows.len() < 20 || !printer.command.is_empty() {
        socket.read_exact(&mut byte).unwrap();
        printer.write_all(&byte, Instant::now()).unwrap();
        let answers: Vec<u8> = printer.replies.drain(..).collect();
        socket.write_all(&answers).unwrap();
    }
    printer
}

#[tokio::test]
async fn what_a_killed_program_left_in_the_printer_is_cut_off_by_the_next_run() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("printer.ledger");
    let receipt = DocumentKey::try_from("receipt".to_owned()).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let config = ReceiptPrinterConfig {
        port: format!("tcp:{address}").into(),
        baud: Baud::Auto,
        profile: PrinterProfile::default(),
    };
    let printer = ReceiptPrinter::open_with(config.clone(), FileLedger::open(&path).unwrap());
    let device = std::thread::spawn(move || serve_some_rows(listener));
    let intent = printer.intend(&receipt).unwrap();
    assert_eq!(intent.copy, 0);
    let error = printer.print_intended(intent, picture()).await.unwrap_err();
    assert!(matches!(error.progress, Progress::Interrupted { .. }));
    assert_eq!(printer.jobs()[0].state, JobState::Failed);
    drop(printer);
    let torn = device.join().unwrap();
    assert!(torn.rows.len() >= 20);

    // The thread of the first run lets go of the ledger when it notices that nobody holds it.
    let ledger = loop {
        match FileLedger::open(&path) {
            Ok(ledger) => break ledger,
            Err(_) => tokio::time::sleep(Duration::from_millis(5)).await,
        }
    };
    let listener = TcpListener::bind(address).unwrap();
    let printer = ReceiptPrinter::open_with(config, ledger);
    let device = std::thread::spawn(move || serve(&listener, torn, usize::MAX));
    let intent = printer.intend(&receipt).unwrap();
    assert_eq!(intent.copy, 1, "some of the first may be on paper");
    let outcome = printer.print_intended(intent, picture()).await;
    assert!(
        matches!(outcome, Ok(PrintOutcome::Confirmed { .. })),
        "{outcome:?}"
    );
    let states: Vec<_> = printer.jobs().iter().map(|job| job.state).collect();
    assert_eq!(states, [JobState::Cleared, JobState::Confirmed]);
    drop(printer);
    let device = device.join().unwrap();
    let whole: Vec<_> = picture().rows().map(<[u8]>::to_vec).collect();
    assert_eq!(device.sheets.len(), 2, "the torn one was cut off first");
    assert_eq!(device.sheets[1], whole);
}

#[tokio::test]
async fn in_maintenance_the_port_is_let_go_and_nothing_is_printed_until_it_ends() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let printer = open(listener.local_addr().unwrap());
    let device = std::thread::spawn(move || {
        // Ends when the thread has let go of the connection.
        let first = serve(&listener, FakePrinter::default(), usize::MAX);
        (first, listener)
    });
    until(&printer, |s| s.state == DeviceState::Online).await;
    printer.supervisor().begin_maintenance();
    let maintained = |s: &DeviceStatus| {
        s.fault
            .as_ref()
            .is_some_and(|f| f.kind == FaultKind::Maintenance)
    };
    until(&printer, maintained).await;
    let error = printer.print(picture()).await.unwrap_err();
    assert_eq!(error.fault.kind, FaultKind::Maintenance);
    assert_eq!(error.progress, Progress::NothingSent);
    let (first, listener) = device.join().unwrap();

    printer.supervisor().end_maintenance();
    let device = std::thread::spawn(move || serve(&listener, first, usize::MAX));
    until(&printer, |s| s.state == DeviceState::Online).await;
    assert!(printer.print(picture()).await.is_ok());
    let counters = printer.supervisor().counters();
    assert_eq!((counters.opened, counters.done), (2, 1));
    drop(printer);
    assert_eq!(device.join().unwrap().sheets.len(), 1);
}

#[tokio::test]
async fn a_printer_whose_profile_promises_too_much_fails_its_self_test() {
    for (no_queued, fault) in [(false, None), (true, Some(FaultKind::Unsupported))] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let printer = open(listener.local_addr().unwrap());
        let device = std::thread::spawn(move || {
            let fake = FakePrinter {
                no_queued,
                ..FakePrinter::default()
            };
            serve(&listener, fake, usize::MAX)
        });
        let tested = async {
            while printer.supervisor().self_tests().is_empty() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), tested)
            .await
            .unwrap();
        assert_eq!(printer.supervisor().self_tests()[0].fault, fault);
        drop(printer);
        let device = device.join().unwrap();
        assert!(device.sheets.is_empty() && device.unknown == 0);
    }
}

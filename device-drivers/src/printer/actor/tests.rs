//! The printer's thread over a real connection: printers that come, go, and come back.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::time::Instant;

use super::super::connect::Baud;
use super::super::fake::FakePrinter;
use super::super::{PrinterProfile, Progress};
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

//! The barcode reader's driver against the simulated reader.

use std::time::Duration;

use jinban_devices::barcode_reader::{
    BarcodeReader, BarcodeReaderConfig, BarcodeReaderProfile, Protocol, Suffix, Symbology, Trigger,
};
use jinban_devices::status::{DeviceState, FaultKind};

use crate::await_status;
use crate::common::{BARCODES, Simulator};

const PATIENCE: Duration = Duration::from_secs(30);
const SOCIAL: &str = "电子社保凭证-0123456789abcdef";

fn open(simulator: &Simulator, profile: BarcodeReaderProfile) -> BarcodeReader {
    BarcodeReader::open(BarcodeReaderConfig {
        port: simulator.port.clone(),
        baud: None,
        profile,
    })
}

fn host_triggered(protocol: Protocol) -> BarcodeReaderProfile {
    BarcodeReaderProfile {
        protocol,
        trigger: Trigger::Host,
        ..BarcodeReaderProfile::default()
    }
}

async fn online(reader: &BarcodeReader) {
    await_status(&mut reader.status(), "online", |s| {
        s.state == DeviceState::Online
    })
    .await;
}

#[tokio::test]
async fn each_kind_of_engine_is_told_to_look_and_its_code_arrives_whole() {
    for (speech, protocol) in [
        ("gm65", Protocol::Gm65),
        ("newland", Protocol::Newland),
        ("honeywell", Protocol::Honeywell),
        ("ssi", Protocol::Ssi),
    ] {
        let arguments = ["--speech", speech, "--looks", "when-told"];
        let mut simulator = Simulator::start(BARCODES, &arguments);
        let reader = open(&simulator, host_triggered(protocol));
        online(&reader).await;
        // Longer than one packet of any protocol.
        let text = format!("{SOCIAL}{}", "x".repeat(300));
        simulator.order(&format!(r#"{{"do":"show","text":"{text}"}}"#));
        assert_eq!(simulator.state()["unread"], true, "{speech}: nobody asked");
        let code = reader.read_once(PATIENCE).await.unwrap();
        assert_eq!(code.text.as_str(), text, "{speech}");
        if protocol == Protocol::Ssi {
            assert_eq!(code.symbology, Some(Symbology::Qr));
        }
        assert_eq!(simulator.state()["unknown-bytes"], 0, "{speech}");
    }
}

#[tokio::test]
async fn plain_readers_with_any_suffix_and_encoding_are_understood() {
    for (tail, suffix, encoding) in [
        ("cr", Suffix::Cr, ""),
        ("cr-lf", Suffix::CrLf, r#","gb18030":true"#),
        // Set up wrongly: silence ends the code all the same.
        ("none", Suffix::Lf, ""),
    ] {
        let mut simulator = Simulator::start(BARCODES, &["--tail", tail]);
        let profile = BarcodeReaderProfile {
            suffix,
            ..BarcodeReaderProfile::default()
        };
        let reader = open(&simulator, profile);
        online(&reader).await;
        let mut codes = reader.codes();
        reader.arm();
        simulator.order(&format!(r#"{{"do":"show","text":"{SOCIAL}"{encoding}}}"#));
        let code = tokio::time::timeout(PATIENCE, codes.recv()).await;
        assert_eq!(code.unwrap().unwrap().text.as_str(), SOCIAL, "{tail}");
    }
}

#[tokio::test]
async fn a_lost_acknowledgement_does_not_make_two_codes_of_one() {
    let mut simulator = Simulator::start(BARCODES, &["--speech", "ssi"]);
    let reader = open(&simulator, host_triggered(Protocol::Ssi));
    online(&reader).await;
    let mut codes = reader.codes();
    reader.arm();
    simulator.order(r#"{"do":"lose-acknowledgements"}"#);
    simulator.order(r#"{"do":"show","text":"first"}"#);
    simulator.await_state("a repetition", |state| state["repeated"] == 1);
    simulator.order(r#"{"do":"show","text":"second"}"#);
    for expected in ["first", "second"] {
        let code = tokio::time::timeout(PATIENCE, codes.recv()).await;
        assert_eq!(code.unwrap().unwrap().text.as_str(), expected);
    }
}

#[tokio::test]
async fn faults_of_the_line_are_told_apart_and_end_when_it_is_sound() {
    let mut simulator = Simulator::start(BARCODES, &["--speech", "gm65"]);
    let reader = open(&simulator, host_triggered(Protocol::Gm65));
    let mut status = reader.status();
    for order in [r#"{"do":"cut"}"#, r#"{"do":"wrong-baud","baud":115200}"#] {
        online(&reader).await;
        simulator.order(order);
        await_status(&mut status, order, |s| {
            s.fault
                .as_ref()
                .is_some_and(|f| matches!(f.kind, FaultKind::NoAnswer | FaultKind::Garbled))
        })
        .await;
        simulator.order(r#"{"do":"restore"}"#);
    }
    online(&reader).await;
    // A refusal, noise and slowness do not take a reader out of service.
    let mut codes = reader.codes();
    let commands = simulator.order(r#"{"do":"slow","factor":3}"#)["commands"].as_u64();
    simulator.order(r#"{"do":"fail-next"}"#);
    simulator.order(r#"{"do":"noise","bytes":5}"#);
    reader.arm();
    simulator.await_state("a command", |state| state["commands"].as_u64() > commands);
    simulator.order(r#"{"do":"restore"}"#);
    simulator.order(r#"{"do":"show","text":"after"}"#);
    let code = tokio::time::timeout(PATIENCE, codes.recv()).await;
    assert!(code.unwrap().unwrap().text.ends_with("after"));
}

#[tokio::test]
async fn a_reader_that_is_unplugged_is_missed_and_found_again() {
    let place = tempfile::tempdir().unwrap();
    let port = place.path().join("scanner");
    let arguments = ["--link", port.to_str().unwrap()];
    let mut first = Simulator::start(BARCODES, &arguments);
    let reader = BarcodeReader::open(BarcodeReaderConfig {
        port: port.clone(),
        baud: None,
        profile: BarcodeReaderProfile::default(),
    });
    online(&reader).await;
    assert!(first.terminate());
    await_status(&mut reader.status(), "gone", |s| {
        s.fault
            .as_ref()
            .is_some_and(|f| f.kind == FaultKind::PortMissing)
    })
    .await;
    let mut second = Simulator::start(BARCODES, &arguments);
    online(&reader).await;
    let mut codes = reader.codes();
    reader.arm();
    second.order(r#"{"do":"show","text":"again"}"#);
    let code = tokio::time::timeout(PATIENCE, codes.recv()).await;
    assert_eq!(code.unwrap().unwrap().text.as_str(), "again");
}

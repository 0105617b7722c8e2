//! Bar code readers on USB: as reports (HID-POS), as a serial port (CDC-ACM), and as a keyboard
//! that nobody else may hear.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use evdev::uinput::VirtualDevice;
use evdev::{AttributeSet, BusType, Device, EventType, InputEvent, InputId, KeyCode};
use jinban_devices::barcode_reader::{
    BarcodeReader, BarcodeReaderConfig, BarcodeReaderProfile, Protocol, Symbology, Trigger,
};
use jinban_devices::status::{DeviceState, FaultKind};

use crate::Test;
use crate::bridge::Bridge;
use crate::gadget::Gadget;
use crate::simulator::Simulator;
use crate::wait::{PATIENCE, run, status, until};

/// The tests of this area.
pub const TESTS: &[Test] = &[
    (
        "reports_become_codes_and_a_pulled_plug_is_missed",
        reports_become_codes,
    ),
    (
        "an_engine_on_a_serial_port_of_usb_is_told_to_look",
        engine_on_acm,
    ),
    (
        "what_a_scanner_types_reaches_us_and_nobody_else",
        typed_for_us_alone,
    ),
];

/// Usage page 8C, usage 02, one input report of number 2 with 63 bytes: an abridged descriptor of
/// a bar code scanner.
const DESCRIPTOR: &[u8] = &[
    0x06, 0x8C, 0x00, 0x09, 0x02, 0xA1, 0x01, 0x85, 0x02, 0x15, 0x00, 0x26, 0xFF, 0x00, 0x75, 0x08,
    0x95, 0x3F, 0x09, 0xFE, 0x81, 0x02, 0xC0,
];

fn open(port: impl Into<PathBuf>, profile: BarcodeReaderProfile) -> BarcodeReader {
    BarcodeReader::open(BarcodeReaderConfig {
        port: port.into(),
        baud: None,
        profile,
    })
}

async fn online(reader: &BarcodeReader) {
    status(&mut reader.status(), "online", |s| {
        s.state == DeviceState::Online
    })
    .await;
}

/// A report as the document of Access-IS draws it: QR, so many bytes, and whether more follow.
fn report(text: &[u8], more: bool) -> [u8; 64] {
    let mut report = [0; 64];
    report[0] = 2;
    report[1] = text.len() as u8;
    report[2..5].copy_from_slice(b"]Q1");
    report[5..5 + text.len()].copy_from_slice(text);
    report[63] = more.into();
    report
}

fn reports_become_codes() {
    let options: [(&str, &[u8]); 4] = [
        ("protocol", b"0"),
        ("subclass", b"0"),
        ("report_length", b"64"),
        ("report_desc", DESCRIPTOR),
    ];
    let gadget = Gadget::plugged((0x1EAB, 0x1A10), "hid.lab", &options);
    let far_end = Path::new("/dev/hidg0");
    until("the far end of the gadget", || far_end.exists());
    let profile = BarcodeReaderProfile {
        protocol: Protocol::HidPos,
        ..BarcodeReaderProfile::default()
    };
    run(async {
        let reader = open("usb:1eab:1a10", profile);
        online(&reader).await;
        let text = "电子社保凭证-0123456789abcdef-0123456789abcdef-0123456789abcdef";
        let (first, rest) = text.as_bytes().split_at(56);
        let shown = [report(first, true), report(rest, false)];
        let showing = std::thread::spawn(move || {
            // After somebody has begun to wait: what is shown before is nobody's.
            std::thread::sleep(Duration::from_millis(500));
            for report in shown {
                fs::write(far_end, report).unwrap();
            }
        });
        let code = reader.read_once(PATIENCE).await.unwrap();
        showing.join().unwrap();
        assert_eq!(code.text.as_str(), text);
        assert_eq!(code.symbology, Some(Symbology::Qr));

        gadget.pull_out();
        let missing = status(&mut reader.status(), "missed", |s| {
            s.state == DeviceState::PoweredOff
        })
        .await;
        assert_eq!(missing.fault.unwrap().kind, FaultKind::PortMissing);
        gadget.plug_in();
        online(&reader).await;
    });
}

fn engine_on_acm() {
    let _gadget = Gadget::plugged((0x1EAB, 0x1A06), "acm.lab", &[]);
    let port = Path::new("/dev/ttyACM0");
    until("the kernel's own driver", || port.exists());
    let arguments = [
        "--speech",
        "newland",
        "--looks",
        "when-told",
        "--baud",
        "115200",
    ];
    let mut simulator = Simulator::start("jinban-sim-barcode-reader", &arguments);
    let _bridge = Bridge::join(Path::new("/dev/ttyGS0"), &simulator.port);
    let profile = BarcodeReaderProfile {
        protocol: Protocol::Newland,
        trigger: Trigger::Host,
        ..BarcodeReaderProfile::default()
    };
    run(async {
        let reader = open(port, profile);
        online(&reader).await;
        simulator.order(r#"{"do":"show","text":"https://example.invalid/510822"}"#);
        let code = reader.read_once(PATIENCE).await.unwrap();
        assert_eq!(code.text.as_str(), "https://example.invalid/510822");
    });
}

fn typed_for_us_alone() {
    let mut keys = AttributeSet::new();
    for code in 1..=KeyCode::KEY_KPDOT.0 {
        keys.insert(KeyCode::new(code));
    }
    let mut scanner = VirtualDevice::builder()
        .unwrap()
        .name("LABORATORY scanner")
        .input_id(InputId::new(BusType::BUS_USB, 0x1EAB, 0x1A03, 1))
        .with_keys(&keys)
        .unwrap()
        .build()
        .unwrap();
    let node = scanner
        .enumerate_dev_nodes_blocking()
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    until("the keyboard's node", || node.exists());
    // Somebody else who listens, as the screen does.
    let mut screen = Device::open(&node).unwrap();
    screen.set_nonblocking(true).unwrap();
    run(async {
        let reader = open("keyboard:1eab:1a03", BarcodeReaderProfile::default());
        online(&reader).await;
        let typing = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(500));
            type_out(&mut scanner, "Aa1@");
            scanner
        });
        let code = reader.read_once(PATIENCE).await.unwrap();
        scanner = typing.join().unwrap();
        assert_eq!(code.text.as_str(), "Aa1@");
        assert!(screen.fetch_events().is_err(), "the screen heard nothing");
        drop(reader);
        // Once nobody reads codes any more, the keyboard is everybody's again.
        until("the keyboard is let go", || {
            type_out(&mut scanner, "a");
            screen.fetch_events().is_ok()
        });
    });
}

/// Types letters, digits and the sign above the 2, and then enter.
fn type_out(scanner: &mut VirtualDevice, text: &str) {
    let mut key = |code: KeyCode, value| {
        let event = InputEvent::new(EventType::KEY.0, code.0, value);
        scanner.emit(&[event]).unwrap();
    };
    for sign in text.chars() {
        let (code, shift) = match sign {
            'a' => (KeyCode::KEY_A, false),
            'A' => (KeyCode::KEY_A, true),
            '1' => (KeyCode::KEY_1, false),
            '@' => (KeyCode::KEY_2, true),
            other => panic!("no key for {other}"),
        };
        if shift {
            key(KeyCode::KEY_LEFTSHIFT, 1);
        }
        key(code, 1);
        key(code, 0);
        if shift {
            key(KeyCode::KEY_LEFTSHIFT, 0);
        }
    }
    key(KeyCode::KEY_ENTER, 1);
    key(KeyCode::KEY_ENTER, 0);
}

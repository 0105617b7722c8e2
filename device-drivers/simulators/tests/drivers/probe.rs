//! The probe against the simulators: it is told nothing and finds out what is there.

use jinban_devices::barcode_reader::Protocol;
use jinban_devices::probe::{Found, Probed, SPEEDS, probe};
use jinban_devices::transport::{FlowControl, opener};

use crate::common::{BARCODES, PRINTER, READER, Simulator};

fn probed(program: &str, arguments: &[&str]) -> Probed {
    let simulator = Simulator::start(program, arguments);
    let mut stream = opener(&simulator.port, SPEEDS[0], FlowControl::None)().unwrap();
    probe(&mut stream, &SPEEDS).unwrap()
}

#[test]
fn each_device_is_found_at_its_own_speed() {
    for (program, arguments, found, baud) in [
        (READER, &["--baud", "38400"][..], Found::CardReader, 38_400),
        (PRINTER, &["--baud", "9600"], Found::Printer, 9600),
        (
            BARCODES,
            &["--speech", "gm65"],
            Found::BarcodeReader(Protocol::Gm65),
            9600,
        ),
        (
            BARCODES,
            &["--speech", "newland", "--baud", "115200"],
            Found::BarcodeReader(Protocol::Newland),
            115_200,
        ),
        (
            BARCODES,
            &["--speech", "ssi"],
            Found::BarcodeReader(Protocol::Ssi),
            9600,
        ),
    ] {
        let probed = probed(program, arguments);
        assert_eq!(
            (probed.found, probed.baud),
            (Some(found), Some(baud)),
            "{probed:?}"
        );
        if found == Found::Printer {
            assert_eq!(probed.device_id.unwrap().model, "SIM-80");
        }
    }
}

#[test]
fn what_is_not_known_is_shown_byte_by_byte() {
    // Deaf to every question, and answering garbage at another speed than its own.
    let probed = probed(BARCODES, &["--speech", "plain"]);
    assert_eq!((probed.found, probed.device_id), (None, None));
    assert_eq!(probed.asked, SPEEDS.len() * 5);
}

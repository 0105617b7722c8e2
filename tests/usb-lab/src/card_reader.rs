//! The identity card reader on USB, in every layout, and a hand on its plug.

use std::path::Path;

use jinban_devices::card_reader::{
    CardEvent, CardReadError, CardReader, CardReaderConfig, CardReaderProfile, UsbLayout,
};
use jinban_devices::probe::usb_devices;
use jinban_devices::profile::{Options, ProfileSet};
use jinban_devices::status::{DeviceState, FaultKind, WhoMustAct};
use jinban_simulators::id_card::generate;
use jinban_simulators::id_card::holder::Holder;

use crate::Test;
use crate::simulator::Simulator;
use crate::wait::{PATIENCE, run, status, until};

/// The tests of this area.
pub const TESTS: &[Test] = &[
    (
        "every_layout_is_found_out_and_read",
        every_layout_is_found_out_and_read,
    ),
    (
        "profiles_name_the_layout_of_their_model",
        profiles_name_the_layout_of_their_model,
    ),
    (
        "a_reader_pulled_out_while_reading_is_missed_and_comes_back",
        pulled_out_while_reading,
    ),
    (
        "a_reader_that_is_plugged_in_later_is_found",
        plugged_in_later,
    ),
    (
        "two_of_a_kind_are_told_apart_by_serial_and_by_plug",
        two_of_a_kind,
    ),
    (
        "a_damaged_line_is_recovered_from_in_every_layout",
        a_damaged_line_is_recovered_from,
    ),
];

const READER: &str = "jinban-sim-usb-card-reader";
/// What the simulator can be.
const LAYOUTS: [&str; 4] = ["four-pipes", "one-pair", "one-pair-of-four", "packets"];

fn open(port: impl AsRef<Path>, profile: CardReaderProfile) -> CardReader {
    CardReader::open(CardReaderConfig {
        port: port.as_ref().to_owned(),
        baud: jinban_devices::card_reader::Baud::Auto,
        profile,
    })
}

async fn online(reader: &CardReader) {
    status(&mut reader.status(), "online", |s| {
        s.state == DeviceState::Online
    })
    .await;
}

fn every_layout_is_found_out_and_read() {
    let Holder::Resident { name, .. } = generate::cards(1).remove(0).holder else {
        panic!("the first card is a resident's");
    };
    for layout in LAYOUTS {
        let simulator = Simulator::start(READER, &["--layout", layout, "--place", "default"]);
        run(async {
            let reader = open(&simulator.port, CardReaderProfile::default());
            online(&reader).await;
            let card = reader.read_once(PATIENCE).await.expect(layout);
            assert_eq!(card.photo.len(), 1024, "{layout}");
            assert_eq!(card.name, name, "{layout}");
            let sam = reader.identity().borrow().clone().unwrap().sam_id;
            assert_eq!(
                sam.unwrap().to_string(),
                "05.03-20190115-0001234567-0987654321"
            );
        });
    }
}

fn profiles_name_the_layout_of_their_model() {
    let profiles = ProfileSet::shipped();
    for (name, layout, wanted) in [
        ("routon-sam-v", "four-pipes", UsbLayout::FourPipes),
        ("yinan-sam-v", "packets", UsbLayout::Packets),
    ] {
        let Options::CardReader(options) = &profiles.get(name).unwrap().device else {
            panic!("{name} is no card reader");
        };
        let profile = options.profile();
        assert_eq!(profile.usb_layout, wanted);
        let simulator = Simulator::start(READER, &["--layout", layout, "--place", "default"]);
        run(async {
            let reader = open(&simulator.port, profile);
            online(&reader).await;
            reader.read_once(PATIENCE).await.expect(name);
        });
    }
}

fn pulled_out_while_reading() {
    let arguments = ["--place", "default", "--latency-ms", "1000"];
    let mut simulator = Simulator::start(READER, &arguments);
    run(async {
        let reader = open(&simulator.port, CardReaderProfile::default());
        online(&reader).await;
        let mut events = reader.events();
        reader.arm();
        while !matches!(events.recv().await.unwrap(), CardEvent::Reading) {}
        simulator.order(r#"{"do":"unplug"}"#);
        let failure = loop {
            if let CardEvent::Failed(failure) = events.recv().await.unwrap() {
                break failure;
            }
        };
        assert_eq!(failure, CardReadError::ReaderFault(FaultKind::PortMissing));
        let missing = status(&mut reader.status(), "missed", |s| {
            s.state == DeviceState::PoweredOff
        })
        .await;
        let fault = missing.fault.unwrap();
        assert_eq!(
            (fault.kind, fault.act),
            (FaultKind::PortMissing, WhoMustAct::SiteStaff)
        );
        reader.disarm();

        simulator.order(r#"{"do":"plug"}"#);
        online(&reader).await;
        reader.read_once(PATIENCE).await.unwrap();
    });
}

fn plugged_in_later() {
    run(async {
        let reader = open("usb:0400:c35a", CardReaderProfile::default());
        status(&mut reader.status(), "missed", |s| {
            s.state == DeviceState::PoweredOff
        })
        .await;
        let _simulator = Simulator::start(READER, &["--place", "default"]);
        online(&reader).await;
        reader.read_once(PATIENCE).await.unwrap();
    });
}

fn two_of_a_kind() {
    let _first = Simulator::start(READER, &["--seed", "1", "--place", "default"]);
    let _second = Simulator::start(READER, &["--seed", "2", "--place", "default"]);
    let mut plug = None;
    until("the second reader", || {
        let mut devices = usb_devices().into_iter();
        plug = devices
            .find(|device| device.serial == "SIM2")
            .map(|device| device.plug);
        plug.is_some()
    });
    let plug = plug.unwrap();
    run(async {
        for address in [
            "usb:0400:c35a#SIM2".to_owned(),
            format!("usb:0400:c35a@{plug}"),
        ] {
            let reader = open(&address, CardReaderProfile::default());
            online(&reader).await;
            let sam = reader.identity().borrow().clone().unwrap().sam_id.unwrap();
            assert!(sam.to_string().contains("0001234568"), "{address}: {sam}");
        }
    });
}

fn a_damaged_line_is_recovered_from() {
    for layout in LAYOUTS {
        let mut simulator = Simulator::start(READER, &["--layout", layout, "--place", "default"]);
        run(async {
            let reader = open(&simulator.port, CardReaderProfile::default());
            online(&reader).await;
            simulator.order(r#"{"do":"noise","bytes":90,"flip":true,"times":1}"#);
            let mut events = reader.events();
            reader.arm();
            let read =
                async { while !matches!(events.recv().await.unwrap(), CardEvent::Read(_)) {} };
            tokio::time::timeout(PATIENCE, read).await.expect(layout);
        });
    }
}

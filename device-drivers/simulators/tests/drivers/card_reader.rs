//! The card reader's driver against the simulated reader.

use std::time::Duration;

use jinban_devices::card_reader::{
    Baud, CardEvent, CardKind, CardReadError, CardReader, CardReaderConfig, CardReaderProfile,
    CardRefusal, IdCard, ValidTo,
};
use jinban_devices::status::{DeviceState, FaultKind, MediaState};
use jinban_simulators::id_card::generate;
use jinban_simulators::id_card::holder::Holder;
use tokio::sync::broadcast;

use crate::await_status;
use crate::common::{READER, Simulator};

const PATIENCE: Duration = Duration::from_secs(30);

fn open(simulator: &Simulator, baud: Baud) -> CardReader {
    CardReader::open(CardReaderConfig {
        port: simulator.port.clone(),
        baud,
        profile: CardReaderProfile::default(),
    })
}

/// The next event that ends an attempt to read.
async fn outcome(
    events: &mut broadcast::Receiver<CardEvent>,
) -> Result<std::sync::Arc<IdCard>, CardReadError> {
    let ended = async {
        loop {
            match events.recv().await.unwrap() {
                CardEvent::Read(card) => return Ok(card),
                CardEvent::Failed(error) => return Err(error),
                _ => {}
            }
        }
    };
    tokio::time::timeout(PATIENCE, ended)
        .await
        .expect("no outcome")
}

#[tokio::test]
async fn a_residents_card_is_read_with_every_field() {
    let simulator = Simulator::start(READER, &["--place", "default"]);
    let reader = open(&simulator, Baud::Auto);
    let card = reader.read_once(PATIENCE).await.unwrap();
    let shown = generate::cards(1).remove(0).holder;
    let Holder::Resident {
        name,
        address,
        number,
        authority,
        ..
    } = shown
    else {
        panic!("the first card is a resident's");
    };
    assert_eq!((card.kind, &card.name), (CardKind::Resident, &name));
    assert_eq!(card.address.as_deref(), Some(address.as_str()));
    assert_eq!(card.id_number.as_str(), number);
    assert_eq!(card.issuer.as_deref(), Some(authority.as_str()));
    assert_eq!(card.birth, jiff::civil::date(1945, 3, 12));
    assert_eq!(card.nationality.as_ref().unwrap().name, "汉");
    assert_eq!(card.valid_to, ValidTo::LongTerm);
    assert_eq!(card.photo.len(), 1024);
    assert_eq!(card.check(jiff::civil::date(2026, 11, 23)), Ok(()));
}

#[tokio::test]
async fn each_kind_of_card_is_told_from_the_others() {
    let mut simulator = Simulator::start(READER, &["--latency-ms", "50"]);
    let reader = open(&simulator, Baud::Fixed(115_200));
    for (id, kind, name) in [
        ("hk-macao-taiwan", CardKind::ResidencePermit, "陈试样"),
        ("foreigner-2017", CardKind::ForeignerPermanent2017, "简试样"),
        ("foreigner-2023", CardKind::ForeignerPermanent2023, "戈试样"),
        ("rare-name", CardKind::Resident, "何𬭎"),
    ] {
        simulator.order(&format!(r#"{{"do":"place","card":"{id}"}}"#));
        let card = reader.read_once(PATIENCE).await.unwrap();
        assert_eq!((card.kind, card.name.as_str()), (kind, name), "{id}");
        let today = jiff::civil::date(2026, 11, 23);
        assert_eq!(card.check(today), Ok(()), "{id}");
        if id == "foreigner-2023" {
            let english = card.english_name.as_deref();
            assert_eq!(english, Some("SPECIMEN, ALEXANDER MAXIMILIAN CHRISTOPHER"));
        }
    }
}

#[tokio::test]
async fn the_newest_additional_address_replaces_the_printed_one() {
    let simulator = Simulator::start(READER, &["--latency-ms", "50", "--place", "moved"]);
    let reader = open(&simulator, Baud::Auto);
    let card = reader.read_once(PATIENCE).await.unwrap();
    assert_eq!(
        card.address.as_deref(),
        Some("四川省青川县竹园镇将军路16号")
    );
}

#[tokio::test]
async fn the_rate_of_the_reader_is_found_and_its_number_shown() {
    let simulator = Simulator::start(READER, &["--baud", "19200"]);
    let reader = open(&simulator, Baud::Auto);
    let mut status = reader.status();
    await_status(&mut status, "online", |status| {
        status.state == DeviceState::Online
    })
    .await;
    let identity = reader.identity().borrow().clone().unwrap();
    assert_eq!(identity.baud, 19_200);
    let number = identity.sam_id.unwrap().to_string();
    assert_eq!(number, "05.03-20190115-0001234567-0987654321");
}

#[tokio::test]
async fn a_disturbed_line_delays_a_reading_and_does_not_falsify_it() {
    let mut simulator = Simulator::start(READER, &["--latency-ms", "50"]);
    let reader = open(&simulator, Baud::Fixed(115_200));
    let mut status = reader.status();
    await_status(&mut status, "online", |status| {
        status.state == DeviceState::Online
    })
    .await;
    for noise in [
        r#"{"do":"noise","bytes":40}"#,
        r#"{"do":"noise","bytes":0,"flip":true}"#,
        r#"{"do":"noise","bytes":7,"flip":true,"times":2}"#,
    ] {
        simulator.order(r#"{"do":"place","card":"neighbour"}"#);
        simulator.order(noise);
        let card = reader.read_once(PATIENCE).await.unwrap();
        card.id_number.verify().unwrap();
        simulator.order(r#"{"do":"remove"}"#);
    }
}

#[tokio::test]
async fn a_cut_line_is_reported_and_its_repair_is_noticed() {
    let mut simulator = Simulator::start(READER, &["--latency-ms", "50"]);
    let reader = open(&simulator, Baud::Fixed(115_200));
    let mut status = reader.status();
    await_status(&mut status, "online", |status| {
        status.state == DeviceState::Online
    })
    .await;
    simulator.order(r#"{"do":"cut"}"#);
    let broken = await_status(&mut status, "a fault", |status| status.fault.is_some()).await;
    assert_eq!(broken.fault.unwrap().kind, FaultKind::NoAnswer);
    simulator.order(r#"{"do":"restore"}"#);
    simulator.order(r#"{"do":"place"}"#);
    await_status(&mut status, "online again", |status| {
        status.state == DeviceState::Online
    })
    .await;
    reader.read_once(PATIENCE).await.unwrap();
}

#[tokio::test]
async fn a_card_lifted_too_early_is_told_once_and_read_when_laid_down_again() {
    let mut simulator = Simulator::start(READER, &["--latency-ms", "300"]);
    let reader = open(&simulator, Baud::Fixed(115_200));
    let mut events = reader.events();
    simulator.order(r#"{"do":"place"}"#);
    simulator.order(r#"{"do":"lift-mid-read"}"#);
    reader.arm();
    assert_eq!(
        outcome(&mut events).await.unwrap_err(),
        CardReadError::MovedTooEarly
    );
    simulator.order(r#"{"do":"place"}"#);
    assert_eq!(outcome(&mut events).await.unwrap().name, "王桂兰");
}

#[tokio::test]
async fn a_card_is_read_once_for_each_time_it_is_laid_down_on_either_kind_of_reader() {
    for mode in ["still-9f", "80-until-lifted"] {
        let arguments = [
            "--latency-ms",
            "50",
            "--removal-mode",
            mode,
            "--place",
            "default",
        ];
        let mut simulator = Simulator::start(READER, &arguments);
        let reader = open(&simulator, Baud::Fixed(115_200));
        let mut events = reader.events();
        reader.arm();
        outcome(&mut events).await.unwrap();
        let polled = simulator.state()["answers"].as_u64().unwrap() + 8;
        simulator.await_state("more polls", |state| {
            state["answers"].as_u64() > Some(polled)
        });
        assert_eq!(
            simulator.state()["reads"],
            1,
            "{mode}: read again while it lies there"
        );
        simulator.order(r#"{"do":"remove"}"#);
        let polled = simulator.state()["answers"].as_u64().unwrap() + 8;
        simulator.await_state("more polls", |state| {
            state["answers"].as_u64() > Some(polled)
        });
        simulator.order(r#"{"do":"place","card":"agent"}"#);
        let second = outcome(&mut events).await.unwrap();
        assert_ne!(second.name, "王桂兰", "{mode}");
    }
}

#[tokio::test]
async fn what_the_module_says_of_a_card_decides_what_the_person_is_told() {
    let mut simulator = Simulator::start(READER, &["--latency-ms", "20"]);
    let reader = open(&simulator, Baud::Fixed(115_200));
    for (sw3, expected) in [
        ("32", CardReadError::CannotVerify),
        ("33", CardReadError::CannotVerify),
        ("40", CardReadError::WrongCardType),
    ] {
        simulator.order(r#"{"do":"place"}"#);
        simulator.order(&format!(
            r#"{{"do":"fail-next","sw3":"{sw3}","times":1000}}"#
        ));
        assert_eq!(
            reader.read_once(PATIENCE).await.unwrap_err(),
            expected,
            "{sw3}"
        );
        simulator.order(r#"{"do":"restore"}"#);
        simulator.order(r#"{"do":"remove"}"#);
    }
}

#[tokio::test]
async fn cards_that_must_not_be_accepted_are_read_and_refused() {
    let mut simulator = Simulator::start(READER, &["--latency-ms", "20"]);
    let reader = open(&simulator, Baud::Fixed(115_200));
    let today = jiff::civil::date(2026, 11, 23);
    simulator.order(r#"{"do":"place"}"#);
    simulator.order(r#"{"do":"bad-check-digit"}"#);
    let card = reader.read_once(PATIENCE).await.unwrap();
    assert_eq!(card.check(today), Err(CardRefusal::WrongCheckDigit));
    simulator.order(r#"{"do":"restore"}"#);
    simulator.order(r#"{"do":"expired"}"#);
    simulator.order(r#"{"do":"place"}"#);
    let card = reader.read_once(PATIENCE).await.unwrap();
    let on = jiff::civil::date(2015, 6, 1);
    assert_eq!(card.check(today), Err(CardRefusal::Expired { on }));
}

#[tokio::test]
async fn a_person_who_forgets_the_card_can_be_reminded_and_one_who_takes_it_need_not() {
    let mut simulator = Simulator::start(READER, &["--latency-ms", "20"]);
    let reader = open(&simulator, Baud::Fixed(115_200));
    let mut media = reader.media();
    for forgets in [true, false] {
        simulator.order(&format!(r#"{{"do":"visit","forgets":{forgets}}}"#));
        reader.read_once(PATIENCE).await.unwrap();
        let polled = simulator.state()["answers"].as_u64().unwrap() + 12;
        if forgets {
            simulator.await_state("more polls", |s| s["answers"].as_u64() > Some(polled));
            assert_eq!(*media.borrow(), MediaState::Present);
            simulator.order(r#"{"do":"remove"}"#);
        }
        let gone = media.wait_for(|media| *media == MediaState::NotPresent);
        tokio::time::timeout(PATIENCE, gone).await.unwrap().unwrap();
        assert_eq!(simulator.state()["reads"], if forgets { 1 } else { 2 });
    }
}

#[tokio::test]
async fn a_reader_pulled_out_while_it_reads_is_missed_and_reads_when_it_is_back() {
    let place = tempfile::tempdir().unwrap();
    let port = place.path().join("reader");
    let arguments = ["--latency-ms", "400", "--link", port.to_str().unwrap()];
    let mut simulator = Simulator::start(READER, &arguments);
    let reader = CardReader::open(CardReaderConfig {
        port,
        baud: Baud::Fixed(115_200),
        profile: CardReaderProfile::default(),
    });
    let mut status = reader.status();
    let mut events = reader.events();
    await_status(&mut status, "online", |s| s.state == DeviceState::Online).await;
    simulator.order(r#"{"do":"place"}"#);
    reader.arm();
    while !matches!(events.recv().await.unwrap(), CardEvent::Reading) {}
    simulator.order(r#"{"do":"unplug"}"#);
    await_status(&mut status, "gone", |s| {
        s.fault
            .as_ref()
            .is_some_and(|fault| fault.kind == FaultKind::PortMissing)
    })
    .await;
    let failed = outcome(&mut events).await.unwrap_err();
    assert_eq!(failed, CardReadError::ReaderFault(FaultKind::PortMissing));
    simulator.order(r#"{"do":"plug"}"#);
    assert_eq!(outcome(&mut events).await.unwrap().name, "王桂兰");
}

#[tokio::test]
async fn a_slow_reader_still_reads_and_one_that_changes_its_rate_is_found_again() {
    let mut simulator = Simulator::start(READER, &["--latency-ms", "100", "--place", "default"]);
    let reader = open(&simulator, Baud::Auto);
    simulator.order(r#"{"do":"slow","factor":4}"#);
    reader.read_once(PATIENCE).await.unwrap();
    simulator.order(r#"{"do":"restore"}"#);
    simulator.order(r#"{"do":"wrong-baud","baud":38400}"#);
    let mut status = reader.status();
    await_status(&mut status, "a fault", |s| s.fault.is_some()).await;
    await_status(&mut status, "online", |s| s.state == DeviceState::Online).await;
    assert_eq!(reader.identity().borrow().as_ref().unwrap().baud, 38_400);
    reader.read_once(PATIENCE).await.unwrap();
}

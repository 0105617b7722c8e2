//! Conversations with scripted readers: what the terminal makes of every status a module can give.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;
use crate::card_reader::error::CardReadError;
use crate::card_reader::holder::IdCard;
use crate::card_reader::testing::{
    CITIZEN, address, block, card_data, citizen_reply, hex, reply, status,
};
use crate::card_reader::text;
use crate::transport::scripted::{ScriptedStream, Step};

const SAM_ID: &str =
    "AA AA AA 96 69 00 14 00 00 90 05 00 03 00 A3 13 34 01 87 D6 12 00 B1 68 DE 3A 79";

fn expect(command: Command) -> Step {
    Step::Expect(command.encode())
}

/// One command and its answer.
fn turn(command: Command, answer: Vec<u8>) -> [Step; 2] {
    [expect(command), Step::Send(answer)]
}

fn introduction() -> Vec<Step> {
    [
        turn(Command::SamStatus, status(0x90)),
        turn(Command::SamId, hex(SAM_ID)),
    ]
    .concat()
}

fn found() -> [Step; 2] {
    turn(Command::FindCard, reply([0, 0, 0x9F], &[0; 4]))
}

/// The reader has no card, also when asked again.
fn not_found() -> Vec<Step> {
    [
        turn(Command::FindCard, status(0x80)),
        turn(Command::FindCard, status(0x80)),
    ]
    .concat()
}

fn selected() -> [Step; 2] {
    turn(Command::SelectCard, reply([0, 0, 0x90], &[0; 8]))
}

fn read_ok() -> [Step; 2] {
    turn(Command::ReadCard, citizen_reply())
}

fn no_new_address() -> [Step; 2] {
    turn(Command::ReadNewAddress, status(0x91))
}

/// Plays a read against a script and insists that the script was followed to its end.
fn read(steps: &[&[Step]]) -> Result<IdCard, ReadFailure> {
    let script = introduction()
        .into_iter()
        .chain(steps.concat())
        .collect::<Vec<_>>();
    let stream = ScriptedStream::new(script);
    let timing = LinkTiming::default();
    let (mut driver, _) = Driver::connect(
        stream,
        Baud::Fixed(115_200),
        None,
        timing,
        &CardReaderProfile::default(),
    )
    .expect("connects");
    let result = driver.read_card();
    let stream = driver.link.into_stream();
    assert!(stream.is_finished(), "{stream:?}");
    result
}

fn error_of(result: Result<IdCard, ReadFailure>) -> CardReadError {
    match result.expect_err("not read") {
        ReadFailure::Card(error) => error,
        ReadFailure::Lost(fault) => panic!("lost: {fault:?}"),
    }
}

#[test]
fn a_models_options_change_what_is_said_to_it() {
    let profile = CardReaderProfile {
        speeds: vec![9600],
        rf_frame_bytes: Some(0x50),
        asks_twice: false,
        knows_added_addresses: false,
        ..CardReaderProfile::default()
    };
    let script = [
        turn(Command::SamStatus, status(0x90)).to_vec(),
        // An older module does not know this, and is none the worse for it.
        turn(Command::SetRfFrame(0x50), status(0x21)).to_vec(),
        turn(Command::SamId, hex(SAM_ID)).to_vec(),
        turn(Command::FindCard, status(0x80)).to_vec(),
        found().to_vec(),
        selected().to_vec(),
        read_ok().to_vec(),
    ]
    .concat();
    let stream = ScriptedStream::new(script);
    let timing = LinkTiming::default();
    let (mut driver, identity) =
        Driver::connect(stream, Baud::Auto, None, timing, &profile).unwrap();
    assert_eq!(identity.baud, 9600);
    assert_eq!(driver.find(), Ok(false));
    assert_eq!(driver.find(), Ok(true));
    driver.read_card().unwrap();
    let stream = driver.link.into_stream();
    assert!(stream.is_finished(), "{:?}", stream.deviation());
}

#[test]
fn a_reader_introduces_itself() {
    let stream = ScriptedStream::new(introduction());
    let (_, identity) = Driver::connect(
        stream,
        Baud::Fixed(9600),
        None,
        LinkTiming::default(),
        &CardReaderProfile::default(),
    )
    .unwrap();
    assert_eq!(identity.baud, 9600);
    assert_eq!(
        identity.sam_id.unwrap().to_string(),
        "05.03-20190115-0001234567-0987654321"
    );
}

#[test]
fn the_speed_is_found_by_trying() {
    let silent = [expect(Command::SamStatus), Step::Silence];
    let garbled = [
        expect(Command::SamStatus),
        Step::Send(vec![0xF8; 9]),
        Step::Silence,
    ];
    let steps = [&silent[..], &silent, &garbled, &garbled, &introduction()].concat();
    let stream = ScriptedStream::new(steps);
    let (driver, identity) = Driver::connect(
        stream,
        Baud::Auto,
        None,
        LinkTiming::default(),
        &CardReaderProfile::default(),
    )
    .unwrap();
    assert_eq!(identity.baud, 38_400);
    let stream = driver.link.into_stream();
    assert_eq!(stream.bauds(), [115_200, 57_600, 38_400]);
    assert!(stream.is_finished(), "{stream:?}");
}

#[test]
fn the_speed_of_last_time_is_tried_first() {
    let stream = ScriptedStream::new(introduction());
    let (_, identity) = Driver::connect(
        stream,
        Baud::Auto,
        Some(9600),
        LinkTiming::default(),
        &CardReaderProfile::default(),
    )
    .unwrap();
    assert_eq!(identity.baud, 9600);
}

#[test]
fn silence_noise_and_a_sick_module_are_told_apart() {
    let connect = |steps: Vec<Step>| {
        let stream = ScriptedStream::new(steps);
        let fixed = Baud::Fixed(115_200);
        let Err(fault) = Driver::connect(
            stream,
            fixed,
            None,
            LinkTiming::default(),
            &CardReaderProfile::default(),
        ) else {
            panic!("connected");
        };
        fault.kind
    };
    let silent = [expect(Command::SamStatus), Step::Silence];
    let noise = [
        expect(Command::SamStatus),
        Step::Send(vec![1, 2, 3]),
        Step::Silence,
    ];
    assert_eq!(
        connect([silent.clone(), silent.clone()].concat()),
        FaultKind::NoAnswer
    );
    assert_eq!(connect([&silent[..], &noise].concat()), FaultKind::Garbled);
    for (sw3, kind) in [
        (0x60, FaultKind::SamFailed),
        (0x66, FaultKind::SamNotAuthorised),
        (0x21, FaultKind::Unsupported),
        (0x23, FaultKind::Other),
        (0x24, FaultKind::Other),
    ] {
        let steps = turn(Command::SamStatus, status(sw3)).to_vec();
        assert_eq!(connect(steps), kind, "{sw3:02X}");
    }
    assert_eq!(connect(vec![Step::Unplug]), FaultKind::PortMissing);
}

#[test]
fn a_reader_without_a_number_is_used_all_the_same() {
    let steps = [
        turn(Command::SamStatus, status(0x90)),
        turn(Command::SamId, status(0x21)),
    ];
    let stream = ScriptedStream::new(steps.concat());
    let (_, identity) = Driver::connect(
        stream,
        Baud::Fixed(9600),
        None,
        LinkTiming::default(),
        &CardReaderProfile::default(),
    )
    .unwrap();
    assert_eq!(identity.sam_id, None);
}

#[test]
fn a_card_is_read() {
    let card = read(&[&selected(), &read_ok(), &no_new_address()]).unwrap();
    assert_eq!(card.name, "测试人");
    assert_eq!(card.address.as_deref(), Some("北京市朝阳区示例路1号"));
    assert_eq!(card.photo.len(), 1024);
}

#[test]
fn the_newest_address_replaces_the_printed_one() {
    let records = [address("示例县第一村1组"), address("")].concat();
    let newest = turn(Command::ReadNewAddress, reply([0, 0, 0x90], &records));
    let card = read(&[&selected(), &read_ok(), &newest]).unwrap();
    assert_eq!(card.address.as_deref(), Some("示例县第一村1组"));
}

#[test]
fn a_reader_that_does_not_know_added_addresses_still_reads() {
    for answer in [0x21, 0x23, 0x24, 0x91] {
        let unknown = turn(Command::ReadNewAddress, status(answer));
        read(&[&selected(), &read_ok(), &unknown]).unwrap();
    }
    let silent = [expect(Command::ReadNewAddress), Step::Silence];
    read(&[&selected(), &read_ok(), &silent]).unwrap();
}

#[test]
fn a_foreigners_card_is_not_asked_for_addresses() {
    let text = block(&[
        (0, "EXAMPLE"),
        (120, "1"),
        (122, "GBR310000000001"),
        (188, "20180601"),
        (204, "20280601"),
        (220, "19800203"),
        (248, "I"),
    ]);
    let answer = turn(Command::ReadCard, reply([0, 0, 0x90], &card_data(&text)));
    read(&[&selected(), &answer]).unwrap();
}

#[test]
fn a_card_moved_while_read_is_looked_for_and_read_again() {
    let moved = turn(Command::ReadCard, status(0x41));
    let story: [&[Step]; 7] = [
        &selected(),
        &moved,
        &found(),
        &selected(),
        &read_ok(),
        &no_new_address(),
        &[],
    ];
    read(&story).unwrap();
}

#[test]
fn a_card_that_is_gone_at_the_second_look_was_moved_too_early() {
    let moved = turn(Command::ReadCard, status(0x41));
    let result = read(&[&selected(), &moved, &not_found()]);
    assert_eq!(error_of(result), CardReadError::MovedTooEarly);
    let unselected = turn(Command::SelectCard, status(0x81));
    let result = read(&[&unselected, &not_found()]);
    assert_eq!(error_of(result), CardReadError::MovedTooEarly);
}

#[test]
fn statuses_that_may_pass_are_given_three_attempts() {
    for (sw3, error) in [
        (0x41, CardReadError::MovedTooEarly),
        (
            0x31,
            CardReadError::CardRefused {
                sw1: 0x6A,
                sw2: 0x82,
            },
        ),
        (
            0x24,
            CardReadError::CardRefused {
                sw1: 0x6A,
                sw2: 0x82,
            },
        ),
    ] {
        let fails = turn(Command::ReadCard, reply([0x6A, 0x82, sw3], &[]));
        let again = [&found()[..], &selected(), &fails].concat();
        let result = read(&[&selected(), &fails, &again, &again]);
        assert_eq!(error_of(result), error, "{sw3:02X}");
    }
}

#[test]
fn a_card_that_cannot_be_verified_is_refused_at_once() {
    for sw3 in [0x32, 0x33] {
        let forged = turn(Command::ReadCard, status(sw3));
        let result = read(&[&selected(), &forged]);
        assert_eq!(error_of(result), CardReadError::CannotVerify, "{sw3:02X}");
    }
}

#[test]
fn another_kind_of_card_is_refused_at_once() {
    let other = turn(Command::SelectCard, status(0x40));
    assert_eq!(error_of(read(&[&other])), CardReadError::WrongCardType);
}

#[test]
fn a_wrong_card_that_shows_already_when_looked_for_is_not_overlooked() {
    let story = [&introduction()[..], &turn(Command::FindCard, status(0x40))].concat();
    let stream = ScriptedStream::new(story);
    let (mut driver, _) = Driver::connect(
        stream,
        Baud::Fixed(9600),
        None,
        LinkTiming::default(),
        &CardReaderProfile::default(),
    )
    .unwrap();
    assert_eq!(driver.find(), Ok(true));
}

#[test]
fn a_module_without_random_numbers_is_reset() {
    let fails = turn(Command::ReadCard, status(0x47));
    let reset = turn(Command::ResetSam, status(0x90));
    read(&[
        &selected(),
        &fails,
        &reset,
        &found(),
        &selected(),
        &read_ok(),
        &no_new_address(),
    ])
    .unwrap();
}

#[test]
fn a_module_that_fails_ends_the_connection() {
    for (sw3, kind) in [
        (0x60, FaultKind::SamFailed),
        (0x66, FaultKind::SamNotAuthorised),
        (0x21, FaultKind::Unsupported),
        (0x11, FaultKind::Other),
        (0x23, FaultKind::Other),
        (0x77, FaultKind::Other),
    ] {
        let fails = turn(Command::SelectCard, status(sw3));
        match read(&[&fails]) {
            Err(ReadFailure::Lost(fault)) => assert_eq!(fault.kind, kind, "{sw3:02X}"),
            other => panic!("{sw3:02X}: {other:?}"),
        }
    }
}

#[test]
fn a_module_that_misheard_us_is_told_again_once() {
    let misheard = turn(Command::SelectCard, status(0x10));
    read(&[&misheard, &selected(), &read_ok(), &no_new_address()]).unwrap();

    let twice = [misheard.clone(), misheard].concat();
    let again = [&found()[..], &twice].concat();
    let result = read(&[&twice, &again, &again]);
    let during = Command::SelectCard;
    assert_eq!(error_of(result), CardReadError::Damaged { during });
}

#[test]
fn a_damaged_answer_is_asked_for_again() {
    let mut damaged = citizen_reply();
    damaged[700] ^= 0x10;
    let bad = [
        expect(Command::ReadCard),
        Step::Send(damaged),
        Step::Silence,
    ];
    let again = [&found()[..], &selected(), &bad].concat();
    read(&[
        &selected(),
        &bad,
        &found(),
        &selected(),
        &read_ok(),
        &no_new_address(),
    ])
    .unwrap();
    let result = read(&[&selected(), &bad, &again, &again]);
    let during = Command::ReadCard;
    assert_eq!(error_of(result), CardReadError::Damaged { during });
}

#[test]
fn an_answer_that_is_cut_off_is_not_used() {
    let cut = citizen_reply()[..900].to_vec();
    let bad = [expect(Command::ReadCard), Step::Send(cut), Step::Silence];
    read(&[
        &selected(),
        &bad,
        &found(),
        &selected(),
        &read_ok(),
        &no_new_address(),
    ])
    .unwrap();
}

#[test]
fn sizes_that_contradict_each_other_are_damage() {
    let mut data = card_data(&block(&CITIZEN));
    data[3] = 8;
    let wrong = turn(Command::ReadCard, reply([0, 0, 0x90], &data));
    let again = [&found()[..], &selected(), &wrong].concat();
    let result = read(&[&selected(), &wrong, &again, &again]);
    let during = Command::ReadCard;
    assert_eq!(error_of(result), CardReadError::Damaged { during });
}

#[test]
fn a_text_without_sense_is_unreadable() {
    let text = block(&[(0, "测试人")]);
    let wrong = turn(Command::ReadCard, reply([0, 0, 0x90], &card_data(&text)));
    let again = [&found()[..], &selected(), &wrong].concat();
    let result = read(&[&selected(), &wrong, &again, &again]);
    let reason = text::TextError::Empty(text::Field::Birth);
    assert_eq!(error_of(result), CardReadError::Unreadable(reason));
}

#[test]
fn a_reader_that_falls_silent_is_no_fault_of_the_card() {
    let silent = [expect(Command::ReadCard), Step::Silence];
    let again = [&found()[..], &selected(), &silent].concat();
    let result = read(&[&selected(), &silent, &again, &again]);
    assert_eq!(error_of(result), CardReadError::NoAnswer);
}

#[test]
fn a_cable_pulled_while_reading_ends_the_connection() {
    let stream_ends = [expect(Command::ReadCard), Step::Unplug];
    let steps = [&introduction()[..], &selected(), &stream_ends].concat();
    let stream = ScriptedStream::new(steps);
    let (mut driver, _) = Driver::connect(
        stream,
        Baud::Fixed(9600),
        None,
        LinkTiming::default(),
        &CardReaderProfile::default(),
    )
    .unwrap();
    match driver.read_card() {
        Err(ReadFailure::Lost(fault)) => assert_eq!(fault.kind, FaultKind::PortMissing),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_late_answer_is_not_taken_for_the_next_one() {
    // The answer to find arrives after select was sent.
    let late = [
        expect(Command::SelectCard),
        Step::Send(reply([0, 0, 0x9F], &[0; 4])),
        Step::Send(reply([0, 0, 0x90], &[0; 8])),
    ];
    read(&[&late, &read_ok(), &no_new_address()]).unwrap();
}

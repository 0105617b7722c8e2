//! The order of find, select and read, and each way in which it can fail.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;
use crate::id_card::generate;

fn module_with(id: &str) -> Module {
    let mut module = Module::new([0; 16], RemovalMode::StillFound);
    module.place(
        generate::cards(1)
            .into_iter()
            .find(|card| card.id == id)
            .unwrap(),
    );
    module
}

fn ask(module: &mut Module, command: u8, parameter: u8) -> Vec<u8> {
    let request = Request {
        command,
        parameter,
        data: Vec::new(),
    };
    module.answer(&Incoming::Request(request)).bytes
}

fn status(module: &mut Module, command: u8, parameter: u8) -> u8 {
    ask(module, command, parameter)[9]
}

#[test]
fn a_card_is_found_selected_and_read_in_that_order_only() {
    let mut module = module_with("default");
    assert_eq!(status(&mut module, 0x20, 2), 0x81, "select without find");
    assert_eq!(status(&mut module, 0x20, 1), 0x9F);
    assert_eq!(status(&mut module, 0x30, 1), 0x41, "read without select");
    assert_eq!(status(&mut module, 0x20, 1), 0x9F);
    assert_eq!(status(&mut module, 0x20, 2), 0x90);
    let card = ask(&mut module, 0x30, 1);
    assert_eq!(
        (card.len(), &card[5..7], card[9]),
        (1295, &[5, 8][..], 0x90)
    );
    assert_eq!(card[10..14], [1, 0, 4, 0]);
}

#[test]
fn fingerprints_make_the_longest_answer() {
    let mut module = module_with("default");
    status(&mut module, 0x20, 1);
    status(&mut module, 0x20, 2);
    let card = ask(&mut module, 0x30, 0x10);
    assert_eq!((card.len(), &card[5..7]), (2321, &[9, 0x0A][..]));
}

#[test]
fn additional_addresses_are_whole_records_or_absent() {
    for (id, expected) in [("default", (11, 0x91)), ("moved", (11 + 140, 0x90))] {
        let mut module = module_with(id);
        status(&mut module, 0x20, 1);
        status(&mut module, 0x20, 2);
        let answer = ask(&mut module, 0x30, 3);
        assert_eq!((answer.len(), answer[9]), expected, "{id}");
    }
}

#[test]
fn a_card_lifted_during_the_read_fails_it_and_is_gone() {
    let mut module = module_with("default");
    status(&mut module, 0x20, 1);
    status(&mut module, 0x20, 2);
    module.faults.lift_mid_read = true;
    assert_eq!(status(&mut module, 0x30, 1), 0x41);
    assert_eq!(status(&mut module, 0x20, 1), 0x80);
}

#[test]
fn both_kinds_of_reader_show_a_card_that_was_read_in_their_own_way() {
    for (removal, expected) in [
        (RemovalMode::StillFound, 0x9F),
        (RemovalMode::HiddenUntilLifted, 0x80),
    ] {
        let mut module = module_with("default");
        module.removal = removal;
        for command in [(0x20, 1), (0x20, 2), (0x30, 1)] {
            status(&mut module, command.0, command.1);
        }
        assert_eq!(status(&mut module, 0x20, 1), expected);
        let card = module.card().unwrap().clone();
        module.remove();
        module.place(card);
        assert_eq!(status(&mut module, 0x20, 1), 0x9F, "laid down again");
    }
}

#[test]
fn an_ordered_failure_waits_for_its_command_and_ends_after_its_times() {
    let mut module = module_with("default");
    module.faults.failure = Some(Failure {
        sw3: 0x41,
        times: 2,
        command: None,
    });
    for expected in [0x41, 0x41, 0x90] {
        assert_eq!(status(&mut module, 0x20, 1), 0x9F);
        assert_eq!(status(&mut module, 0x20, 2), 0x90);
        assert_eq!(status(&mut module, 0x30, 1), expected);
    }
}

#[test]
fn a_new_rate_holds_only_after_the_answer() {
    let mut module = module_with("default");
    let request = Request {
        command: 0x60,
        parameter: 4,
        data: Vec::new(),
    };
    let answer = module.answer(&Incoming::Request(request));
    assert_eq!((answer.bytes[9], answer.then_baud), (0x90, Some(9600)));
    assert_eq!(status(&mut module, 0x60, 5), 0x21);
}

#[test]
fn requests_that_no_module_knows_are_refused_and_counted() {
    let mut module = module_with("default");
    assert_eq!(status(&mut module, 0x20, 0), 0x21);
    assert_eq!(module.counters.unknown_commands, 1);
    assert_eq!(module.answer(&Incoming::BadChecksum).bytes[9], 0x10);
    assert_eq!(module.answer(&Incoming::BadLength).bytes[9], 0x11);
}

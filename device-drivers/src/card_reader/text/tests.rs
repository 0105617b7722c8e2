//! Card texts of all four layouts, fictional throughout, and what happens to damaged ones.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::card_reader::holder::ValidTo;
use crate::card_reader::testing::{CITIZEN, address, block, fixed_cases};

fn with(changes: &[(usize, &str)]) -> Vec<u8> {
    block(&[&CITIZEN, changes].concat())
}

#[test]
fn a_citizens_card_is_taken_apart() {
    let card = parse(&block(&CITIZEN), &[7; 1024]).unwrap();
    assert_eq!(card.kind, CardKind::Resident);
    assert_eq!(card.name, "测试人");
    assert_eq!(card.sex, Sex::Female);
    let nationality = card.nationality.as_ref().unwrap();
    assert_eq!((&*nationality.code, &*nationality.name), ("01", "汉"));
    assert_eq!(card.birth, date(1949, 12, 31));
    assert_eq!(card.address.as_deref(), Some("北京市朝阳区示例路1号"));
    assert_eq!(card.id_number.as_str(), "11010519491231002X");
    assert_eq!(card.issuer.as_deref(), Some("北京市公安局朝阳分局"));
    assert_eq!(card.valid_from, date(2020, 1, 1));
    assert_eq!(card.valid_to, ValidTo::LongTerm);
    assert_eq!(card.photo.bytes(), [7; 1024]);
    assert_eq!(card.english_name, None);
    assert_eq!(card.check(date(2026, 11, 23)), Ok(()));
}

#[test]
fn a_residence_permit_has_a_travel_permit_and_no_ethnic_group() {
    let text = block(&[
        (0, "测试港"),
        (30, "1"),
        (36, "19940823"),
        (52, "广东省深圳市示例路2号"),
        (122, "810000199408230021"),
        (158, "深圳市公安局"),
        (188, "20200101"),
        (204, "20250101"),
        (220, "H00000001"),
        (238, "01"),
        (248, "J"),
    ]);
    let card = parse(&text, &[]).unwrap();
    assert_eq!(card.kind, CardKind::ResidencePermit);
    assert!(card.nationality.is_none());
    assert_eq!(card.travel_permit.as_deref(), Some("H00000001"));
    assert_eq!(card.valid_to, ValidTo::On(date(2025, 1, 1)));
    assert_eq!(card.check(date(2025, 1, 1)), Ok(()));
}

#[test]
fn a_foreigners_card_of_2017_keeps_its_fields_elsewhere() {
    let text = block(&[
        (0, "EXAMPLE, TEST PERSON"),
        (120, "2"),
        (122, "GBR310000000001"),
        (152, "GBR"),
        (158, "测试外"),
        (188, "20180601"),
        (204, "20280601"),
        (220, "19800203"),
        (236, "01"),
        (240, "1500"),
        (248, "I"),
    ]);
    let card = parse(&text, &[]).unwrap();
    assert_eq!(card.kind, CardKind::ForeignerPermanent2017);
    assert_eq!(card.name, "测试外");
    assert_eq!(card.english_name.as_deref(), Some("EXAMPLE, TEST PERSON"));
    assert_eq!(card.id_number.as_str(), "GBR310000000001");
    assert_eq!(card.nationality.as_ref().unwrap().code, "GBR");
    assert_eq!(card.birth, date(1980, 2, 3));
    assert_eq!(card.address, None);
    assert_eq!(card.check(date(2026, 1, 1)), Ok(()));
}

#[test]
fn a_foreigners_card_of_2023_has_its_english_name_in_two_pieces() {
    let text = block(&[
        (30, "2"),
        (32, "01"),
        (36, "19810803"),
        (52, "EXAMPLE, ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        (122, "911124198108030024"),
        (188, "20240101"),
        (204, "20340101"),
        (220, "ABC TAIL"),
        (242, "CAN"),
        (248, "Y"),
    ]);
    let card = parse(&text, &[]).unwrap();
    assert_eq!(card.kind, CardKind::ForeignerPermanent2023);
    let english = "EXAMPLE, ABCDEFGHIJKLMNOPQRSTUVWXYZABC TAIL";
    assert_eq!(card.english_name.as_deref(), Some(english));
    // Without a Chinese name, the person is called by the other one.
    assert_eq!(card.name, english);
    assert_eq!(card.nationality.as_ref().unwrap().code, "CAN");
    assert_eq!(card.check(date(2026, 1, 1)), Ok(()));
}

#[test]
fn a_rare_character_of_two_units_survives() {
    let card = parse(&with(&[(0, "测𠮷人")]), &[]).unwrap();
    assert_eq!(card.name, "测𠮷人");
}

#[test]
fn half_a_character_is_an_error_and_not_a_question_mark() {
    let mut text = block(&CITIZEN);
    text[0..2].copy_from_slice(&0xD842_u16.to_le_bytes());
    assert_eq!(
        parse(&text, &[]).unwrap_err(),
        TextError::NotUtf16(Field::Name)
    );
}

#[test]
fn padding_is_taken_off_and_inner_spaces_stay() {
    let card = parse(&with(&[(0, "阿甲 乙丙\0\0 ")]), &[]).unwrap();
    assert_eq!(card.name, "阿甲 乙丙");
    // A wide space belongs to the text.
    let card = parse(&with(&[(0, "甲\u{3000} ")]), &[]).unwrap();
    assert_eq!(card.name, "甲\u{3000}");
}

#[test]
fn every_damaged_field_is_named() {
    let blank = " ".repeat(15);
    for (change, error) in [
        ((0, blank.as_str()), TextError::Empty(Field::Name)),
        ((30, "7"), TextError::UnknownSex),
        ((36, "19490230"), TextError::NotADate(Field::Birth)),
        ((36, "1949123 "), TextError::NotADate(Field::Birth)),
        ((36, "+9491231"), TextError::NotADate(Field::Birth)),
        (
            (122, "11010519491231002Z"),
            TextError::Number(IdNumberError::Character),
        ),
        (
            (122, "11010519491231002 "),
            TextError::Number(IdNumberError::Length),
        ),
        ((188, "        "), TextError::Empty(Field::ValidFrom)),
        ((204, "永久"), TextError::NotADate(Field::ValidTo)),
        ((248, "Q"), TextError::UnknownKind(0x51)),
    ] {
        assert_eq!(parse(&with(&[change]), &[]).unwrap_err(), error);
    }
    assert_eq!(parse(&[0x20; 255], &[]).unwrap_err(), TextError::Size(255));
    assert_eq!(parse(&[0x20; 258], &[]).unwrap_err(), TextError::Size(258));
}

#[test]
fn what_the_terminal_can_do_without_may_be_missing() {
    let blank = " ".repeat(35);
    let card = parse(&with(&[(30, " "), (32, "  "), (52, &blank)]), &[]).unwrap();
    assert_eq!(card.sex, Sex::Unknown);
    assert!(card.nationality.is_none());
    assert_eq!(card.address, None);
}

#[test]
fn the_newest_added_address_is_the_last_that_is_not_blank() {
    let one = address("示例县第一村1组");
    let two = address("示例县第二村2组");
    let none = address("");
    for (records, expected) in [
        (vec![], None),
        (none.clone(), None),
        (one.clone(), Some("示例县第一村1组")),
        ([one.clone(), two.clone()].concat(), Some("示例县第二村2组")),
        (
            [one, two, none.clone(), none].concat(),
            Some("示例县第二村2组"),
        ),
    ] {
        assert_eq!(newest_address(&records).unwrap().as_deref(), expected);
    }
}

proptest! {
    #![proptest_config(fixed_cases())]

    #[test]
    fn no_text_makes_it_panic(text in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = parse(&text, &[]);
        let _ = newest_address(&text);
    }

    /// Mostly right texts reach further into the parser than random ones.
    #[test]
    fn no_damage_to_a_right_text_makes_it_panic(
        mark in prop::sample::select(vec![" ", "J", "I", "Y"]),
        places in prop::collection::vec((0_usize..256, any::<u8>()), 0..12),
    ) {
        let mut text = with(&[(248, mark)]);
        for (place, value) in places {
            text[place] = value;
        }
        let _ = parse(&text, &[]).map(|card| card.check(date(2026, 1, 1)));
    }
}

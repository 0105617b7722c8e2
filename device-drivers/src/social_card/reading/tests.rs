//! The conversation with cards of several manners, scripted command by command.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use jiff::civil::date;

use super::*;

/// A card that answers from a table; what is not in it does not exist.
struct Table {
    answers: Vec<(&'static str, &'static str)>,
    asked: Vec<String>,
}

impl Table {
    fn new(answers: &[(&'static str, &'static str)]) -> Self {
        Self {
            answers: answers.to_vec(),
            asked: Vec::new(),
        }
    }

    fn with(mut self, asked: &str, answer: &'static str) -> Self {
        for (known, given) in &mut self.answers {
            if *known == asked {
                *given = answer;
                return self;
            }
        }
        panic!("{asked} is not in the table");
    }
}

impl Channel for Table {
    fn transmit(&mut self, apdu: Apdu) -> Result<Zeroizing<Vec<u8>>, SocialCardError> {
        let asked = in_hex(&apdu.bytes());
        let answer = self
            .answers
            .iter()
            .find(|(known, _)| *known == asked)
            .map_or("6A83", |(_, answer)| answer);
        self.asked.push(asked);
        if answer == "lifted" {
            return Err(SocialCardError::MovedTooEarly);
        }
        let bytes = (0..answer.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&answer[at..at + 2], 16).unwrap())
            .collect();
        Ok(Zeroizing::new(bytes))
    }
}

const ENVIRONMENT: &str = "00A404000F7378312E73682EC9E7BBE1B1A3D5CF";
const ISSUER: &str = "00A4020002EF05";
const HOLDER: &str = "00A4020002EF06";

/// 测试人, 11010519491231002X, card A12345678, 2019-02-28 to 2029-02-28.
fn plain() -> Table {
    Table::new(&[
        (ENVIRONMENT, "9000"),
        (ISSUER, "9000"),
        ("00B2010000", "0110000102030405060708090A0B0C0D0E0F9000"),
        ("00B2030000", "0304332E30309000"),
        ("00B2050000", "0504201902289000"),
        ("00B2060000", "0604202902289000"),
        ("00B2070000", "07094131323334353637389000"),
        (HOLDER, "9000"),
        ("00B2080000", "08123131303130353139343931323331303032589000"),
        (
            "00B2090000",
            "091EB2E2CAD4C8CB0000000000000000000000000000000000000000000000009000",
        ),
    ])
}

fn number_and_name(card: &SocialCard) -> (String, String) {
    (card.number.as_str().to_owned(), card.name.to_string())
}

fn holder() -> (String, String) {
    ("11010519491231002X".into(), "测试人".into())
}

#[test]
fn a_card_is_read_item_by_item() {
    let card = read(&mut plain()).unwrap();
    assert_eq!(number_and_name(&card), holder());
    assert_eq!(card.card_number.as_ref().unwrap().as_str(), "A12345678");
    assert_eq!(card.version.as_deref(), Some("3.00"));
    assert_eq!(card.issued_on, Some(date(2019, 2, 28)));
    assert_eq!(card.valid_to, Some(date(2029, 2, 28)));
    assert_eq!(card.card_code.as_ref().unwrap()[15], 0x0F);
}

#[test]
fn a_card_with_half_duplex_manners_is_followed_to_its_data() {
    let mut card = Table::new(&[
        (ENVIRONMENT, "6112"),
        ("00C0000012", "6F108408000000000000000000000000000000009000"),
        ("00A4020002EF05", "6102"),
        ("00C0000002", "6F009000"),
        ("00A4020002EF06", "9000"),
        ("00B2080000", "6C14"),
        ("00B2080014", "08123131303130353139343931323331303032589000"),
        ("00B2090000", "6108"),
        ("00C0000008", "0906B2E2CAD4C8CB9000"),
    ]);
    assert_eq!(number_and_name(&read(&mut card).unwrap()), holder());
}

#[test]
fn a_card_that_wants_its_files_named_the_other_way_gets_it() {
    let mut table = plain().with(ISSUER, "6A86").with(HOLDER, "6A82");
    table.answers.push(("00A4000002EF05", "9000"));
    table.answers.push(("00A4000002EF06", "9000"));
    assert_eq!(number_and_name(&read(&mut table).unwrap()), holder());
}

#[test]
fn a_long_name_is_joined_even_where_it_is_cut_in_a_character() {
    let mut table = plain().with("00B2090000", "0905B2E2CAD4C89000");
    table.answers.push(("00B24E0000", "4E04CBB0A2009000"));
    // The cut is in 人; behind it stands 阿.
    assert_eq!(read(&mut table).unwrap().name.as_str(), "测试人阿");
}

#[test]
fn every_ending_says_what_the_person_can_do() {
    use SocialCardError as E;
    let cases = [
        (ENVIRONMENT, "6A82", E::WrongCardType),
        (ENVIRONMENT, "6D00", E::WrongCardType),
        (ENVIRONMENT, "6A81", E::Locked),
        (ENVIRONMENT, "6283", E::Locked),
        (ENVIRONMENT, "90", E::MovedTooEarly),
        (HOLDER, "9303", E::Locked),
        (
            HOLDER,
            "6985",
            E::CardRefused {
                sw1: 0x69,
                sw2: 0x85,
            },
        ),
        (ISSUER, "lifted", E::MovedTooEarly),
        ("00B2090000", "lifted", E::MovedTooEarly),
        ("00B2090000", "6A83", E::Unreadable(Item::Name)),
        ("00B2090000", "09029000", E::Unreadable(Item::Name)),
        ("00B2090000", "090200009000", E::Unreadable(Item::Name)),
        (
            "00B2080000",
            "0802313100000000009000",
            E::Unreadable(Item::Number),
        ),
        ("00B2080000", "6F00", E::CardRefused { sw1: 0x6F, sw2: 0 }),
    ];
    for (asked, answer, error) in cases {
        let mut table = plain().with(asked, answer);
        let read = read(&mut table);
        assert!(
            matches!(&read, Err(e) if *e == error),
            "{asked} {answer}: {read:?}"
        );
    }
}

#[test]
fn items_that_a_card_hides_or_lacks_are_left_out() {
    let mut table = plain()
        .with("00B2010000", "6982")
        .with("00B2060000", "0604FFFFFFFF9000")
        .with("00B2070000", "6A88");
    let card = read(&mut table).unwrap();
    assert!(card.card_code.is_none() && card.valid_to.is_none() && card.card_number.is_none());
}

#[test]
fn a_card_that_always_has_more_is_given_up() {
    let mut table = plain().with(ENVIRONMENT, "6101");
    table.answers.push(("00C0000001", "6101"));
    let read = read(&mut table);
    assert!(matches!(
        read,
        Err(SocialCardError::CardRefused { sw1: 0x61, .. })
    ));
    assert!(table.asked.len() < 8);
}

fn in_hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02X}");
        text
    })
}

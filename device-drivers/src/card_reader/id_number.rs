//! Identity numbers 公民身份号码: their form, their check digit, and what they say of their holder.

use std::fmt;

use jiff::civil::Date;
use zeroize::Zeroizing;

use super::holder::Sex;

/// The number on a card: 18 characters (GB 11643; also residence permits and the foreigners' card
/// of 2023), or 15 on the foreigners' card of 2017.
///
/// A value has the right shape. Whether its check digit is right is a separate question, because
/// a card with a wrong one still has to be told from a card that cannot be read.
#[derive(Clone, PartialEq, Eq)]
pub struct IdNumber(Zeroizing<String>);

/// Why a text is not an identity number, or not a right one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum IdNumberError {
    /// Neither 18 nor 15 characters.
    #[error("an identity number has 18 characters")]
    Length,
    /// A character where it cannot be.
    #[error("an identity number has digits, and at most an X at its end")]
    Character,
    /// The birth date in it does not exist.
    #[error("the birth date in the identity number does not exist")]
    BirthDate,
    /// The check digit does not belong to the other digits.
    #[error("the check digit of the identity number is wrong")]
    CheckDigit,
}

impl IdNumber {
    /// Takes a text that has the shape of a number. A small x at the end becomes a capital one.
    ///
    /// # Errors
    /// The text has another shape.
    pub fn parse(text: &str) -> Result<Self, IdNumberError> {
        let bytes = text.as_bytes();
        let right = match bytes {
            [body @ .., last] if bytes.len() == 18 => {
                body.iter().all(u8::is_ascii_digit)
                    && (last.is_ascii_digit() || last.eq_ignore_ascii_case(&b'X'))
            }
            [a, b, c, digits @ ..] if bytes.len() == 15 => {
                [a, b, c].iter().all(|letter| letter.is_ascii_alphabetic())
                    && digits.iter().all(u8::is_ascii_digit)
            }
            _ => return Err(IdNumberError::Length),
        };
        if !right {
            return Err(IdNumberError::Character);
        }
        Ok(Self(Zeroizing::new(text.to_ascii_uppercase())))
    }

    /// Checks what can be checked without asking anybody: the birth date and the check digit.
    ///
    /// # Errors
    /// One of them is wrong. Numbers of 15 characters carry neither and pass.
    pub fn verify(&self) -> Result<(), IdNumberError> {
        let Some(digits) = self.citizen_form() else {
            return Ok(());
        };
        if self.birth().is_none() {
            return Err(IdNumberError::BirthDate);
        }
        let (body, last) = digits.split_at(17);
        if last == [check_digit(body)] {
            Ok(())
        } else {
            Err(IdNumberError::CheckDigit)
        }
    }

    /// The birth date in the number; none if it carries none or an impossible one.
    pub fn birth(&self) -> Option<Date> {
        let digits = self.citizen_form()?;
        Date::strptime("%Y%m%d", digits.get(6..14)?).ok()
    }

    /// The sex in the number: the 17th digit is odd for men.
    pub fn sex(&self) -> Option<Sex> {
        let digit = self.citizen_form()?.get(16)?;
        Some(if digit % 2 == 1 {
            Sex::Male
        } else {
            Sex::Female
        })
    }

    /// The whole number.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number as it may be shown to others, without its middle digits.
    pub fn masked(&self) -> String {
        let shown = |range| self.0.get(range).unwrap_or_default();
        let count = self.0.len();
        format!(
            "{}{}{}",
            shown(0..6),
            "*".repeat(count.saturating_sub(10)),
            shown(count.saturating_sub(4)..count)
        )
    }

    fn citizen_form(&self) -> Option<&[u8]> {
        Some(self.0.as_bytes()).filter(|bytes| bytes.len() == 18)
    }
}

/// The check digit that belongs to the first 17 digits (ISO 7064 MOD 11-2), in ASCII.
fn check_digit(body: &[u8]) -> u8 {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: &[u8; 11] = b"10X98765432";
    let sum: u32 = body
        .iter()
        .zip(WEIGHTS)
        .map(|(digit, weight)| u32::from(digit.wrapping_sub(b'0')) * weight)
        .sum();
    CHECKS[(sum % 11) as usize]
}

impl fmt::Debug for IdNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdNumber(hidden)")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use proptest::prelude::*;

    use super::*;
    use crate::card_reader::testing::fixed_cases;

    /// The textbook example of the standard, and specimens printed in public notices.
    const SPECIMENS: [&str; 4] = [
        "11010519491231002X",
        "810000199408230021",
        "83000019810715006X",
        "911124198108030024",
    ];

    #[test]
    fn published_specimens_pass() {
        for text in SPECIMENS {
            IdNumber::parse(text).unwrap().verify().unwrap();
        }
    }

    #[test]
    fn the_number_tells_birth_and_sex() {
        let number = IdNumber::parse("11010519491231002x").unwrap();
        assert_eq!(number.as_str(), "11010519491231002X");
        assert_eq!(number.birth(), Some(jiff::civil::date(1949, 12, 31)));
        assert_eq!(number.sex(), Some(Sex::Female));
        let number = IdNumber::parse("110105194912310013").unwrap();
        assert_eq!(number.sex(), Some(Sex::Male));
    }

    #[test]
    fn what_is_not_a_number_is_refused_with_the_reason() {
        for (text, error) in [
            ("", IdNumberError::Length),
            ("1101051949123100", IdNumberError::Length),
            ("11010519491231002XX", IdNumberError::Length),
            ("1101051949123100X2", IdNumberError::Character),
            ("11010519491231002Y", IdNumberError::Character),
            // 18 bytes, but six characters.
            ("一二三四五六", IdNumberError::Character),
            ("AB1123456789012", IdNumberError::Character),
        ] {
            assert_eq!(IdNumber::parse(text).unwrap_err(), error, "{text}");
        }
        let impossible = IdNumber::parse("110105194902300020").unwrap();
        assert_eq!(impossible.verify(), Err(IdNumberError::BirthDate));
    }

    #[test]
    fn neither_debug_nor_mask_shows_the_number() {
        let number = IdNumber::parse(SPECIMENS[0]).unwrap();
        assert_eq!(format!("{number:?}"), "IdNumber(hidden)");
        assert_eq!(number.masked(), "110105********002X");
        let foreign = IdNumber::parse("GBR310000000001").unwrap();
        assert_eq!(foreign.masked(), "GBR310*****0001");
        assert_eq!(foreign.verify(), Ok(()));
    }

    proptest! {
        #![proptest_config(fixed_cases())]

        /// The reason this check digit was chosen: it catches every single wrong digit.
        #[test]
        fn any_single_wrong_digit_is_caught(
            specimen in prop::sample::select(&SPECIMENS[..]),
            place in 0_usize..17,
            by in 1_u8..10,
        ) {
            let mut text = specimen.as_bytes().to_vec();
            text[place] = b'0' + (text[place] - b'0' + by) % 10;
            let number = IdNumber::parse(std::str::from_utf8(&text).unwrap()).unwrap();
            prop_assert!(number.verify().is_err());
        }

        /// The usual slip of a hand that types: two neighbours exchanged.
        #[test]
        fn any_exchange_of_neighbours_is_caught(
            specimen in prop::sample::select(&SPECIMENS[..]),
            place in 0_usize..16,
        ) {
            let mut text = specimen.as_bytes().to_vec();
            prop_assume!(text[place] != text[place + 1]);
            text.swap(place, place + 1);
            let number = IdNumber::parse(std::str::from_utf8(&text).unwrap()).unwrap();
            prop_assert!(number.verify().is_err());
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,24}") {
            if let Ok(number) = IdNumber::parse(&text) {
                let _ = (number.verify(), number.birth(), number.sex(), number.masked());
            }
        }
    }
}

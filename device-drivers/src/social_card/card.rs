//! What a social security card says, in memory only as long as it is needed.

use std::fmt;

use jiff::civil::Date;
use zeroize::{Zeroize, Zeroizing};

use crate::card_reader::IdNumber;

/// What the terminal takes from a card. Wiped when dropped, hidden from `Debug`.
///
/// Read without any key, so it proves neither that the card is genuine nor that it is not reported
/// lost: only the platform can tell.
pub struct SocialCard {
    /// 姓名
    pub name: Zeroizing<String>,
    /// 社会保障号码, which is the citizen's number.
    pub number: IdNumber,
    /// 卡号, as printed on the card.
    pub card_number: Option<Zeroizing<String>>,
    /// 卡的识别码, 16 bytes that name the card itself.
    pub card_code: Option<Zeroizing<Vec<u8>>>,
    /// Version of the specification, such as `3.00`.
    pub version: Option<String>,
    /// First day.
    pub issued_on: Option<Date>,
    /// Last day; none if the card does not say.
    pub valid_to: Option<Date>,
}

/// Why a card that was read well must not be accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SocialCardRefusal {
    /// The number on it is wrong in itself.
    #[error("the check digit of the card's number is wrong")]
    WrongCheckDigit,
    /// It was valid up to that day.
    #[error("the card expired on {on}")]
    Expired {
        /// Its last valid day.
        on: Date,
    },
}

impl SocialCard {
    /// Whether the card may be accepted today, as far as can be told without asking anybody.
    ///
    /// # Errors
    /// The first reason why not.
    pub fn check(&self, today: Date) -> Result<(), SocialCardRefusal> {
        self.number
            .verify()
            .map_err(|_| SocialCardRefusal::WrongCheckDigit)?;
        match self.valid_to {
            Some(on) if today > on => Err(SocialCardRefusal::Expired { on }),
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for SocialCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SocialCard(hidden)")
    }
}

impl Drop for SocialCard {
    fn drop(&mut self) {
        self.version.zeroize();
        self.issued_on = None;
        self.valid_to = None;
        // Dates cannot be wiped by `zeroize`; this keeps the compiler from dropping the writes.
        std::hint::black_box(self);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use jiff::civil::date;

    use super::*;

    fn card(number: &str, valid_to: Option<Date>) -> SocialCard {
        SocialCard {
            name: Zeroizing::new("测试人".into()),
            number: IdNumber::parse(number).unwrap(),
            card_number: None,
            card_code: None,
            version: None,
            issued_on: None,
            valid_to,
        }
    }

    #[test]
    fn a_card_is_valid_to_its_last_day_and_needs_a_right_number() {
        let right = "11010519491231002X";
        let last = date(2030, 1, 1);
        assert_eq!(card(right, Some(last)).check(last), Ok(()));
        assert_eq!(card(right, None).check(last), Ok(()));
        assert_eq!(
            card(right, Some(last)).check(date(2030, 1, 2)),
            Err(SocialCardRefusal::Expired { on: last })
        );
        assert_eq!(
            card("110105194912310020", None).check(last),
            Err(SocialCardRefusal::WrongCheckDigit)
        );
    }

    #[test]
    fn debug_output_shows_nothing_of_the_holder() {
        let shown = format!("{:?}", card("11010519491231002X", None));
        assert_eq!(shown, "SocialCard(hidden)");
    }
}

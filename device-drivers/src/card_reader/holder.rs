//! What an identity card says, in memory only as long as it is needed.

use std::fmt;

use jiff::civil::Date;
use zeroize::Zeroize;

use super::id_number::{IdNumber, IdNumberError};
use super::nationality::Nationality;
use super::photo::CardPhoto;

/// The cards that a reader of this kind reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CardKind {
    /// 居民身份证
    Resident,
    /// 港澳台居民居住证
    ResidencePermit,
    /// 外国人永久居留身份证, form of 2017
    ForeignerPermanent2017,
    /// 外国人永久居留身份证, form of 2023. Its layout rests on a single source.
    ForeignerPermanent2023,
}

/// GB/T 2261.1
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sex {
    /// Code 1.
    Male,
    /// Code 2.
    Female,
    /// Code 0, or nothing on the card.
    Unknown,
    /// Code 9.
    NotStated,
}

/// The last day on which a card is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ValidTo {
    /// That day included.
    On(Date),
    /// 长期
    LongTerm,
}

/// Everything that the terminal takes from a card. Wiped when dropped, hidden from `Debug`.
pub struct IdCard {
    /// Which card.
    pub kind: CardKind,
    /// The name in Chinese; on a foreigner's card without one, the English name.
    pub name: String,
    /// The English name on a foreigner's card.
    pub english_name: Option<String>,
    /// As printed, not as derived from the number.
    pub sex: Sex,
    /// Ethnic group or country; residence permits have neither.
    pub nationality: Option<Nationality>,
    /// As printed.
    pub birth: Date,
    /// The newest address on the card; foreigners' cards have none.
    pub address: Option<String>,
    /// The holder's number.
    pub id_number: IdNumber,
    /// Who issued the card; foreigners' cards do not say it in words.
    pub issuer: Option<String>,
    /// The number of the travel permit 通行证 that a residence permit goes with.
    pub travel_permit: Option<String>,
    /// First day of validity.
    pub valid_from: Date,
    /// Last day of validity.
    pub valid_to: ValidTo,
    /// The photo as it is on the card.
    pub photo: CardPhoto,
}

/// Why a card that was read well must not be accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CardRefusal {
    /// The number on it is wrong in itself.
    #[error("the check digit of the card's number is wrong")]
    WrongCheckDigit,
    /// The number and the printed birth date contradict each other.
    #[error("the card's number and birth date contradict each other")]
    NumberAndBirthDiffer,
    /// It was valid up to that day.
    #[error("the card expired on {on}")]
    Expired {
        /// Its last valid day.
        on: Date,
    },
    /// It will be valid from that day. More often, the terminal's clock is wrong.
    #[error("the card is not valid before {from}")]
    NotYetValid {
        /// Its first valid day.
        from: Date,
    },
}

impl IdCard {
    /// Whether the card may be accepted today.
    ///
    /// # Errors
    /// The first reason why not.
    pub fn check(&self, today: Date) -> Result<(), CardRefusal> {
        self.id_number.verify().map_err(|error| match error {
            IdNumberError::BirthDate => CardRefusal::NumberAndBirthDiffer,
            _ => CardRefusal::WrongCheckDigit,
        })?;
        if self.id_number.birth().is_some_and(|day| day != self.birth) {
            return Err(CardRefusal::NumberAndBirthDiffer);
        }
        if today < self.valid_from {
            return Err(CardRefusal::NotYetValid {
                from: self.valid_from,
            });
        }
        match self.valid_to {
            ValidTo::On(last) if today > last => Err(CardRefusal::Expired { on: last }),
            ValidTo::On(_) | ValidTo::LongTerm => Ok(()),
        }
    }
}

impl fmt::Debug for IdCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdCard(hidden)")
    }
}

impl Drop for IdCard {
    fn drop(&mut self) {
        self.name.zeroize();
        self.english_name.zeroize();
        self.address.zeroize();
        self.issuer.zeroize();
        self.travel_permit.zeroize();
        if let Some(nationality) = &mut self.nationality {
            nationality.code.zeroize();
            nationality.name.zeroize();
        }
        self.sex = Sex::Unknown;
        self.birth = Date::ZERO;
        self.valid_from = Date::ZERO;
        self.valid_to = ValidTo::LongTerm;
        // Dates cannot be wiped by `zeroize`; this keeps the compiler from dropping the writes.
        std::hint::black_box(self);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use jiff::civil::date;

    use super::*;

    fn card() -> IdCard {
        IdCard {
            kind: CardKind::Resident,
            name: "测试人".into(),
            english_name: None,
            sex: Sex::Female,
            nationality: Some(Nationality::ethnic_group("01")),
            birth: date(1949, 12, 31),
            address: Some("北京市朝阳区示例路1号".into()),
            id_number: IdNumber::parse("11010519491231002X").unwrap(),
            issuer: Some("北京市公安局朝阳分局".into()),
            travel_permit: None,
            valid_from: date(2020, 1, 1),
            valid_to: ValidTo::On(date(2030, 1, 1)),
            photo: CardPhoto::default(),
        }
    }

    #[test]
    fn a_card_is_valid_from_its_first_to_its_last_day() {
        let card = card();
        assert_eq!(
            card.check(date(2019, 12, 31)),
            Err(CardRefusal::NotYetValid {
                from: date(2020, 1, 1)
            })
        );
        assert_eq!(card.check(date(2020, 1, 1)), Ok(()));
        assert_eq!(card.check(date(2030, 1, 1)), Ok(()));
        assert_eq!(
            card.check(date(2030, 1, 2)),
            Err(CardRefusal::Expired {
                on: date(2030, 1, 1)
            })
        );
    }

    #[test]
    fn a_long_term_card_does_not_expire() {
        let mut card = card();
        card.valid_to = ValidTo::LongTerm;
        assert_eq!(card.check(date(2199, 1, 1)), Ok(()));
    }

    #[test]
    fn a_wrong_number_is_refused_before_anything_else() {
        let today = date(2026, 1, 1);
        let mut card = card();
        card.id_number = IdNumber::parse("110105194912310020").unwrap();
        assert_eq!(card.check(today), Err(CardRefusal::WrongCheckDigit));
        card.id_number = IdNumber::parse("810000199408230021").unwrap();
        assert_eq!(card.check(today), Err(CardRefusal::NumberAndBirthDiffer));
    }

    #[test]
    fn debug_output_shows_nothing_of_the_holder() {
        assert_eq!(format!("{:?}", card()), "IdCard(hidden)");
    }
}

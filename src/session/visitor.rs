//! The card holder, known for the whole visit once their card was read.

use std::fmt;

use jiff::civil::Date;
use jinban_api::case::{Applicant, IdentityLevel};
use jinban_devices::card_reader::{IdCard, Sex};
use zeroize::Zeroize;

/// Who is at the terminal. Overwritten in memory when it goes, hidden from `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Visitor {
    applicant: Applicant,
}

impl Visitor {
    /// The holder of a card that was read and checked.
    pub fn from_card(card: &IdCard) -> Self {
        let sex = match card.sex {
            Sex::Unknown => "0",
            Sex::Male => "1",
            Sex::Female => "2",
            Sex::NotStated => "9",
        };
        Self {
            applicant: Applicant {
                name: card.name.clone(),
                id_number: card.id_number.as_str().to_owned(),
                sex: sex.to_owned(),
                nationality: card
                    .nationality
                    .as_ref()
                    .map(|group| group.code.clone())
                    .unwrap_or_default(),
                birth: card.birth,
                address: card.address.clone().unwrap_or_default(),
                identity_level: IdentityLevel::ChipRead,
            },
        }
    }

    /// Their facts, for a draft.
    pub fn applicant(&self) -> &Applicant {
        &self.applicant
    }

    /// Their name, for the page where they check it.
    pub fn name(&self) -> &str {
        &self.applicant.name
    }

    /// True when this is the same person.
    pub fn is(&self, other: &Self) -> bool {
        self.applicant.id_number == other.applicant.id_number
    }
}

impl Zeroize for Visitor {
    fn zeroize(&mut self) {
        let applicant = &mut self.applicant;
        applicant.name.zeroize();
        applicant.id_number.zeroize();
        applicant.sex.zeroize();
        applicant.nationality.zeroize();
        applicant.address.zeroize();
        applicant.birth = Date::ZERO;
    }
}

impl Drop for Visitor {
    fn drop(&mut self) {
        self.zeroize();
    }
}

impl fmt::Debug for Visitor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Visitor(hidden)")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use jiff::civil::date;

    use super::*;

    #[test]
    fn nothing_is_left_after_wiping() {
        let mut visitor = Visitor {
            applicant: Applicant {
                name: "张试甲".into(),
                id_number: "510822194003071219".into(),
                sex: "1".into(),
                nationality: "01".into(),
                birth: date(1940, 3, 7),
                address: "示例村1组1号".into(),
                identity_level: IdentityLevel::ChipRead,
            },
        };
        assert_eq!(format!("{visitor:?}"), "Visitor(hidden)");
        visitor.zeroize();
        let left = &visitor.applicant;
        let texts = [
            &left.name,
            &left.id_number,
            &left.sex,
            &left.nationality,
            &left.address,
        ];
        assert!(texts.iter().all(|text| text.is_empty()));
        assert_eq!(left.birth, Date::ZERO);
    }
}

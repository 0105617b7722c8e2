//! Who the simulated cards belong to. Nobody: all names and numbers are made up.

use serde::{Deserialize, Serialize};

/// A card that can be laid on the reader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Card {
    /// Name used by the order `place`.
    pub id: String,
    /// What is printed on the card.
    #[serde(flatten)]
    pub holder: Holder,
    /// Additional addresses in the chip, oldest first, at most four.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub new_addresses: Vec<String>,
}

/// The fields of one of the four kinds of card. Dates are `YYYYMMDD`, or 长期 as an end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "kind",
    rename_all = "kebab-case",
    rename_all_fields = "kebab-case"
)]
pub enum Holder {
    /// 居民身份证
    Resident {
        /// 姓名
        name: String,
        /// 性别 as on the chip: 1 male, 2 female.
        sex: char,
        /// 民族, two digits of GB/T 3304.
        nationality: String,
        /// 出生
        birth: String,
        /// 住址
        address: String,
        /// 公民身份号码
        number: String,
        /// 签发机关
        authority: String,
        /// Start of validity.
        valid_from: String,
        /// End of validity.
        valid_to: String,
    },
    /// 港澳台居民居住证, type mark J
    HkMacaoTaiwan {
        /// 姓名
        name: String,
        /// 性别
        sex: char,
        /// 出生
        birth: String,
        /// 住址
        address: String,
        /// 公民身份号码, beginning 81, 82 or 83.
        number: String,
        /// 签发机关
        authority: String,
        /// Start of validity.
        valid_from: String,
        /// End of validity.
        valid_to: String,
        /// 通行证号码
        travel_permit: String,
        /// 签发次数, two digits.
        issues: String,
    },
    /// 外国人永久居留身份证 of 2017, type mark I
    #[serde(rename = "foreigner-2017")]
    Foreigner2017 {
        /// English name.
        english_name: String,
        /// 性别
        sex: char,
        /// Three letters and twelve digits.
        number: String,
        /// Three letters of GB/T 2659.
        country: String,
        /// Chinese name, may be empty.
        chinese_name: String,
        /// Start of validity.
        valid_from: String,
        /// End of validity.
        valid_to: String,
        /// Birth.
        birth: String,
        /// Version, two digits.
        version: String,
        /// 受理机关代码, four digits.
        authority_code: String,
    },
    /// 外国人永久居留身份证 of 2023, type mark Y
    #[serde(rename = "foreigner-2023")]
    Foreigner2023 {
        /// Chinese name, may be empty.
        chinese_name: String,
        /// 性别
        sex: char,
        /// 换证次数, two digits.
        renewals: String,
        /// Birth.
        birth: String,
        /// English name, up to 46 characters.
        english_name: String,
        /// Eighteen digits beginning with 9.
        number: String,
        /// Start of validity.
        valid_from: String,
        /// End of validity.
        valid_to: String,
        /// Three letters of GB/T 2659.
        country: String,
    },
}

impl Holder {
    /// The number as printed on the card.
    pub fn number_mut(&mut self) -> &mut String {
        match self {
            Self::Resident { number, .. }
            | Self::HkMacaoTaiwan { number, .. }
            | Self::Foreigner2017 { number, .. }
            | Self::Foreigner2023 { number, .. } => number,
        }
    }

    /// Start and end of validity.
    pub fn validity_mut(&mut self) -> (&mut String, &mut String) {
        match self {
            Self::Resident {
                valid_from,
                valid_to,
                ..
            }
            | Self::HkMacaoTaiwan {
                valid_from,
                valid_to,
                ..
            }
            | Self::Foreigner2017 {
                valid_from,
                valid_to,
                ..
            }
            | Self::Foreigner2023 {
                valid_from,
                valid_to,
                ..
            } => (valid_from, valid_to),
        }
    }
}

/// The check digit that GB 11643 gives to the first 17 digits.
pub fn check_digit(first_seventeen: &str) -> char {
    // The weight of a place is a power of two, by ISO 7064: no table that a driver's could copy.
    let mut weight = 1;
    let mut sum = 0;
    for digit in first_seventeen.chars().rev().filter_map(|c| c.to_digit(10)) {
        weight = weight * 2 % 11;
        sum += digit * weight;
    }
    match (12 - sum % 11) % 11 {
        10 => 'X',
        digit => char::from_digit(digit, 10).unwrap_or('0'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_textbook_number_has_its_check_digit() {
        for number in [
            "11010519491231002X",
            "810000199408230021",
            "83000019810715006X",
        ] {
            let (body, digit) = number.split_at(17);
            assert_eq!(check_digit(body).to_string(), digit, "{number}");
        }
    }
}

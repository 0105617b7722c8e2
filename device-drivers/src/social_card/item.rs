//! The items of a card that are free to read, and how each is written.
//!
//! Files and tags 07 to 09 and 0A to 0D agree between independent sources; the tags of EF05
//! below 07 and tag 4E are general knowledge and may be absent.

use encoding_rs::GB18030;
use jiff::civil::Date;
use zeroize::Zeroizing;

/// A file that every terminal may read without a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum File {
    /// EF05 发卡机构数据文件
    Issuer,
    /// EF06 持卡人基本信息数据文件
    Holder,
}

impl File {
    pub(super) fn identifier(self) -> u16 {
        match self {
            Self::Issuer => 0xEF05,
            Self::Holder => 0xEF06,
        }
    }
}

/// An item that the terminal has a use for. Ethnic group and place of birth are there too and are
/// left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Item {
    /// 01 卡的识别码
    CardCode,
    /// 03 规范版本
    Version,
    /// 05 发卡日期
    IssuedOn,
    /// 06 卡有效期
    ValidTo,
    /// 07 卡号, as printed on the card
    CardNumber,
    /// 08 社会保障号码
    Number,
    /// 09 姓名
    Name,
    /// 4E 姓名扩展: the rest of a long name
    NameRest,
}

impl Item {
    /// In the order in which they lie on the card.
    pub const ALL: [Self; 8] = [
        Self::CardCode,
        Self::Version,
        Self::IssuedOn,
        Self::ValidTo,
        Self::CardNumber,
        Self::Number,
        Self::Name,
        Self::NameRest,
    ];

    /// The file in which it lies.
    pub fn file(self) -> File {
        match self {
            Self::CardCode | Self::Version | Self::IssuedOn | Self::ValidTo | Self::CardNumber => {
                File::Issuer
            }
            Self::Number | Self::Name | Self::NameRest => File::Holder,
        }
    }

    pub(super) fn tag(self) -> u8 {
        match self {
            Self::CardCode => 0x01,
            Self::Version => 0x03,
            Self::IssuedOn => 0x05,
            Self::ValidTo => 0x06,
            Self::CardNumber => 0x07,
            Self::Number => 0x08,
            Self::Name => 0x09,
            Self::NameRest => 0x4E,
        }
    }
}

/// The value in a record of the form tag, length, value. None if it has another form.
pub(super) fn value(item: Item, record: &[u8]) -> Option<&[u8]> {
    match record {
        [tag, length, rest @ ..] if *tag == item.tag() => rest.get(..usize::from(*length)),
        _ => None,
    }
}

/// A text without the padding behind it. No character of GBK ends in a byte of padding.
pub(super) fn unpadded(value: &[u8]) -> &[u8] {
    let last = value
        .iter()
        .rposition(|byte| !matches!(byte, 0x00 | 0x20 | 0xFF));
    &value[..last.map_or(0, |last| last + 1)]
}

/// Text in GBK, without its padding. None if it is not GBK; empty if there is only padding.
pub(super) fn text(value: &[u8]) -> Option<Zeroizing<String>> {
    let decoded = GB18030.decode_without_bom_handling_and_without_replacement(unpadded(value))?;
    Some(Zeroizing::new(decoded.into_owned()))
}

/// A day as eight digits, two in a byte or one in a byte. None for padding and for no real day.
pub(super) fn day(value: &[u8]) -> Option<Date> {
    let mut digits = [0_u8; 8];
    match value {
        [a, b, c, d] => {
            for (pair, byte) in digits.chunks_exact_mut(2).zip([a, b, c, d]) {
                pair[0] = byte >> 4;
                pair[1] = byte & 0x0F;
            }
        }
        _ if value.len() == 8 => {
            for (digit, byte) in digits.iter_mut().zip(value) {
                *digit = byte.wrapping_sub(b'0');
            }
        }
        _ => return None,
    }
    if digits.iter().any(|digit| *digit > 9) {
        return None;
    }
    let number = |range: std::ops::Range<usize>| {
        digits[range]
            .iter()
            .fold(0_i16, |sum, digit| sum * 10 + i16::from(*digit))
    };
    let small = |range| i8::try_from(number(range)).ok();
    Date::new(number(0..4), small(4..6)?, small(6..8)?).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_record_is_its_tag_its_length_and_its_value() {
        assert_eq!(value(Item::Name, &[0x09, 2, 1, 2]), Some(&[1, 2][..]));
        // Some cards fill the record up behind the value.
        assert_eq!(value(Item::Name, &[0x09, 1, 1, 0xFF]), Some(&[1][..]));
        for broken in [&[][..], &[0x09], &[0x09, 3, 1, 2], &[0x08, 1, 1]] {
            assert_eq!(value(Item::Name, broken), None, "{broken:?}");
        }
    }

    #[test]
    fn names_are_gbk_without_their_padding() {
        // 测试人 by an independent encoder (iconv).
        let padded = [0xB2, 0xE2, 0xCA, 0xD4, 0xC8, 0xCB, 0, 0, 0, 0];
        assert_eq!(*text(&padded).unwrap(), "测试人");
        assert_eq!(*text(&[0; 30]).unwrap(), "");
        assert_eq!(*text(b"A12345678").unwrap(), "A12345678");
        assert_eq!(text(&[0xB2]), None, "half a character is no name");
    }

    #[test]
    fn days_are_read_in_both_forms_and_padding_is_no_day() {
        let expected = Some(date(2019, 2, 28));
        assert_eq!(day(&[0x20, 0x19, 0x02, 0x28]), expected);
        assert_eq!(day(b"20190228"), expected);
        for none in [
            &[0xFF; 4][..],
            &[0; 4],
            &[0x20, 0x19, 0x02, 0x30],
            b"2019-2-8",
            &[],
        ] {
            assert_eq!(day(none), None, "{none:?}");
        }
    }

    proptest! {
        #[test]
        fn nothing_that_a_card_says_stops_the_program(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            for item in Item::ALL {
                let _ = value(item, &bytes).map(|value| (text(value), day(value)));
            }
            let _ = (text(&bytes), day(&bytes));
        }
    }
}

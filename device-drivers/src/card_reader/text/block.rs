//! Fields of a card's text by their offset, decoded strictly and wiped when dropped.

use jiff::civil::Date;
use zeroize::Zeroizing;

use super::{Field, TEXT_SIZE, TextError};
use crate::card_reader::holder::{Sex, ValidTo};
use crate::card_reader::id_number::IdNumber;

/// The text as UTF-16 units. Offsets and sizes below are in bytes, as the documents give them.
pub(super) struct Block {
    units: Zeroizing<[u16; TEXT_SIZE / 2]>,
}

impl Block {
    pub fn new(text: &[u8]) -> Result<Self, TextError> {
        let all = units(text);
        let exact = <[u16; TEXT_SIZE / 2]>::try_from(all.as_slice());
        match exact {
            Ok(units) if text.len() == TEXT_SIZE => Ok(Self {
                units: Zeroizing::new(units),
            }),
            _ => Err(TextError::Size(text.len())),
        }
    }

    /// A field's units, undecoded.
    pub fn slice(&self, offset: usize, size: usize) -> &[u16] {
        &self.units[offset / 2..][..size / 2]
    }

    fn text(
        &self,
        offset: usize,
        size: usize,
        field: Field,
    ) -> Result<Zeroizing<String>, TextError> {
        decode(self.slice(offset, size), field)
    }

    /// A field that may be blank.
    pub fn optional(
        &self,
        offset: usize,
        size: usize,
        field: Field,
    ) -> Result<Option<Zeroizing<String>>, TextError> {
        let text = self.text(offset, size, field)?;
        Ok(Some(text).filter(|text| !text.is_empty()))
    }

    /// A field that every card has.
    pub fn required(
        &self,
        offset: usize,
        size: usize,
        field: Field,
    ) -> Result<Zeroizing<String>, TextError> {
        self.optional(offset, size, field)?
            .ok_or(TextError::Empty(field))
    }

    /// The mark of the kind of card, at the same place in all layouts.
    pub fn kind_mark(&self) -> u16 {
        self.units[124]
    }

    pub fn sex(&self, offset: usize) -> Result<Sex, TextError> {
        match self.text(offset, 2, Field::Sex)?.as_str() {
            "1" => Ok(Sex::Male),
            "2" => Ok(Sex::Female),
            "0" | "" => Ok(Sex::Unknown),
            "9" => Ok(Sex::NotStated),
            _ => Err(TextError::UnknownSex),
        }
    }

    pub fn date(&self, offset: usize, field: Field) -> Result<Date, TextError> {
        let text = self.required(offset, 16, field)?;
        parse_date(&text).ok_or(TextError::NotADate(field))
    }

    pub fn valid_to(&self, offset: usize) -> Result<ValidTo, TextError> {
        let field = Field::ValidTo;
        let text = self.required(offset, 16, field)?;
        match text.as_str() {
            "长期" => Ok(ValidTo::LongTerm),
            day => parse_date(day)
                .map(ValidTo::On)
                .ok_or(TextError::NotADate(field)),
        }
    }

    pub fn number(&self, offset: usize, size: usize) -> Result<IdNumber, TextError> {
        let text = self.required(offset, size, Field::Number)?;
        IdNumber::parse(&text).map_err(TextError::Number)
    }
}

fn parse_date(text: &str) -> Option<Date> {
    // The general parser would also take signs and spaces.
    let digits = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    digits
        .then(|| Date::strptime("%Y%m%d", text).ok())
        .flatten()
}

pub(super) fn units(bytes: &[u8]) -> Zeroizing<Vec<u16>> {
    let pairs = bytes.chunks_exact(2);
    Zeroizing::new(pairs.map(|b| u16::from_le_bytes([b[0], b[1]])).collect())
}

/// Decodes strictly, because names with rare characters contain surrogate pairs, and takes off
/// the padding and nothing else.
pub(super) fn decode(units: &[u16], field: Field) -> Result<Zeroizing<String>, TextError> {
    let padding = units
        .iter()
        .rev()
        .take_while(|unit| matches!(unit, 0x20 | 0))
        .count();
    let units = &units[..units.len() - padding];
    // Three bytes of UTF-8 are the most that a unit can need. With less room the text would be
    // moved while it grows, and leave copies behind that nobody wipes.
    let mut text = Zeroizing::new(String::with_capacity(units.len() * 3));
    for character in char::decode_utf16(units.iter().copied()) {
        text.push(character.map_err(|_| TextError::NotUtf16(field))?);
    }
    Ok(text)
}

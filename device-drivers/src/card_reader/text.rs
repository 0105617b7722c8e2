//! The 256 bytes of text on a card, in all four layouts, turned into fields.
//!
//! Offsets of the resident card agree between many independent sources, those of the residence
//! permit and the foreigners' card of 2017 between several; the foreigners' card of 2023 rests on
//! one header file.

mod block;

use jiff::civil::Date;
use zeroize::Zeroizing;

use self::block::{Block, decode, units};
use super::holder::{CardKind, IdCard, Sex};
use super::id_number::{IdNumber, IdNumberError};
use super::nationality::Nationality;
use super::photo::CardPhoto;

/// Size of the text on every kind of card, in bytes.
pub const TEXT_SIZE: usize = 256;
/// Size of one added address, in bytes.
pub const ADDRESS_SIZE: usize = 70;

/// A field that can be unreadable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// 姓名
    Name,
    /// 英文姓名
    EnglishName,
    /// 性别
    Sex,
    /// 民族 or 国籍
    Nationality,
    /// 出生
    Birth,
    /// 住址
    Address,
    /// 公民身份号码 or 证件号码
    Number,
    /// 签发机关
    Issuer,
    /// 通行证号码
    TravelPermit,
    /// 有效期限, first day
    ValidFrom,
    /// 有效期限, last day
    ValidTo,
}

/// Why a card's text could not be turned into fields. Says where, never what stood there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum TextError {
    /// The text has another size.
    #[error("the card's text has {0} bytes instead of 256")]
    Size(usize),
    /// The mark of the kind of card is none of the known ones.
    #[error("the kind of card is marked {0:#06X}, which is unknown")]
    UnknownKind(u16),
    /// Half of a character without its other half.
    #[error("the field {0:?} is not valid UTF-16")]
    NotUtf16(Field),
    /// Nothing there, though every card has it.
    #[error("the field {0:?} is empty")]
    Empty(Field),
    /// Not a date that exists.
    #[error("the field {0:?} is not a date")]
    NotADate(Field),
    /// The sex is a character that the standard does not know.
    #[error("the sex is written in an unknown way")]
    UnknownSex,
    /// The number does not have the form of one.
    #[error("the number is malformed: {0}")]
    Number(IdNumberError),
}

/// Turns the text of a card and its photo into fields.
///
/// # Errors
/// The first field that cannot be read.
pub fn parse(text: &[u8], photo: &[u8]) -> Result<IdCard, TextError> {
    let block = Block::new(text)?;
    let photo = CardPhoto::new(Zeroizing::new(photo.to_vec()));
    match block.kind_mark() {
        0x20 | 0 => resident(&block, CardKind::Resident, photo),
        mark if mark == u16::from(b'J') => resident(&block, CardKind::ResidencePermit, photo),
        mark if mark == u16::from(b'I') => foreigner_2017(&block, photo),
        mark if mark == u16::from(b'Y') => foreigner_2023(&block, photo),
        mark => Err(TextError::UnknownKind(mark)),
    }
}

/// The newest of the addresses added to a card, if there is one.
///
/// A card has room for four and they are written in order, so the last one that is not blank is
/// the newest. Modules that answer with the newest only give the same result.
///
/// # Errors
/// The address is not valid UTF-16.
pub fn newest_address(records: &[u8]) -> Result<Option<String>, TextError> {
    for record in records.chunks_exact(ADDRESS_SIZE).rev() {
        let address = decode(&units(record), Field::Address)?;
        if !address.is_empty() {
            return Ok(Some(own(address)));
        }
    }
    Ok(None)
}

fn resident(block: &Block, kind: CardKind, photo: CardPhoto) -> Result<IdCard, TextError> {
    let name = block.required(0, 30, Field::Name)?;
    let address = block.optional(52, 70, Field::Address)?;
    let issuer = block.optional(158, 30, Field::Issuer)?;
    let (nationality, travel_permit) = if kind == CardKind::ResidencePermit {
        (None, block.optional(220, 18, Field::TravelPermit)?)
    } else {
        (block.optional(32, 4, Field::Nationality)?, None)
    };
    let sex = block.sex(30)?;
    let birth = block.date(36, Field::Birth)?;
    let id_number = block.number(122, 36)?;
    let valid_from = block.date(188, Field::ValidFrom)?;
    let valid_to = block.valid_to(204)?;
    Ok(IdCard {
        kind,
        name: own(name),
        english_name: None,
        sex,
        nationality: nationality.map(|code| Nationality::ethnic_group(&code)),
        birth,
        address: address.map(own),
        id_number,
        issuer: issuer.map(own),
        travel_permit: travel_permit.map(own),
        valid_from,
        valid_to,
        photo,
    })
}

fn foreigner_2017(block: &Block, photo: CardPhoto) -> Result<IdCard, TextError> {
    let fields = Foreigner {
        kind: CardKind::ForeignerPermanent2017,
        chinese_name: block.optional(158, 30, Field::Name)?,
        english_name: block.required(0, 120, Field::EnglishName)?,
        sex: block.sex(120)?,
        country: block.optional(152, 6, Field::Nationality)?,
        birth: block.date(220, Field::Birth)?,
        id_number: block.number(122, 30)?,
    };
    fields.into_card(block, photo)
}

fn foreigner_2023(block: &Block, photo: CardPhoto) -> Result<IdCard, TextError> {
    // The English name is cut in two, possibly in the middle of a word.
    let english = Zeroizing::new([block.slice(52, 70), block.slice(220, 22)].concat());
    let english_name = decode(&english, Field::EnglishName)?;
    if english_name.is_empty() {
        return Err(TextError::Empty(Field::EnglishName));
    }
    let fields = Foreigner {
        kind: CardKind::ForeignerPermanent2023,
        chinese_name: block.optional(0, 30, Field::Name)?,
        english_name,
        sex: block.sex(30)?,
        country: block.optional(242, 6, Field::Nationality)?,
        birth: block.date(36, Field::Birth)?,
        id_number: block.number(122, 36)?,
    };
    fields.into_card(block, photo)
}

/// What the two foreigners' cards keep in different places.
struct Foreigner {
    kind: CardKind,
    chinese_name: Option<Zeroizing<String>>,
    english_name: Zeroizing<String>,
    sex: Sex,
    country: Option<Zeroizing<String>>,
    birth: Date,
    id_number: IdNumber,
}

impl Foreigner {
    fn into_card(self, block: &Block, photo: CardPhoto) -> Result<IdCard, TextError> {
        let valid_from = block.date(188, Field::ValidFrom)?;
        let valid_to = block.valid_to(204)?;
        let name = self
            .chinese_name
            .unwrap_or_else(|| self.english_name.clone());
        Ok(IdCard {
            kind: self.kind,
            name: own(name),
            english_name: Some(own(self.english_name)),
            sex: self.sex,
            nationality: self.country.map(|code| Nationality::country(&code)),
            birth: self.birth,
            address: None,
            id_number: self.id_number,
            issuer: None,
            travel_permit: None,
            valid_from,
            valid_to,
            photo,
        })
    }
}

/// Moves a text out of its wiping wrapper, once it is certain to get into a card that wipes it.
fn own(mut text: Zeroizing<String>) -> String {
    std::mem::take(&mut *text)
}

#[cfg(test)]
mod tests;

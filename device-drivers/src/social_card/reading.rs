//! The conversation with a card: select, read item by item, understand.

use zeroize::Zeroizing;

use super::apdu::{Apdu, SelectBy};
use super::card::SocialCard;
use super::error::SocialCardError;
use super::item::{self, File, Item};
use crate::card_reader::IdNumber;

/// Answers that may be fetched one after the other. A card that always has more is broken.
const FETCHES: u8 = 4;

/// Carries commands to a card.
pub(super) trait Channel {
    /// Sends a command and returns the answer, its two status bytes last.
    fn transmit(&mut self, apdu: Apdu) -> Result<Zeroizing<Vec<u8>>, SocialCardError>;
}

/// A card's answer to one command, fetched as a whole.
struct Answer {
    data: Zeroizing<Vec<u8>>,
    status: [u8; 2],
}

impl Answer {
    fn refused(&self) -> SocialCardError {
        let [sw1, sw2] = self.status;
        match self.status {
            // Application or file blocked by its issuer.
            [0x62, 0x83] | [0x93, 0x03] | [0x6A, 0x81] => SocialCardError::Locked,
            _ => SocialCardError::CardRefused { sw1, sw2 },
        }
    }

    fn is_well(&self) -> bool {
        self.status == [0x90, 0x00]
    }
}

/// Reads a card.
///
/// # Errors
/// See [`SocialCardError`]; never [`SocialCardError::NoCard`].
pub(super) fn read(channel: &mut impl Channel) -> Result<SocialCard, SocialCardError> {
    let environment = ask(channel, Apdu::SelectEnvironment)?;
    match environment.status {
        [0x90, 0x00] => {}
        // Nothing of this name on the card, or a card that does not know how to select by name.
        [0x6A, 0x82 | 0x86] | [0x6D | 0x6E, _] => return Err(SocialCardError::WrongCardType),
        _ => return Err(environment.refused()),
    }
    select(channel, File::Issuer)?;
    let card_code = optional(channel, Item::CardCode)?;
    let version = optional(channel, Item::Version)?;
    let issued_on = optional(channel, Item::IssuedOn)?;
    let valid_to = optional(channel, Item::ValidTo)?;
    let card_number = optional(channel, Item::CardNumber)?;
    select(channel, File::Holder)?;
    let number = required(channel, Item::Number)?;
    let name = required(channel, Item::Name)?;
    let rest = optional(channel, Item::NameRest)?;

    let number = item::text(&number)
        .and_then(|text| IdNumber::parse(&text).ok())
        .ok_or(SocialCardError::Unreadable(Item::Number))?;
    let name = whole_name(&name, rest.as_deref().map_or(&[], Vec::as_slice))?;
    let words = |item, value: Option<Zeroizing<Vec<u8>>>| match value {
        None => Ok(None),
        Some(value) => item::text(&value)
            .map(|text| (!text.is_empty()).then_some(text))
            .ok_or(SocialCardError::Unreadable(item)),
    };
    Ok(SocialCard {
        name,
        number,
        card_number: words(Item::CardNumber, card_number)?,
        card_code,
        version: words(Item::Version, version)?.map(|mut text| std::mem::take(&mut *text)),
        issued_on: issued_on.and_then(|value| item::day(&value)),
        valid_to: valid_to.and_then(|value| item::day(&value)),
    })
}

/// A long name may be cut in the middle of a character, so both parts are joined before decoding.
fn whole_name(name: &[u8], rest: &[u8]) -> Result<Zeroizing<String>, SocialCardError> {
    let whole = Zeroizing::new([item::unpadded(name), item::unpadded(rest)].concat());
    item::text(&whole)
        .filter(|name| !name.is_empty())
        .ok_or(SocialCardError::Unreadable(Item::Name))
}

fn select(channel: &mut impl Channel, file: File) -> Result<(), SocialCardError> {
    let first = ask(channel, Apdu::SelectFile(file, SelectBy::Child))?;
    if first.is_well() {
        return Ok(());
    }
    // Not this way, says the card, or: below what is selected there is no such file.
    if !matches!(first.status, [0x6A, 0x82 | 0x86] | [0x6B, _]) {
        return Err(first.refused());
    }
    let second = ask(channel, Apdu::SelectFile(file, SelectBy::Identifier))?;
    if second.is_well() {
        Ok(())
    } else {
        Err(second.refused())
    }
}

/// The value of an item; none if this card has no such item, or will not show it.
fn optional(
    channel: &mut impl Channel,
    item: Item,
) -> Result<Option<Zeroizing<Vec<u8>>>, SocialCardError> {
    let answer = ask(channel, Apdu::Read { item, length: 0 })?;
    if !answer.is_well() {
        // 69 82 wants a key first, 6A 8x has no such item.
        return match answer.status {
            [0x69, 0x82] | [0x6A, _] => Ok(None),
            _ => Err(answer.refused()),
        };
    }
    item::value(item, &answer.data)
        .map(|value| Some(Zeroizing::new(value.to_vec())))
        .ok_or(SocialCardError::Unreadable(item))
}

fn required(channel: &mut impl Channel, item: Item) -> Result<Zeroizing<Vec<u8>>, SocialCardError> {
    optional(channel, item)?.ok_or(SocialCardError::Unreadable(item))
}

/// Asks, and follows where the card points: to the right length (6C) or to more data (61).
fn ask(channel: &mut impl Channel, apdu: Apdu) -> Result<Answer, SocialCardError> {
    let mut answer = split(channel.transmit(apdu)?)?;
    if let (Apdu::Read { item, .. }, [0x6C, length]) = (apdu, answer.status) {
        answer = split(channel.transmit(Apdu::Read { item, length })?)?;
    }
    for _ in 0..FETCHES {
        let [0x61, length] = answer.status else {
            return Ok(answer);
        };
        let more = split(channel.transmit(Apdu::Fetch(length))?)?;
        answer.data = Zeroizing::new([&answer.data[..], &more.data[..]].concat());
        answer.status = more.status;
    }
    Err(SocialCardError::CardRefused {
        sw1: answer.status[0],
        sw2: answer.status[1],
    })
}

fn split(bytes: Zeroizing<Vec<u8>>) -> Result<Answer, SocialCardError> {
    match bytes.as_slice() {
        [data @ .., sw1, sw2] => Ok(Answer {
            data: Zeroizing::new(data.to_vec()),
            status: [*sw1, *sw2],
        }),
        // It did answer to the reset, so contact was lost since then.
        _ => Err(SocialCardError::MovedTooEarly),
    }
}

#[cfg(test)]
mod tests;

//! What is written on the cards that can be put in. Nobody's: the people are invented.

use std::collections::BTreeMap;

use encoding_rs::GBK;

use crate::id_card::generate;
use crate::id_card::holder::Holder;

/// A card that can be put in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// Name used by the order `put`.
    pub id: String,
    /// What kind of chip it has.
    pub kind: Kind,
    /// Values of EF05 and EF06 by tag; their tags do not overlap.
    pub items: BTreeMap<u8, Vec<u8>>,
}

/// What kind of chip a card has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A social security card.
    Social,
    /// One whose social security environment was locked by the issuer.
    Locked,
    /// A card of another kind.
    Other,
    /// Contacts so dirty that its answer to a reset is noise.
    Noise,
}

/// The people of the identity cards with this seed, each with a card, and some odd ones.
pub fn cards(seed: u64) -> Vec<Card> {
    let mut cards = Vec::new();
    for person in generate::cards(seed) {
        if let Holder::Resident { name, number, .. } = person.holder {
            cards.push(card(&person.id, &name, &number, [0x20, 0x34, 0x03, 0x31]));
        }
    }
    let Some(first) = cards.first().cloned() else {
        return cards;
    };
    let odd = |id: &str, kind| Card {
        id: id.into(),
        kind,
        ..first.clone()
    };
    let mut expired = odd("expired", Kind::Social);
    expired.items.insert(0x06, vec![0x20, 0x20, 0x12, 0x31]);
    let mut long = odd("long-name", Kind::Social);
    let name = gbk("阿卜杜热合曼江·买买提依明阿吉");
    long.items.insert(0x09, name[..30.min(name.len())].to_vec());
    let mut rest = name[30.min(name.len())..].to_vec();
    rest.resize(20, 0);
    long.items.insert(0x4E, rest);
    cards.extend([
        expired,
        long,
        odd("locked", Kind::Locked),
        odd("bank", Kind::Other),
        odd("dirty", Kind::Noise),
    ]);
    cards
}

fn card(id: &str, name: &str, number: &str, valid_to: [u8; 4]) -> Card {
    let mut padded = gbk(name);
    padded.resize(30, 0);
    let items = [
        (0x01, (0xA0..0xB0).collect()),
        (0x02, b"3".to_vec()),
        (0x03, b"3.00".to_vec()),
        (0x05, vec![0x20, 0x24, 0x04, 0x01]),
        (0x06, valid_to.to_vec()),
        (0x07, format!("A{}", &number[9..17]).into_bytes()),
        (0x08, number.as_bytes().to_vec()),
        (0x09, padded),
        (0x0A, vec![b'2']),
        (0x0B, vec![0x01]),
    ];
    Card {
        id: id.into(),
        kind: Kind::Social,
        items: items.into(),
    }
}

/// GBK; a name with characters outside it is written with a question mark, as issuers do.
fn gbk(text: &str) -> Vec<u8> {
    text.chars()
        .flat_map(|c| {
            let c = c.to_string();
            let (bytes, _, lost) = GBK.encode(&c);
            if lost { b"?".to_vec() } else { bytes.to_vec() }
        })
        .collect()
}

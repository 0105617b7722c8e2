//! The few commands that a card is ever sent. Nothing else can be said to it.
//!
//! A PIN tried wrongly a few times locks a card for good. So there is no way here to make a
//! command out of bytes: a channel takes an [`Apdu`], and no [`Apdu`] is a PIN command, writes,
//! or authenticates.

use super::item::{File, Item};

/// Name of the social security environment: `sx1.sh.社会保障`, the Chinese part in GBK.
const ENVIRONMENT: [u8; 15] = [
    0x73, 0x78, 0x31, 0x2E, 0x73, 0x68, 0x2E, 0xC9, 0xE7, 0xBB, 0xE1, 0xB1, 0xA3, 0xD5, 0xCF,
];

const SELECT: u8 = 0xA4;
const READ_RECORD: u8 = 0xB2;
const GET_RESPONSE: u8 = 0xC0;

/// A command to a card. Every one of them only selects or reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Apdu {
    /// Selects the social security environment by its name.
    SelectEnvironment,
    /// Selects a file that is free to read.
    SelectFile(File, SelectBy),
    /// Reads one item of the selected file. `length` is what is expected, 0 for whatever there is.
    Read {
        /// Which.
        item: Item,
        /// Bytes expected.
        length: u8,
    },
    /// Fetches the answer to the last command, of so many bytes.
    Fetch(u8),
}

/// How a file is named when it is selected. Cards differ, and refuse the other way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SelectBy {
    /// P1 = 02: below what is selected now.
    Child,
    /// P1 = 00: by identifier.
    Identifier,
}

impl Apdu {
    /// The bytes of the command.
    pub(super) fn bytes(self) -> Vec<u8> {
        match self {
            Self::SelectEnvironment => {
                let mut bytes = vec![0x00, SELECT, 0x04, 0x00, ENVIRONMENT.len() as u8];
                bytes.extend(ENVIRONMENT);
                bytes
            }
            Self::SelectFile(file, by) => {
                let p1 = match by {
                    SelectBy::Child => 0x02,
                    SelectBy::Identifier => 0x00,
                };
                let [high, low] = file.identifier().to_be_bytes();
                vec![0x00, SELECT, p1, 0x00, 0x02, high, low]
            }
            Self::Read { item, length } => vec![0x00, READ_RECORD, item.tag(), 0x00, length],
            Self::Fetch(length) => vec![0x00, GET_RESPONSE, 0x00, 0x00, length],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every_command() -> impl Iterator<Item = Apdu> {
        let files = [File::Issuer, File::Holder]
            .into_iter()
            .flat_map(|file| [SelectBy::Child, SelectBy::Identifier].map(|by| (file, by)))
            .map(|(file, by)| Apdu::SelectFile(file, by));
        let reads = Item::ALL
            .into_iter()
            .flat_map(|item| (0..=255).map(move |length| Apdu::Read { item, length }));
        [Apdu::SelectEnvironment]
            .into_iter()
            .chain(files)
            .chain(reads)
            .chain((0..=255).map(Apdu::Fetch))
    }

    #[test]
    fn no_command_can_try_a_pin_or_change_a_card() {
        for apdu in every_command() {
            let bytes = apdu.bytes();
            assert_eq!(bytes[0], 0x00, "plain class: {bytes:02X?}");
            assert!([0xA4, 0xB2, 0xC0].contains(&bytes[1]), "{bytes:02X?}");
        }
    }

    #[test]
    fn commands_are_those_that_others_published() {
        let cases = [
            (
                Apdu::SelectEnvironment,
                "00A404000F7378312E73682EC9E7BBE1B1A3D5CF",
            ),
            (
                Apdu::SelectFile(File::Holder, SelectBy::Child),
                "00A4020002EF06",
            ),
            (
                Apdu::SelectFile(File::Issuer, SelectBy::Identifier),
                "00A4000002EF05",
            ),
            (
                Apdu::Read {
                    item: Item::Number,
                    length: 0,
                },
                "00B2080000",
            ),
            (Apdu::Fetch(0x12), "00C0000012"),
        ];
        for (apdu, hex) in cases {
            let bytes = in_hex(&apdu.bytes());
            assert_eq!(bytes, hex);
        }
    }

    fn in_hex(bytes: &[u8]) -> String {
        use std::fmt::Write as _;
        bytes.iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02X}");
            text
        })
    }
}

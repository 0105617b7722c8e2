//! Commands of a card reader's security module, and what its status byte means for the terminal.

use std::fmt;

use super::frame::{self, Reply};
use crate::status::FaultKind;

/// The commands that the terminal uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Command {
    /// Start the module afresh.
    ResetSam,
    /// Ask whether the module is well; harmless at any time.
    SamStatus,
    /// Ask for the module's number.
    SamId,
    /// Say how many bytes one frame on the air may have.
    SetRfFrame(u8),
    /// Look for a card in the field.
    FindCard,
    /// Take hold of the card that was found.
    SelectCard,
    /// Read the printed text and the photo.
    ReadCard,
    /// Read the addresses added after the card was issued.
    ReadNewAddress,
}

impl Command {
    fn code(self) -> (u8, u8) {
        match self {
            Self::ResetSam => (0x10, 0xFF),
            Self::SamStatus => (0x11, 0xFF),
            Self::SamId => (0x12, 0xFF),
            Self::SetRfFrame(_) => (0x61, 0xFF),
            Self::FindCard => (0x20, 0x01),
            Self::SelectCard => (0x20, 0x02),
            Self::ReadCard => (0x30, 0x01),
            Self::ReadNewAddress => (0x30, 0x03),
        }
    }

    /// The bytes for the line.
    pub fn encode(self) -> Vec<u8> {
        let (cmd, para) = self.code();
        match self {
            Self::SetRfFrame(bytes) => frame::encode(cmd, para, &[bytes]),
            _ => frame::encode(cmd, para, &[]),
        }
    }

    /// Whether a reply can be the answer to this command.
    ///
    /// Replies do not say what they answer, and a late one may arrive after the next command was
    /// sent. A success whose data has the wrong size for this command is such a stranger, or a
    /// frame whose length was damaged in a way that the checksum cannot show.
    pub fn accepts(self, reply: &Reply) -> bool {
        let size = reply.data.len();
        match (self, Status::from(reply.sw3)) {
            (Self::FindCard, Status::CardFound) => size == 4,
            (_, Status::CardFound) | (Self::FindCard, Status::Ok) => false,
            (Self::SamId, Status::Ok) => size == 16,
            (Self::SelectCard, Status::Ok) => size == 8,
            (Self::ReadCard, Status::Ok) => size >= 4,
            (Self::ReadNewAddress, Status::Ok) => {
                size > 0 && size <= 280 && size.is_multiple_of(70)
            }
            // Reset and status answer with nothing more, and so does every failure.
            (_, _) => size == 0,
        }
    }
}

/// SW3, the module's verdict on a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// 90: done.
    Ok,
    /// 9F: there is a card.
    CardFound,
    /// 10: our frame arrived with a wrong checksum.
    OurChecksumWrong,
    /// 11: our frame arrived with a wrong length.
    OurLengthWrong,
    /// 21: the module does not know the command.
    UnknownCommand,
    /// 23: not permitted. A single source; its text is uncertain.
    NotPermitted,
    /// 24: an error that the module cannot name.
    Unrecognised,
    /// 31: the card refused the module.
    CardRefusedSam,
    /// 32: the module refused the card, which may be forged.
    SamRefusedCard,
    /// 33: the card's contents do not match their signature.
    ContentsNotAuthentic,
    /// 40: not a card of this kind.
    WrongCardType,
    /// 41: the card could not be read, usually because it was moved.
    ReadFailed,
    /// 47: no random number.
    NoRandomNumber,
    /// 60: the self-test failed.
    SelfTestFailed,
    /// 66: the module is not authorised.
    NotAuthorised,
    /// 80: there is no card.
    NoCard,
    /// 81: the card could not be selected.
    SelectFailed,
    /// 91: the card has no such item.
    Absent,
    /// Anything else.
    Other(u8),
}

impl From<u8> for Status {
    fn from(sw3: u8) -> Self {
        match sw3 {
            0x90 => Self::Ok,
            0x9F => Self::CardFound,
            0x10 => Self::OurChecksumWrong,
            0x11 => Self::OurLengthWrong,
            0x21 => Self::UnknownCommand,
            0x23 => Self::NotPermitted,
            0x24 => Self::Unrecognised,
            0x31 => Self::CardRefusedSam,
            0x32 => Self::SamRefusedCard,
            0x33 => Self::ContentsNotAuthentic,
            0x40 => Self::WrongCardType,
            0x41 => Self::ReadFailed,
            0x47 => Self::NoRandomNumber,
            0x60 => Self::SelfTestFailed,
            0x66 => Self::NotAuthorised,
            0x80 => Self::NoCard,
            0x81 => Self::SelectFailed,
            0x91 => Self::Absent,
            other => Self::Other(other),
        }
    }
}

/// What to do after a status other than success.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Advice {
    /// Look for the card again and go on from there.
    StartOver,
    /// Reset the module, then look for the card again.
    ResetAndStartOver,
    /// Do not accept this card; it would not be different a second time.
    GiveUp,
    /// The reader itself needs help.
    OutOfService(FaultKind),
}

impl Status {
    /// What to do when select or read ends with this status.
    pub fn advice(self) -> Advice {
        match self {
            Self::CardRefusedSam
            | Self::ReadFailed
            | Self::NoCard
            | Self::SelectFailed
            | Self::Unrecognised
            | Self::OurChecksumWrong
            | Self::Ok
            | Self::CardFound => Advice::StartOver,
            Self::NoRandomNumber => Advice::ResetAndStartOver,
            Self::SamRefusedCard
            | Self::ContentsNotAuthentic
            | Self::WrongCardType
            | Self::Absent => Advice::GiveUp,
            Self::SelfTestFailed => Advice::OutOfService(FaultKind::SamFailed),
            Self::NotAuthorised => Advice::OutOfService(FaultKind::SamNotAuthorised),
            Self::UnknownCommand => Advice::OutOfService(FaultKind::Unsupported),
            Self::OurLengthWrong | Self::NotPermitted | Self::Other(_) => {
                Advice::OutOfService(FaultKind::Other)
            }
        }
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (cmd, para) = self.code();
        write!(f, "{cmd:02X} {para:02X}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_the_bytes_that_other_programs_send() {
        let sent = |command: Command| command.encode()[5..].to_vec();
        assert_eq!(
            Command::FindCard.encode(),
            [0xAA, 0xAA, 0xAA, 0x96, 0x69, 0x00, 0x03, 0x20, 0x01, 0x22]
        );
        assert_eq!(sent(Command::SamStatus), [0, 3, 0x11, 0xFF, 0xED]);
        assert_eq!(sent(Command::ResetSam), [0, 3, 0x10, 0xFF, 0xEC]);
        assert_eq!(sent(Command::SamId), [0, 3, 0x12, 0xFF, 0xEE]);
        assert_eq!(
            sent(Command::SetRfFrame(0x50)),
            [0, 4, 0x61, 0xFF, 0x50, 0xCA]
        );
        assert_eq!(sent(Command::SelectCard), [0, 3, 0x20, 0x02, 0x21]);
        assert_eq!(sent(Command::ReadCard), [0, 3, 0x30, 0x01, 0x32]);
        assert_eq!(sent(Command::ReadNewAddress), [0, 3, 0x30, 0x03, 0x30]);
    }

    #[test]
    fn a_late_answer_to_another_command_is_not_taken_for_this_one() {
        let reply = |sw3, size| Reply {
            sw1: 0,
            sw2: 0,
            sw3,
            data: vec![0; size].into(),
        };
        assert!(Command::FindCard.accepts(&reply(0x9F, 4)));
        assert!(Command::FindCard.accepts(&reply(0x80, 0)));
        assert!(!Command::SelectCard.accepts(&reply(0x9F, 4)));
        assert!(!Command::ReadCard.accepts(&reply(0x90, 0)));
        assert!(!Command::FindCard.accepts(&reply(0x90, 0)));
        assert!(!Command::SamStatus.accepts(&reply(0x90, 8)));
        assert!(!Command::SelectCard.accepts(&reply(0x81, 3)));
        assert!(!Command::ReadNewAddress.accepts(&reply(0x90, 350)));
    }
}

//! The conversation with a card reader: getting to know it, and find, select, read.

use super::command::{Advice, Command, Status};
use super::error::CardReadError;
use super::frame::Reply;
use super::holder::{CardKind, IdCard};
use super::link::{Link, LinkError, LinkTiming};
use super::sam::SamId;
use super::text::{self, TEXT_SIZE};
use crate::status::{Fault, FaultKind};
use crate::transport::ByteStream;

/// Attempts to read one card before giving up.
const READ_ATTEMPTS: u32 = 3;

/// The speed of the line to a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Baud {
    /// Try the speeds that readers use until one answers.
    #[default]
    Auto,
    /// Bits per second.
    Fixed(u32),
}

impl Baud {
    /// Speeds that a reader can be set to, the factory setting first.
    const KNOWN: [u32; 5] = [115_200, 57_600, 38_400, 19_200, 9600];

    /// The speeds to try, the one that worked last time first.
    fn candidates(self, last: Option<u32>) -> Vec<u32> {
        match self {
            Self::Fixed(baud) => vec![baud],
            Self::Auto => last
                .into_iter()
                .chain(Self::KNOWN.into_iter().filter(|&baud| Some(baud) != last))
                .collect(),
        }
    }

    /// The speed to open the port with.
    pub(super) fn first(self) -> u32 {
        match self {
            Self::Fixed(baud) => baud,
            Self::Auto => Self::KNOWN[0],
        }
    }
}

/// Which reader is connected, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReaderIdentity {
    /// The number of its security module; none if it would not say.
    pub sam_id: Option<SamId>,
    /// Bits per second on the line.
    pub baud: u32,
}

/// Why a command led to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Trouble {
    /// No usable answer this time. Several in a row mean that the reader is gone.
    Missed(FaultKind),
    /// The connection is of no use any more.
    Lost(Fault),
}

/// Why a card was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ReadFailure {
    /// The reader is well, this card was not read.
    Card(CardReadError),
    /// The connection is of no use any more.
    Lost(Fault),
}

/// A reader that has answered.
pub(super) struct Driver<S> {
    link: Link<S>,
    /// Whether asking for added addresses is worth it: some readers do not even answer.
    knows_new_address: bool,
}

impl<S: ByteStream> Driver<S> {
    /// Finds out whether a reader answers on the stream, and at which speed.
    ///
    /// `last` is the speed that worked before. The stream's speed must be `baud.first()`.
    pub fn connect(
        stream: S,
        baud: Baud,
        last: Option<u32>,
        timing: LinkTiming,
    ) -> Result<(Self, ReaderIdentity), Fault> {
        let mut link = Link::new(stream, timing);
        let candidates = baud.candidates(last);
        if candidates.len() > 1 {
            // A module that is well answers at once; ten full waits would take half a minute.
            link.set_timing(LinkTiming {
                header: timing.header / 4,
                frame: timing.frame / 4,
                ..timing
            });
        }
        let mut garbled = None;
        for baud in candidates {
            link.set_baud(baud).map_err(|error| error.fault())?;
            // What was sent at a wrong speed may sit in the module as the beginning of a frame
            // and swallow the first command sent at the right one.
            for _ in 0..2 {
                match link.exchange(Command::SamStatus) {
                    Ok(reply) => {
                        check_health(&reply)?;
                        link.set_timing(timing);
                        return Self::introduce(link, baud);
                    }
                    Err(LinkError::Port(error)) => return Err(error.fault()),
                    Err(LinkError::NoAnswer(_)) => {}
                    Err(LinkError::Damaged(_)) => {
                        garbled = Some(Fault::new(
                            FaultKind::Garbled,
                            format!("what answers at {baud} baud is not a card reader"),
                        ));
                    }
                }
            }
        }
        Err(garbled.unwrap_or_else(|| Fault::new(FaultKind::NoAnswer, "no answer to 11 FF")))
    }

    fn introduce(mut link: Link<S>, baud: u32) -> Result<(Self, ReaderIdentity), Fault> {
        let sam_id = match link.exchange(Command::SamId) {
            Ok(reply) => <[u8; 16]>::try_from(reply.data.as_slice())
                .ok()
                .map(SamId::from_bytes),
            Err(LinkError::Port(error)) => return Err(error.fault()),
            Err(error) => {
                tracing::warn!(%error, "the card reader does not give its number");
                None
            }
        };
        let driver = Self {
            link,
            knows_new_address: true,
        };
        Ok((driver, ReaderIdentity { sam_id, baud }))
    }

    /// Asks whether the reader is well, without touching a card.
    pub fn heartbeat(&mut self) -> Result<(), Trouble> {
        let reply = self.ask(Command::SamStatus)?;
        check_health(&reply).map_err(Trouble::Lost)
    }

    /// Whether there is a card in the field.
    pub fn find(&mut self) -> Result<bool, Trouble> {
        // Vendors' own programs ask a second time before they believe that there is none.
        Ok(self.find_once()? || self.find_once()?)
    }

    fn find_once(&mut self) -> Result<bool, Trouble> {
        let reply = self.ask(Command::FindCard)?;
        match Status::from(reply.sw3) {
            // With the last four something lies there; what it is shows when it is selected.
            Status::CardFound
            | Status::WrongCardType
            | Status::CardRefusedSam
            | Status::SamRefusedCard
            | Status::ContentsNotAuthentic => Ok(true),
            status => match status.advice() {
                Advice::OutOfService(kind) => Err(Trouble::Lost(refusal(kind, &reply))),
                // Any other answer means that there is no card that could be read.
                _ => Ok(false),
            },
        }
    }

    /// Reads the card that was just found.
    pub fn read_card(&mut self) -> Result<IdCard, ReadFailure> {
        let mut failure = CardReadError::MovedTooEarly;
        for attempt in 0..READ_ATTEMPTS {
            if attempt > 0 && !self.find_again(&mut failure)? {
                break;
            }
            match self.attempt(attempt + 1 == READ_ATTEMPTS)? {
                Ok(card) => return Ok(card),
                Err(Setback { error, again }) => {
                    failure = error;
                    if !again {
                        break;
                    }
                }
            }
        }
        Err(ReadFailure::Card(failure))
    }

    /// Looks for the card after a failed attempt; without one, it has been moved.
    fn find_again(&mut self, failure: &mut CardReadError) -> Result<bool, ReadFailure> {
        match self.find() {
            Ok(true) => Ok(true),
            Ok(false) => {
                *failure = CardReadError::MovedTooEarly;
                Ok(false)
            }
            Err(Trouble::Missed(_)) => Ok(false),
            Err(Trouble::Lost(fault)) => Err(ReadFailure::Lost(fault)),
        }
    }

    fn attempt(&mut self, last: bool) -> Result<Result<IdCard, Setback>, ReadFailure> {
        if let Err(setback) = self.step(Command::SelectCard)? {
            return Ok(Err(setback));
        }
        let reply = match self.step(Command::ReadCard)? {
            Ok(reply) => reply,
            Err(setback) => return Ok(Err(setback)),
        };
        let Some((text, photo)) = split(&reply.data) else {
            let error = CardReadError::Damaged {
                during: Command::ReadCard,
            };
            return Ok(Err(Setback { error, again: true }));
        };
        let mut card = match text::parse(text, photo) {
            Ok(card) => card,
            Err(error) => {
                let error = CardReadError::Unreadable(error);
                return Ok(Err(Setback { error, again: true }));
            }
        };
        let has_address = matches!(card.kind, CardKind::Resident | CardKind::ResidencePermit);
        if has_address && self.knows_new_address {
            match self.new_address()? {
                NewAddress::Is(address) => card.address = Some(address),
                NewAddress::None => {}
                NewAddress::CardMoved if last => {}
                NewAddress::CardMoved => {
                    let error = CardReadError::MovedTooEarly;
                    return Ok(Err(Setback { error, again: true }));
                }
            }
        }
        Ok(Ok(card))
    }

    /// One command of an attempt that has to end with 90.
    fn step(&mut self, command: Command) -> Result<Result<Reply, Setback>, ReadFailure> {
        let reply = match self.link.exchange(command) {
            Ok(reply) => reply,
            Err(LinkError::NoAnswer(_)) => {
                let error = CardReadError::NoAnswer;
                return Ok(Err(Setback { error, again: true }));
            }
            Err(LinkError::Damaged(during)) => {
                let error = CardReadError::Damaged { during };
                return Ok(Err(Setback { error, again: true }));
            }
            Err(LinkError::Port(error)) => return Err(ReadFailure::Lost(error.fault())),
        };
        let status = Status::from(reply.sw3);
        if status == Status::Ok {
            return Ok(Ok(reply));
        }
        let again = match status.advice() {
            Advice::StartOver => true,
            Advice::ResetAndStartOver => {
                // Whether it helped shows in what comes next.
                let _ = self.link.exchange(Command::ResetSam);
                true
            }
            Advice::GiveUp => false,
            Advice::OutOfService(kind) => return Err(ReadFailure::Lost(refusal(kind, &reply))),
        };
        let error = card_error(status, &reply, command);
        Ok(Err(Setback { error, again }))
    }

    fn new_address(&mut self) -> Result<NewAddress, ReadFailure> {
        match self.link.exchange(Command::ReadNewAddress) {
            Ok(reply) => match Status::from(reply.sw3) {
                Status::Ok => match text::newest_address(&reply.data) {
                    Ok(Some(address)) => Ok(NewAddress::Is(address)),
                    Ok(None) => Ok(NewAddress::None),
                    // Better to read again than to use an address that is no longer right.
                    Err(_) => Ok(NewAddress::CardMoved),
                },
                Status::ReadFailed | Status::SelectFailed | Status::NoCard => {
                    Ok(NewAddress::CardMoved)
                }
                Status::UnknownCommand => {
                    self.knows_new_address = false;
                    Ok(NewAddress::None)
                }
                _ => Ok(NewAddress::None),
            },
            Err(LinkError::NoAnswer(_)) => {
                tracing::warn!("the card reader does not answer when asked for added addresses");
                self.knows_new_address = false;
                Ok(NewAddress::None)
            }
            Err(LinkError::Damaged(_)) => Ok(NewAddress::CardMoved),
            Err(LinkError::Port(error)) => Err(ReadFailure::Lost(error.fault())),
        }
    }

    fn ask(&mut self, command: Command) -> Result<Reply, Trouble> {
        self.link.exchange(command).map_err(|error| match error {
            LinkError::NoAnswer(_) => Trouble::Missed(FaultKind::NoAnswer),
            LinkError::Damaged(_) => Trouble::Missed(FaultKind::Garbled),
            LinkError::Port(error) => Trouble::Lost(error.fault()),
        })
    }
}

/// An attempt that failed, and whether another one may help.
struct Setback {
    error: CardReadError,
    again: bool,
}

enum NewAddress {
    Is(String),
    None,
    CardMoved,
}

fn check_health(reply: &Reply) -> Result<(), Fault> {
    let status = Status::from(reply.sw3);
    match (status, status.advice()) {
        (Status::Ok, _) => Ok(()),
        (_, Advice::OutOfService(kind)) => Err(refusal(kind, reply)),
        _ => Err(refusal(FaultKind::Other, reply)),
    }
}

fn refusal(kind: FaultKind, reply: &Reply) -> Fault {
    Fault::new(kind, format!("module status {:02X}", reply.sw3))
}

fn card_error(status: Status, reply: &Reply, during: Command) -> CardReadError {
    match status {
        Status::SamRefusedCard | Status::ContentsNotAuthentic => CardReadError::CannotVerify,
        Status::WrongCardType => CardReadError::WrongCardType,
        Status::CardRefusedSam | Status::Absent | Status::Unrecognised => {
            CardReadError::CardRefused {
                sw1: reply.sw1,
                sw2: reply.sw2,
            }
        }
        Status::NoRandomNumber => CardReadError::ReaderFault(FaultKind::SamFailed),
        Status::OurChecksumWrong => CardReadError::Damaged { during },
        _ => CardReadError::MovedTooEarly,
    }
}

/// Takes the data of a read apart into text and photo.
fn split(data: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&[t1, t2, p1, p2], rest) = data.split_first_chunk()?;
    let text_size = usize::from(u16::from_be_bytes([t1, t2]));
    let photo_size = usize::from(u16::from_be_bytes([p1, p2]));
    (text_size == TEXT_SIZE && rest.len() == text_size + photo_size)
        .then(|| rest.split_at(text_size))
}

#[cfg(test)]
mod tests;

//! Reading one card: select, read, ask for added addresses, and what to do when a step fails.

use super::{Driver, Trouble, refusal};
use crate::card_reader::command::{Advice, Command, Status};
use crate::card_reader::error::CardReadError;
use crate::card_reader::frame::Reply;
use crate::card_reader::holder::{CardKind, IdCard};
use crate::card_reader::link::LinkError;
use crate::card_reader::text::{self, TEXT_SIZE};
use crate::status::{Fault, FaultKind};
use crate::transport::ByteStream;

/// Attempts to read one card before giving up.
const READ_ATTEMPTS: u32 = 3;

/// Why a card was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadFailure {
    /// The reader is well, this card was not read.
    Card(CardReadError),
    /// The connection is of no use any more.
    Lost(Fault),
}

impl<S: ByteStream> Driver<S> {
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

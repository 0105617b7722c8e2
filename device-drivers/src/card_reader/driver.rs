//! The conversation with a card reader: getting to know it, and looking for cards.

mod reading;

pub(super) use self::reading::ReadFailure;
use super::command::{Advice, Command, Status};
use super::frame::Reply;
use super::link::{Link, LinkError, LinkTiming};
use super::profile::CardReaderProfile;
use super::sam::SamId;
use crate::status::{Fault, FaultKind};
use crate::transport::ByteStream;

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
    /// The speeds to try, the one that worked last time first.
    fn candidates(self, known: &[u32], last: Option<u32>) -> Vec<u32> {
        match self {
            Self::Fixed(baud) => vec![baud],
            Self::Auto => last
                .into_iter()
                .chain(known.iter().copied().filter(|&baud| Some(baud) != last))
                .collect(),
        }
    }

    /// The speed to open the port with.
    pub(super) fn first(self, known: &[u32]) -> u32 {
        match self {
            Self::Fixed(baud) => baud,
            Self::Auto => known.first().copied().unwrap_or(115_200),
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

/// A reader that has answered.
pub(super) struct Driver<S> {
    link: Link<S>,
    /// Whether asking for added addresses is worth it: some readers do not even answer.
    knows_new_address: bool,
    asks_twice: bool,
}

impl<S: ByteStream> Driver<S> {
    /// Finds out whether a reader answers on the stream, and at which speed.
    ///
    /// `last` is the speed that worked before.
    pub fn connect(
        stream: S,
        baud: Baud,
        last: Option<u32>,
        timing: LinkTiming,
        profile: &CardReaderProfile,
    ) -> Result<(Self, ReaderIdentity), Fault> {
        let mut link = Link::new(stream, timing);
        let candidates = baud.candidates(&profile.speeds, last);
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
                        return Self::introduce(link, baud, profile);
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

    fn introduce(
        mut link: Link<S>,
        baud: u32,
        profile: &CardReaderProfile,
    ) -> Result<(Self, ReaderIdentity), Fault> {
        if let Some(bytes) = profile.rf_frame_bytes
            // A module that refuses keeps its own size, which works as well.
            && let Err(LinkError::Port(error)) = link.exchange(Command::SetRfFrame(bytes))
        {
            return Err(error.fault());
        }
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
            knows_new_address: profile.knows_added_addresses,
            asks_twice: profile.asks_twice,
        };
        Ok((driver, ReaderIdentity { sam_id, baud }))
    }

    /// Asks whether the reader is well, without touching a card.
    pub fn heartbeat(&mut self) -> Result<(), Trouble> {
        let reply = self.ask(Command::SamStatus)?;
        check_health(&reply).map_err(Trouble::Lost)
    }

    /// Whether the module, asked for its number, gives one: a longer answer than a heartbeat's.
    pub fn self_test(&mut self) -> Result<(), Trouble> {
        self.ask(Command::SamId).map(|_| ())
    }

    /// Whether there is a card in the field.
    pub fn find(&mut self) -> Result<bool, Trouble> {
        // Vendors' own programs ask a second time before they believe that there is none.
        Ok(self.find_once()? || (self.asks_twice && self.find_once()?))
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

    fn ask(&mut self, command: Command) -> Result<Reply, Trouble> {
        self.link.exchange(command).map_err(|error| match error {
            LinkError::NoAnswer(_) => Trouble::Missed(FaultKind::NoAnswer),
            LinkError::Damaged(_) => Trouble::Missed(FaultKind::Garbled),
            LinkError::Port(error) => Trouble::Lost(error.fault()),
        })
    }
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

#[cfg(test)]
mod tests;

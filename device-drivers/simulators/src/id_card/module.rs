//! The security module: which answer follows which request, in which order.

use super::fault::{Failure, Faults, RemovalMode};
use super::frame::{Incoming, Request, answer};
use super::holder::Card;
use super::layout::{address_record, text_block};

/// How far the conversation about the card has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Nothing found.
    Idle,
    /// `20 01` answered 9F.
    Found,
    /// `20 02` answered 90.
    Selected,
}

/// The card on the reader.
struct Placed {
    card: Card,
    /// Read successfully since it was laid down.
    was_read: bool,
}

/// An answer, and the rate that holds once it has been sent.
#[derive(Debug, PartialEq, Eq)]
pub struct Answer {
    /// The frame.
    pub bytes: Vec<u8>,
    /// The new rate in bit/s.
    pub then_baud: Option<u32>,
}

/// Counters for the order `state`.
#[derive(Debug, Default, Clone, Copy)]
pub struct Counters {
    /// Answers given.
    pub answers: u64,
    /// Cards read to the end.
    pub reads: u64,
    /// Requests with a wrong sum or length.
    pub bad_frames: u64,
    /// Commands that this module does not know.
    pub unknown_commands: u64,
    /// Bytes that arrived while the module was busy, and were lost.
    pub ignored_bytes: u64,
}

/// The module with whatever lies on it.
pub struct Module {
    placed: Option<Placed>,
    phase: Phase,
    sam_id: [u8; 16],
    /// What is wrong.
    pub faults: Faults,
    /// What happens between a read and the lifting of the card.
    pub removal: RemovalMode,
    /// What has happened so far.
    pub counters: Counters,
}

impl Module {
    /// A sound module without a card.
    pub fn new(sam_id: [u8; 16], removal: RemovalMode) -> Self {
        Self {
            placed: None,
            phase: Phase::Idle,
            sam_id,
            faults: Faults::default(),
            removal,
            counters: Counters::default(),
        }
    }

    /// Lays a card down.
    pub fn place(&mut self, card: Card) {
        self.placed = Some(Placed {
            card,
            was_read: false,
        });
        self.phase = Phase::Idle;
    }

    /// Lifts the card.
    pub fn remove(&mut self) {
        self.placed = None;
        self.phase = Phase::Idle;
    }

    /// The card that lies there.
    pub fn card(&self) -> Option<&Card> {
        self.placed.as_ref().map(|placed| &placed.card)
    }

    /// How far the conversation has come.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// Answers what has arrived. All effects are those of the instant of the answer.
    pub fn answer(&mut self, incoming: &Incoming) -> Answer {
        self.counters.answers += 1;
        match incoming {
            Incoming::BadChecksum => {
                self.counters.bad_frames += 1;
                plain(0x10)
            }
            Incoming::BadLength => {
                self.counters.bad_frames += 1;
                plain(0x11)
            }
            Incoming::Request(request) => match self.ordered_failure(request) {
                Some(sw3) => {
                    self.phase = Phase::Idle;
                    plain(sw3)
                }
                None => self.obey(request),
            },
        }
    }

    fn ordered_failure(&mut self, request: &Request) -> Option<u8> {
        let failure = self
            .faults
            .failure
            .filter(|failure| failure.concerns(request))?;
        self.faults.failure = (failure.times > 1).then(|| Failure {
            times: failure.times - 1,
            ..failure
        });
        Some(failure.sw3)
    }

    fn obey(&mut self, request: &Request) -> Answer {
        match (request.command, request.parameter, request.data.as_slice()) {
            (0x10, 0xFF, []) => {
                self.phase = Phase::Idle;
                plain(0x90)
            }
            (0x11, 0xFF, []) | (0x61, 0xFF, [_]) => plain(0x90),
            (0x12, 0xFF, []) => with(&self.sam_id.clone()),
            (0x20, 0x01, []) => self.find(),
            (0x20, 0x02, []) => self.select(),
            (0x30, what @ (0x01 | 0x03 | 0x05 | 0x10), []) => self.read(what),
            (0x60, index, []) => {
                match [115_200, 57_600, 38_400, 19_200, 9600].get(usize::from(index)) {
                    Some(baud) => Answer {
                        then_baud: Some(*baud),
                        ..plain(0x90)
                    },
                    None => plain(0x21),
                }
            }
            _ => {
                self.counters.unknown_commands += 1;
                plain(0x21)
            }
        }
    }

    fn find(&mut self) -> Answer {
        let hidden =
            |placed: &Placed| placed.was_read && self.removal == RemovalMode::HiddenUntilLifted;
        if self.placed.as_ref().is_none_or(hidden) {
            self.phase = Phase::Idle;
            return plain(0x80);
        }
        self.phase = Phase::Found;
        Answer {
            bytes: answer(0x9F, &[0; 4]),
            then_baud: None,
        }
    }

    fn select(&mut self) -> Answer {
        if self.phase == Phase::Idle {
            return plain(0x81);
        }
        self.phase = Phase::Selected;
        with(&[0; 8])
    }

    fn read(&mut self, what: u8) -> Answer {
        if std::mem::take(&mut self.faults.lift_mid_read) {
            self.remove();
        }
        let Some(placed) = self
            .placed
            .as_mut()
            .filter(|_| self.phase == Phase::Selected)
        else {
            self.phase = Phase::Idle;
            return plain(0x41);
        };
        let data = match what {
            0x03 => addresses(&placed.card),
            0x05 => Ok(vec![0; 28]),
            _ => contents(&placed.card, what == 0x10),
        };
        match data {
            Ok(data) if data.is_empty() => plain(0x91),
            Ok(data) => {
                if matches!(what, 0x01 | 0x10) {
                    placed.was_read = true;
                    self.counters.reads += 1;
                }
                with(&data)
            }
            // Cards are checked when they are loaded; a chip that still holds nonsense fails.
            Err(_) => plain(0x41),
        }
    }
}

/// Text, photo and fingerprints, preceded by their lengths.
fn contents(card: &Card, fingerprints: bool) -> Result<Vec<u8>, String> {
    let text = text_block(&card.holder)?;
    let mut parts = vec![text, pseudo_random(card, 0, 1024)];
    if fingerprints {
        parts.push(pseudo_random(card, 1, 1024));
    }
    let mut data = Vec::new();
    for part in &parts {
        data.extend([(part.len() >> 8) as u8, part.len() as u8]);
    }
    data.extend(parts.concat());
    Ok(data)
}

fn addresses(card: &Card) -> Result<Vec<u8>, String> {
    card.new_addresses
        .iter()
        .take(4)
        .try_fold(Vec::new(), |mut all, address| {
            all.extend(address_record(address)?);
            Ok(all)
        })
}

/// Bytes that stand for a photo or a fingerprint: always the same for the same card.
fn pseudo_random(card: &Card, part: u64, bytes: usize) -> Vec<u8> {
    let seed = card
        .id
        .bytes()
        .fold(part, |seed, byte| seed * 131 % 1_000_003 + u64::from(byte));
    let mut rng = fastrand::Rng::with_seed(seed);
    std::iter::repeat_with(|| rng.u8(..)).take(bytes).collect()
}

fn plain(sw3: u8) -> Answer {
    Answer {
        bytes: answer(sw3, &[]),
        then_baud: None,
    }
}

fn with(data: &[u8]) -> Answer {
    Answer {
        bytes: answer(0x90, data),
        then_baud: None,
    }
}

#[cfg(test)]
mod tests;

//! One question, one answer: the half-duplex line to a printer, with every wait bounded.

use std::time::{Duration, Instant};

use super::escpos::Question;
use super::raw_status::{RawStatus, Reply, ReplyParser};
use crate::transport::{ByteStream, PortError};

/// How often a question is put before silence or noise is taken for the answer.
const TRIES: usize = 3;
/// How long a printer may think about a real-time question once it has it.
const THINKING: Duration = Duration::from_millis(600);
/// How long a write may be held beyond the time that its bytes take on the wire. Heads that cool
/// down hold for seconds.
const HELD: Duration = Duration::from_secs(8);
/// Bytes handed over at once. After a failure this is how far we can be wrong about what was sent.
const CHUNK: usize = 256;

/// What came in while we listened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Heard {
    pub real_time: Option<u8>,
    pub queued: Option<u8>,
    pub noise: bool,
}

/// The answer to a real-time question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    Byte(u8),
    Silence,
    Noise,
}

/// What the four questions together brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Checked {
    Answered(RawStatus),
    Mute,
    Garbled,
}

pub(super) struct Line<S> {
    stream: S,
    parser: ReplyParser,
    baud: u32,
    /// A queued reply that came while something else was listened for.
    pub queued: Option<u8>,
    /// Bytes that the printer may still take for the rest of a command that broke off. Until it
    /// has them it would take whatever we say for that rest.
    pub owed: usize,
}

impl<S: ByteStream> Line<S> {
    pub fn new(stream: S, baud: u32) -> Self {
        Self {
            stream,
            parser: ReplyParser::default(),
            baud,
            queued: None,
            owed: 0,
        }
    }

    #[cfg(test)]
    pub fn stream(&mut self) -> &mut S {
        &mut self.stream
    }

    /// Changes the speed and forgets what was half heard at the old one.
    pub fn set_baud(&mut self, baud: u32) -> Result<(), PortError> {
        self.baud = baud;
        self.parser = ReplyParser::default();
        self.stream.set_baud(baud)
    }

    /// What the port says of the printer, where it is of a kind that says anything. One that fails
    /// to answer in time has said nothing.
    pub fn printer_port(&mut self) -> Result<Option<u8>, PortError> {
        match self.stream.printer_port(Instant::now() + THINKING) {
            Err(PortError::TimedOut) => Ok(None),
            other => other,
        }
    }

    /// Has the printer forget what it has taken in, past everything that is queued for it.
    pub fn soft_reset(&mut self) -> Result<(), PortError> {
        match self.stream.soft_reset(Instant::now() + THINKING) {
            Ok(_) | Err(PortError::TimedOut) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// The time that so many bytes take at ten bits each.
    pub fn wire_time(&self, bytes: usize) -> Duration {
        Duration::from_micros(bytes as u64 * 10_000_000 / u64::from(self.baud.max(300)))
    }

    /// Sends a command, or several.
    pub fn send(&mut self, bytes: &[u8]) -> Result<(), PortError> {
        self.send_within(bytes, HELD)
    }

    /// As [`Line::send`], held up at most this long.
    ///
    /// A command that broke off is completed with NUL first: white dots in a picture, and nothing
    /// to a printer that is in no command or in the middle of a short one.
    pub fn send_within(&mut self, bytes: &[u8], held: Duration) -> Result<(), PortError> {
        let deadline = Instant::now() + self.wire_time(self.owed + bytes.len()) * 2 + held;
        while self.owed > 0 {
            let some = self.owed.min(CHUNK);
            self.stream.write_all(&[0; CHUNK][..some], deadline)?;
            self.owed -= some;
        }
        for (at, chunk) in bytes.chunks(CHUNK).enumerate() {
            if let Err(error) = self.stream.write_all(chunk, deadline) {
                self.owed = bytes.len() - at * CHUNK;
                return Err(error);
            }
        }
        Ok(())
    }

    /// Listens until there is enough, or for this long.
    pub fn listen(
        &mut self,
        wait: Duration,
        enough: impl Fn(&Heard) -> bool,
    ) -> Result<Heard, PortError> {
        let deadline = Instant::now() + wait;
        let mut heard = Heard::default();
        let mut buffer = [0; 64];
        loop {
            match self.stream.read(&mut buffer, deadline) {
                Ok(n) => {
                    for &byte in &buffer[..n] {
                        self.note(byte, &mut heard);
                    }
                }
                Err(PortError::TimedOut) => return Ok(heard),
                Err(other) => return Err(other),
            }
            if enough(&heard) || Instant::now() >= deadline {
                return Ok(heard);
            }
        }
    }

    fn note(&mut self, byte: u8, heard: &mut Heard) {
        match self.parser.push(byte) {
            Some(Reply::RealTime(b)) => heard.real_time = Some(b),
            Some(Reply::Queued(b)) if super::summary::queued_paper(b).is_some() => {
                heard.queued = Some(b);
                self.queued = Some(b);
            }
            Some(Reply::Queued(_) | Reply::Noise(_)) => heard.noise = true,
            Some(Reply::Automatic(_) | Reply::Flow) | None => {}
        }
    }

    /// Puts a real-time question. `before` is what may still be on the wire in front of it.
    pub fn ask(&mut self, question: Question, before: usize) -> Result<Answer, PortError> {
        let wait = THINKING + self.wire_time(before);
        let mut last = Answer::Silence;
        for _ in 0..TRIES {
            // Late answers to earlier questions are not answers to this one.
            self.listen(Duration::ZERO, |_| false)?;
            self.send(&question.bytes())?;
            let heard = self.listen(wait, |h| h.real_time.is_some() || h.noise)?;
            last = match heard {
                Heard { noise: true, .. } => {
                    // Let it pass, then try again.
                    self.stream.drain(
                        Duration::from_millis(30),
                        Instant::now() + Duration::from_millis(300),
                    )?;
                    Answer::Noise
                }
                Heard {
                    real_time: Some(byte),
                    ..
                } => return Ok(Answer::Byte(byte)),
                _ => Answer::Silence,
            };
        }
        Ok(last)
    }

    /// Puts all four questions.
    pub fn check(&mut self) -> Result<Checked, PortError> {
        let printer = match self.ask(Question::Printer, 0)? {
            Answer::Byte(byte) => byte,
            Answer::Silence => return Ok(Checked::Mute),
            Answer::Noise => return Ok(Checked::Garbled),
        };
        let mut rest = [None; 3];
        let questions = [
            Question::OfflineCause,
            Question::ErrorCause,
            Question::Paper,
        ];
        for (slot, question) in rest.iter_mut().zip(questions) {
            *slot = match self.ask(question, 0)? {
                Answer::Byte(byte) => Some(byte),
                // Some models answer the first question only.
                Answer::Silence => None,
                Answer::Noise => return Ok(Checked::Garbled),
            };
        }
        Ok(Checked::Answered(RawStatus {
            printer: Some(printer),
            offline: rest[0],
            error: rest[1],
            paper: rest[2],
        }))
    }
}

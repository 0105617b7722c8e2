//! One command and its answer: half duplex, without sequence numbers, over a line that can fail.

use std::time::{Duration, Instant};

use super::command::{Command, Status};
use super::frame::{FrameParser, Reply, Waiting};
use crate::transport::{ByteStream, PortError};

/// How long to wait for what.
#[derive(Debug, Clone, Copy)]
pub struct LinkTiming {
    /// Until an answer begins.
    pub header: Duration,
    /// Until it is complete, counted from the command.
    pub frame: Duration,
    /// Silence after which the line is believed to be empty.
    pub quiet: Duration,
    /// The longest that is spent waiting for that silence.
    pub drain: Duration,
}

impl Default for LinkTiming {
    fn default() -> Self {
        Self {
            header: Duration::from_secs(2),
            frame: Duration::from_secs(5),
            quiet: Duration::from_millis(100),
            drain: Duration::from_secs(1),
        }
    }
}

/// Why there is no answer to a command.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// Not a byte came.
    #[error("no answer to {0}")]
    NoAnswer(Command),
    /// Bytes came, but no whole answer among them.
    #[error("damaged answer to {0}")]
    Damaged(Command),
    /// The port failed; never by a timeout.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// A connection to a card reader's module.
pub struct Link<S> {
    stream: S,
    parser: FrameParser,
    timing: LinkTiming,
}

impl<S: ByteStream> Link<S> {
    /// Speaks over `stream`.
    pub fn new(stream: S, timing: LinkTiming) -> Self {
        Self {
            stream,
            parser: FrameParser::default(),
            timing,
        }
    }

    /// Sends a command and waits for its answer, whatever its status.
    ///
    /// A module that says it could not understand our frame is sent it once more.
    ///
    /// # Errors
    /// There is no answer. The line has then been drained, so that what comes late is not taken
    /// for the answer to the next command.
    pub fn exchange(&mut self, command: Command) -> Result<Reply, LinkError> {
        let reply = self.exchange_once(command)?;
        if Status::from(reply.sw3) != Status::OurChecksumWrong {
            return Ok(reply);
        }
        let reply = self.exchange_once(command)?;
        if Status::from(reply.sw3) == Status::OurChecksumWrong {
            return Err(LinkError::Damaged(command));
        }
        Ok(reply)
    }

    /// Changes the speed of the line.
    ///
    /// # Errors
    /// The port refuses it or has gone.
    pub fn set_baud(&mut self, baud: u32) -> Result<(), PortError> {
        self.stream.set_baud(baud)
    }

    /// Uses other waiting times from now on.
    pub fn set_timing(&mut self, timing: LinkTiming) {
        self.timing = timing;
    }

    /// Ends the conversation and hands the stream back.
    #[cfg(test)]
    pub fn into_stream(self) -> S {
        self.stream
    }

    fn exchange_once(&mut self, command: Command) -> Result<Reply, LinkError> {
        let now = Instant::now();
        // What is waiting now cannot be an answer to what is about to be asked.
        self.stream.drain(Duration::ZERO, now + self.timing.drain)?;
        self.parser.clear();
        let sent = self
            .stream
            .write_all(&command.encode(), now + self.timing.header);
        let result = match sent {
            Ok(()) => self.receive(command),
            // It does not even take the command.
            Err(PortError::TimedOut) => Err(LinkError::NoAnswer(command)),
            Err(error) => Err(error.into()),
        };
        if let Err(LinkError::NoAnswer(_) | LinkError::Damaged(_)) = result {
            let limit = Instant::now() + self.timing.drain;
            self.stream.drain(self.timing.quiet, limit)?;
        }
        self.parser.clear();
        result
    }

    fn receive(&mut self, command: Command) -> Result<Reply, LinkError> {
        let sent = Instant::now();
        let header = sent + self.timing.header;
        let frame = sent + self.timing.frame;
        let mut buffer = zeroize::Zeroizing::new([0; 512]);
        let mut heard = false;
        loop {
            let deadline = match self.parser.waiting() {
                Waiting::Start => header,
                Waiting::Rest => frame,
                Waiting::Silence => frame.min(Instant::now() + self.timing.quiet),
            };
            let (replies, over) = match self.stream.read(&mut buffer[..], deadline) {
                // A line that is never silent must not keep us past the deadline.
                Ok(count) => {
                    heard = true;
                    let over = Instant::now() >= deadline.max(header);
                    (self.parser.feed(&buffer[..count]), over)
                }
                Err(PortError::TimedOut) => (self.parser.finish(), true),
                Err(error) => return Err(error.into()),
            };
            let answer = replies.into_iter().find(|reply| command.accepts(reply));
            match (answer, over) {
                (Some(reply), _) => return Ok(reply),
                (None, false) => {}
                (None, true) if heard => return Err(LinkError::Damaged(command)),
                (None, true) => return Err(LinkError::NoAnswer(command)),
            }
        }
    }
}

//! A recording as a device: says again what the recorded one said, to whoever says the same to it.

use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use super::event::{Event, Subject};
use super::redact::Redactor;
use crate::transport::{ByteStream, Opener, PortError};

/// Why a recording cannot be played.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    /// It cannot be read.
    #[error("the recording cannot be read: {0}")]
    Io(#[from] io::Error),
    /// A line is not understood.
    #[error("line {line} of the recording: {reason}")]
    Line {
        /// Counted from 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// It does not say what was recorded.
    #[error("the file does not begin as a recording of version 1")]
    NotARecording,
}

/// A recording that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording {
    /// What was recorded.
    pub subject: Subject,
    events: VecDeque<Event>,
}

impl Recording {
    /// Reads a recording.
    ///
    /// # Errors
    /// [`RecordingError`] says which line is wrong.
    pub fn read(from: impl io::Read) -> Result<Self, RecordingError> {
        let mut subject = None;
        let mut events = VecDeque::new();
        for (at, line) in BufReader::new(from).lines().enumerate() {
            let line = line?;
            let event = serde_json::from_str(&line).map_err(|error| RecordingError::Line {
                line: at + 1,
                reason: error.to_string(),
            })?;
            match (event, subject) {
                (
                    Event::Of {
                        subject: of,
                        version: 1,
                    },
                    None,
                ) => subject = Some(of),
                (Event::Of { .. }, _) | (_, None) => return Err(RecordingError::NotARecording),
                (event, Some(_)) => events.push_back(event),
            }
        }
        let subject = subject.ok_or(RecordingError::NotARecording)?;
        Ok(Self { subject, events })
    }

    /// Reads a recording from a file.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn load(path: &Path) -> Result<Self, RecordingError> {
        Self::read(std::fs::File::open(path)?)
    }

    /// Plays each recorded connection in turn, and then is unplugged. The second part tells
    /// afterwards how the terminal departed from what was recorded, if it did.
    pub fn into_opener(self) -> (Opener, Deviation) {
        let deviation = Deviation::default();
        let told = deviation.clone();
        let mut events = self.events;
        let opener = Box::new(move || {
            loop {
                match events.pop_front() {
                    Some(Event::Opened) => {
                        let end = |event: &Event| matches!(event, Event::Opened | Event::NotOpened);
                        let length = events.iter().position(end).unwrap_or(events.len());
                        let stream = ReplayStream {
                            events: events.drain(..length).collect(),
                            redactor: Redactor::new(self.subject),
                            said: Vec::new(),
                            deviation: told.clone(),
                        };
                        return Ok(Box::new(stream) as Box<dyn ByteStream>);
                    }
                    Some(Event::NotOpened) | None => {
                        return Err(PortError::Missing("end of the recording".into()));
                    }
                    Some(_) => {}
                }
            }
        });
        (opener, deviation)
    }
}

/// How the terminal departed from a recording.
#[derive(Debug, Clone, Default)]
pub struct Deviation(Arc<Mutex<Option<String>>>);

impl Deviation {
    /// What was different first.
    pub fn first(&self) -> Option<String> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn note(&self, what: String) -> PortError {
        let mut first = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        first.get_or_insert_with(|| what.clone());
        PortError::Unplugged(what)
    }
}

/// One recorded connection. Deadlines pass at once, so that nobody waits.
///
/// What the terminal says is compared after the same replacing as in the recording, so that it may
/// print another receipt than the recorded one, of the same shape.
#[derive(Debug)]
pub struct ReplayStream {
    events: VecDeque<Event>,
    redactor: Redactor,
    /// What the terminal has said since the device last spoke.
    said: Vec<u8>,
    deviation: Deviation,
}

impl ReplayStream {
    /// Skips what only people read.
    fn next(&mut self) -> Option<&mut Event> {
        while matches!(self.events.front(), Some(Event::Baud(_))) {
            self.events.pop_front();
        }
        self.events.front_mut()
    }
}

impl ByteStream for ReplayStream {
    fn read(&mut self, buf: &mut [u8], _deadline: Instant) -> Result<usize, PortError> {
        match self.next() {
            Some(Event::In { hex, .. }) => {
                let count = buf.len().min(hex.len());
                buf[..count].copy_from_slice(&hex[..count]);
                hex.drain(..count);
                if hex.is_empty() {
                    self.events.pop_front();
                }
                Ok(count)
            }
            Some(Event::Gone) | None => Err(PortError::Unplugged("end of the recording".into())),
            Some(_) => Err(PortError::TimedOut),
        }
    }

    fn write_all(&mut self, bytes: &[u8], _deadline: Instant) -> Result<(), PortError> {
        self.said.extend_from_slice(bytes);
        let mut said = self.said.clone();
        let mut redactor = self.redactor.clone();
        redactor.outgoing(&mut said);
        match self.next() {
            Some(Event::Out { hex, .. }) if *hex == said => {
                self.events.pop_front();
                self.redactor = redactor;
                self.said.clear();
                Ok(())
            }
            Some(Event::Out { hex, .. }) if hex.starts_with(&said) => Ok(()),
            Some(Event::Gone) | None => Err(PortError::Unplugged("end of the recording".into())),
            next => {
                let what = format!("said {said:02X?}, recorded {next:02X?}");
                Err(self.deviation.note(what))
            }
        }
    }

    fn set_baud(&mut self, _baud: u32) -> Result<(), PortError> {
        Ok(())
    }
}

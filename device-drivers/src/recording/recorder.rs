//! A connection that writes down what goes over it.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Instant;

use zeroize::Zeroizing;

use super::event::{Event, Subject};
use super::redact::Redactor;
use crate::transport::{ByteStream, Opener, PortError};

/// Records every connection that `open` opens into a new file.
///
/// Recording never disturbs the device: when the file cannot be written any more, a warning is
/// logged and the conversation goes on unrecorded.
///
/// The second part tells when the last connection has ended and the recording is complete.
///
/// # Errors
/// The file cannot be made.
pub fn recorded(mut open: Opener, subject: Subject, path: &Path) -> io::Result<(Opener, Complete)> {
    let tape = Arc::new(Mutex::new(Tape {
        file: Some(File::create_new(path)?),
        began: Instant::now(),
    }));
    let version = 1;
    write(&tape, &Event::Of { subject, version });
    let complete = Complete(Arc::downgrade(&tape));
    let opener: Opener = Box::new(move || match open() {
        Ok(stream) => {
            write(&tape, &Event::Opened);
            Ok(Box::new(Recorder {
                last_ms: 0,
                stream,
                tape: Arc::clone(&tape),
                redactor: Redactor::new(subject),
                outgoing: Zeroizing::new(Vec::new()),
                incoming: Zeroizing::new(Vec::new()),
            }))
        }
        Err(error) => {
            write(&tape, &Event::NotOpened);
            Err(error)
        }
    });
    Ok((opener, complete))
}

/// Tells when a recording is complete.
#[derive(Debug)]
pub struct Complete(Weak<Mutex<Tape>>);

impl Complete {
    /// Whether nobody will write to it any more.
    pub fn is_complete(&self) -> bool {
        self.0.strong_count() == 0
    }
}

#[derive(Debug)]
struct Tape {
    file: Option<File>,
    began: Instant,
}

fn write(tape: &Mutex<Tape>, event: &Event) {
    let mut tape = tape.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(file) = &mut tape.file else { return };
    let written = serde_json::to_vec(event)
        .map_err(io::Error::from)
        .and_then(|mut line| {
            line.push(b'\n');
            file.write_all(&line)
        });
    if let Err(error) = written {
        tracing::warn!(%error, "recording has stopped");
        tape.file = None;
    }
}

struct Recorder {
    stream: Box<dyn ByteStream>,
    tape: Arc<Mutex<Tape>>,
    redactor: Redactor,
    /// What one side has said and the other not answered. Only one of the two is not empty.
    outgoing: Zeroizing<Vec<u8>>,
    incoming: Zeroizing<Vec<u8>>,
    /// When the last byte of either was moved.
    last_ms: u64,
}

impl Recorder {
    fn end_outgoing(&mut self) {
        if !self.outgoing.is_empty() {
            let mut run = std::mem::take(&mut self.outgoing);
            self.redactor.outgoing(&mut run);
            let hex = std::mem::take(&mut *run);
            let ms = self.last_ms;
            write(&self.tape, &Event::Out { ms, hex });
        }
    }

    fn end_incoming(&mut self) {
        if !self.incoming.is_empty() {
            let mut run = std::mem::take(&mut self.incoming);
            self.redactor.incoming(&mut run);
            let hex = std::mem::take(&mut *run);
            let ms = self.last_ms;
            write(&self.tape, &Event::In { ms, hex });
        }
    }

    fn now_ms(&self) -> u64 {
        let tape = self.tape.lock().unwrap_or_else(PoisonError::into_inner);
        tape.began.elapsed().as_millis() as u64
    }

    fn end_runs(&mut self) {
        self.end_outgoing();
        self.end_incoming();
    }

    fn failed(&mut self, error: &PortError) {
        if !matches!(error, PortError::TimedOut) {
            self.end_runs();
            write(&self.tape, &Event::Gone);
        }
    }
}

impl ByteStream for Recorder {
    fn read(&mut self, buf: &mut [u8], deadline: Instant) -> Result<usize, PortError> {
        let read = self.stream.read(buf, deadline);
        match &read {
            Ok(count) => {
                self.end_outgoing();
                self.incoming.extend_from_slice(&buf[..*count]);
                self.last_ms = self.now_ms();
            }
            Err(error) => self.failed(error),
        }
        read
    }

    fn write_all(&mut self, bytes: &[u8], deadline: Instant) -> Result<(), PortError> {
        self.end_incoming();
        let written = self.stream.write_all(bytes, deadline);
        match &written {
            Ok(()) => {
                self.outgoing.extend_from_slice(bytes);
                self.last_ms = self.now_ms();
            }
            Err(error) => self.failed(error),
        }
        written
    }

    fn set_baud(&mut self, baud: u32) -> Result<(), PortError> {
        self.end_runs();
        write(&self.tape, &Event::Baud(baud));
        self.stream.set_baud(baud)
    }

    // Beside the stream of bytes, and not part of a recording.
    fn printer_port(&mut self, deadline: Instant) -> Result<Option<u8>, PortError> {
        self.stream.printer_port(deadline)
    }

    fn soft_reset(&mut self, deadline: Instant) -> Result<bool, PortError> {
        self.stream.soft_reset(deadline)
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.end_runs();
    }
}

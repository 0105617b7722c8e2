//! A connection that writes down what goes over it.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
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
/// # Errors
/// The file cannot be made.
pub fn recorded(mut open: Opener, subject: Subject, path: &Path) -> io::Result<Opener> {
    let tape = Arc::new(Mutex::new(Tape {
        file: Some(File::create_new(path)?),
        began: Instant::now(),
    }));
    let version = 1;
    write(&tape, |_| Event::Of { subject, version });
    Ok(Box::new(move || match open() {
        Ok(stream) => {
            write(&tape, |_| Event::Opened);
            Ok(Box::new(Recorder {
                stream,
                tape: Arc::clone(&tape),
                redactor: Redactor::new(subject),
                outgoing: Zeroizing::new(Vec::new()),
                incoming: Zeroizing::new(Vec::new()),
            }))
        }
        Err(error) => {
            write(&tape, |_| Event::NotOpened);
            Err(error)
        }
    }))
}

struct Tape {
    file: Option<File>,
    began: Instant,
}

fn write(tape: &Mutex<Tape>, event: impl FnOnce(u64) -> Event) {
    let mut tape = tape.lock().unwrap_or_else(PoisonError::into_inner);
    let event = event(tape.began.elapsed().as_millis() as u64);
    let Some(file) = &mut tape.file else { return };
    let written = serde_json::to_vec(&event)
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
}

impl Recorder {
    fn end_outgoing(&mut self) {
        if !self.outgoing.is_empty() {
            let mut run = std::mem::take(&mut self.outgoing);
            self.redactor.outgoing(&mut run);
            let hex = std::mem::take(&mut *run);
            write(&self.tape, |ms| Event::Out { ms, hex });
        }
    }

    fn end_incoming(&mut self) {
        if !self.incoming.is_empty() {
            let mut run = std::mem::take(&mut self.incoming);
            self.redactor.incoming(&mut run);
            let hex = std::mem::take(&mut *run);
            write(&self.tape, |ms| Event::In { ms, hex });
        }
    }

    fn end_runs(&mut self) {
        self.end_outgoing();
        self.end_incoming();
    }

    fn failed(&mut self, error: &PortError) {
        if !matches!(error, PortError::TimedOut) {
            self.end_runs();
            write(&self.tape, |_| Event::Gone);
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
            }
            Err(error) => self.failed(error),
        }
        read
    }

    fn write_all(&mut self, bytes: &[u8], deadline: Instant) -> Result<(), PortError> {
        self.end_incoming();
        let written = self.stream.write_all(bytes, deadline);
        match &written {
            Ok(()) => self.outgoing.extend_from_slice(bytes),
            Err(error) => self.failed(error),
        }
        written
    }

    fn set_baud(&mut self, baud: u32) -> Result<(), PortError> {
        self.end_runs();
        write(&self.tape, |_| Event::Baud(baud));
        self.stream.set_baud(baud)
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.end_runs();
    }
}

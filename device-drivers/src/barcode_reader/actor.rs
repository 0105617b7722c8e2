//! The thread that owns a reader's port: listens, lets it look when asked, and comes back after
//! any failure.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use tokio::sync::broadcast;
use zeroize::Zeroizing;

use super::code::Code;
use super::incoming::{Incoming, Parser};
use super::profile::{BarcodeReaderProfile, Trigger};
use super::protocol::AnyParser;
use crate::arming::{Arming, Request};
use crate::status::{DeviceState, DeviceStatus, Fault, FaultKind};
use crate::supervisor::{Backoff, Supervisor, maintenance_fault};
use crate::transport::{ByteStream, PortError};

/// Questions that may stay unanswered in a row before the connection is given up.
const MISSES_ALLOWED: u8 = 3;

/// The thread's rhythm.
#[derive(Debug, Clone, Copy)]
pub(super) struct Timing {
    /// The longest that a wish to look goes unnoticed.
    pub attention: Duration,
    /// How long a command may stay unanswered.
    pub answer: Duration,
    /// Between two questions whether the reader is well, while nothing is looked for.
    pub heartbeat: Duration,
    /// Engines give up looking after a while; this often they are told again.
    pub look_again: Duration,
    /// First and longest wait before connecting again.
    pub reconnect: (Duration, Duration),
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            attention: Duration::from_millis(50),
            answer: Duration::from_secs(1),
            heartbeat: Duration::from_secs(2),
            look_again: Duration::from_secs(4),
            reconnect: (Duration::from_millis(500), Duration::from_secs(3)),
        }
    }
}

/// Everything that the thread owns.
pub(super) struct Actor<C> {
    /// Opens the port.
    pub connect: C,
    pub profile: BarcodeReaderProfile,
    pub timing: Timing,
    pub arming: Arc<Arming>,
    /// Its end means that nobody holds the reader.
    pub held: Receiver<()>,
    pub supervisor: Supervisor,
    pub codes: broadcast::Sender<Arc<Code>>,
}

/// Why a connection is not used any longer.
enum End {
    Lost(Fault),
    Abandoned,
}

impl From<PortError> for End {
    fn from(error: PortError) -> Self {
        Self::Lost(error.fault())
    }
}

impl<C, S> Actor<C>
where
    C: FnMut() -> Result<S, PortError>,
    S: ByteStream,
{
    /// Works until the last handle is dropped.
    pub fn run(mut self) {
        let (first, last) = self.timing.reconnect;
        let mut backoff = Backoff::new(first, last);
        loop {
            if !self.supervisor.in_maintenance() {
                let end = match (self.connect)() {
                    Ok(stream) => match self.serve(stream, &mut backoff) {
                        Ok(never) => match never {},
                        Err(end) => end,
                    },
                    Err(error) => error.into(),
                };
                match end {
                    End::Abandoned => return,
                    End::Lost(fault) => self.supervisor.show(DeviceStatus::faulty(fault)),
                }
            }
            match self.held.recv_timeout(backoff.wait()) {
                Err(RecvTimeoutError::Disconnected) => return,
                Ok(()) | Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }

    /// Uses a connection until it is lost.
    fn serve(&self, stream: S, backoff: &mut Backoff) -> Result<std::convert::Infallible, End> {
        let mut line = Line {
            stream,
            parser: AnyParser::new(&self.profile),
            timing: self.timing,
            silence: self.profile.silence(),
            arming: Arc::clone(&self.arming),
            owner: None,
        };
        let question = self.profile.protocol.question();
        if let Some(question) = &question {
            self.ask(&mut line, question)?;
        }
        self.supervisor.opened();
        self.supervisor
            .show(DeviceStatus::new(DeviceState::Online, None));
        backoff.reset();
        let mut looking: Option<(Request, Instant)> = None;
        let mut heard = Instant::now();
        loop {
            if matches!(
                self.held.try_recv(),
                Err(std::sync::mpsc::TryRecvError::Disconnected)
            ) {
                self.stop(&mut line)?;
                return Err(End::Abandoned);
            }
            if self.supervisor.in_maintenance() {
                self.stop(&mut line)?;
                return Err(End::Lost(maintenance_fault()));
            }
            looking = self.follow(&mut line, looking)?;
            for (incoming, owner) in line.listen(self.timing.attention)? {
                heard = Instant::now();
                self.take(&mut line, incoming, owner)?;
            }
            let quiet = looking.is_none() && !line.parser.is_midway();
            if quiet {
                self.supervisor
                    .self_test_if_due(|| self.self_test(&mut line))?;
            }
            if let (Some(question), true) = (&question, quiet)
                && heard.elapsed() >= self.timing.heartbeat
            {
                self.ask(&mut line, question)?;
                heard = Instant::now();
            }
        }
    }

    /// Begins or stops looking as has been asked for.
    fn follow(
        &self,
        line: &mut Line<S>,
        looking: Option<(Request, Instant)>,
    ) -> Result<Option<(Request, Instant)>, End> {
        let wanted = self.arming.request();
        let (Some(request), fresh) = (wanted, looking.map(|(request, _)| request) != wanted) else {
            if looking.is_some() {
                self.stop(line)?;
            }
            return Ok(None);
        };
        match looking {
            Some((_, told)) if !fresh && told.elapsed() < self.timing.look_again => Ok(looking),
            _ => {
                if self.profile.trigger == Trigger::Host
                    && let Some(start) = self.profile.protocol.start()
                {
                    line.send(&start)?;
                }
                Ok(Some((request, Instant::now())))
            }
        }
    }

    fn stop(&self, line: &mut Line<S>) -> Result<(), End> {
        match self.profile.protocol.stop() {
            Some(stop) if self.profile.trigger == Trigger::Host => line.send(&stop),
            _ => Ok(()),
        }
    }

    /// Hands a code over if whoever was waiting when it began is waiting still. What was shown
    /// before anybody asked is not what they ask for.
    fn take(
        &self,
        line: &mut Line<S>,
        incoming: Incoming,
        owner: Option<Request>,
    ) -> Result<(), End> {
        let wants_answer = matches!(
            incoming,
            Incoming::CodeToAcknowledge(_)
                | Incoming::PartToAcknowledge
                | Incoming::RepetitionToAcknowledge
        );
        if let (true, Some(words)) = (wants_answer, self.profile.protocol.acknowledge()) {
            line.send(&words)?;
        }
        match incoming {
            Incoming::Code(code) | Incoming::CodeToAcknowledge(code) => {
                if owner.is_some() && self.arming.request() == owner {
                    self.supervisor.done(true);
                    // Without a listener the code is dropped here.
                    let _ = self.codes.send(Arc::new(code));
                }
            }
            Incoming::Refused(reason) => {
                tracing::warn!(reason, "the barcode reader refuses a command");
            }
            Incoming::Noise(bytes) => tracing::debug!(bytes, "noise from the barcode reader"),
            Incoming::PartToAcknowledge
            | Incoming::RepetitionToAcknowledge
            | Incoming::Accepted => {}
        }
        Ok(())
    }

    /// A reader that has no question to be asked passes by having its port open.
    fn self_test(&self, line: &mut Line<S>) -> Result<Option<FaultKind>, End> {
        if let Some(question) = self.profile.protocol.question() {
            self.ask(line, &question)?;
        }
        Ok(None)
    }

    /// Asks whether the reader is well.
    fn ask(&self, line: &mut Line<S>, question: &[u8]) -> Result<(), End> {
        let mut noise = false;
        for _ in 0..MISSES_ALLOWED {
            line.send(question)?;
            let until = Instant::now() + self.timing.answer;
            while Instant::now() < until {
                let left = until.saturating_duration_since(Instant::now());
                for (incoming, owner) in line.listen(left)? {
                    match incoming {
                        // A refusal is an answer too.
                        Incoming::Accepted | Incoming::Refused(_) => return Ok(()),
                        other => {
                            noise |= matches!(other, Incoming::Noise(_));
                            self.take(line, other, owner)?;
                        }
                    }
                }
            }
        }
        let kind = if noise {
            FaultKind::Garbled
        } else {
            FaultKind::NoAnswer
        };
        let raw = format!("{MISSES_ALLOWED} questions unanswered");
        Err(End::Lost(Fault::new(kind, raw)))
    }
}

/// An open line with its parser.
struct Line<S> {
    stream: S,
    parser: AnyParser,
    timing: Timing,
    silence: Duration,
    arming: Arc<Arming>,
    /// Who was waiting when what is unfinished began.
    owner: Option<Request>,
}

impl<S: ByteStream> Line<S> {
    fn send(&mut self, bytes: &[u8]) -> Result<(), End> {
        match self
            .stream
            .write_all(bytes, Instant::now() + self.timing.answer)
        {
            // It takes nothing now; whether it is well shows when it is asked.
            Err(PortError::TimedOut) => Ok(()),
            other => Ok(other?),
        }
    }

    /// What comes within `wait`, each with who was waiting when it began; sooner when something
    /// came, or when what had begun has ended in silence.
    fn listen(&mut self, wait: Duration) -> Result<Vec<(Incoming, Option<Request>)>, End> {
        let midway = self.parser.is_midway();
        let wait = if midway { self.silence } else { wait };
        let mut buffer = Zeroizing::new([0; 512]);
        let read = self.stream.read(&mut buffer[..], Instant::now() + wait);
        let now = self.arming.request();
        let mut owner = if midway { self.owner } else { now };
        let found = match read {
            Ok(count) => self.parser.feed(&buffer[..count]),
            Err(PortError::TimedOut) if midway => self.parser.silence(),
            Err(PortError::TimedOut) => Vec::new(),
            Err(error) => return Err(error.into()),
        };
        let mut whose = Vec::with_capacity(found.len());
        for incoming in found {
            let goes_on = incoming == Incoming::PartToAcknowledge;
            whose.push((incoming, owner));
            if !goes_on {
                owner = now;
            }
        }
        self.owner = owner;
        Ok(whose)
    }
}

//! The thread that owns a reader's port: connects, asks, reads, and comes back after any failure.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use tokio::sync::{broadcast, watch};

use super::driver::{Baud, Driver, ReadFailure, ReaderIdentity, Trouble};
use super::error::CardReadError;
use super::handle::CardEvent;
use super::link::LinkTiming;
use super::presence::{Observation, Presence, Reaction};
use super::profile::CardReaderProfile;
use crate::arming::{Arming, Request};
use crate::status::{DeviceState, DeviceStatus, Fault, MediaState};
use crate::supervisor::{Backoff, Supervisor, maintenance_fault};
use crate::transport::{ByteStream, PortError};

/// Answers that may be missing in a row before the connection is given up.
const MISSES_ALLOWED: u8 = 3;

/// The actor's rhythm.
#[derive(Debug, Clone, Copy)]
pub(super) struct Timing {
    /// Between two looks for a card.
    pub poll: Duration,
    /// Between two questions whether the reader is well, while no card is looked for.
    pub heartbeat: Duration,
    /// First wait before connecting again; doubles.
    pub reconnect_first: Duration,
    /// Longest wait before connecting again.
    pub reconnect_last: Duration,
    /// Waits of a single command.
    pub link: LinkTiming,
}

impl Timing {
    /// The rhythm of a model.
    pub fn of(profile: &CardReaderProfile) -> Self {
        Self {
            poll: profile.poll(),
            heartbeat: Duration::from_secs(2),
            reconnect_first: Duration::from_millis(500),
            reconnect_last: Duration::from_secs(3),
            link: profile.link(),
        }
    }
}

/// Everything that the thread owns.
pub(super) struct Actor<C> {
    /// Opens the port.
    pub connect: C,
    pub baud: Baud,
    pub profile: CardReaderProfile,
    pub timing: Timing,
    pub arming: Arc<Arming>,
    /// A message means "look at `arming` again"; its end means that nobody holds the reader.
    pub wake: Receiver<()>,
    pub supervisor: Supervisor,
    pub identity: watch::Sender<Option<ReaderIdentity>>,
    pub media: watch::Sender<MediaState>,
    pub events: broadcast::Sender<CardEvent>,
}

/// Nobody holds the reader any more.
struct Abandoned;

impl<C, S> Actor<C>
where
    C: FnMut() -> Result<S, PortError>,
    S: ByteStream,
{
    /// Works until the last handle is dropped.
    pub fn run(mut self) {
        let mut session = Session::default();
        let Timing {
            reconnect_first,
            reconnect_last,
            ..
        } = self.timing;
        let mut backoff = Backoff::new(reconnect_first, reconnect_last);
        let mut last_baud = None;
        loop {
            if !self.supervisor.in_maintenance() {
                let fault = match self.open(last_baud) {
                    Ok((mut driver, baud)) => {
                        last_baud = Some(baud);
                        backoff.reset();
                        let ended = self.serve(&mut driver, &mut session);
                        self.identity.send_replace(None);
                        // What happens on a reader that is away, nobody sees.
                        self.media.send_replace(MediaState::Unknown);
                        match ended {
                            Err(Abandoned) => return,
                            Ok(fault) => fault,
                        }
                    }
                    Err(fault) => fault,
                };
                self.supervisor.show(DeviceStatus::faulty(fault));
            }
            if let Err(Abandoned) = self.pause(backoff.wait(), false) {
                return;
            }
        }
    }

    fn open(&mut self, last: Option<u32>) -> Result<(Driver<S>, u32), Fault> {
        let stream = (self.connect)().map_err(|error| error.fault())?;
        let (driver, identity) =
            Driver::connect(stream, self.baud, last, self.timing.link, &self.profile)?;
        let baud = identity.baud;
        tracing::info!(baud, "card reader connected");
        self.identity.send_replace(Some(identity));
        self.supervisor.opened();
        self.supervisor
            .show(DeviceStatus::new(DeviceState::Online, None));
        Ok((driver, baud))
    }

    /// Uses a connection until it is lost.
    fn serve(&self, driver: &mut Driver<S>, session: &mut Session) -> Result<Fault, Abandoned> {
        let mut misses = 0;
        loop {
            if self.supervisor.in_maintenance() {
                return Ok(maintenance_fault());
            }
            let began = Instant::now();
            let request = self.arming.request();
            session.follow(request);
            let (result, rhythm) = match request {
                Some(request) => (self.look(driver, session, request), self.timing.poll),
                // A card was left lying: somebody may want to be reminded of it.
                None if self.media_present() => {
                    (self.watch_forgotten(driver, session), self.timing.poll)
                }
                None => (self.idle(driver), self.timing.heartbeat),
            };
            match result {
                Ok(()) => misses = 0,
                Err(Trouble::Lost(fault)) => return Ok(fault),
                Err(Trouble::Missed(kind)) => {
                    misses += 1;
                    if misses >= MISSES_ALLOWED {
                        return Ok(Fault::new(kind, format!("{misses} commands unanswered")));
                    }
                }
            }
            self.pause(rhythm.saturating_sub(began.elapsed()), true)?;
        }
    }

    /// Looks for a card once, and reads it if it is time to.
    fn look(
        &self,
        driver: &mut Driver<S>,
        session: &mut Session,
        request: Request,
    ) -> Result<(), Trouble> {
        let observation = if driver.find()? {
            Observation::Found
        } else {
            Observation::NotFound
        };
        let gone_after = self.profile.polls_until_gone.clamp(1, 20);
        self.note_media(session, observation);
        match session.presence_after(observation, gone_after) {
            Reaction::BeginReading => {
                self.tell(request, CardEvent::Found);
                self.tell(request, CardEvent::Reading);
            }
            Reaction::ReadQuietly => {}
            reaction => {
                self.react(request, reaction, None);
                return Ok(());
            }
        }
        let read = driver.read_card();
        self.supervisor.done(read.is_ok());
        let (card, lost, observation) = match read {
            Ok(card) => (Some(Arc::new(card)), None, Observation::ReadDone),
            Err(ReadFailure::Card(error)) => (None, None, Observation::ReadFailed(error)),
            Err(ReadFailure::Lost(fault)) => {
                let error = CardReadError::ReaderFault(fault.kind);
                (None, Some(fault), Observation::ReadFailed(error))
            }
        };
        let reaction = session.presence_after(observation, gone_after);
        self.react(request, reaction, card);
        lost.map_or(Ok(()), |fault| Err(Trouble::Lost(fault)))
    }

    /// Asks whether the reader is well, and now and then the module for its number too.
    fn idle(&self, driver: &mut Driver<S>) -> Result<(), Trouble> {
        driver.heartbeat()?;
        self.supervisor
            .self_test_if_due(|| driver.self_test().map(|()| None))
    }

    /// Looks whether a card that was left lying is still there.
    fn watch_forgotten(
        &self,
        driver: &mut Driver<S>,
        session: &mut Session,
    ) -> Result<(), Trouble> {
        let observation = if driver.find()? {
            Observation::Found
        } else {
            Observation::NotFound
        };
        self.note_media(session, observation);
        Ok(())
    }

    fn media_present(&self) -> bool {
        *self.media.borrow() == MediaState::Present
    }

    /// Readers miss a card now and then, so that one look without it says nothing.
    fn note_media(&self, session: &mut Session, observation: Observation) {
        let now = if observation == Observation::Found {
            session.unseen = 0;
            MediaState::Present
        } else {
            session.unseen = session.unseen.saturating_add(1);
            if self.media_present() && session.unseen < self.profile.polls_until_gone {
                return;
            }
            MediaState::NotPresent
        };
        self.media.send_if_modified(|media| {
            let changed = *media != now;
            *media = now;
            changed
        });
    }

    fn react(&self, request: Request, reaction: Reaction, card: Option<Arc<super::IdCard>>) {
        match (reaction, card) {
            (Reaction::TellRead, Some(card)) => self.tell(request, CardEvent::Read(card)),
            (Reaction::TellFailed(error), _) => {
                tracing::info!(%error, "card not read");
                self.tell(request, CardEvent::Failed(error));
            }
            (Reaction::TellRemoved, _) => self.tell(request, CardEvent::Removed),
            _ => {}
        }
    }

    /// Sends an event, unless the request that it belongs to has ended meanwhile.
    fn tell(&self, request: Request, event: CardEvent) {
        if self.arming.request() == Some(request) {
            // Without a listener the event, and the card in it, is dropped here.
            let _ = self.events.send(event);
        }
    }

    /// Waits, at most until somebody wants something if `wakeable`.
    fn pause(&self, time: Duration, wakeable: bool) -> Result<(), Abandoned> {
        let until = Instant::now() + time;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match self.wake.recv_timeout(left) {
                Ok(()) if wakeable => return Ok(()),
                Ok(()) => {}
                Err(RecvTimeoutError::Timeout) => return Ok(()),
                Err(RecvTimeoutError::Disconnected) => return Err(Abandoned),
            }
        }
    }
}

/// What is known of the card during one request. Survives a lost connection, so that a reader
/// that comes back with the same card still on it does not read it a second time.
#[derive(Debug, Default)]
struct Session {
    request: Option<Request>,
    presence: Presence,
    /// Looks in a row that found no card.
    unseen: u8,
}

impl Session {
    fn follow(&mut self, request: Option<Request>) {
        if self.request != request {
            *self = Self {
                request,
                presence: Presence::Away,
                unseen: self.unseen,
            };
        }
    }

    fn presence_after(&mut self, observation: Observation, gone_after: u8) -> Reaction {
        let (presence, reaction) = self.presence.step(observation, gone_after);
        self.presence = presence;
        reaction
    }
}

#[cfg(test)]
mod fake;
#[cfg(test)]
mod port_tests;
#[cfg(test)]
mod tests;

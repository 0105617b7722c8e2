//! The thread that looks after a reader of social security cards: sees cards come and go, reads
//! them when somebody asked for it, and comes back after any failure.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};
use std::time::{Duration, Instant};

use tokio::sync::{broadcast, watch};

use super::error::SocialCardError;
use super::handle::SocialCardEvent;
use super::presence::{Presence, Reaction};
use super::slot::{Sight, Slot};
use crate::arming::{Arming, Request};
use crate::status::{DeviceState, DeviceStatus, Fault, FaultKind, MediaState};
use crate::supervisor::{Backoff, Supervisor};

/// The longest that one look lasts, and so the longest that a wish is overlooked.
const LOOK: Duration = Duration::from_millis(250);

/// Everything that the thread owns.
pub(super) struct Actor<S> {
    pub slot: S,
    pub arming: Arc<Arming>,
    /// A message means "look at `arming` again"; its end means that nobody holds the reader.
    pub wake: Receiver<()>,
    pub supervisor: Supervisor,
    pub media: watch::Sender<MediaState>,
    pub events: broadcast::Sender<SocialCardEvent>,
}

/// What is known of the slot during one request.
#[derive(Debug, Default)]
struct Session {
    request: Option<Request>,
    presence: Presence,
}

impl<S: Slot> Actor<S> {
    /// Works until the last handle is dropped.
    pub fn run(mut self) {
        let mut session = Session::default();
        let mut backoff = Backoff::default();
        let mut open = false;
        loop {
            if self.supervisor.in_maintenance() {
                open = false;
            } else {
                match self.slot.look(LOOK) {
                    Ok(sight) => {
                        if !open {
                            open = true;
                            backoff.reset();
                            self.supervisor.opened();
                        }
                        self.supervisor
                            .show(DeviceStatus::new(DeviceState::Online, None));
                        self.note_media(sight);
                        self.attend(&mut session, sight);
                        match self.wake.try_recv() {
                            Ok(()) | Err(TryRecvError::Empty) => continue,
                            Err(TryRecvError::Disconnected) => return,
                        }
                    }
                    Err(fault) => {
                        open = false;
                        self.lose(fault);
                    }
                }
            }
            if self.pause(backoff.wait()).is_err() {
                return;
            }
        }
    }

    /// Does what is to be done about what is in the slot.
    fn attend(&mut self, session: &mut Session, sight: Sight) {
        let request = self.arming.request();
        if session.request != request {
            // Whoever asks anew has a card read that is in the slot already.
            session.request = request;
            session.presence = Presence::default();
        }
        let Some(request) = request else {
            self.test_if_due();
            return;
        };
        let (presence, reaction) = session.presence.step(sight);
        session.presence = presence;
        match reaction {
            Reaction::Nothing => {}
            Reaction::TellRemoved => self.tell(request, SocialCardEvent::Removed),
            Reaction::Fail(error) => self.tell_failed(request, error),
            Reaction::Read { swapped } => {
                if swapped {
                    self.tell(request, SocialCardEvent::Removed);
                }
                self.tell(request, SocialCardEvent::Reading);
                if let Err(error) = self.read(session, request) {
                    self.tell_failed(request, error);
                }
            }
            Reaction::ReadQuietly => {
                // That it was lifted has been told.
                let _ = self.read(session, request);
            }
        }
    }

    fn read(&mut self, session: &mut Session, request: Request) -> Result<(), SocialCardError> {
        let read = self.slot.read();
        self.supervisor.done(read.is_ok());
        let ended = read.map(|card| self.tell(request, SocialCardEvent::Read(Arc::new(card))));
        session.presence = session.presence.after_reading(ended);
        ended
    }

    /// Looking is all that can be tried without a card of somebody's.
    fn test_if_due(&self) {
        let looked = || Ok::<Option<FaultKind>, std::convert::Infallible>(None);
        match self.supervisor.self_test_if_due(looked) {
            Ok(()) => {}
        }
    }

    fn lose(&self, fault: Fault) {
        // What happens in a reader that is away, nobody sees.
        self.media.send_replace(MediaState::Unknown);
        self.supervisor.show(DeviceStatus::faulty(fault));
    }

    fn note_media(&self, sight: Sight) {
        let now = match sight {
            Sight::Empty => MediaState::NotPresent,
            Sight::Card { .. } | Sight::Mute { .. } => MediaState::Present,
        };
        self.media.send_if_modified(|media| {
            let changed = *media != now;
            *media = now;
            changed
        });
    }

    fn tell_failed(&self, request: Request, error: SocialCardError) {
        tracing::info!(%error, "social security card not read");
        self.tell(request, SocialCardEvent::Failed(error));
    }

    /// Sends an event, unless the request that it belongs to has ended meanwhile.
    fn tell(&self, request: Request, event: SocialCardEvent) {
        if self.arming.request() == Some(request) {
            // Without a listener the event, and the card in it, is dropped here.
            let _ = self.events.send(event);
        }
    }

    /// Waits before the next attempt; fails when nobody holds the reader any more.
    fn pause(&self, time: Duration) -> Result<(), ()> {
        let until = Instant::now() + time;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match self.wake.recv_timeout(left) {
                Ok(()) => {}
                Err(RecvTimeoutError::Timeout) => return Ok(()),
                Err(RecvTimeoutError::Disconnected) => return Err(()),
            }
        }
    }
}

#[cfg(test)]
mod tests;

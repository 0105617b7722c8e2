//! The reader of social security cards as the rest of the terminal sees it.

use std::sync::{Arc, mpsc};
use std::time::Duration;

use tokio::sync::{broadcast, watch};

use super::actor::Actor;
use super::card::SocialCard;
use super::error::SocialCardError;
use super::pcsc_slot::PcscSlot;
use super::slot::Slot;
use crate::arming::Arming;
use crate::status::{DeviceState, DeviceStatus, Fault, FaultKind, MediaState};
use crate::supervisor::Supervisor;

/// Events that a slow listener may leave unread before it misses some.
const EVENTS_KEPT: usize = 8;

/// Which of the readers that PC/SC knows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum WhichReader {
    /// The first.
    #[default]
    First,
    /// The first whose name contains this.
    Named(String),
}

/// A reader of social security cards.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SocialCardReaderConfig {
    /// Which one.
    pub reader: WhichReader,
}

/// What happens in the slot while a card is looked for.
#[derive(Debug, Clone)]
pub enum SocialCardEvent {
    /// A card was put in and is being read: leave it there.
    Reading,
    /// It was read. Says nothing yet about its validity; see [`SocialCard::check`].
    Read(Arc<SocialCard>),
    /// It was not read. Told once for each time it is put in.
    Failed(SocialCardError),
    /// It was taken out.
    Removed,
}

/// A reader of social security cards. Clones are the same reader; it is let go of when the last
/// one is dropped.
#[derive(Debug, Clone)]
pub struct SocialCardReader {
    arming: Arc<Arming>,
    wake: mpsc::Sender<()>,
    supervisor: Supervisor,
    media: watch::Receiver<MediaState>,
    events: broadcast::Sender<SocialCardEvent>,
}

impl SocialCardReader {
    /// Begins to use a reader. Neither waits nor fails: how it goes shows in [`Self::status`]. A
    /// machine without PC/SC is one of the ways in which it can go.
    pub fn open(config: SocialCardReaderConfig) -> Self {
        Self::start(PcscSlot::new(config.reader))
    }

    pub(super) fn start(slot: impl Slot + 'static) -> Self {
        let arming = Arc::new(Arming::default());
        let (wake, woken) = mpsc::channel();
        let supervisor = Supervisor::new();
        let (media_out, media) = watch::channel(MediaState::Unknown);
        let events = broadcast::Sender::new(EVENTS_KEPT);
        let actor = Actor {
            slot,
            arming: Arc::clone(&arming),
            wake: woken,
            supervisor: supervisor.clone(),
            media: media_out,
            events: events.clone(),
        };
        let thread = std::thread::Builder::new().name("social-card-reader".into());
        if let Err(error) = thread.spawn(move || actor.run()) {
            let fault = Fault::new(FaultKind::Other, format!("no thread: {error}"));
            supervisor.show(DeviceStatus::new(DeviceState::HardwareError, Some(fault)));
        }
        Self {
            arming,
            wake,
            supervisor,
            media,
            events,
        }
    }

    /// Looks for a card from now on, because somebody asked for it: a card that is already in is
    /// read. Does nothing if a card is already being looked for.
    pub fn arm(&self) {
        if self.arming.arm() {
            // If the thread is gone, the status says so.
            let _ = self.wake.send(());
        }
    }

    /// Stops looking for a card. A card that is just being read is not handed over any more.
    pub fn disarm(&self) {
        if self.arming.disarm() {
            let _ = self.wake.send(());
        }
    }

    /// How the reader is.
    pub fn status(&self) -> watch::Receiver<DeviceStatus> {
        self.supervisor.status()
    }

    /// The hand on its thread: counters, alarm, maintenance, self-tests.
    pub fn supervisor(&self) -> &Supervisor {
        &self.supervisor
    }

    /// What happens from now on. Subscribe before arming.
    pub fn events(&self) -> broadcast::Receiver<SocialCardEvent> {
        self.events.subscribe()
    }

    /// Whether a card is in the slot. Watched all the time, so that a person who forgets the card
    /// can be reminded.
    pub fn media(&self) -> watch::Receiver<MediaState> {
        self.media.clone()
    }

    /// Looks for one card, waiting at most `timeout`, and reads it once.
    ///
    /// # Errors
    /// The first failure; [`SocialCardError::ReaderFault`] as soon as the reader is known to be
    /// unavailable; [`SocialCardError::NoCard`] when the time is up.
    pub async fn read_once(&self, timeout: Duration) -> Result<Arc<SocialCard>, SocialCardError> {
        let mut events = self.events();
        let mut status = self.status();
        let _armed = Armed::new(self);
        let reading = async {
            loop {
                match events.recv().await {
                    Ok(SocialCardEvent::Read(card)) => return Ok(card),
                    Ok(SocialCardEvent::Failed(error)) => return Err(error),
                    Ok(SocialCardEvent::Reading | SocialCardEvent::Removed)
                    | Err(broadcast::error::RecvError::Lagged(_)) => {}
                    Err(broadcast::error::RecvError::Closed) => {
                        return Err(SocialCardError::NoAnswer);
                    }
                }
            }
        };
        let failing = async {
            let faulty = |status: &DeviceStatus| !status.is_usable() && status.fault.is_some();
            match status.wait_for(faulty).await {
                Ok(status) => status.fault.as_ref().map(|fault| fault.kind),
                Err(_) => None,
            }
        };
        tokio::select! {
            biased;
            result = reading => result,
            kind = failing => {
                Err(kind.map_or(SocialCardError::NoAnswer, SocialCardError::ReaderFault))
            }
            () = tokio::time::sleep(timeout) => Err(SocialCardError::NoCard),
        }
    }
}

/// Looks for a card until dropped, and then goes back to what was before.
struct Armed<'a> {
    reader: &'a SocialCardReader,
    was_armed: bool,
}

impl<'a> Armed<'a> {
    fn new(reader: &'a SocialCardReader) -> Self {
        let was_armed = reader.arming.request().is_some();
        reader.disarm();
        reader.arm();
        Self { reader, was_armed }
    }
}

impl Drop for Armed<'_> {
    fn drop(&mut self) {
        if !self.was_armed {
            self.reader.disarm();
        }
    }
}

//! The card reader as the rest of the terminal sees it.

use std::path::PathBuf;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use tokio::sync::{broadcast, watch};

use super::actor::{Actor, Timing};
use super::driver::{Baud, ReaderIdentity};
use super::error::CardReadError;
use super::holder::IdCard;
use super::profile::CardReaderProfile;
use super::usb;
use crate::arming::Arming;
use crate::status::{DeviceState, DeviceStatus, Fault, FaultKind, MediaState};
use crate::supervisor::Supervisor;
use crate::transport::{Address, ByteStream, FlowControl, Opener, PortError, opener};

/// Events that a slow listener may leave unread before it misses some. Few, because a card that
/// was read stays in memory until every listener has taken it.
const EVENTS_KEPT: usize = 8;

/// Where a reader is connected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardReaderConfig {
    /// A serial device, or `usb:vvvv:pppp`.
    pub port: PathBuf,
    /// Speed of a serial device.
    pub baud: Baud,
    /// What the model does differently.
    pub profile: CardReaderProfile,
}

impl CardReaderConfig {
    /// What opens the port.
    pub fn opener(&self) -> Opener {
        if let Some(Address::Usb(address)) = Address::parse(&self.port) {
            return usb::opener(address, self.profile.usb_layout);
        }
        let baud = self.baud.first(&self.profile.speeds);
        opener(&self.port, baud, FlowControl::None)
    }

    /// The speeds to try: one is enough where there is no line that has any.
    pub fn speed(&self) -> Baud {
        match Address::parse(&self.port) {
            Some(address) if !address.has_speed() => {
                Baud::Fixed(self.baud.first(&self.profile.speeds))
            }
            _ => self.baud,
        }
    }
}

/// What happens on the reader while a card is looked for.
#[derive(Debug, Clone)]
pub enum CardEvent {
    /// A card lies on the reader.
    Found,
    /// It is being read: please hold still.
    Reading,
    /// It was read. Says nothing yet about its validity; see [`IdCard::check`].
    Read(Arc<IdCard>),
    /// It was not read. Told once for each time it is laid down; the reader keeps looking.
    Failed(CardReadError),
    /// The reader does not sense the card any more. Some readers say so of a card that was read
    /// and still lies there, so this is no proof that the person has taken it.
    Removed,
}

/// A card reader. Clones are the same reader; it is let go of when the last one is dropped.
#[derive(Debug, Clone)]
pub struct CardReader {
    arming: Arc<Arming>,
    wake: mpsc::Sender<()>,
    supervisor: Supervisor,
    identity: watch::Receiver<Option<ReaderIdentity>>,
    media: watch::Receiver<MediaState>,
    events: broadcast::Sender<CardEvent>,
}

impl CardReader {
    /// Begins to use a reader. Neither waits nor fails: how it goes shows in [`Self::status`].
    pub fn open(config: CardReaderConfig) -> Self {
        Self::open_on(config.opener(), config.speed(), config.profile)
    }

    /// As [`Self::open`], on whatever connection `connect` opens.
    pub fn open_on(connect: Opener, baud: Baud, profile: CardReaderProfile) -> Self {
        Self::start(connect, baud, Timing::of(&profile), profile)
    }

    /// Uses whatever stream `connect` opens.
    pub(super) fn start<C, S>(
        connect: C,
        baud: Baud,
        timing: Timing,
        profile: CardReaderProfile,
    ) -> Self
    where
        C: FnMut() -> Result<S, PortError> + Send + 'static,
        S: ByteStream + 'static,
    {
        let arming = Arc::new(Arming::default());
        let (wake, woken) = mpsc::channel();
        let supervisor = Supervisor::new();
        let (identity_out, identity) = watch::channel(None);
        let (media_out, media) = watch::channel(MediaState::Unknown);
        let events = broadcast::Sender::new(EVENTS_KEPT);
        let actor = Actor {
            connect,
            baud,
            profile,
            timing,
            arming: Arc::clone(&arming),
            wake: woken,
            supervisor: supervisor.clone(),
            identity: identity_out,
            media: media_out,
            events: events.clone(),
        };
        let thread = std::thread::Builder::new().name("card-reader".into());
        if let Err(error) = thread.spawn(move || actor.run()) {
            let fault = Fault::new(FaultKind::Other, format!("no thread: {error}"));
            supervisor.show(DeviceStatus::new(DeviceState::HardwareError, Some(fault)));
        }
        Self {
            arming,
            wake,
            supervisor,
            identity,
            media,
            events,
        }
    }

    /// Looks for a card from now on, because somebody asked for it: a card that already lies on
    /// the reader is read. Does nothing if a card is already being looked for.
    pub fn arm(&self) {
        if self.arming.arm() {
            self.wake();
        }
    }

    /// Stops looking for a card. A card that is just being read is not handed over any more.
    pub fn disarm(&self) {
        if self.arming.disarm() {
            self.wake();
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
    pub fn events(&self) -> broadcast::Receiver<CardEvent> {
        self.events.subscribe()
    }

    /// Which reader it is; none while there is no connection.
    pub fn identity(&self) -> watch::Receiver<Option<ReaderIdentity>> {
        self.identity.clone()
    }

    /// Whether a card lies on the reader, as far as is known. Goes on being watched after looking
    /// has ended, until the card is gone, so that a person who forgets it can be reminded. Readers
    /// that hide a card once it was read say too early that it is gone.
    pub fn media(&self) -> watch::Receiver<MediaState> {
        self.media.clone()
    }

    /// Looks for one card, waiting at most `timeout`, and reads it once.
    ///
    /// # Errors
    /// The first failure; [`CardReadError::ReaderFault`] as soon as the reader is known to be
    /// unavailable; [`CardReadError::NoCard`] when the time is up.
    pub async fn read_once(&self, timeout: Duration) -> Result<Arc<IdCard>, CardReadError> {
        let mut events = self.events();
        let mut status = self.status();
        let _armed = Armed::new(self);
        let reading = async {
            loop {
                match events.recv().await {
                    Ok(CardEvent::Read(card)) => return Ok(card),
                    Ok(CardEvent::Failed(error)) => return Err(error),
                    Ok(CardEvent::Found | CardEvent::Reading | CardEvent::Removed)
                    | Err(broadcast::error::RecvError::Lagged(_)) => {}
                    Err(broadcast::error::RecvError::Closed) => {
                        return Err(CardReadError::NoAnswer);
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
            kind = failing => Err(kind.map_or(CardReadError::NoAnswer, CardReadError::ReaderFault)),
            () = tokio::time::sleep(timeout) => Err(CardReadError::NoCard),
        }
    }

    fn wake(&self) {
        // If the thread is gone, the status says so.
        let _ = self.wake.send(());
    }
}

/// Looks for a card until dropped, and then goes back to what was before.
struct Armed<'a> {
    reader: &'a CardReader,
    was_armed: bool,
}

impl<'a> Armed<'a> {
    fn new(reader: &'a CardReader) -> Self {
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

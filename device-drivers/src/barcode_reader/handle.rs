//! The barcode reader as the rest of the terminal sees it.

use std::path::PathBuf;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use tokio::sync::{broadcast, watch};

use super::actor::{Actor, Timing};
use super::code::Code;
use super::profile::BarcodeReaderProfile;
use crate::arming::Arming;
use crate::status::{DeviceState, DeviceStatus, Fault, FaultKind};
use crate::supervisor::Supervisor;
use crate::transport::{ByteStream, FlowControl, Opener, PortError, opener};

/// Codes that a slow listener may leave unread. Few, because they stay in memory until then.
const CODES_KEPT: usize = 4;

/// Where a reader is connected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BarcodeReaderConfig {
    /// The serial port.
    pub port: PathBuf,
    /// Bits per second, where it is not what the model has ex works.
    pub baud: Option<u32>,
    /// What the model does differently.
    pub profile: BarcodeReaderProfile,
}

impl BarcodeReaderConfig {
    /// What opens the port.
    pub fn opener(&self) -> Opener {
        let usual = self.profile.speeds.first().copied().unwrap_or(9600);
        opener(&self.port, self.baud.unwrap_or(usual), FlowControl::None)
    }
}

/// Why no code was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BarcodeReadError {
    /// Nobody held a code to the reader in time.
    #[error("no code was shown")]
    NoCode,
    /// The reader cannot be used; its status says more.
    #[error("the reader is unavailable ({0:?})")]
    ReaderFault(FaultKind),
}

/// A barcode reader. Clones are the same reader; it is let go of when the last one is dropped.
#[derive(Debug, Clone)]
pub struct BarcodeReader {
    arming: Arc<Arming>,
    /// Its end tells the thread that nobody holds the reader.
    _alive: mpsc::Sender<()>,
    supervisor: Supervisor,
    codes: broadcast::Sender<Arc<Code>>,
}

impl BarcodeReader {
    /// Begins to use a reader. Neither waits nor fails: how it goes shows in [`Self::status`].
    pub fn open(config: BarcodeReaderConfig) -> Self {
        Self::open_on(config.opener(), config.profile)
    }

    /// As [`Self::open`], on whatever connection `connect` opens.
    pub fn open_on(connect: Opener, profile: BarcodeReaderProfile) -> Self {
        Self::start(connect, profile, Timing::default())
    }

    /// Uses whatever stream `connect` opens.
    pub(super) fn start<C, S>(connect: C, profile: BarcodeReaderProfile, timing: Timing) -> Self
    where
        C: FnMut() -> Result<S, PortError> + Send + 'static,
        S: ByteStream + 'static,
    {
        let arming = Arc::new(Arming::default());
        let (alive, held) = mpsc::channel();
        let supervisor = Supervisor::new();
        let codes = broadcast::Sender::new(CODES_KEPT);
        let actor = Actor {
            connect,
            profile,
            timing,
            arming: Arc::clone(&arming),
            held,
            supervisor: supervisor.clone(),
            codes: codes.clone(),
        };
        let thread = std::thread::Builder::new().name("barcode-reader".into());
        if let Err(error) = thread.spawn(move || actor.run()) {
            let fault = Fault::new(FaultKind::Other, format!("no thread: {error}"));
            supervisor.show(DeviceStatus::new(DeviceState::HardwareError, Some(fault)));
        }
        Self {
            arming,
            _alive: alive,
            supervisor,
            codes,
        }
    }

    /// Looks for a code from now on. Codes that come before are dropped.
    pub fn arm(&self) {
        self.arming.arm();
    }

    /// Stops looking.
    pub fn disarm(&self) {
        self.arming.disarm();
    }

    /// How the reader is.
    pub fn status(&self) -> watch::Receiver<DeviceStatus> {
        self.supervisor.status()
    }

    /// The hand on its thread: counters, alarm, maintenance, self-tests.
    pub fn supervisor(&self) -> &Supervisor {
        &self.supervisor
    }

    /// Codes that are read from now on. Subscribe before arming.
    pub fn codes(&self) -> broadcast::Receiver<Arc<Code>> {
        self.codes.subscribe()
    }

    /// Looks for one code, waiting at most `timeout`.
    ///
    /// # Errors
    /// [`BarcodeReadError::ReaderFault`] as soon as the reader is known to be unavailable;
    /// [`BarcodeReadError::NoCode`] when the time is up.
    pub async fn read_once(&self, timeout: Duration) -> Result<Arc<Code>, BarcodeReadError> {
        let mut codes = self.codes();
        let mut status = self.status();
        self.disarm();
        self.arm();
        let _disarmed = Disarm(self);
        let reading = async {
            loop {
                match codes.recv().await {
                    Ok(code) => return Ok(code),
                    Err(broadcast::error::RecvError::Lagged(_)) => {}
                    Err(broadcast::error::RecvError::Closed) => {
                        return Err(BarcodeReadError::ReaderFault(FaultKind::Other));
                    }
                }
            }
        };
        let failing = async {
            let faulty = |status: &DeviceStatus| !status.is_usable() && status.fault.is_some();
            let status = status.wait_for(faulty).await.ok();
            let kind = status.and_then(|status| status.fault.as_ref().map(|fault| fault.kind));
            BarcodeReadError::ReaderFault(kind.unwrap_or(FaultKind::Other))
        };
        tokio::select! {
            biased;
            result = reading => result,
            error = failing => Err(error),
            () = tokio::time::sleep(timeout) => Err(BarcodeReadError::NoCode),
        }
    }
}

/// Stops looking when dropped.
struct Disarm<'a>(&'a BarcodeReader);

impl Drop for Disarm<'_> {
    fn drop(&mut self) {
        self.0.disarm();
    }
}

//! The terminal's hold on one scanner: one page at a time, and how the device was last seen.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, watch};
use zeroize::Zeroizing;

use super::args::ScannerConfig;
use super::child;
use super::error::{ScanError, ScanErrorKind};
use crate::status::{DeviceState, DeviceStatus, Fault, FaultKind};

/// How long finding scanners may take: some drivers ask the whole network.
const FINDING: Duration = Duration::from_secs(30);

/// A page as it came from the scanner. Wiped from memory when dropped.
pub struct ScannedPage {
    /// The picture, losslessly compressed.
    pub png: Zeroizing<Vec<u8>>,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

impl std::fmt::Debug for ScannedPage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ScannedPage({}×{})", self.width, self.height)
    }
}

/// A scanner that SANE knows of.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FoundScanner {
    /// What to write into the settings.
    pub device: String,
    /// Who made it.
    pub vendor: String,
    /// What they call it.
    pub model: String,
}

/// Looks for scanners.
///
/// # Errors
/// SANE is not installed, or does not come back in time. No scanner is an empty list.
pub async fn list(sane_config_dir: Option<&Path>) -> Result<Vec<FoundScanner>, ScanError> {
    // A character that no name holds, between the fields.
    let arguments = ["--formatted-device-list=%d\u{1F}%v\u{1F}%m%n".to_owned()];
    let output = child::run(&arguments, sane_config_dir, FINDING).await?;
    Ok(parse_list(&String::from_utf8_lossy(&output)))
}

fn parse_list(text: &str) -> Vec<FoundScanner> {
    text.lines()
        .filter_map(|line| {
            let mut fields = line.split('\u{1F}').map(str::to_owned);
            Some(FoundScanner {
                device: fields.next()?,
                vendor: fields.next()?,
                model: fields.next()?,
            })
        })
        .collect()
}

/// A handle on a scanner.
#[derive(Clone)]
pub struct Scanner {
    config: Arc<ScannerConfig>,
    /// Two scans at once would only find each other's device busy.
    turn: Arc<Mutex<()>>,
    status: Arc<watch::Sender<DeviceStatus>>,
}

impl Scanner {
    /// Takes a scanner into use. Never waits: how it is shows after [`Scanner::check`] or a scan.
    pub fn open(config: ScannerConfig) -> Self {
        Self {
            config: Arc::new(config),
            turn: Arc::default(),
            status: Arc::new(watch::channel(DeviceStatus::starting()).0),
        }
    }

    /// How the scanner was when last used or checked.
    pub fn status(&self) -> watch::Receiver<DeviceStatus> {
        self.status.subscribe()
    }

    /// Opens the device and sets it up without scanning.
    ///
    /// # Errors
    /// As [`Scanner::scan`].
    pub async fn check(&self) -> Result<(), ScanError> {
        let _turn = self.turn.lock().await;
        let mut arguments = self.config.arguments();
        arguments.push("--dont-scan".into());
        self.run(&arguments).await.map(|_| ())
    }

    /// Scans one page.
    ///
    /// # Errors
    /// [`ScanError`] says what is wrong and who must act. Within the configured time the scanner
    /// has either given a page or been stopped.
    pub async fn scan(&self) -> Result<ScannedPage, ScanError> {
        let _turn = self.turn.lock().await;
        let before = self.status.borrow().fault.clone();
        self.show(DeviceStatus::new(DeviceState::Busy, before));
        let png = self.run(&self.config.arguments()).await?;
        let size = image::ImageReader::with_format(
            std::io::Cursor::new(&png[..]),
            image::ImageFormat::Png,
        )
        .into_dimensions();
        match size {
            Ok((width, height)) => Ok(ScannedPage { png, width, height }),
            Err(error) => {
                let error = ScanError::new(ScanErrorKind::DriverFailed, error.to_string());
                self.settle(Some(&error));
                Err(error)
            }
        }
    }

    async fn run(&self, arguments: &[String]) -> Result<child::Output, ScanError> {
        let folder = self.config.sane_config_dir.as_deref();
        let result = child::run(arguments, folder, self.config.timeout).await;
        self.settle(result.as_ref().err());
        result
    }

    fn settle(&self, error: Option<&ScanError>) {
        self.show(match error.and_then(ScanError::fault) {
            None => DeviceStatus::new(DeviceState::Online, None),
            Some(fault) => faulty(fault),
        });
    }

    fn show(&self, status: DeviceStatus) {
        self.status.send_if_modified(|now| now.adopt(status));
    }
}

/// A feeder that failed once is tried again: only the state says so, never a lock.
fn faulty(fault: Fault) -> DeviceStatus {
    match fault.kind {
        FaultKind::PortBusy => DeviceStatus::new(DeviceState::Busy, Some(fault)),
        _ => DeviceStatus::faulty(fault),
    }
}

#[cfg(test)]
mod tests;

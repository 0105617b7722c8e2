//! Taking a picture of a paper: scanned, checked, made small enough to travel.

use jinban_devices::scanner::{
    PageError, PageFlaw, ScanError, ScanErrorKind, Scanner, encode_within, inspect, list, thumbnail,
};
use zeroize::Zeroizing;

use crate::config::{Scanner as Fitted, ScannerName};

/// What is doubtful about a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageWarning {
    /// Almost nothing is on it.
    Blank,
    /// Too few dots to read.
    Small,
}

/// Why there is no picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScanProblem {
    /// A sheet is stuck.
    Jammed,
    /// Nothing to scan.
    NoPaper,
    /// The lid is open.
    CoverOpen,
    /// Somebody else uses it.
    Busy,
    /// It did not answer in time.
    Slow,
    /// It is not there.
    Missing,
    /// Anything else.
    Fault,
}

/// A page as it would be kept, with a small picture of it for the screen.
#[derive(Clone)]
pub struct ScannedPicture {
    /// The page.
    pub jpeg: Zeroizing<Vec<u8>>,
    /// Pixels of the small picture, four bytes each.
    pub preview_rgba: Vec<u8>,
    /// Its width.
    pub preview_width: u32,
    /// Its height.
    pub preview_height: u32,
    /// What is doubtful about it.
    pub warning: Option<PageWarning>,
}

impl std::fmt::Debug for ScannedPicture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ScannedPicture({} bytes)", self.jpeg.len())
    }
}

/// Longest side of the small picture in pixels; enough to see whether the words are sharp.
const PREVIEW: u32 = 1100;
/// A page must fit in this many bytes.
const BUDGET: usize = 500_000;

pub(super) async fn scan(fitted: Option<&Fitted>) -> Result<ScannedPicture, ScanProblem> {
    let fitted = fitted.ok_or(ScanProblem::Missing)?;
    let failed = |error: ScanError| {
        tracing::warn!(%error, "no page was scanned");
        ScanProblem::from(error.kind)
    };
    let device = match &fitted.device {
        ScannerName::Named(name) => name.clone(),
        // Looked up each time: a scanner may be plugged in while the terminal runs.
        ScannerName::Auto => {
            list(fitted.sane_config_dir.as_deref())
                .await
                .map_err(failed)?
                .into_iter()
                .next()
                .ok_or(ScanProblem::Missing)?
                .device
        }
    };
    let scanner = Scanner::open(fitted.driver_config(&device));
    let page = scanner.scan().await.map_err(failed)?;
    // Pixels by the million: not on a thread that others wait for.
    tokio::task::spawn_blocking(move || prepare(&page.png))
        .await
        .map_err(|_| ScanProblem::Fault)?
        .map_err(|error| {
            tracing::warn!(%error, "a scanned page could not be prepared");
            ScanProblem::Fault
        })
}

fn prepare(png: &[u8]) -> Result<ScannedPicture, PageError> {
    let warning = inspect(png)?.map(|flaw| match flaw {
        PageFlaw::Blank => PageWarning::Blank,
        PageFlaw::TooSmall => PageWarning::Small,
    });
    let page = encode_within(png, BUDGET)?;
    let small = thumbnail(png, PREVIEW)?;
    let preview = image::load_from_memory(&small.jpeg)
        .map_err(|error| PageError::Unreadable(error.to_string()))?
        .into_rgba8();
    Ok(ScannedPicture {
        jpeg: page.jpeg.clone(),
        preview_width: preview.width(),
        preview_height: preview.height(),
        preview_rgba: preview.into_raw(),
        warning,
    })
}

impl From<ScanErrorKind> for ScanProblem {
    fn from(kind: ScanErrorKind) -> Self {
        match kind {
            ScanErrorKind::Jammed => Self::Jammed,
            ScanErrorKind::NoPages => Self::NoPaper,
            ScanErrorKind::CoverOpen => Self::CoverOpen,
            ScanErrorKind::Busy => Self::Busy,
            ScanErrorKind::TimedOut => Self::Slow,
            ScanErrorKind::DeviceMissing | ScanErrorKind::NotInstalled => Self::Missing,
            _ => Self::Fault,
        }
    }
}

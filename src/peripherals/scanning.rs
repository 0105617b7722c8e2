//! Taking a picture of a paper: scanned, checked, made small enough to travel.

use std::sync::Arc;

use jinban_devices::camera::{Camera, CameraError};
use jinban_devices::imaging::{Lens, Likeness, Page, PageError, PageFlaw, encode_within, prepare};
use jinban_devices::scanner::{ScanError, ScanErrorKind, Scanner, list};
use jinban_devices::status::FaultKind;
use zeroize::Zeroizing;

use crate::config::{Scanner as Fitted, ScannerName};

/// A page that was kept before, as JPEG.
pub type KeptPage = Arc<Zeroizing<Vec<u8>>>;

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
    pub flaw: Option<PageFlaw>,
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

pub(super) async fn scan(
    fitted: Option<&Fitted>,
    kept: Vec<KeptPage>,
) -> Result<ScannedPicture, ScanProblem> {
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
    in_background(move || {
        let picture = Page::decode(&page.png)?;
        drop(page);
        finish(picture, Lens::Scanner, &kept)
    })
    .await
}

pub(super) async fn photograph(
    camera: &Camera,
    kept: Vec<KeptPage>,
) -> Result<ScannedPicture, ScanProblem> {
    let picture = camera.take().await.map_err(|error| {
        tracing::warn!(%error, "no page was photographed");
        ScanProblem::from(error)
    })?;
    in_background(move || finish(picture, Lens::Camera, &kept)).await
}

/// Pixels by the million: not on a thread that others wait for.
async fn in_background(
    work: impl FnOnce() -> Result<ScannedPicture, PageError> + Send + 'static,
) -> Result<ScannedPicture, ScanProblem> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| ScanProblem::Fault)?
        .map_err(|error| {
            tracing::warn!(%error, "a scanned page could not be prepared");
            ScanProblem::Fault
        })
}

fn finish(picture: Page, lens: Lens, kept: &[KeptPage]) -> Result<ScannedPicture, PageError> {
    let kept: Vec<Likeness> = kept
        .iter()
        .filter_map(|jpeg| Page::decode(jpeg).ok())
        .map(|page| Likeness::of(&page))
        .collect();
    let prepared = prepare(picture, lens, &kept);
    let page = encode_within(&prepared.page, BUDGET)?;
    let preview = prepared.page.within(PREVIEW);
    Ok(ScannedPicture {
        jpeg: page.jpeg,
        preview_width: preview.width(),
        preview_height: preview.height(),
        preview_rgba: preview
            .pixels()
            .flat_map(|pixel| [pixel.0[0], pixel.0[1], pixel.0[2], 255])
            .collect(),
        flaw: prepared.flaw,
    })
}

impl From<CameraError> for ScanProblem {
    fn from(error: CameraError) -> Self {
        match error.fault().kind {
            FaultKind::PortMissing => Self::Missing,
            FaultKind::PortBusy => Self::Busy,
            FaultKind::NoAnswer => Self::Slow,
            _ => Self::Fault,
        }
    }
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

//! What a page printer says of itself, and what that means: raw state and reasons, summarised.

use serde::Serialize;

use crate::status::{DeviceState, DeviceStatus, Fault, FaultKind};

/// `printer-state` (RFC 8011 §5.4.11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PrinterState {
    /// 3: nothing to do.
    Idle,
    /// 4: working on a job.
    Processing,
    /// 5: stopped; somebody has to do something.
    Stopped,
    /// A value that RFC 8011 does not name.
    Unknown(i32),
}

impl From<i32> for PrinterState {
    fn from(state: i32) -> Self {
        match state {
            3 => Self::Idle,
            4 => Self::Processing,
            5 => Self::Stopped,
            other => Self::Unknown(other),
        }
    }
}

/// The printer's own words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RawPageStatus {
    /// `printer-state`.
    pub state: PrinterState,
    /// `printer-state-reasons`, as they came; `none` left out.
    pub reasons: Vec<String>,
    /// `printer-is-accepting-jobs`; `true` where it is not told.
    pub accepting: bool,
}

/// Reasons that this program knows (RFC 8011 §5.4.12, PWG 5100.9), by how they begin, the worst first.
const REASONS: &[(&str, FaultKind)] = &[
    ("media-jam", FaultKind::Jam),
    ("cover-open", FaultKind::CoverOpen),
    ("door-open", FaultKind::CoverOpen),
    ("interlock-open", FaultKind::CoverOpen),
    ("media-empty", FaultKind::PaperOut),
    ("media-needed", FaultKind::PaperOut),
    ("input-tray-missing", FaultKind::PaperOut),
    ("toner-empty", FaultKind::InkOut),
    ("marker-supply-empty", FaultKind::InkOut),
    ("marker-supply-missing", FaultKind::InkOut),
    ("developer-empty", FaultKind::InkOut),
    ("opc-life-over", FaultKind::InkOut),
    ("output-area-full", FaultKind::OutputFull),
    ("output-tray-missing", FaultKind::OutputFull),
    ("marker-waste-full", FaultKind::Unrecoverable),
    ("fuser-over-temp", FaultKind::HeadHot),
    ("fuser-under-temp", FaultKind::HeadHot),
    ("paused", FaultKind::Maintenance),
    ("moving-to-paused", FaultKind::Maintenance),
    ("shutdown", FaultKind::NoAnswer),
    ("offline", FaultKind::NoAnswer),
    ("timed-out", FaultKind::NoAnswer),
    ("connecting-to-device", FaultKind::NoAnswer),
    ("media-low", FaultKind::PaperLow),
    ("toner-low", FaultKind::InkLow),
    ("marker-supply-low", FaultKind::InkLow),
    ("developer-low", FaultKind::InkLow),
];

/// What the rest of the terminal acts on.
pub fn summarise_page_printer(raw: &RawPageStatus) -> DeviceStatus {
    let said = || raw.reasons.join(", ");
    let fault = raw.reasons.iter().filter_map(|reason| known(reason)).min();
    if let Some((_, kind)) = fault {
        // A printer that still works only warns, whatever it warns of.
        let works = raw.state != PrinterState::Stopped && raw.accepting;
        let mut status = DeviceStatus::faulty(Fault::new(kind, said()));
        if works && raw.reasons.iter().all(|reason| is_warning(reason)) {
            status.state = DeviceState::Online;
        }
        return status;
    }
    if raw.state == PrinterState::Stopped || !raw.accepting {
        return DeviceStatus::faulty(Fault::new(FaultKind::Unrecoverable, said()));
    }
    DeviceStatus::new(
        match raw.state {
            PrinterState::Processing => DeviceState::Busy,
            _ => DeviceState::Online,
        },
        None,
    )
}

/// The reason's place among the known ones, and what it means.
fn known(reason: &str) -> Option<(usize, FaultKind)> {
    let mut all = REASONS.iter().enumerate();
    let (at, (_, kind)) = all.find(|(_, (name, _))| reason.starts_with(name))?;
    Some((at, *kind))
}

/// Whether the printer says that it goes on working all the same.
fn is_warning(reason: &str) -> bool {
    reason.ends_with("-warning") || reason.ends_with("-report")
}

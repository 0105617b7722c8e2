//! Why a scan failed, from SANE's exit codes and words.

use std::time::Duration;

use crate::status::{Fault, FaultKind, WhoMustAct};

/// What went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ScanErrorKind {
    /// A page is stuck in the feeder.
    Jammed,
    /// There is no page in the feeder.
    NoPages,
    /// The cover is open.
    CoverOpen,
    /// It is busy: another program, or the page before.
    Busy,
    /// The device failed while it scanned; mostly a cable.
    DeviceFailed,
    /// The device is not there.
    DeviceMissing,
    /// It did not finish in time and was stopped.
    TimedOut,
    /// The terminal's account may not use it.
    PermissionDenied,
    /// The settings ask for something that this device does not know.
    WrongSettings,
    /// SANE is not installed on this machine.
    NotInstalled,
    /// The driver crashed, or gave something that is not a page.
    DriverFailed,
}

/// A scan that gave no page.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no page was scanned ({kind:?}: {raw})")]
pub struct ScanError {
    /// What went wrong.
    pub kind: ScanErrorKind,
    /// Who has to act.
    pub act: WhoMustAct,
    /// SANE's own words, for the technician.
    pub raw: String,
}

impl ScanError {
    pub(super) fn new(kind: ScanErrorKind, raw: impl Into<String>) -> Self {
        use ScanErrorKind as K;
        let act = match kind {
            K::Busy => WhoMustAct::Nobody,
            K::TimedOut => WhoMustAct::Program,
            K::Jammed | K::NoPages | K::CoverOpen | K::DeviceFailed | K::DeviceMissing => {
                WhoMustAct::SiteStaff
            }
            K::PermissionDenied | K::WrongSettings | K::NotInstalled | K::DriverFailed => {
                WhoMustAct::Technician
            }
        };
        Self {
            kind,
            act,
            raw: raw.into(),
        }
    }

    pub(super) fn timed_out(after: Duration) -> Self {
        Self::new(
            ScanErrorKind::TimedOut,
            format!("no page within {} s", after.as_secs()),
        )
    }

    /// What this says about the device; none if the device is well and only has nothing to scan.
    pub fn fault(&self) -> Option<Fault> {
        use ScanErrorKind as K;
        let kind = match self.kind {
            K::NoPages => return None,
            K::Jammed => FaultKind::Jam,
            K::CoverOpen => FaultKind::CoverOpen,
            K::Busy => FaultKind::PortBusy,
            K::DeviceMissing => FaultKind::PortMissing,
            K::TimedOut => FaultKind::NoAnswer,
            K::PermissionDenied => FaultKind::PermissionDenied,
            K::WrongSettings => FaultKind::Unsupported,
            K::DeviceFailed | K::NotInstalled | K::DriverFailed => FaultKind::Other,
        };
        Some(Fault {
            kind,
            act: self.act,
            raw: self.raw.clone(),
        })
    }
}

/// Sorts a failed run of `scanimage`. It exits with SANE's status number once the device is open,
/// and with 1 and a sentence before that; a driver that crashes leaves no number at all.
pub(super) fn from_exit(code: Option<i32>, words: &str) -> ScanError {
    use ScanErrorKind as K;
    let opening = words.contains("open of device");
    let kind = match code {
        _ if words.contains("no SANE devices found") => K::DeviceMissing,
        _ if words.contains("Device busy") => K::Busy,
        _ if words.contains("Access to resource has been denied") => K::PermissionDenied,
        _ if opening && words.contains("Invalid argument") => K::DeviceMissing,
        _ if words.contains("unrecognized option") || words.contains("setting of option") => {
            K::WrongSettings
        }
        Some(3) => K::Busy,
        Some(1 | 4) => K::WrongSettings,
        Some(6) => K::Jammed,
        Some(7) => K::NoPages,
        Some(8) => K::CoverOpen,
        Some(9) => K::DeviceFailed,
        Some(11) => K::PermissionDenied,
        _ => K::DriverFailed,
    };
    let code = code.map_or_else(|| "killed".into(), |code| format!("exit {code}"));
    ScanError::new(kind, format!("{code}: {}", words.trim()))
}

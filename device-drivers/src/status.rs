//! How a device is, in one vocabulary for every class of device (terms of XFS4IoT).
//!
//! Drivers keep what the vendor's firmware said in their own raw types. This is the summary that
//! the rest of the terminal acts on: what state, since when, why, and who has to do something.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What kind of device it is (the classes of XFS4IoT that a service terminal has).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceClass {
    /// Reads resident identity cards (XFS4IoT `cardReader`).
    CardReader,
    /// Prints receipts (XFS4IoT `printer`).
    ReceiptPrinter,
    /// Reads social security cards (XFS4IoT `cardReader`).
    SocialCardReader,
    /// Reads bar codes and two-dimensional codes (XFS4IoT `barcodeReader`).
    BarcodeReader,
    /// Scans documents.
    Scanner,
    /// Takes pictures of documents (XFS4IoT `camera`).
    Camera,
}

/// Whether a device can be used right now (XFS4IoT `common.status.device`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceState {
    /// Present, answering, ready for work.
    Online,
    /// Known to be there, but not to be talked to: no answer, or the port is taken.
    Offline,
    /// Powered off or unplugged.
    PoweredOff,
    /// Not part of this terminal. Different from a device that is expected and missing.
    NotFitted,
    /// The device is out of order.
    HardwareError,
    /// The device works, but a person prevents it: an open cover, no paper.
    UserError,
    /// Working on a command.
    Busy,
    /// The terminal is still finding out.
    Starting,
}

/// Who has to do something before the device works again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WhoMustAct {
    /// It recovers by itself.
    Nobody,
    /// The terminal's own program: a reset, a reconnection.
    Program,
    /// Whoever looks after the room: put in paper, close the cover, plug it in.
    SiteStaff,
    /// A technician: settings, permissions, repair.
    Technician,
}

/// What is wrong, common to all classes of device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FaultKind {
    /// No paper left.
    PaperOut,
    /// Paper is about to run out; printing still works.
    PaperLow,
    /// No toner or ink left.
    InkOut,
    /// Toner or ink is about to run out; printing still works.
    InkLow,
    /// Where the pages come out is full.
    OutputFull,
    /// A cover or the print head is open.
    CoverOpen,
    /// The cutter is stuck or not in its home position.
    CutterError,
    /// Paper is stuck in the path or in the presenter.
    Jam,
    /// The print head is too hot and has to cool down.
    HeadHot,
    /// A fault that the printer itself calls unrecoverable.
    Unrecoverable,
    /// The port is there but nothing answers on it.
    NoAnswer,
    /// What answers cannot be understood: line noise, wrong speed, or another kind of device.
    Garbled,
    /// The port does not exist: unplugged, or a wrong path in the settings.
    PortMissing,
    /// A program of the operating system that the device is reached through does not run.
    ServiceMissing,
    /// Another program holds the port.
    PortBusy,
    /// The terminal's account may not open the port.
    PermissionDenied,
    /// Something answers, but it is not the device that the settings promise.
    WrongDevice,
    /// The security module of a card reader failed its self-test.
    SamFailed,
    /// The security module of a card reader is not authorised.
    SamNotAuthorised,
    /// The device does not know a command that it should know.
    Unsupported,
    /// A technician has taken it out of service for the time being.
    Maintenance,
    /// The operating system reported an error that fits none of the others.
    Other,
}

impl FaultKind {
    /// Who normally has to act on this kind of fault.
    pub fn who_must_act(self) -> WhoMustAct {
        match self {
            Self::HeadHot => WhoMustAct::Nobody,
            Self::Garbled => WhoMustAct::Program,
            Self::PaperOut
            | Self::PaperLow
            | Self::InkOut
            | Self::InkLow
            | Self::OutputFull
            | Self::CoverOpen
            | Self::CutterError
            | Self::Jam
            | Self::NoAnswer
            | Self::PortMissing => WhoMustAct::SiteStaff,
            Self::Unrecoverable
            | Self::ServiceMissing
            | Self::PortBusy
            | Self::PermissionDenied
            | Self::WrongDevice
            | Self::SamFailed
            | Self::SamNotAuthorised
            | Self::Unsupported
            | Self::Maintenance
            | Self::Other => WhoMustAct::Technician,
        }
    }

    /// The state that a device with this fault is normally in.
    pub fn device_state(self) -> DeviceState {
        match self {
            Self::PaperLow | Self::InkLow => DeviceState::Online,
            Self::HeadHot => DeviceState::Busy,
            Self::PaperOut | Self::InkOut | Self::OutputFull | Self::CoverOpen | Self::Jam => {
                DeviceState::UserError
            }
            Self::PortMissing => DeviceState::PoweredOff,
            Self::NoAnswer
            | Self::ServiceMissing
            | Self::PortBusy
            | Self::PermissionDenied
            | Self::Maintenance => DeviceState::Offline,
            Self::CutterError
            | Self::Unrecoverable
            | Self::Garbled
            | Self::WrongDevice
            | Self::SamFailed
            | Self::SamNotAuthorised
            | Self::Unsupported
            | Self::Other => DeviceState::HardwareError,
        }
    }
}

/// One thing that is wrong with a device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// What is wrong.
    pub kind: FaultKind,
    /// Who has to act.
    pub act: WhoMustAct,
    /// The vendor's or operating system's own words, for the technician. Never personal data.
    pub raw: String,
}

impl Fault {
    /// A fault with the usual person to act on it.
    pub fn new(kind: FaultKind, raw: impl Into<String>) -> Self {
        Self {
            kind,
            act: kind.who_must_act(),
            raw: raw.into(),
        }
    }
}

/// The summary that the terminal acts on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeviceStatus {
    /// Whether it can be used.
    pub state: DeviceState,
    /// Why not, or what will soon be wrong (a warning while `state` is `Online`).
    pub fault: Option<Fault>,
    /// When `state` or `fault` last changed.
    pub since: Timestamp,
}

impl DeviceStatus {
    /// A status that begins now.
    pub fn new(state: DeviceState, fault: Option<Fault>) -> Self {
        Self {
            state,
            fault,
            since: Timestamp::now(),
        }
    }

    /// The status of a device that nobody has asked yet.
    pub fn starting() -> Self {
        Self::new(DeviceState::Starting, None)
    }

    /// A status caused by a fault, in that fault's usual state.
    pub fn faulty(fault: Fault) -> Self {
        Self::new(fault.kind.device_state(), Some(fault))
    }

    /// Takes over another status if it says something new, and tells whether it did.
    ///
    /// `since` is kept while nothing changes. Made for `tokio::sync::watch::Sender::send_if_modified`,
    /// so that subscribers hear of changes only.
    pub fn adopt(&mut self, next: DeviceStatus) -> bool {
        let new = self.state != next.state || self.fault != next.fault;
        if new {
            *self = next;
        }
        new
    }

    /// Whether work may be given to the device.
    pub fn is_usable(&self) -> bool {
        matches!(self.state, DeviceState::Online | DeviceState::Busy)
    }
}

/// Whether something of a person's is in or on a device (XFS4IoT `cardReader.status.media`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaState {
    /// Nothing.
    NotPresent,
    /// There is something.
    Present,
    /// The device has not been asked, or cannot say.
    Unknown,
}

/// How much paper there is (XFS4IoT `printer.status.paper`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PaperState {
    /// Enough.
    Full,
    /// Near the end; what is being printed can still be finished.
    Low,
    /// None.
    Out,
    /// Stuck.
    Jammed,
    /// The printer has not said, or has no sensor.
    Unknown,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn an_unchanged_status_keeps_the_time_it_began() {
        let mut status = DeviceStatus::starting();
        status.since = Timestamp::UNIX_EPOCH;
        assert!(!status.adopt(DeviceStatus::starting()));
        assert_eq!(status.since, Timestamp::UNIX_EPOCH);

        let missing = || DeviceStatus::faulty(Fault::new(FaultKind::PortMissing, "ENOENT"));
        assert!(status.adopt(missing()));
        assert!(status.since > Timestamp::UNIX_EPOCH);
        assert!(!status.adopt(missing()));
        assert!(status.adopt(DeviceStatus::new(DeviceState::Online, None)));
    }

    #[test]
    fn status_is_written_in_the_words_of_the_specification() {
        let mut status = DeviceStatus::faulty(Fault::new(FaultKind::PaperOut, "DLE EOT 4: 72"));
        status.since = Timestamp::UNIX_EPOCH;
        assert_eq!(
            serde_json::to_value(&status).unwrap(),
            serde_json::json!({
                "state": "user_error",
                "fault": {"kind": "paper_out", "act": "site_staff", "raw": "DLE EOT 4: 72"},
                "since": "1970-01-01T00:00:00Z",
            })
        );
    }

    #[test]
    fn low_paper_is_a_warning_and_does_not_stop_work() {
        let status = DeviceStatus::faulty(Fault::new(FaultKind::PaperLow, ""));
        assert!(status.is_usable());
    }
}

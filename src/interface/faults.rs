//! Faults put into words for a person: what happened, and what to do now.

use std::borrow::Cow;

use jinban_devices::card_reader::{CardReadError, CardRefusal};
use jinban_devices::status::{DeviceState, DeviceStatus, Fault, FaultKind};

use super::frame::Light;
use super::theme::style::Tone;
use crate::filing::{SaveError, SubmitError};
use crate::platform::Reachability;

/// What happened, and what to do.
pub type Words = (Cow<'static, str>, Cow<'static, str>);

/// The network in the status bar.
pub fn network_light(reachability: Reachability) -> Light {
    if reachability.is_reachable() {
        Light {
            words: t!("light.network"),
            name: t!("light.network"),
            tone: Tone::Success,
        }
    } else {
        Light {
            words: t!("light.offline"),
            name: t!("light.network"),
            tone: Tone::Warning,
        }
    }
}

/// The card reader in the status bar.
pub fn reader_light(status: &DeviceStatus) -> Light {
    let (words, tone) = match status.state {
        DeviceState::Online | DeviceState::Busy => (t!("light.reader"), Tone::Success),
        DeviceState::Starting => (t!("light.reader_starting"), Tone::Warning),
        _ => (t!("light.reader_fault"), Tone::Warning),
    };
    Light {
        words,
        name: t!("light.reader"),
        tone,
    }
}

/// The receipt printer in the status bar.
pub fn printer_light(status: &DeviceStatus) -> Light {
    let well = Light {
        words: t!("light.printer"),
        name: t!("light.printer"),
        tone: Tone::Success,
    };
    let Some(fault) = &status.fault else {
        return match status.state {
            DeviceState::Online | DeviceState::Busy => well,
            DeviceState::Starting => Light {
                words: t!("light.printer_starting"),
                name: t!("light.printer"),
                tone: Tone::Warning,
            },
            _ => Light {
                words: t!("light.printer_fault"),
                name: t!("light.printer"),
                tone: Tone::Warning,
            },
        };
    };
    let words = match fault.kind {
        FaultKind::PaperOut => t!("light.paper_out"),
        FaultKind::PaperLow => t!("light.paper_low"),
        FaultKind::CoverOpen => t!("light.cover_open"),
        FaultKind::HeadHot => return well,
        _ => t!("light.printer_fault"),
    };
    Light {
        words,
        name: t!("light.printer"),
        tone: Tone::Warning,
    }
}

/// Why the receipt did not come out. The case itself is safe, and says so first.
pub fn print_words(fault: &Fault) -> Words {
    match fault.kind {
        FaultKind::PaperOut => (t!("print.paper_out"), t!("print.paper_out_do")),
        FaultKind::InkOut => (t!("print.ink_out"), t!("print.ink_out_do")),
        FaultKind::OutputFull => (t!("print.output_full"), t!("print.output_full_do")),
        FaultKind::CoverOpen => (t!("print.cover_open"), t!("print.cover_open_do")),
        FaultKind::Jam | FaultKind::CutterError => (t!("print.jam"), t!("print.jam_do")),
        FaultKind::HeadHot => (t!("print.hot"), t!("print.hot_do")),
        _ => (t!("print.fault"), t!("print.fault_do")),
    }
}

/// Why the card could not be read.
pub fn card_words(error: &CardReadError) -> Words {
    match error {
        CardReadError::MovedTooEarly => (t!("card.moved"), t!("card.moved_do")),
        CardReadError::CannotVerify => (t!("card.cannot_verify"), t!("card.cannot_verify_do")),
        CardReadError::WrongCardType => (t!("card.wrong_type"), t!("card.wrong_type_do")),
        CardReadError::Unreadable(_) | CardReadError::CardRefused { .. } => {
            (t!("card.damaged"), t!("card.damaged_do"))
        }
        _ => (t!("card.reader_fault"), t!("card.reader_fault_do")),
    }
}

/// Why the card was read but cannot be used.
pub fn refusal_words(refusal: &CardRefusal) -> Words {
    match refusal {
        CardRefusal::Expired { on } => (
            t!("card.expired", day = crate::wording::date(*on)),
            t!("card.expired_do"),
        ),
        CardRefusal::NotYetValid { .. } => (t!("card.not_yet"), t!("card.not_yet_do")),
        // A number that contradicts itself, in whichever way, is no proof of who somebody is.
        _ => (t!("card.check_digit"), t!("card.check_digit_do")),
    }
}

/// Why a draft could not be kept.
pub fn save_words(error: &SaveError) -> Words {
    match error {
        SaveError::DiskFull => (t!("save.full"), t!("save.full_do")),
        SaveError::ReadOnly => (t!("save.read_only"), t!("save.read_only_do")),
        SaveError::Gone | SaveError::Other(_) => (t!("save.other"), t!("save.other_do")),
    }
}

/// Why a draft could not be handed over.
pub fn submit_words(error: &SubmitError) -> Words {
    match error {
        SubmitError::DiskFull => (t!("save.full"), t!("save.full_do")),
        SubmitError::ReadOnly => (t!("save.read_only"), t!("save.read_only_do")),
        SubmitError::Incomplete(_) => (t!("submit.not_ready"), t!("submit.not_ready_do")),
        SubmitError::Other(_) => (t!("submit.failed"), t!("submit.failed_do")),
    }
}

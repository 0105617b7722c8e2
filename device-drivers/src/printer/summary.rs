//! From a printer's bits to the one thing that matters most now.

use super::raw_status::RawStatus;
use crate::status::{DeviceState, DeviceStatus, Fault, FaultKind, PaperState, WhoMustAct};

/// What stops the printer, if anything does; the fault that a person must clear first.
pub(super) fn stopping_fault(raw: RawStatus) -> Option<Fault> {
    let kind = if raw.unrecoverable() {
        FaultKind::Unrecoverable
    } else if raw.cover_open() {
        FaultKind::CoverOpen
    } else if raw.paper_out() {
        FaultKind::PaperOut
    } else if raw.cutter_error() {
        FaultKind::CutterError
    } else if raw.recoverable() {
        FaultKind::Jam
    } else if raw.passes_by_itself() {
        FaultKind::HeadHot
    } else if raw.is_offline() {
        // Off line without a cause that it would name: a button, or a moment after a fault.
        let act = if raw.fed_by_button() {
            WhoMustAct::Nobody
        } else {
            WhoMustAct::SiteStaff
        };
        return Some(Fault {
            kind: FaultKind::Other,
            act,
            raw: raw.in_hex(),
        });
    } else {
        return None;
    };
    Some(Fault::new(kind, raw.in_hex()))
}

/// The summary for the rest of the terminal.
pub fn summarise(raw: RawStatus) -> DeviceStatus {
    match stopping_fault(raw) {
        Some(fault) if fault.kind == FaultKind::Other => {
            DeviceStatus::new(DeviceState::Offline, Some(fault))
        }
        Some(fault) => DeviceStatus::faulty(fault),
        None if raw.paper_low() => {
            DeviceStatus::faulty(Fault::new(FaultKind::PaperLow, raw.in_hex()))
        }
        None => DeviceStatus::new(DeviceState::Online, None),
    }
}

/// How much paper there is.
pub fn paper_state(raw: RawStatus) -> PaperState {
    if raw.paper_out() {
        PaperState::Out
    } else if raw.paper_low() {
        PaperState::Low
    } else if raw.paper.is_some() {
        PaperState::Full
    } else {
        PaperState::Unknown
    }
}

/// The paper sensors in the answer to a queued question (GS r 1), or none if it is no such answer.
pub(super) fn queued_paper(byte: u8) -> Option<PaperState> {
    match byte {
        b if b & 0xF0 != 0 => None,
        b if b & 0x0C != 0 => Some(PaperState::Out),
        b if b & 0x03 != 0 => Some(PaperState::Low),
        _ => Some(PaperState::Full),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn raw(bytes: [u8; 4]) -> RawStatus {
        let [printer, offline, error, paper] = bytes.map(Some);
        RawStatus {
            printer,
            offline,
            error,
            paper,
        }
    }

    #[test]
    fn each_trouble_is_named_with_who_must_act() {
        use FaultKind as F;
        use WhoMustAct::{Nobody, SiteStaff, Technician};
        for (bytes, kind, act) in [
            ([0x1A, 0x16, 0x12, 0x12], F::CoverOpen, SiteStaff),
            ([0x1A, 0x32, 0x12, 0x72], F::PaperOut, SiteStaff),
            ([0x12, 0x12, 0x12, 0x72], F::PaperOut, SiteStaff),
            ([0x1A, 0x52, 0x1A, 0x12], F::CutterError, SiteStaff),
            ([0x1A, 0x52, 0x16, 0x12], F::Jam, SiteStaff),
            ([0x1A, 0x52, 0x52, 0x12], F::HeadHot, Nobody),
            ([0x1A, 0x52, 0x32, 0x12], F::Unrecoverable, Technician),
            ([0x1A, 0x1A, 0x12, 0x12], F::Other, Nobody),
            ([0x1A, 0x12, 0x12, 0x12], F::Other, SiteStaff),
        ] {
            let fault = stopping_fault(raw(bytes)).map(|f| (f.kind, f.act));
            assert_eq!(fault, Some((kind, act)), "{bytes:02X?}");
        }
    }

    #[test]
    fn low_paper_warns_and_does_not_stop() {
        let low = raw([0x12, 0x12, 0x12, 0x1E]);
        assert_eq!(stopping_fault(low), None);
        let status = summarise(low);
        assert_eq!(status.state, DeviceState::Online);
        assert_eq!(status.fault.map(|f| f.kind), Some(FaultKind::PaperLow));
        assert_eq!(paper_state(low), PaperState::Low);
    }

    #[test]
    fn a_drawer_or_a_feed_button_is_no_trouble_while_on_line() {
        assert_eq!(stopping_fault(raw([0x16, 0x1A, 0x12, 0x12])), None);
    }

    proptest! {
        #[test]
        fn a_printer_that_says_off_line_is_never_called_ready(rest: [u8; 3], first: u8) {
            let status = summarise(raw([first | 0x08, rest[0], rest[1], rest[2]]));
            prop_assert!(status.state != DeviceState::Online);
        }

        #[test]
        fn missing_paper_is_never_called_ready(bytes: [u8; 4], bit in prop::sample::select(vec![0x20u8, 0x40])) {
            let [a, b, c, d] = bytes;
            let out = raw([a, b, c, d | bit]);
            prop_assert!(stopping_fault(out).is_some());
            prop_assert_eq!(paper_state(out), PaperState::Out);
        }
    }
}

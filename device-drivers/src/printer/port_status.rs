//! The port status of the USB printer class: three bits, as on the parallel port before it. All
//! that a printer says which answers no question of ESC/POS.

use crate::status::{DeviceState, DeviceStatus, Fault, FaultKind, WhoMustAct};

const PAPER_EMPTY: u8 = 0x20;
const SELECTED: u8 = 0x10;
const NOT_ERROR: u8 = 0x08;

/// What stops the printer, if anything does.
pub(super) fn port_fault(bits: u8) -> Option<Fault> {
    let raw = format!("port status {bits:02X}");
    if bits & PAPER_EMPTY != 0 {
        Some(Fault::new(FaultKind::PaperOut, raw))
    } else if bits & NOT_ERROR == 0 || bits & SELECTED == 0 {
        // It does not say what; whoever looks after the room can see it.
        Some(Fault {
            kind: FaultKind::Other,
            act: WhoMustAct::SiteStaff,
            raw,
        })
    } else {
        None
    }
}

/// The summary for the rest of the terminal.
pub(super) fn summarise_port(bits: Option<u8>) -> DeviceStatus {
    match bits.and_then(port_fault) {
        Some(fault) if fault.kind == FaultKind::Other => {
            DeviceStatus::new(DeviceState::Offline, Some(fault))
        }
        Some(fault) => DeviceStatus::faulty(fault),
        None => DeviceStatus::new(DeviceState::Online, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_bits_say_what_they_say_on_any_printer_of_the_class() {
        let summary = |bits| {
            let status = summarise_port(bits);
            (status.state, status.fault.map(|fault| fault.kind))
        };
        assert_eq!(summary(None), (DeviceState::Online, None));
        assert_eq!(summary(Some(0x18)), (DeviceState::Online, None));
        let paper = (DeviceState::UserError, Some(FaultKind::PaperOut));
        assert_eq!(summary(Some(0x38)), paper);
        assert_eq!(summary(Some(0x20)), paper);
        let offline = (DeviceState::Offline, Some(FaultKind::Other));
        assert_eq!(summary(Some(0x10)), offline);
        assert_eq!(summary(Some(0x08)), offline);
        assert_eq!(summary(Some(0x00)), offline);
    }
}

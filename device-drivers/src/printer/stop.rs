//! How a job stops short, and what that leaves behind in the printer.

use super::outcome::PrintError;
use super::profile::PrinterProfile;
use crate::status::{Fault, FaultKind};
use crate::transport::PortError;

/// What a failed job left behind, to be put right before anything else is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Debt {
    /// Bytes that the printer may still take for the rest of a command.
    pub owed: usize,
    /// Whether the printer has to be told to clear.
    pub clear: bool,
    /// Whether part of somebody's receipt may be on the paper before the cutter.
    pub soiled: bool,
}

impl Debt {
    /// Whether everything has been put right.
    pub fn is_settled(self) -> bool {
        self == Self::default()
    }

    /// What a job may have left behind of which only the ledger knows.
    pub fn unknown(profile: &PrinterProfile) -> Self {
        Self {
            owed: profile.longest_command(),
            clear: true,
            soiled: true,
        }
    }
}

/// Why sending stopped, and whether the port is gone.
pub(super) struct Stop {
    pub fault: Fault,
    pub lost: bool,
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self { fault, lost: false }
    }
}

impl From<PortError> for Stop {
    fn from(error: PortError) -> Self {
        Self {
            fault: port_fault(&error),
            lost: !matches!(error, PortError::TimedOut),
        }
    }
}

/// A failed job, and whether the port has to be opened anew.
pub(super) struct Failed {
    pub error: PrintError,
    pub lost: bool,
}

pub(super) fn no_answer() -> Fault {
    Fault::new(FaultKind::NoAnswer, "DLE EOT 1: no answer")
}

pub(super) fn garbled() -> Fault {
    Fault::new(
        FaultKind::Garbled,
        "DLE EOT: answers without the fixed bits",
    )
}

/// A write that is held until its deadline means a printer that holds, not a port that is gone.
fn port_fault(error: &PortError) -> Fault {
    match error {
        PortError::TimedOut => Fault::new(FaultKind::NoAnswer, "the printer takes no data"),
        other => other.fault(),
    }
}

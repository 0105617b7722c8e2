//! What a device did and suffered since the program began.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::status::FaultKind;

/// Numbers for the technician.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Counters {
    /// Connections opened. More than one means that it was lost and found again.
    pub opened: u64,
    /// Cards or codes read, receipts printed.
    pub done: u64,
    /// The same, gone wrong.
    pub failed: u64,
    /// How often each fault began.
    pub faults: BTreeMap<FaultKind, u64>,
}

impl Counters {
    pub(super) fn fault(&mut self, kind: FaultKind) {
        *self.faults.entry(kind).or_default() += 1;
    }
}

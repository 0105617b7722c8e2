//! What kind of printer it is, what is wrong with its answers, and what it counts.

/// What kind of printer it is.
#[derive(Debug, Clone, Copy)]
pub struct Model {
    /// Dots in a row.
    pub dots: usize,
    /// Bytes in the receive buffer.
    pub buffer: usize,
    /// Millimetres printed in a second.
    pub speed_mm: u32,
    /// Asks for pauses with XOFF.
    pub xon_xoff: bool,
}

/// Faults of the answers, as opposed to those of the mechanism.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct AnswerFaults {
    /// Never says anything.
    pub mute: bool,
    /// Does not know GS r.
    pub no_gs_r: bool,
    /// Answers that are still not to be given.
    pub unanswered: u32,
    /// Random bytes before the next answer.
    pub noise: usize,
    /// The cutter stays jammed whatever the host says.
    pub cutter_stuck: bool,
}

/// What has happened so far.
#[derive(Debug, Clone, Default)]
pub struct Counters {
    /// Rows of paper moved.
    pub rows: u64,
    /// Bytes that this printer does not know.
    pub unknown_bytes: u64,
    /// The first of them, in hexadecimal.
    pub unknown: Vec<String>,
    /// Real-time commands seen.
    pub real_time: u64,
    /// Bytes lost to a wrong rate.
    pub framing_errors: u64,
    /// Bytes thrown away on demand of the host.
    pub cleared_bytes: u64,
    /// Drawer pulses.
    pub drawer: u64,
    /// Bytes received.
    pub received: u64,
}

/// The answer to GS I.
pub(super) fn identity(n: u8) -> &'static [u8] {
    match n {
        1 => &[0x20],
        // Has a cutter.
        2 => &[0x02],
        3 => &[0x10],
        65 => b"_1.00\0",
        66 => b"_JINBAN\0",
        67 => b"_SIM-80\0",
        68 => b"_SIM0000001\0",
        69 => b"_CHINA GBK\0",
        _ => &[],
    }
}

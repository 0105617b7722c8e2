//! What one model of printer does differently from the next.

use serde::{Deserialize, Serialize};

use super::Cut;
use crate::receipt::PaperWidth;
use crate::transport::FlowControl;

/// The options of a model. The default suits an unknown 80 mm printer: it takes nothing for
/// granted, so that a missing ability costs a confirmation but never a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PrinterProfile {
    /// Dots side by side.
    pub paper: PaperWidth,
    /// Who may pause whom on a serial line.
    pub flow: Flow,
    /// How it cuts.
    pub cut: Cut,
    /// Whether it answers real-time status questions (DLE EOT). Without them it counts as ready
    /// for as long as its port is open.
    pub answers_status: bool,
    /// Whether it answers the queued paper question (GS r). Without it nothing is ever confirmed.
    pub answers_queued: bool,
    /// Rows sent between two looks at the status, 1 to 128. Few rows fit even a small receive
    /// buffer, so that a printer that stops always stops between two commands.
    pub band_rows: u8,
}

/// Flow control as settings write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flow {
    /// None.
    #[default]
    None,
    /// The printer sends XOFF and XON.
    XonXoff,
    /// The CTS line.
    RtsCts,
}

impl From<Flow> for FlowControl {
    fn from(flow: Flow) -> Self {
        match flow {
            Flow::None => Self::None,
            Flow::XonXoff => Self::DeviceXonXoff,
            Flow::RtsCts => Self::RtsCts,
        }
    }
}

impl Default for PrinterProfile {
    fn default() -> Self {
        Self {
            paper: PaperWidth::Dots576,
            flow: Flow::None,
            cut: Cut::Partial,
            answers_status: true,
            answers_queued: true,
            band_rows: 24,
        }
    }
}

impl PrinterProfile {
    /// Rows of one raster command, within what every printer takes.
    pub(super) fn band(&self) -> usize {
        usize::from(self.band_rows.clamp(1, 128))
    }
}

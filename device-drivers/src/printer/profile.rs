//! What one model of printer does differently from the next.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::escpos::{Cut, CutCommand, RasterCommand};
use crate::receipt::PaperWidth;
use crate::transport::FlowControl;

/// The options of a model. The default suits an unknown 80 mm printer: it takes nothing for
/// granted, so that a missing ability costs a confirmation but never a receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrinterProfile {
    /// Dots side by side.
    pub paper: PaperWidth,
    /// Who may pause whom on a serial line.
    pub flow: Flow,
    /// Bits per second that the model is set to ex works or commonly, the likeliest first.
    pub speeds: Vec<u32>,
    /// How it cuts.
    pub cut: Cut,
    /// Which bytes make it cut.
    pub cut_command: CutCommand,
    /// Dots to feed before the cut, so that the last lines do not stay inside for the next person.
    pub head_to_cutter: u8,
    /// Which bytes carry a picture.
    pub raster: RasterCommand,
    /// Chooses the command set on models that have several (ESC y), 3 for ESC/POS.
    pub command_mode: Option<u8>,
    /// Whether it can be told not to report by itself (GS a).
    pub knows_automatic_status: bool,
    /// Whether it answers real-time status questions (DLE EOT). Without them it counts as ready
    /// for as long as its port is open.
    pub answers_status: bool,
    /// Whether it answers the queued paper question (GS r). Without it nothing is ever confirmed.
    pub answers_queued: bool,
    /// Rows sent between two looks at the status, 1 to 128. Few rows fit even a small receive
    /// buffer, so that a printer that stops always stops between two commands.
    pub band_rows: u8,
    /// How a failed job is cleared away over USB.
    pub usb_clearing: UsbClearing,
}

/// How a failed job is cleared away over USB.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UsbClearing {
    /// By SOFT_RESET of the printer class, which reaches it even when its pipe is full, and by
    /// commands.
    #[default]
    SoftReset,
    /// By commands alone, as on other lines: for firmware that a reset confuses.
    Commands,
}

/// Flow control as settings write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
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
            speeds: vec![115_200, 38_400, 19_200, 9_600],
            cut: Cut::Partial,
            cut_command: CutCommand::GsVFeed,
            // 13 mm at 203 dots per inch: the usual 12 and a little more.
            head_to_cutter: 104,
            raster: RasterCommand::GsV0,
            command_mode: None,
            knows_automatic_status: true,
            answers_status: true,
            answers_queued: true,
            band_rows: 24,
            usb_clearing: UsbClearing::default(),
        }
    }
}

impl PrinterProfile {
    /// Rows of one raster command, within what every printer takes.
    pub(super) fn band(&self) -> usize {
        usize::from(self.band_rows.clamp(1, 128))
    }

    /// Bytes of the longest raster command.
    pub(super) fn longest_command(&self) -> usize {
        self.raster.overhead() + self.paper.bytes() * self.band()
    }
}

//! What stands in a profile, and the driver's options that it becomes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::matching::{DeviceIdPattern, PortPattern, UsbPattern};
use super::quirk::{Quirk, Speeds, Within, value};
use crate::barcode_reader::{BarcodeReaderProfile, Protocol, Suffix, Trigger};
use crate::card_reader::{CardReaderProfile, UsbLayout};
use crate::printer::{Cut, CutCommand, Flow, PrinterProfile, RasterCommand, UsbClearing};
use crate::receipt::PaperWidth;
use crate::status::DeviceClass;

/// One profile: a model of device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Who it is.
    pub model: Model,
    /// How it is recognised; one rule that fits is enough. A profile without rules is only ever
    /// chosen by hand.
    #[serde(default, rename = "match")]
    pub rules: Vec<Rule>,
    /// Its class, and the options in which it departs from that class.
    pub device: Options,
}

/// Who a model is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Name of the model as it stands on the device.
    pub name: String,
    /// Who makes it.
    pub maker: String,
    /// What a technician should know before choosing this profile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// One way to recognise a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The numbers of its USB plug, `vvvv:pppp` in hexadecimal; `?` stands for any digit, `*` for
    /// any product.
    Usb(UsbPattern),
    /// What it says of itself: the IEEE 1284 string of a printer class device, or GS I.
    DeviceId(DeviceIdPattern),
    /// The name of its port; `*` stands for anything.
    Port(PortPattern),
}

/// The class of a model with its options.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Options {
    /// A reader of resident identity cards.
    CardReader(CardReaderOptions),
    /// A receipt printer.
    ReceiptPrinter(PrinterOptions),
    /// A reader of bar codes and two-dimensional codes.
    BarcodeReader(BarcodeReaderOptions),
}

impl Options {
    /// The class of device.
    pub fn class(&self) -> DeviceClass {
        match self {
            Self::CardReader(_) => DeviceClass::CardReader,
            Self::ReceiptPrinter(_) => DeviceClass::ReceiptPrinter,
            Self::BarcodeReader(_) => DeviceClass::BarcodeReader,
        }
    }
}

/// Options of a card reader.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CardReaderOptions {
    /// Bits per second that it may be set to, the likeliest first.
    pub speeds: Option<Quirk<Speeds>>,
    /// Bytes of one frame on the air, told to the module after connecting (61 FF nn).
    pub rf_frame_bytes: Option<Quirk<u8>>,
    /// Whether it answers when asked for added addresses (30 03).
    pub knows_added_addresses: Option<Quirk<bool>>,
    /// Whether it has to be asked twice before it is believed that there is no card.
    pub asks_twice: Option<Quirk<bool>>,
    /// Looks without a card after which a card that was read is gone.
    pub polls_until_gone: Option<Quirk<Within<1, 20>>>,
    /// From one look for a card to the next, in milliseconds.
    pub poll_ms: Option<Quirk<Within<50, 2000>>>,
    /// How long an answer may take to begin, in milliseconds.
    pub header_ms: Option<Quirk<Within<100, 10000>>>,
    /// How long an answer may take to be complete, in milliseconds.
    pub frame_ms: Option<Quirk<Within<500, 30000>>>,
    /// How it spreads a frame over its USB pipes.
    pub usb_layout: Option<Quirk<UsbLayout>>,
}

impl CardReaderOptions {
    /// What the driver is told.
    pub fn profile(&self) -> CardReaderProfile {
        let usual = CardReaderProfile::default();
        CardReaderProfile {
            speeds: value(self.speeds.as_ref()).map_or(usual.speeds, Into::into),
            rf_frame_bytes: value(self.rf_frame_bytes.as_ref()),
            knows_added_addresses: value(self.knows_added_addresses.as_ref())
                .unwrap_or(usual.knows_added_addresses),
            asks_twice: value(self.asks_twice.as_ref()).unwrap_or(usual.asks_twice),
            polls_until_gone: value(self.polls_until_gone.as_ref())
                .map_or(usual.polls_until_gone, Into::into),
            poll_ms: value(self.poll_ms.as_ref()).map_or(usual.poll_ms, Into::into),
            header_ms: value(self.header_ms.as_ref()).map_or(usual.header_ms, Into::into),
            frame_ms: value(self.frame_ms.as_ref()).map_or(usual.frame_ms, Into::into),
            usb_layout: value(self.usb_layout.as_ref()).unwrap_or(usual.usb_layout),
        }
    }
}

/// Options of a receipt printer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PrinterOptions {
    /// Dots side by side.
    pub paper: Option<Quirk<PaperWidth>>,
    /// Who may pause whom on a serial line.
    pub flow: Option<Quirk<Flow>>,
    /// Bits per second that it may be set to, the likeliest first.
    pub speeds: Option<Quirk<Speeds>>,
    /// How it cuts.
    pub cut: Option<Quirk<Cut>>,
    /// Which bytes make it cut.
    pub cut_command: Option<Quirk<CutCommand>>,
    /// Dots from the print head to the cutter.
    pub head_to_cutter: Option<Quirk<Within<0, 255>>>,
    /// Which bytes carry a picture.
    pub raster: Option<Quirk<RasterCommand>>,
    /// Chooses the command set (ESC y n).
    pub command_mode: Option<Quirk<u8>>,
    /// Whether it can be told not to report by itself (GS a).
    pub knows_automatic_status: Option<Quirk<bool>>,
    /// Whether it answers real-time status questions (DLE EOT).
    pub answers_status: Option<Quirk<bool>>,
    /// Whether it answers the queued paper question (GS r).
    pub answers_queued: Option<Quirk<bool>>,
    /// Rows sent between two looks at the status, 1 to 128.
    pub band_rows: Option<Quirk<Within<1, 128>>>,
    /// How a failed job is cleared away over USB.
    pub usb_clearing: Option<Quirk<UsbClearing>>,
}

impl PrinterOptions {
    /// What the driver is told.
    pub fn profile(&self) -> PrinterProfile {
        let usual = PrinterProfile::default();
        PrinterProfile {
            paper: value(self.paper.as_ref()).unwrap_or(usual.paper),
            flow: value(self.flow.as_ref()).unwrap_or(usual.flow),
            speeds: value(self.speeds.as_ref()).map_or(usual.speeds, Into::into),
            cut: value(self.cut.as_ref()).unwrap_or(usual.cut),
            cut_command: value(self.cut_command.as_ref()).unwrap_or(usual.cut_command),
            head_to_cutter: value(self.head_to_cutter.as_ref())
                .map_or(usual.head_to_cutter, Into::into),
            raster: value(self.raster.as_ref()).unwrap_or(usual.raster),
            command_mode: value(self.command_mode.as_ref()),
            knows_automatic_status: value(self.knows_automatic_status.as_ref())
                .unwrap_or(usual.knows_automatic_status),
            answers_status: value(self.answers_status.as_ref()).unwrap_or(usual.answers_status),
            answers_queued: value(self.answers_queued.as_ref()).unwrap_or(usual.answers_queued),
            band_rows: value(self.band_rows.as_ref()).map_or(usual.band_rows, Into::into),
            usb_clearing: value(self.usb_clearing.as_ref()).unwrap_or(usual.usb_clearing),
        }
    }
}

/// Options of a barcode reader.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BarcodeReaderOptions {
    /// How it speaks.
    pub protocol: Option<Quirk<Protocol>>,
    /// Bits per second that it may be set to, the likeliest first.
    pub speeds: Option<Quirk<Speeds>>,
    /// What it sends after each code.
    pub suffix: Option<Quirk<Suffix>>,
    /// Whether each code begins with an AIM identifier such as `]Q1`.
    pub aim_prefix: Option<Quirk<bool>>,
    /// Silence that ends a code too, in milliseconds.
    pub silence_ms: Option<Quirk<Within<20, 1000>>>,
    /// Who lets it look.
    pub trigger: Option<Quirk<Trigger>>,
}

impl BarcodeReaderOptions {
    /// What the driver is told.
    pub fn profile(&self) -> BarcodeReaderProfile {
        let usual = BarcodeReaderProfile::default();
        BarcodeReaderProfile {
            protocol: value(self.protocol.as_ref()).unwrap_or(usual.protocol),
            speeds: value(self.speeds.as_ref()).map_or(usual.speeds, Into::into),
            suffix: value(self.suffix.as_ref()).unwrap_or(usual.suffix),
            aim_prefix: value(self.aim_prefix.as_ref()).unwrap_or(usual.aim_prefix),
            silence_ms: value(self.silence_ms.as_ref()).map_or(usual.silence_ms, Into::into),
            trigger: value(self.trigger.as_ref()).unwrap_or(usual.trigger),
        }
    }
}

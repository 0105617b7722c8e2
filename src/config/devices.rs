//! `devices.toml`: which devices are fitted here, and how they are reached.

use std::path::{Path, PathBuf};

use super::reader::Section;
use super::rules;

/// What is fitted. A device that is not named here is not expected, so it is never reported missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Devices {
    /// 身份证阅读器.
    pub card_reader: Option<CardReader>,
    /// 凭条打印机.
    pub receipt_printer: Option<ReceiptPrinter>,
    /// 扫描仪.
    pub scanner: Option<Scanner>,
}

/// An identity card reader on a serial line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardReader {
    /// `/dev/…`, or `tcp://host:port` behind a serial server.
    pub port: String,
    /// Speed of the line.
    pub baud: Baud,
}

/// A receipt printer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptPrinter {
    /// `/dev/…`, or `tcp://host:port`.
    pub port: String,
    /// Speed of the line.
    pub baud: Baud,
    /// Printable dots in a line: 384 for 58 mm paper, 512 or 576 for 80 mm.
    pub paper_dots: u16,
    /// Who may pause whom.
    pub flow: Flow,
}

/// A scanner that SANE knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scanner {
    /// Its SANE name, or `auto` for the only one there is.
    pub device: String,
    /// Dots per inch.
    pub resolution: u16,
    /// Colours.
    pub mode: ScanMode,
    /// Folder of SANE's own configuration, where it is not the usual one.
    pub sane_config_dir: Option<PathBuf>,
}

/// Speed of a serial line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Baud {
    /// Found by trying.
    Auto,
    /// Bits per second.
    Fixed(u32),
}

/// Flow control of a serial line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// None.
    None,
    /// The device pauses us by sending XOFF.
    XonXoff,
    /// The device pauses us by the CTS line.
    RtsCts,
}

/// Colours of a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScanMode {
    /// Shades of grey: half the time, a third of the size.
    Gray,
    /// Colour: seals stay red.
    Color,
}

const BAUDS: [u32; 7] = [4800, 9600, 19_200, 38_400, 57_600, 115_200, 230_400];

const FLOWS: [(&str, Flow); 3] = [
    ("none", Flow::None),
    ("xonxoff", Flow::XonXoff),
    ("rtscts", Flow::RtsCts),
];

const SCAN_MODES: [(&str, ScanMode); 2] = [("gray", ScanMode::Gray), ("color", ScanMode::Color)];

impl Devices {
    pub(super) fn read(section: &Section<'_>, dir: &Path) -> Self {
        Self {
            card_reader: section.section("card_reader").map(|reader| CardReader {
                port: reader.text("port", &rules::port),
                baud: baud(&reader),
            }),
            receipt_printer: section
                .section("receipt_printer")
                .map(|printer| ReceiptPrinter {
                    port: printer.text("port", &rules::port),
                    baud: baud(&printer),
                    paper_dots: paper_dots(&printer),
                    flow: printer.word("flow", &FLOWS, Flow::None),
                }),
            scanner: section.section("scanner").map(|scanner| Scanner {
                device: scanner.text("device", &rules::filled),
                resolution: scanner.number("resolution", 75..=600, Some(200)) as u16,
                mode: scanner.word("mode", &SCAN_MODES, ScanMode::Color),
                sane_config_dir: scanner
                    .optional_text("sane_config_dir", &rules::filled)
                    .map(|path| dir.join(path)),
            }),
        }
    }
}

fn baud(section: &Section<'_>) -> Baud {
    let Some(value) = section.value("baud") else {
        return Baud::Auto;
    };
    if value.get_ref().as_str() == Some("auto") {
        return Baud::Auto;
    }
    let number = value
        .get_ref()
        .as_integer()
        .and_then(|number| number.as_str().parse().ok())
        .filter(|number| BAUDS.contains(number));
    number.map_or_else(
        || {
            let list: Vec<_> = BAUDS.iter().map(u32::to_string).collect();
            section.report(
                value.span(),
                format!("{} 不是常见的波特率", section.full("baud")),
                format!("请写 \"auto\"（自动），或者 {} 中的一个", list.join("、")),
            );
            Baud::Auto
        },
        Baud::Fixed,
    )
}

/// A line of dots is sent in whole bytes.
fn paper_dots(section: &Section<'_>) -> u16 {
    let dots = section.number("paper_dots", 320..=832, Some(576));
    if !dots.is_multiple_of(8) {
        section.report_here(
            format!("{} 应是8的倍数，现在是 {dots}", section.full("paper_dots")),
            "58毫米纸写 384，80毫米纸写 576",
        );
    }
    dots as u16
}

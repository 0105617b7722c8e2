//! `devices.toml`: which devices are fitted here, and how they are reached.

use std::path::{Path, PathBuf};
use std::time::Duration;

use jinban_devices::barcode_reader::BarcodeReaderConfig;
use jinban_devices::camera::{CameraConfig, CameraName};
use jinban_devices::card_reader::{self, CardReaderConfig};
use jinban_devices::page_printer::PagePrinterConfig;
use jinban_devices::printer::{self, Cut, ReceiptPrinterConfig};
use jinban_devices::profile::{Options, ProfileProblem, ProfileSet};
use jinban_devices::receipt::PaperWidth;
use jinban_devices::scanner::{ScanMode, ScannerConfig};
use jinban_devices::social_card::{SocialCardReaderConfig, WhichReader};
use jinban_devices::status::DeviceClass;

use super::reader::Section;
use super::rules;
use super::speaker::Speaker;

/// What is fitted. A device that is not named here is not expected, so it is never reported missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Devices {
    /// 身份证阅读器.
    pub card_reader: Option<CardReaderConfig>,
    /// 社保卡读卡器.
    pub social_card_reader: Option<SocialCardReaderConfig>,
    /// 凭条打印机.
    pub receipt_printer: Option<ReceiptPrinterConfig>,
    /// A4打印机.
    pub page_printer: Option<PagePrinterConfig>,
    /// 扫码器.
    pub barcode_reader: Option<BarcodeReaderConfig>,
    /// 扫描仪.
    pub scanner: Option<Scanner>,
    /// 高拍仪.
    pub camera: Option<CameraConfig>,
    /// 喇叭, for reading aloud.
    pub speaker: Option<Speaker>,
}

/// A scanner that SANE knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scanner {
    /// Which of those that SANE finds.
    pub device: ScannerName,
    /// Dots per inch.
    pub resolution: u16,
    /// Colours.
    pub mode: ScanMode,
    /// SANE's word for where the page lies, such as `ADF`; the driver's usual one when left out.
    pub source: Option<String>,
    /// How long one page may take, in seconds.
    pub timeout_s: u32,
    /// Folder of SANE's own configuration, where it is not the usual one.
    pub sane_config_dir: Option<PathBuf>,
}

/// Which scanner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScannerName {
    /// The first that is found.
    Auto,
    /// The one with this SANE name.
    Named(String),
}

impl Scanner {
    /// What the driver is told, for the device of this SANE name.
    pub fn driver_config(&self, device: &str) -> ScannerConfig {
        let source = self.source.iter();
        ScannerConfig {
            device: device.to_owned(),
            resolution: self.resolution,
            mode: self.mode,
            timeout: Duration::from_secs(self.timeout_s.into()),
            sane_config_dir: self.sane_config_dir.clone(),
            options: source.map(|s| ("source".to_owned(), s.clone())).collect(),
        }
    }
}

const BAUDS: [u32; 7] = [4800, 9600, 19_200, 38_400, 57_600, 115_200, 230_400];

const FLOWS: [(&str, printer::Flow); 3] = [
    ("none", printer::Flow::None),
    ("xonxoff", printer::Flow::XonXoff),
    ("rtscts", printer::Flow::RtsCts),
];

const CUTS: [(&str, Cut); 3] = [
    ("partial", Cut::Partial),
    ("full", Cut::Full),
    ("none", Cut::None),
];

const SCAN_MODES: [(&str, ScanMode); 2] = [("gray", ScanMode::Grey), ("color", ScanMode::Colour)];

impl Devices {
    pub(super) fn read(section: &Section<'_>, dir: &Path) -> Self {
        let models = Models::load(dir);
        Self {
            card_reader: section
                .section("card_reader")
                .map(|s| card_reader(&s, &models)),
            social_card_reader: section
                .section("social_card_reader")
                .map(|s| social_card_reader(&s)),
            receipt_printer: section
                .section("receipt_printer")
                .map(|s| receipt_printer(&s, &models)),
            page_printer: section.section("page_printer").map(|s| PagePrinterConfig {
                uri: s.text("uri", &rules::printer_uri),
            }),
            barcode_reader: section
                .section("barcode_reader")
                .map(|s| barcode_reader(&s, &models)),
            scanner: section.section("scanner").map(|s| scanner(&s, dir)),
            camera: section.section("camera").map(|s| camera(&s)),
            speaker: section.section("speaker").map(|s| Speaker::read(&s)),
        }
    }
}

/// The models that are known, shipped or added in the folder `profiles` of the configuration.
struct Models {
    known: ProfileSet,
    refused: Vec<ProfileProblem>,
}

impl Models {
    fn load(dir: &Path) -> Self {
        let (known, refused) = ProfileSet::load(&dir.join("profiles"));
        Self { known, refused }
    }

    /// What `pick` makes of the model that the section names; none if it names none.
    fn named<T>(
        &self,
        section: &Section<'_>,
        class: DeviceClass,
        pick: impl Fn(&Options) -> Option<T>,
    ) -> Option<T> {
        let value = section.value("model")?;
        let name = value.get_ref().as_str().unwrap_or_default();
        let picked = self.known.get(name).and_then(|found| pick(&found.device));
        if picked.is_none() {
            let refused = self.refused.iter().find(|problem| {
                problem.file.file_stem().and_then(|stem| stem.to_str()) == Some(name)
            });
            let names: Vec<_> = self
                .known
                .iter()
                .filter(|(_, profile)| profile.device.class() == class)
                .map(|(name, _)| name)
                .collect();
            let instead = match refused {
                Some(problem) => format!("这个机型的文件有错：{problem}"),
                None => format!("请写下面的一个：{}", names.join("、")),
            };
            let wrong = format!("{} 不是这种设备的机型", section.full("model"));
            section.report(value.span(), wrong, instead);
        }
        picked
    }
}

fn card_reader(section: &Section<'_>, models: &Models) -> CardReaderConfig {
    let profile = models.named(section, DeviceClass::CardReader, |options| match options {
        Options::CardReader(options) => Some(options.profile()),
        _ => None,
    });
    CardReaderConfig {
        port: section.text("port", &rules::card_reader_port).into(),
        baud: baud(section).map_or(card_reader::Baud::Auto, card_reader::Baud::Fixed),
        profile: profile.unwrap_or_default(),
    }
}

fn social_card_reader(section: &Section<'_>) -> SocialCardReaderConfig {
    let reader = section.text("reader", &rules::filled);
    SocialCardReaderConfig {
        reader: if reader == "auto" {
            WhichReader::First
        } else {
            WhichReader::Named(reader)
        },
    }
}

/// What is written beside the model takes the place of what the model says.
fn receipt_printer(section: &Section<'_>, models: &Models) -> ReceiptPrinterConfig {
    let profile = models.named(
        section,
        DeviceClass::ReceiptPrinter,
        |options| match options {
            Options::ReceiptPrinter(options) => Some(options.profile()),
            _ => None,
        },
    );
    let mut profile = profile.unwrap_or_default();
    profile.paper = paper(section, profile.paper);
    profile.flow = section.word("flow", &FLOWS, profile.flow);
    profile.cut = section.word("cut", &CUTS, profile.cut);
    profile.answers_status = section.boolean("answers_status", profile.answers_status);
    profile.answers_queued = section.boolean("answers_queued", profile.answers_queued);
    ReceiptPrinterConfig {
        port: section.text("port", &rules::printer_port).into(),
        baud: baud(section).map_or(printer::Baud::Auto, printer::Baud::Fixed),
        profile,
    }
}

fn barcode_reader(section: &Section<'_>, models: &Models) -> BarcodeReaderConfig {
    let profile = models.named(
        section,
        DeviceClass::BarcodeReader,
        |options| match options {
            Options::BarcodeReader(options) => Some(options.profile()),
            _ => None,
        },
    );
    BarcodeReaderConfig {
        port: section.text("port", &rules::barcode_reader_port).into(),
        baud: baud(section),
        profile: profile.unwrap_or_default(),
    }
}

fn scanner(section: &Section<'_>, dir: &Path) -> Scanner {
    let device = section.text("device", &rules::filled);
    Scanner {
        device: if device == "auto" {
            ScannerName::Auto
        } else {
            ScannerName::Named(device)
        },
        resolution: section.number("resolution", 75..=600, Some(200)) as u16,
        mode: section.word("mode", &SCAN_MODES, ScanMode::Colour),
        source: section.optional_text("source", &rules::filled),
        timeout_s: section.number("timeout_s", 10..=300, Some(60)),
        sane_config_dir: section
            .optional_text("sane_config_dir", &rules::filled)
            .map(|path| dir.join(path)),
    }
}

fn camera(section: &Section<'_>) -> CameraConfig {
    let device = section.text("device", &rules::filled);
    CameraConfig {
        timeout: Duration::from_secs(section.number("timeout_s", 5..=120, Some(20)).into()),
        ..CameraConfig::new(CameraName::from(device.as_str()))
    }
}

/// Bits per second; none means that it is found by trying.
fn baud(section: &Section<'_>) -> Option<u32> {
    let value = section.value("baud")?;
    if value.get_ref().as_str() == Some("auto") {
        return None;
    }
    let number = value
        .get_ref()
        .as_integer()
        .and_then(|number| number.as_str().parse().ok())
        .filter(|number| BAUDS.contains(number));
    if number.is_none() {
        let list: Vec<_> = BAUDS.iter().map(u32::to_string).collect();
        section.report(
            value.span(),
            format!("{} 不是常见的波特率", section.full("baud")),
            format!("请写 \"auto\"（自动），或者 {} 中的一个", list.join("、")),
        );
    }
    number
}

fn paper(section: &Section<'_>, usual: PaperWidth) -> PaperWidth {
    let widths = [
        PaperWidth::Dots384,
        PaperWidth::Dots512,
        PaperWidth::Dots576,
    ];
    let Some(value) = section.value("paper_dots") else {
        return usual;
    };
    let dots = value
        .get_ref()
        .as_integer()
        .and_then(|number| number.as_str().parse::<u32>().ok());
    let found = widths.into_iter().find(|width| Some(width.dots()) == dots);
    found.unwrap_or_else(|| {
        section.report(
            value.span(),
            format!("{} 只能是 384、512 或 576", section.full("paper_dots")),
            "58毫米纸写 384，80毫米纸一般写 576".to_owned(),
        );
        PaperWidth::Dots576
    })
}

//! The device that is meant: the one in the configuration, or one on a port that is named.

use std::path::Path;

use jinban_devices::barcode_reader::{BarcodeReaderConfig, BarcodeReaderProfile};
use jinban_devices::card_reader::{self, CardReaderConfig, CardReaderProfile};
use jinban_devices::printer::{self, PrinterProfile, ReceiptPrinterConfig};
use jinban_devices::profile::{Options, ProfileSet};

use crate::cli::args::At;
use crate::cli::config;
use crate::cli::exit::Failure;

pub(super) fn card_reader(dir: &Path, at: &At) -> Result<CardReaderConfig, Failure> {
    let profile = model(dir, at, |options| match options {
        Options::CardReader(options) => Some(options.profile()),
        _ => None,
    })?;
    let mut config = match &at.port {
        Some(port) => CardReaderConfig {
            port: port.clone(),
            baud: card_reader::Baud::Auto,
            profile: CardReaderProfile::default(),
        },
        None => config::load(dir)?
            .devices
            .card_reader
            .ok_or_else(|| not_fitted("身份证阅读器"))?,
    };
    config.profile = profile.unwrap_or(config.profile);
    if let Some(baud) = at.baud {
        config.baud = card_reader::Baud::Fixed(baud);
    }
    Ok(config)
}

pub(super) fn printer(dir: &Path, at: &At) -> Result<ReceiptPrinterConfig, Failure> {
    let profile = model(dir, at, |options| match options {
        Options::ReceiptPrinter(options) => Some(options.profile()),
        _ => None,
    })?;
    let mut config = match &at.port {
        Some(port) => ReceiptPrinterConfig {
            port: port.clone(),
            baud: printer::Baud::Auto,
            profile: PrinterProfile::default(),
        },
        None => config::load(dir)?
            .devices
            .receipt_printer
            .ok_or_else(|| not_fitted("凭条打印机"))?,
    };
    config.profile = profile.unwrap_or(config.profile);
    if let Some(baud) = at.baud {
        config.baud = printer::Baud::Fixed(baud);
    }
    Ok(config)
}

pub(super) fn barcode_reader(dir: &Path, at: &At) -> Result<BarcodeReaderConfig, Failure> {
    let profile = model(dir, at, |options| match options {
        Options::BarcodeReader(options) => Some(options.profile()),
        _ => None,
    })?;
    let mut config = match &at.port {
        Some(port) => BarcodeReaderConfig {
            port: port.clone(),
            baud: None,
            profile: BarcodeReaderProfile::default(),
        },
        None => config::load(dir)?
            .devices
            .barcode_reader
            .ok_or_else(|| not_fitted("扫码器"))?,
    };
    config.profile = profile.unwrap_or(config.profile);
    config.baud = at.baud.or(config.baud);
    Ok(config)
}

/// The options of the model that is named, if one is.
fn model<T>(
    dir: &Path,
    at: &At,
    pick: impl Fn(&Options) -> Option<T>,
) -> Result<Option<T>, Failure> {
    let Some(name) = &at.model else {
        return Ok(None);
    };
    let (profiles, problems) = ProfileSet::load(&dir.join("profiles"));
    let picked = profiles.get(name).and_then(|found| pick(&found.device));
    if picked.is_some() {
        return Ok(picked);
    }
    let refused = problems
        .iter()
        .find(|problem| problem.file.file_stem().and_then(|s| s.to_str()) == Some(name));
    let fitting: Vec<&str> = profiles
        .iter()
        .filter(|(_, profile)| pick(&profile.device).is_some())
        .map(|(name, _)| name)
        .collect();
    Err(Failure::not_well(match refused {
        Some(problem) => format!("机型 {name} 的文件有错：{problem}"),
        None => format!("{name} 不是这种设备的机型。有：{}。", fitting.join("、")),
    }))
}

fn not_fitted(what: &str) -> Failure {
    Failure::not_well(format!(
        "配置里没有{what}。要试没有写进配置的，用 --port 指明接口。"
    ))
}

//! `jinban devices`: what is fitted, how it is, and everything a technician tries on it.

mod bench;
mod probe;
mod raw;
mod self_test;
mod social_card;
mod tape;
mod trial;
mod usb;

use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

use jinban_devices::barcode_reader::BarcodeReader;
use jinban_devices::camera::{self, Camera};
use jinban_devices::card_reader::CardReader;
use jinban_devices::page_printer::PagePrinter;
use jinban_devices::printer::ReceiptPrinter;
use jinban_devices::probe::usb_devices;
use jinban_devices::profile::ProfileSet;
use jinban_devices::scanner::{self, FoundScanner, ScanError};
use jinban_devices::status::{DeviceState, DeviceStatus, Fault, FaultKind};
use serde_json::{Value, json};
use tokio::sync::watch;

use super::args::Devices;
use super::exit::{Exit, Failure, Output};
use super::{config, status_words};
use crate::config::{Devices as Fitted, Scanner, ScannerName};
use crate::speech::{Engine, Machine, Unavailable};

/// Finding the speed of a line by trying takes the longest.
const ANSWERING: Duration = Duration::from_secs(25);

pub(super) async fn run(args: Devices, config_dir: &Path) -> Result<Output, Failure> {
    match args {
        Devices::List { json } => {
            list(&config::load(config_dir)?.devices, config_dir, json.json).await
        }
        Devices::Status { json } => status(&config::load(config_dir)?.devices, json.json).await,
        Devices::ReadCard {
            social: true,
            wait,
            json,
            ..
        } => {
            let config = config::load(config_dir)?.devices.social_card_reader;
            let config = config.unwrap_or_default();
            social_card::read(config, wait, json.json).await
        }
        Devices::ReadCard { wait, at, json, .. } => {
            let config = bench::card_reader(config_dir, &at)?;
            trial::read_card(config.opener(), config, wait, json.json).await
        }
        Devices::ReadCode { wait, at, json } => {
            let config = bench::barcode_reader(config_dir, &at)?;
            trial::read_code(config.opener(), config, wait, json.json).await
        }
        Devices::PrintTest { a4: true, json, .. } => {
            let config = config::load(config_dir)?.devices.page_printer;
            let config = config.ok_or_else(|| Failure::not_well("配置里没有A4打印机。"))?;
            trial::print_test_page(config, json.json).await
        }
        Devices::PrintTest { at, json, .. } => {
            let config = bench::printer(config_dir, &at)?;
            trial::print_test(config.opener(), config, json.json).await
        }
        Devices::Scan {
            out,
            device,
            camera: true,
            json,
        } => trial::photograph(config_dir, device, &out, json.json).await,
        Devices::Scan {
            out,
            device,
            camera: false,
            json,
        } => trial::scan(config_dir, device, &out, json.json).await,
        Devices::Probe { port, json } => probe::run(config_dir, port, json.json),
        Devices::Raw {
            port,
            baud,
            wait,
            bytes,
            json,
        } => raw::run(&port, baud, Duration::from_millis(wait), &bytes, json.json),
        Devices::SelfTest {
            history: true,
            json,
            ..
        } => self_test::history(config_dir, json.json),
        Devices::SelfTest { at, json, .. } => self_test::run(config_dir, &at, json.json).await,
        Devices::Record {
            work,
            out,
            wait,
            at,
            json,
        } => tape::record(config_dir, work, &out, wait, &at, json.json).await,
        Devices::Replay {
            recording,
            model,
            json,
        } => tape::replay(config_dir, &recording, model, json.json).await,
    }
}

async fn list(devices: &Fitted, config_dir: &Path, json: bool) -> Result<Output, Failure> {
    let ports = serial_ports();
    let plugged = usb_devices();
    let (profiles, _) = ProfileSet::load(&config_dir.join("profiles"));
    let sane_config_dir = devices
        .scanner
        .as_ref()
        .and_then(|scanner| scanner.sane_config_dir.as_deref());
    let found = scanner::list(sane_config_dir).await;
    let cameras = camera::list();
    let chip_card_readers = jinban_devices::social_card::readers();
    let name = |configured: Option<&Path>| configured.map(|path| path.display().to_string());
    let card_reader = name(devices.card_reader.as_ref().map(|d| d.port.as_path()));
    let printer = name(devices.receipt_printer.as_ref().map(|d| d.port.as_path()));
    let barcode_reader = name(devices.barcode_reader.as_ref().map(|d| d.port.as_path()));
    let scanner = devices
        .scanner
        .as_ref()
        .map(|scanner| match &scanner.device {
            ScannerName::Auto => "auto".to_owned(),
            ScannerName::Named(name) => name.clone(),
        });
    if json {
        return Output::json(&json!({
            "configured": {
                "card_reader": card_reader,
                "receipt_printer": printer,
                "barcode_reader": barcode_reader,
                "scanner": scanner,
            },
            "serial_ports": ports,
            "cameras": cameras,
            "usb": usb::json(&plugged, &profiles),
            "chip_card_readers": chip_card_readers.as_ref().map_or(&[][..], Vec::as_slice),
            "scanners": found.as_ref().map_or(&[][..], Vec::as_slice),
        }));
    }
    let or_none = |name: Option<String>| name.unwrap_or_else(|| "没有装".to_owned());
    let mut text = format!(
        "配置里的设备：\n  身份证阅读器  {}\n  凭条打印机    {}\n  扫码器        {}\n  扫描仪        {}\n",
        or_none(card_reader),
        or_none(printer),
        or_none(barcode_reader),
        or_none(scanner)
    );
    text.push_str("\n找到的串口：\n");
    push_lines(&mut text, ports.iter().cloned());
    text.push('\n');
    usb::describe(&mut text, &plugged, &profiles);
    text.push_str("\n找到的插卡读卡器：\n");
    match chip_card_readers {
        Ok(readers) => push_lines(&mut text, readers.into_iter()),
        Err(fault) => push_lines(&mut text, [status_words::fault(&fault)].into_iter()),
    }
    text.push_str("\n找到的扫描仪：\n");
    match found {
        Ok(found) => push_lines(
            &mut text,
            found
                .iter()
                .map(|f| format!("{}  {} {}", f.device, f.vendor, f.model)),
        ),
        Err(error) => push_lines(&mut text, [explain_scan(&error)].into_iter()),
    }
    text.push_str("\n找到的高拍仪、摄像头：\n");
    push_lines(
        &mut text,
        cameras
            .iter()
            .map(|found| format!("{}  {}", found.path.display(), found.name)),
    );
    Ok(Output::text(text))
}

fn push_lines(text: &mut String, lines: impl Iterator<Item = String>) {
    let before = text.len();
    for line in lines {
        let _ = writeln!(text, "  {line}");
    }
    if text.len() == before {
        text.push_str("  没有\n");
    }
}

/// Names that stay the same wherever the plug is put.
fn serial_ports() -> Vec<String> {
    let mut ports: Vec<String> = std::fs::read_dir("/dev/serial/by-id")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().display().to_string()))
        .collect();
    ports.sort();
    ports
}

/// A device as it was found.
struct Seen {
    key: &'static str,
    name: &'static str,
    port: String,
    status: DeviceStatus,
}

async fn status(devices: &Fitted, json: bool) -> Result<Output, Failure> {
    // All at once: the slowest decides how long it takes.
    let (card_reader, social_card_reader, printer, page_printer, barcode_reader, scanner, camera) = tokio::join!(
        card_reader_status(devices),
        social_card::status(devices),
        printer_status(devices),
        page_printer_status(devices),
        barcode_reader_status(devices),
        scanner_status(devices.scanner.as_ref()),
        camera_status(devices),
    );
    let speaker = speaker_status(devices);
    let seen: Vec<Seen> = [
        card_reader,
        social_card_reader,
        printer,
        page_printer,
        barcode_reader,
        scanner,
        camera,
        speaker,
    ]
    .into_iter()
    .flatten()
    .collect();
    let well = seen.iter().all(|device| device.status.is_usable());
    let exit = if well { Exit::Well } else { Exit::NotWell };
    if json {
        let all: serde_json::Map<String, Value> = seen
            .iter()
            .map(|device| {
                let value = json!({ "port": device.port, "status": device.status });
                (device.key.to_owned(), value)
            })
            .collect();
        return Ok(Output::json(&all)?.ending(exit));
    }
    if seen.is_empty() {
        return Ok(Output::text("配置里没有设备。\n"));
    }
    let mut text = String::new();
    for Seen {
        name, port, status, ..
    } in &seen
    {
        let mark = if status.is_usable() { "●" } else { "▲" };
        let _ = writeln!(
            text,
            "{mark} {name}（{port}）：{}",
            status_words::status(status)
        );
    }
    Ok(Output::text(text).ending(exit))
}

async fn card_reader_status(devices: &Fitted) -> Option<Seen> {
    let config = devices.card_reader.clone()?;
    let port = config.port.display().to_string();
    let reader = CardReader::open(config);
    Some(Seen {
        key: "card_reader",
        name: "身份证阅读器",
        port,
        status: settled(reader.status()).await,
    })
}

async fn printer_status(devices: &Fitted) -> Option<Seen> {
    let config = devices.receipt_printer.clone()?;
    let port = config.port.display().to_string();
    let printer = ReceiptPrinter::open(config);
    Some(Seen {
        key: "receipt_printer",
        name: "凭条打印机",
        port,
        status: settled(printer.status()).await,
    })
}

async fn page_printer_status(devices: &Fitted) -> Option<Seen> {
    let config = devices.page_printer.clone()?;
    let port = config.uri.clone();
    let printer = PagePrinter::open(config);
    Some(Seen {
        key: "page_printer",
        name: "A4打印机",
        port,
        status: settled(printer.status()).await,
    })
}

async fn barcode_reader_status(devices: &Fitted) -> Option<Seen> {
    let config = devices.barcode_reader.clone()?;
    let port = config.port.display().to_string();
    let reader = BarcodeReader::open(config);
    Some(Seen {
        key: "barcode_reader",
        name: "扫码器",
        port,
        status: settled(reader.status()).await,
    })
}

async fn scanner_status(config: Option<&Scanner>) -> Option<Seen> {
    let config = config?;
    let (port, status) = match resolve(config).await {
        Err(error) => ("auto".to_owned(), scan_status(&error)),
        Ok(None) => ("auto".to_owned(), missing_scanner()),
        Ok(Some(device)) => {
            let scanner = scanner::Scanner::open(config.driver_config(&device));
            let status = match scanner.check().await {
                Ok(()) => DeviceStatus::new(DeviceState::Online, None),
                Err(error) => scan_status(&error),
            };
            (device, status)
        }
    };
    Some(Seen {
        key: "scanner",
        name: "扫描仪",
        port,
        status,
    })
}

async fn camera_status(devices: &Fitted) -> Option<Seen> {
    let config = devices.camera.clone()?;
    let port = config.device.to_string();
    let camera = Camera::open(config);
    // How it went stands in its status.
    let _ = camera.check().await;
    let status = camera.status().borrow().clone();
    Some(Seen {
        key: "camera",
        name: "高拍仪",
        port,
        status,
    })
}

/// What it is that speaks, or why nothing does: the button is then not on the screen.
fn speaker_status(devices: &Fitted) -> Option<Seen> {
    let config = devices.speaker.as_ref()?;
    let (port, status) = match Engine::find(config, &Machine::this()) {
        Ok(engine) => (
            engine.program().display().to_string(),
            DeviceStatus::new(DeviceState::Online, None),
        ),
        Err(missing) => {
            let kind = match missing {
                Unavailable::NotInstalled { .. } => FaultKind::Other,
                Unavailable::NoSoundDevice { .. } => FaultKind::PortMissing,
                Unavailable::NotPermitted { .. } => FaultKind::PermissionDenied,
            };
            let fault = Fault::new(kind, missing.to_string());
            ("auto".to_owned(), DeviceStatus::faulty(fault))
        }
    };
    Some(Seen {
        key: "speaker",
        name: "喇叭",
        port,
        status,
    })
}

/// The SANE name to use; none when there is no scanner at all.
async fn resolve(config: &Scanner) -> Result<Option<String>, ScanError> {
    match &config.device {
        ScannerName::Named(name) => Ok(Some(name.clone())),
        ScannerName::Auto => {
            let found: Vec<FoundScanner> = scanner::list(config.sane_config_dir.as_deref()).await?;
            Ok(found.into_iter().next().map(|found| found.device))
        }
    }
}

fn scan_status(error: &ScanError) -> DeviceStatus {
    match error.fault() {
        Some(fault) => DeviceStatus::faulty(fault),
        None => DeviceStatus::new(DeviceState::Online, None),
    }
}

fn missing_scanner() -> DeviceStatus {
    DeviceStatus::faulty(Fault::new(FaultKind::PortMissing, "no SANE device"))
}

fn explain_scan(error: &ScanError) -> String {
    let what = status_words::scan_error(error.kind);
    format!("{what}。{}（{}）", status_words::who(error.act), error.raw)
}

/// The first status that says more than that nobody knows yet.
async fn settled(mut status: watch::Receiver<DeviceStatus>) -> DeviceStatus {
    let known = |status: &DeviceStatus| status.state != DeviceState::Starting;
    // Either it is known now or the time is up: what is there is the answer.
    tokio::time::timeout(ANSWERING, status.wait_for(known))
        .await
        .map(drop)
        .ok();
    status.borrow().clone()
}

//! A test that each device makes of itself, with its date.

use std::fmt::Write;
use std::path::Path;

use jinban_devices::barcode_reader::BarcodeReader;
use jinban_devices::card_reader::CardReader;
use jinban_devices::printer::ReceiptPrinter;
use jinban_devices::profile::ProfileSet;
use jinban_devices::social_card::SocialCardReader;
use jinban_devices::status::{DeviceClass, DeviceStatus};
use jinban_devices::supervisor::{SelfTest, Supervisor, self_tests_in};
use serde_json::{Value, json};

use super::{ANSWERING, bench};
use crate::cli::args::At;
use crate::cli::exit::{Exit, Failure, Output};
use crate::cli::{config, status_words};
use crate::filing::local_number::time_in_china;
use crate::peripherals::self_test_file;

/// A device under test; kept open for as long as that takes.
enum Device {
    CardReader(CardReader),
    Printer(ReceiptPrinter),
    BarcodeReader(BarcodeReader),
    SocialCardReader(SocialCardReader),
}

impl Device {
    fn open(class: DeviceClass, dir: &Path, at: &At) -> Result<Self, Failure> {
        Ok(match class {
            DeviceClass::CardReader => {
                Self::CardReader(CardReader::open(bench::card_reader(dir, at)?))
            }
            DeviceClass::BarcodeReader => {
                Self::BarcodeReader(BarcodeReader::open(bench::barcode_reader(dir, at)?))
            }
            DeviceClass::SocialCardReader => {
                let config = config::load(dir)?.devices.social_card_reader;
                Self::SocialCardReader(SocialCardReader::open(config.unwrap_or_default()))
            }
            DeviceClass::ReceiptPrinter | DeviceClass::Scanner | DeviceClass::Camera => {
                Self::Printer(ReceiptPrinter::open(bench::printer(dir, at)?))
            }
        })
    }

    fn supervisor(&self) -> &Supervisor {
        match self {
            Self::CardReader(device) => device.supervisor(),
            Self::Printer(device) => device.supervisor(),
            Self::BarcodeReader(device) => device.supervisor(),
            Self::SocialCardReader(device) => device.supervisor(),
        }
    }

    /// The first test, or the status in which none was made.
    async fn tested(&self) -> Result<SelfTest, DeviceStatus> {
        let supervisor = self.supervisor();
        let test = async {
            loop {
                if let Some(test) = supervisor.self_tests().pop() {
                    return test;
                }
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(ANSWERING, test)
            .await
            .map_err(|_| supervisor.status().borrow().clone())
    }
}

pub(super) async fn run(dir: &Path, at: &At, json: bool) -> Result<Output, Failure> {
    let mut text = String::new();
    let mut all = Vec::new();
    let mut well = true;
    for class in classes(dir, at)? {
        let device = Device::open(class, dir, at)?;
        if at.port.is_none() {
            keep(dir, class, device.supervisor())?;
        }
        let tested = device.tested().await;
        let name = name(class);
        well &= matches!(&tested, Ok(SelfTest { fault: None, .. }));
        let _ = match &tested {
            Ok(SelfTest {
                at, fault: None, ..
            }) => writeln!(text, "● {name}：{at} 自检，正常"),
            Ok(SelfTest {
                at,
                fault: Some(kind),
                ..
            }) => {
                let words = status_words::fault_kind(*kind);
                writeln!(text, "▲ {name}：{at} 自检，{words}")
            }
            Err(status) => writeln!(
                text,
                "▲ {name}：没有做成自检，{}",
                status_words::status(status)
            ),
        };
        let value: Value = match &tested {
            Ok(result) => json!({ "class": class, "self_test": result }),
            Err(status) => json!({ "class": class, "status": status }),
        };
        all.push(value);
    }
    let exit = if well { Exit::Well } else { Exit::NotWell };
    if json {
        return Ok(Output::json(&all)?.ending(exit));
    }
    if text.is_empty() {
        text.push_str("配置里没有能自检的设备。\n");
    }
    Ok(Output::text(text).ending(exit))
}

/// Keeps the results where the terminal does; without the terminal's folder, nowhere.
fn keep(dir: &Path, class: DeviceClass, supervisor: &Supervisor) -> Result<(), Failure> {
    let data = config::load(dir)?.data_dir;
    if data.is_dir() {
        supervisor.keep_self_tests_in(&self_test_file(&data, class));
    }
    Ok(())
}

/// What earlier tests found, of the devices that are fitted.
pub(super) fn history(dir: &Path, json: bool) -> Result<Output, Failure> {
    let data = config::load(dir)?.data_dir;
    let mut text = String::new();
    let mut all = Vec::new();
    for class in classes(dir, &At::default())? {
        let file = self_test_file(&data, class);
        let tests = self_tests_in(&file).map_err(|error| {
            Failure::unavailable(format!("{} 读不出来：{error}", file.display()))
        })?;
        let _ = writeln!(text, "{}", name(class));
        if tests.is_empty() {
            text.push_str("  还没有自检过。\n");
        }
        for SelfTest { at, fault, .. } in &tests {
            let at = time_in_china(*at).strftime("%Y-%m-%d %H:%M");
            let found = fault.map_or("正常", status_words::fault_kind);
            let mark = if fault.is_none() { "●" } else { "▲" };
            let _ = writeln!(text, "  {mark} {at}  {found}");
        }
        all.push(json!({ "class": class, "self_tests": tests }));
    }
    if json {
        return Output::json(&all);
    }
    if text.is_empty() {
        text.push_str("配置里没有能自检的设备。\n");
    }
    Ok(Output::text(text))
}

fn name(class: DeviceClass) -> &'static str {
    match class {
        DeviceClass::CardReader => "身份证阅读器",
        DeviceClass::ReceiptPrinter => "凭条打印机",
        DeviceClass::SocialCardReader => "社保卡读卡器",
        DeviceClass::BarcodeReader => "扫码器",
        DeviceClass::Scanner => "扫描仪",
        DeviceClass::Camera => "高拍仪",
    }
}

/// Those that are fitted, or the one whose model is named.
fn classes(dir: &Path, at: &At) -> Result<Vec<DeviceClass>, Failure> {
    if at.port.is_none() {
        let devices = config::load(dir)?.devices;
        let fitted = [
            devices.card_reader.map(|_| DeviceClass::CardReader),
            devices.receipt_printer.map(|_| DeviceClass::ReceiptPrinter),
            devices.barcode_reader.map(|_| DeviceClass::BarcodeReader),
            devices
                .social_card_reader
                .map(|_| DeviceClass::SocialCardReader),
        ];
        return Ok(fitted.into_iter().flatten().collect());
    }
    let (profiles, _) = ProfileSet::load(&dir.join("profiles"));
    at.model
        .as_deref()
        .and_then(|name| profiles.get(name))
        .map(|profile| vec![profile.device.class()])
        .ok_or_else(|| {
            Failure::not_well(
                "用 --port 指明接口时，还要用 --model 说是什么设备；不知道的，先用 jinban devices probe 看。",
            )
        })
}

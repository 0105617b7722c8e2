//! What is at the ports of this machine, known or not, and which model to write.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use jinban_devices::barcode_reader::Protocol;
use jinban_devices::probe::{
    Found, Probed, SPEEDS, UsbDevice, in_hex, probe, serial_ports, sighting, usb_devices,
};
use jinban_devices::profile::{Options, ProfileSet, Reason, Sighting, Suggestion};
use jinban_devices::status::DeviceStatus;
use jinban_devices::transport::{FlowControl, PortError, opener};
use serde_json::json;

use crate::cli::exit::{Exit, Failure, Output};
use crate::cli::{config, say, status_words};

/// One port, asked or not to be had.
struct Seen {
    port: PathBuf,
    sighting: Sighting,
    probed: Result<Probed, PortError>,
    suggestions: Vec<Suggestion>,
}

pub(super) fn run(dir: &Path, port: Option<PathBuf>, json: bool) -> Result<Output, Failure> {
    let (profiles, problems) = ProfileSet::load(&dir.join("profiles"));
    let usb = usb_devices();
    let ports = port.map_or_else(|| all_ports(dir), |port| vec![port]);
    let seen: Vec<Seen> = ports
        .into_iter()
        .map(|port| {
            say(&format!("正在问 {} …", port.display()));
            look(port, &profiles)
        })
        .collect();
    let any = seen
        .iter()
        .any(|s| matches!(&s.probed, Ok(p) if p.found.is_some()));
    let exit = if any { Exit::Well } else { Exit::NotWell };
    if json {
        let value = json!({
            "usb": usb.iter().map(|device| json!({
                "id": device.id.to_string(),
                "name": device.name,
                "plug": device.plug,
                "suggestions": suggest_usb(&profiles, device),
            })).collect::<Vec<_>>(),
            "ports": seen.iter().map(|s| json!({
                "port": s.port,
                "sighting": s.sighting,
                "probed": s.probed.as_ref().ok(),
                "fault": s.probed.as_ref().err().map(PortError::fault),
                "suggestions": s.suggestions,
            })).collect::<Vec<_>>(),
            "refused_profiles": problems.iter().map(ToString::to_string).collect::<Vec<_>>(),
        });
        return Ok(Output::json(&value)?.ending(exit));
    }
    let mut text = String::from("USB 上的设备：\n");
    if usb.is_empty() {
        text.push_str("  没有（或者这台机器没有 USB）\n");
    }
    for device in &usb {
        let _ = writeln!(text, "  {}  {}  {}", device.id, device.plug, device.name);
        suggest(&mut text, &suggest_usb(&profiles, device));
    }
    text.push_str("\n串口：\n");
    if seen.is_empty() {
        text.push_str("  没有。知道接口的，用 --port 指明。\n");
    }
    for seen in &seen {
        describe(&mut text, seen);
    }
    for problem in problems {
        let _ = writeln!(text, "\n机型文件有错，没有用它：{problem}");
    }
    Ok(Output::text(text).ending(exit))
}

/// Those that the machine has, and those that the configuration names.
fn all_ports(dir: &Path) -> Vec<PathBuf> {
    let mut ports = serial_ports();
    // Without a configuration there is nothing to add.
    if let Ok(config) = config::load(dir) {
        let devices = config.devices;
        let named = [
            devices.card_reader.map(|d| d.port),
            devices.receipt_printer.map(|d| d.port),
            devices.barcode_reader.map(|d| d.port),
        ];
        ports.extend(named.into_iter().flatten());
    }
    let mut seen = Vec::new();
    ports.retain(|port| {
        let node = std::fs::canonicalize(port).unwrap_or_else(|_| port.clone());
        let fresh = !seen.contains(&node);
        seen.push(node);
        fresh
    });
    ports
}

fn look(port: PathBuf, profiles: &ProfileSet) -> Seen {
    let mut sighting = sighting(&port);
    let network = port.to_string_lossy().starts_with("tcp:");
    let speeds = if network { &SPEEDS[..1] } else { &SPEEDS };
    let probed = opener(&port, SPEEDS[0], FlowControl::None)()
        .and_then(|mut stream| probe(&mut stream, speeds));
    let mut suggestions = Vec::new();
    if let Ok(probed) = &probed {
        sighting.device_id.clone_from(&probed.device_id);
        suggestions = profiles.suggest(&sighting);
        if let Some(found) = probed.found {
            let fits = |s: &Suggestion| {
                let profile = profiles.get(&s.profile);
                profile.is_some_and(|profile| belongs(&profile.device, found))
            };
            // What it answered weighs more than what it is called.
            suggestions.retain(fits);
            if suggestions.is_empty() {
                let profile = usual(found).to_owned();
                let reason = Reason::Answer;
                suggestions.push(Suggestion { profile, reason });
            }
        }
    }
    Seen {
        port,
        sighting,
        probed,
        suggestions,
    }
}

fn belongs(device: &Options, found: Found) -> bool {
    match (device, found) {
        (Options::CardReader(_), Found::CardReader)
        | (Options::ReceiptPrinter(_), Found::Printer) => true,
        (Options::BarcodeReader(options), Found::BarcodeReader(protocol)) => {
            options.profile().protocol == protocol
        }
        _ => false,
    }
}

/// The profile of its kind when nothing tells the model.
fn usual(found: Found) -> &'static str {
    match found {
        Found::CardReader => "sam-v",
        Found::Printer => "generic-80mm",
        Found::BarcodeReader(Protocol::Gm65) => "grow-gm65",
        Found::BarcodeReader(Protocol::Newland) => "newland-nls",
        Found::BarcodeReader(Protocol::Ssi) => "zebra-ssi",
        Found::BarcodeReader(Protocol::Plain | Protocol::Honeywell) => "generic-barcode",
    }
}

fn suggest_usb(profiles: &ProfileSet, device: &UsbDevice) -> Vec<Suggestion> {
    profiles.suggest(&Sighting {
        usb: Some(device.id),
        ..Sighting::default()
    })
}

fn describe(text: &mut String, seen: &Seen) {
    let usb = seen
        .sighting
        .usb
        .map_or_else(String::new, |id| format!("  USB {id}"));
    let _ = writeln!(text, "  {}{usb}", seen.port.display());
    let probed = match &seen.probed {
        Ok(probed) => probed,
        Err(error) => {
            let status = DeviceStatus::faulty(error.fault());
            let _ = writeln!(text, "    {}", status_words::status(&status));
            return;
        }
    };
    let _ = match (probed.found, probed.baud) {
        (Some(found), Some(baud)) => writeln!(text, "    是{}，速度 {baud}", name(found)),
        _ => writeln!(
            text,
            "    不认识：问了 {} 句，听得懂的回答一句也没有。只会送文字的扫码器也是这样。",
            probed.asked
        ),
    };
    if let Some(id) = &probed.device_id {
        let _ = writeln!(text, "    自己说是 {} {}", id.maker, id.model);
    }
    for exchange in &probed.answers {
        let _ = writeln!(
            text,
            "    {:>6}  问 {}\n            答 {}",
            exchange.baud,
            in_hex(&exchange.sent),
            in_hex(&exchange.heard)
        );
    }
    suggest(text, &seen.suggestions);
}

fn name(found: Found) -> String {
    match found {
        Found::CardReader => "身份证阅读器".to_owned(),
        Found::Printer => "凭条打印机".to_owned(),
        Found::BarcodeReader(protocol) => format!("扫码器（{protocol:?}）"),
    }
}

fn suggest(text: &mut String, suggestions: &[Suggestion]) {
    for Suggestion { profile, reason } in suggestions {
        let why = match reason {
            Reason::Port(port) => format!("接口叫 {port}"),
            Reason::UsbFamily(id) => format!("USB 号 {id} 是这一家的"),
            Reason::Usb(id) => format!("USB 号正是 {id}"),
            Reason::DeviceId(id) => format!("它自己说是 {id}"),
            Reason::Answer => "回答是这一类的，型号不知道".to_owned(),
        };
        let _ = writeln!(text, "    可以写 model = \"{profile}\"：{why}");
    }
}

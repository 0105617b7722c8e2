//! What is at the ports of this machine, known or not, and which model to write.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use jinban_devices::barcode_reader::Protocol;
use jinban_devices::card_reader::{Baud, CardReaderConfig};
use jinban_devices::probe::{
    Found, Probed, SPEEDS, UsbDevice, UsbUse, in_hex, probe, serial_ports, sighting, usb_devices,
};
use jinban_devices::profile::{Options, ProfileSet, Reason, Sighting, Suggestion};
use jinban_devices::status::DeviceStatus;
use jinban_devices::transport::{Address, FlowControl, Opener, PortError, opener};
use serde_json::json;

use super::usb;
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
    let found = usb_devices();
    let ports = port.map_or_else(|| all_ports(dir, &found, &profiles), |port| vec![port]);
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
            "usb": usb::json(&found, &profiles),
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
    let mut text = String::new();
    usb::describe(&mut text, &found, &profiles);
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

/// Those that the machine has, and those that the configuration names. Of other USB devices only
/// printers are asked, and those whose number is known: to a stranger any bytes may mean anything.
fn all_ports(dir: &Path, found: &[UsbDevice], profiles: &ProfileSet) -> Vec<PathBuf> {
    let mut ports = serial_ports();
    for device in found {
        let known = !device.suggestions(profiles).is_empty();
        let asked = usb::addresses(device, found)
            .into_iter()
            .filter(|(what, _)| match what {
                UsbUse::Printer => true,
                UsbUse::Vendor => known,
                UsbUse::Serial(_) | UsbUse::Reports | UsbUse::Keyboard => false,
            });
        ports.extend(asked.map(|(_, address)| PathBuf::from(address)));
    }
    // Without a configuration there is nothing to add.
    if let Ok(config) = config::load(dir) {
        let devices = config.devices;
        let named = [
            devices.card_reader.map(|d| d.port),
            devices.receipt_printer.map(|d| d.port),
            devices.barcode_reader.map(|d| d.port),
        ];
        // Nothing can be asked of a keyboard.
        let answers = |port: &PathBuf| !matches!(Address::parse(port), Some(Address::Keyboard(_)));
        ports.extend(named.into_iter().flatten().filter(answers));
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
    let has_speed = Address::parse(&port).is_none_or(|address| address.has_speed());
    let speeds = if has_speed { &SPEEDS } else { &SPEEDS[..1] };
    let probed =
        connection(&port, &sighting, profiles)().and_then(|mut stream| probe(&mut stream, speeds));
    let mut suggestions = Vec::new();
    if let Ok(probed) = &probed {
        if probed.device_id.is_some() {
            sighting.device_id.clone_from(&probed.device_id);
        }
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

/// What opens the port. A card reader on USB spreads its frames over several pipes.
fn connection(port: &Path, sighting: &Sighting, profiles: &ProfileSet) -> Opener {
    let card_reader = profiles.suggest(sighting).iter().find_map(|suggestion| {
        match &profiles.get(&suggestion.profile)?.device {
            Options::CardReader(options) => Some(options.profile()),
            _ => None,
        }
    });
    match card_reader {
        Some(profile) => CardReaderConfig {
            port: port.to_owned(),
            baud: Baud::Fixed(SPEEDS[0]),
            profile,
        }
        .opener(),
        None => opener(port, SPEEDS[0], FlowControl::None),
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
        Found::BarcodeReader(Protocol::HidPos) => "generic-hid-pos",
        Found::BarcodeReader(Protocol::Plain | Protocol::Honeywell) => "generic-barcode",
    }
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
    usb::suggest(text, &seen.suggestions);
}

fn name(found: Found) -> String {
    match found {
        Found::CardReader => "身份证阅读器".to_owned(),
        Found::Printer => "凭条打印机".to_owned(),
        Found::BarcodeReader(protocol) => format!("扫码器（{protocol:?}）"),
    }
}

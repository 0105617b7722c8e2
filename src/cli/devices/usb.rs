//! What is plugged into USB, known or not, how to write each, and which model fits.

use std::fmt::Write;

use jinban_devices::probe::{UsbDevice, UsbUse};
use jinban_devices::profile::{ProfileSet, Reason, Suggestion};
use serde_json::{Value, json};

/// Every address of a device that could stand in the configuration, and what it is used as.
pub(super) fn addresses(device: &UsbDevice, all: &[UsbDevice]) -> Vec<(UsbUse, String)> {
    let twins = all.iter().filter(|other| other.id == device.id).count() > 1;
    let uses = device.uses.iter();
    uses.map(|what| (what.clone(), device.address(what, twins)))
        .collect()
}

pub(super) fn json(devices: &[UsbDevice], profiles: &ProfileSet) -> Value {
    let one = |device: &UsbDevice| {
        let addresses: Vec<String> = addresses(device, devices)
            .into_iter()
            .map(|(_, address)| address)
            .collect();
        json!({
            "id": device.id.to_string(),
            "name": device.name,
            "serial": device.serial,
            "plug": device.plug,
            "uses": device.uses,
            "addresses": addresses,
            "device_id": device.device_id,
            "suggestions": device.suggestions(profiles),
        })
    };
    devices.iter().map(one).collect()
}

pub(super) fn describe(text: &mut String, devices: &[UsbDevice], profiles: &ProfileSet) {
    text.push_str("USB 上的设备：\n");
    if devices.is_empty() {
        text.push_str("  没有（或者这台机器没有 USB）\n");
    }
    for device in devices {
        let _ = writeln!(text, "  {}  {}  {}", device.id, device.plug, device.name);
        if let Some(id) = &device.device_id {
            let _ = writeln!(text, "    自己说是 {} {}", id.maker, id.model);
        }
        for (what, address) in addresses(device, devices) {
            let _ = writeln!(text, "    {}：port = \"{address}\"", name(&what));
        }
        if device.uses.is_empty() {
            text.push_str("    不是终端用得上的设备\n");
        }
        suggest(text, &device.suggestions(profiles));
    }
}

fn name(what: &UsbUse) -> &'static str {
    match what {
        UsbUse::Printer => "打印机",
        UsbUse::Serial(_) => "串口",
        UsbUse::Vendor => "厂家自己的接法，身份证阅读器多是这样",
        UsbUse::Reports => "报告方式，HID-POS 扫码器是这样",
        UsbUse::Keyboard => "键盘，键盘方式的扫码器也是这样",
    }
}

/// Models to write, each with why.
pub(super) fn suggest(text: &mut String, suggestions: &[Suggestion]) {
    for Suggestion { profile, reason } in suggestions {
        let why = match reason {
            Reason::Port(port) => format!("接口叫 {port}"),
            Reason::UsbFamily(id) => format!("USB 号 {id} 是这一家的"),
            Reason::Usb(id) => format!("USB 号正是 {id}"),
            Reason::DeviceId(id) => format!("它自己说是 {id}"),
            Reason::UsbClass => "是这一类的 USB 设备，型号不知道".to_owned(),
            Reason::Answer => "回答是这一类的，型号不知道".to_owned(),
        };
        let _ = writeln!(text, "    可以写 model = \"{profile}\"：{why}");
    }
}

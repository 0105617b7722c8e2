//! USB devices that this machine has, as Linux shows them, and what each could be used for.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::ports::entries;
use crate::profile::{DeviceId, ProfileSet, Reason, Sighting, Suggestion};
use crate::transport::PortError;
use crate::transport::usb::{UsbAddress, UsbId, Which, printer_device_id};

/// A USB device, known to us or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UsbDevice {
    /// Its numbers.
    pub id: UsbId,
    /// What it calls itself; often nothing.
    pub name: String,
    /// Its serial number; often none.
    pub serial: String,
    /// Where it is plugged in, such as `1-1.2`; the same after every start.
    pub plug: String,
    /// What it offers to be used as, likeliest first.
    pub uses: Vec<UsbUse>,
    /// What it says of itself, where the kernel has asked it.
    pub device_id: Option<DeviceId>,
}

/// How a USB device can be used.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum UsbUse {
    /// A printer of the printer class.
    Printer,
    /// A serial port, under this name.
    Serial(PathBuf),
    /// Pipes of the vendor's own, as card readers have.
    Vendor,
    /// Reports, as bar code readers send that do not type.
    Reports,
    /// A keyboard, which some bar code readers pretend to be.
    Keyboard,
}

impl UsbDevice {
    /// Profiles that fit, with the reason for each; where only its class is known, the usual one.
    pub fn suggestions(&self, profiles: &ProfileSet) -> Vec<Suggestion> {
        let found = profiles.suggest(&Sighting {
            usb: Some(self.id),
            device_id: self.device_id.clone(),
            ..Sighting::default()
        });
        if !found.is_empty() {
            return found;
        }
        let usual = match self.uses.first() {
            Some(UsbUse::Printer) => "generic-80mm",
            Some(UsbUse::Reports) => "generic-hid-pos",
            // Anything may be behind a serial port or pipes, and a keyboard is mostly a keyboard.
            Some(UsbUse::Serial(_) | UsbUse::Vendor | UsbUse::Keyboard) | None => return found,
        };
        vec![Suggestion {
            profile: usual.to_owned(),
            reason: Reason::UsbClass,
        }]
    }

    /// The address to write into the configuration for this use. `twins` says that another device
    /// has the same numbers.
    pub fn address(&self, as_what: &UsbUse, twins: bool) -> String {
        let scheme = match as_what {
            UsbUse::Serial(port) => return port.display().to_string(),
            UsbUse::Keyboard => "keyboard",
            UsbUse::Printer | UsbUse::Vendor | UsbUse::Reports => "usb",
        };
        let which = if twins {
            Which::Plug(self.plug.clone())
        } else {
            Which::Any
        };
        let address = UsbAddress { id: self.id, which };
        format!("{scheme}:{address}")
    }
}

/// Asks a printer-class device who it is, without taking it from whatever uses it.
///
/// # Errors
/// It is not there, may not be opened, or is no printer.
pub fn device_id_of(address: &UsbAddress) -> Result<DeviceId, PortError> {
    printer_device_id(address).map(|text| DeviceId::parse(&text))
}

/// All USB devices. A machine without a USB bus has none, which is no error.
pub fn usb_devices() -> Vec<UsbDevice> {
    usb_devices_in(Path::new("/sys/bus/usb/devices"))
}

fn usb_devices_in(folder: &Path) -> Vec<UsbDevice> {
    let mut found: Vec<UsbDevice> = entries(folder)
        .filter_map(|device| {
            let id = usb_id(&device)?;
            // Hubs, those of the machine itself and others, are nobody's device.
            if id.vendor == 0x1D6B || word(&device, "bDeviceClass") == "09" {
                return None;
            }
            let name = format!(
                "{} {}",
                word(&device, "manufacturer"),
                word(&device, "product")
            );
            let interfaces: Vec<PathBuf> = entries(&device)
                .filter(|path| path.join("bInterfaceClass").exists())
                .collect();
            let mut uses: Vec<UsbUse> = interfaces.iter().filter_map(|i| usable(i)).collect();
            uses.sort();
            uses.dedup();
            Some(UsbDevice {
                id,
                name: name.trim().to_owned(),
                serial: word(&device, "serial"),
                plug: device.file_name()?.to_str()?.to_owned(),
                uses,
                device_id: interfaces.iter().find_map(|i| {
                    let text = attribute(i, "ieee1284_id")?;
                    Some(DeviceId::parse(&text))
                }),
            })
        })
        .collect();
    found.sort_by(|a, b| a.plug.cmp(&b.plug));
    found
}

/// What an interface offers.
fn usable(interface: &Path) -> Option<UsbUse> {
    if let Some(port) = serial_port(interface) {
        return Some(UsbUse::Serial(port));
    }
    let subclass = word(interface, "bInterfaceSubClass");
    match word(interface, "bInterfaceClass").as_str() {
        "07" => Some(UsbUse::Printer),
        "03" if subclass == "01" => {
            (word(interface, "bInterfaceProtocol") == "01").then_some(UsbUse::Keyboard)
        }
        "03" => Some(UsbUse::Reports),
        "ff" | "00" => Some(UsbUse::Vendor),
        _ => None,
    }
}

/// The port that the kernel makes of an interface, under the name that stays the same.
fn serial_port(interface: &Path) -> Option<PathBuf> {
    // Adapters have theirs directly below, modems one folder deeper.
    let deeper = interface.join("tty");
    let below = entries(interface).chain(entries(&deeper));
    let name = below
        .filter_map(|path| path.file_name()?.to_str().map(str::to_owned))
        .find(|name| name.starts_with("ttyUSB") || name.starts_with("ttyACM"))?;
    let node = Path::new("/dev").join(name);
    let named = entries(Path::new("/dev/serial/by-id"))
        .find(|link| fs::canonicalize(link).is_ok_and(|to| to == node));
    Some(named.unwrap_or(node))
}

pub(super) fn usb_id(device: &Path) -> Option<UsbId> {
    let number = |name| u16::from_str_radix(&attribute(device, name)?, 16).ok();
    Some(UsbId {
        vendor: number("idVendor")?,
        product: number("idProduct")?,
    })
}

fn attribute(device: &Path, name: &str) -> Option<String> {
    let text = fs::read_to_string(device.join(name)).ok()?;
    Some(text.trim().to_owned())
}

fn word(device: &Path, name: &str) -> String {
    attribute(device, name).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn make(folder: &Path, path: &str, attributes: &[(&str, &str)]) {
        let path = folder.join(path);
        fs::create_dir_all(&path).unwrap();
        for (name, value) in attributes {
            fs::write(path.join(name), format!("{value}\n")).unwrap();
        }
    }

    #[test]
    fn usb_devices_are_listed_known_or_not_and_hubs_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let device = |plug: &str, attributes: &[(&str, &str)]| {
            make(folder.path(), plug, attributes);
        };
        device("usb1", &[("idVendor", "1d6b"), ("idProduct", "0002")]);
        let hub = [
            ("idVendor", "05e3"),
            ("idProduct", "0608"),
            ("bDeviceClass", "09"),
        ];
        device("1-3", &hub);
        device(
            "1-2",
            &[
                ("idVendor", "04b8"),
                ("idProduct", "0e03"),
                ("manufacturer", "EPSON"),
                ("product", "TM-T20"),
            ],
        );
        device("1-1", &[("idVendor", "abcd"), ("idProduct", "0001")]);
        device("1-1:1.0", &[("bInterfaceClass", "ff")]);
        let found: Vec<_> = usb_devices_in(folder.path())
            .into_iter()
            .map(|device| (device.plug, device.id.to_string(), device.name))
            .collect();
        let line = |a: &str, b: &str, c: &str| (a.to_owned(), b.to_owned(), c.to_owned());
        assert_eq!(
            found,
            [
                line("1-1", "abcd:0001", ""),
                line("1-2", "04b8:0e03", "EPSON TM-T20")
            ]
        );
    }

    #[test]
    fn what_a_device_can_be_used_as_shows_in_its_interfaces() {
        let folder = tempfile::tempdir().unwrap();
        let ids = |vendor, product| [("idVendor", vendor), ("idProduct", product)];
        make(folder.path(), "1-1", &ids("1eab", "1a10"));
        make(folder.path(), "1-1/1-1:1.0", &[("bInterfaceClass", "03")]);
        let keyboard = [
            ("bInterfaceClass", "03"),
            ("bInterfaceSubClass", "01"),
            ("bInterfaceProtocol", "01"),
        ];
        make(folder.path(), "1-1/1-1:1.1", &keyboard);
        make(folder.path(), "1-2", &ids("04b8", "0e03"));
        let says = [
            ("bInterfaceClass", "07"),
            ("ieee1284_id", "MFG:EPSON;MDL:TM-T20;"),
        ];
        make(folder.path(), "1-2/1-2:1.0", &says);
        make(folder.path(), "1-4", &ids("1eab", "1a06"));
        make(folder.path(), "1-4/1-4:1.0", &[("bInterfaceClass", "02")]);
        make(folder.path(), "1-4/1-4:1.0/tty/ttyACM7", &[]);
        make(folder.path(), "1-4/1-4:1.1", &[("bInterfaceClass", "0a")]);
        let found = usb_devices_in(folder.path());
        let acm = UsbUse::Serial("/dev/ttyACM7".into());
        assert_eq!(found[0].uses, [UsbUse::Reports, UsbUse::Keyboard]);
        assert_eq!(found[1].uses, [UsbUse::Printer]);
        assert_eq!(found[1].device_id.as_ref().unwrap().model, "TM-T20");
        assert_eq!(found[2].uses, std::slice::from_ref(&acm));
        let [scanner, printer, modem] = &found[..] else {
            panic!("three devices");
        };
        assert_eq!(
            scanner.address(&UsbUse::Keyboard, false),
            "keyboard:1eab:1a10"
        );
        assert_eq!(printer.address(&UsbUse::Printer, true), "usb:04b8:0e03@1-2");
        assert_eq!(modem.address(&acm, true), "/dev/ttyACM7");
    }

    #[test]
    fn a_machine_without_a_usb_bus_has_no_devices_and_no_error() {
        assert_eq!(usb_devices_in(Path::new("/nonexistent/usb")), []);
    }
}

//! Ports and USB devices that this machine has, as Linux shows them.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::profile::{Sighting, UsbId};

/// A USB device, known to us or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UsbDevice {
    /// Its numbers.
    pub id: UsbId,
    /// What it calls itself; often nothing.
    pub name: String,
    /// Where it is plugged in, such as `1-1.2`; the same after every start.
    pub plug: String,
}

/// All USB devices. A machine without a USB bus has none, which is no error.
pub fn usb_devices() -> Vec<UsbDevice> {
    usb_devices_in(Path::new("/sys/bus/usb/devices"))
}

fn usb_devices_in(folder: &Path) -> Vec<UsbDevice> {
    let mut found: Vec<UsbDevice> = entries(folder)
        .filter_map(|device| {
            let id = usb_id(&device)?;
            // The hubs of the machine itself are nobody's device.
            if id.vendor == 0x1D6B {
                return None;
            }
            let word = |name: &str| attribute(&device, name).unwrap_or_default();
            let name = format!("{} {}", word("manufacturer"), word("product"));
            Some(UsbDevice {
                id,
                name: name.trim().to_owned(),
                plug: device.file_name()?.to_str()?.to_owned(),
            })
        })
        .collect();
    found.sort_by(|a, b| a.plug.cmp(&b.plug));
    found
}

/// Serial ports: USB ones under the name that stays the same wherever the plug is, and those of
/// the machine itself that have hardware behind them.
pub fn serial_ports() -> Vec<PathBuf> {
    let mut ports: Vec<PathBuf> = entries(Path::new("/dev/serial/by-id")).collect();
    let named: Vec<PathBuf> = ports
        .iter()
        .filter_map(|port| fs::canonicalize(port).ok())
        .collect();
    ports.extend(
        entries(Path::new("/sys/class/tty"))
            .filter(|tty| {
                fs::canonicalize(tty.join("device/driver")).is_ok_and(|driver| {
                    // A port of a PC without a chip behind it.
                    !driver.ends_with("serial8250") && !driver.ends_with("port")
                })
            })
            .filter_map(|tty| Some(Path::new("/dev").join(tty.file_name()?)))
            .filter(|port| !named.contains(port)),
    );
    ports.sort();
    ports
}

/// What is known of a port without asking anything there.
pub fn sighting(port: &Path) -> Sighting {
    let node = fs::canonicalize(port).unwrap_or_else(|_| port.to_owned());
    let mut ports = vec![port.display().to_string()];
    let links = entries(Path::new("/dev/serial/by-id"))
        .filter(|link| fs::canonicalize(link).is_ok_and(|to| to == node))
        .map(|link| link.display().to_string());
    ports.extend(links);
    ports.dedup();
    let usb = node.file_name().and_then(|name| {
        let device =
            fs::canonicalize(Path::new("/sys/class/tty").join(name).join("device")).ok()?;
        device.ancestors().find_map(usb_id)
    });
    Sighting {
        ports,
        usb,
        device_id: None,
    }
}

fn usb_id(device: &Path) -> Option<UsbId> {
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

fn entries(folder: &Path) -> impl Iterator<Item = PathBuf> {
    fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn usb_devices_are_listed_known_or_not_and_hubs_of_the_machine_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let device = |plug: &str, attributes: &[(&str, &str)]| {
            let path = folder.path().join(plug);
            fs::create_dir(&path).unwrap();
            for (name, value) in attributes {
                fs::write(path.join(name), format!("{value}\n")).unwrap();
            }
        };
        device("usb1", &[("idVendor", "1d6b"), ("idProduct", "0002")]);
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
    fn a_machine_without_a_usb_bus_has_no_devices_and_no_error() {
        assert_eq!(usb_devices_in(Path::new("/nonexistent/usb")), []);
    }
}

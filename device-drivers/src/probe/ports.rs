//! Serial ports that this machine has, as Linux shows them.

use std::fs;
use std::path::{Path, PathBuf};

use super::usb::{device_id_of, usb_id};
use crate::profile::Sighting;
use crate::transport::{Address, Keyboard};

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
    if let Some(Address::Usb(address) | Address::Keyboard(Keyboard::Usb(address))) =
        Address::parse(port)
    {
        return Sighting {
            ports: vec![port.display().to_string()],
            usb: Some(address.id),
            device_id: device_id_of(&address).ok(),
        };
    }
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

pub(super) fn entries(folder: &Path) -> impl Iterator<Item = PathBuf> {
    fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
}

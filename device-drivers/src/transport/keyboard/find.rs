//! The nodes of a scanner's keyboards, by what Linux says of its input devices.

use std::fs;
use std::path::{Path, PathBuf};

use crate::transport::PortError;
use crate::transport::address::Keyboard;
use crate::transport::usb::{UsbAddress, UsbId, Which};

const INPUTS: &str = "/sys/class/input";

/// The nodes to open.
pub(super) fn nodes(keyboard: &Keyboard) -> Result<Vec<PathBuf>, PortError> {
    match keyboard {
        Keyboard::Node(node) => Ok(vec![node.clone()]),
        Keyboard::Usb(address) => {
            let found = of_usb(address, Path::new(INPUTS));
            if found.is_empty() {
                return Err(PortError::Missing(format!("no keyboard {address}")));
            }
            Ok(found)
        }
    }
}

fn of_usb(address: &UsbAddress, inputs: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(inputs).into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = entries
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let device = entry.path().join("device");
            (name.starts_with("event") && is(address, &device))
                .then(|| Path::new("/dev/input").join(name))
        })
        .collect();
    found.sort();
    found
}

fn is(address: &UsbAddress, device: &Path) -> bool {
    let word = |name: &str| {
        let text = fs::read_to_string(device.join(name)).unwrap_or_default();
        text.trim().to_owned()
    };
    let id = UsbId::parse(&format!("{}:{}", word("id/vendor"), word("id/product")));
    id == Some(address.id)
        && match &address.which {
            Which::Any => true,
            Which::Serial(serial) => word("uniq") == *serial,
            // The folder of the plug is above that of the keyboard.
            Which::Plug(plug) => fs::canonicalize(device)
                .is_ok_and(|path| path.iter().any(|part| part == plug.as_str())),
        }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn the_keyboards_of_the_right_scanner_are_found_and_no_others() {
        let folder = tempfile::tempdir().unwrap();
        let inputs = folder.path().join("class");
        let make = |event: &str, plug: &str, vendor: &str, product: &str, uniq: &str| {
            let device = folder.path().join(plug).join(format!("{event}-input"));
            fs::create_dir_all(device.join("id")).unwrap();
            fs::write(device.join("id/vendor"), format!("{vendor}\n")).unwrap();
            fs::write(device.join("id/product"), format!("{product}\n")).unwrap();
            fs::write(device.join("uniq"), format!("{uniq}\n")).unwrap();
            fs::create_dir_all(inputs.join(event)).unwrap();
            std::os::unix::fs::symlink(&device, inputs.join(event).join("device")).unwrap();
        };
        make("event3", "1-1", "1eab", "1a03", "A1");
        make("event4", "1-2", "1eab", "1a03", "B2");
        make("event5", "1-3", "046d", "c31c", "");
        make("mouse0", "1-1", "1eab", "1a03", "A1");
        let found = |text: &str| {
            of_usb(&UsbAddress::parse(text).unwrap(), &inputs)
                .iter()
                .map(|path| path.display().to_string())
                .collect::<Vec<_>>()
        };
        assert_eq!(
            found("1eab:1a03"),
            ["/dev/input/event3", "/dev/input/event4"]
        );
        assert_eq!(found("1eab:1a03@1-2"), ["/dev/input/event4"]);
        assert_eq!(found("1eab:1a03#A1"), ["/dev/input/event3"]);
        assert_eq!(found("1eab:1a03@1-9"), [""; 0]);
        assert_eq!(found("1eab:0003"), [""; 0]);
    }
}

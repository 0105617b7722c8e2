//! Where a device is connected, as the configuration and the command line write it.

use std::path::{Path, PathBuf};

use super::usb::UsbAddress;

/// Where a device is connected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// A serial device, such as `/dev/ttyS0`.
    Serial(PathBuf),
    /// `tcp:HOST:PORT`
    Network(String),
    /// `usb:vvvv:pppp`, with `@PLUG` or `#SERIAL` where there are two of a kind.
    Usb(UsbAddress),
    /// A scanner that types: `keyboard:vvvv:pppp`, with the same additions, or its node under
    /// `/dev/input/`.
    Keyboard(Keyboard),
}

/// Which keyboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keyboard {
    /// Every keyboard that this USB device makes.
    Usb(UsbAddress),
    /// This node.
    Node(PathBuf),
}

impl Address {
    /// Reads an address; none if it begins like one and goes on otherwise, or is no path.
    pub fn parse(port: &Path) -> Option<Self> {
        let text = port.to_str()?;
        if let Some(host) = text.strip_prefix("tcp:") {
            let (name, number) = host.rsplit_once(':')?;
            let sound = !name.is_empty() && !name.starts_with('/');
            let number: u16 = number.parse().ok()?;
            return (sound && number > 0).then(|| Self::Network(host.to_owned()));
        }
        if let Some(usb) = text.strip_prefix("usb:") {
            return UsbAddress::parse(usb).map(Self::Usb);
        }
        if let Some(usb) = text.strip_prefix("keyboard:") {
            return UsbAddress::parse(usb).map(|usb| Self::Keyboard(Keyboard::Usb(usb)));
        }
        if port.starts_with("/dev/input") {
            return Some(Self::Keyboard(Keyboard::Node(port.to_owned())));
        }
        (port.is_absolute() && text.len() > 1).then(|| Self::Serial(port.to_owned()))
    }

    /// Whether there is a line whose speed both sides have to agree on.
    pub fn has_speed(&self) -> bool {
        matches!(self, Self::Serial(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_address_is_told_from_the_others() {
        let kind = |text: &str| match Address::parse(Path::new(text)) {
            Some(Address::Serial(_)) => "serial",
            Some(Address::Network(_)) => "network",
            Some(Address::Usb(_)) => "usb",
            Some(Address::Keyboard(Keyboard::Usb(_))) => "keyboard",
            Some(Address::Keyboard(Keyboard::Node(_))) => "node",
            None => "none",
        };
        for (text, is) in [
            ("/dev/ttyUSB0", "serial"),
            ("/dev/serial/by-id/usb-X", "serial"),
            ("tcp:10.0.0.9:9100", "network"),
            ("tcp://10.0.0.9:9100", "none"),
            ("tcp:10.0.0.9", "none"),
            ("tcp:10.0.0.9:0", "none"),
            ("usb:0400:c35a", "usb"),
            ("usb:04b8:0e03#4D3A", "usb"),
            ("usb:0400", "none"),
            ("keyboard:1eab:1a03@1-2", "keyboard"),
            ("keyboard:", "none"),
            ("/dev/input/by-id/usb-X-event-kbd", "node"),
            ("ttyUSB0", "none"),
            ("/", "none"),
        ] {
            assert_eq!(kind(text), is, "{text}");
        }
    }
}

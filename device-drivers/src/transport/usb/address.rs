//! Which USB device is meant: its numbers, and where two have the same, its plug or its serial.

use std::fmt;

use serde::Serialize;

/// The numbers of a USB plug.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct UsbId {
    /// Whose number it is.
    pub vendor: u16,
    /// Which of the vendor's products.
    pub product: u16,
}

impl UsbId {
    /// Reads `vvvv:pppp`, four hexadecimal digits each.
    pub fn parse(text: &str) -> Option<Self> {
        let (vendor, product) = text.split_once(':')?;
        let number = |digits: &str| {
            let whole = digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_hexdigit());
            u16::from_str_radix(digits, 16).ok().filter(|_| whole)
        };
        Some(Self {
            vendor: number(vendor)?,
            product: number(product)?,
        })
    }
}

impl fmt::Display for UsbId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04x}:{:04x}", self.vendor, self.product)
    }
}

/// Tells devices with the same numbers apart.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Which {
    /// There is only one, or any will do.
    Any,
    /// The one plugged in here, such as `1-1.2`: bus, then the ports on the way.
    Plug(String),
    /// The one that bears this serial number.
    Serial(String),
}

/// A USB device, as the configuration names it.
///
/// `vvvv:pppp`, `vvvv:pppp@1-1.2` (where it is plugged in) or `vvvv:pppp#SERIAL`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct UsbAddress {
    /// Its numbers.
    pub id: UsbId,
    /// Which of several.
    pub which: Which,
}

impl UsbAddress {
    /// Reads an address; none if it is not one.
    pub fn parse(text: &str) -> Option<Self> {
        let (id, which) = match text.find(['@', '#']) {
            None => (text, Which::Any),
            Some(at) => {
                let (id, rest) = text.split_at(at);
                let which = match rest.split_at(1) {
                    ("@", plug) if is_plug(plug) => Which::Plug(plug.to_owned()),
                    ("#", serial) if !serial.is_empty() => Which::Serial(serial.to_owned()),
                    _ => return None,
                };
                (id, which)
            }
        };
        Some(Self {
            id: UsbId::parse(id)?,
            which,
        })
    }
}

impl fmt::Display for UsbAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.id)?;
        match &self.which {
            Which::Any => Ok(()),
            Which::Plug(plug) => write!(f, "@{plug}"),
            Which::Serial(serial) => write!(f, "#{serial}"),
        }
    }
}

/// `bus-port.port…`, as Linux names plugs.
fn is_plug(text: &str) -> bool {
    let number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    text.split_once('-')
        .is_some_and(|(bus, ports)| number(bus) && ports.split('.').all(number))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn addresses_are_read_and_written_alike() {
        for text in [
            "0400:c35a",
            "0400:c35a@1-1",
            "0400:c35a@3-1.2.4",
            "04b8:0e03#4D3A",
        ] {
            assert_eq!(UsbAddress::parse(text).unwrap().to_string(), text);
        }
        let upper = UsbAddress::parse("0400:C35A").unwrap();
        assert_eq!(upper.to_string(), "0400:c35a");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            "400:c35a",
            "0400:c35",
            "0400:c35g",
            "+400:c35a",
            "0400:c35a@",
            "0400:c35a@1",
            "0400:c35a@1-",
            "0400:c35a@1-1.",
            "0400:c35a#",
            "0400",
        ] {
            assert_eq!(UsbAddress::parse(text), None, "{text}");
        }
    }
}

//! Which profiles fit a device that was found, and why.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::{Profile, Rule};
use crate::transport::usb::UsbId;

/// What a device says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct DeviceId {
    /// Its maker.
    pub maker: String,
    /// Its model.
    pub model: String,
}

impl DeviceId {
    /// Reads an IEEE 1284 string, `MFG:…;MDL:…;`. Nothing in it is required.
    pub fn parse(text: &str) -> Self {
        let mut id = Self::default();
        for (key, value) in text.split(';').filter_map(|pair| pair.split_once(':')) {
            let value = value.trim().to_owned();
            match key.trim().to_ascii_uppercase().as_str() {
                "MFG" | "MANUFACTURER" => id.maker = value,
                "MDL" | "MODEL" => id.model = value,
                _ => {}
            }
        }
        id
    }
}

/// All that is known of a device before anybody has chosen a profile.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Sighting {
    /// Names of its port, for example its links under `/dev/serial/by-id`.
    pub ports: Vec<String>,
    /// Its USB plug.
    pub usb: Option<UsbId>,
    /// What it says of itself.
    pub device_id: Option<DeviceId>,
}

/// Why a profile fits, in the order of its weight.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Its answers are those of its class; nothing tells the model.
    Answer,
    /// It offers what devices of its class offer; nothing tells the model.
    UsbClass,
    /// The port is called as the profile says.
    Port(String),
    /// The USB vendor and any of several products.
    UsbFamily(String),
    /// Exactly these USB numbers.
    Usb(String),
    /// It said who it is.
    DeviceId(String),
}

/// A profile that fits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Suggestion {
    /// Name of the profile.
    pub profile: String,
    /// Why.
    pub reason: Reason,
}

impl Profile {
    /// Why this profile fits, by the weightiest of its rules that do.
    pub(super) fn fits(&self, sighting: &Sighting) -> Option<Reason> {
        self.rules
            .iter()
            .filter_map(|rule| rule.fits(sighting))
            .max()
    }
}

impl Rule {
    fn fits(&self, sighting: &Sighting) -> Option<Reason> {
        match self {
            Self::Usb(pattern) => {
                let id = sighting.usb.filter(|id| pattern.fits(*id))?.to_string();
                Some(if pattern.0.contains(['?', '*']) {
                    Reason::UsbFamily(id)
                } else {
                    Reason::Usb(id)
                })
            }
            Self::DeviceId(pattern) => {
                let id = sighting.device_id.as_ref().filter(|id| pattern.fits(id))?;
                Some(Reason::DeviceId(format!("{} {}", id.maker, id.model)))
            }
            Self::Port(pattern) => {
                let port = sighting.ports.iter().find(|port| glob(&pattern.0, port))?;
                Some(Reason::Port(port.clone()))
            }
        }
    }
}

/// `vvvv:pppp` with `?` for any digit, or `vvvv:*`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String", extend("pattern" = "^[0-9a-fA-F]{4}:(\\*|[0-9a-fA-F?]{4})$"))]
pub struct UsbPattern(String);

impl UsbPattern {
    fn fits(&self, id: UsbId) -> bool {
        glob(&self.0, &id.to_string())
    }
}

impl TryFrom<String> for UsbPattern {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let digits = |part: &str, more: &str| {
            part.len() == 4
                && part
                    .chars()
                    .all(|c| c.is_ascii_hexdigit() || more.contains(c))
        };
        match text.split_once(':') {
            Some((vendor, product))
                if digits(vendor, "") && (product == "*" || digits(product, "?")) =>
            {
                Ok(Self(text.to_ascii_lowercase()))
            }
            _ => Err(format!(
                "\"{text}\" is no USB id; write four hexadecimal digits, a colon and four more, such as \"04b8:0e03\" or \"0dd4:*\""
            )),
        }
    }
}

impl From<UsbPattern> for String {
    fn from(pattern: UsbPattern) -> Self {
        pattern.0
    }
}

/// What a device says of itself, without regard to case; `*` stands for anything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeviceIdPattern {
    /// The maker.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maker: Option<String>,
    /// The model.
    pub model: String,
}

impl DeviceIdPattern {
    fn fits(&self, id: &DeviceId) -> bool {
        glob(&self.model, &id.model)
            && self
                .maker
                .as_ref()
                .is_none_or(|maker| glob(maker, &id.maker))
    }
}

/// The name of a port; `*` stands for anything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct PortPattern(String);

impl TryFrom<String> for PortPattern {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text.chars().all(|c| c == '*') {
            Err("a port rule that fits every port would suggest this profile for anything".into())
        } else {
            Ok(Self(text))
        }
    }
}

impl From<PortPattern> for String {
    fn from(pattern: PortPattern) -> Self {
        pattern.0
    }
}

/// Whether `text` is `pattern`, where `*` stands for anything and `?` for one character, without
/// regard to case.
fn glob(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.to_lowercase().chars().collect();
    let text: Vec<char> = text.to_lowercase().chars().collect();
    // Position after the last star, and the text up to which that star has swallowed.
    let mut star: Option<(usize, usize)> = None;
    let (mut p, mut t) = (0, 0);
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                p += 1;
                star = Some((p, t));
            }
            Some(&c) if c == '?' || c == text[t] => {
                p += 1;
                t += 1;
            }
            _ => match star {
                Some((after, swallowed)) => {
                    star = Some((after, swallowed + 1));
                    p = after;
                    t = swallowed + 1;
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|&c| c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_what_they_say_and_nothing_else() {
        for (pattern, text, fits) in [
            ("04b8:0e03", "04b8:0e03", true),
            ("04B8:0E03", "04b8:0e03", true),
            ("04b8:0e03", "04b8:0e15", false),
            ("1eab:??06", "1eab:1a06", true),
            ("1eab:??06", "1eab:1a03", false),
            ("0dd4:*", "0dd4:0237", true),
            ("0dd4:*", "0dd5:0237", false),
            ("TM-T88*", "tm-t88iv", true),
            ("*T88*V", "TM-T88IV", true),
            ("*T88*V", "TM-T88III", false),
            ("a*b*c", "a-b-b-c", true),
            ("", "", true),
            ("", "a", false),
        ] {
            assert_eq!(glob(pattern, text), fits, "{pattern} {text}");
        }
    }

    #[test]
    fn a_device_id_string_is_read_in_any_order_and_with_any_gaps() {
        let id = DeviceId::parse("CMD:ESC/POS; MANUFACTURER : EPSON ;MDL:TM-T88IV;CLS:PRINTER;");
        assert_eq!(
            (id.maker.as_str(), id.model.as_str()),
            ("EPSON", "TM-T88IV")
        );
        assert_eq!(DeviceId::parse(";;:nonsense"), DeviceId::default());
    }
}

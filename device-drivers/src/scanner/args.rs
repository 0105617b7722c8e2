//! How a scanner is set up, and the command line that follows from it.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Colours of a scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScanMode {
    /// Colour: seals are red, and must be seen to be.
    #[default]
    Colour,
    /// Shades of grey.
    Grey,
}

impl ScanMode {
    /// The word that SANE drivers have for it.
    fn word(self) -> &'static str {
        match self {
            Self::Colour => "Color",
            Self::Grey => "Gray",
        }
    }
}

/// Which scanner, and how it scans.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScannerConfig {
    /// SANE's name of the device, as [`super::list`] gives it.
    pub device: String,
    /// Dots per inch. 200 to 300 suit papers.
    pub resolution: u16,
    /// Colours.
    pub mode: ScanMode,
    /// How long one page may take.
    pub timeout: Duration,
    /// Another folder of SANE's settings than the operating system's.
    pub sane_config_dir: Option<PathBuf>,
    /// What else this device has to be told, name and value, e.g. `("source", "ADF")`.
    pub options: Vec<(String, String)>,
}

impl ScannerConfig {
    /// A colour scan of an A4 page at 300 dpi.
    pub fn new(device: impl Into<String>) -> Self {
        Self {
            device: device.into(),
            resolution: 300,
            mode: ScanMode::Colour,
            timeout: Duration::from_mins(1),
            sane_config_dir: None,
            options: Vec::new(),
        }
    }

    /// The arguments that choose the device and set it up.
    pub(super) fn arguments(&self) -> Vec<String> {
        let mut arguments = vec![
            format!("--device-name={}", self.device),
            "--format=png".into(),
            format!("--mode={}", self.mode.word()),
            format!("--resolution={}", self.resolution),
        ];
        arguments.extend(self.options.iter().map(|(name, value)| {
            // SANE's geometry has short names.
            if name.chars().count() == 1 {
                format!("-{name}{value}")
            } else {
                format!("--{name}={value}")
            }
        }));
        arguments
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_name_cannot_become_another_argument() {
        let mut config = ScannerConfig::new("--help; rm x");
        config.options = vec![("source".into(), "A B".into()), ("x".into(), "210".into())];
        assert_eq!(
            config.arguments(),
            [
                "--device-name=--help; rm x",
                "--format=png",
                "--mode=Color",
                "--resolution=300",
                "--source=A B",
                "-x210",
            ]
        );
    }
}

//! The terminal's configuration: one commented file per concern, read completely or refused completely.

mod devices;
mod panel;
mod place;
mod platform;
mod problem;
mod reader;
mod rules;
mod session;
mod speaker;

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use jinban_api::ids::TerminalId;

pub use devices::{Devices, Scanner, ScannerName};
pub use panel::Panel;
pub use place::{AgentContact, Hotline, Place};
pub use platform::Platform;
pub use problem::{ConfigErrors, Problem};
pub use session::Session;
pub use speaker::{Rate, Speaker, SpeechEngine, Volume};

use reader::read_file;

/// Everything that is set for one terminal.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// Where it stands and whom people can ask (`place.toml`).
    pub place: Place,
    /// The touch panel (`panel.toml`).
    pub panel: Panel,
    /// What is fitted here (`devices.toml`).
    pub devices: Devices,
    /// The central platform (`platform.toml`).
    pub platform: Platform,
    /// How long things last (`session.toml`).
    pub session: Session,
    /// Where drafts, cases and guides are kept (`place.toml`).
    pub data_dir: PathBuf,
    /// The name under which this terminal is enrolled (`place.toml`).
    pub terminal_id: TerminalId,
}

/// The files, in the order they are read.
pub const FILES: [&str; 5] = [
    "place.toml",
    "panel.toml",
    "devices.toml",
    "platform.toml",
    "session.toml",
];

impl Config {
    /// Reads all files in `dir`. Relative paths in them are taken from `dir`.
    ///
    /// # Errors
    /// Every problem in every file at once, each with file, line and what to write instead.
    pub fn load(dir: &Path) -> Result<Self, ConfigErrors> {
        let problems = RefCell::new(Vec::new());
        let [place, panel, devices, platform, session] =
            FILES.map(|file| read_file(&dir.join(file), &problems));

        let place = place.section(&problems);
        let terminal_id = place.text("terminal_id", &rules::identifier);
        let data_dir = dir.join(place.text("data_dir", &rules::filled));
        let config = Self {
            place: Place::read(&place),
            panel: Panel::read(&panel.section(&problems)),
            devices: Devices::read(&devices.section(&problems), dir),
            platform: Platform::read(&platform.section(&problems), dir),
            session: Session::read(&session.section(&problems)),
            data_dir,
            terminal_id: terminal_id.into(),
        };
        // Dropping a section is what reports the names nobody asked for.
        drop(place);
        let problems = problems.into_inner();
        if problems.is_empty() {
            Ok(config)
        } else {
            Err(ConfigErrors { problems })
        }
    }
}

#[cfg(test)]
mod tests;

//! How a command ends: what it prints, and the number that a script sees.

use std::io::{self, Write};
use std::process::ExitCode;

use serde::Serialize;

/// How a command ended; the numbers are documented in `jinban --help`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done, and all is well.
    Well = 0,
    /// Done, and something is not well or was not found.
    NotWell = 1,
    /// The command was not understood.
    Usage = 2,
    /// It could not be done: a file, a device or the platform is out of reach.
    Unavailable = 3,
}

/// What a finished command prints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// For standard output.
    pub text: String,
    /// For standard error.
    pub complaint: String,
    /// How it ended.
    pub exit: Exit,
}

/// Why a command could not be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What happened, what it means, what to do.
    pub said: String,
    /// How it ended.
    pub exit: Exit,
}

impl Failure {
    /// Something is out of reach.
    pub fn unavailable(said: impl Into<String>) -> Self {
        Self {
            said: said.into(),
            exit: Exit::Unavailable,
        }
    }

    /// It was looked at and is not well, or not there.
    pub fn not_well(said: impl Into<String>) -> Self {
        Self {
            said: said.into(),
            exit: Exit::NotWell,
        }
    }
}

impl Output {
    /// Text for people; all is well.
    pub fn text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            complaint: String::new(),
            exit: Exit::Well,
        }
    }

    /// The same as JSON for a program.
    pub fn json(value: &impl Serialize) -> Result<Self, Failure> {
        let mut text = serde_json::to_string_pretty(value)
            .map_err(|error| Failure::unavailable(format!("写不成 JSON：{error}")))?;
        text.push('\n');
        Ok(Self::text(text))
    }

    /// With another end.
    #[must_use]
    pub fn ending(mut self, exit: Exit) -> Self {
        self.exit = exit;
        self
    }

    /// Prints it. A reader that went away (`| head`) is no error.
    pub fn print(&self) -> ExitCode {
        let _ = io::stdout().lock().write_all(self.text.as_bytes());
        let _ = io::stderr().lock().write_all(self.complaint.as_bytes());
        ExitCode::from(self.exit as u8)
    }
}

impl From<Failure> for Output {
    fn from(failure: Failure) -> Self {
        Self {
            text: String::new(),
            complaint: format!("{}\n", failure.said),
            exit: failure.exit,
        }
    }
}

//! A display to show the terminal on: the one that is there, or a virtual one of our own.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use super::DemoError;

/// Where windows are opened.
pub enum Display {
    /// Somebody is looking.
    Real,
    /// Xvfb, ended together with this value.
    Virtual {
        /// The server.
        server: Child,
        /// `:7`
        name: String,
    },
}

impl Display {
    /// The display of this desktop, or a virtual one of `width` × `height` pixels where there is none.
    pub fn find(headless: bool, width: u32, height: u32) -> Result<Self, DemoError> {
        let shown = std::env::var_os("DISPLAY").is_some_and(|d| !d.is_empty())
            || std::env::var_os("WAYLAND_DISPLAY").is_some_and(|d| !d.is_empty());
        if shown && !headless {
            return Ok(Self::Real);
        }
        let mut server = Command::new("Xvfb")
            .args([
                "-displayfd",
                "1",
                "-screen",
                "0",
                &format!("{width}x{height}x24"),
                "-nolisten",
                "tcp",
                "-nocursor",
            ])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| DemoError::missing("Xvfb", "xvfb", &error))?;
        let mut number = String::new();
        if let Some(out) = server.stdout.take() {
            BufReader::new(out)
                .read_line(&mut number)
                .map_err(|error| DemoError::of("Xvfb", &error))?;
        }
        let number = number.trim().to_owned();
        if number.is_empty() {
            let _ = server.kill();
            return Err(DemoError::of("Xvfb", &"it gave no display number"));
        }
        Ok(Self::Virtual {
            server,
            name: format!(":{number}"),
        })
    }

    /// The virtual display's name.
    pub fn virtual_name(&self) -> Option<&str> {
        match self {
            Self::Real => None,
            Self::Virtual { name, .. } => Some(name),
        }
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        if let Self::Virtual { server, .. } = self {
            let _ = server.kill();
            let _ = server.wait();
        }
    }
}

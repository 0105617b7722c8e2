//! The stage: platform, simulated devices, a configuration, and the terminal itself as a program of its own.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use jinban_api::ids::{AreaCode, TerminalId};
use jinban_platform::{Platform, PlatformConfig, Running};

use super::DemoError;
use super::simulator::Simulator;
use crate::catalogue::write_sample_catalogue;
use crate::vault::Vault;

const TERMINAL: &str = "demo-01";
const AREA: &str = "510822";
const VILLAGE: &str = "510822101210";
const PLACE: &str = "青溪镇便民服务中心";

/// Devices of one's own, by their ports; simulated where none is named.
#[derive(Clone, Debug, Default)]
pub struct Devices {
    /// Serial port of an identity card reader.
    pub card_reader: Option<String>,
    /// Serial port of a receipt printer.
    pub printer: Option<String>,
    /// SANE name of a scanner.
    pub scanner: Option<String>,
}

/// Where the programs that play here stand: the terminal and the simulated devices, side by side.
#[derive(Clone, Debug)]
pub struct Programs(PathBuf);

impl Programs {
    /// In the folder of this very program.
    pub fn here() -> Result<Self, DemoError> {
        let exe = std::env::current_exe().map_err(|error| DemoError::of("jinban", &error))?;
        Ok(Self::beside(&exe))
    }

    /// In the folder of `program`.
    pub fn beside(program: &Path) -> Self {
        Self(program.parent().unwrap_or(Path::new(".")).to_owned())
    }

    fn named(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

/// Everything around the terminal.
pub struct Stage {
    output: PathBuf,
    programs: Programs,
    /// A folder with a short name: a socket's path may have 107 bytes.
    sockets: tempfile::TempDir,
    platform: Option<Running>,
    platform_at: SocketAddr,
    /// The simulated card reader, unless a real one was named.
    pub reader: Option<Simulator>,
    /// The simulated printer, unless a real one was named.
    pub printer: Option<Simulator>,
}

/// The running terminal; ended together with this value.
pub struct Terminal {
    child: Child,
}

impl Terminal {
    /// SIGKILL, as a pulled plug.
    pub fn kill(mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Whether it has ended by itself.
    pub fn ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A shipped configuration file: its name, its text, and what is different on the stage.
type Shipped<'a> = (&'a str, &'a str, &'a [(&'a str, String)]);

fn folder(path: &Path) -> Result<(), DemoError> {
    std::fs::create_dir_all(path)
        .map_err(|error| DemoError::of(&path.display().to_string(), &error))
}

fn write(path: &Path, text: &str) -> Result<(), DemoError> {
    std::fs::write(path, text).map_err(|error| DemoError::of(&path.display().to_string(), &error))
}

impl Stage {
    /// Sets the stage in `output`, which is emptied of an earlier demonstration first.
    pub async fn set(
        output: &Path,
        programs: Programs,
        devices: Devices,
        landscape: bool,
    ) -> Result<Self, DemoError> {
        for old in ["screens", "paper", "state"] {
            let _ = std::fs::remove_dir_all(output.join(old));
        }
        for new in [
            "screens",
            "paper",
            "state/config",
            "state/sane",
            "state/terminal",
        ] {
            folder(&output.join(new))?;
        }
        let output = output
            .canonicalize()
            .map_err(|error| DemoError::of("output", &error))?;
        let sockets = tempfile::tempdir().map_err(|error| DemoError::of("sockets", &error))?;
        let mut stage = Self {
            sockets,
            platform: None,
            platform_at: SocketAddr::from(([127, 0, 0, 1], 0)),
            reader: None,
            printer: None,
            output,
            programs,
        };
        let keys = stage.open_platform().await?;
        if devices.card_reader.is_none() {
            stage.reader = Some(Simulator::start(
                &stage.programs.named("jinban-sim-id-card-reader"),
                &stage.sockets.path().join("reader"),
                &[],
            )?);
        }
        if devices.printer.is_none() {
            let out = stage.paper();
            stage.printer = Some(Simulator::start(
                &stage.programs.named("jinban-sim-receipt-printer"),
                &stage.sockets.path().join("printer"),
                &["--out", &out.to_string_lossy()],
            )?);
        }
        stage.configure(&devices, &keys, landscape)?;
        Ok(stage)
    }

    fn state(&self) -> PathBuf {
        self.output.join("state")
    }

    /// Where the terminal tells a test what is on its screen.
    pub fn probe(&self) -> PathBuf {
        self.sockets.path().join("probe")
    }

    /// Folder for pictures of the screen.
    pub fn screens(&self) -> PathBuf {
        self.output.join("screens")
    }

    /// Folder for pictures of the paper.
    pub fn paper(&self) -> PathBuf {
        self.output.join("paper")
    }

    /// Starts the platform, where it was before if it ran before. Returns its public keys in PEM.
    pub async fn open_platform(&mut self) -> Result<String, DemoError> {
        let catalogue = self.state().join("catalogue");
        // What an earlier version of the program had in it must not stay; there may be nothing yet.
        let _ = fs::remove_dir_all(&catalogue);
        fs::create_dir_all(&catalogue)
            .and_then(|()| write_sample_catalogue(&catalogue))
            .map_err(|error| DemoError::of("catalogue", &error))?;
        let config = PlatformConfig {
            listen: self.platform_at,
            catalogue: Some(catalogue),
            ..PlatformConfig::local(self.state().join("platform"))
        };
        let running = Platform::start(config)
            .await
            .map_err(|error| DemoError::of("platform", &error))?;
        self.platform_at = running.addr;
        let platform = running.platform();
        let vault = Vault::open(&self.data().join("vault"))
            .map_err(|error| DemoError::of("vault", &error))?;
        platform
            .enrol(
                &TerminalId::from(TERMINAL),
                &AreaCode::from(AREA),
                PLACE,
                vault.public_key_pem(),
            )
            .await
            .map_err(|error| DemoError::of("enrolment", &error))?;
        let keys = platform.public_keys_pem();
        self.platform = Some(running);
        Ok(keys)
    }

    /// Stops the platform, as an outage does.
    pub async fn close_platform(&mut self) {
        if let Some(running) = self.platform.take() {
            running.stop().await;
        }
    }

    /// The platform, while it runs.
    pub fn platform(&self) -> Option<&Platform> {
        self.platform.as_ref().map(Running::platform)
    }

    /// Where the platform is, or is to be again.
    pub fn platform_address(&self) -> SocketAddr {
        self.platform_at
    }

    /// Folder in which the terminal keeps what it has.
    pub fn data(&self) -> PathBuf {
        self.state().join("terminal")
    }

    /// Whether the platform runs.
    pub fn platform_is_open(&self) -> bool {
        self.platform.is_some()
    }

    fn configure(&self, devices: &Devices, keys: &str, landscape: bool) -> Result<(), DemoError> {
        let dir = self.state().join("config");
        let state = self.state();
        let port = |own: &Option<String>, simulated: &Option<Simulator>| {
            own.clone().or_else(|| {
                simulated
                    .as_ref()
                    .map(|simulator| simulator.port.display().to_string())
            })
        };
        let mut table = toml::Table::new();
        let mut device = |name: &str, entries: &[(&str, toml::Value)]| {
            let entries = entries.iter().map(|(k, v)| ((*k).to_owned(), v.clone()));
            table.insert(name.to_owned(), toml::Value::Table(entries.collect()));
        };
        if let Some(port) = port(&devices.card_reader, &self.reader) {
            device(
                "card_reader",
                &[("port", port.into()), ("baud", "auto".into())],
            );
        }
        if let Some(port) = port(&devices.printer, &self.printer) {
            device(
                "receipt_printer",
                &[
                    ("port", port.into()),
                    ("baud", "auto".into()),
                    ("paper_dots", 576.into()),
                    ("flow", "none".into()),
                ],
            );
        }
        let mut scanner: Vec<(&str, toml::Value)> =
            vec![("resolution", 150.into()), ("mode", "color".into())];
        match &devices.scanner {
            Some(name) => scanner.push(("device", name.as_str().into())),
            None => {
                write(&state.join("sane/dll.conf"), "test\n")?;
                write(
                    &state.join("sane/test.conf"),
                    "number_of_devices 1\ntest-picture \"Color pattern\"\n",
                )?;
                scanner.push(("device", "test:0".into()));
                let dir = state.join("sane").display().to_string();
                scanner.push(("sane_config_dir", dir.into()));
            }
        }
        device("scanner", &scanner);
        // Heard where this machine has espeak-ng and a sound device; not offered elsewhere.
        device("speaker", &[]);
        write(&dir.join("devices.toml"), &table.to_string())?;
        write(&dir.join("platform-keys.pem"), keys)?;
        let url = format!("http://{}", self.platform_at);
        let shipped: [Shipped<'_>; 4] = [
            (
                "place.toml",
                include_str!("../../kiosk-config/place.toml"),
                &[
                    ("area_code", AREA.to_owned()),
                    ("village_code", VILLAGE.to_owned()),
                    ("terminal_id", TERMINAL.to_owned()),
                    ("data_dir", self.data().display().to_string()),
                ],
            ),
            (
                "session.toml",
                include_str!("../../kiosk-config/session.toml"),
                &[],
            ),
            (
                "panel.toml",
                include_str!("../../kiosk-config/panel.toml"),
                &[],
            ),
            (
                "platform.toml",
                include_str!("../../kiosk-config/platform.toml"),
                &[("url", url), ("key_file", "platform-keys.pem".to_owned())],
            ),
        ];
        for (name, text, changes) in shipped {
            let mut table: toml::Table =
                text.parse().map_err(|error| DemoError::of(name, &error))?;
            for (key, value) in changes {
                table.insert((*key).to_owned(), value.as_str().into());
            }
            if name == "panel.toml" && landscape {
                let (width, height) = (
                    table.get("width_mm").cloned(),
                    table.get("height_mm").cloned(),
                );
                if let (Some(width), Some(height)) = (width, height) {
                    table.insert("width_mm".to_owned(), height);
                    table.insert("height_mm".to_owned(), width);
                }
            }
            write(&dir.join(name), &table.to_string())?;
        }
        Ok(())
    }

    /// Starts the terminal: `jinban run` with the stage's configuration.
    pub fn open_terminal(
        &self,
        display: Option<&str>,
        (width, height): (u32, u32),
    ) -> Result<Terminal, DemoError> {
        let log = std::fs::File::create(self.state().join("terminal.log"))
            .map_err(|error| DemoError::of("terminal.log", &error))?;
        let mut command = Command::new(self.programs.named("jinban"));
        command
            .arg("run")
            .arg("--config")
            .arg(self.state().join("config"))
            .arg("--window")
            .arg(format!("{width}x{height}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log);
        if let Some(display) = display {
            command
                .env("DISPLAY", display)
                .env_remove("WAYLAND_DISPLAY")
                .arg("--probe")
                .arg(self.probe());
        }
        let child = command
            .spawn()
            .map_err(|error| DemoError::of("jinban run", &error))?;
        Ok(Terminal { child })
    }

    /// Takes everything down.
    pub async fn strike(mut self) {
        self.close_platform().await;
    }
}

//! Which program speaks, whether it can be heard here, and how it is called.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use rustix::fs::{Access, access};

use crate::config::{self, Rate, SpeechEngine, Volume};
use crate::language::Language;

/// The engine that is taken when the configuration names none.
const USUAL: &str = "espeak-ng";
/// What espeak-ng calls the usual speed, in words per minute.
const USUAL_WORDS_PER_MINUTE: u32 = 175;
/// What espeak-ng calls the usual loudness, and what it goes up to.
const USUAL_AMPLITUDE: f32 = 100.0;
const LARGEST_AMPLITUDE: f32 = 200.0;

/// A program that can speak here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Engine {
    program: PathBuf,
    manner: Manner,
}

/// How it wants to be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    /// espeak-ng's own options.
    EspeakNg,
    /// The options that `devices.toml` describes, for a program of the site's own.
    Described,
}

/// Why nothing is read aloud here; for a technician.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unavailable {
    /// The program is not there.
    #[error("没有装朗读程序 {program}（espeak-ng 用 apt-get install espeak-ng 安装）")]
    NotInstalled {
        /// Its name or path.
        program: String,
    },
    /// The program would be heard by nobody, and espeak-ng would not even say so.
    #[error("没有声卡：{folder} 里没有可以放声音的设备")]
    NoSoundDevice {
        /// Where the kernel lists sound devices.
        folder: String,
    },
    /// There is one, for other accounts.
    #[error("没有权限用声卡：请把运行终端的用户加进 audio 组（{folder}）")]
    NotPermitted {
        /// Where the kernel lists sound devices.
        folder: String,
    },
}

/// Where to look for programs and sound devices.
#[derive(Clone, Debug)]
pub struct Machine {
    /// Folders with programs, as in `PATH`.
    pub program_folders: OsString,
    /// Where the kernel lists sound devices.
    pub sound_folder: PathBuf,
}

impl Machine {
    /// This one.
    pub fn this() -> Self {
        Self {
            program_folders: std::env::var_os("PATH").unwrap_or_default(),
            sound_folder: "/dev/snd".into(),
        }
    }

    fn finds(&self, program: &str) -> Option<PathBuf> {
        std::env::split_paths(&self.program_folders)
            .map(|folder| folder.join(program))
            .find(|path| path.is_file())
    }

    /// Whether this account can be heard. ALSA calls what plays `pcmC0D0p`; what only records ends in `c`.
    fn plays(&self) -> Result<(), Unavailable> {
        let plays = |name: &str| name.starts_with("pcm") && name.ends_with('p');
        let devices: Vec<PathBuf> = std::fs::read_dir(&self.sound_folder)
            .into_iter()
            .flatten()
            .flatten()
            .filter(|entry| entry.file_name().to_str().is_some_and(plays))
            .map(|entry| entry.path())
            .collect();
        let folder = || self.sound_folder.display().to_string();
        if devices.is_empty() {
            return Err(Unavailable::NoSoundDevice { folder: folder() });
        }
        if !devices
            .iter()
            .any(|device| access(device, Access::WRITE_OK).is_ok())
        {
            return Err(Unavailable::NotPermitted { folder: folder() });
        }
        Ok(())
    }
}

impl Engine {
    /// Looks for what the configuration asks for.
    pub fn find(config: &config::Speaker, machine: &Machine) -> Result<Self, Unavailable> {
        let program = match &config.engine {
            SpeechEngine::Auto => machine.finds(USUAL).ok_or_else(|| USUAL.to_owned()),
            SpeechEngine::Program(path) if path.is_file() => Ok(path.clone()),
            SpeechEngine::Program(path) => Err(path.display().to_string()),
        }
        .map_err(|program| Unavailable::NotInstalled { program })?;
        machine.plays()?;
        let manner = if program.file_name() == Some(USUAL.as_ref()) {
            Manner::EspeakNg
        } else {
            Manner::Described
        };
        Ok(Self { program, manner })
    }

    /// The program.
    pub fn program(&self) -> &Path {
        &self.program
    }

    /// Everything but the text.
    pub(super) fn arguments(&self, voice: Language, rate: Rate, volume: Volume) -> Vec<String> {
        match self.manner {
            Manner::EspeakNg => espeak_ng(voice, rate, volume),
            Manner::Described => vec![
                "--language".into(),
                voice.code().into(),
                "--rate-percent".into(),
                rate.percent().to_string(),
                "--volume-db".into(),
                volume.db().to_string(),
            ],
        }
    }
}

fn espeak_ng(voice: Language, rate: Rate, volume: Volume) -> Vec<String> {
    // espeak-ng 1.51 spells most characters as English letters with the voice `cmn`; with this one it
    // speaks Mandarin.
    let voice = match voice {
        Language::Chinese => "cmn-latn-pinyin",
        Language::English => "en-gb",
    };
    let amplitude = USUAL_AMPLITUDE * 10_f32.powf(f32::from(volume.db()) / 20.0);
    let amplitude = amplitude.min(LARGEST_AMPLITUDE).round() as u32;
    let words = USUAL_WORDS_PER_MINUTE * rate.percent() / 100;
    let mut arguments: Vec<String> = ["--stdin", "-b", "1"].map(Into::into).into();
    for (option, value) in [
        ("-v", voice.to_owned()),
        ("-s", words.to_string()),
        ("-a", amplitude.to_string()),
    ] {
        arguments.extend([option.to_owned(), value]);
    }
    arguments
}

//! `[speaker]` of `devices.toml`: whether the terminal reads aloud, with what, how fast and how loudly.

use std::path::PathBuf;

use super::reader::Section;

/// A loudspeaker, and what speaks through it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Speaker {
    /// What turns text into sound.
    pub engine: SpeechEngine,
    /// How fast, until somebody wants it otherwise.
    pub rate: Rate,
    /// How loudly.
    pub volume: Volume,
}

/// Which program speaks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SpeechEngine {
    /// espeak-ng, wherever it is installed.
    #[default]
    Auto,
    /// This one.
    Program(PathBuf),
}

/// Speed of speech: half to twice as fast as usual, in quarters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    quarters: u8,
}

impl Default for Rate {
    fn default() -> Self {
        Self { quarters: 4 }
    }
}

impl Rate {
    const QUARTERS: std::ops::RangeInclusive<u8> = 2..=8;

    /// From percent of the usual speed: 50, 75 … 200.
    pub fn from_percent(percent: i64) -> Option<Self> {
        let quarters = u8::try_from(percent / 25).ok()?;
        (percent % 25 == 0 && Self::QUARTERS.contains(&quarters)).then_some(Self { quarters })
    }

    /// Percent of the usual speed.
    pub fn percent(self) -> u32 {
        u32::from(self.quarters) * 25
    }

    /// One step slower; none when it is as slow as it gets.
    pub fn slower(self) -> Option<Self> {
        Self::from_percent(i64::from(self.percent()) - 25)
    }

    /// One step faster; none when it is as fast as it gets.
    pub fn faster(self) -> Option<Self> {
        Self::from_percent(i64::from(self.percent()) + 25)
    }
}

/// Loudness against the engine's own, in steps of five decibels from -20 to 5.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Volume {
    steps: i8,
}

impl Volume {
    /// From decibels.
    pub fn from_db(db: i64) -> Option<Self> {
        let steps = i8::try_from(db / 5).ok()?;
        (db % 5 == 0 && (-4..=1).contains(&steps)).then_some(Self { steps })
    }

    /// Decibels.
    pub fn db(self) -> i8 {
        self.steps * 5
    }
}

impl Speaker {
    pub(super) fn read(section: &Section<'_>) -> Self {
        let engine = section.optional_text("engine", &engine_name);
        Self {
            engine: match engine.as_deref() {
                None | Some("auto") => SpeechEngine::Auto,
                Some(path) => SpeechEngine::Program(path.into()),
            },
            rate: stepped(
                section,
                "rate_percent",
                "50、75、100、125、150、175、200",
                Rate::from_percent,
            ),
            volume: stepped(
                section,
                "volume_db",
                "-20、-15、-10、-5、0、5",
                Volume::from_db,
            ),
        }
    }
}

fn engine_name(text: &str) -> super::rules::Verdict {
    if text == "auto" || (text.starts_with('/') && text.len() > 1) {
        return Ok(());
    }
    Err((
        "不是朗读程序的名字".to_owned(),
        "请写 \"auto\"，或者程序的完整路径，例如 \"/usr/bin/espeak-ng\"".to_owned(),
    ))
}

/// A whole number that is one of a few; its usual value where it is left out or wrong.
fn stepped<T: Default>(
    section: &Section<'_>,
    key: &'static str,
    list: &str,
    make: impl Fn(i64) -> Option<T>,
) -> T {
    let Some(value) = section.value(key) else {
        return T::default();
    };
    let number = value.get_ref().as_integer();
    let taken = number
        .and_then(|n| i64::from_str_radix(n.as_str(), n.radix()).ok())
        .and_then(make);
    taken.unwrap_or_else(|| {
        section.report(
            value.span(),
            format!("{} 只能取几个数", section.full(key)),
            format!("请写下面的一个：{list}"),
        );
        T::default()
    })
}

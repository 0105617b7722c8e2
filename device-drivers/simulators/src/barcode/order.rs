//! The orders that a test may give to the reader, and what they change.

use serde::Deserialize;
use serde_json::{Value, json};

use super::engine::Engine;
use crate::plug::Plug;

/// One line on the control socket.
#[derive(Debug, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Order {
    /// Holds a code in front of the window.
    Show {
        /// What is in it.
        text: String,
        /// Encoded as GB18030 instead of UTF-8.
        #[serde(default)]
        gb18030: bool,
    },
    /// Takes it away.
    TakeAway {},
    /// Refuses the next commands.
    FailNext {
        /// How many.
        #[serde(default = "once")]
        times: u32,
    },
    /// Disturbs what is sent next.
    Noise {
        /// Random bytes before it.
        #[serde(default = "some_noise")]
        bytes: usize,
        /// Whether to change one byte of it too.
        #[serde(default)]
        flip: bool,
    },
    /// Half of what is sent next, then silence.
    Cut {},
    /// Everything takes `factor` times as long.
    Slow {
        /// 1 is sound.
        factor: f64,
    },
    /// Runs at another rate than before.
    WrongBaud {
        /// Bit/s.
        baud: u32,
    },
    /// Says nothing any more.
    Mute {},
    /// Does not hear the next acknowledgements.
    LoseAcknowledgements {
        /// How many.
        #[serde(default = "once")]
        times: u32,
    },
    /// Pulls the cable.
    Unplug {},
    /// Puts it in again.
    Plug {},
    /// Everything is sound again.
    Restore {},
    /// Changes nothing; the answer tells how things are.
    State {},
}

fn once() -> u32 {
    1
}
fn some_noise() -> usize {
    16
}

/// What is wrong with the line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LineFaults {
    /// Random bytes before the next sending, and whether one of its own is changed.
    pub noise: Option<(usize, bool)>,
    /// The line breaks in the middle of the next sending.
    pub cut: bool,
    /// Nothing is sent.
    pub silent: bool,
    /// How many times slower than sound.
    pub slowness: f64,
}

const SOUND: LineFaults = LineFaults {
    noise: None,
    cut: false,
    silent: false,
    slowness: 1.0,
};

/// The reader with its line.
pub struct Reader {
    /// The reader.
    pub engine: Engine,
    /// What is wrong with the line.
    pub faults: LineFaults,
    /// Own rate in bit/s.
    pub baud: u32,
    sound_baud: u32,
    plug: Plug,
}

impl Reader {
    /// A reader on a sound line.
    pub fn new(engine: Engine, baud: u32, plug: Plug) -> Self {
        Self {
            engine,
            faults: SOUND,
            baud,
            sound_baud: baud,
            plug,
        }
    }

    /// Carries out one order.
    ///
    /// # Errors
    /// Says what was wrong with the order.
    pub fn obey(&mut self, order: Order) -> Result<Value, String> {
        match order {
            Order::Show {
                text,
                gb18030: false,
            } => self.engine.show(text.into_bytes()),
            Order::Show { text, .. } => {
                let bytes = encoding_rs::GB18030.encode(&text).0.into_owned();
                self.engine.show(bytes);
            }
            Order::TakeAway {} => self.engine.take_away(),
            Order::FailNext { times } => self.engine.refuse = times,
            Order::Noise { bytes, flip } => self.faults.noise = Some((bytes.min(4096), flip)),
            Order::Cut {} => self.faults.cut = true,
            Order::Slow { factor } if (0.01..=100.0).contains(&factor) => {
                self.faults.slowness = factor;
            }
            Order::Slow { .. } => return Err("factor must lie between 0.01 and 100".into()),
            Order::WrongBaud { baud } => self.baud = baud.max(1),
            Order::Mute {} => self.faults.silent = true,
            Order::LoseAcknowledgements { times } => self.engine.deaf = times,
            Order::Unplug {} => self.plug.set(false),
            Order::Plug {} => self.plug.set(true),
            Order::Restore {} => {
                self.plug.set(true);
                self.faults = SOUND;
                self.engine.refuse = 0;
                self.engine.deaf = 0;
                self.baud = self.sound_baud;
            }
            Order::State {} => {}
        }
        Ok(json!({
            "looking": self.engine.is_looking(),
            "unread": self.engine.has_unread(),
            "read": self.engine.read,
            "commands": self.engine.commands,
            "unknown-bytes": self.engine.unknown_bytes,
            "repeated": self.engine.repeated,
            "baud": self.baud,
        }))
    }
}

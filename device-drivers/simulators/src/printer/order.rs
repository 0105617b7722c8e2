//! The orders that a test may give to the printer, and what they change.

use serde::Deserialize;
use serde_json::{Value, json};

use super::machine::Machine;
use super::model::AnswerFaults;
use super::paper::End;
use super::status::{Condition, PaperSensor};
use crate::plug::Plug;

/// One line on the control socket.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Order {
    /// The paper is at its end.
    PaperOut {},
    /// The roll is thin.
    PaperNearEnd {},
    /// A full roll.
    PaperOk {},
    /// The paper ends after this many more rows.
    PaperOutAfterRows {
        /// Rows of dots, fed ones included.
        rows: u64,
    },
    /// The cover is opened.
    CoverOpen {},
    /// The cover is closed.
    CoverClose {},
    /// The cutter jams.
    CutterError {
        /// It stays jammed whatever the host says.
        #[serde(default)]
        stuck: bool,
    },
    /// Somebody presses the on-line button.
    Offline {},
    /// Answers nothing any more.
    Mute {},
    /// Does not know GS r.
    NoGsR {},
    /// Paper is stuck.
    Jam {},
    /// The head is too hot.
    HeadHot {},
    /// The head has cooled down.
    HeadCool {},
    /// The next answers are not given.
    FailNext {
        /// How many.
        #[serde(default = "once")]
        times: u32,
    },
    /// Nothing goes through the cable any more.
    Cut {},
    /// Line and paper take `factor` times as long.
    Slow {
        /// 1 is sound.
        factor: f64,
    },
    /// Runs at another rate than before.
    WrongBaud {
        /// Bit/s.
        baud: u32,
    },
    /// Pulls the cable.
    Unplug {},
    /// Puts it in again.
    Plug {},
    /// Random bytes before the next answer.
    Noise {
        /// How many.
        #[serde(default = "some_noise")]
        bytes: usize,
    },
    /// Everything is sound again, with a full roll.
    Restore {},
    /// Changes nothing; the answer tells how things are.
    State {},
}

fn some_noise() -> usize {
    16
}
fn once() -> u32 {
    1
}

/// What is wrong with the line, and what it was before.
#[derive(Debug, Clone, Copy)]
pub struct LineFaults {
    /// Nothing goes through.
    pub cut: bool,
    /// How many times slower than sound.
    pub slowness: f64,
    sound_baud: u32,
    sound_speed: u32,
}

impl LineFaults {
    /// A sound line at this rate, to a printer of this speed in millimetres per second.
    pub fn sound(baud: u32, speed: u32) -> Self {
        Self {
            cut: false,
            slowness: 1.0,
            sound_baud: baud,
            sound_speed: speed,
        }
    }
}

/// A sheet that has been written to a file.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct WrittenSheet {
    /// Name of the picture in the output folder.
    pub file: String,
    /// Its height in dots.
    pub rows: usize,
    /// How it came off the roll.
    pub end: End,
}

/// The printer with what it has put out.
pub struct Printer {
    /// The printer.
    pub machine: Machine,
    /// Sheets so far.
    pub sheets: Vec<WrittenSheet>,
    /// Rate that the client had last.
    pub client_baud: u32,
    /// Own rate.
    pub baud: u32,
    /// What is wrong with the line.
    pub line: LineFaults,
    /// The cable.
    pub plug: Plug,
}

impl Printer {
    /// Carries out one order.
    ///
    /// # Errors
    /// Says what was wrong with the order.
    pub fn obey(&mut self, order: Order) -> Result<Value, String> {
        let machine = &mut self.machine;
        match order {
            Order::PaperOut {} => machine.change(|now| now.paper = PaperSensor::Out),
            Order::PaperNearEnd {} => machine.change(|now| now.paper = PaperSensor::NearEnd),
            Order::PaperOk {} => {
                machine.rows_left = None;
                machine.change(|now| now.paper = PaperSensor::Full);
            }
            Order::PaperOutAfterRows { rows: 0 } => {
                machine.change(|now| now.paper = PaperSensor::Out);
            }
            Order::PaperOutAfterRows { rows } => machine.rows_left = Some(rows),
            Order::CoverOpen {} => machine.change(|now| now.cover_open = true),
            Order::CoverClose {} => machine.change(|now| now.cover_open = false),
            Order::CutterError { stuck } => {
                machine.answers.cutter_stuck = stuck;
                machine.change(|now| now.cutter_error = true);
            }
            Order::Offline {} => machine.change(|now| now.switched_offline = true),
            Order::Mute {} => machine.answers.mute = true,
            Order::NoGsR {} => machine.answers.no_gs_r = true,
            Order::Jam {} => machine.change(|now| now.jam = true),
            Order::HeadHot {} => machine.change(|now| now.head_hot = true),
            Order::HeadCool {} => machine.change(|now| now.head_hot = false),
            Order::FailNext { times } => machine.answers.unanswered = times,
            Order::Cut {} => self.line.cut = true,
            Order::Slow { factor } if (0.01..=100.0).contains(&factor) => {
                self.line.slowness = factor;
                let speed = f64::from(self.line.sound_speed) / factor;
                machine.model.speed_mm = speed.max(1.0) as u32;
            }
            Order::Slow { .. } => return Err("factor must lie between 0.01 and 100".into()),
            Order::WrongBaud { baud } => self.baud = baud.max(1),
            Order::Unplug {} => self.plug.set(false),
            Order::Plug {} => self.plug.set(true),
            Order::Noise { bytes } => machine.answers.noise = bytes.min(4096),
            Order::Restore {} => {
                machine.rows_left = None;
                machine.answers = AnswerFaults::default();
                machine.model.speed_mm = self.line.sound_speed;
                self.baud = self.line.sound_baud;
                self.line = LineFaults::sound(self.baud, self.line.sound_speed);
                self.plug.set(true);
                machine.change(|now| *now = Condition::SOUND);
            }
            Order::State {} => {}
        }
        Ok(self.state())
    }

    fn state(&self) -> Value {
        let machine = &self.machine;
        let counters = &machine.counters;
        let blemishes = machine.engine.blemishes;
        json!({
            "sheets": self.sheets,
            "rows-printed": counters.rows,
            "bytes-received": counters.received,
            "bytes-held": machine.bytes_held(),
            "rows-held": machine.rows_held(),
            "unknown-bytes": counters.unknown_bytes,
            "unknown": counters.unknown,
            "real-time-commands": counters.real_time,
            "framing-errors": counters.framing_errors,
            "cleared-bytes": counters.cleared_bytes,
            "drawer-pulses": counters.drawer,
            "clipped-rows": blemishes.clipped_rows,
            "misplaced-commands": blemishes.misplaced,
            "unprintable-characters": blemishes.unprintable,
            "failed-symbols": blemishes.failed_symbols,
            "offline": machine.condition().is_offline(),
            "condition": machine.condition(),
            "paper-out-after-rows": machine.rows_left,
            "answers": machine.answers,
            "baud": self.baud,
            "client-baud": self.client_baud,
        })
    }
}

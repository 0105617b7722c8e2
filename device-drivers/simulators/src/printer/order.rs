//! The orders that a test may give to the printer, and what they change.

use serde::Deserialize;
use serde_json::{Value, json};

use super::machine::Machine;
use super::model::AnswerFaults;
use super::paper::End;
use super::status::{Condition, PaperSensor};

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
}

impl Printer {
    /// Carries out one order.
    pub fn obey(&mut self, order: Order) -> Value {
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
            Order::Noise { bytes } => machine.answers.noise = bytes.min(4096),
            Order::Restore {} => {
                machine.rows_left = None;
                machine.answers = AnswerFaults::default();
                machine.change(|now| *now = Condition::SOUND);
            }
            Order::State {} => {}
        }
        self.state()
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

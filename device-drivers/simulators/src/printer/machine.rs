//! The printer as a whole: receive buffer, formatter, motor, sensors. No I/O; time is given.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::engine::{Engine, Work};
use super::model::{AnswerFaults, Counters, Model, identity};
use super::paper::{Paper, Sheet};
use super::status::{Condition, PaperSensor};
use super::token::{Arrived, RealTime, Token};
use super::tokenizer::Tokenizer;
use super::typeface::Typeface;

/// Rows that make a millimetre at 203 dpi.
const ROWS_PER_MM: u32 = 8;
/// What a cut takes.
const CUTTING: Duration = Duration::from_millis(200);
/// How far a late scheduler may be caught up with.
const CATCH_UP: Duration = Duration::from_millis(20);
/// Free bytes below which a printer with XON/XOFF asks for a pause, and above which it ends it.
const PAUSE_BELOW: usize = 256;
const RESUME_ABOVE: usize = 512;
/// Unknown commands that are kept to be shown.
const SHOWN_UNKNOWN: usize = 16;

const XON: u8 = 0x11;
const XOFF: u8 = 0x13;

/// The printer.
pub struct Machine {
    /// What kind it is.
    pub model: Model,
    tokenizer: Tokenizer,
    buffer: VecDeque<(Token, usize)>,
    buffered: usize,
    arriving: usize,
    /// The formatter.
    pub engine: Engine,
    work: VecDeque<Work>,
    paper: Paper,
    condition: Condition,
    /// Rows until the paper ends, when ordered.
    pub rows_left: Option<u64>,
    /// Faults of the answers.
    pub answers: AnswerFaults,
    /// What has happened so far.
    pub counters: Counters,
    automatic: u8,
    paused: bool,
    motor_free_at: Instant,
    outgoing: Vec<u8>,
    sheets: Vec<Sheet>,
    rng: fastrand::Rng,
}

impl Machine {
    /// A sound printer with a full roll.
    pub fn new(model: Model, typeface: Typeface, now: Instant) -> Self {
        Self {
            model,
            tokenizer: Tokenizer::default(),
            buffer: VecDeque::new(),
            buffered: 0,
            arriving: 0,
            engine: Engine::new(model.dots, typeface),
            work: VecDeque::new(),
            paper: Paper::new(model.dots),
            condition: Condition::SOUND,
            rows_left: None,
            answers: AnswerFaults::default(),
            counters: Counters::default(),
            automatic: 0,
            paused: false,
            motor_free_at: now,
            outgoing: Vec::new(),
            sheets: Vec::new(),
            rng: fastrand::Rng::with_seed(1),
        }
    }

    /// The condition of the mechanism.
    pub fn condition(&self) -> Condition {
        self.condition
    }

    /// Bytes that wait in the receive buffer, the unfinished token included.
    pub fn bytes_held(&self) -> usize {
        self.buffered + self.tokenizer.unfinished()
    }

    /// Rows that are ready to be printed.
    pub fn rows_held(&self) -> usize {
        self.work
            .iter()
            .filter(|work| matches!(work, Work::Row(_)))
            .count()
    }

    /// Free bytes in the receive buffer. Large parameters have their own memory and do not count.
    pub fn room(&self) -> usize {
        self.model.buffer.saturating_sub(self.buffered)
    }

    /// Takes one byte off the line.
    pub fn receive(&mut self, byte: u8) {
        self.counters.received += 1;
        self.arriving += 1;
        match self.tokenizer.push(byte) {
            None => {}
            Some(Arrived::RealTime(command)) => {
                self.arriving = 0;
                self.counters.real_time += 1;
                self.real_time(command);
            }
            Some(Arrived::Queued(token)) => {
                let size = std::mem::take(&mut self.arriving);
                self.buffered += size;
                self.buffer.push_back((token, size));
            }
        }
        self.ask_for_pause();
    }

    /// Takes a byte that came at the wrong rate: printers put a question mark in its place.
    pub fn receive_garbled(&mut self) {
        self.counters.framing_errors += 1;
        self.receive(b'?');
    }

    /// Does what is due at `now`; returns when to come again if there is more to do.
    pub fn advance(&mut self, now: Instant) -> Option<Instant> {
        while !self.condition.is_offline() {
            if self.motor_free_at > now {
                return Some(self.motor_free_at);
            }
            if let Some(work) = self.work.pop_front() {
                self.perform(work, now);
            } else if let Some((token, size)) = self.buffer.pop_front() {
                self.buffered -= size;
                self.note_unknown(&token);
                self.work.extend(self.engine.execute(token));
                self.ask_for_pause();
            } else {
                return None;
            }
        }
        None
    }

    /// Bytes to be sent to the host.
    pub fn take_outgoing(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.outgoing)
    }

    /// Sheets that have come out.
    pub fn take_sheets(&mut self) -> Vec<Sheet> {
        std::mem::take(&mut self.sheets)
    }

    /// Changes the condition of the mechanism and reports it if that was asked for.
    pub fn change(&mut self, change: impl FnOnce(&mut Condition)) {
        let former = self.condition;
        change(&mut self.condition);
        if former.paper == PaperSensor::Out && self.condition.paper != PaperSensor::Out {
            self.sheets.extend(self.paper.replace());
        }
        if self.automatic & self.condition.differences(&former) != 0 {
            self.report();
        }
    }

    fn perform(&mut self, work: Work, now: Instant) {
        match work {
            Work::Row(row) => self.move_paper(&row, now),
            Work::Feed(0) => {}
            Work::Feed(rows) => {
                self.work.push_front(Work::Feed(rows - 1));
                self.move_paper(&[], now);
            }
            Work::Cut => {
                self.occupy(CUTTING, now);
                self.sheets.extend(self.paper.cut());
            }
            Work::Drawer => self.counters.drawer += 1,
            Work::QueuedStatus(n) => {
                if !self.answers.no_gs_r {
                    self.say(&[self.condition.queued(n)]);
                }
            }
            Work::AutomaticStatus(mask) => {
                self.automatic = mask;
                if mask != 0 {
                    self.report();
                }
            }
            Work::Identity(n) => self.say(identity(n)),
        }
    }

    fn move_paper(&mut self, row: &[u8], now: Instant) {
        self.occupy(
            Duration::from_secs(1) / (self.model.speed_mm.max(1) * ROWS_PER_MM),
            now,
        );
        self.paper.print(row);
        self.counters.rows += 1;
        if let Some(left) = self.rows_left.as_mut() {
            *left = left.saturating_sub(1);
            if *left == 0 {
                self.rows_left = None;
                self.change(|condition| condition.paper = PaperSensor::Out);
            }
        }
    }

    fn occupy(&mut self, time: Duration, now: Instant) {
        let late = now.saturating_duration_since(self.motor_free_at);
        let start = if late < CATCH_UP {
            self.motor_free_at
        } else {
            now
        };
        self.motor_free_at = start + time;
    }

    fn real_time(&mut self, command: RealTime) {
        match command {
            RealTime::Status(n) => self.say(&[self.condition.real_time(n)]),
            RealTime::Drawer => self.counters.drawer += 1,
            RealTime::Recover => self.recover(),
            RealTime::RecoverAndClear => {
                self.clear();
                self.recover();
            }
            RealTime::Clear => {
                self.clear();
                self.say(&[0x37, 0x25, 0x00]);
            }
        }
    }

    fn recover(&mut self) {
        if !self.answers.cutter_stuck {
            self.change(|condition| condition.cutter_error = false);
        }
    }

    /// What was printed already stays on the paper and comes out with the next cut.
    fn clear(&mut self) {
        self.counters.cleared_bytes += self.buffered as u64;
        self.buffer.clear();
        self.buffered = 0;
        self.work.clear();
        self.engine.clear();
        self.ask_for_pause();
    }

    fn note_unknown(&mut self, token: &Token) {
        let Token::Unknown(bytes) = token else { return };
        self.counters.unknown_bytes += bytes.len() as u64;
        if self.counters.unknown.len() < SHOWN_UNKNOWN {
            let shown: Vec<String> = bytes
                .iter()
                .take(16)
                .map(|byte| format!("{byte:02X}"))
                .collect();
            self.counters.unknown.push(shown.join(" "));
        }
    }

    fn report(&mut self) {
        self.say(&self.condition.automatic());
    }

    fn say(&mut self, bytes: &[u8]) {
        if self.answers.mute {
            return;
        }
        if self.answers.unanswered > 0 {
            self.answers.unanswered -= 1;
            return;
        }
        for _ in 0..std::mem::take(&mut self.answers.noise) {
            self.outgoing.push(self.rng.u8(..));
        }
        self.outgoing.extend(bytes);
    }

    fn ask_for_pause(&mut self) {
        if !self.model.xon_xoff {
            return;
        }
        if !self.paused && self.room() < PAUSE_BELOW {
            self.paused = true;
            self.outgoing.push(XOFF);
        } else if self.paused && self.room() > RESUME_ABOVE {
            self.paused = false;
            self.outgoing.push(XON);
        }
    }
}

#[cfg(test)]
#[path = "machine_tests.rs"]
mod tests;

//! A printer in memory for the driver's tests: decodes what arrives, runs out of paper, keeps
//! silent, holds, and never waits.

use std::collections::VecDeque;
use std::time::Instant;

use crate::transport::{ByteStream, PortError};

/// How the fake printer is and what has come out of it.
#[derive(Debug, Default)]
#[allow(clippy::struct_excessive_bools)] // Each is an independent fault to inject.
pub(super) struct FakePrinter {
    /// Says nothing at all.
    pub mute: bool,
    /// Does not know GS r.
    pub no_queued: bool,
    /// Answers with this instead of what it should say.
    pub babble: Option<Vec<u8>>,
    /// Cover open.
    pub cover_open: bool,
    /// Rows of paper left, if the roll ends.
    pub paper_left: Option<usize>,
    /// Stops taking bytes after so many.
    pub takes: Option<usize>,
    /// Head hot: off line for so many questions about the cause.
    pub hot_for: usize,
    /// The line is cut after so many bytes.
    pub breaks_after: Option<usize>,
    /// Does not obey DLE ENQ while off line, like many.
    pub ignores_clear: bool,

    /// Sheets that were cut off, each its rows of dots; white feed not included.
    pub sheets: Vec<Vec<Vec<u8>>>,
    /// Rows printed since the last cut.
    pub rows: Vec<Vec<u8>>,
    /// Dots fed since the last row.
    pub fed: usize,
    /// Bytes that are no command. NUL is none, does nothing, and ends one that broke off.
    pub unknown: usize,
    /// All real-time questions answered.
    pub asked: usize,

    /// The command that is arriving.
    pub command: Vec<u8>,
    /// Commands that wait for the printer to be well.
    pub held: VecDeque<Vec<u8>>,
    /// Answers not yet read.
    pub replies: VecDeque<u8>,
    /// Bytes taken so far.
    pub taken: usize,
}

impl FakePrinter {
    /// Puts in a new roll and closes the cover.
    pub fn refill(&mut self) {
        self.paper_left = None;
        self.cover_open = false;
        self.work();
    }

    fn offline(&self) -> bool {
        self.cover_open || self.paper_left == Some(0) || self.hot_for > 0
    }

    fn reply(&mut self, byte: u8) {
        if self.mute {
            return;
        }
        match &self.babble {
            Some(babble) => self.replies.extend(babble),
            None => self.replies.push_back(byte),
        }
    }

    /// Takes one byte as it arrives on the wire.
    fn arrive(&mut self, byte: u8) {
        self.command.push(byte);
        let needed = match self.command[..] {
            [0x10 | 0x1B | 0x1D] | [0x1B, 0x40] => 2,
            [0x10, 0x04 | 0x05, ..] | [0x1B, 0x4A, ..] | [0x1D, 0x61 | 0x72, ..] => 3,
            [0x1D, 0x56, ..] => 4,
            [0x1D, 0x76, _, _, a, b, c, d, ..] => {
                let le = |low, high| usize::from(u16::from_le_bytes([low, high]));
                8 + le(a, b) * le(c, d)
            }
            [0x1D, 0x76, ..] => 8,
            _ => {
                self.unknown += usize::from(byte != 0);
                self.command.clear();
                return;
            }
        };
        if self.command.len() >= needed {
            let command = std::mem::take(&mut self.command);
            match command[..] {
                [0x10, 0x04, n] => self.answer(n),
                [0x10, 0x05, 2] if !(self.ignores_clear && self.offline()) => self.held.clear(),
                [0x10, ..] => {}
                _ => self.held.push_back(command),
            }
            self.work();
        }
    }

    fn answer(&mut self, question: u8) {
        self.asked += 1;
        let end = self.paper_left == Some(0);
        let bit = |on: bool, mask| if on { mask } else { 0 };
        let byte = 0x12
            | match question {
                1 => bit(self.offline(), 0x08),
                2 => bit(self.cover_open, 0x04) | bit(end, 0x20) | bit(self.hot_for > 0, 0x40),
                3 => bit(self.hot_for > 0, 0x40),
                _ => bit(end, 0x60),
            };
        if question == 4 {
            self.hot_for = self.hot_for.saturating_sub(1);
        }
        self.reply(byte);
    }

    /// Prints what is held for as long as it can.
    fn work(&mut self) {
        while !self.offline() {
            let Some(command) = self.held.pop_front() else {
                return;
            };
            match command[..] {
                [0x1D, 0x76, _, _, low, high, ..] => {
                    let stride = usize::from(u16::from_le_bytes([low, high]));
                    self.print(stride, &command[8..]);
                }
                [0x1B, 0x4A, n] => self.fed += usize::from(n),
                [0x1D, 0x56, ..] => {
                    assert!(self.fed >= 96, "cut through the last lines");
                    self.sheets.push(std::mem::take(&mut self.rows));
                    self.fed = 0;
                }
                [0x1D, 0x72, _] if !self.no_queued => self.reply(0x00),
                _ => {}
            }
        }
    }

    fn print(&mut self, stride: usize, data: &[u8]) {
        // A head completed with NUL has no width: no picture.
        for (at, row) in data.chunks(stride.max(1)).enumerate() {
            match &mut self.paper_left {
                Some(0) => {
                    let rest = &data[at * stride..];
                    let mut command = vec![0x1D, 0x76, 0, 0, stride as u8, 0, 0, 0];
                    command.extend(rest);
                    self.held.push_front(command);
                    return;
                }
                Some(left) => *left -= 1,
                None => {}
            }
            let mut dots = row.to_vec();
            dots.resize(72, 0);
            self.rows.push(dots);
            self.fed = 0;
        }
    }
}

impl ByteStream for FakePrinter {
    fn read(&mut self, buf: &mut [u8], _deadline: Instant) -> Result<usize, PortError> {
        if self.breaks_after.is_some_and(|n| self.taken >= n) {
            return Err(PortError::Unplugged("fake".into()));
        }
        let n = buf.len().min(self.replies.len());
        if n == 0 {
            return Err(PortError::TimedOut);
        }
        for (slot, byte) in buf.iter_mut().zip(self.replies.drain(..n)) {
            *slot = byte;
        }
        Ok(n)
    }

    fn write_all(&mut self, bytes: &[u8], _deadline: Instant) -> Result<(), PortError> {
        for &byte in bytes {
            if self.breaks_after.is_some_and(|n| self.taken >= n) {
                return Err(PortError::Unplugged("fake".into()));
            }
            if self.takes.is_some_and(|n| self.taken >= n) {
                return Err(PortError::TimedOut);
            }
            self.taken += 1;
            self.arrive(byte);
        }
        Ok(())
    }

    fn set_baud(&mut self, _baud: u32) -> Result<(), PortError> {
        Ok(())
    }
}

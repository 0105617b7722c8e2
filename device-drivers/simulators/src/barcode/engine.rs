//! The reader as a whole: window, trigger, and what it has to say. No I/O; time is given.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use clap::ValueEnum;

use super::speech::{Command, Front, Speech, Tail, ssi_packet};

/// How long a triggered reader looks before it gives up.
const LOOKING: Duration = Duration::from_secs(5);
/// How long a packet waits to be acknowledged before it is sent again, and how often it is.
const ACKNOWLEDGED_WITHIN: Duration = Duration::from_secs(2);
const REPETITIONS: u32 = 3;
/// Data bytes of one SSI packet.
const PACKET: usize = 240;
/// SSI's number for a QR code.
const QR: u8 = 0x1C;

/// When a reader looks for a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Looks {
    /// Always.
    #[default]
    Always,
    /// When the host says so.
    WhenTold,
}

/// A packet that waits to be acknowledged.
#[derive(Debug, Clone)]
struct Waiting {
    more: bool,
    data: Vec<u8>,
    since: Instant,
    repeated: u32,
}

/// The reader.
pub struct Engine {
    speech: Speech,
    tail: Tail,
    looks: Looks,
    looking_since: Option<Instant>,
    /// In front of the window and not read yet.
    shown: Option<Vec<u8>>,
    incoming: Vec<u8>,
    packets: VecDeque<(bool, Vec<u8>)>,
    waiting: Option<Waiting>,
    outgoing: VecDeque<Vec<u8>>,
    /// Commands that are still to be refused.
    pub refuse: u32,
    /// Acknowledgements that are still to be missed.
    pub deaf: u32,
    /// Codes that were read.
    pub read: u64,
    /// Commands that were obeyed or refused.
    pub commands: u64,
    /// Bytes that belong to no command.
    pub unknown_bytes: u64,
    /// Packets that were sent again.
    pub repeated: u64,
}

impl Engine {
    /// A sound reader with nothing in front of it.
    pub fn new(speech: Speech, tail: Tail, looks: Looks) -> Self {
        Self {
            speech,
            tail,
            looks,
            looking_since: None,
            shown: None,
            incoming: Vec::new(),
            packets: VecDeque::new(),
            waiting: None,
            outgoing: VecDeque::new(),
            refuse: 0,
            deaf: 0,
            read: 0,
            commands: 0,
            unknown_bytes: 0,
            repeated: 0,
        }
    }

    /// Holds a code in front of the window.
    pub fn show(&mut self, code: Vec<u8>) {
        self.shown = Some(code);
    }

    /// Takes it away.
    pub fn take_away(&mut self) {
        self.shown = None;
    }

    /// Whether it looks for a code.
    pub fn is_looking(&self) -> bool {
        self.looks == Looks::Always || self.looking_since.is_some()
    }

    /// Whether a code is in front of the window that was not read yet.
    pub fn has_unread(&self) -> bool {
        self.shown.is_some()
    }

    /// Takes a byte off the line.
    pub fn receive(&mut self, byte: u8, now: Instant) {
        self.incoming.push(byte);
        loop {
            match self.speech.front(&self.incoming) {
                Front::Incomplete => return,
                Front::Garbage => {
                    self.incoming.remove(0);
                    self.unknown_bytes += 1;
                }
                Front::Taken(taken) => {
                    self.incoming.drain(..taken.bytes);
                    let [yes, no] = taken.answers;
                    if taken.command == Command::Heard {
                        self.heard(now);
                        continue;
                    }
                    self.commands += 1;
                    if self.refuse > 0 {
                        self.refuse -= 1;
                        self.say(no);
                        continue;
                    }
                    self.say(yes);
                    match taken.command {
                        Command::Look => self.looking_since = Some(now),
                        Command::Rest => self.looking_since = None,
                        Command::Heard | Command::Other => {}
                    }
                }
            }
        }
    }

    /// A pause that ends an unfinished command.
    pub fn forget_unfinished(&mut self) {
        self.unknown_bytes += self.incoming.len() as u64;
        self.incoming.clear();
    }

    /// Does what is due at `now`, and gives what is to be sent next.
    pub fn advance(&mut self, now: Instant) -> Option<Vec<u8>> {
        if self
            .looking_since
            .is_some_and(|since| now.saturating_duration_since(since) > LOOKING)
        {
            self.looking_since = None;
        }
        if self.is_looking()
            && let Some(code) = self.shown.take()
        {
            self.read += 1;
            self.looking_since = None;
            self.put_out(&code);
        }
        self.send_packets(now);
        self.outgoing.pop_front()
    }

    fn put_out(&mut self, code: &[u8]) {
        if self.speech != Speech::Ssi {
            self.say([code, self.tail.bytes()].concat());
            return;
        }
        let parts: Vec<&[u8]> = code.chunks(PACKET).collect();
        for (at, part) in parts.iter().enumerate() {
            let data = [&[QR], *part].concat();
            self.packets.push_back((at + 1 < parts.len(), data));
        }
    }

    fn send_packets(&mut self, now: Instant) {
        if let Some(waiting) = &mut self.waiting {
            if now.saturating_duration_since(waiting.since) < ACKNOWLEDGED_WITHIN {
                return;
            }
            if waiting.repeated == REPETITIONS {
                self.waiting = None;
                self.packets.clear();
                return;
            }
            waiting.repeated += 1;
            waiting.since = now;
            let status = 1 | u8::from(waiting.more) << 1;
            let packet = ssi_packet(0xF3, status, &waiting.data);
            self.repeated += 1;
            self.outgoing.push_back(packet);
            return;
        }
        if let Some((more, data)) = self.packets.pop_front() {
            self.outgoing
                .push_back(ssi_packet(0xF3, u8::from(more) << 1, &data));
            self.waiting = Some(Waiting {
                more,
                data,
                since: now,
                repeated: 0,
            });
        }
    }

    fn heard(&mut self, now: Instant) {
        if self.deaf > 0 {
            self.deaf -= 1;
            return;
        }
        self.waiting = None;
        self.send_packets(now);
    }

    fn say(&mut self, bytes: Vec<u8>) {
        if !bytes.is_empty() {
            self.outgoing.push_back(bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_code_is_read_once_and_only_while_looking() {
        let now = Instant::now();
        let mut engine = Engine::new(Speech::Honeywell, Tail::Cr, Looks::WhenTold);
        engine.show(b"123".to_vec());
        assert_eq!(engine.advance(now), None);
        for byte in [0x16, 0x54, 0x0D] {
            engine.receive(byte, now);
        }
        assert_eq!(engine.advance(now).unwrap(), b"123\r");
        assert_eq!(engine.advance(now), None);
        assert!(!engine.is_looking());
    }

    #[test]
    fn an_unacknowledged_packet_is_sent_again_and_marked() {
        let now = Instant::now();
        let mut engine = Engine::new(Speech::Ssi, Tail::None, Looks::Always);
        engine.show(b"ab".to_vec());
        let first = engine.advance(now).unwrap();
        assert_eq!(first[3], 0);
        assert_eq!(engine.advance(now), None);
        let later = now + ACKNOWLEDGED_WITHIN;
        assert_eq!(engine.advance(later).unwrap()[3], 1);
        for byte in [4, 0xD0, 4, 0, 0xFF, 0x28] {
            engine.receive(byte, later);
        }
        assert_eq!(engine.advance(later + ACKNOWLEDGED_WITHIN), None);
    }
}

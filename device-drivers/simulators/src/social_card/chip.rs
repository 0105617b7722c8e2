//! The chip: commands in, answers out, as a card's operating system gives them.

use clap::ValueEnum;

use super::records::{Card, Kind};

/// How a chip answers. Real ones differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Manner {
    /// Everything at once.
    #[default]
    Direct,
    /// 61 and 6C first, data when they are asked for, as over T=0.
    Fetch,
    /// Files are selected by identifier (P1 = 00) only.
    Identifier,
}

const ENVIRONMENT: &[u8] = b"sx1.sh.\xC9\xE7\xBB\xE1\xB1\xA3\xD5\xCF";
const WELL: [u8; 2] = [0x90, 0x00];

/// A chip under power.
#[derive(Debug)]
pub struct Chip {
    card: Card,
    manner: Manner,
    in_environment: bool,
    file: Option<u16>,
    waiting: Vec<u8>,
    /// Answers to READ RECORD.
    pub reads: u64,
    /// Commands that only an attacker or a mistaken program sends here: PINs, keys, writing.
    pub forbidden: u64,
}

impl Chip {
    /// A chip that has just been put in.
    pub fn new(card: Card, manner: Manner) -> Self {
        Self {
            card,
            manner,
            in_environment: false,
            file: None,
            waiting: Vec::new(),
            reads: 0,
            forbidden: 0,
        }
    }

    /// Power comes, or goes: nothing is selected any more.
    pub fn reset(&mut self) {
        self.in_environment = false;
        self.file = None;
        self.waiting.clear();
    }

    /// What it says after a reset, and whenever the virtual reader asks whether it is still there.
    pub fn answer_to_reset(&self) -> Vec<u8> {
        if self.card.kind == Kind::Noise {
            return vec![0x00, 0xFF];
        }
        // T=0, eleven historical bytes.
        let mut atr = vec![0x3B, 0x6B, 0x00, 0x00];
        atr.extend(b"JINBAN-SIM ");
        atr
    }

    /// Answers a command.
    pub fn answer(&mut self, apdu: &[u8]) -> Vec<u8> {
        let [class, ins, p1, p2, body @ ..] = apdu else {
            return vec![0x67, 0x00];
        };
        match (class, ins) {
            (0x00, 0xA4) => self.select(*p1, *p2, body),
            (0x00, 0xB2) => self.read_record(*p1, *p2, body),
            (0x00, 0xC0) => self.get_response(body),
            // VERIFY, CHANGE and RESET PIN, authentication, writing.
            (
                _,
                0x0E | 0x16 | 0x18 | 0x1E | 0x20 | 0x24 | 0x2C | 0x5E | 0x82 | 0x88 | 0xD0..=0xDF,
            ) => {
                self.forbidden += 1;
                vec![0x69, 0x82]
            }
            (0x00, _) => vec![0x6D, 0x00],
            _ => vec![0x6E, 0x00],
        }
    }

    fn select(&mut self, p1: u8, p2: u8, body: &[u8]) -> Vec<u8> {
        let Some((&length, name)) = body.split_first() else {
            return vec![0x67, 0x00];
        };
        if usize::from(length) != name.len() || p2 != 0 {
            return vec![0x6A, 0x86];
        }
        match (p1, name) {
            (0x04, name) if name == ENVIRONMENT => match self.card.kind {
                Kind::Locked => vec![0x62, 0x83],
                Kind::Social => {
                    self.in_environment = true;
                    self.file = None;
                    // File control information: the name again.
                    let mut info = vec![0x6F, 17, 0x84, 15];
                    info.extend(ENVIRONMENT);
                    self.deliver(info)
                }
                Kind::Other | Kind::Noise => vec![0x6A, 0x82],
            },
            (0x04, _) => vec![0x6A, 0x82],
            (0x00 | 0x02, &[high, low]) => {
                let by_child = p1 == 0x02;
                if by_child == (self.manner == Manner::Identifier) {
                    return vec![0x6A, 0x86];
                }
                let file = u16::from_be_bytes([high, low]);
                if !self.in_environment || !(0xEF05..=0xEF08).contains(&file) {
                    return vec![0x6A, 0x82];
                }
                self.file = Some(file);
                WELL.to_vec()
            }
            _ => vec![0x6A, 0x86],
        }
    }

    fn read_record(&mut self, tag: u8, p2: u8, body: &[u8]) -> Vec<u8> {
        let &[expected] = body else {
            return vec![0x67, 0x00];
        };
        let here = match self.file {
            None => return vec![0x69, 0x86],
            Some(0xEF05) => tag <= 0x07,
            Some(0xEF06) => tag > 0x07,
            // Readable with a key only.
            Some(_) => return vec![0x69, 0x82],
        };
        let Some(value) = self.card.items.get(&tag).filter(|_| here && p2 == 0) else {
            return vec![0x6A, 0x83];
        };
        let mut record = vec![tag, value.len() as u8];
        record.extend(value);
        if self.manner == Manner::Fetch && usize::from(expected) != record.len() {
            return vec![0x6C, record.len() as u8];
        }
        self.reads += 1;
        record.extend(WELL);
        record
    }

    fn get_response(&mut self, body: &[u8]) -> Vec<u8> {
        let mut data = std::mem::take(&mut self.waiting);
        if data.is_empty() || body != [data.len() as u8] {
            return vec![0x6F, 0x00];
        }
        data.extend(WELL);
        data
    }

    fn deliver(&mut self, mut data: Vec<u8>) -> Vec<u8> {
        if self.manner == Manner::Fetch {
            let length = data.len() as u8;
            self.waiting = data;
            return vec![0x61, length];
        }
        data.extend(WELL);
        data
    }
}

#[cfg(test)]
mod tests {
    use super::super::records::cards;
    use super::*;

    const SELECT: &[u8] = b"\x00\xA4\x04\x00\x0Fsx1.sh.\xC9\xE7\xBB\xE1\xB1\xA3\xD5\xCF";

    fn chip(manner: Manner) -> Chip {
        Chip::new(cards(1).remove(0), manner)
    }

    #[test]
    fn nothing_can_be_read_before_its_file_is_selected() {
        let mut chip = chip(Manner::Direct);
        assert_eq!(chip.answer(&[0, 0xA4, 2, 0, 2, 0xEF, 6]), [0x6A, 0x82]);
        assert_eq!(chip.answer(&[0, 0xB2, 8, 0, 0]), [0x69, 0x86]);
        assert!(chip.answer(SELECT).ends_with(&WELL));
        assert_eq!(chip.answer(&[0, 0xA4, 2, 0, 2, 0xEF, 6]), WELL);
        assert_eq!(chip.answer(&[0, 0xB2, 8, 0, 0])[..2], [8, 18]);
        assert_eq!(chip.answer(&[0, 0xB2, 7, 0, 0]), [0x6A, 0x83]);
        chip.reset();
        assert_eq!(chip.answer(&[0, 0xB2, 8, 0, 0]), [0x69, 0x86]);
    }

    #[test]
    fn a_pin_command_is_noticed() {
        let mut chip = chip(Manner::Fetch);
        assert_eq!(chip.answer(&[0, 0x20, 0, 0, 2, 0x12, 0x34]), [0x69, 0x82]);
        assert_eq!(chip.forbidden, 1);
        assert_eq!(chip.answer(SELECT), [0x61, 19]);
        assert_eq!(chip.answer(&[0, 0xC0, 0, 0, 19]).len(), 21);
        assert_eq!(chip.forbidden, 1);
    }
}

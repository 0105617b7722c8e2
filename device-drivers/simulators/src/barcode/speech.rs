//! The languages of barcode readers, as the reader's own side knows them.

use clap::ValueEnum;

/// How a reader speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Speech {
    /// Text; deaf to commands.
    #[default]
    Plain,
    /// Hangzhou Grow GM65.
    Gm65,
    /// Newland NLS.
    Newland,
    /// Honeywell.
    Honeywell,
    /// Zebra SSI.
    Ssi,
}

/// What comes after a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Tail {
    /// `0D`
    #[default]
    Cr,
    /// `0A`
    Lf,
    /// `0D 0A`
    CrLf,
    /// Nothing.
    None,
}

impl Tail {
    /// Its bytes.
    pub fn bytes(self) -> &'static [u8] {
        match self {
            Self::Cr => &[13],
            Self::Lf => &[10],
            Self::CrLf => &[13, 10],
            Self::None => &[],
        }
    }
}

/// What the host wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Look for a code.
    Look,
    /// Stop looking.
    Rest,
    /// The last packet arrived.
    Heard,
    /// Anything else that is well-formed; carries what the answer repeats of it.
    Other,
}

/// A command as it was taken off the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// What it means.
    pub command: Command,
    /// How many bytes it took.
    pub bytes: usize,
    /// The answer, if it is obeyed and if it is refused.
    pub answers: [Vec<u8>; 2],
}

/// Looks at the front of what has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Front {
    /// A command.
    Taken(Taken),
    /// The beginning of one.
    Incomplete,
    /// A byte of none.
    Garbage,
}

impl Speech {
    /// What the host has begun to say.
    pub fn front(self, bytes: &[u8]) -> Front {
        if bytes.is_empty() {
            return Front::Incomplete;
        }
        match self {
            Self::Plain => Front::Garbage,
            Self::Gm65 => gm65(bytes),
            Self::Newland => newland(bytes),
            Self::Honeywell => honeywell(bytes),
            Self::Ssi => ssi(bytes),
        }
    }
}

fn gm65(bytes: &[u8]) -> Front {
    if bytes[0] != 0x7E || bytes.get(1).is_some_and(|b| *b != 0) {
        return Front::Garbage;
    }
    let Some(&count) = bytes.get(3) else {
        return Front::Incomplete;
    };
    let body = 6 + usize::from(count);
    let Some(check) = bytes.get(body..body + 2) else {
        return Front::Incomplete;
    };
    let sum = xmodem(&bytes[2..body]);
    if check != [0xAB, 0xCD] && check != [(sum >> 8) as u8, sum as u8] {
        return Front::Garbage;
    }
    let command = match bytes[2..body] {
        [8, 1, 0, 2, on] if on & 1 == 1 => Command::Look,
        [8, 1, 0, 2, _] => Command::Rest,
        _ => Command::Other,
    };
    Front::Taken(Taken {
        command,
        bytes: body + 2,
        answers: [gm65_answer(0), gm65_answer(1)],
    })
}

fn gm65_answer(result: u8) -> Vec<u8> {
    let sum = xmodem(&[result, 1, 0]);
    vec![2, 0, result, 1, 0, (sum >> 8) as u8, sum as u8]
}

/// Long division by x^16 + x^12 + x^5 + 1, bit by bit.
fn xmodem(bytes: &[u8]) -> u16 {
    let mut register: u32 = 0;
    for bit in bytes
        .iter()
        .chain(&[0, 0])
        .flat_map(|byte| (0..8).rev().map(move |n| byte >> n & 1))
    {
        register = register << 1 | u32::from(bit);
        if register > 0xFFFF {
            register ^= 0x1_1021;
        }
    }
    register as u16
}

fn newland(bytes: &[u8]) -> Front {
    let head = [0x7E, 1, b'0', b'0', b'0', b'0'];
    if bytes.iter().zip(head).any(|(a, b)| *a != b) {
        return Front::Garbage;
    }
    let Some(end) = bytes.windows(2).position(|pair| pair == [b';', 3]) else {
        return if bytes.len() > 80 {
            Front::Garbage
        } else {
            Front::Incomplete
        };
    };
    let said = &bytes[head.len()..end];
    let command = match said.get(1..) {
        Some(b"SCNTRG1") => Command::Look,
        Some(b"SCNTRG0") => Command::Rest,
        Some(_) => Command::Other,
        None => return Front::Garbage,
    };
    let answer = |verdict| {
        let mut answer = vec![2, 1, b'0', b'0', b'0', b'0'];
        answer.extend(said);
        answer.extend([verdict, b';', 3]);
        answer
    };
    Front::Taken(Taken {
        command,
        bytes: end + 2,
        answers: [answer(6), answer(0x15)],
    })
}

fn honeywell(bytes: &[u8]) -> Front {
    let command = match bytes {
        [0x16, 0x54, 0x0D, ..] => Command::Look,
        [0x16, 0x55, 0x0D, ..] => Command::Rest,
        [0x16] | [0x16, 0x54 | 0x55] => return Front::Incomplete,
        _ => return Front::Garbage,
    };
    Front::Taken(Taken {
        command,
        bytes: 3,
        answers: [Vec::new(), Vec::new()],
    })
}

fn ssi(bytes: &[u8]) -> Front {
    let size = usize::from(bytes[0]);
    if size < 4 {
        return Front::Garbage;
    }
    if bytes.len() < size + 2 {
        return Front::Incomplete;
    }
    let sum: u32 = bytes[..size].iter().map(|b| u32::from(*b)).sum();
    let check = u32::from(bytes[size]) << 8 | u32::from(bytes[size + 1]);
    if (sum + check) & 0xFFFF != 0 || bytes[2] != 4 {
        return Front::Garbage;
    }
    let command = match bytes[1] {
        0xE4 => Command::Look,
        0xE5 => Command::Rest,
        0xD0 => Command::Heard,
        _ => Command::Other,
    };
    let answers = if command == Command::Heard {
        [Vec::new(), Vec::new()]
    } else {
        [ssi_packet(0xD0, 0, &[]), ssi_packet(0xD1, 0, &[2])]
    };
    Front::Taken(Taken {
        command,
        bytes: size + 2,
        answers,
    })
}

/// A packet from the reader.
pub fn ssi_packet(opcode: u8, status: u8, data: &[u8]) -> Vec<u8> {
    let mut packet = vec![4 + data.len() as u8, opcode, 0, status];
    packet.extend(data);
    let sum: u32 = packet.iter().map(|b| u32::from(*b)).sum();
    let check = 0x1_0000 - (sum & 0xFFFF);
    packet.extend([(check >> 8) as u8, check as u8]);
    packet
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documents_own_examples_are_understood_and_answered() {
        let Front::Taken(taken) = Speech::Gm65.front(&[0x7E, 0, 8, 1, 0, 2, 1, 0xAB, 0xCD]) else {
            unreachable!();
        };
        assert_eq!(taken.command, Command::Look);
        assert_eq!(taken.answers[0], [2, 0, 0, 1, 0, 0x33, 0x31]);
        assert_eq!(xmodem(&[8, 1, 0, 2, 1]), 0x02DA);
        let Front::Taken(taken) = Speech::Newland.front(b"\x7E\x010000#SCNTRG1;\x03") else {
            unreachable!();
        };
        assert_eq!(taken.answers[0], b"\x02\x010000#SCNTRG1\x06;\x03");
        let Front::Taken(taken) = Speech::Ssi.front(&[4, 0xE4, 4, 0, 0xFF, 0x14]) else {
            unreachable!();
        };
        assert_eq!(taken.command, Command::Look);
        assert_eq!(
            Speech::Ssi.front(&[4, 0xE4, 4, 0, 0xFF, 0x15]),
            Front::Garbage
        );
    }
}

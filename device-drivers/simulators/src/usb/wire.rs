//! The messages of USB/IP once a device is attached: heads of 48 bytes, big-endian.

use std::io::{self, Read, Write};

/// Bytes of a head.
const HEAD: usize = 48;
const CMD_SUBMIT: u32 = 1;
const CMD_UNLINK: u32 = 2;
const RET_SUBMIT: u32 = 3;
const RET_UNLINK: u32 = 4;
/// The longest transfer that a host of sense asks for.
const LONGEST: usize = 1 << 20;

/// Errors of the kernel that a device can bring about.
pub(super) const STALLED: i32 = -32;
pub(super) const OVERFLOWED: i32 = -75;
pub(super) const UNLINKED: i32 = -104;

/// What the host wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Message {
    /// A transfer.
    Submit(Submit),
    /// A transfer that is not wanted any longer.
    Unlink {
        /// Number of this message.
        number: u32,
        /// Number of the transfer.
        transfer: u32,
    },
}

/// A transfer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Submit {
    pub number: u32,
    /// Towards the host.
    pub is_in: bool,
    pub endpoint: u8,
    /// Bytes that the host has room for, or sends.
    pub length: usize,
    pub setup: [u8; 8],
    /// What the host sends.
    pub data: Vec<u8>,
}

/// Reads the next message.
pub(super) fn read(from: &mut impl Read) -> io::Result<Message> {
    let mut head = [0; HEAD];
    from.read_exact(&mut head)?;
    let word = |at: usize| u32::from_be_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
    let number = word(4);
    match word(0) {
        CMD_SUBMIT => {
            let is_in = word(12) == 1;
            let length = word(24) as usize;
            if length > LONGEST {
                return Err(io::Error::other("a transfer beyond all sense"));
            }
            let mut data = vec![0; if is_in { 0 } else { length }];
            from.read_exact(&mut data)?;
            let mut setup = [0; 8];
            setup.copy_from_slice(&head[40..48]);
            Ok(Message::Submit(Submit {
                number,
                is_in,
                endpoint: (word(16) & 0x0F) as u8 | if is_in { 0x80 } else { 0 },
                length,
                setup,
                data,
            }))
        }
        CMD_UNLINK => Ok(Message::Unlink {
            number,
            transfer: word(20),
        }),
        other => Err(io::Error::other(format!("message {other} of USB/IP"))),
    }
}

/// Answers a transfer. `moved` counts what went to the device; `data` comes from it.
pub(super) fn answer(
    to: &mut impl Write,
    number: u32,
    status: i32,
    moved: usize,
    data: &[u8],
) -> io::Result<()> {
    let mut message = head(RET_SUBMIT, number, status);
    message[24..28].copy_from_slice(&((moved + data.len()) as u32).to_be_bytes());
    message.extend_from_slice(data);
    to.write_all(&message)
}

/// Answers that a transfer is given up, or that it had been answered before.
pub(super) fn answer_unlink(to: &mut impl Write, number: u32, status: i32) -> io::Result<()> {
    to.write_all(&head(RET_UNLINK, number, status))
}

fn head(command: u32, number: u32, status: i32) -> Vec<u8> {
    let mut head = vec![0; HEAD];
    head[0..4].copy_from_slice(&command.to_be_bytes());
    head[4..8].copy_from_slice(&number.to_be_bytes());
    head[20..24].copy_from_slice(&status.to_be_bytes());
    head
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn a_transfer_is_read_with_what_follows_its_head() {
        let mut bytes = vec![0; HEAD];
        bytes[3] = 1;
        bytes[7] = 9;
        bytes[19] = 6;
        bytes[27] = 3;
        bytes.extend([7, 8, 9]);
        let Message::Submit(submit) = read(&mut &bytes[..]).unwrap() else {
            panic!("not a transfer");
        };
        assert_eq!((submit.number, submit.endpoint), (9, 0x06));
        assert_eq!(submit.data, [7, 8, 9]);
        assert!(read(&mut &bytes[..50]).is_err());
        bytes[24] = 0xFF;
        assert!(read(&mut &bytes[..]).is_err());
    }

    #[test]
    fn an_answer_counts_what_was_moved_in_either_direction() {
        let mut bytes = Vec::new();
        answer(&mut bytes, 5, 0, 0, &[1, 2]).unwrap();
        assert_eq!((bytes.len(), bytes[3], bytes[7], bytes[27]), (50, 3, 5, 2));
        bytes.clear();
        answer(&mut bytes, 5, STALLED, 7, &[]).unwrap();
        assert_eq!(bytes[20..28], [0xFF, 0xFF, 0xFF, 0xE0, 0, 0, 0, 7]);
    }
}

//! What a printer says about itself, bit by bit, as Epson, Ithaca, Citizen, HPRT and Samsung agree.

/// One thing that a printer sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// The answer to a real-time question (DLE EOT). It does not say which.
    RealTime(u8),
    /// The answer to a queued question (GS r).
    Queued(u8),
    /// Status sent without being asked (GS a).
    Automatic([u8; 4]),
    /// Flow control that the port did not take out.
    Flow,
    /// Nothing that a printer says.
    Noise(u8),
}

/// Tells the kinds of replies apart on one stream.
#[derive(Debug, Clone, Default)]
pub struct ReplyParser {
    /// Bytes of an automatic status that has begun.
    automatic: Vec<u8>,
}

impl ReplyParser {
    /// Takes the next byte; gives a reply when one is complete.
    pub fn push(&mut self, byte: u8) -> Option<Reply> {
        if !self.automatic.is_empty() {
            if byte & 0x90 == 0 {
                self.automatic.push(byte);
                let whole = <[u8; 4]>::try_from(self.automatic.as_slice()).ok()?;
                self.automatic.clear();
                return Some(Reply::Automatic(whole));
            }
            // It was cut short, so what began it is lost; this byte is something else.
            self.automatic.clear();
        }
        match byte {
            0x11 | 0x13 => Some(Reply::Flow),
            b if b & 0x93 == 0x10 => {
                self.automatic.push(b);
                None
            }
            b if b & 0x93 == 0x12 => Some(Reply::RealTime(b)),
            b if b & 0x90 == 0 => Some(Reply::Queued(b)),
            b => Some(Reply::Noise(b)),
        }
    }
}

/// The answers to the four real-time questions; none where the printer was silent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RawStatus {
    /// DLE EOT 1.
    pub printer: Option<u8>,
    /// DLE EOT 2.
    pub offline: Option<u8>,
    /// DLE EOT 3.
    pub error: Option<u8>,
    /// DLE EOT 4.
    pub paper: Option<u8>,
}

impl RawStatus {
    /// Not taking data.
    pub fn is_offline(self) -> bool {
        bit(self.printer, 0x08)
    }

    /// The cover is open.
    pub fn cover_open(self) -> bool {
        bit(self.offline, 0x04)
    }

    /// Somebody holds the feed button.
    pub fn fed_by_button(self) -> bool {
        bit(self.offline, 0x08)
    }

    /// Printing stopped for want of paper, or there is none.
    pub fn paper_out(self) -> bool {
        bit(self.offline, 0x20) || bit(self.paper, 0x60)
    }

    /// The roll is nearly used up.
    pub fn paper_low(self) -> bool {
        bit(self.paper, 0x0C)
    }

    /// The cutter is stuck.
    pub fn cutter_error(self) -> bool {
        bit(self.error, 0x08)
    }

    /// Out of order.
    pub fn unrecoverable(self) -> bool {
        bit(self.error, 0x20)
    }

    /// A mechanical error that a person can clear.
    pub fn recoverable(self) -> bool {
        bit(self.error, 0x04)
    }

    /// An error that passes by itself: the head is hot.
    pub fn passes_by_itself(self) -> bool {
        bit(self.error, 0x40)
    }

    /// The bytes as a technician reads them.
    pub fn in_hex(self) -> String {
        let hex = |byte: Option<u8>| byte.map_or("--".into(), |b| format!("{b:02X}"));
        format!(
            "DLE EOT 1-4: {} {} {} {}",
            hex(self.printer),
            hex(self.offline),
            hex(self.error),
            hex(self.paper)
        )
    }
}

fn bit(byte: Option<u8>, mask: u8) -> bool {
    byte.is_some_and(|b| b & mask != 0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use proptest::prelude::*;

    use super::*;

    fn replies(bytes: &[u8]) -> Vec<Reply> {
        let mut parser = ReplyParser::default();
        bytes.iter().filter_map(|&b| parser.push(b)).collect()
    }

    #[test]
    fn replies_of_all_kinds_on_one_stream_are_told_apart() {
        assert_eq!(
            replies(&[0x12, 0x10, 0x00, 0x03, 0x0F, 0x13, 0x0C, 0x11, 0x72, 0xFF]),
            [
                Reply::RealTime(0x12),
                Reply::Automatic([0x10, 0x00, 0x03, 0x0F]),
                Reply::Flow,
                Reply::Queued(0x0C),
                Reply::Flow,
                Reply::RealTime(0x72),
                Reply::Noise(0xFF),
            ]
        );
    }

    #[test]
    fn an_automatic_status_cut_short_does_not_eat_the_next_reply() {
        assert_eq!(replies(&[0x10, 0x00, 0x16]), [Reply::RealTime(0x16)]);
    }

    proptest! {
        #[test]
        fn every_answer_with_the_fixed_bits_is_real_time_and_no_other_is(byte: u8) {
            let fixed = byte & 0b1001_0011 == 0b0001_0010;
            let real_time = matches!(replies(&[byte])[..], [Reply::RealTime(_)]);
            prop_assert_eq!(fixed, real_time);
        }

        #[test]
        fn any_bytes_are_sorted_without_loss_of_what_follows(
            noise in prop::collection::vec(0u8.., 0..40)
        ) {
            // Bits 4 and 1 set, 7 and 0 clear: cannot continue an automatic status.
            let bytes = [&noise[..], &[0x12]].concat();
            prop_assert_eq!(replies(&bytes).last().copied(), Some(Reply::RealTime(0x12)));
        }

        #[test]
        fn automatic_status_survives_any_split(first in 0u8..0x10, rest: [u8; 3]) {
            let whole = [
                0x10 | (first & 0x0C),
                rest[0] & 0x6F,
                rest[1] & 0x6F,
                rest[2] & 0x6F,
            ];
            prop_assert_eq!(replies(&whole), [Reply::Automatic(whole)]);
        }
    }
}

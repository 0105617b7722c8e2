//! The number of a reader's security module (SAM), by which the ministry knows the reader.

use std::fmt;

/// The sixteen bytes that a module gives as its number.
///
/// Numbers are compared as numbers: other programs print the same module with fewer zeros or
/// without separators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SamId {
    prefix: [u16; 2],
    date: u32,
    serial: [u32; 2],
}

impl SamId {
    /// Reads the number from the data of a reply.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        let [a, b, c, d, rest @ ..] = bytes;
        let word =
            |at: usize| u32::from_le_bytes([rest[at], rest[at + 1], rest[at + 2], rest[at + 3]]);
        Self {
            prefix: [u16::from_le_bytes([a, b]), u16::from_le_bytes([c, d])],
            date: word(0),
            serial: [word(4), word(8)],
        }
    }
}

impl fmt::Display for SamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            prefix: [a, b],
            date,
            serial: [n1, n2],
        } = self;
        write!(f, "{a:02}.{b:02}-{date:08}-{n1:010}-{n2:010}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_number_is_shown_fully_padded() {
        let bytes = [
            0x05, 0x00, 0x03, 0x00, 0xA3, 0x13, 0x34, 0x01, 0x87, 0xD6, 0x12, 0x00, 0xB1, 0x68,
            0xDE, 0x3A,
        ];
        assert_eq!(
            SamId::from_bytes(bytes).to_string(),
            "05.03-20190115-0001234567-0987654321"
        );
    }

    #[test]
    fn the_largest_values_do_not_overflow_the_form() {
        assert_eq!(
            SamId::from_bytes([0xFF; 16]).to_string(),
            "65535.65535-4294967295-4294967295-4294967295"
        );
    }
}

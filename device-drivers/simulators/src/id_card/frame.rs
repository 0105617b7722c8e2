//! SDT frames as the module sees them: requests in, answers out.

/// What every frame begins with.
pub const PREAMBLE: [u8; 5] = [0xAA, 0xAA, 0xAA, 0x96, 0x69];

/// Longest request, counted as the frame counts it; the longest known one has 4.
const LONGEST_REQUEST: usize = 512;

/// What has arrived from the host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Incoming {
    /// A whole, undamaged request.
    Request(Request),
    /// A request whose last byte does not fit the others.
    BadChecksum,
    /// A length that no request has.
    BadLength,
}

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// First byte of the command, for example 30.
    pub command: u8,
    /// Second byte of the command, for example 01.
    pub parameter: u8,
    /// What follows, usually nothing.
    pub data: Vec<u8>,
}

/// Collects bytes until requests are complete.
#[derive(Debug, Default)]
pub struct FrameReader {
    pending: Vec<u8>,
}

impl FrameReader {
    /// Takes one byte; returns what it completed.
    pub fn push(&mut self, byte: u8) -> Option<Incoming> {
        self.pending.push(byte);
        if self.pending.len() <= PREAMBLE.len() {
            self.hunt();
            return None;
        }
        if self.pending.len() < 7 {
            return None;
        }
        let length = usize::from(self.pending[5]) << 8 | usize::from(self.pending[6]);
        if !(3..=LONGEST_REQUEST).contains(&length) {
            self.pending.clear();
            return Some(Incoming::BadLength);
        }
        if self.pending.len() < length + 7 {
            return None;
        }
        let frame = std::mem::take(&mut self.pending);
        Some(if exclusive_or(&frame[5..]) == 0 {
            Incoming::Request(Request {
                command: frame[7],
                parameter: frame[8],
                data: frame[9..frame.len() - 1].to_vec(),
            })
        } else {
            Incoming::BadChecksum
        })
    }

    /// Forgets an unfinished request, as the module does after a pause.
    pub fn forget(&mut self) {
        self.pending.clear();
    }

    /// Drops bytes from the front until the rest could be the start of a preamble.
    fn hunt(&mut self) {
        while !PREAMBLE.starts_with(&self.pending) {
            self.pending.remove(0);
        }
    }
}

/// Builds the answer with status `sw3`; the card's own status words stay 00 00.
pub fn answer(sw3: u8, data: &[u8]) -> Vec<u8> {
    let length = data.len() + 4;
    let mut frame = PREAMBLE.to_vec();
    frame.extend([(length >> 8) as u8, length as u8, 0, 0, sw3]);
    frame.extend(data);
    frame.push(exclusive_or(&frame[5..]));
    frame
}

fn exclusive_or(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |sum, byte| sum ^ byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8]) -> Vec<Incoming> {
        let mut reader = FrameReader::default();
        bytes.iter().filter_map(|byte| reader.push(*byte)).collect()
    }

    fn request(command: u8, parameter: u8, data: &[u8]) -> Incoming {
        Incoming::Request(Request {
            command,
            parameter,
            data: data.to_vec(),
        })
    }

    #[test]
    fn published_requests_are_understood() {
        let find = [0xAA, 0xAA, 0xAA, 0x96, 0x69, 0, 3, 0x20, 1, 0x22];
        let radio = [0xAA, 0xAA, 0xAA, 0x96, 0x69, 0, 4, 0x61, 0xFF, 0x50, 0xCA];
        assert_eq!(all(&find), [request(0x20, 1, &[])]);
        assert_eq!(all(&radio), [request(0x61, 0xFF, &[0x50])]);
    }

    #[test]
    fn noise_and_surplus_preamble_bytes_before_a_request_are_skipped() {
        let bytes = [
            0, 0xAA, 0x96, 0xAA, 0xAA, 0xAA, 0xAA, 0x96, 0x69, 0, 3, 0x20, 1, 0x22,
        ];
        assert_eq!(all(&bytes), [request(0x20, 1, &[])]);
    }

    #[test]
    fn a_wrong_sum_and_a_wrong_length_are_told_apart() {
        let sum = [0xAA, 0xAA, 0xAA, 0x96, 0x69, 0, 3, 0x20, 1, 0x23];
        let length = [0xAA, 0xAA, 0xAA, 0x96, 0x69, 0, 2];
        assert_eq!(all(&sum), [Incoming::BadChecksum]);
        assert_eq!(all(&length), [Incoming::BadLength]);
    }

    #[test]
    fn published_answers_are_built() {
        assert_eq!(
            answer(0x90, &[]),
            [0xAA, 0xAA, 0xAA, 0x96, 0x69, 0, 4, 0, 0, 0x90, 0x94]
        );
        assert_eq!(answer(0x80, &[])[5..], [0, 4, 0, 0, 0x80, 0x84]);
        assert_eq!(
            answer(0x9F, &[0; 4])[5..],
            [0, 8, 0, 0, 0x9F, 0, 0, 0, 0, 0x97]
        );
        assert_eq!(answer(0x90, &[0; 8]).last(), Some(&0x9C));
    }
}

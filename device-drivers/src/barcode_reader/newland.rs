//! Engines of Newland (NLS): text, and answers to commands that look like the commands.
//!
//! ```text
//! command  7E 01 30 30 30 30 | 40 or 23 | NAME | 3B 03
//! answer   02 01 30 30 30 30 | 40 or 23 | NAME | 06, 15 or 05 | 3B 03
//! ```

use super::incoming::Incoming;
use super::mixed::{Judgement, MixedParser};
use super::profile::Suffix;

const HEAD: [u8; 6] = [0x02, 0x01, 0x30, 0x30, 0x30, 0x30];
/// Answers are names of a dozen letters; what grows beyond this is none.
const LONGEST_ANSWER: usize = 64;

/// Gives a command that lasts until the engine is switched off.
pub fn command(name: &str) -> Vec<u8> {
    let mut bytes = vec![0x7E, 0x01, 0x30, 0x30, 0x30, 0x30, 0x23];
    bytes.extend(name.as_bytes());
    bytes.extend([0x3B, 0x03]);
    bytes
}

/// The parser of what such an engine sends.
pub fn parser(suffix: Suffix, aim: bool) -> MixedParser {
    MixedParser::new(suffix, aim, judge)
}

fn judge(answer: &[u8]) -> Judgement {
    let begun = answer.len().min(HEAD.len());
    if answer[..begun] != HEAD[..begun] || answer.len() > LONGEST_ANSWER {
        return Judgement::None;
    }
    match answer[begun..] {
        [.., 0x06, 0x3B, 0x03] => Judgement::Answer(Incoming::Accepted),
        [.., reason @ (0x15 | 0x05), 0x3B, 0x03] => Judgement::Answer(Incoming::Refused(reason)),
        [.., 0x3B, 0x03] => Judgement::None,
        _ => Judgement::More,
    }
}

#[cfg(test)]
mod tests {
    use super::super::incoming::Parser;
    use super::*;

    #[test]
    fn a_command_is_the_bytes_of_the_manual() {
        assert_eq!(command("SCNTRG1"), b"\x7E\x010000#SCNTRG1;\x03");
    }

    #[test]
    fn each_verdict_is_understood_among_codes() {
        let mut parser = parser(Suffix::CrLf, false);
        for (verdict, incoming) in [
            (0x06, Incoming::Accepted),
            (0x15, Incoming::Refused(0x15)),
            (0x05, Incoming::Refused(0x05)),
        ] {
            let mut stream = b"\x02\x010000#SCNTRG1".to_vec();
            stream.extend([verdict, 0x3B, 0x03]);
            stream.extend(b"ABC\r\n");
            let found = parser.feed(&stream);
            assert_eq!(found[0], incoming);
            assert!(matches!(found[1], Incoming::Code(_)));
        }
    }
}

//! Some bytes to a port, and what comes back.

use std::path::Path;
use std::time::{Duration, Instant};

use jinban_devices::probe::in_hex;
use jinban_devices::status::DeviceStatus;
use jinban_devices::transport::{ByteStream, FlowControl, PortError, opener};
use serde_json::json;

use crate::cli::exit::{Exit, Failure, Output};
use crate::cli::status_words;

/// The commands of a card reader that read a card, in any frame.
const READS_CARDS: [u8; 5] = [0xAA, 0xAA, 0xAA, 0x96, 0x69];

pub(super) fn run(
    port: &Path,
    baud: u32,
    wait: Duration,
    words: &[String],
    json: bool,
) -> Result<Output, Failure> {
    let bytes = parse(words)?;
    if reads_card(&bytes) {
        return Err(Failure::not_well(
            "这条命令会把别人身份证上的内容显示出来。要试读，请用 jinban devices read-card。",
        ));
    }
    let heard = exchange(port, baud, wait, &bytes).map_err(|error| {
        let status = DeviceStatus::faulty(error.fault());
        Failure::not_well(status_words::status(&status))
    })?;
    let exit = if heard.is_empty() {
        Exit::NotWell
    } else {
        Exit::Well
    };
    if json {
        let value = json!({ "sent": in_hex(&bytes), "heard": in_hex(&heard) });
        return Ok(Output::json(&value)?.ending(exit));
    }
    let answer = if heard.is_empty() {
        "什么也没有回".to_owned()
    } else {
        in_hex(&heard)
    };
    Ok(Output::text(format!("送 {}\n回 {answer}\n", in_hex(&bytes))).ending(exit))
}

fn exchange(port: &Path, baud: u32, wait: Duration, bytes: &[u8]) -> Result<Vec<u8>, PortError> {
    let mut stream = opener(port, baud, FlowControl::None)()?;
    stream.write_all(bytes, Instant::now() + Duration::from_secs(5))?;
    let end = Instant::now() + wait;
    let mut heard = Vec::new();
    let mut buffer = [0; 512];
    while Instant::now() < end && heard.len() < 64 * 1024 {
        match stream.read(&mut buffer, end) {
            Ok(count) => heard.extend_from_slice(&buffer[..count]),
            Err(PortError::TimedOut) => break,
            Err(error) => return Err(error),
        }
    }
    Ok(heard)
}

fn parse(words: &[String]) -> Result<Vec<u8>, Failure> {
    let digits: String = words.concat().split_ascii_whitespace().collect();
    let wrong = || Failure {
        said: format!("“{digits}”不是成对的十六进制数字，应写成 10 04 01 这样。"),
        exit: Exit::Usage,
    };
    if digits.is_empty() || !digits.len().is_multiple_of(2) || !digits.is_ascii() {
        return Err(wrong());
    }
    (0..digits.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).map_err(|_| wrong()))
        .collect()
}

fn reads_card(bytes: &[u8]) -> bool {
    bytes
        .windows(READS_CARDS.len() + 3)
        .any(|window| window.starts_with(&READS_CARDS) && window[READS_CARDS.len() + 2] == 0x30)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn bytes_are_read_with_or_without_spaces_and_mistakes_are_named() {
        let words =
            |text: &[&str]| parse(&text.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(words(&["10", "04", "01"]).unwrap(), [0x10, 4, 1]);
        assert_eq!(words(&["10 04", "fF"]).unwrap(), [0x10, 4, 0xFF]);
        for wrong in [&["1"][..], &["xx"], &[""], &["一二"]] {
            assert_eq!(words(wrong).unwrap_err().exit, Exit::Usage, "{wrong:?}");
        }
    }

    #[test]
    fn a_command_that_reads_a_card_is_refused() {
        let read = [0xAA, 0xAA, 0xAA, 0x96, 0x69, 0, 3, 0x30, 1, 0x32];
        assert!(reads_card(&read));
        assert!(reads_card(&[&[0][..], &read].concat()));
        let status = [0xAA, 0xAA, 0xAA, 0x96, 0x69, 0, 3, 0x11, 0xFF, 0xED];
        assert!(!reads_card(&status));
    }
}

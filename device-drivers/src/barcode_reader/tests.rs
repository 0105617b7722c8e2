//! Parsers under any cut of the stream, and the thread with scripted readers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::mpsc;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::actor::Timing;
use super::*;
use crate::status::{DeviceState, FaultKind};
use crate::transport::scripted::{ScriptedStream, Step};
use crate::transport::{ByteStream, PortError};

fn profile(protocol: Protocol, suffix: Suffix) -> BarcodeReaderProfile {
    BarcodeReaderProfile {
        protocol,
        suffix,
        ..BarcodeReaderProfile::default()
    }
}

const PROTOCOLS: [Protocol; 5] = [
    Protocol::Plain,
    Protocol::Gm65,
    Protocol::Newland,
    Protocol::Honeywell,
    Protocol::Ssi,
];

fn texts(found: &[Incoming]) -> Vec<&str> {
    found
        .iter()
        .filter_map(|incoming| match incoming {
            Incoming::Code(code) | Incoming::CodeToAcknowledge(code) => Some(code.text.as_str()),
            _ => None,
        })
        .collect()
}

#[test]
fn a_code_ends_with_its_suffix_or_with_silence() {
    for (suffix, stream, expected) in [
        (Suffix::Cr, &b"one\rtwo\r"[..], &["one", "two"][..]),
        (Suffix::Lf, b"one\ntwo", &["one", "two"]),
        (Suffix::CrLf, b"a\rb\r\nc\r\n", &["a\rb", "c"]),
        (Suffix::None, b"a\r\nb", &["a\r\nb"]),
        (Suffix::Cr, b"\r\r", &[]),
    ] {
        let mut parser = PlainParser::new(suffix, false);
        let mut found = parser.feed(stream);
        found.extend(parser.silence());
        assert_eq!(texts(&found), expected, "{suffix:?}");
        assert!(!parser.is_midway());
    }
}

#[test]
fn what_is_longer_than_any_code_is_noise_and_the_next_code_is_whole() {
    let mut parser = PlainParser::new(Suffix::CrLf, false);
    let mut stream = vec![b'x'; 30_000];
    stream.extend(b"\r\nnext\r\n");
    let found = parser.feed(&stream);
    assert_eq!(texts(&found), ["next"]);
    assert_eq!(found[0], Incoming::Noise(30_000));
}

/// Pieces of what such readers send, and some that they never would.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..12),
        Just(b"\x02\x00\x00\x01\x00\x33\x31".to_vec()),
        Just(b"\x02\x010000#SCNTRG1\x06;\x03".to_vec()),
        Just(vec![4, 0xD0, 0, 0, 0xFF, 0x2C]),
        Just(vec![7, 0xF3, 0, 0, 3, b'a', b'b', 0xFE, 0x40]),
        Just(b"6901234567892\r\n".to_vec()),
        Just("健康码\n".as_bytes().to_vec()),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_cut_of_a_stream_gives_the_same_codes_and_answers(
        bytes in stream(),
        cuts in prop::collection::vec(1usize..9, 1..20),
    ) {
        for protocol in PROTOCOLS {
            for suffix in [Suffix::Cr, Suffix::CrLf, Suffix::None] {
                let profile = profile(protocol, suffix);
                let mut whole = AnyParser::new(&profile);
                let mut expected = whole.feed(&bytes);
                expected.extend(whole.silence());

                let mut parser = AnyParser::new(&profile);
                let mut found = Vec::new();
                let mut rest = &bytes[..];
                for &cut in cuts.iter().cycle() {
                    if rest.is_empty() {
                        break;
                    }
                    let (piece, after) = rest.split_at(cut.min(rest.len()));
                    found.extend(parser.feed(piece));
                    rest = after;
                }
                found.extend(parser.silence());
                prop_assert_eq!(&found, &expected, "{:?} {:?}", protocol, suffix);
                prop_assert!(!parser.is_midway());
            }
        }
    }
}

fn quick() -> Timing {
    Timing {
        attention: Duration::from_millis(1),
        answer: Duration::from_millis(20),
        heartbeat: Duration::from_mins(1),
        look_again: Duration::from_mins(1),
        reconnect: (Duration::from_millis(1), Duration::from_millis(5)),
    }
}

/// A reader that plays the same script on every connection.
fn start(script: Vec<Step>, profile: BarcodeReaderProfile) -> BarcodeReader {
    let connect = move || Ok(ScriptedStream::new(script.clone()));
    BarcodeReader::start(connect, profile, quick())
}

async fn online(reader: &BarcodeReader) {
    let mut status = reader.status();
    let online = status.wait_for(|status| status.state == DeviceState::Online);
    tokio::time::timeout(Duration::from_secs(10), online)
        .await
        .unwrap()
        .unwrap();
}

#[tokio::test]
async fn an_engine_is_asked_then_triggered_and_its_code_handed_over() {
    let protocol = Protocol::Gm65;
    let accepted = b"\x02\x00\x00\x01\x00\x33\x31";
    let script = vec![
        Step::Expect(protocol.question().unwrap()),
        Step::Send(accepted.to_vec()),
        Step::Expect(protocol.start().unwrap()),
        Step::Send([&accepted[..], b"6901234567892\r"].concat()),
        Step::Expect(protocol.stop().unwrap()),
    ];
    let profile = BarcodeReaderProfile {
        trigger: Trigger::Host,
        ..profile(protocol, Suffix::Cr)
    };
    let reader = start(script, profile);
    online(&reader).await;
    let code = reader.read_once(Duration::from_secs(10)).await.unwrap();
    assert_eq!(code.text.as_str(), "6901234567892");
}

/// A line on which pieces are handed over one by one: each `send` waits until it is read.
struct HandedOver(mpsc::Receiver<Vec<u8>>);

impl ByteStream for HandedOver {
    fn read(&mut self, buf: &mut [u8], deadline: Instant) -> Result<usize, PortError> {
        let left = deadline.saturating_duration_since(Instant::now());
        match self.0.recv_timeout(left) {
            Ok(piece) => {
                buf[..piece.len()].copy_from_slice(&piece);
                Ok(piece.len())
            }
            Err(mpsc::RecvTimeoutError::Timeout) => Err(PortError::TimedOut),
            Err(mpsc::RecvTimeoutError::Disconnected) => Err(PortError::Unplugged("test".into())),
        }
    }

    fn write_all(&mut self, _bytes: &[u8], _deadline: Instant) -> Result<(), PortError> {
        Ok(())
    }

    fn set_baud(&mut self, _baud: u32) -> Result<(), PortError> {
        Ok(())
    }
}

#[tokio::test]
async fn a_code_that_began_before_it_was_asked_for_is_not_handed_over() {
    let (line, pieces) = mpsc::sync_channel(0);
    let mut pieces = Some(pieces);
    let profile = BarcodeReaderProfile {
        // Only the suffix ends a code here, however long the test is held up.
        silence_ms: 60_000,
        ..profile(Protocol::Plain, Suffix::Cr)
    };
    let connect = move || {
        let gone = || PortError::Missing("test".into());
        pieces.take().map(HandedOver).ok_or_else(gone)
    };
    let reader = BarcodeReader::start(connect, profile, quick());
    let mut codes = reader.codes();
    let hand_over = move |text: &str| line.send(text.as_bytes().to_vec()).unwrap();
    hand_over("ea");
    // Once this is taken, the piece before it has been judged.
    hand_over("r");
    reader.arm();
    hand_over("ly\r");
    hand_over("asked\r");
    let code = tokio::time::timeout(Duration::from_secs(10), codes.recv()).await;
    assert_eq!(code.unwrap().unwrap().text.as_str(), "asked");
}

#[tokio::test]
async fn an_engine_that_does_not_answer_or_is_gone_is_told_from_one_that_babbles() {
    let ask = || Step::Expect(Protocol::Newland.question().unwrap());
    for (steps, kind) in [
        (
            vec![
                ask(),
                Step::Silence,
                ask(),
                Step::Silence,
                ask(),
                Step::Silence,
            ],
            FaultKind::NoAnswer,
        ),
        (
            vec![
                ask(),
                Step::Send(b"\x02\x02\x02\x02".to_vec()),
                Step::Silence,
                ask(),
                Step::Silence,
                ask(),
                Step::Silence,
            ],
            FaultKind::Garbled,
        ),
        (vec![ask(), Step::Unplug], FaultKind::PortMissing),
    ] {
        let reader = start(steps, profile(Protocol::Newland, Suffix::Cr));
        let mut status = reader.status();
        let faulty = status.wait_for(|s| s.fault.as_ref().is_some_and(|f| f.kind == kind));
        let seen = tokio::time::timeout(Duration::from_secs(10), faulty).await;
        assert!(seen.is_ok(), "{kind:?}");
    }
}

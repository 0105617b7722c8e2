//! The layouts against pipes played from a list: what goes where, and what is left lying.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;
use crate::transport::usb::fake::{FakePipes, Packet};

const ALL_FOUR: [u8; 4] = [0x02, 0x06, 0x81, 0x85];
/// Published: 11 FF and its answer.
const ASK: [u8; 10] = [0xAA, 0xAA, 0xAA, 0x96, 0x69, 0, 3, 0x11, 0xFF, 0xED];
const WELL: [u8; 11] = [0xAA, 0xAA, 0xAA, 0x96, 0x69, 0, 4, 0, 0, 0x90, 0x94];
/// Published: 20 01, a card, and no card.
const FIND: [u8; 10] = [0xAA, 0xAA, 0xAA, 0x96, 0x69, 0, 3, 0x20, 1, 0x22];

fn soon() -> Instant {
    Instant::now() + Duration::from_millis(200)
}

fn read_to_silence(stream: &mut impl ByteStream) -> Vec<u8> {
    let mut all = Vec::new();
    let mut buf = [0; 512];
    while let Ok(count) = stream.read(&mut buf, Instant::now()) {
        all.extend_from_slice(&buf[..count]);
    }
    all
}

#[test]
fn with_four_pipes_head_and_rest_go_and_come_apart() {
    let script = [
        Packet::Out(0x02, ASK[..7].to_vec()),
        Packet::Out(0x06, ASK[7..].to_vec()),
        Packet::In(0x81, WELL[..7].to_vec()),
        Packet::In(0x85, WELL[7..].to_vec()),
        Packet::Out(0x02, FIND[..7].to_vec()),
        Packet::Out(0x06, FIND[7..].to_vec()),
    ];
    let pipes = FakePipes::new(&ALL_FOUR, script);
    let mut stream = SdtPipes::new(pipes, UsbLayout::FourPipes).unwrap();
    stream.write_all(&ASK, soon()).unwrap();
    assert_eq!(read_to_silence(&mut stream), WELL);
    stream.write_all(&FIND, soon()).unwrap();
    assert_eq!(stream.pipes.left(), 0);
}

#[test]
fn the_rest_of_an_answer_that_nobody_waited_for_is_not_left_for_the_next() {
    let script = [
        Packet::Out(0x02, ASK[..7].to_vec()),
        Packet::Out(0x06, ASK[7..].to_vec()),
        Packet::In(0x81, WELL[..7].to_vec()),
        Packet::In(0x85, WELL[7..].to_vec()),
    ];
    let pipes = FakePipes::new(&ALL_FOUR, script);
    let mut stream = SdtPipes::new(pipes, UsbLayout::FourPipes).unwrap();
    stream.write_all(&ASK, soon()).unwrap();
    let mut head = [0; 7];
    stream.read(&mut head, soon()).unwrap();
    // As after a new command that failed half-way.
    stream.incoming = Incoming::Head(Vec::new());
    let drained = stream.drain(Duration::ZERO, soon()).unwrap();
    assert_eq!((drained, stream.pipes.left()), (4, 0));
}

#[test]
fn a_damaged_head_does_not_lead_to_the_wrong_pipe() {
    let mut damaged = WELL[..7].to_vec();
    damaged[4] = 0x68;
    let script = [
        Packet::In(0x81, damaged.clone()),
        Packet::In(0x81, WELL[..7].to_vec()),
        Packet::In(0x85, WELL[7..].to_vec()),
    ];
    let pipes = FakePipes::new(&ALL_FOUR, script);
    let mut stream = SdtPipes::new(pipes, UsbLayout::FourPipes).unwrap();
    assert_eq!(read_to_silence(&mut stream), [&damaged[..], &WELL].concat());
}

#[test]
fn packets_are_padded_and_a_card_is_given_its_time() {
    let read = [0xAA, 0xAA, 0xAA, 0x96, 0x69, 0, 3, 0x30, 1, 0x32];
    let mut padded = read.to_vec();
    padded.resize(64, 0);
    let script = [Packet::Out(0x01, padded), Packet::In(0x81, WELL.to_vec())];
    let pipes = FakePipes::of(PipeKind::Interrupt, &[0x81, 0x01], script);
    let mut stream = SdtPipes::new(pipes, UsbLayout::Packets).unwrap();
    let began = Instant::now();
    stream.write_all(&read, soon()).unwrap();
    assert_eq!(read_to_silence(&mut stream), WELL);
    assert!(began.elapsed() >= CARD_WORK);
}

#[test]
fn the_layout_shows_in_the_endpoints_and_where_they_fit_two_in_the_answer() {
    let asked = || {
        [
            Packet::Out(0x02, ASK[..7].to_vec()),
            Packet::Out(0x06, ASK[7..].to_vec()),
        ]
    };
    let four = |answers: &[Packet]| {
        let script = asked().into_iter().chain(answers.iter().cloned());
        find_out(&mut FakePipes::new(&ALL_FOUR, script)).unwrap()
    };
    let head = Packet::In(0x81, WELL[..7].to_vec());
    let rest = Packet::In(0x85, WELL[7..].to_vec());
    assert_eq!(four(&[head.clone(), rest]), UsbLayout::FourPipes);
    assert_eq!(four(&[Packet::In(0x81, WELL.to_vec())]), UsbLayout::OnePair);
    assert_eq!(four(&[head]), UsbLayout::OnePair);
    assert_eq!(four(&[]), UsbLayout::FourPipes);
    let pair = find_out(&mut FakePipes::new(&[0x81, 0x02], [])).unwrap();
    assert_eq!(pair, UsbLayout::OnePair);
    let mut hid = FakePipes::of(PipeKind::Interrupt, &[0x81, 0x01], []);
    assert_eq!(find_out(&mut hid).unwrap(), UsbLayout::Packets);
    let mut gone = FakePipes::new(&ALL_FOUR, [Packet::Unplug]);
    assert!(matches!(find_out(&mut gone), Err(PortError::Unplugged(_))));
}

#[test]
fn a_layout_that_the_pipes_do_not_make_is_refused() {
    let pipes = FakePipes::new(&[0x81, 0x02], []);
    let refused = SdtPipes::new(pipes, UsbLayout::FourPipes);
    assert!(matches!(refused, Err(PortError::NotAPort(_))));
}

//! The reader as a program: published frames in, published frames out.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::io::Write;
use std::time::{Duration, Instant};

use common::{READER, Simulator, hex, open, read_up_to};
use serialport::TTYPort;

const FIND: &str = "AA AA AA 96 69 00 03 20 01 22";
const SELECT: &str = "AA AA AA 96 69 00 03 20 02 21";
const READ: &str = "AA AA AA 96 69 00 03 30 01 32";
const FOUND: &str = "AA AA AA 96 69 00 08 00 00 9F 00 00 00 00 97";
const SELECTED: &str = "AA AA AA 96 69 00 0C 00 00 90 00 00 00 00 00 00 00 00 9C";
const NO_CARD: &str = "AA AA AA 96 69 00 04 00 00 80 84";
const DONE: &str = "AA AA AA 96 69 00 04 00 00 90 94";
const READ_FAILED: &str = "AA AA AA 96 69 00 04 00 00 41 45";
const SILENCE: Duration = Duration::from_millis(400);

fn expect(port: &mut TTYPort, request: &str, answer: &str) {
    port.write_all(&hex(request)).unwrap();
    let wanted = hex(answer);
    assert_eq!(
        read_up_to(port, wanted.len(), Duration::from_secs(3)),
        wanted,
        "{request}"
    );
}

#[test]
fn published_frames_get_the_published_answers() {
    let mut simulator = Simulator::start(READER, &["--latency-ms", "20"]);
    let mut port = simulator.open(115_200);
    expect(&mut port, "AA AA AA 96 69 00 03 11 FF ED", DONE);
    expect(&mut port, "AA AA AA 96 69 00 03 10 FF EC", DONE);
    expect(&mut port, "AA AA AA 96 69 00 04 61 FF 50 CA", DONE);
    expect(
        &mut port,
        "AA AA AA 96 69 00 03 12 FF EE",
        "AA AA AA 96 69 00 14 00 00 90 05 00 03 00 A3 13 34 01 87 D6 12 00 B1 68 DE 3A 79",
    );
    expect(&mut port, FIND, NO_CARD);
    expect(&mut port, SELECT, "AA AA AA 96 69 00 04 00 00 81 85");
    simulator.order(r#"{"do":"place","card":"default"}"#);
    expect(&mut port, FIND, FOUND);
    expect(&mut port, SELECT, SELECTED);
    expect(&mut port, READ, "AA AA AA 96 69 05 08 00 00 90 01 00 04 00");
    assert_eq!(
        read_up_to(&mut port, 1281, Duration::from_secs(2)).len(),
        1281
    );
    expect(
        &mut port,
        "AA AA AA 96 69 00 03 30 03 30",
        "AA AA AA 96 69 00 04 00 00 91 95",
    );
}

#[test]
fn a_card_from_a_file_is_the_specimen_answer_down_to_its_sum() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cards.json");
    std::fs::write(
        &file,
        r#"{"cards":[{"id":"specimen","kind":"resident","name":"测试人","sex":"2",
            "nationality":"01","birth":"19491231","address":"北京市朝阳区示例路1号",
            "number":"11010519491231002X","authority":"北京市公安局朝阳分局",
            "valid-from":"20200101","valid-to":"长期"}]}"#,
    )
    .unwrap();
    let arguments = [
        "--latency-ms",
        "1",
        "--place",
        "specimen",
        "--cards",
        file.to_str().unwrap(),
    ];
    let simulator = Simulator::start(READER, &arguments);
    let mut port = simulator.open(115_200);
    expect(&mut port, FIND, FOUND);
    expect(&mut port, SELECT, SELECTED);
    port.write_all(&hex(READ)).unwrap();
    let answer = read_up_to(&mut port, 1295, Duration::from_secs(3));
    assert_eq!(answer.len(), 1295);
    let text: Vec<u16> = answer[14..270]
        .chunks(2)
        .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
        .collect();
    let text = String::from_utf16(&text).unwrap();
    let number: String = text.chars().skip(61).take(18).collect();
    assert!(text.starts_with("测试人            2011949"), "{text}");
    assert_eq!(number, "11010519491231002X");
    assert_eq!(
        answer[7..].iter().fold(0, |sum, byte| sum ^ byte) ^ answer[5] ^ answer[6],
        0
    );
}

#[test]
fn an_answer_takes_as_long_as_its_bytes_take_on_the_wire() {
    for (baud, latency) in [(115_200, 600_u64), (38_400, 100)] {
        let rate = baud.to_string();
        let work = latency.to_string();
        let arguments = ["--baud", &rate, "--latency-ms", &work, "--place", "default"];
        let simulator = Simulator::start(READER, &arguments);
        let mut port = simulator.open(baud);
        expect(&mut port, FIND, FOUND);
        expect(&mut port, SELECT, SELECTED);
        let start = Instant::now();
        port.write_all(&hex(READ)).unwrap();
        assert_eq!(
            read_up_to(&mut port, 1295, Duration::from_secs(5)).len(),
            1295
        );
        let wire = 1295.0 * 10.0 / f64::from(baud) + latency as f64 / 1000.0;
        let taken = start.elapsed().as_secs_f64();
        assert!(
            taken > wire * 0.9,
            "{taken} s at {baud} is faster than the wire: {wire} s"
        );
        assert!(
            taken < wire * 2.0 + 1.0,
            "{taken} s at {baud} is absurdly slow: {wire} s"
        );
    }
}

#[test]
fn a_client_at_the_wrong_rate_gets_garbage_until_it_changes() {
    let simulator = Simulator::start(READER, &["--baud", "19200"]);
    let mut port = simulator.open(115_200);
    port.write_all(&hex(FIND)).unwrap();
    let heard = read_up_to(&mut port, 64, SILENCE);
    assert!(!heard.is_empty(), "silence instead of garbage");
    assert!(
        !heard.windows(4).any(|four| four == hex("AA AA 96 69")),
        "{heard:02X?}"
    );
    drop(port);
    let mut port = simulator.open(19_200);
    expect(&mut port, FIND, NO_CARD);
}

#[test]
fn a_change_of_rate_is_answered_at_the_old_one() {
    let simulator = Simulator::start(READER, &[]);
    let mut port = simulator.open(115_200);
    expect(&mut port, "AA AA AA 96 69 00 03 60 04 67", DONE);
    drop(port);
    std::thread::sleep(Duration::from_millis(5));
    let mut port = simulator.open(9600);
    expect(&mut port, FIND, NO_CARD);
}

#[test]
fn a_card_lifted_during_the_read_answers_41_and_then_80() {
    let mut simulator = Simulator::start(READER, &["--latency-ms", "50", "--place", "default"]);
    let mut port = simulator.open(115_200);
    simulator.order(r#"{"do":"lift-mid-read"}"#);
    expect(&mut port, FIND, FOUND);
    expect(&mut port, SELECT, SELECTED);
    expect(&mut port, READ, READ_FAILED);
    expect(&mut port, FIND, NO_CARD);
}

#[test]
fn a_card_lifted_by_hand_during_the_latency_fails_the_read() {
    let mut simulator = Simulator::start(READER, &["--latency-ms", "400", "--place", "default"]);
    let mut port = simulator.open(115_200);
    expect(&mut port, FIND, FOUND);
    expect(&mut port, SELECT, SELECTED);
    port.write_all(&hex(READ)).unwrap();
    simulator.order(r#"{"do":"remove"}"#);
    let answer = read_up_to(&mut port, 11, Duration::from_secs(3));
    assert_eq!(answer, hex(READ_FAILED));
}

#[test]
fn noise_precedes_one_answer_and_then_the_line_is_clean() {
    let mut simulator = Simulator::start(READER, &[]);
    let mut port = simulator.open(115_200);
    simulator.order(r#"{"do":"noise","bytes":9}"#);
    port.write_all(&hex(FIND)).unwrap();
    let heard = read_up_to(&mut port, 20, Duration::from_secs(2));
    assert_eq!((heard.len(), &heard[9..]), (20, &hex(NO_CARD)[..]));
    expect(&mut port, FIND, NO_CARD);
    simulator.order(r#"{"do":"noise","bytes":0,"flip":true}"#);
    port.write_all(&hex(FIND)).unwrap();
    let heard = read_up_to(&mut port, 11, Duration::from_secs(2));
    assert_eq!(heard.len(), 11);
    assert_ne!(heard, hex(NO_CARD));
}

#[test]
fn a_cut_line_sends_half_an_answer_and_is_silent_until_mended() {
    let mut simulator = Simulator::start(READER, &[]);
    let mut port = simulator.open(115_200);
    simulator.order(r#"{"do":"cut"}"#);
    port.write_all(&hex(FIND)).unwrap();
    assert_eq!(read_up_to(&mut port, 11, SILENCE), hex(NO_CARD)[..5]);
    port.write_all(&hex(FIND)).unwrap();
    assert_eq!(read_up_to(&mut port, 11, SILENCE), Vec::<u8>::new());
    simulator.order(r#"{"do":"restore"}"#);
    expect(&mut port, FIND, NO_CARD);
}

#[test]
fn what_is_sent_while_the_module_answers_is_lost() {
    let mut simulator = Simulator::start(READER, &["--latency-ms", "300", "--place", "default"]);
    let mut port = simulator.open(115_200);
    expect(&mut port, FIND, FOUND);
    expect(&mut port, SELECT, SELECTED);
    port.write_all(&hex(READ)).unwrap();
    port.write_all(&hex(FIND)).unwrap();
    assert_eq!(
        read_up_to(&mut port, 1295, Duration::from_secs(3)).len(),
        1295
    );
    assert_eq!(read_up_to(&mut port, 1, SILENCE), Vec::<u8>::new());
    simulator.await_state("lost bytes counted", |state| state["ignored-bytes"] == 10);
}

#[test]
fn the_port_stays_when_clients_come_and_go_and_everything_is_tidied_at_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("reader");
    let arguments = ["--link", link.to_str().unwrap()];
    let mut simulator = Simulator::start(READER, &arguments);
    for _ in 0..3 {
        expect(&mut open(&link, 115_200), FIND, NO_CARD);
    }
    assert!(simulator.terminate());
    assert!(!link.is_symlink());
    assert!(!simulator.folder.path().join("control").exists());
}

#[test]
fn an_answer_that_nobody_waited_for_does_not_reach_the_next_client() {
    let mut simulator = Simulator::start(READER, &["--latency-ms", "200", "--place", "default"]);
    let mut port = simulator.open(115_200);
    expect(&mut port, FIND, FOUND);
    expect(&mut port, SELECT, SELECTED);
    port.write_all(&hex(READ)).unwrap();
    simulator.await_state("the request taken", |state| state["answers"] == 2);
    drop(port);
    simulator.await_state("the read answered", |state| state["reads"] == 1);
    std::thread::sleep(SILENCE);
    // Opened without discarding what is in the kernel, unlike what a driver should do.
    let mut port = serialport::new(simulator.port.to_str().unwrap(), 115_200)
        .timeout(Duration::from_millis(50))
        .open_native()
        .unwrap();
    expect(&mut port, FIND, FOUND);
}

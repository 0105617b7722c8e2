//! The printer as a program: documented commands in, paper and status bytes out.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;
#[path = "common/picture.rs"]
mod picture;

use std::io::Write;
use std::time::{Duration, Instant};

use common::{PRINTER, Simulator, hex, read_up_to};
use serialport::TTYPort;

const CUT: &[u8] = b"\x1DV\x42\x78";
const SOON: Duration = Duration::from_secs(3);
const SILENCE: Duration = Duration::from_millis(300);

fn expect(port: &mut TTYPort, request: &str, answer: &str) {
    port.write_all(&hex(request)).unwrap();
    let wanted = hex(answer);
    assert_eq!(read_up_to(port, wanted.len(), SOON), wanted, "{request}");
}

/// A picture of `rows` rows whose bytes count up, so that no two rows are the same.
fn raster(rows: usize) -> Vec<u8> {
    let mut bytes = vec![0x1D, b'v', b'0', 0, 72, 0, rows as u8, (rows >> 8) as u8];
    bytes.extend((0..rows * 72).map(|at| (at / 72 + at % 72 + 1) as u8));
    bytes
}

fn dots(bytes: &[u8]) -> Vec<Vec<bool>> {
    bytes
        .chunks(72)
        .map(|row| {
            (0..576)
                .map(|x| row[x / 8] & 0x80 >> (x % 8) != 0)
                .collect()
        })
        .collect()
}

#[test]
fn a_sound_printer_answers_as_the_reference_says() {
    let simulator = Simulator::start(PRINTER, &[]);
    let mut port = simulator.open(115_200);
    for n in 1..=4 {
        expect(&mut port, &format!("10 04 0{n}"), "12");
    }
    expect(&mut port, "1B 40 1D 72 01", "00");
    expect(&mut port, "1D 61 0F", "10 00 00 0F");
    expect(&mut port, "1D 61 00 1D 49 43", "5F 53 49 4D 2D 38 30 00");
}

#[test]
fn faults_show_in_the_status_bits_and_pass() {
    let mut simulator = Simulator::start(PRINTER, &[]);
    let mut port = simulator.open(115_200);
    for (order, answers) in [
        ("paper-near-end", "12 12 12 1E"),
        ("paper-out", "1A 32 12 7E"),
        ("paper-ok", "12 12 12 12"),
        ("cover-open", "1A 16 12 12"),
        ("cover-close", "12 12 12 12"),
        ("offline", "1A 12 12 12"),
        ("cutter-error", "1A 52 1A 12"),
        ("restore", "12 12 12 12"),
    ] {
        simulator.order(&format!(r#"{{"do":"{order}"}}"#));
        expect(&mut port, "10 04 01 10 04 02 10 04 03 10 04 04", answers);
    }
    simulator.order(r#"{"do":"mute"}"#);
    port.write_all(&hex("10 04 01 1D 72 01")).unwrap();
    assert_eq!(read_up_to(&mut port, 1, SILENCE), Vec::<u8>::new());
}

#[test]
fn the_paper_shows_exactly_the_dots_that_were_sent() {
    let mut simulator = Simulator::start(PRINTER, &["--speed", "1000"]);
    let mut port = simulator.open(115_200);
    let picture = raster(200);
    port.write_all(&hex("1B 40")).unwrap();
    port.write_all(&picture).unwrap();
    port.write_all(CUT).unwrap();
    port.write_all(&hex("1D 72 01")).unwrap();
    assert_eq!(read_up_to(&mut port, 1, SOON), [0]);
    let state = simulator.await_state("a sheet", |state| state["sheets"][0].is_object());
    assert_eq!(state["unknown-bytes"], 0, "{state}");
    let sheet = picture::rows(&simulator.folder.path().join("paper-0001.png"));
    assert_eq!(sheet.len(), 96 + 200 + 120 - 96);
    assert!(
        picture::inked(&sheet) == dots(&picture[8..]),
        "the dots differ"
    );
}

#[test]
fn bytes_are_not_taken_faster_than_the_wire_carries_them() {
    let simulator = Simulator::start(PRINTER, &["--baud", "38400", "--speed", "1000"]);
    let mut port = simulator.open(38_400);
    let picture = raster(100);
    let start = Instant::now();
    port.write_all(&picture).unwrap();
    port.write_all(&hex("1D 72 01")).unwrap();
    assert_eq!(read_up_to(&mut port, 1, Duration::from_secs(20)), [0]);
    let wire = picture.len() as f64 / 3840.0;
    let taken = start.elapsed().as_secs_f64();
    assert!(
        taken > wire * 0.9,
        "{taken} s is faster than the wire: {wire} s"
    );
    assert!(
        taken < wire * 2.0 + 1.0,
        "{taken} s is absurdly slow: {wire} s"
    );
}

#[test]
fn rows_are_not_printed_faster_than_the_motor_turns() {
    let simulator = Simulator::start(PRINTER, &["--speed", "50"]);
    let mut port = simulator.open(115_200);
    let start = Instant::now();
    port.write_all(&hex("1B 4A F0 1B 4A F0 1D 72 01")).unwrap();
    assert_eq!(read_up_to(&mut port, 1, Duration::from_secs(10)), [0]);
    assert!(
        start.elapsed() > Duration::from_millis(1080),
        "{:?} for 60 mm",
        start.elapsed()
    );
}

#[test]
fn paper_that_ends_inside_a_picture_holds_everything_until_it_is_replaced() {
    let mut simulator = Simulator::start(PRINTER, &["--speed", "1000"]);
    let mut port = simulator.open(115_200);
    simulator.order(r#"{"do":"paper-out-after-rows","rows":20}"#);
    let picture = raster(40);
    port.write_all(&picture).unwrap();
    simulator.await_state("the end of the paper", |state| state["offline"] == true);
    port.write_all(&hex("10 04 04")).unwrap();
    assert_eq!(
        read_up_to(&mut port, 1, SOON),
        [0x7E],
        "real-time status is not held"
    );
    port.write_all(CUT).unwrap();
    port.write_all(&hex("1D 72 01")).unwrap();
    assert_eq!(
        read_up_to(&mut port, 1, SILENCE),
        Vec::<u8>::new(),
        "GS r is held"
    );
    simulator.order(r#"{"do":"paper-ok"}"#);
    assert_eq!(read_up_to(&mut port, 1, SOON), [0]);
    let state = simulator.await_state("two sheets", |state| state["sheets"][1].is_object());
    assert_eq!(state["sheets"][0]["end"], "roll-ended");
    assert_eq!(state["sheets"][1]["end"], "cut");
    let sheets: Vec<_> = [1, 2]
        .map(|n| picture::rows(&simulator.folder.path().join(format!("paper-000{n}.png"))))
        .to_vec();
    let both: Vec<_> = sheets
        .iter()
        .flat_map(|sheet| picture::inked(sheet).to_vec())
        .collect();
    assert!(
        both == dots(&picture[8..]),
        "a row was lost or printed twice"
    );
}

#[test]
fn a_full_buffer_stops_the_sender_and_real_time_commands_work_up_to_there() {
    let mut simulator = Simulator::start(PRINTER, &["--buffer", "1024"]);
    let mut port = simulator.open(115_200);
    simulator.order(r#"{"do":"cover-open"}"#);
    port.write_all(&[b'A'; 1000]).unwrap();
    expect(&mut port, "10 04 02", "16");
    port.write_all(&[b'A'; 2000]).unwrap();
    simulator.await_state("a full buffer", |state| state["bytes-held"] == 1024);
    port.write_all(&hex("10 04 02")).unwrap();
    assert_eq!(
        read_up_to(&mut port, 1, SILENCE),
        Vec::<u8>::new(),
        "it was never received"
    );
    simulator.order(r#"{"do":"cover-close"}"#);
    assert_eq!(read_up_to(&mut port, 1, Duration::from_secs(10)), [0x12]);
}

#[test]
fn a_host_that_clears_the_printer_gets_rid_of_the_rest() {
    let mut simulator = Simulator::start(PRINTER, &[]);
    let mut port = simulator.open(115_200);
    simulator.order(r#"{"do":"paper-out"}"#);
    port.write_all(&raster(20)).unwrap();
    port.write_all(&hex("10 05 02")).unwrap();
    simulator.await_state("cleared", |state| {
        state["bytes-held"] == 0 && state["cleared-bytes"] == 1448
    });
}

#[test]
fn a_status_request_inside_a_picture_is_picture() {
    let mut simulator = Simulator::start(PRINTER, &[]);
    let mut port = simulator.open(115_200);
    port.write_all(&hex("1D 76 30 00 03 00 02 00 10 04 01 10 04 01"))
        .unwrap();
    assert_eq!(read_up_to(&mut port, 1, SILENCE), Vec::<u8>::new());
    assert_eq!(simulator.state()["rows-printed"], 2);
}

#[test]
fn a_wrong_rate_prints_question_marks_and_answers_nothing() {
    let mut simulator = Simulator::start(PRINTER, &["--baud", "19200"]);
    let mut port = simulator.open(115_200);
    port.write_all(&hex("10 04 01")).unwrap();
    assert_eq!(read_up_to(&mut port, 1, SILENCE), Vec::<u8>::new());
    assert_eq!(simulator.state()["framing-errors"], 3);
    drop(port);
    expect(&mut simulator.open(19_200), "10 04 01", "12");
}

#[test]
fn unknown_bytes_are_reported() {
    let mut simulator = Simulator::start(PRINTER, &[]);
    let mut port = simulator.open(115_200);
    port.write_all(&hex("1C 43 01 1D 65 05")).unwrap();
    let state = simulator.await_state("unknown bytes", |state| state["bytes-received"] == 6);
    assert_eq!(
        state["unknown"],
        serde_json::json!(["1C 43 01", "1D 65", "05"])
    );
    assert_eq!(state["unknown-bytes"], 6);
}

#[test]
fn the_programs_end_with_the_process_that_started_them() {
    let socket = tempfile::tempdir().unwrap();
    let port = socket.path().join("port");
    let script = format!(
        "'{PRINTER}' --exit-with-parent --link '{}' & sleep 0.5",
        port.display()
    );
    std::process::Command::new("sh")
        .args(["-c", &script])
        .status()
        .unwrap();
    let deadline = Instant::now() + SOON;
    while port.is_symlink() {
        assert!(Instant::now() < deadline, "the printer outlived its parent");
        std::thread::sleep(Duration::from_millis(10));
    }
    assert!(!port.exists());
}

//! Holding, continuing, clearing and answering, with a clock that the test turns.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;

struct Bench {
    machine: Machine,
    now: Instant,
}

impl Bench {
    fn new(buffer: usize) -> Self {
        let now = Instant::now();
        let model = Model {
            dots: 576,
            buffer,
            speed_mm: 100,
            xon_xoff: false,
        };
        Self {
            machine: Machine::new(model, Typeface::boxes(), now),
            now,
        }
    }

    fn send(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.machine.receive(*byte);
        }
    }

    /// Lets time pass until nothing is left to do.
    fn run(&mut self) {
        while let Some(next) = self.machine.advance(self.now) {
            self.now = next;
        }
    }

    fn ask(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.send(bytes);
        self.run();
        self.machine.take_outgoing()
    }
}

fn raster(rows: u8) -> Vec<u8> {
    let mut bytes = vec![0x1D, b'v', b'0', 0, 72, 0, rows, 0];
    bytes.extend(std::iter::repeat_n(0xAA, 72 * usize::from(rows)));
    bytes
}

#[test]
fn a_hundred_millimetres_take_a_second() {
    let mut bench = Bench::new(4096);
    let start = bench.now;
    for _ in 0..4 {
        bench.send(&raster(200));
    }
    bench.run();
    assert_eq!((bench.now - start).as_millis(), 1000);
}

#[test]
fn paper_that_ends_in_the_middle_holds_the_rest_until_it_is_replaced() {
    let mut bench = Bench::new(4096);
    bench.machine.rows_left = Some(10);
    bench.send(&raster(30));
    bench.send(b"\x1DV\x42\x60\x1Dr\x01");
    bench.run();
    assert_eq!(bench.machine.counters.rows, 10);
    assert_eq!(bench.machine.take_outgoing(), [] as [u8; 0], "GS r waits");
    assert_eq!(
        bench.ask(&[0x10, 4, 1, 0x10, 4, 2, 0x10, 4, 4]),
        [0x1A, 0x32, 0x7E]
    );
    bench
        .machine
        .change(|condition| condition.paper = PaperSensor::Full);
    bench.run();
    assert_eq!(bench.machine.take_outgoing(), [0x00]);
    let black: Vec<usize> = bench
        .machine
        .take_sheets()
        .iter()
        .map(|sheet| sheet.rows.iter().filter(|row| row[0] == 0xAA).count())
        .collect();
    assert_eq!(black, [10, 20]);
}

#[test]
fn clearing_forgets_what_waits_but_not_what_is_on_the_paper() {
    let mut bench = Bench::new(8192);
    bench.machine.rows_left = Some(10);
    bench.send(&raster(30));
    bench.run();
    bench.send(&[0x10, 5, 2]);
    assert_eq!(
        (bench.machine.bytes_held(), bench.machine.rows_held()),
        (0, 0)
    );
    bench.machine.rows_left = None;
    bench.machine.condition.paper = PaperSensor::Full;
    bench.send(b"\x1DV\x42\x60");
    bench.run();
    let sheets = bench.machine.take_sheets();
    assert_eq!(
        sheets[0].rows.iter().filter(|row| row[0] == 0xAA).count(),
        10
    );
}

#[test]
fn an_open_cover_stops_at_once_and_printing_goes_on_when_it_is_closed() {
    let mut bench = Bench::new(4096);
    bench
        .machine
        .change(|condition| condition.cover_open = true);
    bench.send(&raster(5));
    bench.run();
    assert_eq!(bench.machine.counters.rows, 0);
    assert_eq!(bench.ask(&[0x10, 4, 2]), [0x16]);
    bench
        .machine
        .change(|condition| condition.cover_open = false);
    bench.run();
    assert_eq!(bench.machine.counters.rows, 5);
}

#[test]
fn a_jammed_cutter_waits_for_the_command_to_recover() {
    let mut bench = Bench::new(4096);
    bench
        .machine
        .change(|condition| condition.cutter_error = true);
    assert_eq!(bench.ask(&[0x10, 4, 3]), [0x1A]);
    assert_eq!(bench.ask(&[0x10, 5, 1, 0x10, 4, 3]), [0x12]);
    bench.machine.answers.cutter_stuck = true;
    bench
        .machine
        .change(|condition| condition.cutter_error = true);
    assert_eq!(bench.ask(&[0x10, 5, 1, 0x10, 4, 3]), [0x1A]);
}

#[test]
fn automatic_status_is_sent_at_once_and_on_each_change_that_was_asked_for() {
    let mut bench = Bench::new(4096);
    assert_eq!(bench.ask(b"\x1Da\x08"), [0x10, 0, 0, 0x0F]);
    bench
        .machine
        .change(|condition| condition.cover_open = true);
    assert_eq!(bench.machine.take_outgoing(), [] as [u8; 0]);
    bench
        .machine
        .change(|condition| condition.paper = PaperSensor::NearEnd);
    assert_eq!(bench.machine.take_outgoing(), [0x38, 0, 3, 0x0F]);
}

#[test]
fn a_mute_printer_prints_and_says_nothing() {
    let mut bench = Bench::new(4096);
    bench.machine.answers.mute = true;
    let mut bytes = raster(5);
    bytes.extend(b"\x10\x04\x01\x1Dr\x01\x1DI\x01");
    assert_eq!(bench.ask(&bytes), [] as [u8; 0]);
    assert_eq!(bench.machine.counters.rows, 5);
}

#[test]
fn a_full_buffer_asks_for_a_pause_and_ends_it() {
    let mut bench = Bench::new(1024);
    bench.machine.model.xon_xoff = true;
    bench
        .machine
        .change(|condition| condition.switched_offline = true);
    bench.send(&[b'A'; 700]);
    assert_eq!(bench.machine.take_outgoing(), [] as [u8; 0]);
    bench.send(&[b'A'; 324]);
    assert_eq!(bench.machine.take_outgoing(), [XOFF]);
    assert_eq!(bench.machine.room(), 0);
    bench
        .machine
        .change(|condition| condition.switched_offline = false);
    bench.run();
    assert_eq!(bench.machine.take_outgoing(), [XON]);
}

#[test]
fn unknown_bytes_are_counted_and_shown() {
    let mut bench = Bench::new(4096);
    bench.send(&[0x1B, 0x01, 0x00, 0x1C, b'C', 1]);
    bench.run();
    assert_eq!(bench.machine.counters.unknown_bytes, 6);
    assert_eq!(bench.machine.counters.unknown, ["1B 01", "00", "1C 43 01"]);
}

//! Serial ports tried on pseudo-terminals: every failure has a name, every wait ends.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::Write;

use super::*;

/// A pseudo-terminal: the device's side, and the path that the terminal opens.
fn pty() -> (TTYPort, PathBuf) {
    let (mut device, host) = TTYPort::pair().unwrap();
    device.set_timeout(Duration::from_secs(2)).unwrap();
    let path = PathBuf::from(host.name().unwrap());
    // Keep the device's side alive without holding the port that is being tested.
    drop(host);
    (device, path)
}

fn settings(path: &Path, flow: FlowControl) -> SerialSettings {
    SerialSettings {
        path: path.to_owned(),
        baud: 115_200,
        flow,
    }
}

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(2)
}

fn in_a_moment() -> Instant {
    Instant::now() + Duration::from_millis(50)
}

#[test]
fn every_byte_value_passes_unchanged_both_ways() {
    let (mut device, path) = pty();
    let mut host = SerialStream::open(&settings(&path, FlowControl::None)).unwrap();
    let all: Vec<u8> = (0..=255).collect();

    host.write_all(&all, soon()).unwrap();
    let mut got = vec![0; 256];
    device.read_exact(&mut got).unwrap();
    assert_eq!(got, all);

    device.write_all(&all).unwrap();
    let mut got = Vec::new();
    while got.len() < 256 {
        let mut buf = [0; 100];
        let n = host.read(&mut buf, soon()).unwrap();
        got.extend_from_slice(&buf[..n]);
    }
    assert_eq!(got, all);
}

#[test]
fn silence_ends_at_the_deadline() {
    let (_device, path) = pty();
    let mut host = SerialStream::open(&settings(&path, FlowControl::None)).unwrap();
    let began = Instant::now();
    let result = host.read(&mut [0; 8], in_a_moment());
    assert!(matches!(result, Err(PortError::TimedOut)), "{result:?}");
    assert!(began.elapsed() < Duration::from_secs(1));
}

#[test]
fn a_device_that_takes_nothing_does_not_block_a_writer_for_ever() {
    let (_device, path) = pty();
    let mut host = SerialStream::open(&settings(&path, FlowControl::None)).unwrap();
    let began = Instant::now();
    let result = host.write_all(&vec![0x55; 4 << 20], in_a_moment());
    assert!(matches!(result, Err(PortError::TimedOut)), "{result:?}");
    assert!(began.elapsed() < Duration::from_secs(1));
}

#[test]
fn a_device_that_sends_xoff_pauses_us_and_xon_releases_us() {
    let (mut device, path) = pty();
    let mut host = SerialStream::open(&settings(&path, FlowControl::DeviceXonXoff)).unwrap();
    device.write_all(&[0x13, b'p']).unwrap();
    // The pause byte vanishes from the input, the status byte behind it arrives.
    let mut buf = [0; 8];
    assert_eq!(host.read(&mut buf, soon()).unwrap(), 1);
    assert_eq!(buf[0], b'p');

    let paused = host.write_all(b"data", in_a_moment());
    assert!(matches!(paused, Err(PortError::TimedOut)), "{paused:?}");
    device.write_all(&[0x11, b'q']).unwrap();
    assert_eq!(host.read(&mut buf, soon()).unwrap(), 1);
    host.write_all(b"data", soon()).unwrap();
    let mut got = [0; 4];
    device.read_exact(&mut got).unwrap();
    assert_eq!(&got, b"data");
}

#[test]
fn a_pulled_cable_is_told_from_silence() {
    let (device, path) = pty();
    let mut host = SerialStream::open(&settings(&path, FlowControl::None)).unwrap();
    drop(device);
    let read = host.read(&mut [0; 8], soon());
    assert!(matches!(read, Err(PortError::Unplugged(_))), "{read:?}");
    let written = host.write_all(b"x", soon());
    assert!(
        matches!(written, Err(PortError::Unplugged(_))),
        "{written:?}"
    );
}

#[test]
fn a_missing_port_a_held_port_and_a_plain_file_are_told_apart() {
    let nowhere = Path::new("/dev/no-such-card-reader");
    let missing = SerialStream::open(&settings(nowhere, FlowControl::None));
    assert!(matches!(missing, Err(PortError::Missing(_))), "{missing:?}");

    let (_device, path) = pty();
    let _holder = SerialStream::open(&settings(&path, FlowControl::None)).unwrap();
    let busy = SerialStream::open(&settings(&path, FlowControl::None));
    assert!(matches!(busy, Err(PortError::Busy(_))), "{busy:?}");

    let file = tempfile::NamedTempFile::new().unwrap();
    let not_a_port = SerialStream::open(&settings(file.path(), FlowControl::None));
    assert!(
        matches!(not_a_port, Err(PortError::NotAPort(_))),
        "{not_a_port:?}"
    );
}

#[test]
fn every_speed_of_a_card_reader_can_be_set() {
    let (_device, path) = pty();
    let mut host = SerialStream::open(&settings(&path, FlowControl::None)).unwrap();
    for baud in [9600, 19_200, 38_400, 57_600, 115_200] {
        host.set_baud(baud).unwrap();
        assert_eq!(host.port.baud_rate().unwrap(), baud);
    }
}

#[test]
fn draining_stops_at_silence() {
    let (mut device, path) = pty();
    let mut host = SerialStream::open(&settings(&path, FlowControl::None)).unwrap();
    device.write_all(&[7; 300]).unwrap();
    let dropped = host.drain(Duration::from_millis(50), soon()).unwrap();
    assert_eq!(dropped, 300);
}

#[test]
fn draining_a_device_that_never_falls_silent_ends_at_the_deadline() {
    let (mut device, path) = pty();
    let mut host = SerialStream::open(&settings(&path, FlowControl::None)).unwrap();
    let babbler = std::thread::spawn(move || while device.write_all(&[7; 64]).is_ok() {});
    let began = Instant::now();
    host.drain(Duration::from_millis(50), in_a_moment())
        .unwrap();
    assert!(began.elapsed() < Duration::from_secs(1));
    drop(host);
    drop(babbler);
}

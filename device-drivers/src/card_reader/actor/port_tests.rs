//! The reader over a real serial port: speeds, pieces of any size, and a cable that is pulled.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::{Read, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use serialport::{SerialPort, TTYPort};
use tokio::time::timeout;

use crate::card_reader::testing::{citizen_data, reply, status};
use crate::card_reader::{Baud, CardReader, CardReaderConfig, CardReaderProfile};
use crate::status::{DeviceState, FaultKind};

/// A module on a pseudo-terminal that answers at one speed and sends noise at any other.
struct Module {
    path: PathBuf,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Module {
    fn plug_in(baud: u32) -> Self {
        let (mut line, host) = TTYPort::pair().unwrap();
        let path = PathBuf::from(host.name().unwrap());
        line.set_timeout(Duration::from_millis(20)).unwrap();
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = std::thread::spawn(move || {
            // Keeps the terminal's side open between two of its connections.
            let _host = host;
            while !stopped.load(Ordering::SeqCst) {
                let mut command = [0; 10];
                if line.read_exact(&mut command).is_err() {
                    continue;
                }
                let answer = if line.baud_rate().unwrap() == baud {
                    answer([command[7], command[8]])
                } else {
                    vec![0xF8, 0x00, 0xE0]
                };
                for piece in answer.chunks(61) {
                    line.write_all(piece).unwrap();
                }
            }
        });
        Self {
            path,
            stop,
            thread: Some(thread),
        }
    }
}

impl Drop for Module {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

fn answer(command: [u8; 2]) -> Vec<u8> {
    match command {
        [0x12, 0xFF] => reply([0, 0, 0x90], &[1; 16]),
        [0x20, 0x01] => reply([0, 0, 0x9F], &[0; 4]),
        [0x20, 0x02] => reply([0, 0, 0x90], &[0; 8]),
        [0x30, 0x01] => reply([0, 0, 0x90], &citizen_data()),
        [0x30, 0x03] => status(0x91),
        _ => status(0x90),
    }
}

#[tokio::test]
async fn a_card_is_read_at_a_speed_nobody_told_and_a_pulled_cable_is_noticed() {
    let module = Module::plug_in(57_600);
    let reader = CardReader::open(CardReaderConfig {
        port: module.path.clone(),
        baud: Baud::Auto,
        profile: CardReaderProfile::default(),
    });
    let long = Duration::from_secs(20);
    let card = reader.read_once(long).await.unwrap();
    assert_eq!(card.id_number.as_str(), "11010519491231002X");
    assert_eq!(reader.identity().borrow().as_ref().unwrap().baud, 57_600);

    drop(module);
    let mut status = reader.status();
    let gone = status.wait_for(|status| status.state == DeviceState::PoweredOff);
    let gone = timeout(long, gone).await.unwrap().unwrap();
    assert_eq!(gone.fault.as_ref().unwrap().kind, FaultKind::PortMissing);
}

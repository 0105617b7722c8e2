//! The line to vpcd: the card is the client. Each message is two bytes of length and the message;
//! one byte is a signal to the card, everything else a command.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::order::{Contact, Slot};
use crate::lifetime::{ATTENTION, Lifetime};

/// Signals of vpcd.
const POWER_OFF: u8 = 0;
const POWER_ON: u8 = 1;
const RESET: u8 = 2;
const GIVE_ATR: u8 = 4;

/// Keeps a card in the virtual slot for as long as one is in the simulated one.
pub(super) fn serve(vpcd: &str, lifetime: &Lifetime, slot: &Mutex<Slot>) {
    while !lifetime.is_over() {
        let visit = {
            let slot = lock(slot);
            slot.is_occupied().then_some(slot.visit)
        };
        if let Some(visit) = visit
            && let Ok(stream) = TcpStream::connect(vpcd)
        {
            // When the line breaks, the daemon has ended: a card without a reader.
            let _ = hold(&stream, visit, lifetime, slot);
        }
        lifetime.sleep_until(Instant::now() + ATTENTION / 2);
    }
}

/// Answers until the card is taken out; dropping the line takes it out of the virtual slot.
fn hold(
    mut stream: &TcpStream,
    visit: u64,
    lifetime: &Lifetime,
    slot: &Mutex<Slot>,
) -> io::Result<()> {
    stream.set_read_timeout(Some(ATTENTION / 2))?;
    stream.set_nodelay(true)?;
    let still_in = || !lifetime.is_over() && lock(slot).visit == visit;
    let mut received = Vec::new();
    let mut buffer = [0; 512];
    while still_in() {
        match stream.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(count) => received.extend(&buffer[..count]),
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut
                ) =>
            {
                continue;
            }
            Err(error) => return Err(error),
        }
        while let Some(message) = take_message(&mut received) {
            let contact = match message.as_slice() {
                [POWER_OFF | POWER_ON | RESET] => {
                    lock(slot).reset();
                    continue;
                }
                [GIVE_ATR] => Contact::Answer(lock(slot).answer_to_reset()),
                [_] => continue,
                apdu => lock(slot).command(apdu),
            };
            match contact {
                Contact::Answer(answer) => {
                    let mut bytes = (answer.len() as u16).to_be_bytes().to_vec();
                    bytes.extend(answer);
                    stream.write_all(&bytes)?;
                }
                Contact::Gone => return Ok(()),
                Contact::Silence => {
                    while still_in() {
                        std::thread::sleep(Duration::from_millis(20));
                    }
                }
            }
        }
    }
    Ok(())
}

/// The first whole message, if there is one.
fn take_message(received: &mut Vec<u8>) -> Option<Vec<u8>> {
    let length = usize::from(u16::from_be_bytes([*received.first()?, *received.get(1)?]));
    if received.len() < 2 + length {
        return None;
    }
    let rest = received.split_off(2 + length);
    let message = std::mem::replace(received, rest);
    Some(message[2..].to_vec())
}

fn lock(slot: &Mutex<Slot>) -> MutexGuard<'_, Slot> {
    slot.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_whole_however_they_arrive() {
        let stream = [0, 1, 4, 0, 5, 0, 0xB2, 8, 0, 0];
        let mut received = Vec::new();
        let mut messages = Vec::new();
        for byte in stream {
            received.push(byte);
            messages.extend(take_message(&mut received));
        }
        assert_eq!(messages, [vec![4], vec![0, 0xB2, 8, 0, 0]]);
        assert!(received.is_empty());
    }
}

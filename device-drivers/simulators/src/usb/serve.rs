//! A plugged-in device at work: transfers in, transfers out, and those that wait.

use std::io::{self, Write};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::descriptor::PACKET;
use super::wire::{self, Message, OVERFLOWED, STALLED, Submit, UNLINKED};
use super::{Cable, Function};

/// How long a packet may lie ready before a waiting transfer is given it.
const TURN: Duration = Duration::from_millis(1);

/// A transfer towards the host that is not complete.
struct Waiting {
    number: u32,
    endpoint: u8,
    room: usize,
    got: Vec<u8>,
}

/// Serves the host until `while_in` says no, or the host hangs up.
///
/// # Errors
/// The host says something that is no USB/IP.
pub fn serve(
    cable: Cable,
    function: &mut impl Function,
    mut while_in: impl FnMut() -> bool,
) -> io::Result<()> {
    let mut line = cable.line;
    let mut waiting: Vec<Waiting> = Vec::new();
    while while_in() {
        if readable(&line)? {
            match wire::read(&mut line) {
                Ok(Message::Submit(submit)) => begin(&mut line, function, &mut waiting, submit)?,
                Ok(Message::Unlink { number, transfer }) => {
                    let before = waiting.len();
                    waiting.retain(|one| one.number != transfer);
                    let known = waiting.len() < before;
                    wire::answer_unlink(&mut line, number, if known { UNLINKED } else { 0 })?;
                }
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
                Err(error) => return Err(error),
            }
        }
        give(&mut line, function, &mut waiting)?;
    }
    Ok(())
}

fn begin(
    line: &mut UnixStream,
    function: &mut impl Function,
    waiting: &mut Vec<Waiting>,
    submit: Submit,
) -> io::Result<()> {
    let Submit {
        number,
        endpoint,
        length,
        ..
    } = submit;
    let control = matches!(endpoint, 0x00 | 0x80);
    if control {
        return match function.identity().control(submit.setup) {
            Some(data) if submit.is_in => wire::answer(line, number, 0, 0, &data),
            Some(_) => wire::answer(line, number, 0, submit.data.len(), &[]),
            None => wire::answer(line, number, STALLED, 0, &[]),
        };
    }
    let known = function.identity().endpoints.iter();
    if !known.clone().any(|one| one.address == endpoint) {
        return wire::answer(line, number, STALLED, 0, &[]);
    }
    if submit.is_in {
        waiting.push(Waiting {
            number,
            endpoint,
            room: length,
            got: Vec::new(),
        });
        return Ok(());
    }
    function.take(endpoint, &submit.data, Instant::now());
    wire::answer(line, number, 0, length, &[])
}

/// Gives waiting transfers what is there for them, the oldest first. A transfer ends when it is
/// full, or with a packet that is not.
fn give(
    line: &mut impl Write,
    function: &mut impl Function,
    waiting: &mut Vec<Waiting>,
) -> io::Result<()> {
    let mut at = 0;
    while at < waiting.len() {
        let one = &mut waiting[at];
        let earlier = one.endpoint;
        let status = loop {
            let Some(packet) = function.give(one.endpoint, Instant::now()) else {
                break None;
            };
            if one.got.len() + packet.len() > one.room {
                break Some(OVERFLOWED);
            }
            one.got.extend_from_slice(&packet);
            if packet.len() < PACKET || one.got.len() == one.room {
                break Some(0);
            }
        };
        match status {
            Some(status) => {
                let done = waiting.remove(at);
                wire::answer(line, done.number, status, 0, &done.got)?;
            }
            // Those behind it on the same endpoint have to wait as well.
            None => {
                at += 1;
                while waiting.get(at).is_some_and(|one| one.endpoint == earlier) {
                    at += 1;
                }
            }
        }
    }
    Ok(())
}

fn readable(line: &UnixStream) -> io::Result<bool> {
    let timeout = Timespec::try_from(TURN).map_err(io::Error::other)?;
    let mut ready = [PollFd::new(line, PollFlags::IN)];
    match poll(&mut ready, Some(&timeout)) {
        Ok(count) => Ok(count > 0),
        Err(rustix::io::Errno::INTR) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

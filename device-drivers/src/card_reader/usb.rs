//! Frames over USB: three ways in which readers spread them over pipes, and how to tell which.
//!
//! All three are in the field, two of them under the same number 0400:c35a. What is known of each
//! is said at [`UsbLayout`]; none was tried on a physical reader.

use std::time::{Duration, Instant};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::command::Command;
use crate::transport::usb::{PacketBuffer, Pipe, PipeKind, UsbAddress, UsbInterface, UsbPipes};
use crate::transport::{ByteStream, Opener, PortError};

/// Preamble and length of a frame.
const HEAD: usize = 7;
/// Least and greatest length that a head may give: status and sum; text, photo and fingerprints.
const LENGTHS: std::ops::RangeInclusive<usize> = 4..=2400;
/// Pipes of the official layout: head and rest to the reader, head and rest back.
const HEAD_OUT: u8 = 0x02;
const REST_OUT: u8 = 0x06;
const HEAD_IN: u8 = 0x81;
const REST_IN: u8 = 0x85;
/// Bytes of a packet of the HID kind.
const PACKET: usize = 64;
/// How long the vendor of the HID kind waits before it fetches what was read from a card.
const CARD_WORK: Duration = Duration::from_millis(100);
/// How long a reader may take to show which layout it has.
const SHOWING: Duration = Duration::from_millis(800);

/// How a reader spreads a frame over its pipes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UsbLayout {
    /// Look at the endpoints, and ask where they leave a doubt.
    #[default]
    Auto,
    /// Head and rest on pipes of their own, 02 and 06 out, 81 and 85 in: the official protocol
    /// text and a vendor's source agree.
    FourPipes,
    /// Whole frames on one pipe each way: the vendor's Android library, in several projects.
    OnePair,
    /// Whole frames padded to packets of 64 bytes, on bulk or interrupt pipes: one vendor's
    /// library.
    Packets,
}

/// What opens a reader on USB.
pub(super) fn opener(address: UsbAddress, layout: UsbLayout) -> Opener {
    Box::new(move || {
        let mut interface = UsbInterface::open(&address)?;
        let settled = match layout {
            UsbLayout::Auto => find_out(&mut interface)?,
            layout => layout,
        };
        tracing::info!(?settled, "card reader on USB");
        Ok(Box::new(SdtPipes::new(interface, settled)?))
    })
}

/// A reader's pipes as a stream of frames.
struct SdtPipes<P> {
    pipes: P,
    outputs: (Pipe, Pipe),
    inputs: (Pipe, Pipe),
    padded: bool,
    waiting: PacketBuffer,
    incoming: Incoming,
    /// Not asked for an answer before this, if it is still to come.
    not_before: Option<Instant>,
}

/// Which pipe the next bytes come from.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Incoming {
    /// A head, of which this is here.
    Head(Vec<u8>),
    /// So many bytes of the rest.
    Rest(usize),
}

impl<P: UsbPipes> SdtPipes<P> {
    /// Speaks in this layout; `Auto` is settled by [`find_out`] before.
    fn new(pipes: P, layout: UsbLayout) -> Result<Self, PortError> {
        let (outputs, inputs) = match layout {
            UsbLayout::FourPipes => (
                (pipe(&pipes, HEAD_OUT), pipe(&pipes, REST_OUT)),
                (pipe(&pipes, HEAD_IN), pipe(&pipes, REST_IN)),
            ),
            UsbLayout::Auto | UsbLayout::OnePair | UsbLayout::Packets => {
                let (output, input) = (first(&pipes, false), first(&pipes, true));
                ((output, output), (input, input))
            }
        };
        let missing =
            || PortError::NotAPort(format!("its pipes do not make the layout {layout:?}"));
        let both = |(a, b): (Option<Pipe>, Option<Pipe>)| Some((a?, b?));
        Ok(Self {
            outputs: both(outputs).ok_or_else(missing)?,
            inputs: both(inputs).ok_or_else(missing)?,
            padded: layout == UsbLayout::Packets,
            waiting: PacketBuffer::default(),
            incoming: Incoming::Head(Vec::new()),
            not_before: None,
            pipes,
        })
    }

    fn has_two(&self) -> bool {
        self.inputs.0 != self.inputs.1
    }

    /// One packet into the buffer.
    fn fill(&mut self, deadline: Instant) -> Result<(), PortError> {
        let Self { pipes, inputs, .. } = self;
        let at_rest = matches!(self.incoming, Incoming::Rest(_));
        let pipe = if at_rest { inputs.1 } else { inputs.0 };
        let filled = self
            .waiting
            .fill(pipe, |into| pipes.read(pipe, into, deadline));
        match filled {
            // What is left of an answer that nobody waited for lies in the other pipe.
            Err(PortError::TimedOut) if !at_rest && inputs.0 != inputs.1 => {
                let other = inputs.1;
                self.waiting
                    .fill(other, |into| pipes.read(other, into, Instant::now()))
            }
            other => other,
        }
    }

    /// Follows what is handed over, to know where the next bytes are.
    fn follow(&mut self, bytes: &[u8]) {
        if !self.has_two() {
            return;
        }
        for &byte in bytes {
            self.incoming = match &mut self.incoming {
                Incoming::Rest(left) if *left > 1 => Incoming::Rest(*left - 1),
                Incoming::Rest(_) => Incoming::Head(Vec::new()),
                Incoming::Head(head) => {
                    head.push(byte);
                    match length(head) {
                        Some(length) => Incoming::Rest(length),
                        None if head.len() < HEAD => continue,
                        None => Incoming::Head(head.split_off(1)),
                    }
                }
            };
        }
    }
}

impl<P: UsbPipes> ByteStream for SdtPipes<P> {
    fn read(&mut self, buf: &mut [u8], deadline: Instant) -> Result<usize, PortError> {
        if let Some(time) = self.not_before.take() {
            std::thread::sleep(time.saturating_duration_since(Instant::now()));
        }
        loop {
            if let Some(count) = self.waiting.hand_over(buf) {
                self.follow(&buf[..count]);
                return Ok(count);
            }
            self.fill(deadline)?;
            if self.waiting.is_empty() && Instant::now() >= deadline {
                return Err(PortError::TimedOut);
            }
        }
    }

    fn write_all(&mut self, bytes: &[u8], deadline: Instant) -> Result<(), PortError> {
        self.incoming = Incoming::Head(Vec::new());
        self.waiting.clear();
        if self.padded {
            let mut padded = bytes.to_vec();
            padded.resize(bytes.len().next_multiple_of(PACKET), 0);
            // 30 xx reads a card.
            self.not_before = (bytes.get(HEAD) == Some(&0x30)).then(|| Instant::now() + CARD_WORK);
            return self.pipes.write_all(self.outputs.0, &padded, deadline);
        }
        if !self.has_two() {
            return self.pipes.write_all(self.outputs.0, bytes, deadline);
        }
        let (head, rest) = bytes.split_at(bytes.len().min(HEAD));
        self.pipes.write_all(self.outputs.0, head, deadline)?;
        self.pipes.write_all(self.outputs.1, rest, deadline)
    }

    fn set_baud(&mut self, _baud: u32) -> Result<(), PortError> {
        Ok(())
    }
}

/// What a whole head says of the bytes behind it; none if this is no head.
fn length(head: &[u8]) -> Option<usize> {
    let [0xAA, 0xAA, 0xAA, 0x96, 0x69, high, low] = head else {
        return None;
    };
    Some(usize::from(u16::from_be_bytes([*high, *low]))).filter(|length| LENGTHS.contains(length))
}

fn pipe(pipes: &impl UsbPipes, address: u8) -> Option<Pipe> {
    let mut all = pipes.pipes().iter().copied();
    all.find(|pipe| pipe.address == address)
}

fn first(pipes: &impl UsbPipes, is_in: bool) -> Option<Pipe> {
    let mut all = pipes.pipes().iter().copied();
    all.find(|pipe| pipe.is_in() == is_in)
}

/// Which layout a reader has, by its endpoints and, where those fit two, by its answer to 11 FF.
fn find_out(pipes: &mut impl UsbPipes) -> Result<UsbLayout, PortError> {
    let all_four = [HEAD_OUT, REST_OUT, HEAD_IN, REST_IN].map(|address| pipe(pipes, address));
    let [Some(head_out), Some(rest_out), Some(head_in), Some(rest_in)] = all_four else {
        let packets = first(pipes, true).is_some_and(|pipe| pipe.kind == PipeKind::Interrupt);
        return Ok(if packets {
            UsbLayout::Packets
        } else {
            UsbLayout::OnePair
        });
    };
    let question = Command::SamStatus.encode();
    let (head, rest) = question.split_at(HEAD);
    let deadline = Instant::now() + SHOWING;
    pipes.write_all(head_out, head, deadline)?;
    pipes.write_all(rest_out, rest, deadline)?;
    let mut answer = [0; PACKET];
    match pipes.read(head_in, &mut answer, deadline) {
        // All in one pipe.
        Ok(count) if count > HEAD => return Ok(UsbLayout::OnePair),
        Ok(_) => {}
        // Silence says nothing of the layout; the driver will say that there is no answer.
        Err(PortError::TimedOut) => return Ok(UsbLayout::FourPipes),
        Err(error) => return Err(error),
    }
    match pipes.read(rest_in, &mut answer, deadline) {
        Ok(_) => Ok(UsbLayout::FourPipes),
        Err(PortError::TimedOut) => Ok(UsbLayout::OnePair),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests;

//! `jinban-sim-usb-card-reader`: the same reader on USB, in each layout that is in the field.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use clap::{Parser, ValueEnum};

use super::frame::{FrameReader, Incoming};
use super::order::Reader;
use crate::lifetime::{ATTENTION, Lifetime, announce_address};
use crate::plug::Plug;
use crate::usb::{Endpoint, Function, Host, Identity, Kind, serve};

/// A resident identity card reader (SAM_V / SDT protocol) on a USB plug of the kernel's virtual
/// host controller.
///
/// Prints {"port":"usb:VVVV:PPPP"} on standard output, then works until SIGTERM or SIGINT. Orders
/// are those of jinban-sim-id-card-reader; `unplug` and `plug` are the USB cable.
#[derive(Debug, Parser)]
#[command(name = "jinban-sim-usb-card-reader", version)]
pub struct UsbOptions {
    /// What it has in common with the one on a serial line.
    #[command(flatten)]
    pub reader: super::Options,
    /// How frames are spread over pipes.
    #[arg(long, value_enum, default_value_t)]
    pub layout: Layout,
    /// The virtual host controller.
    #[arg(long, default_value = "/sys/devices/platform/vhci_hcd.0")]
    pub host: PathBuf,
}

/// How frames are spread over pipes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Layout {
    /// Head on 02 and 81, the rest on 06 and 85.
    #[default]
    FourPipes,
    /// Whole frames on 01 and 82.
    OnePair,
    /// Whole frames on 02 and 81, on a device that has 06 and 85 as well.
    OnePairOfFour,
    /// Packets of 64 bytes, as a human interface device.
    Packets,
}

/// Bytes of a packet.
const PACKET: usize = 64;
/// Preamble and length.
const HEAD: usize = 7;
/// A pause that ends an unfinished request.
const PAUSE: Duration = Duration::from_millis(300);
/// Vendor page; 64 bytes in, 64 bytes out, without numbers.
const REPORTS: [u8; 27] = [
    0x06, 0x00, 0xFF, 0x09, 0x01, 0xA1, 0x01, 0x15, 0x00, 0x26, 0xFF, 0x00, 0x75, 0x08, 0x95, 0x40,
    0x09, 0x02, 0x81, 0x02, 0x95, 0x40, 0x09, 0x03, 0x91, 0x02, 0xC0,
];

impl Layout {
    fn identity(self, serial: String) -> Identity {
        let (kind, addresses): (Kind, &[u8]) = match self {
            Self::FourPipes | Self::OnePairOfFour => (Kind::Bulk, &[0x02, 0x06, 0x81, 0x85]),
            Self::OnePair => (Kind::Bulk, &[0x82, 0x01]),
            Self::Packets => (Kind::Interrupt, &[0x81, 0x02]),
        };
        let hid = self == Self::Packets;
        let (id, class) = if hid {
            ((0x2B8B, 0x2721), 0x03)
        } else {
            ((0x0400, 0xC35A), 0xFF)
        };
        Identity {
            id,
            strings: ["SIMULATED".into(), "SAM_V".into(), serial],
            class,
            endpoints: addresses
                .iter()
                .map(|&address| Endpoint { address, kind })
                .collect(),
            reports: hid.then(|| REPORTS.to_vec()),
        }
    }

    /// The answer as packets, each with its endpoint.
    fn packets(self, bytes: &[u8]) -> Vec<(u8, Vec<u8>)> {
        let cut = |endpoint: u8, bytes: &[u8]| -> Vec<(u8, Vec<u8>)> {
            let parts = bytes.chunks(PACKET);
            parts.map(|part| (endpoint, part.to_vec())).collect()
        };
        match self {
            Self::FourPipes => {
                let (head, rest) = bytes.split_at(bytes.len().min(HEAD));
                [cut(0x81, head), cut(0x85, rest)].concat()
            }
            Self::OnePair => cut(0x82, bytes),
            Self::OnePairOfFour => cut(0x81, bytes),
            Self::Packets => {
                let mut padded = bytes.to_vec();
                padded.resize(bytes.len().next_multiple_of(PACKET), 0);
                cut(0x81, &padded)
            }
        }
    }
}

/// Runs the reader until it is told to end.
///
/// # Errors
/// When there is no host controller, or the control socket or the file of cards cannot be used.
pub fn run(options: &UsbOptions) -> io::Result<()> {
    let lifetime = Lifetime::begin(options.reader.exit_with_parent)?;
    let plug = Plug::new();
    let reader = super::reader(&options.reader, plug.clone())?;
    let _control = super::control(&options.reader, &reader)?;
    let host = Host::new(options.host.clone());
    let identity = options
        .layout
        .identity(format!("SIM{}", options.reader.seed));
    let (vendor, product) = identity.id;
    let mut announced = false;
    while !lifetime.is_over() {
        if !plug.is_in() {
            std::thread::sleep(ATTENTION);
            continue;
        }
        let cable = host.plug()?;
        if !announced {
            announce_address(&format!("usb:{vendor:04x}:{product:04x}"))?;
            announced = true;
        }
        let mut device = Device {
            layout: options.layout,
            identity: identity.clone(),
            reader: &reader,
            latency: Duration::from_millis(options.reader.latency_ms),
            rng: fastrand::Rng::with_seed(options.reader.seed),
            frames: FrameReader::default(),
            last_byte: Instant::now(),
            work: VecDeque::new(),
            ready: BTreeMap::new(),
        };
        serve(cable, &mut device, || {
            reader
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .live(Instant::now());
            plug.is_in() && !lifetime.is_over()
        })?;
    }
    Ok(())
}

/// The device between two pulls of its plug.
struct Device<'a> {
    layout: Layout,
    identity: Identity,
    reader: &'a Mutex<Reader>,
    latency: Duration,
    rng: fastrand::Rng,
    frames: FrameReader,
    last_byte: Instant,
    /// Requests, and when the module will have done with each.
    work: VecDeque<(Instant, Incoming)>,
    /// Packets that wait for the host, by endpoint.
    ready: BTreeMap<u8, VecDeque<Vec<u8>>>,
}

impl Device<'_> {
    /// Answers what the module has done with by now.
    fn progress(&mut self, now: Instant) {
        while let Some((_, incoming)) = self.work.pop_front_if(|(done, _)| *done <= now) {
            let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
            let Some(answer) = reader.answer(&incoming, &mut self.rng) else {
                continue;
            };
            for (endpoint, packet) in self.layout.packets(&answer.bytes) {
                self.ready.entry(endpoint).or_default().push_back(packet);
            }
        }
    }
}

impl Function for Device<'_> {
    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn take(&mut self, _endpoint: u8, bytes: &[u8], now: Instant) {
        if now.duration_since(self.last_byte) > PAUSE {
            self.frames.forget();
        }
        self.last_byte = now;
        for &byte in bytes {
            if let Some(incoming) = self.frames.push(byte) {
                let reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
                let work = reader.work(&incoming, self.latency);
                self.work.push_back((now + work, incoming));
            }
        }
    }

    fn give(&mut self, endpoint: u8, now: Instant) -> Option<Vec<u8>> {
        self.progress(now);
        self.ready.get_mut(&endpoint)?.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_spread_over_pipes_as_each_layout_does() {
        let answer: Vec<u8> = (0..75).collect();
        let four = Layout::FourPipes.packets(&answer);
        let shape: Vec<(u8, usize)> = four.iter().map(|(e, p)| (*e, p.len())).collect();
        assert_eq!(shape, [(0x81, 7), (0x85, 64), (0x85, 4)]);
        let pair = Layout::OnePair.packets(&answer);
        assert_eq!(pair.len(), 2);
        let hid = Layout::Packets.packets(&answer);
        assert!(hid.iter().all(|(_, packet)| packet.len() == PACKET));
    }
}

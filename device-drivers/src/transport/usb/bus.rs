//! Finding a device on the bus and choosing the interface that is worth talking to.
//!
//! Every opening looks anew, so that a device may come and go; nothing is kept while it is away.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusb::{Context, Device, DeviceHandle, Direction, TransferType, UsbContext};

use super::address::{UsbAddress, UsbId, Which};
use super::pipes::{Pipe, PipeKind};
use crate::transport::PortError;

/// How long a device may take to name its serial number.
const NAMING: Duration = Duration::from_millis(500);

const CLASS_AUDIO: u8 = 0x01;
const CLASS_COMMUNICATION: u8 = 0x02;
const CLASS_HID: u8 = 0x03;
pub(super) const CLASS_PRINTER: u8 = 0x07;
const CLASS_STORAGE: u8 = 0x08;
const CLASS_HUB: u8 = 0x09;
const CLASS_SERIAL_DATA: u8 = 0x0A;
const CLASS_SMART_CARD: u8 = 0x0B;
const CLASS_VIDEO: u8 = 0x0E;
/// Subclass of a HID that a BIOS understands: a keyboard or a mouse.
const HID_BOOT: u8 = 1;

/// An interface worth talking to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    pub number: u8,
    pub setting: u8,
    pub class: u8,
    pub subclass: u8,
    pub protocol: u8,
    pub pipes: Vec<Pipe>,
}

impl Candidate {
    /// How likely it is the one; none if another program or the kernel has to speak to it.
    fn rank(&self) -> Option<u8> {
        let has = |is_in: bool| self.pipes.iter().any(|pipe| pipe.is_in() == is_in);
        match self.class {
            // Both ways before one way; 1284.4 packets are nobody's language here.
            CLASS_PRINTER if self.protocol <= 2 => has(false).then_some(10 + self.protocol),
            CLASS_HID if self.subclass == HID_BOOT => None,
            CLASS_HID => has(true).then_some(1),
            CLASS_AUDIO | CLASS_COMMUNICATION | CLASS_PRINTER | CLASS_STORAGE | CLASS_HUB
            | CLASS_SERIAL_DATA | CLASS_SMART_CARD | CLASS_VIDEO => None,
            _ => (has(true) && has(false)).then_some(5),
        }
    }
}

/// A device that was found and opened, and not yet claimed.
pub(super) struct Opened {
    pub handle: DeviceHandle<Context>,
    pub candidate: Candidate,
}

/// Opens the device and chooses its interface.
pub(super) fn open(address: &UsbAddress) -> Result<Opened, PortError> {
    let (device, handle) = find(address)?;
    let candidate = choose(candidates(&device)?).ok_or_else(|| {
        PortError::NotAPort(format!("{address} has no interface for a driver of ours"))
    })?;
    Ok(Opened { handle, candidate })
}

/// The device, opened.
pub(super) fn find(
    address: &UsbAddress,
) -> Result<(Device<Context>, DeviceHandle<Context>), PortError> {
    // A machine without a bus has nothing plugged in, and may be given a bus later.
    let no_bus = |error| PortError::Missing(format!("no USB bus: {error}"));
    let context = fresh_context().map_err(no_bus)?;
    let mut refusal = None;
    for device in context.devices().map_err(no_bus)?.iter() {
        let Ok(descriptor) = device.device_descriptor() else {
            continue;
        };
        let id = UsbId {
            vendor: descriptor.vendor_id(),
            product: descriptor.product_id(),
        };
        if id != address.id {
            continue;
        }
        if let Which::Plug(plug) = &address.which
            && plug_of(&device).as_deref() != Some(plug)
        {
            continue;
        }
        match device.open() {
            Ok(handle) => {
                let fits = match &address.which {
                    Which::Serial(wanted) => serial_of(&device, &handle).as_ref() == Some(wanted),
                    Which::Any | Which::Plug(_) => true,
                };
                if fits {
                    return Ok((device, handle));
                }
            }
            Err(error) => refusal = Some(on_open(error, address)),
        }
    }
    Err(refusal.unwrap_or_else(|| PortError::Missing(format!("{address} is not on the USB bus"))))
}

/// A context whose list of devices is of this moment.
///
/// An older one would have to be told by udev of what has come since, which not every machine
/// runs. One context is kept for as long as the program lives, so that libusb need not stop and start
/// the thread that hears of plugs each time; readers have been seen to wait for ever on an emulated
/// bus, and whether this has a part in it is not known.
fn fresh_context() -> rusb::Result<Context> {
    static KEPT: Mutex<Option<Context>> = Mutex::new(None);
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if kept.is_none() {
        *kept = Some(Context::new()?);
    }
    Context::new()
}

/// Its place as Linux names it.
fn plug_of(device: &Device<Context>) -> Option<String> {
    let ports = device.port_numbers().ok()?;
    let ports: Vec<String> = ports.iter().map(u8::to_string).collect();
    Some(format!("{}-{}", device.bus_number(), ports.join(".")))
}

fn serial_of(device: &Device<Context>, handle: &DeviceHandle<Context>) -> Option<String> {
    let descriptor = device.device_descriptor().ok()?;
    let language = *handle.read_languages(NAMING).ok()?.first()?;
    let serial = handle.read_serial_number_string(language, &descriptor, NAMING);
    Some(serial.ok()?.trim().to_owned())
}

fn candidates(device: &Device<Context>) -> Result<Vec<Candidate>, PortError> {
    let config = device
        .active_config_descriptor()
        .or_else(|_| device.config_descriptor(0))
        .map_err(on_transfer)?;
    Ok(config
        .interfaces()
        .flat_map(|interface| interface.descriptors().collect::<Vec<_>>())
        .map(|setting| Candidate {
            number: setting.interface_number(),
            setting: setting.setting_number(),
            class: setting.class_code(),
            subclass: setting.sub_class_code(),
            protocol: setting.protocol_code(),
            pipes: setting
                .endpoint_descriptors()
                .filter_map(|endpoint| {
                    let kind = match endpoint.transfer_type() {
                        TransferType::Bulk => PipeKind::Bulk,
                        TransferType::Interrupt => PipeKind::Interrupt,
                        TransferType::Control | TransferType::Isochronous => return None,
                    };
                    let direction = u8::from(endpoint.direction() == Direction::In) << 7;
                    Some(Pipe {
                        address: endpoint.number() | direction,
                        kind,
                        // Beyond these bits stand further packets of a turn.
                        packet: endpoint.max_packet_size() & 0x07FF,
                    })
                })
                .collect(),
        })
        .collect())
}

/// The likeliest; of equals the first.
fn choose(candidates: Vec<Candidate>) -> Option<Candidate> {
    candidates
        .into_iter()
        .filter_map(|candidate| Some((candidate.rank()?, candidate)))
        .reduce(|best, next| if next.0 > best.0 { next } else { best })
        .map(|(_, candidate)| candidate)
}

/// Sorts an error that happened while a device was being opened or claimed.
pub(super) fn on_open(error: rusb::Error, address: &UsbAddress) -> PortError {
    let detail = format!("USB {address}: {error}");
    match error {
        rusb::Error::Access => PortError::PermissionDenied(detail),
        rusb::Error::Busy => PortError::Busy(detail),
        rusb::Error::NoDevice | rusb::Error::NotFound | rusb::Error::Io => {
            PortError::Missing(detail)
        }
        rusb::Error::Timeout => PortError::TimedOut,
        _ => PortError::Other(detail),
    }
}

/// Sorts an error that happened while bytes were being moved.
pub(super) fn on_transfer(error: rusb::Error) -> PortError {
    match error {
        rusb::Error::Timeout => PortError::TimedOut,
        // A cable that is being pulled shows as damaged packets before the bus has noticed.
        rusb::Error::NoDevice | rusb::Error::Io | rusb::Error::NotFound => {
            PortError::Unplugged(format!("USB: {error}"))
        }
        _ => PortError::Other(format!("USB: {error}")),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    const PAIR: [(u8, PipeKind); 2] = [(0x01, PipeKind::Bulk), (0x82, PipeKind::Bulk)];

    fn candidate(
        number: u8,
        (class, subclass, protocol): (u8, u8, u8),
        pipes: &[(u8, PipeKind)],
    ) -> Candidate {
        let pipes = pipes.iter().map(|&(address, kind)| Pipe {
            address,
            kind,
            packet: 64,
        });
        Candidate {
            number,
            setting: 0,
            class,
            subclass,
            protocol,
            pipes: pipes.collect(),
        }
    }

    #[test]
    fn the_interface_that_speaks_is_chosen_and_what_the_kernel_must_serve_is_left_alone() {
        let hid_in = [(0x81, PipeKind::Interrupt)];
        let printer = |number, protocol| candidate(number, (7, 1, protocol), &PAIR);
        let chosen = |all: &[Candidate]| choose(all.to_vec()).map(|c| c.number);
        assert_eq!(chosen(&[printer(0, 1), printer(1, 2)]), Some(1));
        assert_eq!(chosen(&[printer(0, 1), printer(1, 3)]), Some(0));
        let vendor = candidate(2, (0xFF, 0, 0), &PAIR);
        assert_eq!(chosen(&[vendor.clone(), printer(0, 2)]), Some(0));
        assert_eq!(chosen(std::slice::from_ref(&vendor)), Some(2));
        let keyboard = candidate(0, (3, 1, 1), &hid_in);
        let reports = candidate(1, (3, 0, 0), &hid_in);
        assert_eq!(chosen(&[keyboard.clone(), reports]), Some(1));
        assert_eq!(chosen(&[keyboard]), None);
        let modem = candidate(0, (0x0A, 0, 0), &PAIR);
        let disk = candidate(0, (8, 6, 0x50), &PAIR);
        assert_eq!(chosen(&[modem, disk]), None);
        let deaf = candidate(0, (0xFF, 0, 0), &PAIR[..1]);
        assert_eq!(chosen(&[deaf]), None);
        assert_eq!(chosen(&[]), None);
    }

    #[test]
    fn a_machine_without_the_device_or_without_a_bus_misses_it_and_no_more() {
        // A number that the owners of the list have set aside for tests.
        let nobody = UsbAddress::parse("f055:ffff").unwrap();
        assert!(matches!(find(&nobody), Err(PortError::Missing(_))));
    }
}

//! What a device says of itself on its control pipe: one configuration, one interface.

/// How an endpoint carries packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// As fast as there is room.
    Bulk,
    /// At its turn, every millisecond.
    Interrupt,
}

/// An endpoint with packets of 64 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Endpoint {
    /// Its number; with 80h towards the host.
    pub address: u8,
    /// How it carries packets.
    pub kind: Kind,
}

/// Who a device is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Vendor and product.
    pub id: (u16, u16),
    /// Maker, model, serial number.
    pub strings: [String; 3],
    /// Class of its interface.
    pub class: u8,
    /// Its endpoints.
    pub endpoints: Vec<Endpoint>,
    /// Descriptor of its reports, if it is a human interface device.
    pub reports: Option<Vec<u8>>,
}

/// Bytes of a packet at full speed.
pub(super) const PACKET: usize = 64;
const HID: u8 = 0x21;
const HID_REPORT: u8 = 0x22;

impl Identity {
    /// The answer to a request on the control pipe that asks for something, or the empty one to a
    /// request that sets something; none where the device stalls.
    pub(super) fn control(&self, setup: [u8; 8]) -> Option<Vec<u8>> {
        let [kind, request, low, high, ..] = setup;
        let room = usize::from(u16::from_le_bytes([setup[6], setup[7]]));
        let mut answer = match (kind, request) {
            // GET_DESCRIPTOR of the device, and of the interface.
            (0x80, 6) => match high {
                1 => self.device(),
                2 => self.configuration(),
                3 => self.string(low)?,
                _ => return None,
            },
            (0x81, 6) => match high {
                HID => self.hid()?,
                HID_REPORT => self.reports.clone()?,
                _ => return None,
            },
            // GET_STATUS; GET_CONFIGURATION; GET_INTERFACE.
            (0x80..=0x82, 0) => vec![0, 0],
            (0x80, 8) => vec![1],
            (0x81, 10) => vec![0],
            // SET_CONFIGURATION; SET_INTERFACE; CLEAR_FEATURE; SET_IDLE.
            (0x00, 9) | (0x01, 11) | (0x00..=0x02, 1) | (0x21, 10) => Vec::new(),
            _ => return None,
        };
        answer.truncate(room);
        Some(answer)
    }

    fn device(&self) -> Vec<u8> {
        let (vendor, product) = self.id;
        let mut bytes = vec![18, 1, 0x10, 0x01, 0, 0, 0, PACKET as u8];
        bytes.extend(vendor.to_le_bytes());
        bytes.extend(product.to_le_bytes());
        bytes.extend([0x00, 0x01, 1, 2, 3, 1]);
        bytes
    }

    fn configuration(&self) -> Vec<u8> {
        let mut interface = vec![9, 4, 0, 0, self.endpoints.len() as u8, self.class, 0, 0, 0];
        interface.extend(self.hid().into_iter().flatten());
        for endpoint in &self.endpoints {
            let (kind, interval) = match endpoint.kind {
                Kind::Bulk => (2, 0),
                Kind::Interrupt => (3, 1),
            };
            interface.extend([7, 5, endpoint.address, kind, PACKET as u8, 0, interval]);
        }
        let total = (9 + interface.len()) as u16;
        let mut bytes = vec![9, 2];
        bytes.extend(total.to_le_bytes());
        // One interface; configuration 1; powered by the bus with 200 mA.
        bytes.extend([1, 1, 0, 0x80, 100]);
        bytes.extend(interface);
        bytes
    }

    fn hid(&self) -> Option<Vec<u8>> {
        let length = self.reports.as_ref()?.len() as u16;
        let mut bytes = vec![9, HID, 0x11, 0x01, 0, 1, HID_REPORT];
        bytes.extend(length.to_le_bytes());
        Some(bytes)
    }

    fn string(&self, index: u8) -> Option<Vec<u8>> {
        let text: Vec<u8> = match index {
            // American English, the only language that devices bother with.
            0 => vec![0x09, 0x04],
            _ => self
                .strings
                .get(usize::from(index) - 1)?
                .encode_utf16()
                .flat_map(u16::to_le_bytes)
                .collect(),
        };
        let mut bytes = vec![(text.len() + 2) as u8, 3];
        bytes.extend(text);
        Some(bytes)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn a_configuration_is_as_long_as_it_says_and_cut_where_the_host_has_no_room() {
        let identity = Identity {
            id: (0x0400, 0xC35A),
            strings: ["a".into(), "b".into(), "c".into()],
            class: 0xFF,
            endpoints: vec![Endpoint {
                address: 0x81,
                kind: Kind::Bulk,
            }],
            reports: None,
        };
        let ask = |high, low, room: u8| identity.control([0x80, 6, low, high, 0, 0, room, 0]);
        let whole = ask(2, 0, 255).unwrap();
        assert_eq!(whole.len(), 25);
        assert_eq!(whole[2..4], [25, 0]);
        assert_eq!(ask(2, 0, 9).unwrap(), whole[..9]);
        let device = ask(1, 0, 18).unwrap();
        assert_eq!(device[8..12], [0x00, 0x04, 0x5A, 0xC3]);
        assert_eq!(ask(3, 2, 255).unwrap(), [4, 3, b'b', 0]);
        assert_eq!(ask(3, 9, 255), None);
        assert_eq!(ask(6, 0, 255), None);
    }
}

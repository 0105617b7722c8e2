//! What one model of card reader does differently from the next.

use std::time::Duration;

use super::link::LinkTiming;
use super::usb::UsbLayout;

/// The options of a model. The default suits an unknown reader with a SAM_V module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardReaderProfile {
    /// Bits per second that a module may be set to, the factory setting first.
    pub speeds: Vec<u32>,
    /// Bytes of one frame on the air, told to the module after connecting (61 FF nn); none leaves
    /// the module as it is.
    pub rf_frame_bytes: Option<u8>,
    /// Whether it answers when asked for addresses added after the card was issued (30 03).
    pub knows_added_addresses: bool,
    /// Whether it is asked a second time before it is believed that there is no card.
    pub asks_twice: bool,
    /// Looks without a card, one after the other, after which a card that was read is gone.
    /// Readers that hide a read card until it is lifted need no more; 1 to 20.
    pub polls_until_gone: u8,
    /// From one look for a card to the next, in milliseconds.
    pub poll_ms: u16,
    /// How long an answer may take to begin, in milliseconds.
    pub header_ms: u16,
    /// How long an answer may take to be complete, in milliseconds.
    pub frame_ms: u16,
    /// How it spreads a frame over its USB pipes, where it is connected that way.
    pub usb_layout: UsbLayout,
}

impl Default for CardReaderProfile {
    fn default() -> Self {
        Self {
            speeds: vec![115_200, 57_600, 38_400, 19_200, 9600],
            rf_frame_bytes: None,
            knows_added_addresses: true,
            asks_twice: true,
            polls_until_gone: 3,
            poll_ms: 400,
            header_ms: 2000,
            frame_ms: 5000,
            usb_layout: UsbLayout::Auto,
        }
    }
}

impl CardReaderProfile {
    /// Time from one look for a card to the next.
    pub(super) fn poll(&self) -> Duration {
        Duration::from_millis(self.poll_ms.max(50).into())
    }

    /// Waits of a single command.
    pub(super) fn link(&self) -> LinkTiming {
        LinkTiming {
            header: Duration::from_millis(self.header_ms.into()),
            frame: Duration::from_millis(self.frame_ms.max(self.header_ms).into()),
            ..LinkTiming::default()
        }
    }
}

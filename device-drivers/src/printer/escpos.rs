//! The ESC/POS commands that we send (Epson's command reference names each in brackets).

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// Clears the current line and all modes [ESC @].
pub(super) const INITIALISE: [u8; 2] = [0x1B, 0x40];
/// Status is asked for, never volunteered into the middle of something [GS a].
pub(super) const AUTOMATIC_STATUS_OFF: [u8; 3] = [0x1D, 0x61, 0x00];
/// Asks for the paper sensors, in turn behind everything sent before [GS r].
pub(super) const ASK_PAPER_QUEUED: [u8; 3] = [0x1D, 0x72, 0x01];
/// Throws away what is buffered and recovers from an error, at once [DLE ENQ].
pub(super) const CLEAR: [u8; 3] = [0x10, 0x05, 0x02];

/// Dots from the print head to the cutter, and a little more: 13 mm at 203 dpi. Without this feed
/// the last lines would stay inside for the next person.
const HEAD_TO_CUTTER: u8 = 104;

/// The four real-time status questions [DLE EOT].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Question {
    Printer = 1,
    OfflineCause = 2,
    ErrorCause = 3,
    Paper = 4,
}

impl Question {
    pub fn bytes(self) -> [u8; 3] {
        [0x10, 0x04, self as u8]
    }
}

/// How a printer cuts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cut {
    /// Leaves a bridge, so that the receipt hangs until it is taken.
    #[default]
    Partial,
    /// Right through.
    Full,
    /// There is no cutter: fed far enough to be torn off.
    None,
}

/// Feeds the last line past the cutter and cuts [ESC J, GS V].
pub(super) fn feed_and_cut(cut: Cut) -> Vec<u8> {
    let feed = [0x1B, 0x4A, HEAD_TO_CUTTER];
    match cut {
        Cut::Full => [&feed[..], &[0x1D, 0x56, 0x41, 0x00]].concat(),
        Cut::Partial => [&feed[..], &[0x1D, 0x56, 0x42, 0x00]].concat(),
        Cut::None => [feed, feed].concat(),
    }
}

/// Rows of dots as one raster command [GS v 0].
///
/// `stride` is the bytes of one row; every row has that many, and there are at most 128.
pub(super) fn raster<'r>(
    stride: usize,
    rows: impl ExactSizeIterator<Item = &'r [u8]>,
) -> Zeroizing<Vec<u8>> {
    let [across_low, across_high] = (stride as u16).to_le_bytes();
    let [down_low, down_high] = (rows.len() as u16).to_le_bytes();
    let mut bytes = Zeroizing::new(Vec::with_capacity(8 + stride * rows.len()));
    bytes.extend([0x1D, 0x76, 0x30, 0x00]);
    bytes.extend([across_low, across_high, down_low, down_high]);
    rows.for_each(|row| bytes.extend(row));
    bytes
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use std::process::Command;

    use super::*;
    use crate::receipt::Bitmap;

    #[test]
    fn commands_are_the_bytes_of_the_reference() {
        assert_eq!(Question::Printer.bytes(), [0x10, 0x04, 0x01]);
        assert_eq!(Question::OfflineCause.bytes(), [0x10, 0x04, 0x02]);
        assert_eq!(Question::ErrorCause.bytes(), [0x10, 0x04, 0x03]);
        assert_eq!(Question::Paper.bytes(), [0x10, 0x04, 0x04]);
        assert_eq!(
            feed_and_cut(Cut::Partial),
            [0x1B, 0x4A, 104, 0x1D, 0x56, 0x42, 0]
        );
        assert_eq!(
            feed_and_cut(Cut::Full),
            [0x1B, 0x4A, 104, 0x1D, 0x56, 0x41, 0]
        );
        assert_eq!(
            *raster(2, [].into_iter()),
            [0x1D, 0x76, 0x30, 0, 2, 0, 0, 0]
        );
    }

    #[test]
    fn the_cut_comes_at_least_twelve_millimetres_after_the_last_line() {
        const { assert!(HEAD_TO_CUTTER as f32 / (203.0 / 25.4) >= 12.0) }
    }

    #[test]
    fn a_raster_says_its_size_and_holds_every_row() {
        let mut picture = Bitmap::new(576, 128);
        picture.set(0, 0, true);
        picture.set(575, 127, true);
        let bytes = raster(picture.stride(), picture.rows());
        assert_eq!(bytes[..9], [0x1D, 0x76, 0x30, 0, 72, 0, 128, 0, 0x80]);
        assert_eq!(bytes.len(), 8 + 72 * 128);
        assert_eq!(bytes[bytes.len() - 1], 0x01);
    }

    #[test]
    fn python_escpos_sends_the_same_raster_and_initialisation() {
        let script = "
import sys
from escpos.printer import Dummy
from PIL import Image
p = Dummy()
p.hw('INIT')
p.image(Image.open(sys.argv[1]), impl='bitImageRaster', center=False)
open(sys.argv[2], 'wb').write(p.output)";
        let mut picture = Bitmap::new(64, 40);
        for i in 0..40 {
            picture.set(i, i, true);
            picture.set(63 - i / 2, i, true);
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("picture.png");
        std::fs::write(&path, &*picture.to_png()).unwrap();
        let written = folder.path().join("bytes");
        let theirs = match Command::new("python3")
            .args(["-c", script])
            .args([&path, &written])
            .output()
        {
            Ok(output) if output.status.success() => std::fs::read(&written).unwrap(),
            _ => {
                println!("SKIPPED: python-escpos cannot be imported");
                return;
            }
        };
        let ours = [&INITIALISE[..], &raster(picture.stride(), picture.rows())].concat();
        assert_eq!(theirs, ours);
    }

    #[test]
    fn python_escpos_asks_the_same_questions() {
        let script = "
import sys
from escpos import constants as c
sys.stdout.buffer.write(c.RT_STATUS_ONLINE + c.RT_STATUS_PAPER)";
        match Command::new("python3").args(["-c", script]).output() {
            Ok(output) if output.status.success() => assert_eq!(
                output.stdout,
                [Question::Printer.bytes(), Question::Paper.bytes()].concat()
            ),
            _ => println!("SKIPPED: python-escpos cannot be imported"),
        }
    }
}

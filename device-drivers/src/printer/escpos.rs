//! The ESC/POS commands that we send (Epson's command reference names each in brackets).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::profile::PrinterProfile;

/// Clears the current line and all modes [ESC @].
pub(super) const INITIALISE: [u8; 2] = [0x1B, 0x40];
/// Asks for the paper sensors, in turn behind everything sent before [GS r].
pub(super) const ASK_PAPER_QUEUED: [u8; 3] = [0x1D, 0x72, 0x01];
/// Throws away what is buffered and recovers from an error, at once [DLE ENQ].
pub(super) const CLEAR: [u8; 3] = [0x10, 0x05, 0x02];

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
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

/// Which bytes make a printer cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CutCommand {
    /// `GS V 65/66 0`: current models.
    #[default]
    GsVFeed,
    /// `GS V 0/1`: models that take the two bytes after it for text.
    GsV,
    /// `ESC i` and `ESC m`: old models.
    EscI,
}

/// Which bytes carry a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RasterCommand {
    /// `GS v 0`: nearly all models; called obsolete by Epson.
    #[default]
    GsV0,
    /// `GS ( L`, functions 112 and 50: recent Epson models.
    GsParenL,
}

impl RasterCommand {
    /// Bytes around the dots, at most.
    pub fn overhead(self) -> usize {
        match self {
            Self::GsV0 => 8,
            Self::GsParenL => 15 + 7,
        }
    }
}

/// Makes a printer ready for a job [ESC y, ESC @, GS a].
///
/// Status is asked for, never volunteered into the middle of something.
pub(super) fn opening(profile: &PrinterProfile) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(mode) = profile.command_mode {
        bytes.extend([0x1B, 0x79, mode]);
    }
    bytes.extend(INITIALISE);
    if profile.knows_automatic_status {
        bytes.extend([0x1D, 0x61, 0x00]);
    }
    bytes
}

/// Feeds the last line past the cutter and cuts [ESC J, GS V, ESC i, ESC m].
pub(super) fn feed_and_cut(profile: &PrinterProfile) -> Vec<u8> {
    let mut bytes = vec![0x1B, 0x4A, profile.head_to_cutter];
    match (profile.cut, profile.cut_command) {
        // Far enough to be torn off.
        (Cut::None, _) => bytes.extend([0x1B, 0x4A, profile.head_to_cutter]),
        (Cut::Full, CutCommand::GsVFeed) => bytes.extend([0x1D, 0x56, 0x41, 0x00]),
        (Cut::Partial, CutCommand::GsVFeed) => bytes.extend([0x1D, 0x56, 0x42, 0x00]),
        (Cut::Full, CutCommand::GsV) => bytes.extend([0x1D, 0x56, 0x00]),
        (Cut::Partial, CutCommand::GsV) => bytes.extend([0x1D, 0x56, 0x01]),
        (Cut::Full, CutCommand::EscI) => bytes.extend([0x1B, 0x69]),
        (Cut::Partial, CutCommand::EscI) => bytes.extend([0x1B, 0x6D]),
    }
    bytes
}

/// Rows of dots as one raster command [GS v 0, GS ( L].
///
/// `stride` is the bytes of one row; every row has that many, and there are at most 128.
pub(super) fn raster<'r>(
    command: RasterCommand,
    stride: usize,
    rows: impl ExactSizeIterator<Item = &'r [u8]>,
) -> Zeroizing<Vec<u8>> {
    let size = stride * rows.len();
    let mut bytes = Zeroizing::new(Vec::with_capacity(command.overhead() + size));
    let down = (rows.len() as u16).to_le_bytes();
    match command {
        RasterCommand::GsV0 => {
            bytes.extend([0x1D, 0x76, 0x30, 0x00]);
            bytes.extend((stride as u16).to_le_bytes());
            bytes.extend(down);
        }
        RasterCommand::GsParenL => {
            bytes.extend([0x1D, 0x28, 0x4C]);
            bytes.extend((10 + size as u16).to_le_bytes());
            bytes.extend([0x30, 0x70, 0x30, 1, 1, 0x31]);
            bytes.extend((stride as u16 * 8).to_le_bytes());
            bytes.extend(down);
        }
    }
    rows.for_each(|row| bytes.extend(row));
    if command == RasterCommand::GsParenL {
        bytes.extend([0x1D, 0x28, 0x4C, 0x02, 0x00, 0x30, 0x32]);
    }
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
            *raster(RasterCommand::GsV0, 2, [].into_iter()),
            [0x1D, 0x76, 0x30, 0, 2, 0, 0, 0]
        );
    }

    #[test]
    fn each_way_of_cutting_feeds_first_and_has_its_own_bytes() {
        for (cut, cut_command, bytes) in [
            (
                Cut::Partial,
                CutCommand::GsVFeed,
                &[0x1D, 0x56, 0x42, 0][..],
            ),
            (Cut::Full, CutCommand::GsVFeed, &[0x1D, 0x56, 0x41, 0]),
            (Cut::Partial, CutCommand::GsV, &[0x1D, 0x56, 1]),
            (Cut::Full, CutCommand::GsV, &[0x1D, 0x56, 0]),
            (Cut::Partial, CutCommand::EscI, &[0x1B, 0x6D]),
            (Cut::Full, CutCommand::EscI, &[0x1B, 0x69]),
            (Cut::None, CutCommand::GsVFeed, &[0x1B, 0x4A, 104]),
        ] {
            let profile = PrinterProfile {
                cut,
                cut_command,
                ..PrinterProfile::default()
            };
            let expected = [&[0x1B, 0x4A, 104], bytes].concat();
            assert_eq!(feed_and_cut(&profile), expected, "{cut:?} {cut_command:?}");
        }
    }

    #[test]
    fn a_job_opens_with_what_the_model_knows() {
        let usual = PrinterProfile::default();
        assert_eq!(opening(&usual), [0x1B, 0x40, 0x1D, 0x61, 0]);
        let masung = PrinterProfile {
            command_mode: Some(3),
            knows_automatic_status: false,
            ..usual
        };
        assert_eq!(opening(&masung), [0x1B, 0x79, 3, 0x1B, 0x40]);
    }

    #[test]
    fn the_cut_comes_at_least_twelve_millimetres_after_the_last_line() {
        let dots = f32::from(PrinterProfile::default().head_to_cutter);
        assert!(dots / (203.0 / 25.4) >= 12.0);
    }

    #[test]
    fn a_raster_says_its_size_and_holds_every_row() {
        let mut picture = Bitmap::new(576, 128);
        picture.set(0, 0, true);
        picture.set(575, 127, true);
        let bytes = raster(RasterCommand::GsV0, picture.stride(), picture.rows());
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
p.image(Image.open(sys.argv[1]), impl=sys.argv[3], center=False)
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
        for (name, command) in [
            ("bitImageRaster", RasterCommand::GsV0),
            ("graphics", RasterCommand::GsParenL),
        ] {
            let theirs = match Command::new("python3")
                .args(["-c", script])
                .args([&path, &written])
                .arg(name)
                .output()
            {
                Ok(output) if output.status.success() => std::fs::read(&written).unwrap(),
                _ => {
                    println!("SKIPPED: python-escpos cannot be imported");
                    return;
                }
            };
            let picture = raster(command, picture.stride(), picture.rows());
            assert_eq!(theirs, [&INITIALISE[..], &picture].concat(), "{name}");
        }
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

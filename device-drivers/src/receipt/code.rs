//! QR codes as dots: whole dots per module, quiet zone included.

use qrcode::bits::Bits;
use qrcode::{Color, EcLevel, QrCode, Version};

use super::Bitmap;

/// White modules that the standard wants on every side.
const QUIET_ZONE: u32 = 4;
/// Fewer dots per module than this, and phones fail on worn print heads.
const SMALLEST_MODULE: u32 = 3;

/// Draws a code that is as near to `side` dots as whole modules allow, and never over `limit`.
///
/// Returns none if the data is too long for a code that can be read at this size.
pub(super) fn draw(data: &str, side: u32, limit: u32) -> Option<Bitmap> {
    let code = encode(data)?;
    let modules = u32::try_from(code.width()).ok()?;
    let across = modules + 2 * QUIET_ZONE;
    let module = (side.min(limit) / across).max(SMALLEST_MODULE);
    if module * across > limit {
        return None;
    }
    let mut picture = Bitmap::new(module * across, module * across);
    for (at, colour) in (0..).zip(code.into_colors()) {
        if colour == Color::Dark {
            let x = (at % modules + QUIET_ZONE) * module;
            let y = (at / modules + QUIET_ZONE) * module;
            picture.fill(x, y, module, module);
        }
    }
    Some(picture)
}

fn encode(data: &str) -> Option<QrCode> {
    if data.is_ascii() {
        return QrCode::with_error_correction_level(data, EcLevel::M).ok();
    }
    // Left to itself the encoder takes UTF-8 Chinese for Japanese in Shift-JIS wherever the bytes
    // allow it, and phones then show nonsense. Plain bytes they all take for UTF-8.
    (1..=40).find_map(|version| {
        let mut bits = Bits::new(Version::Normal(version));
        bits.push_byte_data(data.as_bytes()).ok()?;
        bits.push_terminator(EcLevel::M).ok()?;
        QrCode::with_bits(bits, EcLevel::M).ok()
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn every_side_keeps_four_white_modules() {
        let code = draw("JB", 240, 576).unwrap();
        let across = 21 + 2 * QUIET_ZONE;
        let module = 240 / across;
        assert_eq!(code.width(), across * module);
        let quiet = QUIET_ZONE * module;
        for y in 0..code.height() {
            for x in 0..code.width() {
                let inside = |v| v >= quiet && v < code.width() - quiet;
                assert!(!code.get(x, y) || (inside(x) && inside(y)), "{x},{y}");
            }
        }
        assert!(
            code.get(quiet, quiet),
            "the finder begins after the quiet zone"
        );
    }

    #[test]
    fn data_that_would_need_unreadably_small_modules_is_refused() {
        assert!(draw(&"近办".repeat(200), 240, 384).is_none());
    }
}

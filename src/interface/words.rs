//! Words and codes for the screen.

use iced::widget::image;

pub use crate::wording::*;

/// A QR code as a small picture, one pixel a module, with its quiet zone; none when it does not fit.
pub fn qr_image(text: &str) -> Option<image::Handle> {
    let code = qrcode::QrCode::with_error_correction_level(text, qrcode::EcLevel::M).ok()?;
    let side = code.width();
    let quiet = 4;
    let full = side + 2 * quiet;
    let colors = code.to_colors();
    let mut rgba = vec![0xFF; full * full * 4];
    for (i, color) in colors.iter().enumerate() {
        if *color == qrcode::Color::Dark {
            let at = ((i / side + quiet) * full + i % side + quiet) * 4;
            rgba[at..at + 3].fill(0);
        }
    }
    Some(image::Handle::from_rgba(full as u32, full as u32, rgba))
}

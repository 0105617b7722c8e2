//! Photographs and scans: JPEG and PNG.

use std::io::Cursor;

use image::imageops::{FilterType, overlay, resize};
use image::{ImageFormat, ImageReader, Limits, Rgba, RgbaImage};

use super::{PaperError, damaged, scale};

/// No scan of a page is larger along a side.
const MOST_SIDE: u32 = 12_000;
/// Bytes that one picture may take while it is read.
const MOST_BYTES: u64 = 256 << 20;

fn format(content: &[u8]) -> Option<ImageFormat> {
    image::guess_format(content)
        .ok()
        .filter(|format| matches!(format, ImageFormat::Jpeg | ImageFormat::Png))
}

/// Whether a file begins like one.
pub(super) fn begins(content: &[u8]) -> bool {
    format(content).is_some()
}

pub(super) fn open(content: &[u8]) -> Result<RgbaImage, PaperError> {
    let format = format(content).ok_or(PaperError::Unknown)?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(MOST_SIDE);
    limits.max_image_height = Some(MOST_SIDE);
    limits.max_alloc = Some(MOST_BYTES);
    let mut reader = ImageReader::with_format(Cursor::new(content), format);
    reader.limits(limits);
    Ok(reader.decode().map_err(damaged)?.into_rgba8())
}

/// The picture on white, within `room`; a small one is not blown up beyond twice its size.
pub(super) fn draw(picture: &RgbaImage, room: (u32, u32)) -> RgbaImage {
    let (width, height) = picture.dimensions();
    let scale = scale((width as f32, height as f32), room).min(2.0);
    let wide = ((width as f32 * scale) as u32).clamp(1, room.0);
    let high = ((height as f32 * scale) as u32).clamp(1, room.1);
    let mut page = RgbaImage::from_pixel(wide, high, Rgba([255; 4]));
    overlay(
        &mut page,
        &resize(picture, wide, high, FilterType::Triangle),
        0,
        0,
    );
    page
}

//! Drawings in SVG.

use image::RgbaImage;
use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{Options, Tree};

use super::{PaperError, damaged, fonts, scale};

/// What stands before the drawing itself: a byte-order mark, an XML declaration, a comment.
const PREAMBLE: usize = 1024;

/// Whether a file begins like one.
pub(super) fn begins(content: &[u8]) -> bool {
    let head = &content[..content.len().min(PREAMBLE)];
    let text = head.trim_ascii_start();
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    text.starts_with(b"<") && head.windows(4).any(|four| four == b"<svg")
}

pub(super) struct Drawing(Tree);

impl Drawing {
    pub(super) fn open(content: &[u8]) -> Result<Self, PaperError> {
        let options = Options {
            fontdb: fonts::database(),
            font_family: "sans-serif".to_owned(),
            ..Options::default()
        };
        Tree::from_data(content, &options)
            .map(Self)
            .map_err(damaged)
    }

    pub(super) fn draw(&self, room: (u32, u32)) -> Result<RgbaImage, PaperError> {
        let size = self.0.size();
        let scale = scale((size.width(), size.height()), room);
        let width = ((size.width() * scale) as u32).clamp(1, room.0);
        let height = ((size.height() * scale) as u32).clamp(1, room.1);
        let mut page =
            Pixmap::new(width, height).ok_or_else(|| damaged("the drawing has no size"))?;
        page.fill(Color::WHITE);
        resvg::render(
            &self.0,
            Transform::from_scale(scale, scale),
            &mut page.as_mut(),
        );
        RgbaImage::from_raw(width, height, page.take()).ok_or_else(|| damaged("no room for it"))
    }
}

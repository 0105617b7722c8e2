//! PDF, as offices publish it: often with Chinese fonts that are named and not brought along.

use std::sync::{Arc, OnceLock};

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_interpret::font::{FontData, FontQuery};
use hayro::hayro_syntax::Pdf;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};
use image::RgbaImage;

use super::{PaperError, damaged, scale};
use crate::assets::{FONT_BOLD, FONT_REGULAR};

/// Whether a file begins like one; some carry a few bytes of mail before it.
pub(super) fn begins(content: &[u8]) -> bool {
    let head = &content[..content.len().min(1024)];
    head.windows(5).any(|five| five == b"%PDF-")
}

pub(super) struct Pages(Pdf);

impl Pages {
    pub(super) fn open(content: Vec<u8>) -> Result<Self, PaperError> {
        let pdf = Pdf::new(content).map_err(|error| damaged(format!("{error:?}")))?;
        if pdf.pages().is_empty() {
            return Err(damaged("it has no page"));
        }
        Ok(Self(pdf))
    }

    pub(super) fn count(&self) -> usize {
        self.0.pages().len()
    }

    pub(super) fn draw(&self, page: usize, room: (u32, u32)) -> Result<RgbaImage, PaperError> {
        let page = (self.0.pages().get(page)).ok_or(PaperError::NoSuchPage(page))?;
        let scale = scale(page.render_dimensions(), room);
        let drawn = hayro::render(
            page,
            &RenderCache::new(),
            settings(),
            &RenderSettings::default(),
            &PixmapSettings {
                x_scale: scale,
                y_scale: scale,
                bg_color: WHITE,
            },
        );
        let (width, height) = (u32::from(drawn.width()), u32::from(drawn.height()));
        let pixels = drawn.data_as_u8_slice().to_vec();
        RgbaImage::from_raw(width, height, pixels).ok_or_else(|| damaged("the page has no size"))
    }
}

fn settings() -> &'static InterpreterSettings {
    static SETTINGS: OnceLock<InterpreterSettings> = OnceLock::new();
    SETTINGS.get_or_init(|| InterpreterSettings {
        font_resolver: Arc::new(|query| Some(font(query))),
        ..InterpreterSettings::default()
    })
}

/// The font for a name that the file does not bring along: one of the fourteen that every reader of PDF has to have,
/// else ours, which knows Chinese.
fn font(query: &FontQuery) -> (FontData, u32) {
    match query {
        FontQuery::Standard(font) => font.get_font_data(),
        FontQuery::Fallback(asked) => {
            let font: &'static [u8] = if asked.is_bold {
                FONT_BOLD
            } else {
                FONT_REGULAR
            };
            (Arc::new(font), 0)
        }
    }
}

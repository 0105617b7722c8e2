//! The bundled fonts, for papers that do not bring their own.

use std::sync::{Arc, OnceLock};

use resvg::usvg::fontdb::{Database, Source};

use crate::assets::{FONT_BOLD, FONT_RARE, FONT_REGULAR};

const FAMILY: &str = "Jinban Sans";

/// Every family a paper may name that is not here is drawn in the bundled one.
pub(super) fn database() -> Arc<Database> {
    static FONTS: OnceLock<Arc<Database>> = OnceLock::new();
    Arc::clone(FONTS.get_or_init(|| {
        let mut fonts = Database::new();
        for font in [FONT_REGULAR, FONT_BOLD, FONT_RARE] {
            fonts.load_font_source(Source::Binary(Arc::new(font)));
        }
        fonts.set_sans_serif_family(FAMILY);
        fonts.set_serif_family(FAMILY);
        fonts.set_monospace_family(FAMILY);
        fonts.set_cursive_family(FAMILY);
        fonts.set_fantasy_family(FAMILY);
        Arc::new(fonts)
    }))
}

//! Pages as a PDF of pictures, for printers and queues that take no PWG Raster.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref};
use zeroize::Zeroizing;

use super::Page;

/// A4 in points.
const WIDTH: f32 = 595.276;
const HEIGHT: f32 = 841.89;

/// All pages as one document.
pub(super) fn encode(pages: &[Page]) -> Zeroizing<Vec<u8>> {
    let (catalogue, tree) = (Ref::new(1), Ref::new(2));
    let name = Name(b"P");
    let refs = |at: usize| {
        let first = 3 + 3 * count(at);
        (Ref::new(first), Ref::new(first + 1), Ref::new(first + 2))
    };
    let mut pdf = Pdf::new();
    pdf.catalog(catalogue).pages(tree);
    pdf.pages(tree)
        .kids((0..pages.len()).map(|at| refs(at).0))
        .count(count(pages.len()));
    for (at, page) in pages.iter().enumerate() {
        let (sheet, content, picture) = refs(at);
        let mut writer = pdf.page(sheet);
        writer.media_box(Rect::new(0.0, 0.0, WIDTH, HEIGHT));
        writer.parent(tree);
        writer.contents(content);
        writer.resources().x_objects().pair(name, picture);
        writer.finish();

        let mut drawing = Content::new();
        drawing.save_state();
        drawing.transform([WIDTH, 0.0, 0.0, HEIGHT, 0.0, 0.0]);
        drawing.x_object(name);
        drawing.restore_state();
        pdf.stream(content, &drawing.finish());

        let packed = pack(page.grey());
        let mut image = pdf.image_xobject(picture, &packed);
        image.filter(Filter::FlateDecode);
        image.width(page.width().cast_signed());
        image.height(page.height().cast_signed());
        image.color_space().device_gray();
        image.bits_per_component(8);
        image.finish();
    }
    Zeroizing::new(pdf.finish())
}

fn pack(grey: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    // Writing to memory does not fail.
    let _ = encoder.write_all(grey);
    Zeroizing::new(encoder.finish().unwrap_or_default())
}

/// Pages are few; what PDF cannot count would not be printed either.
fn count(pages: usize) -> i32 {
    i32::try_from(pages).unwrap_or(i32::MAX)
}

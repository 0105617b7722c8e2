//! Papers as offices publish them, whole and broken.

#![allow(clippy::unwrap_used, clippy::float_cmp)]

use std::fmt::Write as _;
use std::io::Cursor;

use image::{DynamicImage, GrayImage, ImageFormat, Rgba, RgbaImage};
use proptest::prelude::*;

use super::{Paper, PaperError};

/// A one-page A4 file as many Chinese programs write it: the font is named, and not brought along.
fn pdf_without_fonts(text: &str) -> Vec<u8> {
    let codes: String = text.encode_utf16().fold(String::new(), |mut hex, unit| {
        let _ = write!(hex, "{unit:04X}");
        hex
    });
    let content = format!("BT /F1 60 Tf 50 600 Td <{codes}> Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!(
            "<< /Length {} >>\nstream\n{content}\nendstream",
            content.len()
        ),
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H \
         /DescendantFonts [6 0 R] >>"
            .to_owned(),
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 \
         /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /FontDescriptor 7 0 R >>"
            .to_owned(),
        "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] \
         /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>"
            .to_owned(),
    ];
    let mut file = "%PDF-1.4\n".to_owned();
    let mut offsets = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        offsets.push(file.len());
        let _ = writeln!(file, "{} 0 obj\n{object}\nendobj", at + 1);
    }
    let table = file.len();
    let _ = writeln!(file, "xref\n0 {}\n0000000000 65535 f ", objects.len() + 1);
    for offset in offsets {
        let _ = writeln!(file, "{offset:010} 00000 n ");
    }
    let _ = write!(
        file,
        "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n",
        objects.len() + 1
    );
    file.into_bytes()
}

fn svg(text: &str) -> Vec<u8> {
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="210mm" height="297mm" viewBox="0 0 210 297"
            font-family="SimSun"><text x="20" y="100" font-size="20">{text}</text></svg>"#
    )
    .into_bytes()
}

fn encoded(picture: RgbaImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let picture = DynamicImage::ImageRgba8(picture);
    let picture = match format {
        ImageFormat::Jpeg => DynamicImage::ImageRgb8(picture.into_rgb8()),
        _ => picture,
    };
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn drawn(content: Vec<u8>) -> GrayImage {
    let paper = Paper::open(content).unwrap();
    DynamicImage::ImageRgba8(paper.draw(0, 595, 842).unwrap()).into_luma8()
}

/// Share of the pixels that are dark.
fn ink(page: &GrayImage) -> f32 {
    let dark = page.pixels().filter(|pixel| pixel.0[0] < 128).count();
    dark as f32 / page.pixels().len() as f32
}

#[test]
fn chinese_is_drawn_although_the_pdf_brings_no_font() {
    let (two, four) = (
        drawn(pdf_without_fonts("申请")),
        drawn(pdf_without_fonts("申请表格")),
    );
    assert!(ink(&two) > 0.002, "{}", ink(&two));
    let more = ink(&four) / ink(&two);
    assert!(
        (1.5..3.0).contains(&more),
        "four characters have {more} times the ink of two"
    );
    // At the height where the text was put, and nowhere else.
    assert!(ink(&image::imageops::crop_imm(&two, 0, 0, 595, 150).to_image()) == 0.0);
}

#[test]
fn different_characters_look_different() {
    assert_ne!(
        drawn(pdf_without_fonts("低保")),
        drawn(pdf_without_fonts("医保"))
    );
    assert_ne!(drawn(svg("低保")), drawn(svg("医保")));
}

#[test]
fn a_drawing_in_a_font_of_other_systems_is_drawn_in_ours() {
    assert!(ink(&drawn(svg("申请表"))) > 0.002);
}

#[test]
fn a_page_keeps_its_shape_and_fills_the_room() {
    for (content, name) in [(svg("样张"), "svg"), (pdf_without_fonts("样张"), "pdf")] {
        let paper = Paper::open(content).unwrap();
        let page = paper.draw(0, 400, 4000).unwrap();
        let shape = page.height() as f32 / page.width() as f32;
        assert!((shape - 297.0 / 210.0).abs() < 0.01, "{name}: {shape}");
        assert!(
            (398..=400).contains(&page.width()),
            "{name}: {}",
            page.width()
        );
    }
}

#[test]
fn a_page_is_shown_whole_upright_and_in_strips_across() {
    let paper = Paper::open(svg("样张")).unwrap();
    let upright = paper.cut(0, 0, 1000, 1400).unwrap();
    assert_eq!((upright.parts, upright.picture.height()), (1, 1400));
    let strips = |part| paper.cut(0, part, 1000, 500).unwrap();
    let parts = strips(0).parts;
    assert_eq!(parts, 3);
    for part in 0..parts {
        assert_eq!(strips(part).picture.dimensions(), (1000, 500), "{part}");
    }
    assert_eq!(strips(99).part, parts - 1, "beyond the end is the end");
    // Every row of the page is on one of the strips: the top of the first, the bottom of the last.
    let whole = paper.draw(0, 1000, u32::MAX).unwrap();
    let bottom = image::imageops::crop_imm(&whole, 0, whole.height() - 500, 1000, 500).to_image();
    assert_eq!(strips(parts - 1).picture, bottom);
}

#[test]
fn what_is_transparent_in_a_picture_is_white_on_paper() {
    let picture = RgbaImage::from_pixel(100, 50, Rgba([0, 0, 0, 0]));
    let page = Paper::open(encoded(picture, ImageFormat::Png)).unwrap();
    let page = page.draw(0, 1000, 1000).unwrap();
    assert_eq!(
        page.dimensions(),
        (200, 100),
        "twice its size, not ten times"
    );
    assert!(page.pixels().all(|pixel| pixel.0 == [255; 4]));
}

#[test]
fn a_photograph_is_shown_as_it_is() {
    let picture = RgbaImage::from_fn(80, 60, |x, _| {
        if x < 40 {
            Rgba([0, 0, 0, 255])
        } else {
            Rgba([255; 4])
        }
    });
    let page = drawn(encoded(picture, ImageFormat::Jpeg));
    assert!((ink(&page) - 0.5).abs() < 0.03);
}

#[test]
fn what_a_word_processor_wrote_is_said_to_be_of_no_use_here() {
    for content in [
        &b"PK\x03\x04 word/document.xml"[..],
        b"\xD0\xCF\x11\xE0",
        b"",
        b"<html>",
    ] {
        assert_eq!(
            Paper::open(content.to_vec()).unwrap_err(),
            PaperError::Unknown
        );
    }
}

#[test]
fn a_page_that_is_not_there_is_not_drawn() {
    let paper = Paper::open(svg("样张")).unwrap();
    assert_eq!(
        paper.draw(1, 100, 100).unwrap_err(),
        PaperError::NoSuchPage(1)
    );
}

#[test]
fn every_file_of_the_sample_catalogue_can_be_shown() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/catalogue/attachments");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let page = drawn(std::fs::read(&path).unwrap());
        assert!(ink(&page) > 0.002, "{}: {}", path.display(), ink(&page));
        seen += 1;
    }
    assert!(seen > 30, "{seen}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_damaged_file_is_an_error_or_a_page_and_nothing_worse(
        kind in 0..3,
        cut in 0.0..1.0_f64,
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
    ) {
        let mut content = match kind {
            0 => pdf_without_fonts("申请"),
            1 => svg("申请"),
            _ => encoded(RgbaImage::from_pixel(20, 20, Rgba([9; 4])), ImageFormat::Png),
        };
        content.truncate((content.len() as f64 * cut.max(0.2).sqrt()) as usize);
        for (at, byte) in flips {
            let at = at.index(content.len());
            content[at] = byte;
        }
        if let Ok(paper) = Paper::open(content) {
            let _ = paper.draw(0, 200, 200);
        }
    }
}

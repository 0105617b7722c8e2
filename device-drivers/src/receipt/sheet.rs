//! The same blocks on A4: larger type, as many pages as it takes, each with its number.

use super::compose::{Composer, Item};
use super::font::Fonts;
use super::layout::{draw, refuse_missing};
use super::paper::Medium;
use super::styles::Styles;
use super::{Bitmap, FontSet, LayoutError, Receipt};

/// Dots per inch of a sheet.
pub const SHEET_DPI: u32 = 300;
/// Dots across a sheet: 210 mm.
pub const SHEET_WIDTH: u32 = 2480;
/// Dots along a sheet: 297 mm.
pub const SHEET_HEIGHT: u32 = 3508;

/// White around what is printed, in millimetres; no printer reaches the edge.
const MARGIN_MM: f32 = 18.0;
/// Nobody is handed more; a longer document is a mistake.
const MOST_SHEETS: usize = 40;

/// Draws a receipt onto as many A4 sheets as it takes. The same input always gives the same dots.
///
/// # Errors
/// See [`LayoutError`]. Missing characters are found before anything else, and all of them.
pub fn sheets(receipt: &Receipt, fonts: &FontSet<'_>) -> Result<Vec<Bitmap>, LayoutError> {
    let mut fonts = Fonts::open(fonts)?;
    refuse_missing(receipt, &mut fonts)?;

    let dots_per_mm = SHEET_DPI as f32 / 25.4;
    let margin = (MARGIN_MM * dots_per_mm).round() as u32;
    let column = Medium {
        dots: SHEET_WIDTH - 2 * margin,
        dots_per_mm,
    };
    let mut composer = Composer::new(&mut fonts, column, Styles::of_sheet(column));
    composer.receipt(receipt)?;
    let (items, height) = composer.finish();

    let room = SHEET_HEIGHT - 2 * margin;
    let pages = pages(&items, height, room);
    if pages.len() > MOST_SHEETS {
        return Err(LayoutError::TooLong { dots: height });
    }
    let count = pages.len();
    let mut sheets = Vec::with_capacity(count);
    for (at, (from, to)) in pages.into_iter().enumerate() {
        let mut sheet = Bitmap::new(SHEET_WIDTH, SHEET_HEIGHT);
        let by = (
            margin.cast_signed(),
            margin.cast_signed() - from.cast_signed(),
        );
        for item in &items {
            let rows = item.rows();
            if rows.start < to && rows.end > from {
                draw(item, &mut fonts, &mut sheet, by);
            }
        }
        if count > 1 {
            number(&mut sheet, &mut fonts, column, at + 1, count);
        }
        sheets.push(sheet);
    }
    Ok(sheets)
}

/// `2/5` in the middle of the lower margin.
fn number(sheet: &mut Bitmap, fonts: &mut Fonts<'_>, column: Medium, page: usize, of: usize) {
    let style = Styles::of_sheet(column).small;
    let text = format!("{page}/{of}");
    let width = fonts.width(&text, style);
    let item = Item::Line {
        text: text.into(),
        style,
        x: (SHEET_WIDTH - width) / 2,
        top: SHEET_HEIGHT - column.dots_in(13.0),
        ink: true,
    };
    draw(&item, fonts, sheet, (0, 0));
}

/// Where each page begins and ends, in dots from the top of the whole: never through a line of text or a picture,
/// unless one is higher than a page.
fn pages(items: &[Item], height: u32, room: u32) -> Vec<(u32, u32)> {
    let mut pages = Vec::new();
    let mut from = 0;
    loop {
        if height - from <= room {
            pages.push((from, height));
            return pages;
        }
        let to = cut(items, from, from + room);
        pages.push((from, to));
        from = to;
    }
}

/// The lowest place between `from` and `limit` that nothing lies across.
fn cut(items: &[Item], from: u32, limit: u32) -> u32 {
    let mut at = limit;
    loop {
        let across = items.iter().map(Item::rows);
        let across = across.filter(|rows| rows.start < at && at < rows.end);
        match across.map(|rows| rows.start).min() {
            None => return at,
            Some(top) if top > from => at = top,
            // Higher than a page: cut where the page ends.
            Some(_) => return limit,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use proptest::prelude::*;

    use super::super::{Block, RuleStyle};
    use super::*;

    const FONTS: FontSet<'_> = FontSet {
        regular: include_bytes!("../../../assets/fonts/JinbanSans-Regular.otf"),
        bold: include_bytes!("../../../assets/fonts/JinbanSans-Bold.otf"),
        rare: None,
    };

    fn document(lines: usize) -> Receipt {
        let line = |at| Block::Text(format!("第{at}行，要带户口簿原件和复印件"));
        let mut blocks = vec![
            Block::Title("办事指南".into()),
            Block::Rule(RuleStyle::Solid),
        ];
        blocks.extend((0..lines).map(line));
        Receipt { blocks }
    }

    fn ink(sheet: &Bitmap) -> u32 {
        sheet.rows().flatten().map(|byte| byte.count_ones()).sum()
    }

    #[test]
    fn a_short_document_takes_one_sheet_without_a_number() {
        let sheets = sheets(&document(3), &FONTS).unwrap();
        let [sheet] = &sheets[..] else {
            panic!("{} sheets", sheets.len())
        };
        assert_eq!((sheet.width(), sheet.height()), (SHEET_WIDTH, SHEET_HEIGHT));
        assert!(ink(sheet) > 1000);
        // Nothing in the lower half, where the number would be.
        let below = sheet.rows().skip(SHEET_HEIGHT as usize / 2);
        assert!(below.flatten().all(|byte| *byte == 0));
    }

    #[test]
    fn no_line_is_lost_where_the_page_is_turned() {
        // Every line has the same ink, so that the pages together have that of all lines.
        let alike = |lines| Receipt {
            blocks: vec![Block::Text("户口簿".into()); lines],
        };
        let one = ink(&sheets(&alike(1), &FONTS).unwrap()[0]);
        let all = sheets(&alike(100), &FONTS).unwrap();
        assert!(all.len() > 1);
        let mut numbers = 0;
        for sheet in &all {
            let footer = sheet.rows().skip(SHEET_HEIGHT as usize - 170);
            let footer: u32 = footer.flatten().map(|byte| byte.count_ones()).sum();
            assert!(footer > 0, "a page without its number");
            numbers += footer;
        }
        let total: u32 = all.iter().map(ink).sum();
        assert_eq!(total - numbers, 100 * one);
    }

    #[test]
    fn a_document_without_end_is_refused() {
        let error = sheets(&document(5000), &FONTS).unwrap_err();
        assert!(matches!(error, LayoutError::TooLong { .. }), "{error:?}");
    }

    proptest! {
        #[test]
        fn pages_follow_each_other_fit_the_paper_and_cut_nothing_that_fits(
            heights in prop::collection::vec((1..400_u32, 0..50_u32), 1..80),
            room in 300..1200_u32,
        ) {
            let mut y = 0;
            let items: Vec<_> = heights.iter().map(|&(height, gap)| {
                let item = Item::Fill { x: 0, y, width: 1, height };
                y += height + gap;
                item
            }).collect();
            let pages = pages(&items, y.max(1), room);
            let mut next = 0;
            for (from, to) in pages {
                prop_assert_eq!(from, next);
                prop_assert!(to > from && to - from <= room);
                for rows in items.iter().map(Item::rows) {
                    let across = rows.start < to && to < rows.end;
                    prop_assert!(!across || rows.len() as u32 > room || rows.start <= from);
                }
                next = to;
            }
            prop_assert_eq!(next, y.max(1));
        }
    }
}

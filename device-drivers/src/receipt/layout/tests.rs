//! What a laid-out receipt looks like, checked on its dots.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::process::{Command, Stdio};

use super::super::{QrSize, RuleStyle, ValueAlign};
use super::*;

const REGULAR: &[u8] = include_bytes!("../../../../assets/fonts/JinbanSans-Regular.otf");
const BOLD: &[u8] = include_bytes!("../../../../assets/fonts/JinbanSans-Bold.otf");
const RARE: &[u8] = include_bytes!("../../../../assets/fonts/JinbanSansRare-Regular.otf");

const FONTS: FontSet<'_> = FontSet {
    regular: REGULAR,
    bold: BOLD,
    rare: None,
};

const WIDTHS: [PaperWidth; 3] = [
    PaperWidth::Dots384,
    PaperWidth::Dots512,
    PaperWidth::Dots576,
];

fn draw_on(paper: PaperWidth, blocks: Vec<Block>) -> Bitmap {
    layout(&Receipt { blocks }, &FONTS, paper).unwrap()
}

fn draw(blocks: Vec<Block>) -> Bitmap {
    draw_on(PaperWidth::Dots576, blocks)
}

/// Smallest box that holds all black dots: left, top, right, bottom (inclusive).
fn ink_box(picture: &Bitmap) -> Option<(u32, u32, u32, u32)> {
    let mut found: Option<(u32, u32, u32, u32)> = None;
    for y in 0..picture.height() {
        for x in (0..picture.width()).filter(|&x| picture.get(x, y)) {
            let (l, t, r, b) = found.unwrap_or((x, y, x, y));
            found = Some((l.min(x), t.min(y), r.max(x), b.max(y)));
        }
    }
    found
}

fn ink(picture: &Bitmap) -> u32 {
    picture.rows().flatten().map(|b| b.count_ones()).sum()
}

#[test]
fn text_has_the_size_that_it_claims_on_every_paper() {
    for paper in WIDTHS {
        let picture = draw_on(paper, vec![Block::Text("国".into())]);
        let (left, top, right, bottom) = ink_box(&picture).unwrap();
        let millimetres = (right - left + 1) as f32 / paper.dots_per_mm();
        // The character fills some nine tenths of its square of 3.5 to 4 mm.
        assert!(
            (2.9..3.8).contains(&millimetres),
            "{paper:?}: {millimetres}"
        );
        assert!(bottom < picture.height() && top > 0);
    }
}

#[test]
fn nothing_is_drawn_outside_the_margins() {
    let text = "（近办）Jinban gjpq 身份证，请带好原件。".repeat(6);
    for paper in WIDTHS {
        for block in [
            Block::Title(text.clone()),
            Block::Heading(text.clone()),
            Block::Text(text.clone()),
            Block::Small(text.clone()),
            Block::row("很长很长很长很长的名称", text.clone()),
            Block::field("很长很长很长很长的名称", text.clone()),
        ] {
            let picture = draw_on(paper, vec![block.clone()]);
            let (left, _, right, _) = ink_box(&picture).unwrap();
            let margin = paper.dots_per_mm().round() as u32;
            assert!(left + 2 >= margin, "{block:?} {left}");
            assert!(right <= paper.dots() - margin + 2, "{block:?} {right}");
            let longer = draw_on(paper, vec![block.clone(), Block::Space(5)]);
            assert_eq!(ink(&picture), ink(&longer), "{block:?}: cut at the bottom");
        }
    }
}

#[test]
fn characters_that_no_font_has_are_named_before_anything_is_drawn() {
    let blocks = vec![
        Block::Text("近办\u{E000}".into()),
        Block::row("\u{1F600}", "\u{E000}\u{7}"),
    ];
    let error = layout(&Receipt { blocks }, &FONTS, PaperWidth::Dots576).unwrap_err();
    assert_eq!(
        error,
        LayoutError::MissingGlyphs(vec!['\u{E000}', '\u{1F600}', '\u{7}'])
    );
    assert!(!format!("{error:?}").contains('\u{E000}'));
}

#[test]
fn a_rare_name_prints_from_the_third_font() {
    let name = || Receipt {
        blocks: vec![Block::row("姓名", "𠀡")],
    };
    let missing = layout(&name(), &FONTS, PaperWidth::Dots576);
    assert_eq!(missing, Err(LayoutError::MissingGlyphs(vec!['𠀡'])));
    let with_rare = FontSet {
        rare: Some(RARE),
        ..FONTS
    };
    let picture = layout(&name(), &with_rare, PaperWidth::Dots576).unwrap();
    let (_, _, right, _) = ink_box(&picture).unwrap();
    assert!(right > 540, "the value stands at the right edge, {right}");
}

#[test]
fn every_character_of_a_line_leaves_ink_of_its_own() {
    let mut last = 0;
    for n in 1..=10 {
        let now = ink(&draw(vec![Block::Text("办".repeat(n))]));
        assert!(now > last);
        last = now;
    }
}

#[test]
fn a_value_stands_at_the_right_edge_or_in_the_shared_column() {
    let picture = draw(vec![Block::row("日期", "1")]);
    let (_, _, right, _) = ink_box(&picture).unwrap();
    assert!(right > 550, "{right}");

    // Two rows of one run: the values begin at the same dot although the labels differ.
    let value_start = |label: &str| {
        let blocks = vec![Block::field("申请人姓名", "国"), Block::field(label, "国")];
        let picture = draw(blocks);
        let half = picture.height() / 2;
        (200..576)
            .find(|&x| (half..picture.height()).any(|y| picture.get(x, y)))
            .unwrap()
    };
    assert_eq!(value_start("村"), value_start("村里"));
}

#[test]
fn a_label_of_two_lines_takes_the_width_of_the_longer_one() {
    let value_start = |label: &str| {
        let picture = draw(vec![Block::field(label, "国\n国")]);
        (200..576)
            .find(|&x| (0..picture.height()).any(|y| picture.get(x, y)))
            .unwrap()
    };
    assert_eq!(
        value_start("Number\n申请人的姓名"),
        value_start("申请人的姓名")
    );
}

#[test]
fn a_banner_is_white_on_black_from_edge_to_edge() {
    let picture = draw(vec![Block::Banner("本机暂存，尚未受理".into())]);
    let (left, top, right, bottom) = ink_box(&picture).unwrap();
    assert_eq!((left, right), (0, 575));
    let area = 576 * (bottom - top + 1);
    let black = ink(&picture);
    assert!(black * 10 > area * 6, "mostly black");
    assert!(black * 100 < area * 97, "with letters in it");
}

#[test]
fn a_code_that_cannot_be_read_and_a_picture_too_wide_are_refused() {
    let refuse = |block| {
        let receipt = Receipt {
            blocks: vec![block],
        };
        layout(&receipt, &FONTS, PaperWidth::Dots384).unwrap_err()
    };
    let data = "近办".repeat(300);
    let size = QrSize::Large;
    assert_eq!(refuse(Block::Qr { data, size }), LayoutError::CodeTooLong);
    assert_eq!(
        refuse(Block::Image(Bitmap::new(385, 4))),
        LayoutError::PictureTooWide { width: 385 }
    );
    assert!(matches!(
        refuse(Block::Text("\n".repeat(600))),
        LayoutError::TooLong { .. }
    ));
}

#[test]
fn an_empty_receipt_and_empty_texts_are_short_white_paper() {
    assert_eq!(ink(&draw(vec![])), 0);
    assert_eq!(
        ink(&draw(vec![Block::Text(String::new()), Block::Space(3)])),
        0
    );
    assert_eq!(ink(&draw(vec![Block::row("", "")])), 0);
    assert_eq!(ink(&draw(vec![Block::field("", "")])), 0);
}

#[test]
fn rules_span_the_paper_solid_or_broken() {
    let rule = |style| ink(&draw(vec![Block::Rule(style)]));
    let (solid, dashed) = (rule(RuleStyle::Solid), rule(RuleStyle::Dashed));
    assert_eq!(solid, 560 * 3);
    assert!(dashed > solid / 2 && dashed < solid * 3 / 4, "{dashed}");
}

#[test]
fn an_independent_reader_reads_the_printed_code() {
    let zbar = Command::new("zbarimg")
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if zbar.is_err() {
        println!("SKIPPED: zbarimg is not installed");
        return;
    }
    let link = "https://jinban.example/q/JB-20261123-0007?c=482917";
    let folder = tempfile::tempdir().unwrap();
    for paper in WIDTHS {
        for (data, size) in [
            (link, QrSize::Small),
            (link, QrSize::Medium),
            ("本机编号：青川县乐安镇，零零零七", QrSize::Large),
        ] {
            let picture = draw_on(
                paper,
                vec![
                    Block::Title("回执".into()),
                    Block::Qr {
                        data: data.into(),
                        size,
                    },
                    Block::Text("请用手机扫一扫".into()),
                ],
            );
            let path = folder.path().join("receipt.png");
            std::fs::write(&path, &*picture.to_png()).unwrap();
            let read = Command::new("zbarimg")
                .args(["--raw", "--oneshot", "-q", "-Sqrcode.binary"])
                .arg(&path)
                .output()
                .unwrap();
            assert_eq!(
                String::from_utf8_lossy(&read.stdout),
                data,
                "{paper:?} {size:?}"
            );
        }
    }
}

#[test]
fn left_rows_after_other_blocks_measure_a_new_column() {
    let far = draw(vec![Block::field("很长的名称在这里", "国")]);
    let near = draw(vec![
        Block::field("很长的名称在这里", "国"),
        Block::Space(0),
        Block::Row {
            label: "村".into(),
            value: "国".into(),
            align: ValueAlign::Left,
        },
    ]);
    let tail = far.height()..near.height();
    let reach = (0..576)
        .rev()
        .find(|&x| tail.clone().any(|y| near.get(x, y)));
    assert!(reach.unwrap() < 120, "{reach:?}");
}

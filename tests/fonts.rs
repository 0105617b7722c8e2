//! The bundled fonts: nothing that the terminal ships or that the state's table names is drawn blank.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use ab_glyph::{Font, FontRef};

const REGULAR: &[u8] = include_bytes!("../assets/fonts/JinbanSans-Regular.otf");
const BOLD: &[u8] = include_bytes!("../assets/fonts/JinbanSans-Bold.otf");
const RARE: &[u8] = include_bytes!("../assets/fonts/JinbanSansRare-Regular.otf");

fn lacks(font: &[u8], text: impl IntoIterator<Item = char>) -> Vec<char> {
    let font = FontRef::try_from_slice(font).expect("a readable font");
    text.into_iter()
        .filter(|&character| !character.is_control() && font.glyph_id(character).0 == 0)
        .collect()
}

/// Characters of every text file under `folder`; a folder that does not exist has none.
fn characters_under(folder: &Path, found: &mut BTreeSet<char>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            characters_under(&path, found);
        } else if let Ok(text) = fs::read_to_string(&path) {
            found.extend(text.chars());
        }
    }
}

#[test]
fn both_weights_hold_every_character_of_the_shipped_texts() {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    let mut shipped = BTreeSet::new();
    for folder in ["locales", "catalogue", "regions"] {
        characters_under(&assets.join(folder), &mut shipped);
    }
    assert!(
        shipped.len() > 500,
        "only {} characters were read",
        shipped.len()
    );
    for (name, font) in [("regular", REGULAR), ("bold", BOLD)] {
        let missing = lacks(font, shipped.iter().copied());
        assert!(
            missing.is_empty(),
            "{name} lacks {missing:?}: run assets/fonts/build.py"
        );
    }
}

#[test]
fn every_word_that_can_be_typed_is_in_one_of_the_fonts() {
    let mut typed = BTreeSet::new();
    characters_under(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/lexicons"),
        &mut typed,
    );
    let missing = lacks(RARE, lacks(REGULAR, typed));
    assert!(missing.is_empty(), "in no font: {missing:?}");
}

#[test]
fn both_weights_hold_what_forms_and_receipts_print() {
    let signs = "·—…‘’“”￥¥℃№→←↑↓›‹●○▲■✓×÷±①⑳ⅠⅩ㎡，。、；：？！（）《》【】〔〕「」　０９ＡＺａｚ";
    // Level three of the state's table, within and beyond the basic plane, and surnames that people carry.
    let names = "㑇䶮𬱖𫖯𬘡堃喆昇祎翀犇逄郄";
    let ascii = ' '..='~';
    for (name, font) in [("regular", REGULAR), ("bold", BOLD)] {
        let missing = lacks(
            font,
            signs.chars().chain(names.chars()).chain(ascii.clone()),
        );
        assert!(missing.is_empty(), "{name} lacks {missing:?}");
    }
}

#[test]
fn every_unified_han_character_of_a_name_is_in_one_of_the_fonts() {
    let basic = ('\u{4E00}'..='\u{9FA5}').chain('\u{3400}'..='\u{4DB5}');
    let missing = lacks(RARE, lacks(REGULAR, basic));
    assert!(
        missing.is_empty(),
        "{} characters are in no font: {missing:?}",
        missing.len()
    );
}

#[test]
fn glyphs_have_outlines_and_only_a_space_is_empty() {
    for bytes in [REGULAR, BOLD] {
        let font = FontRef::try_from_slice(bytes).unwrap();
        for character in "近办A1，✓●".chars() {
            assert!(
                font.outline(font.glyph_id(character)).is_some(),
                "{character} is blank"
            );
        }
        assert!(font.outline(font.glyph_id(' ')).is_none());
    }
}

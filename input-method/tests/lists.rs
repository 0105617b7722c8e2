//! Word lists that a technician adds on site.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use jinban_input::{EngineError, Key, check_lists, open};
use std::{fs, path::Path};

fn folder(lists: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("lexicons")).unwrap();
    for (name, bytes) in lists {
        fs::write(folder.path().join("lexicons").join(name), bytes).unwrap();
    }
    folder
}

fn first_page(data_dir: &Path, letters: &str) -> Vec<String> {
    let mut engine = open(data_dir).unwrap();
    letters.chars().for_each(|l| engine.key(Key::Letter(l)));
    engine.state().candidates.clone()
}

#[test]
fn a_list_adds_its_words_with_and_without_pinyin() {
    let list = "\u{feff}# 本县地名\n石桥河坝\n\n六安\tlu an\r\n";
    let folder = folder(&[("places.tsv", list.as_bytes())]);
    assert!(check_lists(folder.path()).is_empty());
    assert_eq!(first_page(folder.path(), "shiqiaoheba")[0], "石桥河坝");
    assert_eq!(first_page(folder.path(), "sqhb")[0], "石桥河坝");
    assert!(first_page(folder.path(), "luan").contains(&"六安".to_owned()));
}

#[test]
fn all_likely_readings_of_a_word_without_pinyin_find_it() {
    let folder = folder(&[("places.tsv", "重山堡".as_bytes())]);
    for letters in ["zhongshanbao", "chongshanbao"] {
        assert_eq!(first_page(folder.path(), letters)[0], "重山堡", "{letters}");
    }
}

#[test]
fn a_list_that_is_no_text_is_reported_and_the_keyboard_works() {
    let folder = folder(&[
        ("bad.tsv", b"\xff\xfe\x00"),
        ("good.tsv", "石桥河坝".as_bytes()),
    ]);
    let problems = check_lists(folder.path());
    assert!(
        matches!(&problems[..], [EngineError::Unreadable { path, .. }] if path.ends_with("bad.tsv")),
        "{problems:?}"
    );
    assert_eq!(first_page(folder.path(), "dibao")[0], "低保");
    assert_eq!(first_page(folder.path(), "shiqiaoheba")[0], "石桥河坝");
}

#[test]
fn a_line_that_cannot_be_used_is_named_and_the_others_are_used() {
    let folder = folder(&[("a.tsv", "石桥河坝\nQQ群\n河坝\thao ba ba bad\n".as_bytes())]);
    let lines: Vec<usize> = check_lists(folder.path())
        .iter()
        .filter_map(|p| {
            if let EngineError::Line { line, .. } = p {
                Some(*line)
            } else {
                None
            }
        })
        .collect();
    assert_eq!(lines, [2, 3]);
    assert_eq!(first_page(folder.path(), "shiqiaoheba")[0], "石桥河坝");
}

#[test]
fn without_a_folder_nothing_is_wrong() {
    assert!(check_lists(Path::new("no such folder")).is_empty());
}

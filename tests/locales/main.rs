//! The texts: both languages complete, nothing unused, nothing said past them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod source;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use source::{Source, is_han};

/// Keys that are put together or picked at run time: where they begin, and why.
const PICKED: [(&str, &str); 1] = [(
    "rating.reason.",
    "the platform is sent the key's last part, the person reads the text",
)];

/// Texts in English that say something in Chinese on purpose, outside brackets.
const CHINESE_IN_ENGLISH: [(&str, &str); 2] = [
    ("bar.language", "read by those who do not read English"),
    ("receipt.", "the window reads the paper too"),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The texts of one language by their whole keys.
fn texts(language: &str) -> BTreeMap<String, String> {
    fn flatten(prefix: &str, value: &Value, into: &mut BTreeMap<String, String>) {
        match value {
            Value::Object(entries) => {
                for (name, value) in entries {
                    let key = if prefix.is_empty() {
                        name.clone()
                    } else {
                        format!("{prefix}.{name}")
                    };
                    flatten(&key, value, into);
                }
            }
            Value::String(text) => {
                into.insert(prefix.to_owned(), text.clone());
            }
            other => panic!("{prefix} is not a text: {other}"),
        }
    }
    let path = root().join(format!("assets/locales/{language}.yml"));
    let yaml = fs::read_to_string(&path).unwrap();
    let value: Value = serde_saphyr::from_str(&yaml).unwrap();
    let mut all = BTreeMap::new();
    flatten("", &value, &mut all);
    assert!(all.len() > 200, "only {} texts in {language}", all.len());
    all
}

fn keys(texts: &BTreeMap<String, String>) -> BTreeSet<&str> {
    texts.keys().map(String::as_str).collect()
}

/// The names in `%{…}`.
fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split("%{")
        .skip(1)
        .map(|rest| rest.split_once('}').expect("a closed placeholder").0)
        .collect()
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if name != "tests" {
                rust_files(&path, found);
            }
        } else if path.extension().is_some_and(|e| e == "rs") && name != "tests.rs" {
            found.push(path);
        }
    }
}

/// Every file of the terminal under `folder`, tests aside.
fn sources(folder: &str) -> Vec<(String, Source)> {
    let mut files = Vec::new();
    rust_files(&root().join(folder), &mut files);
    assert!(files.len() > 10, "only {} files in {folder}", files.len());
    files
        .into_iter()
        // It defines `t!`, in which no key stands.
        .filter(|path| !path.ends_with("src/language.rs"))
        .map(|path| {
            let name = path.strip_prefix(root()).unwrap().display().to_string();
            (name, Source::read(&fs::read_to_string(&path).unwrap()))
        })
        .collect()
}

/// Those that say something to a villager; the walk of the demonstration only waits for it.
fn speaking() -> Vec<(String, Source)> {
    let mut all = sources("src");
    all.retain(|(name, _)| !name.starts_with("src/demo/"));
    all
}

#[test]
fn both_languages_have_the_same_keys() {
    let (chinese, english) = (texts("zh-CN"), texts("en"));
    let (chinese, english) = (keys(&chinese), keys(&english));
    let only = |a: &BTreeSet<&str>, b: &BTreeSet<&str>| -> Vec<String> {
        a.difference(b).map(|key| (*key).to_owned()).collect()
    };
    assert_eq!(
        only(&chinese, &english),
        Vec::<String>::new(),
        "only in zh-CN"
    );
    assert_eq!(only(&english, &chinese), Vec::<String>::new(), "only in en");
}

#[test]
fn both_languages_fill_in_the_same_facts() {
    let english = texts("en");
    for (key, chinese) in texts("zh-CN") {
        assert_eq!(
            placeholders(&chinese),
            placeholders(&english[&key]),
            "{key}"
        );
    }
}

#[test]
fn every_text_that_is_said_exists_and_gets_its_facts() {
    let texts = texts("zh-CN");
    let mut wrong = Vec::new();
    for (file, source) in sources("src") {
        for said in &source.said {
            match texts.get(&said.key) {
                None => wrong.push(format!("{file}: no text {}", said.key)),
                Some(text) => {
                    let given: BTreeSet<&str> = said.facts.iter().map(String::as_str).collect();
                    if placeholders(text) != given {
                        wrong.push(format!("{file}: {} is given {given:?}", said.key));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_text_is_said_somewhere() {
    let mut said = BTreeSet::new();
    for (_, source) in speaking() {
        said.extend(source.said.into_iter().map(|said| said.key));
        let picked = |text: &String| PICKED.iter().any(|(prefix, _)| text.starts_with(prefix));
        said.extend(source.literals.into_iter().filter(picked));
    }
    let unsaid: Vec<_> = texts("zh-CN")
        .into_keys()
        .filter(|key| !said.contains(key))
        .collect();
    assert!(unsaid.is_empty(), "never said: {unsaid:#?}");
}

#[test]
fn keys_are_picked_at_run_time_only_where_it_is_known() {
    let picking: Vec<_> = speaking()
        .into_iter()
        .filter(|(_, source)| source.picked > 0)
        .map(|(file, source)| (file, source.picked))
        .collect();
    assert_eq!(picking, [("src/interface/step/done.rs".to_owned(), 1)]);
}

#[test]
fn nothing_on_the_screen_is_written_in_the_code() {
    let mut written = Vec::new();
    for (file, source) in sources("src/interface") {
        for literal in source.literals {
            if literal.chars().any(is_han) {
                written.push(format!("{file}: {literal}"));
            }
        }
    }
    assert!(
        written.is_empty(),
        "belongs into assets/locales: {written:#?}"
    );
}

#[test]
fn nothing_on_paper_is_written_in_the_code() {
    for file in [
        "src/filing/receipt.rs",
        "src/catalogue/slip.rs",
        "src/catalogue/bundle/said.rs",
        "src/catalogue/bundle/slip.rs",
        "src/wording.rs",
    ] {
        let source = Source::read(&fs::read_to_string(root().join(file)).unwrap());
        let chinese: Vec<_> = source
            .literals
            .iter()
            .filter(|literal| literal.chars().any(is_han))
            .collect();
        assert!(chinese.is_empty(), "{file}: {chinese:?}");
    }
}

#[test]
fn chinese_words_are_those_of_a_neighbour() {
    let stiff = [
        "系统",
        "数据",
        "异常",
        "用户",
        "操作失败",
        "请求",
        "网络错误",
        "超时",
        "点击",
        "你",
    ];
    for (key, text) in texts("zh-CN") {
        // The technician reads this one.
        if key == "broken.for_technician" {
            continue;
        }
        for word in stiff {
            assert!(!text.contains(word), "{key} says {word}: {text}");
        }
    }
}

#[test]
fn english_texts_say_chinese_terms_in_brackets_only() {
    for (key, text) in texts("en") {
        if CHINESE_IN_ENGLISH
            .iter()
            .any(|(prefix, _)| key.starts_with(prefix))
        {
            continue;
        }
        let mut depth = 0;
        for character in text.chars() {
            match character {
                '(' => depth += 1,
                ')' => depth -= 1,
                _ => assert!(depth > 0 || !is_han(character), "{key}: {text}"),
            }
        }
    }
}

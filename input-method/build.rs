//! Compiles the word lists into the tables that the crate embeds, so that nothing is parsed when a terminal starts.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A build that cannot read its lists must stop.

use std::{collections::BTreeSet, env, fs, path::Path};

#[path = "src/compile.rs"]
mod compile;
#[path = "src/reading.rs"]
mod reading;
#[path = "src/syllable.rs"]
mod syllable;

use compile::Entry;
use reading::Readings;

/// As common as an everyday word: what people come to a service room for.
const SERVICE: u8 = 88;
const ADDRESS_WORD: u8 = 96;
/// Places, from the county down; the name without its 县, 镇 or 村 costs a little more.
const PLACES: [(&str, u8); 4] = [
    ("city", 90),
    ("county", 92),
    ("town", 108),
    ("village", 124),
];
const BARE_NAME: u8 = 4;
/// What is left out of a place's name when people say it, longest first.
const ENDINGS: [&str; 16] = [
    "社区居民委员会",
    "村民委员会",
    "居民委员会",
    "村委会",
    "居委会",
    "回族乡",
    "藏族乡",
    "街道",
    "社区",
    "市",
    "县",
    "区",
    "镇",
    "乡",
    "村",
    "居",
];
/// A character that the list of given names does not have is this much less likely in a name.
const UNLISTED_GIVEN: u8 = 40;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/syllable.rs");
    let general = general();
    let mut readings = Readings::default();
    for entry in general.iter().filter(|e| e.syllables.len() == 1) {
        readings.learn(
            entry.text.chars().next().unwrap(),
            entry.syllables[0],
            entry.cost,
        );
    }
    emit("general", general);
    emit("services", listed("services.tsv", &readings, |_| SERVICE));
    emit(
        "surnames",
        listed("surnames.tsv", &readings, |rank| by_rank(26.0, 9.0, rank)),
    );
    emit("given", given(&readings));
    emit("places", places(&readings));
}

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    println!("cargo::rerun-if-changed={}", path.display());
    fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn emit(name: &str, entries: Vec<Entry>) {
    assert!(!entries.is_empty(), "no words for {name}");
    let path = Path::new(&env::var("OUT_DIR").unwrap()).join(format!("{name}.bin"));
    fs::write(path, compile::table(entries)).unwrap();
}

/// Zipf's law: the probability falls with the rank in the list.
fn by_rank(first: f64, slope: f64, rank: usize) -> u8 {
    (first + slope * ((rank + 1) as f64).ln()).min(250.0) as u8
}

fn general() -> Vec<Entry> {
    let text = read("data/base.tsv");
    text.lines()
        .map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            let syllables =
                reading::parse(fields[1]).unwrap_or_else(|| panic!("no such pinyin: {line}"));
            Entry {
                syllables,
                cost: fields[2].parse().unwrap(),
                text: fields[0].to_owned(),
            }
        })
        .collect()
}

fn spelled(word: &str, pinyin: Option<&str>, cost: u8, readings: &Readings) -> Vec<Entry> {
    let syllables = match pinyin {
        Some(pinyin) => vec![
            reading::parse(pinyin).unwrap_or_else(|| panic!("no such pinyin: {word} {pinyin}")),
        ],
        None => readings.of(word),
    };
    syllables
        .into_iter()
        .map(|syllables| Entry {
            syllables,
            cost,
            text: word.to_owned(),
        })
        .collect()
}

fn listed(file: &str, readings: &Readings, cost: impl Fn(usize) -> u8) -> Vec<Entry> {
    let text = read(&format!("../assets/lexicons/{file}"));
    let words = text.lines().filter_map(reading::line).enumerate();
    words
        .flat_map(|(rank, (word, pinyin))| {
            let entries = spelled(word, pinyin, cost(rank), readings);
            assert!(
                !entries.is_empty(),
                "{file}: {word} has a character without a reading"
            );
            entries
        })
        .collect()
}

fn given(readings: &Readings) -> Vec<Entry> {
    let mut entries = listed("given-names.tsv", readings, |rank| by_rank(40.0, 6.0, rank));
    let text = read("data/given.tsv");
    for line in text.lines() {
        let (character, cost) = line.split_once('\t').unwrap();
        let cost: u8 = cost.parse().unwrap();
        entries.extend(spelled(
            character,
            None,
            cost.saturating_add(UNLISTED_GIVEN),
            readings,
        ));
    }
    entries
}

fn places(readings: &Readings) -> Vec<Entry> {
    let mut entries = listed("addresses.tsv", readings, |_| ADDRESS_WORD);
    let mut names = BTreeSet::new();
    for year in ["2016", "2023"] {
        for row in read(&format!("../assets/regions/{year}.csv"))
            .lines()
            .skip(1)
        {
            let mut fields = row.split(',').skip(1);
            let (level, name) = (fields.next().unwrap(), fields.next().unwrap());
            let cost = PLACES
                .iter()
                .find(|(l, _)| *l == level)
                .unwrap_or_else(|| panic!("{row}"))
                .1;
            names.insert((name.to_owned(), cost));
            let mut name = name;
            while let Some(short) = ENDINGS.iter().find_map(|e| name.strip_suffix(e)) {
                if short.chars().count() < 2 {
                    break;
                }
                name = short;
                names.insert((name.to_owned(), cost + BARE_NAME));
            }
        }
    }
    for (name, cost) in names {
        let spelled = spelled(&name, None, cost, readings);
        if spelled.is_empty() {
            println!("cargo::warning=no reading for the place {name}");
        }
        entries.extend(spelled);
    }
    entries
}

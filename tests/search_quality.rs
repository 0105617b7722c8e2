//! How well search finds what people mean, over a county's item names in the minimal form: no aliases, no summaries.
//!
//! `cargo test --test search_quality -- --nocapture` prints the figures by kind.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;

use jiff::Timestamp;
use jinban::catalogue::{Catalogue, CatalogueChanges, Snapshot, bundled};
use jinban_api::guide::Guide;

const ITEMS: &str = include_str!("data/search/items.tsv");
const QUERIES: &str = include_str!("data/search/queries.tsv");
const HELD_OUT: &str = include_str!("data/search/queries-held-out.tsv");
const MORE_ITEMS: &str = include_str!("data/search/items-more.tsv");
const MORE_QUERIES: &str = include_str!("data/search/queries-more.tsv");
const LAST_ITEMS: &str = include_str!("data/search/items-last.tsv");
const LAST_QUERIES: &str = include_str!("data/search/queries-last.tsv");
const MORE_HELD_OUT: &str = include_str!("data/search/queries-more-held-out.tsv");

fn rows<const N: usize>(table: &'static str) -> Vec<[&'static str; N]> {
    let lines = table.lines().filter(|line| !line.starts_with('#'));
    let rows = lines.map(|line| {
        let columns: Vec<&str> = line.split('\t').collect();
        columns.try_into().unwrap_or_else(|_| panic!("{line}"))
    });
    rows.collect()
}

/// A guide of which only code, name, department and type are known.
fn minimal([code, name, department, kind]: [&str; 4]) -> Guide {
    let minimal = serde_json::json!({
        "id": code,
        "version": 1,
        "codes": [{ "scheme": "sc-item-code", "value": code }],
        "name": name,
        "item_type": kind,
        "department": { "name": department },
        "summary": "",
        "consult_phone": "",
        "complaint_phone": "",
        "terminal": { "kind": "guide-only", "reason": "" },
        "updated_on": "2026-11-01",
    });
    serde_json::from_value(minimal).unwrap()
}

async fn county(lists: &[&'static str]) -> std::sync::Arc<Snapshot> {
    let catalogue = Catalogue::in_memory();
    let changes = CatalogueChanges {
        revision: 1,
        upserted: (lists.iter().flat_map(|list| rows::<4>(list)))
            .map(minimal)
            .collect(),
        themes: bundled().themes,
        ..CatalogueChanges::default()
    };
    catalogue.apply(changes, Timestamp::now()).await.unwrap();
    catalogue.snapshot()
}

#[derive(Default)]
struct Score {
    asked: f64,
    first: f64,
    five: f64,
    reciprocal: f64,
}

impl Score {
    fn add(&mut self, place: Option<usize>) {
        self.asked += 1.0;
        if let Some(place) = place {
            self.first += f64::from(u8::from(place == 0));
            self.five += f64::from(u8::from(place < 5));
            self.reciprocal += 1.0 / (place as f64 + 1.0);
        }
    }

    fn at_five(&self) -> f64 {
        self.five / self.asked
    }

    fn line(&self, kind: &str) {
        println!(
            "  {kind:<12} {:>4} queries   hit@1 {:.3}   hit@5 {:.3}   MRR {:.3}",
            self.asked,
            self.first / self.asked,
            self.at_five(),
            self.reciprocal / self.asked
        );
    }
}

/// Asks every query, prints the figures by kind, and returns those over all.
fn measure(name: &str, snapshot: &Snapshot, queries: &'static str) -> Score {
    let mut kinds: BTreeMap<&str, Score> = BTreeMap::new();
    let mut all = Score::default();
    let mut missed = Vec::new();
    for [kind, words, names] in rows::<3>(queries) {
        let hits = snapshot.search(words, 10);
        let right = |name: &str| names.split('|').any(|right| right == name);
        let place = hits.iter().position(|hit| right(&hit.guide.name));
        kinds.entry(kind).or_default().add(place);
        all.add(place);
        if place.is_none_or(|place| place >= 5) {
            let found = hits.iter().take(3).map(|hit| hit.guide.name.as_str());
            missed.push(format!(
                "  missed: {words} → {:?}",
                found.collect::<Vec<_>>()
            ));
        }
    }
    println!("{name}:");
    for (kind, score) in &kinds {
        score.line(kind);
    }
    all.line("all");
    println!("{}", missed.join("\n"));
    all
}

#[tokio::test]
async fn what_people_mean_is_among_the_first_five() {
    let snapshot = county(&[ITEMS]).await;
    let all = measure("graded queries", &snapshot, QUERIES);
    assert!(all.asked >= 300.0);
    assert!(all.at_five() >= 0.95, "hit@5 {:.3}", all.at_five());
}

#[tokio::test]
async fn it_holds_for_queries_that_nothing_was_tuned_to() {
    let snapshot = county(&[ITEMS]).await;
    let all = measure("held-out queries", &snapshot, HELD_OUT);
    assert!(all.asked >= 60.0);
    assert!(all.at_five() >= 0.95, "hit@5 {:.3}", all.at_five());
}

#[tokio::test]
async fn it_holds_for_items_of_kinds_that_came_later_among_all_the_others() {
    let snapshot = county(&[ITEMS, MORE_ITEMS]).await;
    let seen = measure("queries for further items", &snapshot, MORE_QUERIES);
    let held_out = measure("the same, held out", &snapshot, MORE_HELD_OUT);
    assert!(seen.at_five() >= 0.95, "hit@5 {:.3}", seen.at_five());
    assert!(
        held_out.at_five() >= 0.95,
        "hit@5 {:.3}",
        held_out.at_five()
    );
}

#[tokio::test]
async fn it_holds_for_what_was_written_last() {
    let snapshot = county(&[ITEMS, MORE_ITEMS, LAST_ITEMS]).await;
    let all = measure("queries for the last items", &snapshot, LAST_QUERIES);
    assert!(all.at_five() >= 0.88, "hit@5 {:.3}", all.at_five());
}

#[tokio::test]
async fn the_graded_set_asks_for_items_that_exist_and_for_many_of_them() {
    let names: Vec<&str> = rows::<4>(ITEMS).iter().map(|row| row[1]).collect();
    let mut asked: Vec<&str> = (rows::<3>(QUERIES).iter())
        .chain(&rows::<3>(HELD_OUT))
        .flat_map(|row| row[2].split('|'))
        .collect();
    for name in &asked {
        assert!(names.contains(name), "{name}");
    }
    asked.sort_unstable();
    asked.dedup();
    assert!(asked.len() >= 150, "{}", asked.len());
}

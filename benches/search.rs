//! How long one keystroke of a search takes, with the sample and with a whole county's catalogue.
//!
//! `cargo bench --bench search` prints medians. A person notices more than about 50 ms on the slowest
//! machine in the field, which is ten times slower than a desk; so one keystroke should stay below 5 ms here.

use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jinban::catalogue::{Catalogue, CatalogueChanges, bundled};

/// About as many items as a county publishes.
const COUNTY: usize = 1_135;

const QUERIES: [&str; 12] = [
    "d",
    "db",
    "dibao",
    "g",
    "gaoling",
    "gaolingjintie",
    "低保",
    "老年证",
    "看病报销",
    "身份证不见了",
    "我要给家里老人办一个高龄补贴",
    "gaolinjintei",
];

fn main() -> Result<(), Box<dyn Error>> {
    // `cargo test --benches` only asks whether it runs.
    let rounds = if std::env::args().any(|argument| argument == "--bench") {
        100
    } else {
        1
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let county = Catalogue::in_memory();
    let sample = bundled();
    let upserted = (0..COUNTY).map(|number| {
        let mut guide = (*sample.guides[number % sample.guides.len()]).clone();
        guide.id = format!("{}-{number}", guide.id).into();
        guide
    });
    let changes = CatalogueChanges {
        revision: 1,
        upserted: upserted.collect(),
        themes: sample.themes.clone(),
        ..CatalogueChanges::default()
    };
    let began = Instant::now();
    runtime.block_on(county.apply(changes, Timestamp::now()))?;
    println!("index of {COUNTY} guides built in {:?}", began.elapsed());

    let catalogues = [("sample", Catalogue::in_memory()), ("county", county)];
    for (name, catalogue) in catalogues {
        let snapshot = catalogue.snapshot();
        println!("{name}: {} guides", snapshot.guides().len());
        for query in QUERIES {
            let mut times: Vec<Duration> = (0..rounds)
                .map(|_| {
                    let began = Instant::now();
                    black_box(snapshot.search(black_box(query), 20));
                    began.elapsed()
                })
                .collect();
            times.sort_unstable();
            println!("  {query}: median {:?}", times[times.len() / 2]);
        }
    }
    Ok(())
}

//! Search, first sync and a day's changes with twenty thousand guides.
//!
//! `cargo bench --bench search` prints medians and the slowest in a hundred. A keystroke should be answered
//! within 5 ms, the index stay below 60 MB, a first sync of 1,200 full guides be applied within 3 s of CPU, and
//! ten changed guides within 20 ms. Beside it stands SQLite's FTS5 with the neighbouring characters of the names
//! as tokens, over the same names and queries.

use std::error::Error;
use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jinban::catalogue::{Catalogue, CatalogueChanges, bundled};
use jinban_api::guide::Guide;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, SqliteConnection};

/// As many as a terminal must hold.
const MANY: usize = 20_000;
/// As many as a county publishes.
const FIRST_SYNC: usize = 1_200;
const CHANGED: usize = 10;

const ITEMS: &str = include_str!("../tests/data/search/items.tsv");
const QUERIES: &str = include_str!("../tests/data/search/queries.tsv");

/// Typed by people in a hurry: long, mixed, and wrong.
const SENTENCES: [&str; 4] = [
    "我要给家里老人办一个高龄补贴需要带什么材料",
    "身份证不见了去哪里补办要多少钱",
    "chengxiangjuminjibenyanglaobaoxiancanbaodengji",
    "gaolinjintei",
];

/// Names the folder of guides to a process that does nothing but open and search them: what was freed before
/// would hide what is taken.
const OPEN_ALONE: &str = "JINBAN_BENCH_GUIDES";

fn main() -> Result<(), Box<dyn Error>> {
    // `cargo test --benches` only asks whether it runs.
    let whole = std::env::args().any(|argument| argument == "--bench");
    let many = if whole { MANY } else { 400 };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    match std::env::var_os(OPEN_ALONE) {
        Some(folder) => runtime.block_on(open_alone(Path::new(&folder))),
        None => runtime.block_on(measure(many, whole)),
    }
}

/// Opens the guides of a folder as a terminal does at its start, and says what that takes.
async fn open_alone(folder: &Path) -> Result<(), Box<dyn Error>> {
    let before = resident();
    let began = Instant::now();
    let catalogue = Catalogue::open(folder).await?;
    let opened = began.elapsed();
    let lists = resident();
    let began = Instant::now();
    catalogue.snapshot().search("低保", 1);
    println!(
        "{} guides: opened in {opened:.0?} (lists: {} MB), indexed in {:.0?} (index: {} MB)",
        catalogue.snapshot().entries().len(),
        megabytes(before, lists),
        began.elapsed(),
        megabytes(lists, resident()),
    );
    Ok(())
}

async fn measure(many: usize, whole: bool) -> Result<(), Box<dyn Error>> {
    let dir = tempfile::tempdir()?;
    first_sync(dir.path()).await?;

    let full = dir.path().join("full");
    let catalogue = Catalogue::open(&full).await?;
    catalogue
        .replace(changes(1, (0..many).map(guide)), Timestamp::now())
        .await?;
    day(&catalogue, many).await?;
    drop(catalogue);

    let alone = Command::new(std::env::current_exe()?)
        .env(OPEN_ALONE, &full)
        .status()?;
    if !alone.success() {
        return Err("the guides could not be opened alone".into());
    }
    let catalogue = Catalogue::open(&full).await?;
    catalogue.snapshot().search("低保", 1);
    search(&catalogue, whole);
    fts5(many, whole).await?;
    Ok(())
}

/// A full guide: one of the bundled ones under one of a county's names.
fn guide(number: usize) -> Guide {
    let sample = bundled_guides();
    let items: Vec<&str> = ITEMS.lines().skip(1).collect();
    let mut columns = items[number % items.len()].split('\t');
    let mut guide = sample[number % sample.len()].clone();
    let code = columns.next().unwrap_or_default();
    guide.id = format!("{number:05}").as_str().into();
    guide.codes.truncate(1);
    if let Some(first) = guide.codes.first_mut() {
        first.value = format!("{number}{code}");
    }
    guide.name = columns.next().map(str::to_owned).unwrap_or_default();
    guide.short_name = None;
    // Each county has its own departments.
    guide.department.name = format!(
        "第{}{}",
        number / items.len(),
        columns.next().unwrap_or_default()
    );
    guide
}

fn bundled_guides() -> &'static [Guide] {
    static GUIDES: std::sync::OnceLock<Vec<Guide>> = std::sync::OnceLock::new();
    GUIDES.get_or_init(|| {
        let guides = bundled().guides;
        guides.iter().map(|guide| (**guide).clone()).collect()
    })
}

fn changes(revision: u64, guides: impl Iterator<Item = Guide>) -> CatalogueChanges {
    CatalogueChanges {
        revision,
        upserted: guides.collect(),
        themes: bundled().themes,
        ..CatalogueChanges::default()
    }
}

async fn first_sync(dir: &Path) -> Result<(), Box<dyn Error>> {
    let mut spent = Vec::new();
    for round in 0..3 {
        let catalogue = Catalogue::open(&dir.join(format!("first-{round}"))).await?;
        let first = changes(1, (0..FIRST_SYNC).map(guide));
        let (began, cpu) = (Instant::now(), processor()?);
        catalogue.apply(first, Timestamp::now()).await?;
        spent.push((processor()?.saturating_sub(cpu), began.elapsed()));
    }
    spent.sort_unstable();
    let (cpu, wall) = spent[spent.len() / 2];
    println!(
        "first sync of {FIRST_SYNC} full guides: {cpu:.0?} of CPU, {wall:.0?} in all (median of 3)"
    );
    Ok(())
}

/// What a day brings: ten guides in a new version, many times over.
async fn day(catalogue: &Catalogue, many: usize) -> Result<(), Box<dyn Error>> {
    catalogue.snapshot().search("低保", 1);
    let mut times = Vec::new();
    for day in 0..40 {
        let changed = (0..CHANGED).map(|at| {
            let mut guide = guide((day * 487 + at * 31) % many);
            guide.version += 1;
            guide
        });
        let changed = changes(2 + day as u64, changed);
        let began = Instant::now();
        catalogue.apply(changed, Timestamp::now()).await?;
        times.push(began.elapsed());
    }
    let (median, most) = quantiles(&mut times);
    println!("{CHANGED} changed guides among {many}: median {median:.1?}, slowest {most:.1?}");
    Ok(())
}

/// Every query as it is typed: one search a keystroke.
fn keystrokes(whole: bool) -> Vec<String> {
    let queries = QUERIES
        .lines()
        .skip(1)
        .filter_map(|line| line.split('\t').nth(1));
    let queries = queries.step_by(if whole { 1 } else { 40 }).chain(SENTENCES);
    let mut typed = Vec::new();
    for query in queries {
        let ends = query.char_indices().map(|(at, c)| at + c.len_utf8());
        typed.extend(ends.map(|end| query[..end].to_owned()));
    }
    typed
}

fn search(catalogue: &Catalogue, whole: bool) {
    let snapshot = catalogue.snapshot();
    let typed = keystrokes(whole);
    let mut times: Vec<(Duration, &str)> = Vec::with_capacity(typed.len());
    for words in &typed {
        let began = Instant::now();
        black_box(snapshot.search(black_box(words), 40));
        times.push((began.elapsed(), words));
    }
    times.sort_unstable();
    let (slowest, words) = times[times.len() - 1];
    let mut times: Vec<Duration> = times.into_iter().map(|(time, _)| time).collect();
    let (median, most) = quantiles(&mut times);
    println!(
        "{} keystrokes: median {median:.2?}, 99 in 100 below {most:.2?}, slowest {slowest:.2?} ({words})",
        times.len()
    );
}

/// The same with FTS5: neighbouring characters as tokens, any of them, ranked by BM25.
async fn fts5(many: usize, whole: bool) -> Result<(), Box<dyn Error>> {
    let mut database: SqliteConnection = SqliteConnectOptions::new().connect().await?;
    sqlx::raw_sql("CREATE VIRTUAL TABLE names USING fts5 (pairs); BEGIN")
        .execute(&mut database)
        .await?;
    for number in 0..many {
        sqlx::query("INSERT INTO names (pairs) VALUES (?)")
            .bind(pairs(&guide(number).name).join(" "))
            .execute(&mut database)
            .await?;
    }
    sqlx::raw_sql("COMMIT").execute(&mut database).await?;
    let mut times = Vec::new();
    for words in keystrokes(whole) {
        let wanted: Vec<String> = pairs(&words)
            .into_iter()
            .map(|pair| format!("\"{pair}\""))
            .collect();
        if wanted.is_empty() {
            continue;
        }
        let began = Instant::now();
        let found: Vec<i64> = sqlx::query_scalar(
            "SELECT rowid FROM names WHERE names MATCH ? ORDER BY rank LIMIT 40",
        )
        .bind(wanted.join(" OR "))
        .fetch_all(&mut database)
        .await?;
        black_box(found);
        times.push(began.elapsed());
    }
    let (median, most) = quantiles(&mut times);
    println!("the same with FTS5: median {median:.2?}, 99 in 100 below {most:.2?}");
    Ok(())
}

fn pairs(text: &str) -> Vec<String> {
    let characters: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
    characters.windows(2).map(String::from_iter).collect()
}

/// The median and the 99th percentile.
fn quantiles(times: &mut [Duration]) -> (Duration, Duration) {
    times.sort_unstable();
    let at = |share: usize| times.get(times.len() * share / 100).copied();
    let last = times.last().copied();
    let median = at(50).or(last).unwrap_or_default();
    (median, at(99).or(last).unwrap_or_default())
}

/// Memory of this process that is its own, in bytes.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("RssAnon:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<usize>().ok());
    kilobytes.unwrap_or_default() * 1024
}

fn megabytes(from: usize, to: usize) -> f64 {
    (to.saturating_sub(from) as f64 / 1e5).round() / 10.0
}

/// Processor time that all threads of this process have spent.
fn processor() -> Result<Duration, Box<dyn Error>> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let fields = stat.rsplit(") ").next().unwrap_or_default().split(' ');
    let ticks: u64 = fields
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse::<u64>().ok())
        .sum();
    // Linux counts a hundred ticks a second here, whatever the machine.
    Ok(Duration::from_millis(ticks * 10))
}

//! The terminal is killed at random, again and again; afterwards every submitted case has arrived exactly once.
//!
//! The parent runs the platform. The child, this same test binary, files cases as fast as it can and says so on
//! its output; the parent kills it without warning and starts it again on the same folder.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

use super::peer::{Mood, Peer};
use super::*;

const DIR: &str = "JINBAN_TEST_CRASH_DIR";
const URL: &str = "JINBAN_TEST_CRASH_URL";
const PEM: &str = "JINBAN_TEST_CRASH_PEM";
const CHILD: &str = "filing::tests::crash::files_until_it_is_killed";

/// Not a test by itself: the child of the test below.
#[tokio::test]
#[ignore = "started by the test that kills it"]
async fn files_until_it_is_killed() {
    let Ok(dir) = std::env::var(DIR) else { return };
    let client = peer::client(&std::env::var(URL).unwrap(), &std::env::var(PEM).unwrap());
    let filing = open(Path::new(&dir), &client).await;
    say("READY", Ulid::nil());
    loop {
        let draft = complete_draft();
        filing.save(&draft).await.unwrap();
        say("SAVED", draft.key());
        filing.submit(&draft).await.unwrap();
        say("SUBMITTED", draft.key());
    }
}

/// One write, so that a kill leaves a whole line or none.
fn say(word: &str, key: Ulid) {
    use std::io::Write;
    std::io::stdout()
        .write_all(format!("\n@ {word} {key}\n").as_bytes())
        .unwrap();
}

/// Chance that can be repeated: xorshift from a printed seed.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killing_the_terminal_at_random_loses_nothing_and_files_nothing_twice() {
    let seed = 0x5EED_2026_1123_0001;
    println!("seed {seed:#x}");
    let mut chance = Chance(seed);
    let peer = Peer::start(Mood::Good).await;
    let dir = tempfile::tempdir().unwrap();
    let (mut saved, mut submitted) = (BTreeSet::new(), BTreeSet::new());
    for _ in 0..12 {
        let mood = match chance.below(3) {
            0 => Mood::TakesAndGoesSilent,
            1 => Mood::BreaksOff,
            _ => Mood::Good,
        };
        peer.set(mood);
        let pause = Duration::from_millis(chance.below(400));
        for (word, key) in run_and_kill(dir.path(), &peer, pause).await {
            match word.as_str() {
                "SAVED" => saved.insert(key),
                "SUBMITTED" => submitted.insert(key),
                _ => true,
            };
        }
    }
    assert!(
        submitted.len() >= 12,
        "the child filed {} cases",
        submitted.len()
    );

    let (drafts, cases) = stored(dir.path()).await;
    assert!(drafts.is_disjoint(&cases), "both a draft and a case");
    let kept: BTreeSet<Ulid> = drafts.union(&cases).copied().collect();
    assert!(saved.is_subset(&kept), "a saved draft is gone");
    assert!(submitted.is_subset(&cases), "a submitted case is gone");

    peer.set(Mood::Good);
    let filing = open(dir.path(), &peer.client()).await;
    let mut numbers = BTreeMap::new();
    for key in &cases {
        let case = until(&filing, *key, acknowledged).await;
        assert_eq!(
            numbers.insert(case.local_number.clone(), key),
            None,
            "a local number twice"
        );
    }
    peer.held(|held| {
        let arrived: BTreeSet<Ulid> = held.cases.keys().copied().collect();
        assert_eq!(arrived, cases, "what was filed is what arrived, each once");
        println!(
            "{} cases by {} posts, {} drafts left",
            cases.len(),
            held.posts,
            drafts.len()
        );
    });
}

/// Starts the child, lets it work for `pause` after it is ready, kills it, and returns what it said.
async fn run_and_kill(dir: &Path, peer: &Peer, pause: Duration) -> Vec<(String, Ulid)> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", CHILD, "--ignored", "--nocapture"])
        .env(DIR, dir)
        .env(URL, peer.url())
        .env(PEM, peer.pem())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut said = Vec::new();
    let mut kill_at = tokio::time::Instant::now() + PATIENCE;
    loop {
        let line = tokio::select! {
            line = lines.next_line() => line.unwrap(),
            () = tokio::time::sleep_until(kill_at) => break,
        };
        let line = line.expect("the child ended by itself");
        if let Some((word, key)) = line
            .strip_prefix("@ ")
            .and_then(|said| said.split_once(' '))
        {
            if word == "READY" {
                kill_at = tokio::time::Instant::now() + pause;
            }
            said.push((word.to_owned(), Ulid::from_string(key).unwrap()));
        }
    }
    // SIGKILL: no destructor runs, nothing is flushed.
    child.kill().await.unwrap();
    while let Ok(Some(line)) = lines.next_line().await {
        if let Some((word, key)) = line
            .strip_prefix("@ ")
            .and_then(|said| said.split_once(' '))
        {
            said.push((word.to_owned(), Ulid::from_string(key).unwrap()));
        }
    }
    assert!(
        said.iter().any(|(word, _)| word == "READY"),
        "the child never became ready"
    );
    said
}

/// Keys of drafts and of cases, read past the store's own code.
async fn stored(dir: &Path) -> (BTreeSet<Ulid>, BTreeSet<Ulid>) {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(dir.join("filing.db"));
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    let mut keys = Vec::new();
    for sql in ["SELECT key FROM draft", "SELECT key FROM filed_case"] {
        let rows: Vec<(String,)> = sqlx::query_as(sql).fetch_all(&pool).await.unwrap();
        keys.push(
            rows.iter()
                .map(|(key,)| Ulid::from_string(key).unwrap())
                .collect(),
        );
    }
    pool.close().await;
    let cases = keys.pop().unwrap();
    (keys.pop().unwrap(), cases)
}

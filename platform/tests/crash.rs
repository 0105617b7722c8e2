//! The program is killed between and during requests; nothing is lost, and nothing is there twice.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use jinban_api::case::CaseReceipt;
use jinban_api::keys::PlatformKeys;
use reqwest::Client;
use support::{AREA, Case, TERMINAL, Terminal, guide, install_ring, sm3_hex};
use tokio::task::JoinSet;

/// The program as a process of its own.
struct Process {
    child: Child,
    url: String,
}

fn program(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jinban-platform"));
    command.arg("--data").arg(data);
    command
}

impl Process {
    fn start(dir: &Path) -> Self {
        let mut child = program(&dir.join("data"))
            .args(["serve", "--listen", "127.0.0.1:0", "--catalogue"])
            .arg(dir.join("catalogue"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let url = line
            .trim()
            .strip_prefix("listening on ")
            .unwrap()
            .to_owned();
        Self { child, url }
    }

    /// SIGKILL: no farewell.
    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

async fn keys(http: &Client, url: &str) -> PlatformKeys {
    let answer = http.get(format!("{url}v1/keys")).send().await.unwrap();
    answer.json().await.unwrap()
}

async fn put_page(http: &Client, url: &str, case: &Case) {
    let url = format!("{url}v1/pages/{}", sm3_hex(&case.page));
    let answer = http.put(url).body(case.page.clone()).send().await.unwrap();
    assert!(answer.status().is_success());
}

/// The receipt, if the platform lived long enough to give one.
async fn post(http: Client, url: String, case: Case) -> Option<CaseReceipt> {
    let key = case.submission.idempotency_key.to_string();
    let sent = http
        .post(format!("{url}v1/cases"))
        .header("Idempotency-Key", key)
        .json(&case.submission)
        .send()
        .await;
    sent.ok()?.json().await.ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_time_nothing_is_lost_and_nothing_is_there_twice() {
    install_ring();
    let dir = tempfile::tempdir().unwrap();
    let terminal = Terminal::new(TERMINAL);
    std::fs::create_dir(dir.path().join("catalogue")).unwrap();
    let text = serde_json::to_string(&guide("allowance", 1)).unwrap();
    std::fs::write(dir.path().join("catalogue/allowance.json"), text).unwrap();
    std::fs::write(dir.path().join("terminal.pem"), &terminal.pem).unwrap();
    let enrolled = program(&dir.path().join("data"))
        .args(["terminals", "enrol", TERMINAL, "--area", AREA])
        .args(["--place", "示例村", "--key"])
        .arg(dir.path().join("terminal.pem"))
        .stderr(Stdio::null())
        .output()
        .unwrap();
    assert!(enrolled.status.success());

    let http = Client::builder().pool_max_idle_per_host(0).build().unwrap();
    let mut process = Process::start(dir.path());
    let first_keys = keys(&http, &process.url).await;
    let cases: Vec<Case> = (0..48).map(|_| terminal.case(&first_keys)).collect();

    let mut known: Vec<Option<CaseReceipt>> = vec![None; cases.len()];
    for round in 0..6_usize {
        // Half of the cases are new in this round, half were under way when the power failed last time.
        let range = (round * 8).saturating_sub(8)..round * 8 + 8;
        let mut posts = JoinSet::new();
        for at in range {
            put_page(&http, &process.url, &cases[at]).await;
            let post = post(http.clone(), process.url.clone(), cases[at].clone());
            posts.spawn(async move { (at, post.await) });
        }
        // The power fails the very moment a new receipt is there.
        let mut process_now = Some(process);
        while let Some(done) = posts.join_next().await {
            let (at, Some(receipt)) = done.unwrap() else {
                continue;
            };
            if let Some(before) = &known[at] {
                assert_eq!(*before, receipt, "a receipt that was given stays as it is");
            } else {
                known[at] = Some(receipt);
                if let Some(process) = process_now.take() {
                    process.kill();
                }
            }
        }
        assert!(process_now.is_none());
        process = Process::start(dir.path());
        assert_eq!(keys(&http, &process.url).await, first_keys);
    }
    let under_way = known.iter().filter(|known| known.is_none()).count();
    assert!(
        under_way > 0,
        "every case was answered: nothing was cut short"
    );

    let mut numbers = BTreeSet::new();
    for (case, known) in cases.iter().zip(known) {
        let receipt = post(http.clone(), process.url.clone(), case.clone())
            .await
            .unwrap();
        if let Some(known) = known {
            assert_eq!(known, receipt, "a receipt that was given stays as it is");
        }
        assert!(numbers.insert(receipt.case_number.0));
    }
    process.kill();
    let days: BTreeSet<&str> = numbers.iter().map(|number| &number[7..15]).collect();
    for day in days {
        let sequence = numbers
            .iter()
            .filter(|number| &number[7..15] == day)
            .map(|number| number[16..].parse::<usize>().unwrap());
        assert!(sequence.enumerate().all(|(at, number)| number == at + 1));
    }
}

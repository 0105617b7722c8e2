//! The program is killed between and during requests; nothing is lost, and nothing is there twice.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::collections::BTreeSet;

use jinban_api::case::CaseReceipt;
use reqwest::Client;
use support::process::{Site, post};
use support::{Case, Postgres, install_ring};
use tokio::task::JoinSet;

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_time_nothing_is_lost_and_nothing_is_there_twice_on_sqlite() {
    kill_at_any_time(&Site::set_up(None)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_time_nothing_is_lost_and_nothing_is_there_twice_on_postgres() {
    if let Some(postgres) = Postgres::start() {
        kill_at_any_time(&Site::set_up(Some(postgres.address()))).await;
    }
}

async fn kill_at_any_time(site: &Site) {
    install_ring();
    let http = Client::builder().pool_max_idle_per_host(0).build().unwrap();
    let mut process = site.start();
    let first_keys = process.keys(&http).await;
    let cases: Vec<Case> = (0..48).map(|_| site.terminal.case(&first_keys)).collect();

    let mut known: Vec<Option<CaseReceipt>> = vec![None; cases.len()];
    for round in 0..6_usize {
        // Half of the cases are new in this round, half were under way when the power failed last time.
        let range = (round * 8).saturating_sub(8)..round * 8 + 8;
        let mut posts = JoinSet::new();
        for at in range {
            process.put_page(&http, &cases[at]).await;
            let post = post(http.clone(), process.url.clone(), cases[at].clone());
            posts.spawn(async move { (at, post.await) });
        }
        // The power fails the very moment a new receipt is there.
        let mut process_now = Some(process);
        while let Some(done) = posts.join_next().await {
            let (at, Some((_, receipt))) = done.unwrap() else {
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
        process = site.start();
        assert_eq!(process.keys(&http).await, first_keys);
    }
    let under_way = known.iter().filter(|known| known.is_none()).count();
    assert!(
        under_way > 0,
        "every case was answered: nothing was cut short"
    );

    let mut numbers = BTreeSet::new();
    for (case, known) in cases.iter().zip(known) {
        let (_, receipt) = post(http.clone(), process.url.clone(), case.clone())
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

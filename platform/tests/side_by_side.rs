//! Two processes on one database: whichever of them a terminal reaches, a case is taken in once.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use jinban_platform::{Platform, PlatformConfig};
use reqwest::Client;
use support::process::{Site, post};
use support::{Case, Postgres, install_ring};
use tokio::task::JoinSet;

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_on_one_file_are_one_platform() {
    are_one_platform(&Site::set_up(None)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_on_one_server_are_one_platform() {
    if let Some(postgres) = Postgres::start() {
        are_one_platform(&Site::set_up(Some(postgres.address()))).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn several_may_start_at_once_on_a_server_that_is_still_empty() {
    let Some(postgres) = Postgres::start() else {
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let mut starts = JoinSet::new();
    for at in 0..6 {
        let config = PlatformConfig {
            database: Some(postgres.url()),
            ..PlatformConfig::local(dir.path().join(at.to_string()))
        };
        starts.spawn(async move {
            let platform = Platform::open(&config).await.unwrap();
            let position = platform.follow(&"none".into(), 0).await.unwrap().head;
            (position.feed, position.number)
        });
    }
    let heads: BTreeSet<_> = starts.join_all().await.into_iter().collect();
    assert_eq!(heads.len(), 1, "all follow one feed: {heads:?}");
}

async fn are_one_platform(site: &Site) {
    install_ring();
    let http = Client::new();
    let both = [site.start(), site.start()];
    let keys = both[0].keys(&http).await;
    assert_eq!(both[1].keys(&http).await, keys);

    // Every case goes to both at the same time, and the pages to one of them only.
    let cases: Vec<Case> = (0..40).map(|_| site.terminal.case(&keys)).collect();
    let mut posts = JoinSet::new();
    for (at, case) in cases.iter().enumerate() {
        both[at % 2].put_page(&http, case).await;
        for process in &both {
            let post = post(http.clone(), process.url.clone(), case.clone());
            posts.spawn(async move { (at, post.await.unwrap()) });
        }
    }
    let mut receipts = BTreeMap::new();
    let mut created = 0;
    for (at, (status, receipt)) in posts.join_all().await {
        created += usize::from(status == 201);
        let first = receipts.entry(at).or_insert_with(|| receipt.clone());
        assert_eq!(*first, receipt, "both give one receipt");
    }
    assert_eq!(created, cases.len(), "each is new once");

    let mut by_day = BTreeMap::<String, BTreeSet<usize>>::new();
    for receipt in receipts.values() {
        let number = receipt.case_number.as_str();
        let (day, last) = number.rsplit_once('-').unwrap();
        let days = by_day.entry(day.to_owned()).or_default();
        assert!(
            days.insert(last.parse().unwrap()),
            "{number} is there twice"
        );
    }
    for numbers in by_day.values() {
        assert!(numbers.iter().copied().eq(1..=numbers.len()), "{numbers:?}");
    }
}

//! The catalogue over HTTP: a chain of signed batches, each with what changed and nothing else.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::io::Read;
use std::path::Path;

use flate2::read::GzDecoder;
use jinban_api::catalogue::{BatchHeader, BatchKind, FeedAnswer, Operation, Row};
use jinban_api::guide::Guide;
use jinban_api::problem::ProblemKind;
use jinban_platform::{CatalogueFolder, FolderError, Platform, PlatformConfig, VersionProblem};
use serde_json::json;
use support::{House, guide, is_signed, refused, sm3_hex};

on_both! {
    a_terminal_that_follows_hears_only_what_changed,
    who_follows_another_feed_or_a_batch_that_never_was_gets_everything,
    the_head_is_signed_anew_for_every_answer,
    a_download_that_broke_off_goes_on_where_it_stopped,
    a_form_never_changes_under_a_pinned_version,
}

/// What `feed` answers to a terminal that has batch `after` of it.
async fn after(house: &House, feed: &str, after: u64) -> FeedAnswer {
    let url = house.url(&format!("v1/catalogue/feed?feed={feed}&after={after}"));
    let answer = house.http.get(url).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.json().await.unwrap()
}

/// The rows of a batch, with everything checked that its header says.
async fn rows(house: &House, batch: &BatchHeader) -> Vec<Row> {
    let text = signed_text(batch);
    assert!(is_signed(
        &text,
        &batch.platform_key_id,
        &batch.signature,
        &house.keys()
    ));
    let url = house.url(&format!("v1/catalogue/blobs/{}", batch.payload));
    let payload = house
        .http
        .get(url)
        .send()
        .await
        .unwrap()
        .bytes()
        .await
        .unwrap();
    assert_eq!(payload.len() as u64, batch.length);
    assert_eq!(sm3_hex(&payload), batch.payload.as_str());
    let mut plain = String::new();
    GzDecoder::new(&payload[..])
        .read_to_string(&mut plain)
        .unwrap();
    assert_eq!(plain.len() as u64, batch.plain_length);
    plain
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// By the documents of the contract, not by the platform's code.
fn signed_text(batch: &BatchHeader) -> String {
    let kind = match batch.kind {
        BatchKind::Changes => "changes",
        BatchKind::Everything => "everything",
    };
    format!(
        "jinban-batch-1\n{}\n{}\n{kind}\n{}\n{}\n{}\n{}\n{}",
        batch.feed,
        batch.number,
        batch.previous,
        batch.payload,
        batch.length,
        batch.plain_length,
        batch.issued_at
    )
}

fn said(rows: &[Row]) -> Vec<String> {
    let op = |op| match op {
        Operation::Insert => "I",
        Operation::Update => "U",
        Operation::Delete => "D",
    };
    rows.iter()
        .map(|row| format!("{} {} {}", op(row.op), row.kind, row.id))
        .collect()
}

fn folder(guides: Vec<Guide>) -> CatalogueFolder {
    CatalogueFolder {
        guides,
        themes: serde_json::from_value(
            json!([{"id": "senior", "name": "养老优待", "icon": "leaf"}]),
        )
        .unwrap(),
        ..CatalogueFolder::default()
    }
}

async fn a_terminal_that_follows_hears_only_what_changed(house: House) {
    let first = after(&house, "", 0).await;
    let feed = first.head.feed.to_string();
    assert_eq!(first.batches.len(), 1);
    assert_eq!(first.batches[0].kind, BatchKind::Everything);
    let everything = rows(&house, &first.batches[0]).await;
    assert_eq!(
        said(&everything),
        [
            "I calendar-year 2025",
            "I calendar-year 2026",
            "I themes themes",
            "I guide allowance"
        ]
    );

    let mut mended = guide("b", 1);
    mended.summary = "说得更清楚。".into();
    for guides in [
        vec![guide("allowance", 1), guide("b", 1), guide("c", 1)],
        vec![guide("allowance", 1), guide("b", 1), guide("c", 1)],
        vec![guide("allowance", 2), mended],
    ] {
        house.platform().publish(&folder(guides)).await.unwrap();
    }
    let news = after(&house, &feed, 1).await;
    let mut told = Vec::new();
    let mut chain = first.head.chain.clone();
    for batch in &news.batches {
        assert_eq!(batch.kind, BatchKind::Changes);
        assert_eq!(batch.previous, chain);
        chain = sm3_hex(signed_text(batch).as_bytes()).into();
        told.push(said(&rows(&house, batch).await).join(", "));
    }
    assert_eq!(
        told,
        [
            "U themes themes, I guide b, I guide c",
            "U guide allowance, U guide b, D guide c"
        ],
        "publishing the same again is no batch"
    );
    assert_eq!((news.head.number, &news.head.chain), (3, &chain));
    assert!(after(&house, &feed, 3).await.batches.is_empty());
    let url = house.url("v1/catalogue/guides/c");
    let gone = house.http.get(url).send().await.unwrap();
    refused(gone, 404, ProblemKind::GuideUnknown).await;
}

async fn who_follows_another_feed_or_a_batch_that_never_was_gets_everything(house: House) {
    let feed = after(&house, "", 0).await.head.feed.to_string();
    for (other, number) in [("another", 1), (feed.as_str(), 99), (feed.as_str(), 0)] {
        let answer = after(&house, other, number).await;
        assert_eq!(
            answer.batches[0].kind,
            BatchKind::Everything,
            "{other} {number}"
        );
        assert_eq!(answer.batches[0].previous, answer.head.chain);
    }
}

async fn the_head_is_signed_anew_for_every_answer(house: House) {
    let head = after(&house, "", 0).await.head;
    let text = format!(
        "jinban-head-1\n{}\n{}\n{}\n{}",
        head.feed, head.number, head.chain, head.issued_at
    );
    assert!(is_signed(
        &text,
        &head.platform_key_id,
        &head.signature,
        &house.keys()
    ));
    assert!(after(&house, "", 0).await.head.issued_at > head.issued_at);
}

#[tokio::test]
async fn a_feed_outlives_the_program() {
    let dir = tempfile::tempdir().unwrap();
    let config = PlatformConfig::local(dir.path());
    let platform = Platform::open(&config).await.unwrap();
    let first = platform
        .publish(&folder(vec![guide("a", 1)]))
        .await
        .unwrap();
    let feed = platform.follow(&"".into(), 0).await.unwrap().head.feed;
    platform.database().close().await;
    let platform = Platform::open(&config).await.unwrap();
    let second = platform
        .publish(&folder(vec![guide("a", 2)]))
        .await
        .unwrap();
    assert_eq!((first.revision, second.revision), (1, 2));
    let news = platform.follow(&feed, 1).await.unwrap();
    assert_eq!(news.batches.len(), 1);
    assert_eq!(news.head.feed, feed);
}

async fn a_download_that_broke_off_goes_on_where_it_stopped(house: House) {
    let batch = after(&house, "", 0).await.batches.remove(0);
    let url = house.url(&format!("v1/catalogue/blobs/{}", batch.payload));
    let get = |range: &str| {
        house
            .http
            .get(&url)
            .header("Range", range.to_owned())
            .send()
    };
    let whole = get("").await.unwrap().bytes().await.unwrap();
    let rest = get("bytes=100-").await.unwrap();
    assert_eq!(rest.status(), 206);
    let length = whole.len();
    let range = format!("bytes 100-{}/{length}", length - 1);
    assert_eq!(rest.headers()["content-range"], range.as_str());
    assert_eq!(rest.bytes().await.unwrap(), whole[100..]);
    for odd in [
        "bytes=5-9",
        "bytes=-5",
        "pages=1-",
        &format!("bytes={length}-"),
    ] {
        assert_eq!(
            get(odd).await.unwrap().bytes().await.unwrap(),
            whole,
            "{odd}"
        );
    }
    let url = house.url("v1/catalogue/blobs/0000");
    refused(
        house.http.get(url).send().await.unwrap(),
        404,
        ProblemKind::Other,
    )
    .await;
}

async fn a_form_never_changes_under_a_pinned_version(house: House) {
    let mut sneaky = guide("allowance", 1);
    sneaky.form.as_mut().unwrap().schema = json!({"type": "object"});
    let published = house
        .platform()
        .publish(&folder(vec![sneaky]))
        .await
        .unwrap();
    let problem = VersionProblem::NotRaised { version: 1 };
    assert_eq!(published.refused, [("allowance".into(), problem)]);

    house
        .platform()
        .publish(&folder(vec![guide("allowance", 3)]))
        .await
        .unwrap();
    let published = house
        .platform()
        .publish(&folder(vec![guide("allowance", 2)]))
        .await
        .unwrap();
    let problem = VersionProblem::WentBack {
        version: 2,
        published: 3,
    };
    assert_eq!(published.refused, [("allowance".into(), problem)]);
}

#[tokio::test]
async fn a_browser_is_given_a_page_and_a_program_the_data() {
    let house = House::open().await;
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/catalogue");
    let folder = CatalogueFolder::read(&dir).unwrap();
    house.platform().publish(&folder).await.unwrap();
    let get = async |path: &str, accept: &str| {
        let url = house.url(&format!("v1/catalogue/{path}"));
        let answer = house.http.get(url).header("Accept", accept);
        let answer = answer.send().await.unwrap();
        let kind = answer.headers()["content-type"]
            .to_str()
            .unwrap()
            .to_owned();
        (answer.status().as_u16(), kind, answer.text().await.unwrap())
    };
    let browser = "text/html,application/xhtml+xml,*/*;q=0.8";
    let (status, kind, page) = get("guides/homestead", browser).await;
    assert_eq!((status, kind.as_str()), (200, "text/html; charset=utf-8"));
    for said in ["农村村民宅基地申请", "居民户口簿", "0839-0001023", "示例"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let (_, _, page) = get("bundles/newborn", browser).await;
    assert!(
        page.contains("<a href=\"../guides/birth-household\">新生儿上户口</a>"),
        "{page}"
    );
    for path in ["guides/homestead", "bundles/newborn"] {
        for accept in ["*/*", "application/json"] {
            let (status, kind, text) = get(path, accept).await;
            assert_eq!((status, kind.as_str()), (200, "application/json"));
            assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
        }
    }
    assert_eq!(get("bundles/nothing", browser).await.0, 404);
}

#[test]
fn a_folder_is_a_catalogue_only_when_everything_in_it_is_right() {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(dir.path().join(name), text).unwrap();
    let read = || CatalogueFolder::read(dir.path());
    write("notes.txt", "not a guide");
    assert!(matches!(read(), Err(FolderError::Empty { .. })));
    write("a.json", &serde_json::to_string(&guide("a", 1)).unwrap());
    assert_eq!(read().unwrap().guides.len(), 1);
    write("b.json", &serde_json::to_string(&guide("a", 1)).unwrap());
    assert!(matches!(read(), Err(FolderError::Twice(_))));
    write("b.json", "{");
    assert!(matches!(read(), Err(FolderError::Shape { .. })));
    let mut broken = guide("b", 1);
    broken.form.as_mut().unwrap().schema = json!({"type": 7});
    write("b.json", &serde_json::to_string(&broken).unwrap());
    assert!(matches!(read(), Err(FolderError::Form { .. })));
}

#[test]
fn the_sample_catalogue_can_be_published() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/catalogue");
    let folder = CatalogueFolder::read(&dir).unwrap();
    assert!(!folder.guides.is_empty());
    assert!(!folder.themes.is_empty());
}

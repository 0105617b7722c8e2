//! Sealed pages over HTTP: whole under their digest, or not there.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use jinban_api::problem::ProblemKind;
use support::{House, refused, sm3_hex};

const MIB: usize = 1024 * 1024;

#[tokio::test]
async fn a_page_is_absent_then_new_then_known() {
    let house = House::open().await;
    let page = vec![7; 100_000];
    let url = house.url(&format!("v1/pages/{}", sm3_hex(&page)));
    assert_eq!(house.http.head(&url).send().await.unwrap().status(), 404);
    assert_eq!(house.put_page(&page).await.status(), 201);
    let answer = house.http.head(&url).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-length"], "100000");
    assert_eq!(house.put_page(&page).await.status(), 200);
}

#[tokio::test]
async fn bytes_that_changed_on_the_way_are_refused_and_not_kept() {
    let house = House::open().await;
    let url = house.url(&format!("v1/pages/{}", sm3_hex(b"sent")));
    let answer = house.http.put(&url).body("received").send().await.unwrap();
    refused(answer, 422, ProblemKind::DigestMismatch).await;
    assert_eq!(house.http.head(&url).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn a_page_may_have_eight_mebibytes_and_no_more() {
    let house = House::open().await;
    assert_eq!(house.put_page(&vec![1; 8 * MIB]).await.status(), 201);
    let large = vec![1; 8 * MIB + 1];
    let url = house.url(&format!("v1/pages/{}", sm3_hex(&large)));
    // The platform answers without reading it all, so the sender may see the line close first.
    if let Ok(answer) = house.http.put(&url).body(large).send().await {
        refused(answer, 413, ProblemKind::TooLarge).await;
    }
    assert_eq!(house.http.head(&url).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn a_name_that_is_no_digest_is_refused() {
    let house = House::open().await;
    let capital = sm3_hex(b"x").to_uppercase();
    for name in ["abc", "..%2F..%2Fkeys%2Fwrap.pem", "%00", capital.as_str()] {
        let url = house.url(&format!("v1/pages/{name}"));
        let answer = house.http.put(url).body("x").send().await.unwrap();
        refused(answer, 400, ProblemKind::Malformed).await;
    }
}

#[tokio::test]
async fn the_same_page_from_many_at_once_is_kept_once() {
    let house = House::open().await;
    let page = vec![9; MIB];
    let answers = tokio::join!(
        house.put_page(&page),
        house.put_page(&page),
        house.put_page(&page),
        house.put_page(&page),
    );
    for answer in [answers.0, answers.1, answers.2, answers.3] {
        assert!(matches!(answer.status().as_u16(), 200 | 201));
    }
}

fn file_of(house: &House, page: &[u8]) -> PathBuf {
    let digest = sm3_hex(page);
    house.data().join("pages").join(&digest[..2]).join(digest)
}

#[tokio::test]
async fn a_page_that_no_case_claims_is_forgotten_after_a_month() {
    let house = House::open().await;
    let case = house.case();
    house.hand_in(&case).await;
    let (unclaimed, fresh) = (b"unclaimed".as_slice(), b"fresh".as_slice());
    house.put_page(unclaimed).await;
    house.put_page(fresh).await;
    let long_ago = SystemTime::now() - Duration::from_hours(31 * 24);
    for page in [case.page.as_slice(), unclaimed] {
        let file = fs::File::open(file_of(&house, page)).unwrap();
        file.set_modified(long_ago).unwrap();
    }
    let forgotten = house.platform().forget_unclaimed_pages().await.unwrap();
    assert_eq!(forgotten, 1);
    assert!(file_of(&house, &case.page).exists());
    assert!(!file_of(&house, unclaimed).exists());
    assert!(file_of(&house, fresh).exists());
}

#[tokio::test]
async fn nobody_else_reads_the_data_folder() {
    let house = House::open().await;
    let mode = fs::metadata(house.data()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}

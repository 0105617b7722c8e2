//! Pages in a bucket: two processes that share nothing but the keys, a database and the bucket.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use reqwest::Client;
use support::process::{Site, post};
use support::s3::S3;
use support::{install_ring, sm3_hex};

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_one_process_took_is_there_for_the_other() {
    let Some(s3) = S3::start() else { return };
    install_ring();
    let http = Client::new();
    let made = http.put(format!("{}/jinban", s3.endpoint)).send().await;
    assert_eq!(made.unwrap().status(), 200);
    let site = Site::set_up(None).with_bucket("s3://jinban/pages", &s3.endpoint);
    let (one, other) = (site.start(), site.start());
    let case = site.terminal.case(&one.keys(&http).await);
    one.put_page(&http, &case).await;

    let digest = sm3_hex(&case.page);
    let page = format!("{}v1/pages/{digest}", other.url);
    let answer = http.head(&page).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(
        answer.headers()["content-length"],
        case.page.len().to_string()
    );
    let absent = page.replace(&digest, &sm3_hex(b"absent"));
    assert_eq!(http.head(absent).send().await.unwrap().status(), 404);
    let (status, _) = post(http.clone(), other.url.clone(), case.clone())
        .await
        .unwrap();
    assert_eq!(status, 201);

    // The server's own view of it.
    let all = http
        .get(format!("{}/moto-api/data.json", s3.endpoint))
        .send()
        .await;
    let all = all.unwrap().text().await.unwrap();
    let object = format!("\"pages/{}/{digest}\"", &digest[..2]);
    assert!(all.contains(&object), "no {object}");

    drop(s3);
    let health = http.get(format!("{}v1/health", other.url)).send().await;
    assert_eq!(health.unwrap().status(), 503);
}

//! Whatever is sent, the answer is a problem with a reason: never a failure of the platform, never silence.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use jinban_api::problem::{PROBLEM_JSON, Problem, ProblemKind};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use reqwest::{Method, Response};
use serde_json::{Value, json};
use support::{House, refused};
use tokio::runtime::Runtime;
use ulid::Ulid;

/// Sends what the strategy makes to one platform, with a fixed seed.
fn send_all<S: Strategy>(strategy: &S, send: &impl AsyncFn(&House, S::Value)) {
    let runtime = Runtime::new().unwrap();
    let house = runtime.block_on(House::open());
    let config = ProptestConfig {
        cases: 64,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(20_261_123),
        ..ProptestConfig::default()
    };
    TestRunner::new(config)
        .run(strategy, |value| {
            runtime.block_on(send(&house, value));
            Ok(())
        })
        .unwrap();
}

async fn post(house: &House, path: &str, key: &str, body: Vec<u8>) -> Response {
    house
        .http
        .post(house.url(path))
        .header("Idempotency-Key", key)
        .header("Content-Type", "application/json")
        .body(body)
        .send()
        .await
        .unwrap()
}

async fn is_problem(answer: Response) {
    let status = answer.status().as_u16();
    assert!((400..500).contains(&status), "{status}");
    assert_eq!(answer.headers()["content-type"], PROBLEM_JSON);
    assert_eq!(answer.json::<Problem>().await.unwrap().status, status);
}

/// Every path to a value inside `value`.
fn paths(value: &Value) -> Vec<String> {
    let inside: Vec<(String, &Value)> = match value {
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| (key.clone(), value))
            .collect(),
        Value::Array(list) => (0..).map(|at: usize| at.to_string()).zip(list).collect(),
        _ => Vec::new(),
    };
    let mut all = Vec::new();
    for (key, value) in inside {
        all.push(format!("/{key}"));
        all.extend(paths(value).iter().map(|rest| format!("/{key}{rest}")));
    }
    all
}

#[test]
fn random_bytes_are_a_problem() {
    let bytes = prop::collection::vec(any::<u8>(), 0..2000);
    send_all(&bytes, &async |house, body| {
        for path in ["v1/cases", "v1/ratings"] {
            let key = Ulid::generate().to_string();
            is_problem(post(house, path, &key, body.clone()).await).await;
        }
    });
}

#[test]
fn a_truncated_case_is_a_problem() {
    send_all(&any::<prop::sample::Index>(), &async |house, at| {
        let case = house.case();
        let key = case.submission.idempotency_key.to_string();
        let mut body = serde_json::to_vec(&case.submission).unwrap();
        body.truncate(at.index(body.len()));
        is_problem(post(house, "v1/cases", &key, body).await).await;
    });
}

#[test]
fn a_case_with_one_strange_value_is_a_problem() {
    let strange = prop::sample::select(vec![
        json!(null),
        json!([]),
        json!({}),
        json!(""),
        json!("\u{0}"),
        json!(-1),
        json!(1e300),
        json!(u64::MAX),
        json!("é".repeat(5000)),
    ]);
    // The page is never sent: even what may be strange, such as the local number, does not make a case.
    send_all(&(any::<prop::sample::Index>(), strange), &async |house,
                                                               (
        at,
        strange,
    )| {
        let case = house.case();
        let key = case.submission.idempotency_key.to_string();
        let mut body = serde_json::to_value(&case.submission).unwrap();
        let paths = paths(&body);
        let path: &String = at.get(&paths);
        *body.pointer_mut(path).unwrap() = strange;
        let body = serde_json::to_vec(&body).unwrap();
        is_problem(post(house, "v1/cases", &key, body).await).await;
    });
}

#[test]
fn a_strange_address_is_a_problem() {
    let address = "(v1/)?(cases|pages|catalogue|guides)?[/?a-zA-Z0-9=&.~-]{0,40}";
    send_all(&address, &async |house, address| {
        for method in [Method::POST, Method::DELETE] {
            let request = house.http.request(method, house.url(&address));
            is_problem(request.send().await.unwrap()).await;
        }
    });
}

#[tokio::test]
async fn a_huge_body_is_too_large() {
    let house = House::open().await;
    for path in ["v1/cases", "v1/ratings"] {
        let body = vec![b' '; 3 * 1024 * 1024];
        let sent = house
            .http
            .post(house.url(path))
            .header("Idempotency-Key", Ulid::generate().to_string())
            .header("Content-Type", "application/json")
            .body(body)
            .send()
            .await;
        // The platform answers without reading it all, so the sender may see the line close first.
        if let Ok(answer) = sent {
            refused(answer, 413, ProblemKind::TooLarge).await;
        }
    }
}

#[tokio::test]
async fn deep_nesting_is_a_problem_and_not_a_crash() {
    let house = House::open().await;
    let body = "[".repeat(500_000).into_bytes();
    let key = Ulid::generate().to_string();
    refused(
        post(&house, "v1/cases", &key, body).await,
        400,
        ProblemKind::Malformed,
    )
    .await;
}

#[tokio::test]
async fn a_body_that_is_not_announced_as_json_is_refused() {
    let house = House::open().await;
    let answer = house
        .http
        .post(house.url("v1/cases"))
        .header("Idempotency-Key", Ulid::generate().to_string())
        .body("{}")
        .send()
        .await
        .unwrap();
    refused(answer, 415, ProblemKind::Malformed).await;
}

#[tokio::test]
async fn what_is_not_utf_8_is_at_no_address() {
    let house = House::open().await;
    for path in ["v1/cases/%ff/progress", "v1/catalogue/guides/%c3%28"] {
        let answer = house.http.get(house.url(path)).send().await.unwrap();
        refused(answer, 404, ProblemKind::Other).await;
    }
    for query in ["x", "-1", "1e3", "18446744073709551616", "%ff"] {
        let url = house.url(&format!("v1/catalogue/feed?after={query}"));
        let answer = house.http.get(url).send().await.unwrap();
        refused(answer, 400, ProblemKind::Malformed).await;
    }
    let most = house.url("v1/catalogue/feed?after=18446744073709551615");
    assert_eq!(house.http.get(most).send().await.unwrap().status(), 200);
}

//! Ratings over HTTP: once for each case, before or after it arrives.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use jinban_api::problem::ProblemKind;
use jinban_api::rating::{CHANNEL_TERMINAL, Rating, Satisfaction};
use reqwest::Response;
use support::{House, TERMINAL, refused};
use ulid::Ulid;

on_both! {
    a_case_is_rated_once,
    a_rating_before_its_case_waits_for_it,
    a_number_needs_its_code_and_its_case,
    only_enrolled_terminals_rate_and_only_through_known_channels,
}

fn rating(case_key: Ulid) -> Rating {
    Rating {
        idempotency_key: Ulid::generate(),
        case_key,
        case_number: None,
        query_code: None,
        terminal: TERMINAL.into(),
        channel: CHANNEL_TERMINAL,
        satisfaction: Satisfaction::Dissatisfied,
        reasons: vec!["over-time".into()],
        rated_at: "2026-11-20T03:00:00Z".parse().unwrap(),
    }
}

async fn rate(house: &House, rating: &Rating) -> Response {
    house
        .http
        .post(house.url("v1/ratings"))
        .header("Idempotency-Key", rating.idempotency_key.to_string())
        .json(rating)
        .send()
        .await
        .unwrap()
}

async fn a_case_is_rated_once(house: House) {
    let receipt = house.hand_in(&house.case()).await;
    let first = rating(receipt.idempotency_key);
    assert_eq!(rate(&house, &first).await.status(), 201);
    assert_eq!(rate(&house, &first).await.status(), 200);
    let second = rating(receipt.idempotency_key);
    refused(rate(&house, &second).await, 409, ProblemKind::AlreadyRated).await;
    let mut changed = first;
    changed.satisfaction = Satisfaction::VerySatisfied;
    refused(rate(&house, &changed).await, 409, ProblemKind::KeyReused).await;
}

async fn a_rating_before_its_case_waits_for_it(house: House) {
    let case = house.case();
    let early = rating(case.submission.idempotency_key);
    assert_eq!(rate(&house, &early).await.status(), 202);
    let receipt = house.hand_in(&case).await;
    assert_eq!(rate(&house, &early).await.status(), 200);
    let rated = house
        .platform()
        .database()
        .is_rated(receipt.case_number.as_str())
        .await
        .unwrap();
    assert!(rated);
    let late = rating(receipt.idempotency_key);
    refused(rate(&house, &late).await, 409, ProblemKind::AlreadyRated).await;
}

async fn a_number_needs_its_code_and_its_case(house: House) {
    let receipt = house.hand_in(&house.case()).await;
    let other = house.hand_in(&house.case()).await;
    let mut forged = rating(receipt.idempotency_key);
    forged.case_number = Some(receipt.case_number.clone());
    refused(rate(&house, &forged).await, 404, ProblemKind::CaseNotFound).await;
    forged.query_code = Some(other.query_code.clone());
    refused(rate(&house, &forged).await, 404, ProblemKind::CaseNotFound).await;
    forged.case_number = Some(other.case_number);
    refused(rate(&house, &forged).await, 404, ProblemKind::CaseNotFound).await;
    forged.case_number = Some(receipt.case_number);
    forged.query_code = Some(receipt.query_code);
    assert_eq!(rate(&house, &forged).await.status(), 201);
}

async fn only_enrolled_terminals_rate_and_only_through_known_channels(house: House) {
    let mut stranger = rating(Ulid::generate());
    stranger.terminal = "QC-9999".into();
    refused(
        rate(&house, &stranger).await,
        403,
        ProblemKind::TerminalUnknown,
    )
    .await;
    let mut channel = rating(Ulid::generate());
    channel.channel = 0;
    refused(rate(&house, &channel).await, 400, ProblemKind::Malformed).await;
    let mut chatty = rating(Ulid::generate());
    chatty.reasons = vec!["x".into(); 21];
    refused(rate(&house, &chatty).await, 400, ProblemKind::Malformed).await;
}

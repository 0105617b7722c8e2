//! Progress over HTTP: for whoever has number and code, and for nobody who guesses.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use jiff::Timestamp;
use jinban_api::case::CaseProgress;
use jinban_api::problem::ProblemKind;
use jinban_platform::AdvanceError;
use jinban_platform::state::OfficialState;
use reqwest::Response;
use support::{House, refused};

on_both! {
    progress_follows_what_staff_do,
    a_wrong_number_and_a_wrong_code_are_not_told_apart,
    who_guesses_ten_times_must_wait_even_with_the_right_code,
}

async fn ask(house: &House, number: &str, code: &str) -> Response {
    house
        .http
        .get(house.url(&format!("v1/cases/{number}/progress")))
        .header("Jinban-Query-Code", code)
        .send()
        .await
        .unwrap()
}

async fn progress_follows_what_staff_do(house: House) {
    let receipt = house.hand_in(&house.case()).await;
    let number = receipt.case_number.as_str();
    let database = house.platform().database();
    let supplement = Some(OfficialState::SupplementNeeded);
    for (wanted, remark) in [(None, None), (supplement, Some("请补户口簿首页"))] {
        database
            .advance(number, wanted, remark, Timestamp::now())
            .await
            .unwrap();
    }
    let error = database.advance(number, Some(OfficialState::Granted), None, Timestamp::now());
    assert!(matches!(error.await, Err(AdvanceError::NotFromHere { .. })));

    let code = receipt.query_code.as_str();
    for code in [code.to_owned(), code.to_lowercase()] {
        let answer = ask(&house, number, &code).await;
        assert_eq!(answer.status(), 200);
        let progress: CaseProgress = answer.json().await.unwrap();
        assert_eq!(progress.state, "需补正");
        let names: Vec<_> = progress.timeline.iter().map(|step| &step.name).collect();
        assert_eq!(names, ["已提交", "预审中", "需补正"]);
        assert_eq!(
            progress.timeline[2].remark.as_deref(),
            Some("请补户口簿首页")
        );
        assert_eq!(progress.promised_by, receipt.promised_by);
    }
}

async fn a_wrong_number_and_a_wrong_code_are_not_told_apart(house: House) {
    let receipt = house.hand_in(&house.case()).await;
    let wrong_code = ask(&house, receipt.case_number.as_str(), "ZZZZZZ").await;
    let wrong_code = refused(wrong_code, 404, ProblemKind::CaseNotFound).await;
    let code = receipt.query_code.as_str();
    let wrong_number = ask(&house, "510822-20261123-999999", code).await;
    let wrong_number = refused(wrong_number, 404, ProblemKind::CaseNotFound).await;
    assert_eq!(wrong_code, wrong_number);
    let no_code = house
        .http
        .get(house.url(&format!("v1/cases/{}/progress", receipt.case_number)))
        .send()
        .await
        .unwrap();
    refused(no_code, 404, ProblemKind::CaseNotFound).await;
    refused(
        ask(&house, "510822-20261123-999999", "").await,
        404,
        ProblemKind::CaseNotFound,
    )
    .await;
}

async fn who_guesses_ten_times_must_wait_even_with_the_right_code(house: House) {
    let receipt = house.hand_in(&house.case()).await;
    for number in [receipt.case_number.as_str(), "510822-20261123-999999"] {
        for _ in 0..10 {
            refused(
                ask(&house, number, "ZZZZZZ").await,
                404,
                ProblemKind::CaseNotFound,
            )
            .await;
        }
        let answer = ask(&house, number, receipt.query_code.as_str()).await;
        let wait: u64 = answer.headers()["retry-after"]
            .to_str()
            .unwrap()
            .parse()
            .unwrap();
        assert!((1..=901).contains(&wait));
        refused(answer, 429, ProblemKind::TooManyAttempts).await;
    }
}

//! The counts that an operator watches.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use support::House;

on_both! {
    requests_and_cases_are_counted_and_nobody_is_named,
}

async fn requests_and_cases_are_counted_and_nobody_is_named(house: House) {
    let receipt = house.hand_in(&house.case()).await;
    let number = receipt.case_number.as_str();
    house
        .http
        .get(house.url(&format!("v1/cases/{number}/progress")))
        .header("Jinban-Query-Code", receipt.query_code.as_str())
        .send()
        .await
        .unwrap();
    let answer = house.http.get(house.url("metrics")).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let text = answer.text().await.unwrap();
    let line = |start: &str| {
        let found = text.lines().find(|line| line.starts_with(start));
        found.unwrap_or_else(|| panic!("no {start} in {text}"))
    };
    assert_eq!(
        line("jinban_platform_cases_taken_total"),
        "jinban_platform_cases_taken_total 1"
    );
    let progress = r#"jinban_platform_requests_total{method="GET",route="/v1/cases/{number}/progress",status="200"}"#;
    assert_eq!(line(progress), format!("{progress} 1"));
    let posts =
        r#"jinban_platform_request_duration_seconds_count{method="POST",route="/v1/cases"}"#;
    assert_eq!(line(posts), format!("{posts} 1"));
    assert!(!text.contains(number), "an address may name a case");
}

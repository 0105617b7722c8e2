//! The contract that is committed is the one that the program serves.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::path::Path;

use serde_json::Value;
use support::House;

#[test]
fn the_committed_contract_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("api/openapi.json");
    let current = jinban_platform::openapi().to_pretty_json().unwrap() + "\n";
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &current).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == current,
        "platform/api/openapi.json is not current; run this test with UPDATE=1"
    );
}

#[tokio::test]
async fn the_contract_is_served() {
    let house = House::open().await;
    let answer = house
        .http
        .get(house.url("v1/openapi.json"))
        .send()
        .await
        .unwrap();
    let served: Value = answer.json().await.unwrap();
    assert_eq!(
        served,
        serde_json::to_value(jinban_platform::openapi()).unwrap()
    );
}

#[test]
fn every_type_that_the_contract_names_is_described_in_it() {
    let document = serde_json::to_value(jinban_platform::openapi()).unwrap();
    let mut open = vec![&document];
    let mut references = 0;
    while let Some(value) = open.pop() {
        match value {
            Value::Object(map) => {
                if let Some(Value::String(reference)) = map.get("$ref") {
                    let pointer = reference.strip_prefix('#').unwrap();
                    assert!(document.pointer(pointer).is_some(), "{reference}");
                    references += 1;
                }
                open.extend(map.values());
            }
            Value::Array(list) => open.extend(list),
            _ => {}
        }
    }
    assert!(references > 20);
}

#[test]
fn every_refusal_is_documented_as_a_problem() {
    let document = serde_json::to_value(jinban_platform::openapi()).unwrap();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            for (status, response) in operation["responses"].as_object().unwrap() {
                if status.as_str() >= "400" && method != "head" {
                    let schema = &response["content"]["application/problem+json"]["schema"];
                    assert_eq!(
                        schema["$ref"], "#/components/schemas/Problem",
                        "{method} {path} {status}"
                    );
                }
            }
        }
    }
}

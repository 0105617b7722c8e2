//! Cases over HTTP: exactly once, under gapless numbers, and refused with a reason otherwise.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::collections::BTreeSet;

use jinban_api::case::{CaseReceipt, Provided};
use jinban_api::problem::ProblemKind;
use jinban_platform::CatalogueFolder;
use serde_json::json;
use support::{House, Terminal, guide, refused, signed_by_platform};
use tokio::task::JoinSet;
use ulid::Ulid;

on_both! {
    a_case_gets_a_number_a_code_and_a_signed_receipt,
    the_same_case_again_gets_the_identical_receipt,
    thirty_two_identical_posts_at_once_are_one_case,
    two_hundred_cases_at_once_have_numbers_without_gaps,
    a_refused_case_uses_up_no_number,
    different_content_under_the_same_key_is_refused,
    one_envelope_under_two_keys_is_not_two_cases,
    header_and_body_must_carry_one_key,
    pages_that_have_not_arrived_are_listed,
    a_page_named_inside_must_be_listed_outside,
    a_page_of_another_case_does_not_pass_for_this_ones,
    only_enrolled_terminals_are_heard,
    a_revoked_key_files_nothing_new_but_hears_again_what_it_filed,
    an_envelope_for_another_platform_stays_shut,
    what_was_pinned_before_a_new_version_is_judged_by_the_old_one,
    a_withdrawn_guide_takes_what_was_submitted_before_and_nothing_after,
    content_must_fit_the_guide,
    a_refusal_never_repeats_what_a_person_answered,
}

fn sequence(receipt: &CaseReceipt) -> u32 {
    let number = receipt.case_number.as_str();
    let (head, last) = number.rsplit_once('-').unwrap();
    assert_eq!(head.len(), "510822-20261123".len());
    assert!(head.starts_with("510822-"));
    assert_eq!(last.len(), 6);
    last.parse().unwrap()
}

async fn a_case_gets_a_number_a_code_and_a_signed_receipt(house: House) {
    let case = house.case();
    let receipt = house.hand_in(&case).await;
    assert_eq!(sequence(&receipt), 1);
    assert_eq!(receipt.query_code.as_str().len(), 6);
    assert_eq!(receipt.idempotency_key, case.submission.idempotency_key);
    assert!(receipt.promised_by.is_some());
    assert!(signed_by_platform(&receipt, &house.keys()));
    let mut forged = receipt;
    forged.case_number = "510822-20261123-000002".into();
    assert!(!signed_by_platform(&forged, &house.keys()));
}

async fn the_same_case_again_gets_the_identical_receipt(house: House) {
    let case = house.case();
    let first = house.hand_in(&case).await;
    let answer = house.post_case(&case.submission).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.json::<CaseReceipt>().await.unwrap(), first);
}

async fn thirty_two_identical_posts_at_once_are_one_case(house: House) {
    let case = house.case();
    house.put_page(&case.page).await;
    let mut posts = JoinSet::new();
    for _ in 0..32 {
        let (http, url) = (house.http.clone(), house.running.url());
        let submission = case.submission.clone();
        posts.spawn(async move {
            let answer = support::post_case(&http, &url, &submission).await;
            (
                answer.status().as_u16(),
                answer.json::<CaseReceipt>().await.unwrap(),
            )
        });
    }
    let answers = posts.join_all().await;
    let created = answers.iter().filter(|(status, _)| *status == 201).count();
    assert_eq!(created, 1);
    assert!(
        answers
            .iter()
            .all(|(status, _)| matches!(status, 200 | 201))
    );
    assert!(answers.iter().all(|(_, receipt)| *receipt == answers[0].1));
    let cases = house.platform().database().latest_cases(100).await.unwrap();
    assert_eq!(cases.len(), 1);
}

async fn two_hundred_cases_at_once_have_numbers_without_gaps(house: House) {
    let mut posts = JoinSet::new();
    for _ in 0..200 {
        let case = house.case();
        house.put_page(&case.page).await;
        let (http, url) = (house.http.clone(), house.running.url());
        posts.spawn(async move {
            let answer = support::post_case(&http, &url, &case.submission).await;
            assert_eq!(answer.status(), 201);
            answer.json::<CaseReceipt>().await.unwrap()
        });
    }
    let receipts = posts.join_all().await;
    // Midnight in Shanghai may fall into the test: each day counts from one.
    let mut by_day = std::collections::BTreeMap::<String, BTreeSet<u32>>::new();
    for receipt in &receipts {
        let day = receipt.case_number.as_str()[7..15].to_owned();
        assert!(by_day.entry(day).or_default().insert(sequence(receipt)));
    }
    for numbers in by_day.values() {
        assert!(numbers.iter().copied().eq(1..=numbers.len() as u32));
    }
    let codes: BTreeSet<_> = receipts.iter().map(|receipt| &receipt.query_code).collect();
    assert!(codes.len() > 195, "codes are not told from numbers");
}

async fn a_refused_case_uses_up_no_number(house: House) {
    let bad = house
        .terminal
        .case_with(&house.keys(), |content| content.answers.clear());
    house.put_page(&bad.page).await;
    let answer = house.post_case(&bad.submission).await;
    let problem = refused(answer, 422, ProblemKind::AnswersInvalid).await;
    assert_eq!(problem.detail.unwrap(), "“账号”填得不对。");
    assert_eq!(sequence(&house.hand_in(&house.case()).await), 1);
}

async fn different_content_under_the_same_key_is_refused(house: House) {
    let first = house.case();
    house.hand_in(&first).await;
    let mut second = house.case();
    second.submission.idempotency_key = first.submission.idempotency_key;
    house.put_page(&second.page).await;
    refused(
        house.post_case(&second.submission).await,
        409,
        ProblemKind::KeyReused,
    )
    .await;
    let mut renumbered = first;
    renumbered.submission.local_number = "暂别的".into();
    refused(
        house.post_case(&renumbered.submission).await,
        409,
        ProblemKind::KeyReused,
    )
    .await;
}

async fn one_envelope_under_two_keys_is_not_two_cases(house: House) {
    let mut case = house.case();
    house.hand_in(&case).await;
    case.submission.idempotency_key = Ulid::generate();
    refused(
        house.post_case(&case.submission).await,
        409,
        ProblemKind::KeyReused,
    )
    .await;
}

async fn header_and_body_must_carry_one_key(house: House) {
    let case = house.case();
    let post = || {
        house
            .http
            .post(house.url("v1/cases"))
            .json(&case.submission)
    };
    refused(post().send().await.unwrap(), 400, ProblemKind::Malformed).await;
    let other = post().header("Idempotency-Key", Ulid::generate().to_string());
    refused(other.send().await.unwrap(), 400, ProblemKind::Malformed).await;
    let nonsense = post().header("Idempotency-Key", "once");
    refused(nonsense.send().await.unwrap(), 400, ProblemKind::Malformed).await;
}

async fn pages_that_have_not_arrived_are_listed(house: House) {
    let case = house.case();
    let answer = house.post_case(&case.submission).await;
    let problem = refused(answer, 409, ProblemKind::PagesMissing).await;
    assert_eq!(problem.missing, [case.submission.pages[0].digest.clone()]);
    house.hand_in(&case).await;
}

async fn a_page_named_inside_must_be_listed_outside(house: House) {
    let mut case = house.case();
    case.submission.pages.clear();
    refused(
        house.post_case(&case.submission).await,
        400,
        ProblemKind::Malformed,
    )
    .await;
}

async fn a_page_of_another_case_does_not_pass_for_this_ones(house: House) {
    let other = house.case();
    house.put_page(&other.page).await;
    let digest = other.submission.pages[0].digest.clone();
    let mut case = house.terminal.case_with(&house.keys(), |content| {
        if let Provided::Pages { pages, .. } = &mut content.materials[0].provided {
            pages[0].digest = digest;
        }
    });
    case.submission.pages = other.submission.pages;
    refused(
        house.post_case(&case.submission).await,
        422,
        ProblemKind::EnvelopeUnreadable,
    )
    .await;
}

async fn only_enrolled_terminals_are_heard(house: House) {
    let stranger = Terminal::new("QC-9999").case(&house.keys());
    refused(
        house.post_case(&stranger.submission).await,
        403,
        ProblemKind::TerminalUnknown,
    )
    .await;

    let mut changed = house.case();
    let other = house.case();
    changed.submission.envelope.ciphertext = other.submission.envelope.ciphertext;
    refused(
        house.post_case(&changed.submission).await,
        403,
        ProblemKind::TerminalUnknown,
    )
    .await;

    let mut elsewhere = house.case();
    elsewhere.submission.area = "510823".into();
    refused(
        house.post_case(&elsewhere.submission).await,
        403,
        ProblemKind::TerminalUnknown,
    )
    .await;
}

async fn a_revoked_key_files_nothing_new_but_hears_again_what_it_filed(house: House) {
    let before = house.case();
    house.hand_in(&before).await;
    let after = house.case();
    house.put_page(&after.page).await;
    let key_id = &before.submission.envelope.terminal_key_id;
    let database = house.platform().database();
    let now = jiff::Timestamp::now();
    assert!(database.revoke(key_id, now).await.unwrap());
    refused(
        house.post_case(&after.submission).await,
        403,
        ProblemKind::TerminalUnknown,
    )
    .await;
    assert_eq!(house.post_case(&before.submission).await.status(), 200);
}

async fn an_envelope_for_another_platform_stays_shut(house: House) {
    let elsewhere = House::open().await;
    let case = house.terminal.case(&elsewhere.keys());
    house.put_page(&case.page).await;
    refused(
        house.post_case(&case.submission).await,
        422,
        ProblemKind::EnvelopeUnreadable,
    )
    .await;
}

async fn what_was_pinned_before_a_new_version_is_judged_by_the_old_one(house: House) {
    let old = house.case();
    let mut raised = guide("allowance", 2);
    raised.form.as_mut().unwrap().schema = json!({"type": "object", "required": ["bank"]});
    let folder = CatalogueFolder {
        guides: vec![raised],
        ..CatalogueFolder::default()
    };
    house.platform().publish(&folder).await.unwrap();
    house.hand_in(&old).await;
    let new = house
        .terminal
        .case_with(&house.keys(), |content| content.guide_version = 2);
    house.put_page(&new.page).await;
    refused(
        house.post_case(&new.submission).await,
        422,
        ProblemKind::AnswersInvalid,
    )
    .await;
}

async fn a_withdrawn_guide_takes_what_was_submitted_before_and_nothing_after(house: House) {
    let before = house.case();
    let mut after = house.case();
    let folder = CatalogueFolder {
        guides: vec![guide("other", 1)],
        ..CatalogueFolder::default()
    };
    house.platform().publish(&folder).await.unwrap();
    house.hand_in(&before).await;
    after.submission.submitted_at = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(60);
    house.put_page(&after.page).await;
    refused(
        house.post_case(&after.submission).await,
        422,
        ProblemKind::GuideUnknown,
    )
    .await;
}

async fn content_must_fit_the_guide(house: House) {
    let misfits: [fn(&mut jinban_api::case::CaseContent); 6] = [
        |content| content.situations.clear(),
        |content| {
            content.situations.insert("kind".into(), "strange".into());
        },
        |content| content.materials.clear(),
        |content| content.materials[0].provided = Provided::Promised,
        |content| content.materials[0].material = "strange".into(),
        |content| {
            content.answers.insert("more".into(), json!(1));
        },
    ];
    for misfit in misfits {
        let case = house.terminal.case_with(&house.keys(), misfit);
        house.put_page(&case.page).await;
        refused(
            house.post_case(&case.submission).await,
            422,
            ProblemKind::AnswersInvalid,
        )
        .await;
    }
}

async fn a_refusal_never_repeats_what_a_person_answered(house: House) {
    let case = house.terminal.case_with(&house.keys(), |content| {
        content
            .answers
            .insert("account".into(), json!("secret-answer"));
    });
    house.put_page(&case.page).await;
    let answer = house.post_case(&case.submission).await;
    assert!(!answer.text().await.unwrap().contains("secret-answer"));
}

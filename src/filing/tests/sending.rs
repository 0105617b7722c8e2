//! Sending: whatever the network does, each case arrives once, and nothing counts but a receipt that verifies.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use jinban_api::rating::Satisfaction;

use super::peer::{Mood, Peer};
use super::*;
use crate::filing::{AttentionReason, RatingTaken, SendFailure};

#[tokio::test]
async fn a_case_arrives_with_its_pages_and_keeps_only_the_receipt() {
    let peer = Peer::start(Mood::Good).await;
    let (dir, filing) = fresh(&peer).await;
    let key = submit(&filing).await;
    let case = filing.await_ack(key, PATIENCE).await.unwrap();
    assert_eq!(case.state, LocalState::Acknowledged);
    let official = case.official.unwrap();
    assert_eq!(official.number.as_str(), "510822-20261123-000001");
    assert_eq!(official.query_code.as_str(), "K7M2QP");
    peer.held(|held| {
        assert_eq!((held.pages.len(), held.cases.len(), held.posts), (2, 1, 1));
        assert_eq!(held.cases[&key].0.local_number, case.local_number);
    });
    let reader = crate::filing::OutboxReader::open(dir.path())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(reader.list().await.unwrap(), []);
    let entry = reader.show(key).await.unwrap().unwrap();
    assert_eq!(
        (entry.pages, entry.bytes),
        (0, 0),
        "nothing of the content stays"
    );
}

#[tokio::test]
async fn an_answer_that_counts_for_nothing_is_followed_by_another_attempt() {
    let portal = "<html>请先登录</html>".to_owned();
    let moods = [
        (Mood::Absent, SendFailure::Unreachable),
        (Mood::BreaksOff, SendFailure::Unreachable),
        (Mood::Silent, SendFailure::Slow),
        (
            Mood::Says(200, "text/html", portal.clone()),
            SendFailure::NotThePlatform,
        ),
        (
            Mood::Says(302, "text/html", portal.clone()),
            SendFailure::NotThePlatform,
        ),
        (
            Mood::Says(403, "text/html", portal),
            SendFailure::NotThePlatform,
        ),
        (
            Mood::Says(200, "application/json", "{}".into()),
            SendFailure::NotThePlatform,
        ),
        (
            Mood::Says(201, "application/json", "\u{1}garbage".into()),
            SendFailure::NotThePlatform,
        ),
        (
            Mood::Says(204, "", String::new()),
            SendFailure::NotThePlatform,
        ),
        (
            Mood::Says(500, "text/plain", "oops".into()),
            SendFailure::PlatformInTrouble,
        ),
        (
            Mood::Says(503, "", String::new()),
            SendFailure::PlatformInTrouble,
        ),
        (Mood::ForgesReceipt, SendFailure::ReceiptDoubtful),
    ];
    for (mood, failure) in moods {
        let peer = Peer::start(mood.clone()).await;
        let (_dir, filing) = fresh(&peer).await;
        let key = submit(&filing).await;
        let case = until(&filing, key, |case| {
            case.attempts >= 2 && case.last_error.is_some()
        })
        .await;
        assert!(
            matches!(
                case.state,
                LocalState::Queued { tried: true } | LocalState::Sending
            ),
            "{mood:?}: {:?}",
            case.state
        );
        assert_eq!(case.last_error, Some(failure), "{mood:?}");
        assert_eq!(case.official, None, "{mood:?}");

        peer.set(Mood::Good);
        until(&filing, key, acknowledged).await;
        assert_eq!(peer.held(|held| held.cases.len()), 1, "{mood:?}");
    }
}

#[tokio::test]
async fn a_lost_answer_does_not_file_the_case_twice() {
    let peer = Peer::start(Mood::TakesAndGoesSilent).await;
    let (_dir, filing) = fresh(&peer).await;
    let key = submit(&filing).await;
    until(&filing, key, |case| case.attempts >= 3).await;
    peer.set(Mood::Good);
    until(&filing, key, acknowledged).await;
    peer.held(|held| {
        assert!(held.posts >= 3);
        assert_eq!(held.cases.len(), 1);
    });
}

#[tokio::test]
async fn pages_that_something_on_the_way_claims_to_have_are_sent_all_the_same() {
    let peer = Peer::start(Mood::ClaimsToHavePages).await;
    let (_dir, filing) = fresh(&peer).await;
    let key = submit(&filing).await;
    until(&filing, key, acknowledged).await;
    assert_eq!(peer.held(|held| held.pages.len()), 2);
}

#[tokio::test]
async fn a_refusal_keeps_the_case_and_names_the_way_on() {
    let problem = |kind: &str, status: u16| {
        (
            status,
            format!(r#"{{"type":"urn:jinban:problem:{kind}","title":"不行","status":{status}}}"#),
        )
    };
    let table = [
        (
            problem("answers-invalid", 422),
            AttentionReason::AnswersRefused,
        ),
        (
            problem("guide-unknown", 422),
            AttentionReason::GuideNoLongerTaken,
        ),
        (
            problem("terminal-unknown", 401),
            AttentionReason::TerminalUnknown,
        ),
        (problem("key-reused", 409), AttentionReason::KeyReused),
        ((413, "too large".to_owned()), AttentionReason::TooLarge),
    ];
    for ((status, body), reason) in table {
        let peer = Peer::start(Mood::Refuses(status, body)).await;
        let (_dir, filing) = fresh(&peer).await;
        let key = submit(&filing).await;
        let case = filing.await_ack(key, PATIENCE).await.unwrap();
        assert_eq!(case.state, LocalState::NeedsAttention(reason));
        assert_eq!(filing.summary().borrow().attention, 1);
        assert_eq!(filing.outbox().await.unwrap()[0].attention, Some(reason));
    }
}

#[tokio::test]
async fn what_a_technician_put_right_goes_by_itself_after_a_restart() {
    let body = r#"{"type":"urn:jinban:problem:terminal-unknown","title":"不认识","status":401}"#;
    let peer = Peer::start(Mood::Refuses(401, body.into())).await;
    let (dir, filing) = fresh(&peer).await;
    let key = submit(&filing).await;
    filing.await_ack(key, PATIENCE).await.unwrap();
    drop(filing);
    peer.set(Mood::Good);
    let filing = open(dir.path(), &peer.client()).await;
    until(&filing, key, acknowledged).await;
}

#[tokio::test]
async fn the_outbox_survives_a_restart_and_the_first_attempt_is_not_forgotten() {
    let peer = Peer::start(Mood::TakesAndGoesSilent).await;
    let (dir, filing) = fresh(&peer).await;
    let key = submit(&filing).await;
    until(&filing, key, |case| case.state == LocalState::Sending).await;
    drop(filing);
    peer.set(Mood::Good);
    let filing = open(dir.path(), &peer.client()).await;
    let case = until(&filing, key, acknowledged).await;
    assert!(case.attempts >= 2);
    assert_eq!(peer.held(|held| held.cases.len()), 1);
}

#[tokio::test]
async fn one_case_that_fails_does_not_hold_up_the_others() {
    let peer = Peer::start(Mood::Absent).await;
    let (_dir, filing) = fresh(&peer).await;
    let keys = [
        submit(&filing).await,
        submit(&filing).await,
        submit(&filing).await,
    ];
    assert_eq!(filing.outbox().await.unwrap().len(), 3);
    peer.set(Mood::Good);
    for key in keys {
        until(&filing, key, acknowledged).await;
    }
    let summary = *filing.summary().borrow();
    assert_eq!((summary.queued, summary.attention), (0, 0));
}

#[tokio::test]
async fn a_case_that_may_have_arrived_cannot_be_taken_back() {
    let peer = Peer::start(Mood::Silent).await;
    let (_dir, filing) = fresh(&peer).await;
    let key = submit(&filing).await;
    until(&filing, key, |case| case.attempts >= 1).await;
    assert!(filing.withdraw(key).await.is_err());
}

#[tokio::test]
async fn a_refused_case_can_be_taken_back() {
    let body = r#"{"type":"urn:jinban:problem:answers-invalid","title":"不行","status":422}"#;
    let peer = Peer::start(Mood::Refuses(422, body.into())).await;
    let (_dir, filing) = fresh(&peer).await;
    let key = submit(&filing).await;
    filing.await_ack(key, PATIENCE).await.unwrap();
    filing.withdraw(key).await.unwrap();
    assert_eq!(filing.case(key).await.unwrap().state, LocalState::Withdrawn);
    assert_eq!(filing.outbox().await.unwrap(), []);
}

#[tokio::test]
async fn waiting_for_the_answer_ends_in_time_when_there_is_none() {
    let peer = Peer::start(Mood::Silent).await;
    let (_dir, filing) = fresh(&peer).await;
    let key = submit(&filing).await;
    let case = filing
        .await_ack(key, Duration::from_millis(100))
        .await
        .unwrap();
    assert_eq!(case.official, None);
}

#[tokio::test]
async fn a_rating_given_offline_is_sent_later_and_only_once() {
    let peer = Peer::start(Mood::Absent).await;
    let (dir, filing) = fresh(&peer).await;
    let key = submit(&filing).await;
    let first = filing
        .rate(key, Satisfaction::Dissatisfied, &["slow".into()])
        .await
        .unwrap();
    assert_eq!(first, RatingTaken::Kept);
    let second = filing
        .rate(key, Satisfaction::VerySatisfied, &[])
        .await
        .unwrap();
    assert_eq!(second, RatingTaken::AlreadyRated);
    drop(filing);

    peer.set(Mood::Good);
    let filing = open(dir.path(), &peer.client()).await;
    until(&filing, key, acknowledged).await;
    let sent = tokio::time::timeout(PATIENCE, async {
        while peer.held(|held| held.ratings.is_empty()) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    sent.await.unwrap();
    peer.held(|held| {
        assert_eq!(held.ratings.len(), 1);
        let rating = held.ratings.values().next().unwrap();
        assert_eq!(
            (rating.case_key, rating.satisfaction),
            (key, Satisfaction::Dissatisfied)
        );
        assert_eq!(rating.reasons, ["slow"]);
    });
    assert!(filing.is_rated(key).await);
}

#[tokio::test]
async fn the_platforms_time_makes_the_clock_trusted() {
    let peer = Peer::start(Mood::Good).await;
    let (_dir, filing) = fresh(&peer).await;
    let mut reachability = filing.platform().reachability();
    let seen = reachability.wait_for(|seen| seen.is_reachable());
    tokio::time::timeout(PATIENCE, seen).await.unwrap().unwrap();
    let trusted = tokio::time::timeout(PATIENCE, async {
        loop {
            let key = submit(&filing).await;
            if filing.case(key).await.unwrap().clock_trusted {
                return;
            }
        }
    });
    trusted.await.unwrap();
}

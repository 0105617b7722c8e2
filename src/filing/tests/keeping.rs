//! Keeping drafts: nothing is lost, nothing comes back that was thrown away, nothing is readable.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::peer::{Mood, Peer};
use super::*;
use crate::filing::draft::{Draft, Missing, Provision};
use crate::filing::testing::{applicant, guide, page};
use crate::filing::{PrintEnd, SaveError, SlipKind, SubmitError};

async fn offline() -> (TempDir, Filing, Peer) {
    let peer = Peer::start(Mood::Absent).await;
    let (dir, filing) = fresh(&peer).await;
    (dir, filing, peer)
}

fn pages(draft: &Draft) -> Vec<Vec<u8>> {
    draft
        .materials()
        .iter()
        .filter_map(|required| match required.provided {
            Some(Provision::Pages(pages, _)) => Some(pages),
            _ => None,
        })
        .flatten()
        .map(|page| page.picture().to_vec())
        .collect()
}

#[tokio::test]
async fn a_saved_draft_comes_back_whole_after_a_restart() {
    let (dir, filing, peer) = offline().await;
    let mut draft = complete_draft();
    draft.set_step("signature");
    filing.save(&draft).await.unwrap();
    drop(filing);

    let filing = open(dir.path(), &peer.client()).await;
    let holder = filing.holder(&applicant().id_number);
    let back = filing.resumable(&holder).await.unwrap();
    assert_eq!(back.key(), draft.key());
    assert_eq!(back.guide(), draft.guide());
    assert_eq!(back.read_back(), draft.read_back());
    assert_eq!(pages(&back), pages(&draft));
    assert_eq!(back.step(), Some("signature"));
    assert_eq!(back.ready(), Ok(()));
    assert!(
        filing
            .resumable(&filing.holder("51082219500101002X"))
            .await
            .is_none()
    );
}

#[tokio::test]
async fn a_retaken_page_replaces_the_old_one() {
    let (_dir, filing, _peer) = offline().await;
    let mut draft = complete_draft();
    filing.save(&draft).await.unwrap();
    draft.clear_material(&"book".into());
    draft.add_page(&"book".into(), page(b"retaken")).unwrap();
    filing.save(&draft).await.unwrap();
    let back = filing
        .resumable(&filing.holder(&applicant().id_number))
        .await
        .unwrap();
    assert_eq!(pages(&back), [b"retaken".to_vec()]);
}

#[tokio::test]
async fn a_draft_without_a_card_is_found_only_while_it_is_fresh() {
    let (_dir, filing, _peer) = offline().await;
    let draft = filing.begin(guide());
    filing.save(&draft).await.unwrap();
    assert_eq!(
        filing.latest_anonymous(PATIENCE).await.unwrap().key(),
        draft.key()
    );
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert!(
        filing
            .latest_anonymous(Duration::from_millis(10))
            .await
            .is_none()
    );
}

#[tokio::test]
async fn a_late_save_brings_back_neither_a_submitted_nor_a_discarded_draft() {
    let (_dir, filing, _peer) = offline().await;
    let holder = filing.holder(&applicant().id_number);
    let submitted = complete_draft();
    filing.submit(&submitted).await.unwrap();
    assert!(matches!(
        filing.save(&submitted).await,
        Err(SaveError::Gone)
    ));
    let discarded = complete_draft();
    filing.save(&discarded).await.unwrap();
    filing.discard(discarded.key()).await.unwrap();
    assert!(matches!(
        filing.save(&discarded).await,
        Err(SaveError::Gone)
    ));
    assert!(filing.resumable(&holder).await.is_none());
}

#[tokio::test]
async fn submitting_twice_makes_one_case() {
    let (_dir, filing, _peer) = offline().await;
    let draft = complete_draft();
    filing.save(&draft).await.unwrap();
    let (one, two) = tokio::join!(filing.submit(&draft), filing.submit(&draft));
    assert_eq!(one.unwrap(), two.unwrap());
    assert_eq!(filing.outbox().await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_incomplete_draft_is_not_submitted_and_stays() {
    let (_dir, filing, _peer) = offline().await;
    let mut draft = complete_draft();
    draft.unsign();
    filing.save(&draft).await.unwrap();
    let refused = filing.submit(&draft).await.unwrap_err();
    assert!(matches!(refused, SubmitError::Incomplete(missing) if missing == [Missing::Signature]));
    assert!(
        filing
            .resumable(&filing.holder(&applicant().id_number))
            .await
            .is_some()
    );
}

#[tokio::test]
async fn local_numbers_of_a_day_never_repeat() {
    let (_dir, filing, _peer) = offline().await;
    let drafts: Vec<Draft> = (0..20).map(|_| complete_draft()).collect();
    let mut tasks = tokio::task::JoinSet::new();
    for draft in drafts {
        let filing = filing.clone();
        tasks.spawn(async move { filing.submit(&draft).await.unwrap().local_number.0 });
    }
    let mut numbers = tasks.join_all().await;
    numbers.sort();
    numbers.dedup();
    assert_eq!(numbers.len(), 20);
    assert!(numbers.iter().all(|number| number.starts_with("暂100000-")));
}

#[tokio::test]
async fn nothing_personal_is_readable_in_any_file() {
    let (dir, filing, _peer) = offline().await;
    let mut kept = complete_draft();
    kept.answer_field("address", "示例村九组九号").unwrap();
    filing.save(&kept).await.unwrap();
    let key = submit(&filing).await;
    until(&filing, key, |case| case.attempts >= 1).await;
    drop(filing);
    let secrets = [
        "张试甲",
        "510822194003071219",
        "13800001234",
        "6222000000000001",
        "示例村九组",
        "page of the booklet",
    ];
    let mut looked = 0;
    for entry in std::fs::read_dir(dir.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            looked += 1;
            let bytes = std::fs::read(&path).unwrap();
            for secret in secrets {
                let found = bytes
                    .windows(secret.len())
                    .any(|window| window == secret.as_bytes());
                assert!(!found, "{secret} in {}", path.display());
            }
        }
    }
    assert!(looked >= 2);
}

#[tokio::test]
async fn old_drafts_are_purged_at_the_next_start() {
    let peer = Peer::start(Mood::Absent).await;
    let (dir, filing) = fresh(&peer).await;
    filing.save(&complete_draft()).await.unwrap();
    drop(filing);
    let vault = Arc::new(Vault::open(&dir.path().join("keys")).unwrap());
    tokio::time::sleep(Duration::from_millis(20)).await;
    let config = FilingConfig {
        audit: Audit::nowhere(),
        draft_keep: Duration::from_millis(10),
        ..config(dir.path())
    };
    let filing = tokio::time::timeout(PATIENCE, async {
        loop {
            let clock = Arc::new(SystemClock::default());
            if let Ok(filing) =
                Filing::open(config.clone(), Arc::clone(&vault), peer.client(), clock).await
            {
                return filing;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    let filing = filing.await.unwrap();
    assert!(
        filing
            .resumable(&filing.holder(&applicant().id_number))
            .await
            .is_none()
    );
}

#[tokio::test]
async fn two_terminals_cannot_use_one_folder() {
    let (dir, _filing, peer) = offline().await;
    assert!(matches!(
        try_open(dir.path(), peer.client()).await,
        Err(FilingError::InUse(_))
    ));
}

#[tokio::test]
async fn reprints_are_counted_as_copies_across_a_restart() {
    let (dir, filing, peer) = offline().await;
    let key = submit(&filing).await;
    let first = filing.intend_print(key, SlipKind::Local).await.unwrap();
    filing.print_sent(&first).await.unwrap();
    filing.end_print(&first, PrintEnd::Confirmed).await.unwrap();
    let never_sent = filing.intend_print(key, SlipKind::Local).await.unwrap();
    filing
        .end_print(&never_sent, PrintEnd::Abandoned)
        .await
        .unwrap();
    let cut_off = filing.intend_print(key, SlipKind::Local).await.unwrap();
    filing.print_sent(&cut_off).await.unwrap();
    assert_eq!((first.copy, never_sent.copy, cut_off.copy), (0, 1, 1));
    drop(filing);

    let filing = open(dir.path(), &peer.client()).await;
    let next = filing.intend_print(key, SlipKind::Local).await.unwrap();
    assert_eq!(
        next.copy, 2,
        "what was sent before the restart may have come out"
    );
    assert_eq!(
        filing
            .intend_print(key, SlipKind::Official)
            .await
            .unwrap()
            .copy,
        0
    );
    assert!(
        filing
            .end_print(&cut_off, PrintEnd::Confirmed)
            .await
            .is_err(),
        "it was settled at the start"
    );
}

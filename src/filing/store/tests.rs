//! A disk that is full, and rows that were tampered with.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;
use crate::filing::content;
use crate::filing::draft::Provision;
use crate::filing::error::{SaveError, SubmitError};
use crate::filing::testing::{complete_draft, now, page};
use crate::vault::{HolderKey, PlatformKeyset};

async fn store() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let vault = Arc::new(Vault::open(&dir.path().join("keys")).unwrap());
    let store = Store::open(dir.path(), vault).await.unwrap();
    (dir, store)
}

fn holder(store: &Store) -> HolderKey {
    store
        .vault
        .holder_key(&crate::filing::testing::applicant().id_number)
}

/// The limit belongs to a connection, so every connection of the pool is told.
async fn limit_pages(store: &Store, pages: u32) {
    let mut held = Vec::new();
    for _ in 0..2 {
        held.push(store.pool.acquire().await.unwrap());
    }
    for connection in &mut held {
        let sql = sqlx::AssertSqlSafe(format!("PRAGMA max_page_count = {pages}"));
        sqlx::query(sql).execute(&mut **connection).await.unwrap();
    }
}

async fn pages_used(store: &Store) -> u32 {
    use sqlx::Row;
    sqlx::query("PRAGMA page_count")
        .fetch_one(&store.pool)
        .await
        .unwrap()
        .get(0)
}

fn keys() -> PlatformKeyset {
    use sm2::elliptic_curve::Generate;
    use sm2::pkcs8::{EncodePublicKey, LineEnding};
    let secret = sm2::SecretKey::try_generate_from_rng(&mut getrandom::SysRng).unwrap();
    PlatformKeyset::from_pem(
        &secret
            .public_key()
            .to_public_key_pem(LineEnding::LF)
            .unwrap(),
    )
    .unwrap()
}

#[tokio::test]
async fn a_full_disk_is_said_so_and_the_last_saved_draft_stays_whole() {
    let (_dir, store) = store().await;
    let mut draft = complete_draft();
    store.save_draft(&draft, now()).await.unwrap();
    limit_pages(&store, pages_used(&store).await + 4).await;

    draft
        .add_page(&"photo".into(), page(&vec![7; 400_000]))
        .unwrap();
    assert!(matches!(
        store.save_draft(&draft, now()).await,
        Err(SaveError::DiskFull)
    ));
    let kept = store
        .newest_draft_of(&holder(&store))
        .await
        .unwrap()
        .unwrap();
    let photo = kept.materials().iter().any(|required| {
        required.material.id.as_str() == "photo"
            && matches!(required.provided, Some(Provision::Pages(..)))
    });
    assert!(!photo, "half of a save was kept");
    assert_eq!(kept.ready(), Ok(()));

    limit_pages(&store, 1 << 20).await;
    store.save_draft(&draft, now()).await.unwrap();
}

#[tokio::test]
async fn a_full_disk_leaves_the_draft_when_it_cannot_become_a_case() {
    let (_dir, store) = store().await;
    let mut draft = complete_draft();
    draft
        .add_page(&"photo".into(), page(&vec![7; 100_000]))
        .unwrap();
    draft.confirm_read_back(now());
    draft.sign(crate::filing::testing::signature());
    store.save_draft(&draft, now()).await.unwrap();
    limit_pages(&store, pages_used(&store).await + 1).await;

    let sealed = content::seal(&draft, &store.vault, &keys()).unwrap();
    let village = "510822100000".into();
    let filer = || Filer {
        village: &village,
        now: now(),
        clock_trusted: true,
    };
    let refused = store
        .queue(
            NewCase {
                draft: &draft,
                sealed: &sealed,
            },
            filer(),
        )
        .await
        .unwrap_err();
    assert!(matches!(SubmitError::from(refused), SubmitError::DiskFull));
    assert!(
        store
            .newest_draft_of(&holder(&store))
            .await
            .unwrap()
            .is_some()
    );
    assert_eq!(store.outbox().await.unwrap(), []);

    limit_pages(&store, 1 << 20).await;
    let queued = store
        .queue(
            NewCase {
                draft: &draft,
                sealed: &sealed,
            },
            filer(),
        )
        .await
        .unwrap();
    assert_eq!(
        queued.local_number.as_str(),
        "暂100000-1123-0001",
        "a failed try uses no number up"
    );
    assert!(
        store
            .newest_draft_of(&holder(&store))
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn a_draft_that_cannot_be_opened_is_passed_over() {
    let (_dir, store) = store().await;
    let [older, newer] = [complete_draft(), complete_draft()];
    store.save_draft(&older, now()).await.unwrap();
    store
        .save_draft(&newer, now() + jiff::SignedDuration::from_secs(1))
        .await
        .unwrap();
    sqlx::query("UPDATE draft SET sealed = zeroblob(64) WHERE key = ?")
        .bind(newer.key().to_string())
        .execute(&store.pool)
        .await
        .unwrap();
    let found = store
        .newest_draft_of(&holder(&store))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(found.key(), older.key());
}

#[tokio::test]
async fn a_file_that_is_no_store_is_reported_as_damaged() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join(FILE), [b'x'; 8192]).unwrap();
    let vault = Arc::new(Vault::open(&dir.path().join("keys")).unwrap());
    let opened = Store::open(dir.path(), vault).await;
    assert!(matches!(opened.err(), Some(StoreError::Damaged(_))));
}

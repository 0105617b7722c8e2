//! The catalogue over its life: first start, sync, restart, damage.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;

use jiff::Timestamp;
use jinban_api::guide::Guide;

use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn noon() -> Timestamp {
    at("2026-11-20T04:00:00Z")
}

fn guide(slug: &str) -> Guide {
    let snapshot = Catalogue::in_memory().snapshot();
    (*snapshot.guide(&slug.into()).unwrap()).clone()
}

fn changes(revision: u64, upserted: Vec<Guide>, removed: &[&str]) -> CatalogueChanges {
    CatalogueChanges {
        revision,
        upserted,
        removed: removed.iter().map(|&id| id.into()).collect(),
        themes: Catalogue::in_memory().snapshot().themes().to_vec(),
        ..CatalogueChanges::default()
    }
}

fn ids(catalogue: &Catalogue) -> Vec<String> {
    let snapshot = catalogue.snapshot();
    let mut ids: Vec<_> = snapshot.guides().iter().map(|g| g.id.to_string()).collect();
    ids.sort();
    ids
}

#[tokio::test]
async fn a_fresh_terminal_has_the_bundled_guides_and_says_they_were_never_synced() {
    let dir = tempfile::tempdir().unwrap();
    let catalogue = Catalogue::open(dir.path()).await.unwrap();
    assert_eq!(catalogue.opening(), &Opening::Fresh);
    let snapshot = catalogue.snapshot();
    assert_eq!(snapshot.revision(), 0);
    assert_eq!(snapshot.guides().len(), bundled().guides.len());
    assert_eq!(snapshot.freshness(noon(), 7), Freshness::NeverSynced);
}

#[tokio::test]
async fn the_first_sync_replaces_the_sample_and_survives_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let catalogue = Catalogue::open(dir.path()).await.unwrap();
    let mut seen = catalogue.watch();
    let applied = catalogue
        .apply(
            changes(4, vec![guide("senior-card"), guide("id-card")], &[]),
            noon(),
        )
        .await
        .unwrap();
    assert_eq!(
        applied,
        Applied::Changed {
            revision: 4,
            upserted: 2,
            removed: 0
        }
    );
    assert!(seen.has_changed().unwrap());
    assert_eq!(seen.borrow_and_update().revision(), 4);
    assert_eq!(ids(&catalogue), ["id-card", "senior-card"]);
    drop(catalogue);

    let again = Catalogue::open(dir.path()).await.unwrap();
    assert_eq!(again.opening(), &Opening::Existing);
    assert_eq!(ids(&again), ["id-card", "senior-card"]);
    assert_eq!(again.snapshot().synced_at(), Some(noon()));
    assert_eq!(again.snapshot().themes().len(), 12);
}

#[tokio::test]
async fn later_batches_change_only_what_they_name() {
    let dir = tempfile::tempdir().unwrap();
    let catalogue = Catalogue::open(dir.path()).await.unwrap();
    let first = vec![guide("senior-card"), guide("id-card"), guide("social-card")];
    catalogue
        .apply(changes(1, first, &[]), noon())
        .await
        .unwrap();
    let untouched = catalogue.snapshot().guide(&"id-card".into()).unwrap();

    let mut newer = guide("senior-card");
    newer.version += 1;
    newer.name = "申领老年人优待证".to_owned();
    let version = newer.version;
    catalogue
        .apply(changes(2, vec![newer], &["social-card"]), noon())
        .await
        .unwrap();

    let snapshot = catalogue.snapshot();
    assert_eq!(ids(&catalogue), ["id-card", "senior-card"]);
    assert_eq!(
        snapshot.guide(&"senior-card".into()).unwrap().version,
        version
    );
    assert!(Arc::ptr_eq(
        &untouched,
        &snapshot.guide(&"id-card".into()).unwrap()
    ));
    assert!(
        snapshot
            .search("社保卡丢了", 5)
            .iter()
            .all(|hit| hit.guide.id.as_str() != "social-card")
    );
}

#[tokio::test]
async fn an_empty_answer_only_moves_the_time() {
    let dir = tempfile::tempdir().unwrap();
    let catalogue = Catalogue::open(dir.path()).await.unwrap();
    catalogue
        .apply(changes(1, vec![guide("id-card")], &[]), noon())
        .await
        .unwrap();
    let later = at("2026-11-21T04:00:00Z");
    let applied = catalogue
        .apply(changes(1, vec![], &[]), later)
        .await
        .unwrap();
    assert_eq!(applied, Applied::Unchanged);
    assert_eq!(catalogue.snapshot().synced_at(), Some(later));
}

#[tokio::test]
async fn a_platform_set_up_anew_is_noticed_and_its_full_list_taken() {
    let dir = tempfile::tempdir().unwrap();
    let catalogue = Catalogue::open(dir.path()).await.unwrap();
    catalogue
        .apply(changes(9, vec![guide("id-card")], &[]), noon())
        .await
        .unwrap();
    let offered = changes(1, vec![guide("senior-card")], &[]);
    assert_eq!(
        catalogue.apply(offered.clone(), noon()).await.unwrap(),
        Applied::Older {
            held: 9,
            offered: 1
        }
    );
    assert_eq!(ids(&catalogue), ["id-card"]);
    catalogue.replace(offered, noon()).await.unwrap();
    assert_eq!(ids(&catalogue), ["senior-card"]);
    drop(catalogue);
    let again = Catalogue::open(dir.path()).await.unwrap();
    assert_eq!(again.snapshot().revision(), 1);
    assert_eq!(ids(&again), ["senior-card"]);
}

#[tokio::test]
async fn fields_this_program_does_not_know_survive_storage() {
    let dir = tempfile::tempdir().unwrap();
    let mut unusual = guide("id-card");
    unusual
        .extra
        .insert("traffic_guide".into(), "一路公交车".into());
    let catalogue = Catalogue::open(dir.path()).await.unwrap();
    catalogue
        .apply(changes(1, vec![unusual.clone()], &[]), noon())
        .await
        .unwrap();
    drop(catalogue);
    let again = Catalogue::open(dir.path()).await.unwrap();
    assert_eq!(*again.snapshot().guide(&"id-card".into()).unwrap(), unusual);
}

#[tokio::test]
async fn looking_from_outside_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    assert!(Catalogue::peek(dir.path()).await.unwrap().is_none());
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);

    let catalogue = Catalogue::open(dir.path()).await.unwrap();
    catalogue
        .apply(changes(3, vec![guide("id-card")], &[]), noon())
        .await
        .unwrap();
    let seen = Catalogue::peek(dir.path()).await.unwrap().unwrap();
    assert_eq!((seen.revision(), seen.guides().len()), (3, 1));

    let damaged = tempfile::tempdir().unwrap();
    std::fs::write(damaged.path().join("catalogue.db"), [0x5a; 8192]).unwrap();
    let error = Catalogue::peek(damaged.path()).await.unwrap_err();
    assert!(matches!(error, CatalogueError::NotReadable { .. }));
    assert!(damaged.path().join("catalogue.db").exists());
}

#[tokio::test]
async fn what_another_program_synced_meanwhile_does_not_linger() {
    let dir = tempfile::tempdir().unwrap();
    let terminal = Catalogue::open(dir.path()).await.unwrap();
    terminal
        .apply(changes(1, vec![guide("id-card")], &[]), noon())
        .await
        .unwrap();
    let other = Catalogue::open(dir.path()).await.unwrap();
    other
        .apply(changes(2, vec![guide("senior-card")], &[]), noon())
        .await
        .unwrap();
    // The platform withdrew it again before the terminal asked.
    terminal
        .apply(changes(3, vec![], &["senior-card"]), noon())
        .await
        .unwrap();
    let stored = Catalogue::peek(dir.path()).await.unwrap().unwrap();
    assert_eq!(stored.guides().len(), 1);
    assert_eq!(stored.revision(), 3);
}

fn damage(dir: &Path, how: impl FnOnce(&mut Vec<u8>)) {
    let path = dir.join("catalogue.db");
    let mut bytes = std::fs::read(&path).unwrap();
    how(&mut bytes);
    std::fs::write(path, bytes).unwrap();
}

#[tokio::test]
async fn a_damaged_database_is_set_aside_and_the_guides_are_there_again() {
    type Harm = fn(&mut Vec<u8>);
    let harms: [(&str, Harm); 4] = [
        ("text instead of a database", |bytes| {
            *bytes = b"not a database at all, sorry".repeat(200);
        }),
        ("zeroed in the middle", |bytes| {
            let middle = 4096..bytes.len().min(16 * 4096);
            bytes[middle].fill(0);
        }),
        ("cut short", |bytes| bytes.truncate(bytes.len() / 2 + 100)),
        ("a guide that is no JSON", |bytes| {
            let needle = "\"name\":\"最低生活保障\"".as_bytes();
            let at = bytes
                .windows(needle.len())
                .position(|w| w == needle)
                .unwrap();
            bytes[at] = b'}';
        }),
    ];
    for (name, harm) in harms {
        let dir = tempfile::tempdir().unwrap();
        Store::open(dir.path()).await.unwrap().store.close().await;
        damage(dir.path(), harm);
        let rebuilt = Catalogue::open(dir.path())
            .await
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let Opening::Rebuilt { set_aside, reason } = rebuilt.opening() else {
            panic!("{name}: {:?}", rebuilt.opening());
        };
        assert!(set_aside.exists(), "{name}");
        assert!(!reason.is_empty(), "{name}");
        assert_eq!(
            rebuilt.snapshot().guides().len(),
            bundled().guides.len(),
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_an_error_for_a_technician_not_a_panic() {
    let dir = tempfile::tempdir().unwrap();
    let blocked = dir.path().join("file");
    std::fs::write(&blocked, "in the way").unwrap();
    let error = Catalogue::open(&blocked).await.unwrap_err();
    assert!(matches!(error, CatalogueError::NotWritable { .. }));
    assert!(error.to_string().contains("磁盘空间"));
}

#[test]
fn freshness_follows_the_days_and_no_clock_can_break_it() {
    let synced = Some(at("2026-11-10T00:00:00Z"));
    let of = |now: &str| Freshness::of(synced, at(now), 7);
    let synced_at = at("2026-11-10T00:00:00Z");
    assert_eq!(of("2026-11-17T23:59:59Z"), Freshness::Fresh { synced_at });
    assert_eq!(
        of("2026-11-18T00:00:00Z"),
        Freshness::Stale { synced_at, days: 8 }
    );
    assert_eq!(of("1970-01-01T00:00:00Z"), Freshness::Fresh { synced_at });
}

#[test]
fn screens_get_what_they_ask_for() {
    let snapshot = Catalogue::in_memory().snapshot();
    for theme in snapshot.themes() {
        for guide in snapshot.by_theme(&theme.id) {
            assert!(guide.themes.contains(&theme.id));
        }
    }
    let everywhere: usize = snapshot
        .by_department()
        .iter()
        .map(|d| d.guides.len())
        .sum();
    assert_eq!(everywhere, snapshot.guides().len());
    let lettered: usize = snapshot.by_letter().values().map(Vec::len).sum();
    assert_eq!(lettered, snapshot.guides().len());
    assert!(
        snapshot.by_letter()[&'G']
            .iter()
            .any(|g| g.id.as_str() == "senior-allowance")
    );
    let november = snapshot.seasonal(11);
    assert_eq!(november[0].id.as_str(), "medical-enrol");
    assert!(snapshot.seasonal(13).is_empty() && snapshot.seasonal(-1).is_empty());
    assert!(snapshot.fileable().iter().all(|guide| guide.form.is_some()));
    assert!(
        snapshot
            .fileable()
            .iter()
            .any(|guide| guide.id.as_str() == "senior-allowance")
    );
    assert!(snapshot.guide(&"no-such".into()).is_none());
}

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
    let guides = bundled().guides;
    let found = guides.iter().find(|guide| guide.id.as_str() == slug);
    (**found.unwrap()).clone()
}

async fn whole(catalogue: &Catalogue, slug: &str) -> Option<Arc<Guide>> {
    catalogue.guide(&slug.into()).await.unwrap()
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
    let mut ids: Vec<_> = snapshot
        .entries()
        .iter()
        .map(|g| g.id.to_string())
        .collect();
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
    assert_eq!(snapshot.entries().len(), bundled().guides.len());
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
    let untouched = Arc::clone(catalogue.snapshot().entry(&"id-card".into()).unwrap());

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
    let held = whole(&catalogue, "senior-card").await.unwrap();
    assert_eq!(held.version, version);
    assert!(whole(&catalogue, "social-card").await.is_none());
    assert!(Arc::ptr_eq(
        &untouched,
        snapshot.entry(&"id-card".into()).unwrap()
    ));
    let found = snapshot.search("申领老年人优待证", 1);
    assert_eq!(found[0].guide.version, version);
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
    assert_eq!(*whole(&again, "id-card").await.unwrap(), unusual);
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
    assert_eq!(seen.snapshot().revision(), 3);
    assert_eq!(ids(&seen), ["id-card"]);
    assert!(whole(&seen, "id-card").await.is_some());
    let refused = seen.apply(changes(4, vec![], &["id-card"]), noon()).await;
    assert!(matches!(refused, Err(CatalogueError::NotStored(_))));

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
    assert_eq!(ids(&stored), ["id-card"]);
    assert_eq!(stored.snapshot().revision(), 3);
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
        ("zeroed at the end", |bytes| {
            let end = bytes.len() - 8 * 4096..;
            bytes[end].fill(0);
        }),
        ("cut short", |bytes| bytes.truncate(bytes.len() / 2 + 100)),
    ];
    for (name, harm) in harms {
        let dir = tempfile::tempdir().unwrap();
        let first = Catalogue::open(dir.path()).await.unwrap();
        first.inner.shelf.close().await;
        damage(dir.path(), harm);
        let rebuilt = Catalogue::open(dir.path())
            .await
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        // Found at once, or else by the check that nobody waits for.
        let settled = rebuilt.settle().await.unwrap();
        let opening = settled.as_ref().unwrap_or(rebuilt.opening());
        let Opening::Rebuilt { set_aside, reason } = opening else {
            panic!("{name}: {opening:?}");
        };
        assert!(set_aside.exists(), "{name}");
        assert!(!reason.is_empty(), "{name}");
        assert_eq!(ids(&rebuilt).len(), bundled().guides.len(), "{name}");
        assert!(whole(&rebuilt, "id-card").await.is_some(), "{name}");
        rebuilt
            .apply(changes(5, vec![guide("id-card")], &[]), noon())
            .await
            .unwrap();
        assert_eq!(ids(&rebuilt), ["id-card"], "{name}");
    }
}

#[tokio::test]
async fn a_guide_that_cannot_be_read_is_said_and_the_next_sync_brings_everything() {
    let dir = tempfile::tempdir().unwrap();
    let catalogue = Catalogue::open(dir.path()).await.unwrap();
    catalogue
        .apply(changes(7, vec![guide("minimum-living")], &[]), noon())
        .await
        .unwrap();
    catalogue.inner.shelf.close().await;
    damage(dir.path(), |bytes| {
        // In the guide itself, not in what lists need of it.
        let needle = "\"conditions\":[\"".as_bytes();
        for at in 0..bytes.len() - needle.len() {
            if bytes[at..].starts_with(needle) {
                bytes[at] = b'}';
            }
        }
    });
    let again = Catalogue::open(dir.path()).await.unwrap();
    assert_eq!(ids(&again), ["minimum-living"]);
    let error = again.guide(&"minimum-living".into()).await.unwrap_err();
    assert!(matches!(
        error,
        CatalogueError::NotReadable { damaged: true, .. }
    ));
    assert_eq!(again.snapshot().revision(), 0);
    assert!(whole(&again, "minimum-living").await.is_some());
}

#[tokio::test]
async fn a_guide_can_be_read_while_a_batch_is_being_written() {
    let dir = tempfile::tempdir().unwrap();
    let catalogue = Catalogue::open(dir.path()).await.unwrap();
    catalogue
        .apply(changes(1, vec![guide("id-card")], &[]), noon())
        .await
        .unwrap();
    // Another program is in the middle of a batch.
    let other = sqlx::sqlite::SqliteConnectOptions::new().filename(dir.path().join("catalogue.db"));
    let mut other = sqlx::ConnectOptions::connect(&other).await.unwrap();
    sqlx::raw_sql("BEGIN IMMEDIATE; DELETE FROM guides")
        .execute(&mut other)
        .await
        .unwrap();
    assert!(whole(&catalogue, "id-card").await.is_some());
}

#[tokio::test]
async fn entries_of_an_earlier_program_are_made_anew() {
    let dir = tempfile::tempdir().unwrap();
    let catalogue = Catalogue::open(dir.path()).await.unwrap();
    catalogue
        .apply(changes(2, vec![guide("id-card")], &[]), noon())
        .await
        .unwrap();
    catalogue.inner.shelf.close().await;
    let earlier =
        sqlx::sqlite::SqliteConnectOptions::new().filename(dir.path().join("catalogue.db"));
    let mut earlier = sqlx::ConnectOptions::connect(&earlier).await.unwrap();
    sqlx::raw_sql("DELETE FROM entries; UPDATE state SET entry_form = 0")
        .execute(&mut earlier)
        .await
        .unwrap();
    sqlx::Connection::close(earlier).await.unwrap();
    let again = Catalogue::open(dir.path()).await.unwrap();
    assert_eq!(ids(&again), ["id-card"]);
    assert_eq!(again.snapshot().revision(), 2);
    assert_eq!(
        *again.snapshot().entries()[0].as_ref(),
        GuideEntry::from(&guide("id-card"))
    );
}

#[tokio::test]
async fn what_is_opened_here_comes_first_among_equals_also_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let catalogue = Catalogue::open(dir.path()).await.unwrap();
    let twins = ["a", "b", "c"].map(|id| {
        let mut twin = guide("id-card");
        twin.id = id.into();
        twin
    });
    catalogue
        .apply(changes(1, twins.to_vec(), &[]), noon())
        .await
        .unwrap();
    let first = |catalogue: &Catalogue| {
        let hits = catalogue.snapshot().search("身份证", 3);
        hits[0].guide.id.to_string()
    };
    assert_eq!(first(&catalogue), "a");
    for _ in 0..3 {
        catalogue.note_opened(&"c".into()).await;
    }
    assert_eq!(first(&catalogue), "c");
    catalogue.inner.shelf.close().await;
    let again = Catalogue::open(dir.path()).await.unwrap();
    assert_eq!(first(&again), "c");
}

#[tokio::test]
async fn many_small_changes_and_one_large_one_lead_to_the_same() {
    let gradual = Catalogue::in_memory();
    let all: Vec<Guide> = (0..120)
        .map(|number| {
            let mut guide = (*bundled().guides[number % 30]).clone();
            guide.id = format!("{number:03}").as_str().into();
            guide.name = format!("{}（第{number}类）", guide.name);
            guide
        })
        .collect();
    let mut fast = fastrand_like(7);
    for (revision, part) in (1..).zip(all.chunks(7)) {
        let mut part = part.to_vec();
        // Some are sent again, as they were.
        part.push(all[fast() % all.len().min(7 * revision)].clone());
        gradual
            .apply(changes(revision as u64, part, &[]), noon())
            .await
            .unwrap();
        if revision == 9 {
            gradual.tidy().await;
        }
    }
    gradual
        .apply(changes(99, vec![], &["003", "050"]), noon())
        .await
        .unwrap();
    let whole = Catalogue::in_memory();
    let kept: Vec<Guide> = all
        .into_iter()
        .filter(|guide| !["003", "050"].contains(&guide.id.as_str()))
        .collect();
    whole.apply(changes(99, kept, &[]), noon()).await.unwrap();
    let listed = |catalogue: &Catalogue| {
        let snapshot = catalogue.snapshot();
        let entries = snapshot.entries().iter();
        entries.map(|e| e.id.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(listed(&gradual), listed(&whole));
    assert!(gradual.snapshot().tidied().is_some());
    let mut seen = gradual.watch();
    seen.mark_unchanged();
    gradual.tidy().await;
    assert!(!seen.has_changed().unwrap(), "nothing new is shown");
    assert!(gradual.snapshot().tidied().is_none());
    assert_eq!(listed(&gradual), listed(&whole));
    for query in ["低保", "shenfenzheng", "第50类", "第51类", "砍树", "gljt"] {
        let found = |catalogue: &Catalogue| {
            let mut ids: Vec<_> = (catalogue.snapshot().search(query, 200).iter())
                .map(|hit| hit.guide.id.to_string())
                .collect();
            ids.sort();
            ids
        };
        let (gradual, whole) = (found(&gradual), found(&whole));
        assert!(!gradual.contains(&"050".to_owned()), "{query}");
        assert_eq!(gradual.first(), whole.first(), "{query}");
    }
}

#[tokio::test]
async fn what_was_put_in_order_needs_no_log() {
    let dir = tempfile::tempdir().unwrap();
    let catalogue = Catalogue::open(dir.path()).await.unwrap();
    let batch = changes(7, vec![guide("senior-card")], &[]);
    catalogue.apply(batch, noon()).await.unwrap();
    catalogue.tidy().await;
    let copy = tempfile::tempdir().unwrap();
    std::fs::copy(
        dir.path().join("catalogue.db"),
        copy.path().join("catalogue.db"),
    )
    .unwrap();
    let copied = Catalogue::peek(copy.path()).await.unwrap().unwrap();
    assert_eq!(copied.snapshot().revision(), 7);
    assert_eq!(ids(&copied), ["senior-card"]);
}

/// A fixed sequence of numbers.
fn fastrand_like(seed: u64) -> impl FnMut() -> usize {
    let mut state = seed;
    move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) as usize
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
    assert_eq!(everywhere, snapshot.entries().len());
    let lettered: usize = snapshot.by_letter().values().map(Vec::len).sum();
    assert_eq!(lettered, snapshot.entries().len());
    assert!(
        snapshot.by_letter()[&'G']
            .iter()
            .any(|g| g.id.as_str() == "senior-allowance")
    );
    let november = snapshot.seasonal(11);
    assert_eq!(november[0].id.as_str(), "medical-enrol");
    assert!(snapshot.seasonal(13).is_empty() && snapshot.seasonal(-1).is_empty());
    assert!(snapshot.fileable().iter().all(|guide| guide.fileable));
    assert!(
        snapshot
            .fileable()
            .iter()
            .any(|guide| guide.id.as_str() == "senior-allowance")
    );
    assert!(snapshot.entry(&"no-such".into()).is_none());
    let often = snapshot.often(11, 7);
    assert_eq!(often.len(), 7);
    assert_eq!(often[0].id.as_str(), "medical-enrol");
}

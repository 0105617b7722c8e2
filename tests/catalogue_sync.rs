//! The terminal's guides against the reference platform: first sync, changes, withdrawal, a platform set up anew.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;

use jiff::Timestamp;
use jinban::catalogue::{Applied, Catalogue, SyncError};
use jinban::platform::{PlatformClient, PlatformConfig, PlatformError};
use jinban::vault::PlatformKeyset;
use jinban_platform::{CatalogueFolder, Platform, PlatformConfig as PlatformSetup, Running};

fn sample() -> CatalogueFolder {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/catalogue");
    CatalogueFolder::read(&dir).unwrap()
}

async fn platform(dir: &Path) -> Running {
    Platform::start(PlatformSetup::local(dir)).await.unwrap()
}

fn client(running: &Running) -> PlatformClient {
    let keys = PlatformKeyset::from_pem(&running.platform().public_keys_pem()).unwrap();
    let url = format!("http://{}", running.addr);
    PlatformClient::new(PlatformConfig::new(url, "T-1".into(), keys)).unwrap()
}

async fn sync(catalogue: &Catalogue, running: &Running) -> Applied {
    let now: Timestamp = "2026-11-20T04:00:00Z".parse().unwrap();
    catalogue.sync(&client(running), now).await.unwrap()
}

#[tokio::test]
async fn guides_follow_the_platform_through_changes_and_withdrawal() {
    let dir = tempfile::tempdir().unwrap();
    let running = platform(&dir.path().join("platform")).await;
    let mut folder = sample();
    let count = folder.guides.len();
    running.platform().publish(&folder).await.unwrap();

    let catalogue = Catalogue::open(&dir.path().join("terminal")).await.unwrap();
    let first = sync(&catalogue, &running).await;
    assert!(matches!(first, Applied::Changed { upserted, .. } if upserted == count));
    assert_eq!(sync(&catalogue, &running).await, Applied::Unchanged);

    let guide = folder
        .guides
        .iter_mut()
        .find(|guide| guide.id.as_str() == "senior-card");
    let guide = guide.unwrap();
    guide.version += 1;
    guide.aliases.push("敬老卡".to_owned());
    folder
        .guides
        .retain(|guide| guide.id.as_str() != "village-vet");
    running.platform().publish(&folder).await.unwrap();
    let changed = sync(&catalogue, &running).await;
    assert!(
        matches!(
            changed,
            Applied::Changed {
                upserted: 1,
                removed: 1,
                ..
            }
        ),
        "{changed:?}"
    );
    let snapshot = catalogue.snapshot();
    assert!(snapshot.entry(&"village-vet".into()).is_none());
    assert_eq!(
        snapshot.search("敬老卡", 1)[0].guide.id.as_str(),
        "senior-card"
    );
    running.stop().await;
}

#[tokio::test]
async fn a_platform_set_up_anew_replaces_everything() {
    let dir = tempfile::tempdir().unwrap();
    let old = platform(&dir.path().join("old")).await;
    let mut folder = sample();
    old.platform().publish(&folder).await.unwrap();
    folder.guides[0].version += 1;
    old.platform().publish(&folder).await.unwrap();
    let catalogue = Catalogue::open(&dir.path().join("terminal")).await.unwrap();
    sync(&catalogue, &old).await;
    assert_eq!(catalogue.snapshot().revision(), 2);
    old.stop().await;

    let new = platform(&dir.path().join("new")).await;
    folder.guides.truncate(3);
    new.platform().publish(&folder).await.unwrap();
    sync(&catalogue, &new).await;
    assert_eq!(catalogue.snapshot().revision(), 1);
    assert_eq!(catalogue.snapshot().entries().len(), 3);
    new.stop().await;
}

#[tokio::test]
async fn without_the_platform_the_guides_stay_as_they_were() {
    let dir = tempfile::tempdir().unwrap();
    let running = platform(&dir.path().join("platform")).await;
    let client = client(&running);
    running.stop().await;
    let catalogue = Catalogue::open(&dir.path().join("terminal")).await.unwrap();
    let before = catalogue.snapshot().entries().len();
    let error = catalogue.sync(&client, Timestamp::now()).await.unwrap_err();
    assert!(
        matches!(error, SyncError::Platform(PlatformError::Unreachable)),
        "{error:?}"
    );
    assert_eq!(catalogue.snapshot().entries().len(), before);
    assert_eq!(catalogue.snapshot().synced_at(), None);
}

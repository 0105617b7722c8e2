//! The terminal's guides against the reference platform: first sync, changes, withdrawal, a platform set up anew.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use jinban::catalogue::{Applied, Catalogue, CatalogueFiles, SyncError};
use jinban::platform::{PlatformClient, PlatformConfig, PlatformError};
use jinban::vault::{PlatformKeyset, sm3_hex};
use jinban_platform::{CatalogueFolder, Platform, PlatformConfig as PlatformSetup, Running};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

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
    let (_dir, files) = files();
    catalogue.sync(&client(running), &files, now).await.unwrap()
}

fn files() -> (tempfile::TempDir, CatalogueFiles) {
    let dir = tempfile::tempdir().unwrap();
    let files = CatalogueFiles::usual(dir.path());
    (dir, files)
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
    let (_dir, files) = files();
    let error = catalogue
        .sync(&client, &files, Timestamp::now())
        .await
        .unwrap_err();
    assert!(
        matches!(error, SyncError::Platform(PlatformError::Unreachable)),
        "{error:?}"
    );
    assert_eq!(catalogue.snapshot().entries().len(), before);
    assert_eq!(catalogue.snapshot().synced_at(), None);
}

/// Stands between the terminal and the platform, as a broken gateway or a meddler does.
struct Between {
    url: String,
}

type Meddle = fn(path: &str, status: &mut u16, body: &mut Vec<u8>);

impl Between {
    async fn start(platform: &Running, meddle: Meddle) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let upstream = format!("http://{}", platform.addr);
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                tokio::spawn(pass(connection, upstream.clone(), meddle));
            }
        });
        Self { url }
    }

    fn client(&self, platform: &Running) -> PlatformClient {
        let keys = PlatformKeyset::from_pem(&platform.platform().public_keys_pem()).unwrap();
        let mut config = PlatformConfig::new(&self.url, "T-1".into(), keys);
        config.request_timeout = Duration::from_millis(400);
        PlatformClient::new(config).unwrap()
    }
}

async fn pass(mut connection: TcpStream, upstream: String, meddle: Meddle) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let Ok(byte) = connection.read_u8().await else {
            return;
        };
        head.push(byte);
    }
    let head = String::from_utf8(head).unwrap();
    let path = head.split(' ').nth(1).unwrap();
    let mut request = reqwest::Client::new().get(format!("{upstream}{path}"));
    for line in head
        .lines()
        .filter(|line| line.to_lowercase().starts_with("range:"))
    {
        request = request.header("Range", line[6..].trim());
    }
    let answer = request.send().await.unwrap();
    let mut status = answer.status().as_u16();
    let mut body = answer.bytes().await.unwrap().to_vec();
    let promised = body.len();
    meddle(path, &mut status, &mut body);
    if status == 0 {
        // Says nothing, and does not hang up either.
        tokio::time::sleep(Duration::from_secs(5)).await;
        return;
    }
    // What is cut out of a file breaks the connection before its end.
    let length = if path.contains("blobs") {
        promised
    } else {
        body.len()
    };
    let answer =
        format!("HTTP/1.1 {status} X\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
    let _ = connection.write_all(answer.as_bytes()).await;
    let _ = connection.write_all(&body).await;
}

/// A terminal that holds batch 1 while the platform is at batch 3.
async fn behind(dir: &Path) -> (Running, Catalogue) {
    let running = platform(&dir.join("platform")).await;
    let mut folder = sample();
    running.platform().publish(&folder).await.unwrap();
    let catalogue = Catalogue::open(&dir.join("terminal")).await.unwrap();
    sync(&catalogue, &running).await;
    for _ in 0..2 {
        folder.guides[0].version += 1;
        running.platform().publish(&folder).await.unwrap();
    }
    (running, catalogue)
}

fn edit(body: &mut Vec<u8>, change: impl FnOnce(&mut serde_json::Value)) {
    if let Ok(mut value) = serde_json::from_slice(body) {
        change(&mut value);
        *body = serde_json::to_vec(&value).unwrap();
    }
}

#[tokio::test]
async fn whatever_stands_between_the_last_good_state_stays_and_the_technician_is_told() {
    let table: &[(&str, &str, u64, Meddle)] = &[
        ("a batch is left out", "该来第 2 批", 1, |_, _, body| {
            edit(body, |feed| {
                drop(feed["batches"].as_array_mut().unwrap().remove(0));
            });
        }),
        (
            "two batches change places",
            "该来第 2 批",
            1,
            |_, _, body| {
                edit(body, |feed| {
                    feed["batches"].as_array_mut().unwrap().reverse();
                });
            },
        ),
        ("the end is cut off", "截断", 1, |_, _, body| {
            edit(body, |feed| feed["batches"] = serde_json::json!([]));
        }),
        ("a batch is altered", "签名不对", 1, |_, _, body| {
            edit(body, |feed| {
                feed["batches"][0]["plain_length"] = serde_json::json!(7);
            });
        }),
        (
            "only the second batch is altered",
            "签名不对",
            2,
            |_, _, body| {
                edit(body, |feed| {
                    feed["batches"][1]["plain_length"] = serde_json::json!(7);
                });
            },
        ),
        ("the head is altered", "签名不对", 1, |_, _, body| {
            edit(body, |feed| feed["head"]["number"] = serde_json::json!(1));
        }),
        ("a payload is altered", "对不上", 1, |path, _, body| {
            if path.contains("blobs") {
                body[20] ^= 1;
            }
        }),
        ("garbage", "not the platform's", 1, |_, _, body| {
            *body = b"<html>".to_vec();
        }),
        ("trouble", "not the platform's", 1, |_, status, body| {
            *status = 500;
            *body = b"oops".to_vec();
        }),
        ("silence", "did not answer in time", 1, |_, status, _| {
            *status = 0;
        }),
    ];
    for (name, words, number, meddle) in table {
        let dir = tempfile::tempdir().unwrap();
        let (running, catalogue) = behind(dir.path()).await;
        let between = Between::start(&running, *meddle).await;
        let files = CatalogueFiles::usual(dir.path());
        let before = catalogue.snapshot();
        let error = catalogue
            .sync(&between.client(&running), &files, Timestamp::now())
            .await
            .unwrap_err();
        assert!(error.to_string().contains(words), "{name}: {error}");
        let after = catalogue.snapshot();
        assert_eq!(after.revision(), *number, "{name}");
        assert_eq!(after.entries().len(), before.entries().len(), "{name}");
        // With a clear line again, everything comes in.
        sync(&catalogue, &running).await;
        assert_eq!(catalogue.snapshot().revision(), 3, "{name}");
        running.stop().await;
    }
}

#[tokio::test]
async fn a_broken_download_goes_on_where_it_stopped() {
    static SENT: AtomicUsize = AtomicUsize::new(0);
    let dir = tempfile::tempdir().unwrap();
    let running = platform(&dir.path().join("platform")).await;
    running.platform().publish(&sample()).await.unwrap();
    let between = Between::start(&running, |path, _, body| {
        if path.contains("blobs") {
            body.truncate(10_000);
            SENT.fetch_add(body.len(), Ordering::Relaxed);
        }
    })
    .await;
    let catalogue = Catalogue::open(&dir.path().join("terminal")).await.unwrap();
    let files = CatalogueFiles::usual(dir.path());
    let client = between.client(&running);
    let mut attempts = 1;
    while catalogue
        .sync(&client, &files, Timestamp::now())
        .await
        .is_err()
    {
        attempts += 1;
        assert!(attempts < 100);
    }
    assert_eq!(catalogue.snapshot().revision(), 1);
    assert!(attempts > 2, "{attempts}");
    let answer = running.platform().follow(&"".into(), 0).await.unwrap();
    assert_eq!(
        SENT.load(Ordering::Relaxed) as u64,
        answer.batches[0].length
    );
    // Not a byte was sent twice; an attempt on a busy machine may bring none.
    assert!(attempts as u64 >= answer.batches[0].length.div_ceil(10_000));
    running.stop().await;
}

#[tokio::test]
async fn files_are_fetched_when_wanted_kept_within_the_budget_and_never_lost_when_pinned() {
    let dir = tempfile::tempdir().unwrap();
    let running = platform(&dir.path().join("platform")).await;
    running.platform().publish(&sample()).await.unwrap();
    let catalogue = Catalogue::open(&dir.path().join("terminal")).await.unwrap();
    sync(&catalogue, &running).await;
    let hot = catalogue.hot_attachments(11, 1 << 20).await.unwrap();
    assert!(hot.len() > 20, "{}", hot.len());
    let budget: u64 = hot[1..5].iter().map(|file| file.length).sum();
    let files = CatalogueFiles::new(dir.path(), budget);
    files.pin([hot[0].digest.clone()]);
    let client = client(&running);
    for file in &hot {
        let content = files.fetch(&client, file).await.unwrap();
        assert_eq!(sm3_hex(&content), file.digest.as_str());
        assert!(content.starts_with(b"<svg"));
    }
    running.stop().await;
    let here: Vec<bool> = hot
        .iter()
        .map(|file| files.get(&file.digest).is_some())
        .collect();
    assert!(here[0], "pinned");
    assert!(!here[1], "the least recently used is gone");
    assert!(
        here[hot.len() - 1],
        "the last one is here, also without the platform"
    );
    let kept: u64 = hot
        .iter()
        .zip(&here)
        .skip(1)
        .filter(|(_, here)| **here)
        .map(|(file, _)| file.length)
        .sum();
    assert!(kept <= budget, "{kept} {budget}");
    // What the disk spoilt is not shown.
    let path = dir
        .path()
        .join("catalogue-files")
        .join(hot[0].digest.as_str());
    std::fs::write(path, "spoilt").unwrap();
    assert!(files.get(&hot[0].digest).is_none());
}

#[tokio::test]
async fn a_stick_brings_the_files_that_fit_the_most_wanted_first_and_spoilt_ones_stay_out() {
    let dir = tempfile::tempdir().unwrap();
    let stick = tempfile::tempdir().unwrap();
    let running = platform(&dir.path().join("platform")).await;
    running.platform().publish(&sample()).await.unwrap();
    let exported = running.platform().export(stick.path(), 60_000, 11).await;
    let exported = exported.unwrap();
    assert!(exported.bytes <= 60_000 && exported.bytes > 50_000);
    assert!(
        exported.files > 10 && exported.left_out > 10,
        "{exported:?}"
    );

    let keys = PlatformKeyset::from_pem(&running.platform().public_keys_pem()).unwrap();
    running.stop().await;
    let catalogue = Catalogue::open(&dir.path().join("terminal")).await.unwrap();
    let now = Timestamp::now();
    catalogue.import(&keys, stick.path(), now).await.unwrap();
    let hot = catalogue.hot_attachments(11, u64::MAX).await.unwrap();
    let spoilt = stick.path().join("files").join(hot[0].digest.as_str());
    std::fs::write(&spoilt, "<svg>another</svg>").unwrap();
    std::fs::write(stick.path().join("files/readme.txt"), "no file of ours").unwrap();

    let files = CatalogueFiles::new(dir.path(), 1 << 20);
    let imported = files.import(stick.path(), &hot).unwrap();
    let expected = (exported.files - 1, 1, 0);
    assert_eq!(
        (imported.taken, imported.spoilt, imported.left_out),
        expected
    );
    assert!(files.get(&hot[0].digest).is_none());
    assert!(files.get(&hot[1].digest).unwrap().starts_with(b"<svg"));
    let again = files.import(stick.path(), &hot).unwrap();
    assert_eq!((again.taken, again.spoilt), (0, 1));

    // A small disk takes what is wanted most.
    let small = CatalogueFiles::new(&dir.path().join("small"), hot[1].length + hot[2].length);
    let imported = small.import(stick.path(), &hot[1..]).unwrap();
    assert_eq!(imported.taken, 2);
    assert!(small.get(&hot[1].digest).is_some());
    // Without any files it is a stick all the same.
    let bare = files.import(dir.path(), &hot).unwrap();
    assert_eq!((bare.taken, bare.spoilt, bare.left_out), (0, 0, 0));
}

#[tokio::test]
async fn a_stick_is_believed_no_more_than_the_network() {
    let dir = tempfile::tempdir().unwrap();
    let stick = tempfile::tempdir().unwrap();
    let running = platform(&dir.path().join("platform")).await;
    running.platform().publish(&sample()).await.unwrap();
    let all = running.platform().export(stick.path(), u64::MAX, 11);
    assert_eq!(all.await.unwrap().left_out, 0);
    let keys = PlatformKeyset::from_pem(&running.platform().public_keys_pem()).unwrap();
    let catalogue = Catalogue::open(&dir.path().join("terminal")).await.unwrap();
    let import = || catalogue.import(&keys, stick.path(), Timestamp::now());
    assert!(matches!(
        import().await.unwrap(),
        Applied::Changed { revision: 1, .. }
    ));
    assert_eq!(
        import().await.unwrap(),
        Applied::Unchanged,
        "the same stick again"
    );
    // The network goes on where the stick left off.
    assert_eq!(sync(&catalogue, &running).await, Applied::Unchanged);

    let fresh = Catalogue::open(&dir.path().join("other")).await.unwrap();
    let feed = std::fs::read(stick.path().join("feed.json")).unwrap();
    let text = String::from_utf8(feed).unwrap();
    let answer = running.platform().follow(&"".into(), 0).await.unwrap();
    let payload = stick.path().join(answer.batches[0].payload.as_str());
    std::fs::write(&payload, "another").unwrap();
    let error = fresh
        .import(&keys, stick.path(), Timestamp::now())
        .await
        .unwrap_err();
    assert!(error.to_string().contains("对不上"), "{error}");
    let altered = text.replace("\"plain_length\":", "\"plain_length\":1");
    std::fs::write(stick.path().join("feed.json"), altered).unwrap();
    let error = fresh
        .import(&keys, stick.path(), Timestamp::now())
        .await
        .unwrap_err();
    assert!(error.to_string().contains("签名不对"), "{error}");
    std::fs::write(stick.path().join("feed.json"), "{").unwrap();
    let error = fresh
        .import(&keys, stick.path(), Timestamp::now())
        .await
        .unwrap_err();
    assert!(error.to_string().contains("重新导出"), "{error}");
    assert_eq!(fresh.snapshot().revision(), 0);
    running.stop().await;
}

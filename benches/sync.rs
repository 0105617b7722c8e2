//! What a first sync of a county's guides and a daily change cost: bytes on the line, and time to take them in.
//!
//! `cargo bench --bench sync`. The guides are the samples under other names, each a little different. A line as
//! slow as GPRS carries about 4 KiB a second.

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use jiff::Timestamp;
use jinban::catalogue::{Catalogue, CatalogueFiles, bundled};
use jinban::platform::{PlatformClient, PlatformConfig};
use jinban::vault::PlatformKeyset;
use jinban_api::guide::Guide;
use jinban_platform::{CatalogueFolder, Platform, PlatformConfig as Setup, Running};

/// Guides of a first sync.
const COUNTY: usize = 1_200;
/// Guides that change in a day.
const DAILY: usize = 10;
/// Bytes a second on a slow line.
const SLOW_LINE: u64 = 4 * 1024;

fn main() -> Result<(), Box<dyn Error>> {
    // `cargo test --benches` only asks whether it runs.
    let measuring = std::env::args().any(|argument| argument == "--bench");
    let count = if measuring { COUNTY } else { 40 };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(measure(count))
}

async fn measure(count: usize) -> Result<(), Box<dyn Error>> {
    let dir = tempfile::tempdir()?;
    let running = Platform::start(Setup::local(dir.path().join("platform"))).await?;
    let content = bundled();
    let mut folder = CatalogueFolder {
        guides: county(&content.guides, count),
        themes: content.themes,
        ..CatalogueFolder::default()
    };
    let plain: usize = (folder.guides.iter())
        .map(|guide| serde_json::to_vec(guide).map_or(0, |json| json.len()))
        .sum();
    println!("{count} guides are {} KiB of JSON", plain / 1024);
    running.platform().publish(&folder).await?;

    let client = client(&running)?;
    let catalogue = Catalogue::open(&dir.path().join("terminal")).await?;
    sync("first sync", &catalogue, &client, dir.path(), &running, 0).await?;
    for guide in folder.guides.iter_mut().take(DAILY) {
        guide.version += 1;
        guide.conditions.push("材料要带齐。".to_owned());
    }
    running.platform().publish(&folder).await?;
    let name = format!("{DAILY} changed guides");
    sync(&name, &catalogue, &client, dir.path(), &running, 1).await?;
    sync("nothing new", &catalogue, &client, dir.path(), &running, 2).await?;
    running.stop().await;
    Ok(())
}

fn county(samples: &[std::sync::Arc<Guide>], count: usize) -> Vec<Guide> {
    let guides = (0..count).filter_map(|number| {
        let mut guide = Guide::clone(samples.get(number % samples.len())?);
        // In this order copies of one sample lie further apart than a packer looks back: nothing is gained by
        // their likeness that real guides would not gain.
        guide.id = format!("{number:05}-{}", guide.id).into();
        guide.name = format!("{}（{number}）", guide.name);
        for (at, place) in guide.places.iter_mut().enumerate() {
            place.address = format!("{}{number}号{at}室", place.address);
        }
        Some(guide)
    });
    guides.collect()
}

fn client(running: &Running) -> Result<PlatformClient, Box<dyn Error>> {
    let keys = PlatformKeyset::from_pem(&running.platform().public_keys_pem())?;
    let url = format!("http://{}", running.addr);
    Ok(PlatformClient::new(PlatformConfig::new(
        url,
        "bench".into(),
        keys,
    ))?)
}

async fn sync(
    name: &str,
    catalogue: &Catalogue,
    client: &PlatformClient,
    dir: &Path,
    running: &Running,
    after: u64,
) -> Result<(), Box<dyn Error>> {
    let feed = running.platform().follow(&"".into(), 0).await?.head.feed;
    let answer = running.platform().follow(&feed, after).await?;
    let told = serde_json::to_vec(&answer)?.len() as u64;
    let carried: u64 = answer.batches.iter().map(|batch| batch.length).sum();
    let bytes = told + carried;
    let began = Instant::now();
    catalogue
        .sync(client, &CatalogueFiles::usual(dir), Timestamp::now())
        .await?;
    println!(
        "{name}: {bytes} bytes ({told} of headers), {} s on a slow line, taken in within {:?}",
        bytes.div_ceil(SLOW_LINE),
        began.elapsed()
    );
    Ok(())
}

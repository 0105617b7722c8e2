//! Divisions that the platform merged and renamed after this program was built.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;
use std::process::Command;

use jiff::Timestamp;
use jinban::catalogue::{Catalogue, CatalogueFiles, Current};
use jinban::platform::{PlatformClient, PlatformConfig};
use jinban::vault::PlatformKeyset;
use jinban_platform::{CatalogueFolder, Platform, PlatformConfig as PlatformSetup, Running};

const REPOSITORY: &str = env!("CARGO_MANIFEST_DIR");

async fn sync(running: &Running, data: &Path) -> Catalogue {
    let keys = PlatformKeyset::from_pem(&running.platform().public_keys_pem()).unwrap();
    let config = PlatformConfig::new(format!("http://{}", running.addr), "T-1".into(), keys);
    let client = PlatformClient::new(config).unwrap();
    let catalogue = Catalogue::open(data).await.unwrap();
    let files = CatalogueFiles::usual(data);
    catalogue
        .sync(&client, &files, Timestamp::now())
        .await
        .unwrap();
    catalogue
}

/// A catalogue folder with one guide and these tables.
fn publishable(dir: &Path, tables: &[(&str, String)]) -> CatalogueFolder {
    let sample = Path::new(REPOSITORY).join("assets/catalogue/marriage-appointment.json");
    let mut guide: serde_json::Value =
        serde_json::from_slice(&std::fs::read(sample).unwrap()).unwrap();
    guide["results"] = serde_json::json!([]);
    std::fs::create_dir_all(dir.join("regions")).unwrap();
    std::fs::write(dir.join("guide.json"), guide.to_string()).unwrap();
    for (name, text) in tables {
        std::fs::write(dir.join("regions").join(name), text).unwrap();
    }
    CatalogueFolder::read(dir).unwrap()
}

#[tokio::test]
async fn what_was_merged_after_the_program_was_built_is_known_after_a_sync_and_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let shipped = |name: &str| {
        let path = Path::new(REPOSITORY).join("assets/regions").join(name);
        std::fs::read_to_string(path).unwrap()
    };
    // 青川县 becomes a city, 青溪村 goes to its neighbour.
    let rows = shipped("2023.csv").replace("青川县", "青川市");
    let rows: Vec<&str> = rows
        .lines()
        .filter(|row| !row.starts_with("510822101210"))
        .collect();
    let merges = format!(
        "{}\n510822101210,village,青溪村村民委员会,510822101205,阴平村村民委员会,told\n",
        shipped("merges.csv").trim_end()
    );
    let tables = [
        ("2023.csv", shipped("2023.csv")),
        ("2028-03-01.csv", rows.join("\n")),
        ("merges.csv", merges),
    ];
    let folder = publishable(&dir.path().join("catalogue"), &tables);
    let setup = PlatformSetup::local(dir.path().join("platform"));
    let running = Platform::start(setup).await.unwrap();
    running.platform().publish(&folder).await.unwrap();

    let data = dir.path().join("terminal");
    let ours = "510822101210";
    let bundled = Catalogue::open(&data).await.unwrap().snapshot().regions();
    assert!(matches!(bundled.current(ours), Current::InForce(_)));
    let synced = sync(&running, &data).await;
    let reopened = || async { Catalogue::peek(&data).await.unwrap().unwrap() };
    for catalogue in [synced, reopened().await] {
        let regions = catalogue.snapshot().regions();
        let Current::Became(now) = regions.current(ours) else {
            panic!("{:?}", regions.current(ours));
        };
        assert_eq!(
            regions.tree().path_text(now.code.as_str()),
            "广元市›青川市›青溪镇›阴平村"
        );
        // What was merged long before is still known.
        assert!(matches!(
            regions.current("510811202000"),
            Current::Became(_)
        ));
        assert_eq!(regions.tree().regions().len(), 1 + 7 + 146 + 1734);
    }
    running.stop().await;

    let said = config_check(&data, dir.path());
    assert!(
        said.contains(
            "广元市›青川县›青溪镇›青溪村（已改为 广元市›青川市›青溪镇›阴平村，新码 510822101205）"
        ),
        "{said}"
    );
}

/// What `jinban config check` says of the shipped configuration over this data folder.
fn config_check(data: &Path, dir: &Path) -> String {
    let config = dir.join("config");
    std::fs::create_dir_all(&config).unwrap();
    for entry in std::fs::read_dir(Path::new(REPOSITORY).join("kiosk-config")).unwrap() {
        let entry = entry.unwrap();
        if entry.path().extension().is_some_and(|is| is == "toml") {
            let text = std::fs::read_to_string(entry.path()).unwrap();
            let text = text.replace("/var/lib/jinban", &data.display().to_string());
            std::fs::write(config.join(entry.file_name()), text).unwrap();
        }
    }
    let output = Command::new(env!("CARGO_BIN_EXE_jinban"))
        .args(["config", "check", "--config"])
        .arg(&config)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

//! Scans on SANE's own `test` driver, which needs no device and fails in every way on demand.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use tempfile::TempDir;

use super::super::ScanMode;
use super::*;
use crate::imaging::{Lens, Page, PageFlaw, prepare};
use crate::status::WhoMustAct;

/// A configuration folder in which SANE knows its test driver only, or none without SANE.
async fn sane() -> Option<TempDir> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("dll.conf"), "test\n").unwrap();
    match list(Some(folder.path())).await {
        Ok(found) if found.iter().any(|s| s.device == "test:0") => Some(folder),
        found => {
            println!("SKIPPED: scanimage with SANE's test driver is missing ({found:?})");
            None
        }
    }
}

fn scanner(folder: &TempDir, options: &[(&str, &str)]) -> Scanner {
    let options = options.iter().map(|(n, v)| ((*n).into(), (*v).into()));
    Scanner::open(ScannerConfig {
        resolution: 75,
        sane_config_dir: Some(folder.path().into()),
        options: options.collect(),
        ..ScannerConfig::new("test:0")
    })
}

#[tokio::test]
async fn a_page_comes_whole_in_its_size() {
    let Some(folder) = sane().await else { return };
    let scanner = scanner(
        &folder,
        &[
            ("test-picture", "Color pattern"),
            ("x", "100"),
            ("y", "150"),
        ],
    );
    let page = scanner.scan().await.unwrap();
    assert!((294..=297).contains(&page.width), "{page:?}");
    assert!((441..=444).contains(&page.height), "{page:?}");
    assert_eq!(scanner.status().borrow().state, DeviceState::Online);
    let picture = image::load_from_memory(&page.png).unwrap();
    assert_eq!(picture.color(), image::ColorType::Rgb8);
}

#[tokio::test]
async fn a_blank_page_is_known_by_its_look() {
    let Some(folder) = sane().await else { return };
    let page = |picture| {
        let options = [("test-picture", picture), ("x", "150"), ("y", "200")];
        let mut scanner = scanner(&folder, &options);
        Arc::get_mut(&mut scanner.config).unwrap().mode = ScanMode::Grey;
        async move { scanner.scan().await.unwrap() }
    };
    let flaw = |page: ScannedPage| {
        let picture = Page::decode(&page.png).unwrap();
        prepare(picture, Lens::Scanner, &[]).flaw
    };
    assert_eq!(flaw(page("Solid white").await), Some(PageFlaw::Blank));
    assert_eq!(flaw(page("Grid").await), None);
}

#[tokio::test]
async fn every_failure_is_named_with_who_must_act() {
    use ScanErrorKind as K;
    use WhoMustAct::{Nobody, SiteStaff, Technician};
    let Some(folder) = sane().await else { return };
    for (status, kind, act, state) in [
        ("JAMMED", K::Jammed, SiteStaff, DeviceState::UserError),
        ("NO_DOCS", K::NoPages, SiteStaff, DeviceState::Online),
        (
            "COVER_OPEN",
            K::CoverOpen,
            SiteStaff,
            DeviceState::UserError,
        ),
        ("DEVICE_BUSY", K::Busy, Nobody, DeviceState::Busy),
        (
            "IO_ERROR",
            K::DeviceFailed,
            SiteStaff,
            DeviceState::HardwareError,
        ),
        (
            "ACCESS_DENIED",
            K::PermissionDenied,
            Technician,
            DeviceState::Offline,
        ),
        (
            "INVAL",
            K::WrongSettings,
            Technician,
            DeviceState::HardwareError,
        ),
        (
            "NO_MEM",
            K::DriverFailed,
            Technician,
            DeviceState::HardwareError,
        ),
        // This one makes scanimage itself abort.
        (
            "EOF",
            K::DriverFailed,
            Technician,
            DeviceState::HardwareError,
        ),
    ] {
        let value = format!("SANE_STATUS_{status}");
        let scanner = scanner(&folder, &[("read-return-value", &value)]);
        let error = scanner.scan().await.unwrap_err();
        assert_eq!((error.kind, error.act), (kind, act), "{error}");
        assert_eq!(scanner.status().borrow().state, state, "{error}");
    }
}

#[tokio::test]
async fn a_scanner_that_is_not_there_is_missing_and_a_wrong_option_is_a_setting() {
    let Some(folder) = sane().await else { return };
    let absent = Scanner::open(ScannerConfig {
        sane_config_dir: Some(folder.path().into()),
        ..ScannerConfig::new("test:7")
    });
    let error = absent.check().await.unwrap_err();
    assert_eq!(error.kind, ScanErrorKind::DeviceMissing, "{error}");
    assert_eq!(absent.status().borrow().state, DeviceState::PoweredOff);

    let error = scanner(&folder, &[("no-such-option", "1")]).check().await;
    assert_eq!(error.unwrap_err().kind, ScanErrorKind::WrongSettings);
    assert_eq!(scanner(&folder, &[]).check().await, Ok(()));
}

#[tokio::test]
async fn a_scan_that_takes_too_long_is_stopped_and_the_next_one_works() {
    let Some(folder) = sane().await else { return };
    let slow = [
        ("read-delay", "yes"),
        ("read-delay-duration", "200000"),
        ("read-limit", "yes"),
        ("read-limit-size", "64"),
    ];
    let mut scanner = scanner(&folder, &slow);
    let config = Arc::get_mut(&mut scanner.config).unwrap();
    config.timeout = Duration::from_millis(600);
    let error = scanner.scan().await.unwrap_err();
    assert_eq!(error.kind, ScanErrorKind::TimedOut);

    let config = Arc::get_mut(&mut scanner.config).unwrap();
    config.options.clear();
    config.timeout = Duration::from_secs(30);
    assert!(scanner.scan().await.is_ok());
}

#[test]
fn a_device_list_with_strange_names_is_read() {
    let text = "airscan:e0:扫描仪 (1|2)\u{1F}某厂\u{1F}X 1\nbroken line\n";
    let found = parse_list(text);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].device, "airscan:e0:扫描仪 (1|2)");
}

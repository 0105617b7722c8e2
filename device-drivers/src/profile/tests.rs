//! Profiles as files: the shipped ones, a site's own, and those that are refused.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;

use super::load::{SHIPPED, parse};
use super::*;
use crate::printer::{Cut, CutCommand, PrinterProfile, RasterCommand};
use crate::receipt::PaperWidth;

fn usb(vendor: u16, product: u16) -> Sighting {
    Sighting {
        usb: Some(UsbId { vendor, product }),
        ..Sighting::default()
    }
}

fn printer(set: &ProfileSet, name: &str) -> PrinterProfile {
    let device = &set.get(name).unwrap().device;
    let Options::ReceiptPrinter(options) = device else {
        panic!("{name} is a {:?}", device.class());
    };
    options.profile()
}

#[test]
fn every_shipped_profile_is_read_and_every_file_is_shipped() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("profiles");
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ext| ext == "toml"))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    files.sort();
    let names: Vec<&str> = SHIPPED.iter().map(|(name, _)| *name).collect();
    assert_eq!(files, names);
    assert!(names.len() >= 12);
    for (name, text) in SHIPPED {
        if let Err((line, reason)) = parse(text) {
            panic!("{name}:{line:?}: {reason}");
        }
    }
}

#[test]
fn the_committed_schema_is_the_one_the_types_give() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("profiles/profile.schema.json");
    let text = serde_json::to_string_pretty(&schema()).unwrap() + "\n";
    if std::env::var_os("WRITE_SCHEMA").is_some() {
        std::fs::write(&file, &text).unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        committed == text,
        "profiles/profile.schema.json is out of date; run the test once with WRITE_SCHEMA=1"
    );
}

#[test]
fn options_of_a_model_take_the_place_of_the_usual_ones() {
    let set = ProfileSet::shipped();
    let masung = printer(&set, "masung-ms-d347");
    assert_eq!(masung.command_mode, Some(3));
    assert_eq!(masung.cut_command, CutCommand::GsV);
    assert_eq!(masung.speeds[0], 38_400);
    assert!(!masung.answers_queued && masung.answers_status);
    let small = printer(&set, "generic-58mm");
    assert_eq!((small.paper, small.cut), (PaperWidth::Dots384, Cut::None));
    let epson = printer(&set, "epson-tm-t20ii");
    assert_eq!(epson.raster, RasterCommand::GsParenL);
    // What a profile does not name stays as its class has it.
    assert_eq!(epson.band_rows, PrinterProfile::default().band_rows);
}

#[test]
fn a_device_is_suggested_the_profiles_that_fit_with_the_reason() {
    let set = ProfileSet::shipped();
    let suggested = set.suggest(&usb(0x0dd4, 0x0237));
    let reasons: Vec<_> = suggested
        .iter()
        .map(|s| (s.profile.as_str(), &s.reason))
        .collect();
    assert_eq!(
        reasons,
        [
            ("custom-k80", &Reason::Usb("0dd4:0237".into())),
            ("custom-vkp80", &Reason::UsbFamily("0dd4:0237".into())),
        ]
    );
    assert_eq!(set.suggest(&usb(0x1234, 0x5678)), []);

    let named = Sighting {
        device_id: Some(DeviceId::parse("MFG:EPSON;MDL:TM-T20II;")),
        ..Sighting::default()
    };
    assert_eq!(set.suggest(&named)[0].profile, "epson-tm-t20ii");

    let ported = Sighting {
        ports: vec!["/dev/serial/by-id/usb-Masung_EP800_0001-if00".into()],
        ..Sighting::default()
    };
    assert_eq!(set.suggest(&ported)[0].profile, "masung-ep800");
}

#[test]
fn a_bad_profile_is_refused_with_its_line_and_the_others_still_load() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let head = "[model]\nname = \"X\"\nmaker = \"Y\"\n";
    write("good.toml", &format!("{head}[device.card_reader]\n"));
    // Takes the place of the shipped one.
    write(
        "generic-80mm.toml",
        &format!("{head}[device.receipt_printer]\ncut = {{ is = \"full\", sure = \"H\" }}\n"),
    );
    for (name, body, line, reason) in [
        (
            "unmarked",
            "[device.receipt_printer]\npaper = { is = \"dots576\" }\n",
            5,
            "sure",
        ),
        (
            "misspelt",
            "[device.receipt_printer]\n\npapper = { is = \"dots576\", sure = \"M\" }\n",
            6,
            "papper",
        ),
        ("no-such-class", "[device.toaster]\n", 4, "toaster"),
        (
            "out-of-range",
            "[device.receipt_printer]\nband_rows = { is = 0, sure = \"M\" }\n",
            5,
            "between 1 and 128",
        ),
        (
            "bad-usb",
            "[[match]]\nusb = \"epson\"\n[device.receipt_printer]\n",
            4,
            "no USB id",
        ),
        (
            "fits-all",
            "[[match]]\nport = \"*\"\n[device.receipt_printer]\n",
            4,
            "every port",
        ),
        (
            "no-speed",
            "[device.card_reader]\nspeeds = { is = [], sure = \"L\" }\n",
            5,
            "at least one",
        ),
        ("not-toml", "[device\n", 4, ""),
    ] {
        write(&format!("{name}.toml"), &format!("{head}{body}"));
        let (_, problems) = ProfileSet::load(folder.path());
        let file = folder.path().join(format!("{name}.toml"));
        let problem = problems.iter().find(|p| p.file == file).expect(name);
        assert_eq!(problem.line, Some(line), "{problem}");
        assert!(problem.reason.contains(reason), "{problem}");
    }
    std::fs::write(folder.path().join("latin1.toml"), [0xE9]).unwrap();
    let (set, problems) = ProfileSet::load(folder.path());
    assert_eq!(problems.len(), 9);
    assert!(set.get("good").is_some());
    assert!(set.get("masung-ep800").is_some());
    assert_eq!(printer(&set, "generic-80mm").cut, Cut::Full);
}

#[test]
fn a_site_without_profiles_of_its_own_has_the_shipped_ones() {
    let (set, problems) = ProfileSet::load(Path::new("/nonexistent/profiles"));
    assert_eq!(set, ProfileSet::shipped());
    assert_eq!(problems, []);
}

#[test]
fn an_editor_accepts_every_shipped_profile_and_marks_what_would_be_refused() {
    let schema = jsonschema::validator_for(&schema()).unwrap();
    let accepts = |text: &str| schema.is_valid(&toml::from_str(text).unwrap());
    for (name, text) in SHIPPED {
        assert!(accepts(text), "{name}");
    }
    let printer = |line: &str| {
        let head = "[model]\nname = \"X\"\nmaker = \"Y\"\n[device.receipt_printer]\n";
        accepts(&format!("{head}{line}"))
    };
    assert!(printer("paper = { is = \"dots576\", sure = \"M\" }"));
    for refused in [
        "paper = { is = \"dots576\" }",
        "paper = { is = \"dots577\", sure = \"M\" }",
        "papper = { is = \"dots576\", sure = \"M\" }",
        "band_rows = { is = 0, sure = \"M\" }",
        "speeds = { is = [], sure = \"L\" }",
        "[[match]]\nusb = \"epson\"",
    ] {
        assert!(!printer(refused), "{refused}");
    }
}

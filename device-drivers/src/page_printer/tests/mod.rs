//! Page printers: what is said is understood, what is sent is read by others, what is stuck is taken back.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod eve;

use std::time::Duration;

use image::{Rgba, RgbaImage};
use proptest::prelude::*;

use super::job::{JobReport, JobState, Lasting, Step, step};
use super::*;
use crate::printer::{Evidence, Unconfirmed};
use crate::status::{DeviceState, WhoMustAct};

fn raw(state: i32, reasons: &[&str]) -> RawPageStatus {
    RawPageStatus {
        state: state.into(),
        reasons: reasons.iter().map(|&reason| reason.to_owned()).collect(),
        accepting: true,
    }
}

#[test]
fn every_reason_is_named_with_who_must_act() {
    use FaultKind as K;
    use WhoMustAct as W;
    for (state, reasons, kind, usable, act) in [
        (3, &[][..], None, true, None),
        (4, &[], None, true, None),
        (
            5,
            &["media-empty-error"],
            Some(K::PaperOut),
            false,
            Some(W::SiteStaff),
        ),
        (
            4,
            &["media-needed"],
            Some(K::PaperOut),
            false,
            Some(W::SiteStaff),
        ),
        (
            3,
            &["media-low-warning"],
            Some(K::PaperLow),
            true,
            Some(W::SiteStaff),
        ),
        (
            3,
            &["media-low-report", "toner-low-warning"],
            Some(K::PaperLow),
            true,
            Some(W::SiteStaff),
        ),
        // The worst is told, whichever came first.
        (
            5,
            &["toner-low-warning", "media-jam-error"],
            Some(K::Jam),
            false,
            Some(W::SiteStaff),
        ),
        (
            5,
            &["cover-open"],
            Some(K::CoverOpen),
            false,
            Some(W::SiteStaff),
        ),
        (
            5,
            &["door-open-error"],
            Some(K::CoverOpen),
            false,
            Some(W::SiteStaff),
        ),
        (
            5,
            &["toner-empty-error"],
            Some(K::InkOut),
            false,
            Some(W::SiteStaff),
        ),
        // Some printers only warn of empty toner and print on.
        (
            3,
            &["marker-supply-empty-warning"],
            Some(K::InkOut),
            true,
            Some(W::SiteStaff),
        ),
        (
            5,
            &["output-area-full"],
            Some(K::OutputFull),
            false,
            Some(W::SiteStaff),
        ),
        (
            5,
            &["paused"],
            Some(K::Maintenance),
            false,
            Some(W::Technician),
        ),
        (
            5,
            &["offline-report"],
            Some(K::NoAnswer),
            false,
            Some(W::SiteStaff),
        ),
        (
            5,
            &["something-of-the-vendor"],
            Some(K::Unrecoverable),
            false,
            Some(W::Technician),
        ),
        (3, &["something-of-the-vendor"], None, true, None),
        (5, &[], Some(K::Unrecoverable), false, Some(W::Technician)),
    ] {
        let status = summarise_page_printer(&raw(state, reasons));
        let fault = status.fault.as_ref();
        assert_eq!(fault.map(|fault| fault.kind), kind, "{state} {reasons:?}");
        assert_eq!(fault.map(|fault| fault.act), act, "{state} {reasons:?}");
        assert_eq!(status.is_usable(), usable, "{state} {reasons:?}");
    }
    let shut = RawPageStatus {
        accepting: false,
        ..raw(3, &[])
    };
    assert!(!summarise_page_printer(&shut).is_usable());
}

#[test]
fn a_job_ends_as_the_printer_says_and_no_later_than_patience_allows() {
    use JobState as J;
    let report = |state, reasons: &[&str]| JobReport {
        state,
        reasons: reasons.iter().map(|&reason| reason.to_owned()).collect(),
        pages: None,
    };
    let well = || DeviceStatus::new(DeviceState::Busy, None);
    let empty = || DeviceStatus::faulty(Fault::new(FaultKind::PaperOut, "media-empty-error"));
    let warned = || summarise_page_printer(&raw(4, &["media-empty-warning"]));
    let lasting = |stuck, job| Lasting {
        job: Duration::from_secs(job),
        stuck: Duration::from_secs(stuck),
        patience: Duration::from_secs(25),
    };
    let kind = |step| match step {
        Step::Wait => "wait".to_owned(),
        Step::Done(PrintOutcome::Confirmed { evidence }) => {
            assert_eq!(evidence, Evidence::JobCompleted);
            "confirmed".to_owned()
        }
        Step::Done(PrintOutcome::Unconfirmed { reason }) => {
            assert_eq!(reason, Unconfirmed::CompletedWithErrors);
            "unconfirmed".to_owned()
        }
        Step::Failed(fault) => format!("failed {:?}", fault.kind),
        Step::TakeBack(fault) => format!("take back {:?}", fault.kind),
    };
    for (report, printer, lasting, expected) in [
        (report(J::Waiting, &[]), well(), lasting(0, 1), "wait"),
        (report(J::Processing, &[]), empty(), lasting(24, 30), "wait"),
        (
            report(J::Processing, &[]),
            empty(),
            lasting(25, 30),
            "take back PaperOut",
        ),
        // It only warns, and might print on from another tray.
        (
            report(J::Processing, &[]),
            warned(),
            lasting(74, 80),
            "wait",
        ),
        (
            report(J::Processing, &[]),
            warned(),
            lasting(75, 80),
            "take back PaperOut",
        ),
        (
            report(J::Stopped, &["printer-stopped"]),
            well(),
            lasting(25, 30),
            "take back Unrecoverable",
        ),
        (report(J::Processing, &[]), well(), lasting(0, 119), "wait"),
        (
            report(J::Processing, &[]),
            well(),
            lasting(0, 120),
            "take back NoAnswer",
        ),
        (
            report(J::Completed, &["job-completed-successfully"]),
            well(),
            lasting(0, 5),
            "confirmed",
        ),
        // It ran out with the last sheet: that one is out.
        (
            report(J::Completed, &[]),
            empty(),
            lasting(5, 5),
            "confirmed",
        ),
        (
            report(J::Completed, &["job-completed-with-errors"]),
            well(),
            lasting(0, 5),
            "unconfirmed",
        ),
        (
            report(J::Aborted, &["aborted-by-system"]),
            empty(),
            lasting(0, 5),
            "failed PaperOut",
        ),
        (
            report(J::Aborted, &["aborted-by-system"]),
            well(),
            lasting(0, 5),
            "failed Unrecoverable",
        ),
        (
            report(J::Canceled, &["job-canceled-at-device"]),
            well(),
            lasting(0, 5),
            "failed Other",
        ),
    ] {
        assert_eq!(
            kind(step(&report, &printer, lasting, 2)),
            expected,
            "{report:?}"
        );
    }
}

#[test]
fn pages_go_in_the_format_that_suits_the_printer_best() {
    let able = |formats: &[&str], resolutions: &[u32], types: &[&str]| Abilities {
        model: String::new(),
        formats: formats.iter().map(|&f| f.to_owned()).collect(),
        resolutions: resolutions.to_vec(),
        raster_types: types.iter().map(|&t| t.to_owned()).collect(),
    };
    let (pwg, pdf) = ("image/pwg-raster", "application/pdf");
    for (abilities, format) in [
        (
            able(&[pdf, pwg], &[300, 600], &["sgray_8"]),
            Some(Format::PwgRaster(300)),
        ),
        (
            able(&[pwg], &[600, 1200], &["black_1", "sgray_8"]),
            Some(Format::PwgRaster(600)),
        ),
        (
            able(&[pwg], &[150, 203], &["sgray_8"]),
            Some(Format::PwgRaster(203)),
        ),
        (able(&[pwg], &[], &[]), Some(Format::PwgRaster(300))),
        (able(&[pwg, pdf], &[300], &["srgb_8"]), Some(Format::Pdf)),
        (able(&[pdf], &[], &[]), Some(Format::Pdf)),
        (able(&["application/postscript"], &[], &[]), None),
    ] {
        assert_eq!(abilities.format(), format, "{abilities:?}");
    }
}

#[test]
fn addresses_of_printers_are_told_from_others() {
    let url = |address: &str| ipp::Target::of(address).map(|target| format!("{target:?}"));
    assert!(
        url("ipp://10.0.0.9/ipp/print")
            .unwrap()
            .contains("http://10.0.0.9:631/ipp/print")
    );
    assert!(
        url("ipp://localhost:60000/ipp/print")
            .unwrap()
            .contains("http://localhost:60000/")
    );
    assert!(url("http://10.0.0.9:631/printers/hp").is_ok());
    for (address, error) in [
        (
            "usb://HP/Laser",
            BadPrinterUri::Scheme("usb://HP/Laser".into()),
        ),
        ("10.0.0.9", BadPrinterUri::Malformed("10.0.0.9".into())),
        ("", BadPrinterUri::Malformed(String::new())),
    ] {
        assert_eq!(url(address).unwrap_err(), error);
    }
}

#[test]
fn a_picture_stands_in_the_middle_of_the_sheet() {
    let picture = RgbaImage::from_pixel(100, 100, Rgba([0, 0, 0, 255]));
    let page = Page::of_picture(&picture);
    assert_eq!((page.width(), page.height()), (2480, 3508));
    let rows: Vec<_> = page.rows().collect();
    assert!(rows[0].iter().chain(rows[3507]).all(|grey| *grey == 255));
    assert!(rows[1754].iter().all(|grey| *grey == 0));
    let clear = Page::of_picture(&RgbaImage::from_pixel(9, 9, Rgba([0, 0, 0, 0])));
    assert!(clear.rows().flatten().all(|grey| *grey == 255));
}

proptest! {
    /// Decoded as PWG 5102.4 §4.3 says.
    #[test]
    fn a_row_packed_in_runs_is_the_same_row(row in prop::collection::vec(0..4_u8, 1..600)) {
        let page = Page::of_rows(row.len() as u32, &row.repeat(3));
        let document = pwg::encode(std::slice::from_ref(&page));
        prop_assert_eq!(&document[..4], b"RaS2");
        let mut packed = document[4 + 1796..].iter().copied();
        prop_assert_eq!(packed.next(), Some(2), "three rows alike");
        let mut unpacked = Vec::new();
        while let Some(count) = packed.next() {
            if count < 128 {
                let byte = packed.next().unwrap();
                unpacked.extend(std::iter::repeat_n(byte, usize::from(count) + 1));
            } else {
                prop_assert_ne!(count, 128);
                unpacked.extend(packed.by_ref().take(257 - usize::from(count)));
            }
        }
        prop_assert_eq!(unpacked, row);
    }

    #[test]
    fn an_answer_of_any_bytes_is_an_error_and_nothing_worse(
        bytes in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        if let Ok(attributes) = ipp::read(bytes) {
            let _ = RawPageStatus::read(&attributes);
            let _ = Abilities::read(&attributes).format();
            let _ = JobReport::read(&attributes);
        }
    }
}

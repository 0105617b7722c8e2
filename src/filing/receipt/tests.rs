//! What must stand on a slip, and what must not.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use jiff::civil::date;

use super::*;
use crate::filing::state::LocalState;
use crate::filing::testing::now;
use crate::filing::view::{Official, SlipFacts};

fn case(official: bool) -> CaseView {
    let material = |name: &str, how| SlipMaterial {
        name: name.into(),
        how,
    };
    CaseView {
        key: ulid::Ulid::from(1),
        guide: "gaoling".into(),
        guide_version: 12,
        guide_name: "高龄津贴申领".into(),
        local_number: "暂100000-1123-0007".into(),
        submitted_at: now(),
        clock_trusted: true,
        state: if official {
            LocalState::Acknowledged
        } else {
            LocalState::Queued { tried: true }
        },
        attempts: 1,
        last_error: None,
        official: official.then(|| Official {
            number: "510822-20261123-000001".into(),
            query_code: "K7M2QP".into(),
            received_at: "2026-11-23T06:33:05Z".into(),
            promised_by: Some(date(2026, 12, 14)),
        }),
        slip: SlipFacts {
            applicant: "张**".into(),
            id_number: "510822********1219".into(),
            materials: vec![
                material("居民身份证", SlipHow::Card),
                material("户口簿", SlipHow::Pages(2)),
                material("亲属关系证明", SlipHow::Promised),
            ],
            promised_time: Some(TimeLimit::WorkingDays(15)),
            consult_phone: "0839-0000001".into(),
        },
    }
}

fn text(slip: &ReceiptSlip) -> String {
    text_in(slip, Language::Chinese)
}

fn text_in(slip: &ReceiptSlip, language: Language) -> String {
    let mut lines = Vec::new();
    for block in &slip.to_receipt(language).blocks {
        match block {
            Block::Row { label, value, .. } => lines.push(format!("{label}={value}")),
            Block::Qr { data, .. } => lines.push(format!("QR {data}")),
            Block::Title(text)
            | Block::Heading(text)
            | Block::Text(text)
            | Block::Small(text)
            | Block::Banner(text) => lines.push(text.clone()),
            _ => {}
        }
    }
    lines.join("\n")
}

fn place() -> SlipPlace {
    SlipPlace {
        name: "青溪镇便民服务中心".into(),
        hotlines: vec![("政务热线".into(), "12345".into())],
    }
}

#[test]
fn the_local_slip_never_looks_official() {
    let slip = ReceiptSlip::of(&case(false), &place(), 0, now());
    assert_eq!(slip.kind(), SlipKind::Local);
    let text = text(&slip);
    assert!(
        text.starts_with("收件回执\n本机暂存，尚未受理\n本机暂存号=暂100000-1123-0007"),
        "{text}"
    );
    for absent in ["办件编号=", "查询码=", "QR", "副本"] {
        assert!(!text.contains(absent), "{absent} in {text}");
    }
    assert!(text.ends_with("本凭证仅证明材料已存入本机，不代表受理。"));
}

#[test]
fn the_official_slip_shows_both_secrets_and_says_what_it_does_not_prove() {
    let slip = ReceiptSlip::of(&case(true), &place(), 0, now());
    assert_eq!(slip.kind(), SlipKind::Official);
    let text = text(&slip);
    for present in [
        "办件编号=510822-20261123-000001",
        "查询码=K7M2QP",
        "收到时间=2026-11-23 14:33",
        "QR 510822-20261123-000001",
        "申请人=张**",
        "户口簿=2 页",
        "请记得补交：亲属关系证明。",
        "最晚2026年12月14日办好。",
        "政务热线=12345",
    ] {
        assert!(text.contains(present), "{present} not in {text}");
    }
    assert!(!text.contains("暂100000"));
    assert!(text.ends_with("本凭证仅证明收到材料，不代表受理。"));
}

#[test]
fn the_window_can_read_an_english_slip() {
    let slip = ReceiptSlip::of(&case(false), &place(), 1, now());
    let text = text_in(&slip, Language::English);
    for term in [
        "收件回执",
        "副本",
        "本机暂存，尚未受理",
        "本机暂存号=暂100000-1123-0007",
        "申请人=",
        "本凭证仅证明材料已存入本机，不代表受理。",
    ] {
        assert!(text.contains(term), "{term} not in {text}");
    }
    let slip = ReceiptSlip::of(&case(true), &place(), 0, now());
    let text = text_in(&slip, Language::English);
    assert!(
        text.contains("done by 14 December 2026 at the latest"),
        "{text}"
    );
    for term in ["办件编号=510822", "查询码=K7M2QP", "不代表受理。"] {
        assert!(text.contains(term), "{term} not in {text}");
    }
}

#[test]
fn a_reprint_says_so() {
    let text = text(&ReceiptSlip::of(&case(true), &place(), 2, now()));
    assert!(text.starts_with("收件回执\n副本 2\n"));
}

#[test]
fn an_untrusted_time_is_marked() {
    let view = CaseView {
        clock_trusted: false,
        ..case(false)
    };
    assert!(text(&ReceiptSlip::of(&view, &place(), 0, now())).contains("没有对准"));
}

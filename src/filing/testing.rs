//! A guide and a person for tests; both invented.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;

use jiff::civil::date;
use jinban_api::case::{Applicant, IdentityLevel, Signature};
use jinban_api::guide::Guide;
use serde_json::json;
use zeroize::Zeroizing;

use super::draft::{CapturedPage, Draft, MediaType};

/// A guide with two situations, a form, conditional materials and a conditional fee.
pub fn guide() -> Arc<Guide> {
    let guide = json!({
        "id": "gaoling", "version": 12, "name": "高龄津贴申领", "item_type": "20",
        "department": { "name": "青川县民政局" }, "summary": "给八十岁以上老人按月发放。",
        "situations": [
            { "id": "account", "question": "钱发到谁的账户？", "options": [
                { "id": "own", "label": "本人账户" }, { "id": "other", "label": "亲属账户" } ] },
            { "id": "reissue", "question": "以前领过吗？", "options": [
                { "id": "no", "label": "没有" }, { "id": "yes", "label": "领过" } ] }
        ],
        "materials": [
            { "id": "id-card", "name": "居民身份证", "capture": "card", "necessity": "required", "originals": 1 },
            { "id": "book", "name": "户口簿", "capture": "scan", "necessity": "required", "originals": 1, "copies": 1 },
            { "id": "kin", "name": "亲属关系证明", "capture": "scan", "necessity": "may-follow", "originals": 1,
              "applies_when": [ { "question": "account", "any_of": ["other"] } ] },
            { "id": "photo", "name": "近照", "capture": "scan", "necessity": "optional" },
            { "id": "form", "name": "申请表", "capture": "form", "necessity": "required" }
        ],
        "form": {
            "schema": {
                "type": "object", "additionalProperties": false, "required": ["phone", "bank", "number"],
                "properties": {
                    "phone": { "type": "string", "pattern": "^1[0-9]{10}$" },
                    "bank": { "type": "string", "enum": ["rcu", "psbc"] },
                    "number": { "type": "string", "pattern": "^[0-9]+$", "minLength": 16, "maxLength": 19 },
                    "people": { "type": "integer", "minimum": 1, "maximum": 20 },
                    "since": { "type": "string" },
                    "kin_id": { "type": "string" },
                    "address": { "type": "string", "maxLength": 40 }
                }
            },
            "groups": [
                { "title": "怎么联系您？", "fields": [
                    { "name": "phone", "label": "电话", "input": { "kind": "phone" }, "error": "请填十一位手机号码。" },
                    { "name": "address", "label": "现住址", "input": { "kind": "address" }, "prefill": "address" } ] },
                { "title": "发到哪个账户？", "fields": [
                    { "name": "bank", "label": "银行", "input": { "kind": "choice", "options": [
                        { "value": "rcu", "label": "农村信用社" }, { "value": "psbc", "label": "邮政储蓄" } ] } },
                    { "name": "number", "label": "账号", "input": { "kind": "digits" } },
                    { "name": "people", "label": "家里几口人", "input": { "kind": "number" } },
                    { "name": "since", "label": "哪天起", "input": { "kind": "date" } },
                    { "name": "kin_id", "label": "亲属身份证号", "input": { "kind": "id-number" } } ] }
            ]
        },
        "fees": [ { "name": "补发工本费", "amount_fen": 1000, "standard": "每份十元", "basis": "示例",
                    "applies_when": [ { "question": "reissue", "any_of": ["yes"] } ] } ],
        "promised_time": { "unit": "working-days", "count": 15 },
        "consult_phone": "0839-0000001", "complaint_phone": "0839-0000002",
        "terminal": { "kind": "full" }, "updated_on": "2026-11-20", "sample": true
    });
    Arc::new(serde_json::from_value(guide).unwrap())
}

/// An invented person; the number's check digit agrees.
pub fn applicant() -> Applicant {
    Applicant {
        name: "张试甲".into(),
        id_number: "510822194003071219".into(),
        sex: "1".into(),
        nationality: "01".into(),
        birth: date(1940, 3, 7),
        address: "四川省青川县示例镇示例村1组1号".into(),
        identity_level: IdentityLevel::ChipRead,
    }
}

/// A stroke across the pad.
pub fn signature() -> Signature {
    Signature {
        width: 100.0,
        height: 40.0,
        strokes: vec![vec![[1.0, 2.0], [30.0, 20.0]]],
    }
}

/// A page with `bytes` in it.
pub fn page(bytes: &[u8]) -> CapturedPage {
    CapturedPage::new(MediaType::Jpeg, Zeroizing::new(bytes.to_vec()))
}

/// A draft that lacks nothing.
pub fn complete_draft() -> Draft {
    let mut draft = Draft::begin(guide(), now());
    draft
        .answer_situation(&"account".into(), &"own".into())
        .unwrap();
    draft
        .answer_situation(&"reissue".into(), &"no".into())
        .unwrap();
    draft.identify(applicant()).unwrap();
    draft.answer_field("phone", "13800001234").unwrap();
    draft.answer_field("bank", "rcu").unwrap();
    draft.answer_field("number", "6222000000000001").unwrap();
    draft
        .add_page(&"book".into(), page(b"first page of the booklet"))
        .unwrap();
    draft
        .add_page(&"book".into(), page(b"second page of the booklet"))
        .unwrap();
    draft.confirm_read_back(now());
    draft.sign(signature());
    assert_eq!(draft.ready(), Ok(()));
    draft
}

/// 2026-11-23 14:32 in China.
pub fn now() -> jiff::Timestamp {
    "2026-11-23T06:32:00Z".parse().unwrap()
}

//! What this program does not know survives it: fields and codes of later platforms, at every level.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;

use jinban_api::documents::{
    Bundle, CalendarYear, CodeMap, Document, Hotline, IntermediaryService, Law, Notice, RegionList,
    ReviewRule,
};
use jinban_api::guide::Guide;
use proptest::prelude::*;
use serde_json::{Value, json};

fn guides() -> Vec<Value> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/catalogue");
    let mut paths: Vec<_> = std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .filter(|path| !path.ends_with("themes.json"))
        .collect();
    paths.sort();
    paths
        .iter()
        .map(|path| serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap())
        .collect()
}

/// A guide with everything in it that no sample has.
fn rich() -> Value {
    let file = json!({"digest": "0".repeat(64), "length": 3, "media_type": "application/pdf", "name": "空白表"});
    json!({
        "id": "a", "version": 2, "name": "甲", "item_type": "1", "state": "in-use", "power_source": "法定",
        "department": {"name": "甲局", "code": "91350100M000100Y43", "nature": "1"},
        "entrusted_to": {"name": "乙局"}, "joint_departments": [{"name": "丙局"}],
        "town": "510822101000", "village": "510822101210",
        "topics": {"person": ["005"], "organisation": []},
        "basis": [{"title": "某法", "article": "第一条", "text": "…", "law": "l"}],
        "materials": [{
            "id": "m", "name": "材料", "capture": "scan", "necessity": "may-follow", "kind": "either",
            "medium": "paper", "paper": "A4", "formats": ["pdf"], "issuer": "某院", "acceptance": "清楚",
            "blank_form": file, "sample": file,
            "certificates": [{"name": "身份证", "type_code": "11100000000013338W011"}],
            "waiver": {"by": "commitment", "note": "我承诺"},
            "follow_up": {"within": {"unit": "working-days", "count": 5}, "note": "不补就退"},
            "in_person": true
        }],
        "process": [{"name": "受理", "time": {"unit": "hours", "count": 2}}],
        "special_procedures": [{"name": "听证", "time": {"unit": "calendar-days", "count": 20}}],
        "legal_time": {"unit": "working-days", "count": 20}, "legal_time_note": "自受理起",
        "fees": [{"name": "工本费", "standard": "按件", "basis": "文件",
            "reductions": [{"who": "低保户", "amount_fen": 0, "basis": "文件", "note": "带证"}]}],
        "results": [{"name": "证", "delivery": "邮寄", "sample": file, "valid_for": "三年"}],
        "places": [{"name": "厅", "kind": "convenience", "address": "镇上", "window": "三号", "hours": "上班",
            "opening": [{"days": [1, 2], "from": "09:00:00", "until": "12:00:00"}],
            "coordinates": {"longitude": 105.25, "latitude": 32.5, "datum": "gcj02"}, "traffic": "公交"}],
        "consult_channels": [{"kind": "网上", "address": "example"}],
        "terminal": {"kind": "guide-only", "reason": "要看现场"}
    })
}

/// How many objects there are.
fn count(value: &Value) -> usize {
    match value {
        Value::Array(list) => list.iter().map(count).sum(),
        Value::Object(map) => 1 + map.values().map(count).sum::<usize>(),
        _ => 0,
    }
}

/// Calls `change` on object number `at`, counted from the outside in.
fn change_object(
    value: &mut Value,
    at: &mut usize,
    change: &dyn Fn(&mut serde_json::Map<String, Value>),
) {
    match value {
        Value::Array(list) => list
            .iter_mut()
            .for_each(|value| change_object(value, at, change)),
        Value::Object(map) => {
            if *at == 0 {
                change(map);
            }
            *at = at.wrapping_sub(1);
            map.values_mut()
                .for_each(|value| change_object(value, at, change));
        }
        _ => {}
    }
}

/// Whether everything in `part` is in `whole` as well.
fn contains(whole: &Value, part: &Value) -> bool {
    match (whole, part) {
        (Value::Object(whole), Value::Object(part)) => part.iter().all(|(name, value)| {
            let nothing = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
            whole
                .get(name)
                .map_or(nothing, |found| contains(found, value))
        }),
        (Value::Array(whole), Value::Array(part)) => {
            whole.len() == part.len() && whole.iter().zip(part).all(|(w, p)| contains(w, p))
        }
        _ => whole == part,
    }
}

fn through(value: &Value) -> Value {
    let guide: Guide = serde_json::from_value(value.clone()).unwrap();
    serde_json::to_value(&guide).unwrap()
}

#[test]
fn every_sample_and_the_richest_guide_come_through_whole() {
    for value in guides().into_iter().chain([rich()]) {
        let out = through(&value);
        assert!(contains(&out, &value), "{}", value["id"]);
        assert_eq!(through(&out), out, "a second time changes nothing");
    }
}

#[test]
fn a_code_that_is_not_known_is_kept_and_does_no_harm() {
    for (pointer, code) in [
        ("/materials/0/capture", json!("by-drone")),
        ("/materials/0/necessity", json!("信用后补")),
        ("/materials/0/waiver/by", json!("trust")),
        (
            "/materials/0/follow_up/within",
            json!({"unit": "weeks", "count": 2}),
        ),
        (
            "/legal_time",
            json!({"unit": "months", "count": 3, "until": "x"}),
        ),
        ("/process/0/time/unit", json!("minutes")),
        ("/terminal", json!({"kind": "by-video", "number": 7})),
        ("/state", json!("paused")),
        ("/places/0/kind", json!(9)),
        ("/places/0/coordinates/datum", json!("mars")),
    ] {
        let mut value = rich();
        *value.pointer_mut(pointer).unwrap() = code.clone();
        let out = through(&value);
        assert_eq!(out.pointer(pointer), Some(&code), "{pointer}");
    }
}

fn document<T: Document>(value: Value) {
    let mut objects = count(&value);
    while objects > 0 {
        objects -= 1;
        let mut strange = value.clone();
        let mut at = objects;
        change_object(&mut strange, &mut at, &|map| {
            // A pair of answers is a map by its nature.
            if !map.contains_key("k") {
                map.insert("later".into(), json!({"x": [1]}));
            }
        });
        let read: T = serde_json::from_value(strange.clone()).unwrap();
        assert!(
            contains(&serde_json::to_value(&read).unwrap(), &strange),
            "{}",
            T::KIND
        );
    }
    let read: T = serde_json::from_value(value.clone()).unwrap();
    let id = value.get("id").or_else(|| value.get("year")).unwrap();
    assert_eq!(
        read.id(),
        id.as_str().map_or_else(|| id.to_string(), str::to_owned)
    );
}

#[test]
fn every_other_document_comes_through_whole_with_fields_of_later_platforms() {
    document::<Law>(
        json!({"id": "l", "title": "某法", "number": "令一号", "effective_from": "2020-01-01"}),
    );
    document::<Notice>(
        json!({"id": "n", "title": "停电", "paragraphs": ["明天。"], "from": "2026-11-20"}),
    );
    document::<ReviewRule>(
        json!({"id": "r", "guide": "a", "points": [{"point": "清楚吗", "standard": "清楚"}]}),
    );
    document::<IntermediaryService>(
        json!({"id": "s", "name": "评估", "time": {"unit": "hours", "count": 1}}),
    );
    document::<Hotline>(json!({"id": "h", "name": "热线", "number": "12345",
        "opening": [{"days": [1], "from": "09:00:00", "until": "17:00:00"}]}));
    document::<CalendarYear>(
        json!({"year": 2026, "rest": [["2026-01-01", "2026-01-03"]], "work": ["2026-01-04"]}),
    );
    document::<CodeMap>(
        json!({"id": "c", "name": "满意度", "entries": [{"code": "1", "label": "非常满意", "to": "5"}]}),
    );
    document::<Bundle>(
        json!({"id": "b", "name": "某事", "summary": "某事。", "icon": "baby",
        "steps": [{"guide": "a", "why": "要", "given": {"k": "v"}}],
        "same_questions": [{"guide": "a", "question": "q", "asked_as": "p", "answers": {"k": "v"}}],
        "same_materials": [{"name": "甲", "names": ["乙"]}]}),
    );
    document::<RegionList>(
        json!({"id": "510822", "as_of": "2023-06-30", "regions": [], "merges": []}),
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_field_of_a_later_platform_survives_wherever_it_stands(which in any::<usize>(), at in any::<usize>(), text in "\\PC{0,12}") {
        let mut all = guides();
        all.push(rich());
        let mut value = all.swap_remove(which % all.len());
        let mut at = at % count(&value);
        change_object(&mut value, &mut at, &|map| {
            map.insert("later_field".into(), json!({ "said": text.as_str(), "list": [1, null] }));
        });
        prop_assert!(contains(&through(&value), &value));
    }
}

//! Each way in which a catalogue contradicts itself, over one that does not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;

use serde_json::{Value, json};

use super::whole::check_whole;
use crate::{CatalogueFolder, FolderError, OfferedDocument};

fn shipped() -> CatalogueFolder {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/catalogue");
    CatalogueFolder::read(&dir).unwrap()
}

fn content<'a>(folder: &'a mut CatalogueFolder, kind: &str, id: &str) -> &'a mut Value {
    let mut documents = folder.documents.iter_mut();
    let is_it = |it: &&mut OfferedDocument| it.kind == kind && it.id == id;
    &mut documents.find(is_it).unwrap().content
}

fn guide<'a>(folder: &'a mut CatalogueFolder, id: &str) -> &'a mut jinban_api::guide::Guide {
    let mut guides = folder.guides.iter_mut();
    guides.find(|guide| guide.id.as_str() == id).unwrap()
}

#[test]
fn the_shipped_catalogue_agrees_with_itself() {
    assert_eq!(check_whole(&shipped()), []);
}

type Change = fn(&mut CatalogueFolder);

/// What is changed, where it is found, and words of the reason.
const BREAKS: &[(Change, &str, &str, &str)] = &[
    (
        |f| content(f, "notice", "medical-season")["guides"] = json!(["nowhere"]),
        "notice/medical-season",
        "guides[0]",
        "没有“nowhere”这份指南",
    ),
    (
        |f| content(f, "notice", "medical-season")["until"] = json!("2026-08-31"),
        "notice/medical-season",
        "until",
        "比开始的还早",
    ),
    (
        |f| content(f, "notice", "medical-season")["areas"] = json!(["青川县"]),
        "notice/medical-season",
        "areas[0]",
        "区划代码",
    ),
    (
        |f| content(f, "notice", "medical-season")["from"] = json!("soon"),
        "notice/medical-season",
        "",
        "内容不对",
    ),
    (
        |f| content(f, "review-rule", "homestead")["points"][0]["material"] = json!("m"),
        "review-rule/homestead",
        "points[0].material",
        "没有“m”这份材料",
    ),
    (
        |f| content(f, "review-rule", "homestead")["guide"] = json!("nowhere"),
        "review-rule/homestead",
        "guide[0]",
        "没有“nowhere”这份指南",
    ),
    (
        |f| {
            let mut second = content(f, "review-rule", "homestead").clone();
            second["id"] = json!("second");
            f.documents.push(OfferedDocument {
                kind: "review-rule".to_owned(),
                id: "second".to_owned(),
                content: second,
            });
        },
        "review-rule/second",
        "guide",
        "已经有一份",
    ),
    (
        |f| content(f, "intermediary-service", "logging-survey")["guides"] = json!([]),
        "guide/logging-permit",
        "intermediary_services[0]",
        "没有写它用在这份指南",
    ),
    (
        |f| {
            guide(f, "homestead")
                .intermediary_services
                .push("nobody".into());
        },
        "guide/homestead",
        "intermediary_services[0]",
        "没有“nobody”这项中介服务",
    ),
    (
        |f| guide(f, "homestead").basis[0].law = Some("nothing".into()),
        "guide/homestead",
        "basis[0].law",
        "没有“nothing”这部法规",
    ),
    (
        |f| content(f, "law", "forest")["effective_until"] = json!("2019-01-01"),
        "law/forest",
        "effective_until",
        "比开始的还早",
    ),
    (
        |f| content(f, "hotline", "12345")["number"] = json!(" "),
        "hotline/12345",
        "number",
        "号码",
    ),
    (
        |f| content(f, "bundle", "newborn")["steps"][0]["guide"] = json!("nowhere"),
        "bundle/newborn",
        "steps[0]",
        "没有“nowhere”这份指南",
    ),
    (
        |f| {
            let form = guide(f, "homestead").materials[1]
                .blank_form
                .clone()
                .unwrap();
            f.attachments.retain(|(digest, _)| *digest != form.digest);
        },
        "guide/homestead",
        "materials[1]",
        "不在 attachments 文件夹里",
    ),
    (
        |f| {
            guide(f, "homestead").results[0]
                .sample
                .as_mut()
                .unwrap()
                .length = 1;
        },
        "guide/homestead",
        "results[0].sample",
        "写着1字节",
    ),
];

#[test]
fn each_contradiction_is_told_where_it_stands_and_in_words() {
    for (change, place, field, reason) in BREAKS {
        let mut folder = shipped();
        change(&mut folder);
        let found = check_whole(&folder);
        let told = found.iter().any(|it| {
            format!("{}/{}", it.kind, it.id) == *place
                && it.finding.field == *field
                && it.finding.message.contains(reason)
        });
        assert!(told, "{place} {field} {reason}: {found:#?}");
        assert_eq!(found.len(), 1, "{found:#?}");
    }
}

#[test]
fn a_folder_that_contradicts_itself_is_refused_with_every_reason() {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, content: Value| {
        let path = dir.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content.to_string()).unwrap();
    };
    let guide = serde_json::to_value(guide(&mut shipped(), "marriage-appointment")).unwrap();
    write("guide.json", guide);
    write(
        "notice/a.json",
        json!({ "id": "a", "title": "甲", "from": "2026-01-01", "guides": ["nowhere"] }),
    );
    let Err(refused @ FolderError::Contradictory(_)) = CatalogueFolder::read(dir.path()) else {
        panic!("it was taken");
    };
    let said = refused.to_string();
    assert!(
        said.contains("notice/a guides[0]：没有“nowhere”这份指南。"),
        "{said}"
    );
    assert!(
        said.contains("guide/marriage-appointment results[0].sample"),
        "{said}"
    );
}

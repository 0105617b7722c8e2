//! Checking and importing files of items, as the program does it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use jinban_api::documents::{
    Bundle, CodeMap, Document, Hotline, IntermediaryService, Law, Notice, RegionList, ReviewRule,
};
use jinban_platform::{CatalogueFolder, OfferedDocument};
use serde_json::{Value, json};

struct Desk {
    dir: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
        }
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.dir.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_jinban-platform"))
            .arg("--data")
            .arg(self.dir.path().join("data"))
            .arg("catalogue")
            .args(arguments)
            .env("RUST_LOG", "error")
            .output()
            .unwrap()
    }

    fn json(&self, command: &str, file: &Path) -> (i32, Value) {
        let output = self.run(&[command, file.to_str().unwrap(), "--format", "json"]);
        let text = String::from_utf8(output.stdout).unwrap();
        let complaint = String::from_utf8_lossy(&output.stderr);
        let value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}{complaint}"));
        (output.status.code().unwrap(), value)
    }
}

const LIST: &str = "item_code,name,department,task_type\r\n\
    A1,甲事项,甲局,20\r\n\
    A2,\"乙,事项\",乙局,1\r\n\
    A3,,丙局,7\r\n";

fn shipped() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/catalogue")
}

#[test]
fn every_shipped_guide_keeps_every_rule() {
    let desk = Desk::new();
    let (code, report) = desk.json("check", &shipped());
    assert_eq!(report["violations"], json!([]));
    assert_eq!(report["unread"], json!([]));
    assert_eq!((code, &report["items"]), (0, &json!(32)));
}

#[test]
fn what_is_shipped_beside_the_guides_is_of_the_kind_that_it_says() {
    let folder = CatalogueFolder::read(&shipped()).unwrap();
    let mut kinds = BTreeSet::new();
    for OfferedDocument { kind, id, content } in &folder.documents {
        fn id_of<T: Document>(content: &Value) -> String {
            serde_json::from_value::<T>(content.clone()).unwrap().id()
        }
        let read = match kind.as_str() {
            Bundle::KIND => id_of::<Bundle>(content),
            CodeMap::KIND => id_of::<CodeMap>(content),
            Hotline::KIND => id_of::<Hotline>(content),
            IntermediaryService::KIND => id_of::<IntermediaryService>(content),
            Law::KIND => id_of::<Law>(content),
            Notice::KIND => id_of::<Notice>(content),
            ReviewRule::KIND => id_of::<ReviewRule>(content),
            RegionList::KIND => id_of::<RegionList>(content),
            other => panic!("{other} {id}"),
        };
        assert_eq!(read, *id);
        kinds.insert(kind.as_str());
    }
    assert_eq!(kinds.len(), 8);
}

#[test]
fn what_a_folder_says_in_two_places_is_held_against_each_other() {
    let desk = Desk::new();
    let guide = std::fs::read(shipped().join("senior-card.json")).unwrap();
    let alone = desk.file("alone/senior-card.json", &guide);
    let (code, report) = desk.json("check", alone.parent().unwrap());
    assert_eq!(code, 1);
    let found = &report["violations"][0];
    assert_eq!(found["at"], "guide/senior-card");
    assert_eq!(found["field"], "materials[1]");
    assert_eq!(found["rule"], "structure");
}

#[test]
fn a_violation_is_told_with_item_field_and_rule_and_in_the_exit_code() {
    let desk = Desk::new();
    let text = std::fs::read_to_string(shipped().join("senior-card.json")).unwrap();
    let mut guide: Value = serde_json::from_str(&text).unwrap();
    guide["complaint_phone"] = guide["consult_phone"].clone();
    let line = serde_json::to_string(&guide).unwrap();
    let file = desk.file("one.jsonl", format!("{line}\nnonsense\n"));
    let (code, report) = desk.json("check", &file);
    assert_eq!(code, 1);
    let found = &report["violations"][0];
    assert_eq!(found["item"], "senior-card");
    assert_eq!(found["field"], "complaint_phone");
    assert_eq!(
        (&found["rule"], &found["number"]),
        (&json!("phones"), &json!(7))
    );
    assert_eq!(report["unread"][0]["at"], "第2行");
    let output = desk.run(&["check", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains("（senior-card）\tcomplaint_phone\t规则7："),
        "{text}"
    );
}

#[test]
fn a_file_that_cannot_be_read_is_another_exit_code() {
    let desk = Desk::new();
    for (name, content, words) in [
        ("empty.csv", &b""[..], "什么也没有"),
        ("book.csv", b"PK\x03\x04", "另存为 CSV"),
        ("wrong.csv", b"a,b,c\n1,2,3\n", "表头缺少这些列"),
    ] {
        let output = desk.run(&["check", desk.file(name, content).to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(3), "{name}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains(words), "{said}");
    }
    assert_eq!(desk.run(&["import", "/nowhere.csv"]).status.code(), Some(3));
}

#[test]
fn importing_again_changes_nothing_and_bad_lines_do_not_keep_good_ones_out() {
    let desk = Desk::new();
    let file = desk.file("list.csv", LIST);
    let (code, first) = desk.json("import", &file);
    assert_eq!(code, 1, "a line was left out");
    assert_eq!(first["changed"], json!(["A1", "A2"]));
    assert_eq!(first["bad"][0]["line"], 4);
    assert_eq!(first["revision"], 1);
    let (_, second) = desk.json("import", &file);
    assert_eq!(
        (&second["changed"], &second["unchanged"]),
        (&json!([]), &json!(2))
    );
    assert_eq!(second["revision"], 1, "no new batch");

    let (gb, ..) = encoding_rs::GB18030.encode(LIST);
    let (_, same) = desk.json("import", &desk.file("gb.csv", gb));
    assert_eq!(
        (&same["unchanged"], &same["revision"]),
        (&json!(2), &json!(1))
    );
    assert!(same["notes"][0].as_str().unwrap().contains("GB18030"));

    let renamed = LIST.replace("甲事项", "甲事项（新）");
    let (_, third) = desk.json("import", &desk.file("renamed.csv", renamed));
    assert_eq!(
        (&third["changed"], &third["revision"]),
        (&json!(["A1"]), &json!(2))
    );
}

#[test]
fn a_list_does_not_wipe_out_what_is_known_in_full() {
    let desk = Desk::new();
    let published = desk.run(&["publish", shipped().to_str().unwrap()]);
    assert!(published.status.success());
    let line = json!({"item_code": "512B0357300000", "name": "申领四川省老年人优待证",
        "department": "青川县民政局", "task_type": "20"});
    let file = desk.file("list.jsonl", line.to_string());
    let (_, same) = desk.json("import", &file);
    assert_eq!(
        (&same["unchanged"], &same["changed"]),
        (&json!(1), &json!([]))
    );
    let renamed = line.to_string().replace("申领四川省", "领取四川省");
    let (_, changed) = desk.json("import", &desk.file("renamed.jsonl", renamed));
    assert_eq!(changed["changed"], json!(["senior-card"]));
}

#[test]
fn a_whole_guide_with_a_changed_form_needs_a_new_version_or_none() {
    let desk = Desk::new();
    assert!(
        desk.run(&["publish", shipped().to_str().unwrap()])
            .status
            .success()
    );
    let text = std::fs::read_to_string(shipped().join("senior-card.json")).unwrap();
    let mut guide: Value = serde_json::from_str(&text).unwrap();
    guide["materials"].as_array_mut().unwrap().pop();
    let (code, refused) = desk.json("import", &desk.file("same.jsonl", guide.to_string()));
    assert_eq!(code, 1);
    assert!(
        refused["bad"][0]["reason"]
            .as_str()
            .unwrap()
            .contains("版本号加1")
    );
    guide.as_object_mut().unwrap().remove("version");
    let (code, taken) = desk.json("import", &desk.file("counted.jsonl", guide.to_string()));
    assert_eq!((code, &taken["changed"]), (0, &json!(["senior-card"])));
    let (_, again) = desk.json("import", &desk.file("again.jsonl", guide.to_string()));
    assert_eq!(
        (&again["changed"], &again["unchanged"]),
        (&json!([]), &json!(1))
    );
}

#[test]
fn the_committed_schema_is_current_and_fits_what_is_shipped() {
    let output = Desk::new().run(&["schema"]);
    let current = String::from_utf8(output.stdout).unwrap();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/catalogue-item.schema.json");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &current).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == current,
        "docs/catalogue-item.schema.json is not current; run this test with UPDATE=1"
    );
    let schema = serde_json::from_str(&current).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    for entry in std::fs::read_dir(shipped()).unwrap() {
        let path = entry.unwrap().path();
        let is_guide = path
            .extension()
            .is_some_and(|extension| extension == "json");
        if !is_guide || path.ends_with("themes.json") {
            continue;
        }
        let guide: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let errors: Vec<_> = validator
            .iter_errors(&guide)
            .map(|e| e.to_string())
            .collect();
        assert!(errors.is_empty(), "{}: {errors:?}", path.display());
    }
    let mut item =
        json!({"item_code": "A1", "name": "甲", "department": "甲局", "task_type": "20"});
    assert!(validator.is_valid(&item));
    item.as_object_mut().unwrap().remove("task_type");
    assert!(!validator.is_valid(&item));
}

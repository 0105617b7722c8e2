//! Theme services: the shipped ones, small ones made up, and properties of any.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;

use jinban_devices::receipt::Block;
use proptest::prelude::*;
use serde_json::{Value, json};

use jinban_api::guide::{Capture, Necessity};

use super::*;
use crate::catalogue::Catalogue;

fn answers(list: &[(&str, &str, &str)]) -> BundleAnswers {
    list.iter()
        .map(|(guide, question, option)| {
            let key = QuestionKey {
                guide: (!guide.is_empty()).then(|| (*guide).into()),
                question: (*question).into(),
            };
            (key, (*option).into())
        })
        .collect()
}

/// What a catalogue in memory answers without waiting.
fn at_once<T>(answer: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.unwrap().block_on(answer)
}

fn shipped(id: &str, said: &[(&str, &str, &str)]) -> GatheredBundle {
    let (bundle, guides) = at_once(Catalogue::in_memory().bundle(id)).unwrap().unwrap();
    gather(&bundle, &guides, &answers(said))
}

fn certain(gathered: &GatheredBundle) -> Vec<&str> {
    gathered
        .materials
        .iter()
        .filter(|material| material.certainty == Certainty::Certain && material.is_brought())
        .map(|material| material.name.as_str())
        .collect()
}

fn asked(gathered: &GatheredBundle) -> Vec<String> {
    gathered
        .questions
        .iter()
        .map(|question| question.situation.question.clone())
        .collect()
}

#[test]
fn a_newborn_needs_each_paper_once() {
    let gathered = shipped(
        "newborn",
        &[("", "card", "yes"), ("birth-household", "married", "yes")],
    );
    let names: Vec<_> = gathered
        .steps
        .iter()
        .map(|step| step.name.as_str())
        .collect();
    assert_eq!(
        names,
        ["生育登记", "新生儿上户口", "居民医保参保", "社保卡"]
    );
    assert_eq!(
        certain(&gathered),
        [
            "居民身份证",
            "居民户口簿",
            "出生医学证明",
            "结婚证",
            "一寸白底证件照",
            "监护关系证明"
        ]
    );
    let book = gathered
        .materials
        .iter()
        .find(|m| m.name == "居民户口簿")
        .unwrap();
    assert_eq!(book.wanted_by.len(), 4);
    assert_eq!(
        book.capture,
        Capture::Window,
        "one of them wants the original at a window"
    );
    assert_eq!(
        asked(&gathered),
        [
            "要不要顺便给孩子办社保卡？",
            "孩子随谁落户？",
            "父母领结婚证了吗？"
        ],
        "for whom, and whether it is born, goes without saying"
    );
}

#[test]
fn what_depends_on_an_open_question_is_told_as_possible() {
    let open = shipped("newborn", &[]);
    let card = open
        .steps
        .iter()
        .find(|step| step.name == "社保卡")
        .unwrap();
    assert_eq!(card.certainty, Certainty::Possible);
    let photo = open
        .materials
        .iter()
        .find(|m| m.name == "一寸白底证件照")
        .unwrap();
    assert_eq!(photo.certainty, Certainty::Possible);
    let without = shipped("newborn", &[("", "card", "no")]);
    assert!(without.steps.iter().all(|step| step.name != "社保卡"));
    assert!(without.materials.iter().all(|m| m.name != "一寸白底证件照"));
}

#[test]
fn one_item_for_two_answers_is_one_line() {
    let open = shipped("retirement", &[]);
    assert_eq!(
        open.steps
            .iter()
            .filter(|step| step.name == "社保卡")
            .count(),
        1
    );
    let lost = shipped(
        "退休",
        &[
            ("", "card", "lost"),
            ("", "away", "no"),
            ("", "eighty", "no"),
        ],
    );
    assert!(lost.steps.iter().any(|step| step.name == "社保卡"));
    let photos: Vec<_> = lost
        .materials
        .iter()
        .filter(|m| m.name.contains("照"))
        .collect();
    assert_eq!(photos.len(), 1, "two names, one photograph: {photos:?}");
}

#[test]
fn every_shipped_bundle_is_found_and_names_guides_and_answers_that_exist() {
    let catalogue = Catalogue::in_memory();
    let bundles = catalogue.snapshot().documents::<Bundle>();
    assert_eq!(bundles.len(), 4);
    for bundle in bundles {
        let found = at_once(catalogue.bundle(&bundle.name)).unwrap();
        let (_, guides) = found.unwrap();
        let gathered = gather(&bundle, &guides, &BundleAnswers::new());
        assert!(
            gathered.missing.is_empty(),
            "{}: {:?}",
            bundle.id,
            gathered.missing
        );
        assert!(bundle.aliases.len() >= 3 && bundle.summary.ends_with('。'));
        for step in &bundle.steps {
            let guide = at_once(catalogue.guide(&step.guide)).unwrap().unwrap();
            for (question, option) in &step.given {
                let situation = guide.situations.iter().find(|s| s.id == *question);
                let options = &situation.unwrap_or_else(|| panic!("{question}")).options;
                assert!(
                    options.iter().any(|o| o.id == *option),
                    "{} {question}",
                    guide.id
                );
            }
            for condition in &step.applies_when {
                let own = bundle
                    .questions
                    .iter()
                    .find(|q| q.id == condition.question)
                    .unwrap();
                assert!(
                    condition
                        .any_of
                        .iter()
                        .all(|o| own.options.iter().any(|own| own.id == *o))
                );
            }
        }
    }
}

/// Two guides that ask the same, want the same under other names, and differ in how much.
fn made_up() -> (Bundle, Vec<Arc<Guide>>) {
    let guide = |id: &str, who: &[&str], materials: Value| -> Arc<Guide> {
        let options: Vec<_> = who
            .iter()
            .zip(["自己", "孩子"])
            .map(|(id, label)| json!({"id": id, "label": label}))
            .collect();
        Arc::new(
            serde_json::from_value(json!({
                "id": id, "version": 1, "name": id, "item_type": "20", "department": {"name": "某局"},
                "situations": [{"id": "who", "question": "给谁办？", "options": options}],
                "materials": materials
            }))
            .unwrap(),
        )
    };
    let a = guide(
        "a",
        &["self", "child"],
        json!([
            {"id": "1", "name": "户口簿", "capture": "scan", "necessity": "optional", "originals": 1, "copies": 1},
            {"id": "2", "name": "出生证", "capture": "scan", "necessity": "required", "originals": 1,
                "applies_when": [{"question": "who", "any_of": ["child"]}]}
        ]),
    );
    let b = guide(
        "b",
        &["me", "kid"],
        json!([
            {"id": "1", "name": "居民户口簿", "capture": "window", "necessity": "required", "originals": 1, "copies": 2},
            {"id": "2", "name": "照片", "capture": "scan", "necessity": "required", "originals": 2,
                "applies_when": [{"question": "who", "any_of": ["kid"]}]}
        ]),
    );
    let bundle = serde_json::from_value(json!({
        "id": "x", "name": "某事", "summary": "某事。", "icon": "baby",
        "steps": [{"guide": "a", "why": "甲"}, {"guide": "b", "why": "乙"}, {"guide": "gone", "why": "丙"}],
        "same_materials": [{"name": "户口簿", "names": ["户口簿", "居民户口簿"]}]
    }))
    .unwrap();
    (bundle, vec![a, b])
}

#[test]
fn the_same_question_is_asked_once_and_its_answer_counts_for_both() {
    let (bundle, guides) = made_up();
    let gathered = gather(&bundle, &guides, &answers(&[("a", "who", "child")]));
    assert_eq!(asked(&gathered), ["给谁办？"]);
    assert_eq!(certain(&gathered), ["户口簿", "出生证", "照片"]);
    let own = gather(&bundle, &guides, &answers(&[("a", "who", "self")]));
    assert_eq!(certain(&own), ["户口簿"]);
    assert_eq!(own.missing, ["gone".into()]);
}

#[test]
fn the_same_material_is_asked_for_once_with_the_largest_count() {
    let (bundle, guides) = made_up();
    let gathered = gather(&bundle, &guides, &BundleAnswers::new());
    let book = &gathered.materials[0];
    assert_eq!((book.originals, book.copies), (1, 2));
    assert_eq!(
        (book.capture, book.necessity),
        (Capture::Window, Necessity::Required)
    );
    assert_eq!(book.wanted_by, ["a".into(), "b".into()]);
}

#[test]
fn a_question_declared_the_same_is_answered_by_the_other() {
    let (mut bundle, guides) = made_up();
    bundle.questions = serde_json::from_value(json!([
        {"id": "whose", "question": "谁的事？", "options": [{"id": "k", "label": "孩子的"}, {"id": "m", "label": "我的"}]}
    ]))
    .unwrap();
    bundle.same_questions = ["a", "b"]
        .iter()
        .zip([("child", "self"), ("kid", "me")])
        .map(|(guide, (kid, me))| {
            serde_json::from_value(json!({
                "guide": guide, "question": "who", "asked_as": "whose", "answers": {"k": kid, "m": me}
            }))
            .unwrap()
        })
        .collect();
    let gathered = gather(&bundle, &guides, &answers(&[("", "whose", "k")]));
    assert_eq!(asked(&gathered), ["谁的事？"]);
    assert_eq!(certain(&gathered), ["户口簿", "出生证", "照片"]);
}

/// Any answers to any of the questions that a bundle can ask.
fn any_answers(catalogue: &Catalogue, picks: &[u8]) -> (Bundle, Vec<Arc<Guide>>, BundleAnswers) {
    let bundles = catalogue.snapshot().documents::<Bundle>();
    let which = usize::from(picks[0]) % bundles.len();
    let found = at_once(catalogue.bundle(bundles[which].id.as_str())).unwrap();
    let (bundle, guides) = found.unwrap();
    let open = gather(&bundle, &guides, &BundleAnswers::new()).questions;
    let said = open.iter().zip(&picks[1..]).filter_map(|(question, pick)| {
        let options = &question.situation.options;
        let at = usize::from(*pick) % (options.len() + 1);
        Some((question.key.clone(), options.get(at)?.id.clone()))
    });
    let said = said.collect();
    (bundle, guides, said)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn whatever_is_answered_nothing_is_asked_twice_and_no_count_is_lost(picks in proptest::collection::vec(any::<u8>(), 12)) {
        let catalogue = Catalogue::in_memory();
        let (bundle, guides, said) = any_answers(&catalogue, &picks);
        let gathered = gather(&bundle, &guides, &said);
        let names: BTreeSet<_> = gathered.materials.iter().map(|m| &m.name).collect();
        prop_assert_eq!(names.len(), gathered.materials.len());
        let questions: BTreeSet<_> = asked(&gathered).into_iter().collect();
        prop_assert_eq!(questions.len(), gathered.questions.len());
        let steps: BTreeSet<_> = gathered.steps.iter().map(|step| &step.guide).collect();
        prop_assert_eq!(steps.len(), gathered.steps.len());
        // By a second way of counting: no guide wants more of a thing than the list says.
        for guide in &guides {
            for material in &guide.materials {
                for one in gathered.materials.iter().filter(|one| one.name == material.name) {
                    if one.wanted_by.contains(&guide.id) && material.applies_when.is_empty() {
                        prop_assert!(one.originals >= material.originals && one.copies >= material.copies);
                    }
                }
            }
        }
    }

    #[test]
    fn an_answer_only_ever_makes_things_more_certain(picks in proptest::collection::vec(any::<u8>(), 12)) {
        let catalogue = Catalogue::in_memory();
        let (bundle, guides, said) = any_answers(&catalogue, &picks);
        let before = gather(&bundle, &guides, &BundleAnswers::new());
        let after = gather(&bundle, &guides, &said);
        for material in &after.materials {
            prop_assert!(before.materials.iter().any(|m| m.name == material.name), "{}", material.name);
        }
        for name in certain(&before) {
            prop_assert!(certain(&after).contains(&name), "{}", name);
        }
    }
}

/// What a slip says, a line each, from the heading of the things to bring on.
fn paper(id: &str, said: &[(&str, &str, &str)]) -> Vec<String> {
    let (bundle, guides) = at_once(Catalogue::in_memory().bundle(id)).unwrap().unwrap();
    let gathered = gather(&bundle, &guides, &answers(said));
    let slip = bundle_slip(&bundle, &gathered, &guides, "青溪镇", "以窗口为准。");
    let lines = slip.blocks.iter().map(|block| match block {
        Block::Title(text) | Block::Heading(text) | Block::Text(text) | Block::Small(text) => {
            text.clone()
        }
        Block::Rule(_) => "—".to_owned(),
        other => panic!("not on this slip: {other:?}"),
    });
    lines.collect()
}

#[test]
fn a_slip_has_the_answers_what_to_bring_where_to_go_and_whom_to_believe() {
    let paper = paper("newborn", &[("", "card", "no")]);
    let after = |line: &str| {
        let at = paper.iter().position(|said| said == line);
        &paper[at.unwrap_or_else(|| panic!("{line} is not in {paper:#?}")) + 1]
    };
    assert_eq!(paper[..3], ["一件事清单", "新生儿", "—"]);
    assert_eq!(after("要不要顺便给孩子办社保卡？"), "以后再办");
    assert_eq!(after("父母领结婚证了吗？"), "还没有回答");
    assert!(after("要带这些，一样只带一次").starts_with("1. "));
    assert!(after("要办这几样，按顺序来").starts_with("1. "));
    assert!(!paper.iter().any(|line| line.contains("刷这张卡")));
    assert_eq!(after("以窗口为准。"), "取自 青溪镇");
    assert_eq!(
        paper.last().unwrap(),
        "这份指南是示例，只供试用，不能当作办事依据"
    );
}

#[test]
fn a_slip_names_each_thing_once_and_says_what_is_not_certain() {
    let open = paper("retirement", &[]);
    let answered = paper(
        "retirement",
        &[
            ("", "card", "yes"),
            ("", "away", "no"),
            ("", "eighty", "no"),
        ],
    );
    let perhaps = |paper: &[String]| {
        let lines = paper.iter();
        lines.filter(|line| line.contains("看您的情况")).count()
    };
    assert!(perhaps(&open) > perhaps(&answered), "{answered:#?}");
    for paper in [open, answered] {
        let cards = paper.iter().filter(|line| line.ends_with("居民身份证"));
        assert_eq!(cards.count(), 1, "{paper:#?}");
    }
}

#[test]
fn items_that_say_different_things_of_one_paper_are_both_heard_by_name() {
    let gathered = shipped("newborn", &[]);
    let book = gathered.materials.iter().find(|m| m.name == "居民户口簿");
    let facts = book.unwrap().facts();
    let of = |item: &str| facts.iter().filter(|fact| fact.starts_with(item)).count();
    assert!(
        of("新生儿上户口：") == 1 && of("生育登记") == 1,
        "{facts:?}"
    );
    // What only one item says, or all alike, needs no name.
    for material in gathered.materials.iter().filter(|m| m.notes.len() == 1) {
        let note = &material.notes[0].text;
        assert!(material.facts().iter().any(|fact| fact == note), "{note}");
    }
}

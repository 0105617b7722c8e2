//! What a draft must do, by example.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use jinban_api::case::TrustGrade;
use jinban_api::ids::MaterialId;

use super::*;
use crate::filing::testing::{applicant, complete_draft, guide, now, page, signature};

fn begun() -> Draft {
    Draft::begin(guide(), now())
}

#[test]
fn an_empty_draft_names_everything_it_lacks_in_the_order_of_the_steps() {
    let missing = begun().ready().unwrap_err();
    let field = |name: &str| Missing::Field {
        field: Some(name.into()),
        problem: FieldProblem::Missing,
    };
    assert_eq!(
        missing,
        [
            Missing::Situation("account".into()),
            Missing::Situation("reissue".into()),
            Missing::Identity {
                needed: jinban_api::case::IdentityLevel::ChipRead
            },
            field("phone"),
            field("bank"),
            field("number"),
            Missing::Material("id-card".into()),
            Missing::Material("book".into()),
            Missing::ReadBack,
            Missing::Signature,
        ]
    );
}

#[test]
fn a_material_applies_only_to_its_situation() {
    let mut draft = begun();
    let names = |draft: &Draft| -> Vec<String> {
        draft
            .materials()
            .iter()
            .map(|required| required.material.id.0.clone())
            .collect()
    };
    assert_eq!(names(&draft), ["id-card", "book", "photo", "form"]);
    draft
        .answer_situation(&"account".into(), &"other".into())
        .unwrap();
    assert_eq!(names(&draft), ["id-card", "book", "kin", "photo", "form"]);
}

#[test]
fn only_what_may_follow_can_be_promised() {
    let mut draft = begun();
    draft
        .answer_situation(&"account".into(), &"other".into())
        .unwrap();
    assert_eq!(draft.promise(&"book".into()), Err(NotAsked));
    draft.promise(&"kin".into()).unwrap();
    let kin = MaterialId::from("kin");
    let provided = draft
        .materials()
        .into_iter()
        .find(|required| required.material.id == kin)
        .unwrap()
        .provided;
    assert!(matches!(provided, Some(Provision::Promised)));
    draft.add_page(&kin, page(b"x")).unwrap();
    let provided = draft
        .materials()
        .into_iter()
        .find(|required| required.material.id == kin)
        .unwrap()
        .provided;
    assert!(matches!(provided, Some(Provision::Pages(pages, TrustGrade::C)) if pages.len() == 1));
}

#[test]
fn removing_the_last_page_leaves_the_material_missing() {
    let mut draft = complete_draft();
    let pages: Vec<Ulid> = draft
        .materials()
        .iter()
        .find_map(|required| match required.provided {
            Some(Provision::Pages(pages, _)) => Some(pages.iter().map(CapturedPage::id).collect()),
            _ => None,
        })
        .unwrap();
    for id in pages {
        assert!(draft.remove_page(&"book".into(), id));
    }
    assert!(
        draft
            .incomplete()
            .contains(&Missing::Material("book".into()))
    );
}

#[test]
fn any_change_after_signing_takes_the_signature_back() {
    let changes: [fn(&mut Draft); 5] = [
        |draft| draft.answer_field("phone", "13800009999").unwrap(),
        |draft| draft.answer_field("phone", "").unwrap(),
        |draft| {
            draft
                .answer_situation(&"account".into(), &"other".into())
                .unwrap();
        },
        |draft| draft.add_page(&"photo".into(), page(b"x")).unwrap(),
        |draft| draft.clear_material(&"book".into()),
    ];
    for change in changes {
        let mut draft = complete_draft();
        change(&mut draft);
        let missing = draft.ready().unwrap_err();
        assert!(missing.contains(&Missing::ReadBack) && missing.contains(&Missing::Signature));
    }
}

#[test]
fn answering_the_same_again_keeps_the_signature() {
    let mut draft = complete_draft();
    draft.answer_field("phone", " 13800001234 ").unwrap();
    draft
        .answer_situation(&"account".into(), &"own".into())
        .unwrap();
    draft.identify(applicant()).unwrap();
    assert_eq!(draft.ready(), Ok(()));
}

#[test]
fn a_pad_without_strokes_is_not_a_signature() {
    let mut draft = complete_draft();
    draft.sign(Signature {
        strokes: vec![vec![]],
        ..signature()
    });
    assert_eq!(draft.ready(), Err(vec![Missing::Signature]));
}

#[test]
fn another_persons_card_changes_nothing() {
    let mut draft = complete_draft();
    let other = Applicant {
        id_number: "51082219500101002X".into(),
        ..applicant()
    };
    assert_eq!(draft.identify(other), Err(OtherPerson));
    assert_eq!(draft.applicant(), Some(&applicant()));
    assert_eq!(draft.ready(), Ok(()));
}

#[test]
fn a_field_may_start_from_the_card_and_be_changed() {
    let mut draft = begun();
    draft.identify(applicant()).unwrap();
    assert_eq!(draft.answer_text("address"), applicant().address);
    draft.answer_field("address", "别处").unwrap();
    draft.identify(applicant()).unwrap();
    assert_eq!(draft.answer_text("address"), "别处");
}

#[test]
fn each_problem_has_its_own_kind() {
    let table = [
        (
            "phone",
            "12",
            FieldProblem::Said("请填十一位手机号码。".into()),
        ),
        ("number", "123", FieldProblem::TooShort { min: 16 }),
        (
            "number",
            "12345678901234567890",
            FieldProblem::TooLong { max: 19 },
        ),
        ("number", "1234567890123456x", FieldProblem::Pattern),
        ("bank", "gold", FieldProblem::NotAChoice),
        ("people", "三", FieldProblem::NotANumber),
        ("people", "0", FieldProblem::TooSmall { min: "1".into() }),
        ("people", "21", FieldProblem::TooLarge { max: "20".into() }),
        ("since", "2026-02-30", FieldProblem::NotADate),
        (
            "kin_id",
            "510822194003071214",
            FieldProblem::WrongCheckDigit,
        ),
    ];
    for (field, answer, problem) in table {
        let mut draft = begun();
        draft.answer_field(field, answer).unwrap();
        assert_eq!(draft.check_field(field), Err(problem), "{field} = {answer}");
    }
}

#[test]
fn answers_that_fit_are_let_through() {
    let mut draft = complete_draft();
    for (field, answer) in [
        ("people", "4"),
        ("since", "2024-02-29"),
        ("kin_id", "510822194003071219"),
    ] {
        draft.answer_field(field, answer).unwrap();
        assert_eq!(draft.check_field(field), Ok(()), "{field} = {answer}");
    }
    assert_eq!(draft.check_all(), []);
    assert_eq!(draft.check_group(1), []);
}

#[test]
fn a_group_reports_only_its_own_fields() {
    let names: Vec<String> = begun()
        .check_group(1)
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(names, ["bank", "number"]);
}

#[test]
fn a_form_whose_schema_is_broken_cannot_be_filed() {
    let mut guide = (*guide()).clone();
    guide.form.as_mut().unwrap().schema = serde_json::json!({ "type": 7 });
    let draft = Draft::begin(Arc::new(guide), now());
    assert!(draft.incomplete().contains(&Missing::NotFileableHere));
}

#[test]
fn fees_follow_the_situation() {
    let mut draft = complete_draft();
    assert_eq!(draft.fees().count(), 0);
    draft
        .answer_situation(&"reissue".into(), &"yes".into())
        .unwrap();
    assert_eq!(
        draft.fees().filter_map(|fee| fee.amount_fen).sum::<u64>(),
        1000
    );
}

#[test]
fn read_back_shows_choices_by_their_label_and_leaves_no_empty_part() {
    let sections = complete_draft().read_back();
    let all: Vec<&ReadBackLine> = sections.iter().flat_map(|section| &section.lines).collect();
    assert!(
        all.iter()
            .any(|line| line.value == ReadBackValue::Text("农村信用社".into()))
    );
    assert!(all.iter().any(|line| line.value == ReadBackValue::Pages(2)));
    assert!(sections.iter().all(|section| !section.lines.is_empty()));
    assert!(
        !sections
            .iter()
            .any(|section| section.part == ReadBackPart::Fees)
    );
}

#[test]
fn debug_output_tells_nothing_about_the_person() {
    let draft = complete_draft();
    let text = format!("{draft:?} {:?} {:?}", draft.read_back(), draft.materials());
    for secret in [
        "张试甲",
        "510822194003071219",
        "13800001234",
        "6222000000000001",
        "示例村1组",
    ] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}

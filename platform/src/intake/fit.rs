//! Does the content of a case fit the guide version it was filed against? Pure judgement, no storage.

use std::collections::BTreeSet;

use jinban_api::case::{CaseContent, CaseMaterial, Provided};
use jinban_api::guide::{AppliesWhen, Capture, Guide, Material, Necessity};
use jsonschema::Validator;
use jsonschema::error::{ValidationError, ValidationErrorKind};
use serde_json::Value;

/// What does not fit. Says which part in the guide's own words, and never repeats what a person answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// The item is not filed at terminals.
    NotFiledHere,
    /// A situation question has no answer, or one that it does not offer.
    Situation(String),
    /// An answer to a question that the guide does not ask.
    StrangeSituation,
    /// This field of the form; none when the form as a whole does not fit.
    Field(Option<String>),
    /// A material that must be handed in is not there, or not as it must be.
    Material(String),
    /// A material that the guide does not know, or the same one twice.
    StrangeMaterial,
}

impl Misfit {
    /// For people.
    pub fn words(&self) -> String {
        match self {
            Self::NotFiledHere => "这个事项不能在自助终端上办。".to_owned(),
            Self::Situation(question) => format!("“{question}”没有选好。"),
            Self::StrangeSituation => "选的情形和指南上的对不上。".to_owned(),
            Self::Field(Some(label)) => format!("“{label}”填得不对。"),
            Self::Field(None) => "表格填得不对。".to_owned(),
            Self::Material(name) => format!("“{name}”没有交齐。"),
            Self::StrangeMaterial => "交来的材料和指南上的对不上。".to_owned(),
        }
    }
}

/// The compiled form of a guide version, `None` when it has no form. An error when its schema is unusable.
pub fn compile(guide: &Guide) -> Result<Option<Validator>, String> {
    let Some(form) = &guide.form else {
        return Ok(None);
    };
    // As on the terminal: draft 2020-12, where `format` is a remark and not a rule.
    match jsonschema::draft202012::options().build(&form.schema) {
        Ok(validator) => Ok(Some(validator)),
        Err(error) => Err(error.to_string()),
    }
}

/// The first thing that does not fit, in the order in which a person fills it in.
pub fn judge(guide: &Guide, form: Option<&Validator>, content: &CaseContent) -> Result<(), Misfit> {
    if !guide.is_done_here() {
        return Err(Misfit::NotFiledHere);
    }
    judge_situations(guide, content)?;
    judge_answers(guide, form, content)?;
    judge_materials(guide, content)
}

fn judge_situations(guide: &Guide, content: &CaseContent) -> Result<(), Misfit> {
    for situation in &guide.situations {
        let offered = content
            .situations
            .get(&situation.id)
            .is_some_and(|given| situation.options.iter().any(|option| option.id == *given));
        if !offered {
            return Err(Misfit::Situation(situation.question.clone()));
        }
    }
    if content.situations.len() > guide.situations.len() {
        return Err(Misfit::StrangeSituation);
    }
    Ok(())
}

fn judge_answers(
    guide: &Guide,
    form: Option<&Validator>,
    content: &CaseContent,
) -> Result<(), Misfit> {
    let Some(validator) = form else {
        return if content.answers.is_empty() {
            Ok(())
        } else {
            Err(Misfit::Field(None))
        };
    };
    let answers = Value::Object(content.answers.clone());
    match validator.validate(&answers) {
        Ok(()) => Ok(()),
        Err(error) => Err(Misfit::Field(label_of(guide, &error))),
    }
}

fn judge_materials(guide: &Guide, content: &CaseContent) -> Result<(), Misfit> {
    let mut seen = BTreeSet::new();
    for provided in &content.materials {
        let known = guide
            .materials
            .iter()
            .find(|material| material.id == provided.material)
            .ok_or(Misfit::StrangeMaterial)?;
        if !seen.insert(&provided.material) {
            return Err(Misfit::StrangeMaterial);
        }
        if !is_whole(known, provided) {
            return Err(Misfit::Material(known.name.clone()));
        }
    }
    let absent = guide.materials.iter().find(|material| {
        // The others follow from the card, the form, the department or the window by themselves.
        material.capture() == Capture::Scan
            && material.necessity() != Necessity::Optional
            && applies(&material.applies_when, content)
            && !seen.contains(&material.id)
    });
    match absent {
        Some(material) => Err(Misfit::Material(material.name.clone())),
        None => Ok(()),
    }
}

fn is_whole(material: &Material, provided: &CaseMaterial) -> bool {
    match &provided.provided {
        Provided::Pages { pages, .. } => !pages.is_empty(),
        Provided::Promised => material.necessity() != Necessity::Required,
        Provided::Card | Provided::Form | Provided::Shared | Provided::Window => {
            material.capture() != Capture::Scan
        }
    }
}

fn applies(when: &[AppliesWhen], content: &CaseContent) -> bool {
    when.iter().all(|condition| {
        content
            .situations
            .get(&condition.question)
            .is_some_and(|given| condition.any_of.contains(given))
    })
}

/// The label of the field that an error is about.
fn label_of(guide: &Guide, error: &ValidationError<'_>) -> Option<String> {
    let path = error.instance_path().as_str();
    let first = path.trim_start_matches('/').split('/').next().unwrap_or("");
    let name = if first.is_empty() {
        match error.kind() {
            ValidationErrorKind::Required { property } => property.as_str()?.to_owned(),
            _ => return None,
        }
    } else {
        first.replace("~1", "/").replace("~0", "~")
    };
    guide
        .form
        .iter()
        .flat_map(|form| &form.groups)
        .flat_map(|group| &group.fields)
        .find(|field| field.name == name)
        .map(|field| field.label.clone())
}

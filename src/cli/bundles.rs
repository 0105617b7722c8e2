//! `jinban guides bundle`: what has to be done and brought for one thing in life.

use std::fmt::Write;

use jinban_api::documents::Bundle;
use jinban_api::guide::{Capture, Necessity};
use serde_json::json;

use super::exit::{Failure, Output};
use crate::catalogue::{
    BundleAnswers, Catalogue, Certainty, GatheredBundle, GatheredMaterial, QuestionKey, Snapshot,
    gather,
};

/// Every theme service there is.
pub(super) fn list(snapshot: &Snapshot, json: bool) -> Result<Output, Failure> {
    let bundles = snapshot.bundles();
    if json {
        return Output::json(&bundles);
    }
    if bundles.is_empty() {
        return Err(Failure::not_well("这里还没有“一件事”。"));
    }
    let mut text = String::new();
    for bundle in bundles {
        let _ = writeln!(
            text,
            "{}（{}）\n    {}",
            bundle.name, bundle.id, bundle.summary
        );
    }
    Ok(Output::text(text))
}

/// One theme service, with the answers that are known.
pub(super) async fn show(
    catalogue: &Catalogue,
    wanted: &str,
    answers: &[String],
    json: bool,
) -> Result<Output, Failure> {
    let found = catalogue.bundle(wanted).await;
    let found = found.map_err(|error| Failure::unavailable(error.to_string()))?;
    let Some((bundle, guides)) = found else {
        let names: Vec<_> = catalogue
            .snapshot()
            .bundles()
            .iter()
            .map(|bundle| format!("{}（{}）", bundle.name, bundle.id))
            .collect();
        return Err(Failure::not_well(format!(
            "没有“{wanted}”这件事。现在有：{}。",
            names.join("、")
        )));
    };
    let everything = gather(&bundle, &guides, &BundleAnswers::new());
    let answers = parse(answers, &everything)?;
    let gathered = gather(&bundle, &guides, &answers);
    if json {
        return Output::json(&json!({ "bundle": bundle, "gathered": gathered }));
    }
    Ok(Output::text(write(&bundle, &gathered)))
}

/// `question=option` or `guide.question=option`; each must be one of what can be asked.
fn parse(answers: &[String], everything: &GatheredBundle) -> Result<BundleAnswers, Failure> {
    let mut parsed = BundleAnswers::new();
    for answer in answers {
        let not_asked = || {
            Failure::not_well(format!(
                "“{answer}”对不上任何一个问题。写成 问题=选项，不写 --answer 就能看到有哪些。"
            ))
        };
        let (question, option) = answer.split_once('=').ok_or_else(not_asked)?;
        let (guide, question) = match question.split_once('.') {
            Some((guide, question)) => (Some(guide.into()), question),
            None => (None, question),
        };
        let key = QuestionKey {
            guide,
            question: question.into(),
        };
        let known = everything.questions.iter().any(|asked| {
            asked.key == key
                && asked
                    .situation
                    .options
                    .iter()
                    .any(|o| o.id.as_str() == option)
        });
        if !known {
            return Err(not_asked());
        }
        parsed.insert(key, option.into());
    }
    Ok(parsed)
}

fn write(bundle: &Bundle, gathered: &GatheredBundle) -> String {
    let mut text = format!("{}\n{}\n", bundle.name, bundle.summary);
    heading(&mut text, "先问您几句");
    for asked in &gathered.questions {
        let place = asked.key.guide.as_ref().map_or_else(
            || asked.key.question.to_string(),
            |guide| format!("{guide}.{}", asked.key.question),
        );
        let _ = writeln!(text, "  · {}　[{place}]", asked.situation.question);
        for option in &asked.situation.options {
            let mark = if asked.answer.as_ref() == Some(&option.id) {
                "●"
            } else {
                "○"
            };
            let _ = writeln!(text, "      {mark} {}　[{}]", option.label, option.id);
        }
    }
    heading(&mut text, "要办这几样");
    for (at, step) in gathered.steps.iter().enumerate() {
        let perhaps = perhaps(step.certainty);
        let _ = writeln!(text, "  {}. {}{perhaps}　{}", at + 1, step.name, step.why);
    }
    for guide in &gathered.missing {
        let _ = writeln!(text, "  · 还有一样（{guide}）这里没有指南，请问窗口。");
    }
    for note in &bundle.notes {
        let _ = writeln!(text, "  · {note}");
    }
    heading(&mut text, "要带这些");
    for material in gathered
        .materials
        .iter()
        .filter(|material| material.is_brought())
    {
        let _ = writeln!(text, "  · {}", line(material));
    }
    let made: Vec<_> = gathered
        .materials
        .iter()
        .filter(|material| !material.is_brought())
        .map(|material| material.name.as_str())
        .collect();
    if !made.is_empty() {
        heading(&mut text, "这些不用带，在机器上填或者部门自己查");
        let _ = writeln!(text, "  {}", made.join("、"));
    }
    text
}

fn line(material: &GatheredMaterial) -> String {
    let mut text = material.name.clone();
    text.push_str(perhaps(material.certainty));
    let how = match material.capture {
        Capture::Card => "读卡",
        Capture::Scan => "在机器上扫描",
        Capture::Window => "原件交窗口",
        Capture::Form | Capture::Shared => "不用带",
    };
    let _ = write!(text, "（{how}");
    // A card that is only read is not counted.
    if material.capture != Capture::Card && material.originals > 0 {
        let _ = write!(text, "，原件{}份", material.originals);
    }
    if material.copies > 0 {
        let _ = write!(text, "，复印件{}份", material.copies);
    }
    match material.necessity {
        Necessity::Required => {}
        Necessity::Optional => text.push_str("，有就带"),
        Necessity::MayFollow => text.push_str("，可以后补"),
    }
    text.push('）');
    text
}

fn perhaps(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Certain => "",
        Certainty::Possible => "（看您的情况）",
    }
}

fn heading(text: &mut String, title: &str) {
    let _ = writeln!(text, "\n■ {title}");
}

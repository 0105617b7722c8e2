//! Rules that every bundled guide must obey: what is published must not contradict itself.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};

use jinban_api::catalogue::Theme;
use jinban_api::guide::{
    AppliesWhen, Audience, Capture, Form, Guide, Input, Necessity, TerminalHandling, TimeLimit,
};
use jinban_api::ids::SituationId;
use serde_json::{Value, json};

use super::bundled::{GUIDES, THEMES};

/// Collects what is wrong with one guide, so that one run tells everything.
struct Check<'a> {
    file: &'a str,
    guide: &'a Guide,
    themes: &'a [Theme],
    broken: Vec<String>,
}

impl Check<'_> {
    fn hold(&mut self, rule: &str, holds: bool) {
        if !holds {
            self.broken.push(format!("{}.json: {rule}", self.file));
        }
    }

    fn times(&mut self) {
        let guide = self.guide;
        let declared = guide.extra.get("project_type").and_then(Value::as_str);
        let on_the_spot = guide.promised_time == Some(TimeLimit::OnTheSpot);
        self.hold(
            "rule 1: promised on the spot if and only if it is 即办件",
            on_the_spot == (declared == Some("即办件")),
        );
        self.hold("a promised time is given", guide.promised_time.is_some());
        let shorter = match (guide.promised_time, guide.legal_time) {
            (Some(promised), Some(legal)) => comparable(promised) <= comparable(legal),
            _ => true,
        };
        self.hold("rule 2: promised is not longer than legal", shorter);
        let links: u32 = guide
            .process
            .iter()
            .filter_map(|link| link.time)
            .map(comparable)
            .sum();
        let whole = guide.promised_time.map_or(0, comparable);
        self.hold(
            "the links together take no longer than promised",
            links <= whole,
        );
    }

    fn results(&mut self) {
        let declared = self.guide.extra.get("result_type").and_then(Value::as_str);
        for result in &self.guide.results {
            if result.name.ends_with('证') || result.name.ends_with('照') {
                self.hold(
                    "rule 3: a result ending 证 is 出证办结",
                    declared == Some("出证办结"),
                );
            }
            self.hold(
                "a result says how it is delivered",
                result.delivery.is_some(),
            );
        }
        self.hold("there is a result", !self.guide.results.is_empty());
    }

    fn presence(&mut self) {
        let guide = self.guide;
        let depth = guide.depth.as_deref().unwrap_or_default();
        self.hold(
            "rule 4: visits need a reason, and only visits",
            (guide.visits > 0) == guide.visit_reason.is_some(),
        );
        self.hold(
            "rule 4: without visits it is done online or the guide is all there is",
            guide.visits > 0
                || matches!(depth, "III" | "IV")
                || matches!(guide.terminal, TerminalHandling::GuideOnly { .. }),
        );
        self.hold(
            "rule 5: depth IV means no visit",
            depth != "IV" || guide.visits == 0,
        );
        self.hold(
            "depth is one of I to IV",
            matches!(depth, "I" | "II" | "III" | "IV"),
        );
        match &guide.terminal {
            TerminalHandling::Full => {
                self.hold("what can be done here has a form", guide.form.is_some());
                let at_window = guide.materials.iter().any(|material| {
                    material.capture == Capture::Window && material.necessity == Necessity::Required
                });
                self.hold("what can be done here needs no window", !at_window);
            }
            TerminalHandling::InPerson { reason } => {
                self.hold("presence is explained", reason.chars().count() >= 8);
                self.hold("presence is a visit", guide.visits > 0);
            }
            TerminalHandling::GuideOnly { reason } => {
                self.hold("why not here is explained", reason.chars().count() >= 8);
                self.hold(
                    "a guide that is only read has no form",
                    guide.form.is_none(),
                );
            }
        }
    }

    fn fees(&mut self) {
        for fee in &self.guide.fees {
            let complete =
                !fee.name.is_empty() && !fee.standard.is_empty() && !fee.basis.is_empty();
            self.hold(
                "rule 6: a fee has item, standard and basis",
                complete && fee.amount_fen > 0,
            );
            let yuan = format!("{}元", fee.amount_fen / 100);
            self.hold("a fee's words say its amount", fee.standard.contains(&yuan));
        }
    }

    fn phones(&mut self) {
        let guide = self.guide;
        for phone in [&guide.consult_phone, &guide.complaint_phone]
            .into_iter()
            .chain(guide.places.iter().filter_map(|place| place.phone.as_ref()))
        {
            // Local numbers never begin with 0, so an example can never ring anybody.
            let example = phone
                .strip_prefix("0839-0")
                .is_some_and(|rest| rest.len() == 6 && rest.bytes().all(|b| b.is_ascii_digit()));
            self.hold(
                "rule 7: area code 0839, and visibly an example number",
                example,
            );
        }
        self.hold(
            "rule 7: complaints go to another number than questions",
            guide.consult_phone != guide.complaint_phone,
        );
    }

    fn themes(&mut self) {
        let guide = self.guide;
        let codes: Vec<&str> = self
            .themes
            .iter()
            .filter(|theme| guide.themes.contains(&theme.id))
            .flat_map(|theme| theme.codes.iter().map(String::as_str))
            .collect();
        self.hold(
            "it stands under themes that exist",
            !guide.themes.is_empty()
                && guide
                    .themes
                    .iter()
                    .all(|id| self.themes.iter().any(|theme| theme.id == *id)),
        );
        for audience in &guide.audience {
            let list = match audience {
                Audience::Person => "person:",
                Audience::Organisation => "organisation:",
            };
            self.hold(
                "rule 8: whom it serves agrees with the theme list",
                codes.iter().any(|code| code.starts_with(list)),
            );
        }
        self.hold("it serves somebody", !guide.audience.is_empty());
    }

    fn licence(&mut self) {
        let guide = self.guide;
        if guide.item_type == "01" {
            self.hold(
                "rule 9: a licence answers a common question",
                !guide.faq.is_empty(),
            );
            let names: Vec<&str> = guide
                .process
                .iter()
                .map(|link| link.name.as_str())
                .collect();
            for link in ["受理", "审核", "审批", "办结", "送达"] {
                self.hold(
                    &format!("rule 9: a licence has the link {link}"),
                    names.contains(&link),
                );
            }
        }
    }

    fn reading(&mut self) {
        let guide = self.guide;
        self.hold(
            "two to four common questions",
            (2..=4).contains(&guide.faq.len()),
        );
        self.hold(
            "the summary fits a glance",
            (10..=80).contains(&guide.summary.chars().count()),
        );
        let sentences = guide
            .conditions
            .iter()
            .chain([&guide.summary])
            .chain(guide.faq.iter().map(|faq| &faq.answer));
        for text in sentences {
            self.hold(
                &format!("a sentence ends: {text}"),
                text.ends_with(['。', '？']),
            );
            let plain = !["系统", "数据异常", "用户"]
                .iter()
                .any(|word| text.contains(word))
                && !text.chars().any(|c| c.is_ascii_alphabetic());
            self.hold(&format!("plain words: {text}"), plain);
        }
        self.hold("people's words find it", guide.aliases.len() >= 3);
        self.hold("it is marked as a sample", guide.sample);
        self.hold("it has a basis", !guide.basis.is_empty());
        self.hold("it says where", !guide.places.is_empty());
        self.hold(
            "it says what to do when refused",
            !guide.remedies.is_empty(),
        );
        self.hold("it has conditions", !guide.conditions.is_empty());
        self.hold(
            "the kind of item is two digits",
            guide.item_type.len() == 2 && guide.item_type.bytes().all(|b| b.is_ascii_digit()),
        );
        if let Some(season) = &guide.season {
            let months =
                !season.months.is_empty() && season.months.iter().all(|m| (1..=12).contains(m));
            self.hold("a season names months", months);
        }
    }

    fn situations(&mut self) {
        let guide = self.guide;
        let known: BTreeMap<&SituationId, BTreeSet<_>> = guide
            .situations
            .iter()
            .map(|s| (&s.id, s.options.iter().map(|option| &option.id).collect()))
            .collect();
        self.hold(
            "situations are distinct",
            known.len() == guide.situations.len(),
        );
        for situation in &guide.situations {
            self.hold(
                "a situation has two answers or more",
                situation.options.len() >= 2,
            );
            self.hold(
                "answers are distinct",
                known[&situation.id].len() == situation.options.len(),
            );
            self.hold("a situation is asked", situation.question.ends_with('？'));
        }
        let conditions: Vec<&AppliesWhen> = guide
            .materials
            .iter()
            .flat_map(|material| &material.applies_when)
            .chain(guide.fees.iter().flat_map(|fee| &fee.applies_when))
            .collect();
        for condition in conditions {
            let exists = known.get(&condition.question).is_some_and(|options| {
                !condition.any_of.is_empty() && condition.any_of.iter().all(|o| options.contains(o))
            });
            self.hold(
                &format!("{} names answers that exist", condition.question),
                exists,
            );
        }
        let mut materials = BTreeSet::new();
        for material in &guide.materials {
            self.hold("materials are distinct", materials.insert(&material.id));
            self.hold(
                &format!("{} is held in the hand or explained", material.name),
                material.note.is_some() || material.originals + material.copies > 0,
            );
        }
    }

    fn form(&mut self, form: &Form) {
        let properties = form.schema["properties"]
            .as_object()
            .cloned()
            .unwrap_or_default();
        let fields: Vec<_> = form.groups.iter().flat_map(|group| &group.fields).collect();
        let names: BTreeSet<&str> = fields.iter().map(|field| field.name.as_str()).collect();
        self.hold("fields are distinct", names.len() == fields.len());
        let keys: BTreeSet<&str> = properties.keys().map(String::as_str).collect();
        self.hold("fields and schema name the same", names == keys);
        self.hold("three to eight fields", (3..=8).contains(&fields.len()));
        let dialect = "https://json-schema.org/draft/2020-12/schema";
        self.hold("the schema is 2020-12", form.schema["$schema"] == dialect);
        self.hold(
            "nothing but the fields is taken",
            form.schema["additionalProperties"] == false,
        );
        for group in &form.groups {
            self.hold(
                "a page is asked or said",
                !group.title.is_empty() && !group.fields.is_empty(),
            );
        }
        for field in fields {
            let schema = &properties[&field.name];
            self.hold(
                &format!("{} says what is wrong", field.name),
                field.error.is_some(),
            );
            self.hold(
                &format!("{} has an input that can fill it", field.name),
                fits(&field.input, schema),
            );
        }
        let validator = jsonschema::draft202012::new(&form.schema);
        self.hold("the schema compiles", validator.is_ok());
        let Ok(validator) = validator else { return };
        self.hold(
            "an answered form is accepted",
            validator.is_valid(&example(form)),
        );
        self.hold("an empty form is not", !validator.is_valid(&json!({})));
        self.hold(
            "an unknown answer is not",
            !validator.is_valid(&{
                let mut more = example(form);
                more["unknown"] = json!("x");
                more
            }),
        );
    }
}

/// In fifths of an hour, for comparing; a working day is 7/5 of a day in the long run.
fn comparable(limit: TimeLimit) -> u32 {
    match limit {
        TimeLimit::OnTheSpot => 0,
        TimeLimit::Hours(hours) => u32::from(hours) * 5,
        TimeLimit::CalendarDays(days) => u32::from(days) * 24 * 5,
        TimeLimit::WorkingDays(days) => u32::from(days) * 24 * 7,
    }
}

fn fits(input: &Input, schema: &Value) -> bool {
    let text = schema["type"] == "string";
    match input {
        Input::Number => schema["type"] == "integer",
        Input::Choice { options } => {
            let values: Vec<&str> = options.iter().map(|option| option.value.as_str()).collect();
            text && options.len() >= 2 && schema["enum"] == json!(values)
        }
        Input::Phone | Input::Digits | Input::IdNumber | Input::Date => {
            text && schema["pattern"].is_string()
        }
        Input::Text | Input::Name | Input::Address => text && schema["maxLength"].is_u64(),
    }
}

/// What a considerate person would answer; the numbers are visibly made up.
fn example(form: &Form) -> Value {
    let answers = form
        .groups
        .iter()
        .flat_map(|group| &group.fields)
        .map(|field| {
            let answer = match &field.input {
                Input::Number => form.schema["properties"][&field.name]["minimum"].clone(),
                Input::Choice { options } => json!(options[0].value),
                Input::Phone => json!("13800000000"),
                Input::Digits => json!("6210000000000000000"),
                Input::IdNumber => json!("51082219360101001X"),
                Input::Date => json!("2026-11-20"),
                Input::Name => json!("样张三"),
                Input::Text | Input::Address => json!("四川省青川县青溪镇样例村一组1号"),
            };
            (field.name.clone(), answer)
        });
    Value::Object(answers.collect())
}

#[test]
fn catalogue_consistency() {
    let themes: Vec<Theme> = serde_json::from_str(THEMES).unwrap();
    let mut broken = Vec::new();
    for (file, json) in GUIDES {
        let guide: Guide = serde_json::from_str(json).unwrap();
        let mut check = Check {
            file,
            guide: &guide,
            themes: &themes,
            broken: Vec::new(),
        };
        check.times();
        check.results();
        check.presence();
        check.fees();
        check.phones();
        check.themes();
        check.licence();
        check.reading();
        check.situations();
        if let Some(form) = &guide.form {
            check.form(form);
        }
        broken.append(&mut check.broken);
    }
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

#[test]
fn every_theme_tile_has_something_under_it() {
    let themes: Vec<Theme> = serde_json::from_str(THEMES).unwrap();
    for theme in themes {
        let used = GUIDES.iter().any(|(_, json)| {
            let guide: Guide = serde_json::from_str(json).unwrap();
            guide.themes.contains(&theme.id)
        });
        assert!(used, "{} is empty", theme.name);
    }
}

//! How the bundled guides are written, beyond the rules that the platform checks: plain, whole, visibly samples.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use jinban_api::guide::{Capture, Form, Guide, Input, Necessity, TerminalHandling, TimeLimit};
use serde_json::{Value, json};

use super::bundled::{bundled, guides};

/// Collects what is wrong with one guide, so that one run tells everything.
struct Check<'a> {
    file: &'a str,
    guide: &'a Guide,
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
        let links: u32 = guide
            .process
            .iter()
            .filter_map(|link| link.time.as_ref()?.known().copied())
            .map(comparable)
            .sum();
        let whole = guide.promised().map_or(0, comparable);
        self.hold(
            "the links together take no longer than promised",
            links <= whole,
        );
        for fee in guide.charges() {
            let yuan = fee.amount_fen.map(|fen| format!("{}元", fen / 100));
            let said = yuan.is_some_and(|yuan| fee.standard.contains(&yuan));
            self.hold("a fee's words say its amount", said);
        }
        match guide.handling() {
            Some(TerminalHandling::Full) => {
                let at_window = guide.materials.iter().any(|material| {
                    material.capture() == Capture::Window
                        && material.necessity() == Necessity::Required
                });
                self.hold("what can be done here needs no window", !at_window);
            }
            Some(TerminalHandling::InPerson { reason }) => {
                self.hold("presence is explained", reason.chars().count() >= 8);
                self.hold("presence is a visit", guide.visits > Some(0));
            }
            Some(TerminalHandling::GuideOnly { reason }) => {
                self.hold("why not here is explained", reason.chars().count() >= 8);
                self.hold(
                    "a guide that is only read has no form",
                    guide.form.is_none(),
                );
            }
            None => self.hold("it says whether it can be done here", false),
        }
        for situation in &guide.situations {
            self.hold("a situation is asked", situation.question.ends_with('？'));
        }
        for material in &guide.materials {
            self.hold(
                &format!("{} is held in the hand or explained", material.name),
                material.note.is_some() || material.originals + material.copies > 0,
            );
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
            self.hold("area code 0839, and visibly an example number", example);
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

    fn form(&mut self, form: &Form) {
        let properties = form.schema["properties"]
            .as_object()
            .cloned()
            .unwrap_or_default();
        let fields: Vec<_> = form.groups.iter().flat_map(|group| &group.fields).collect();
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
                fits(field.input(), schema),
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
            let answer = match field.input() {
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
fn every_bundled_guide_keeps_the_rules_and_is_written_plainly() {
    let themes = bundled().themes;
    let mut broken = Vec::new();
    for (file, json) in guides() {
        let guide: Guide = serde_json::from_str(json).unwrap();
        let verdict = jinban_platform::check::check(&guide, &themes);
        for finding in verdict.violations.iter().chain(&verdict.reminders) {
            broken.push(format!(
                "{file}.json: {}: {}",
                finding.field, finding.message
            ));
        }
        let mut check = Check {
            file,
            guide: &guide,
            broken: Vec::new(),
        };
        check.times();
        check.phones();
        check.reading();
        if let Some(form) = &guide.form {
            check.form(form);
        }
        broken.append(&mut check.broken);
    }
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

#[test]
fn every_theme_tile_has_something_under_it() {
    let bundled = bundled();
    for theme in &bundled.themes {
        let mut guides = bundled.guides.iter();
        let used = guides.any(|guide| guide.themes.contains(&theme.id));
        assert!(used, "{} is empty", theme.name);
    }
}

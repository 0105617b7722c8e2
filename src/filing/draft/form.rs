//! Does an answer fit the guide's form? JSON Schema decides; this turns its verdict into something to say.

use jinban_api::guide::{Field, Guide, Input};
use jinban_devices::card_reader::IdNumber;
use jsonschema::Validator;
use jsonschema::error::{ValidationError, ValidationErrorKind};
use serde_json::{Map, Value};

/// Why an answer does not fit, for a person to correct.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldProblem {
    /// Nothing was answered, and something must be.
    Missing,
    /// Fewer characters than `min`.
    TooShort {
        /// Smallest number of characters.
        min: u64,
    },
    /// More characters than `max`.
    TooLong {
        /// Largest number of characters.
        max: u64,
    },
    /// The text does not have the shape it must have.
    Pattern,
    /// Not a number, or not a whole one.
    NotANumber,
    /// Below `min`.
    TooSmall {
        /// The limit, as the schema states it.
        min: String,
    },
    /// Above `max`.
    TooLarge {
        /// The limit, as the schema states it.
        max: String,
    },
    /// Not among the choices.
    NotAChoice,
    /// No such day in the calendar.
    NotADate,
    /// The check digit of an identity number does not agree.
    WrongCheckDigit,
    /// What the guide itself says about this field.
    Said(String),
    /// The schema refuses it for a reason that has no words of its own.
    Unfit,
}

/// The compiled form of one guide version.
#[derive(Debug)]
pub(super) enum FormRules {
    /// The guide has no form.
    Absent,
    /// The form's schema cannot be used; such a guide cannot be filed.
    Unusable,
    /// Ready to judge answers.
    Usable(Box<Validator>),
}

impl FormRules {
    pub(super) fn of(guide: &Guide) -> Self {
        match &guide.form {
            None => Self::Absent,
            Some(form) => match jsonschema::draft202012::options().build(&form.schema) {
                Ok(validator) => Self::Usable(Box::new(validator)),
                Err(_) => Self::Unusable,
            },
        }
    }

    /// Every problem with `answers`, in the order of the form, at most one a field; problems of the whole
    /// form come last under no field.
    pub(super) fn problems(
        &self,
        guide: &Guide,
        answers: &Map<String, Value>,
    ) -> Vec<(Option<String>, FieldProblem)> {
        let Self::Usable(validator) = self else {
            return Vec::new();
        };
        let instance = AnswersValue::new(answers);
        let mut by_schema: Vec<(Option<String>, FieldProblem)> = validator
            .iter_errors(&instance.0)
            .map(|error| (field_of(&error), problem_of(&error)))
            .collect();

        let mut found = Vec::new();
        for field in fields(guide) {
            let schema_problem = by_schema
                .iter()
                .position(|(name, _)| name.as_deref() == Some(field.name.as_str()))
                .map(|index| by_schema[index].1.clone());
            by_schema.retain(|(name, _)| name.as_deref() != Some(field.name.as_str()));
            let problem = schema_problem.or_else(|| {
                answers
                    .get(&field.name)
                    .and_then(|value| by_meaning(field, value))
            });
            if let Some(problem) = problem {
                found.push((Some(field.name.clone()), said(field, problem)));
            }
        }
        found.extend(by_schema);
        found
    }
}

/// Every field of the guide's form, in order.
pub(super) fn fields(guide: &Guide) -> impl Iterator<Item = &Field> {
    guide
        .form
        .iter()
        .flat_map(|form| &form.groups)
        .flat_map(|group| &group.fields)
}

/// A copy of the answers that is overwritten after judging.
struct AnswersValue(Value);

impl AnswersValue {
    fn new(answers: &Map<String, Value>) -> Self {
        Self(Value::Object(answers.clone()))
    }
}

impl Drop for AnswersValue {
    fn drop(&mut self) {
        super::wipe::value(&mut self.0);
    }
}

/// The guide's own words, except where nothing was answered: then the answer is what is missing.
fn said(field: &Field, problem: FieldProblem) -> FieldProblem {
    match (&field.error, problem) {
        (_, FieldProblem::Missing) => FieldProblem::Missing,
        (Some(error), _) => FieldProblem::Said(error.clone()),
        (None, problem) => problem,
    }
}

/// What JSON Schema cannot express: days that exist and check digits that agree.
fn by_meaning(field: &Field, value: &Value) -> Option<FieldProblem> {
    let text = value.as_str()?;
    match field.input() {
        Input::Date => text
            .parse::<jiff::civil::Date>()
            .err()
            .map(|_| FieldProblem::NotADate),
        Input::IdNumber => IdNumber::parse(text)
            .and_then(|number| number.verify())
            .err()
            .map(|_| FieldProblem::WrongCheckDigit),
        _ => None,
    }
}

/// Which field an error belongs to: the first segment of its path, or the property that is required.
fn field_of(error: &ValidationError<'_>) -> Option<String> {
    let path = error.instance_path().as_str();
    let first = path
        .trim_start_matches('/')
        .split('/')
        .next()
        .unwrap_or_default();
    if !first.is_empty() {
        return Some(first.replace("~1", "/").replace("~0", "~"));
    }
    match error.kind() {
        ValidationErrorKind::Required { property } => property.as_str().map(str::to_owned),
        _ => None,
    }
}

fn problem_of(error: &ValidationError<'_>) -> FieldProblem {
    match error.kind() {
        ValidationErrorKind::Required { .. } => FieldProblem::Missing,
        ValidationErrorKind::MinLength { limit } => FieldProblem::TooShort { min: *limit },
        ValidationErrorKind::MaxLength { limit } => FieldProblem::TooLong { max: *limit },
        ValidationErrorKind::Pattern { .. } => FieldProblem::Pattern,
        ValidationErrorKind::Type { .. } | ValidationErrorKind::MultipleOf { .. } => {
            FieldProblem::NotANumber
        }
        ValidationErrorKind::Minimum { limit }
        | ValidationErrorKind::ExclusiveMinimum { limit } => FieldProblem::TooSmall {
            min: limit.to_string(),
        },
        ValidationErrorKind::Maximum { limit }
        | ValidationErrorKind::ExclusiveMaximum { limit } => FieldProblem::TooLarge {
            max: limit.to_string(),
        },
        ValidationErrorKind::Enum { .. } | ValidationErrorKind::Constant { .. } => {
            FieldProblem::NotAChoice
        }
        _ => FieldProblem::Unfit,
    }
}

//! A draft: what one person has answered and handed in so far for one matter. Pure data, nothing is stored here.

mod form;
mod material;
mod read_back;
mod ready;
mod stored;
#[cfg(test)]
mod tests;
pub(crate) mod wipe;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use jinban_api::case::{Applicant, Signature};
use jinban_api::guide::{AppliesWhen, CardField, Fee, Field, Guide, Input, Situation};
use jinban_api::ids::{MaterialId, OptionId, SituationId};
use serde_json::{Map, Value};
use ulid::Ulid;

pub use form::FieldProblem;
pub use material::{CapturedPage, HandedIn, MediaType, Provision, RequiredMaterial};
pub use read_back::{ReadBackLabel, ReadBackLine, ReadBackPart, ReadBackSection, ReadBackValue};
pub use ready::Missing;
pub(crate) use stored::{StoredDraft, StoredDraftError};

use form::FormRules;

/// Everything one person has given for one matter; overwritten in memory when it goes.
///
/// Any change after the person has signed takes the signature back: nobody signs what they have not seen.
#[derive(Clone)]
pub struct Draft {
    key: Ulid,
    guide: Arc<Guide>,
    rules: Arc<FormRules>,
    started_at: Timestamp,
    situations: BTreeMap<SituationId, OptionId>,
    applicant: Option<Applicant>,
    answers: Map<String, Value>,
    handed_in: BTreeMap<MaterialId, HandedIn>,
    read_back_at: Option<Timestamp>,
    signature: Option<Signature>,
    step: Option<String>,
}

/// Another person's card was laid on the reader while this draft belongs to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the draft belongs to another person")]
pub struct OtherPerson;

/// The guide has no such question, answer, field or material.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the guide does not ask for this")]
pub struct NotAsked;

impl Draft {
    /// An empty draft for `guide`, whose version is pinned by holding it.
    pub fn begin(guide: Arc<Guide>, now: Timestamp) -> Self {
        Self {
            key: Ulid::generate(),
            rules: Arc::new(FormRules::of(&guide)),
            guide,
            started_at: now,
            situations: BTreeMap::new(),
            applicant: None,
            answers: Map::new(),
            handed_in: BTreeMap::new(),
            read_back_at: None,
            signature: None,
            step: None,
        }
    }

    /// The key of the case for its whole life, from draft to official number.
    pub fn key(&self) -> Ulid {
        self.key
    }

    /// The guide version this is filled against.
    pub fn guide(&self) -> &Arc<Guide> {
        &self.guide
    }

    /// When it was begun.
    pub fn started_at(&self) -> Timestamp {
        self.started_at
    }

    /// Where the person was, in the interface's own words.
    pub fn step(&self) -> Option<&str> {
        self.step.as_deref()
    }

    /// Remembers where the person is, so that resuming leads back there.
    pub fn set_step(&mut self, step: impl Into<String>) {
        self.step = Some(step.into());
    }

    /// 申请人, once the card has been read.
    pub fn applicant(&self) -> Option<&Applicant> {
        self.applicant.as_ref()
    }

    /// Takes the facts of the card over and starts the fields that the guide lets begin with them.
    ///
    /// # Errors
    /// [`OtherPerson`] when the draft already belongs to somebody else; nothing changes then.
    pub fn identify(&mut self, applicant: Applicant) -> Result<(), OtherPerson> {
        if let Some(known) = &mut self.applicant {
            if known.id_number != applicant.id_number {
                let mut refused = applicant;
                wipe::applicant(&mut refused);
                return Err(OtherPerson);
            }
            if *known == applicant {
                return Ok(());
            }
            wipe::applicant(known);
        }
        self.applicant = Some(applicant);
        let guide = Arc::clone(&self.guide);
        for field in form::fields(&guide) {
            if let Some(fact) = field.prefill()
                && !self.answers.contains_key(&field.name)
                && let Some(value) = self.card_fact(fact)
            {
                self.answers
                    .insert(field.name.clone(), Value::String(value));
            }
        }
        self.changed();
        Ok(())
    }

    /// A fact of the card, which nobody types over.
    pub fn card_fact(&self, fact: CardField) -> Option<String> {
        let applicant = self.applicant.as_ref()?;
        Some(match fact {
            CardField::Name => applicant.name.clone(),
            CardField::IdNumber => applicant.id_number.clone(),
            CardField::Address => applicant.address.clone(),
            CardField::Birth => applicant.birth.to_string(),
        })
    }

    /// Situation questions that have no answer yet, in order.
    pub fn unanswered_situations(&self) -> impl Iterator<Item = &Situation> {
        self.guide
            .situations
            .iter()
            .filter(|situation| !self.situations.contains_key(&situation.id))
    }

    /// The answer to a situation question.
    pub fn situation(&self, question: &SituationId) -> Option<&OptionId> {
        self.situations.get(question)
    }

    /// Answers a situation question.
    ///
    /// # Errors
    /// [`NotAsked`] when the guide has no such question or answer.
    pub fn answer_situation(
        &mut self,
        question: &SituationId,
        option: &OptionId,
    ) -> Result<(), NotAsked> {
        let known = self.guide.situations.iter().any(|situation| {
            situation.id == *question && situation.options.iter().any(|known| known.id == *option)
        });
        if !known {
            return Err(NotAsked);
        }
        if self.situations.get(question) != Some(option) {
            self.situations.insert(question.clone(), option.clone());
            self.changed();
        }
        Ok(())
    }

    pub(super) fn situations(&self) -> &BTreeMap<SituationId, OptionId> {
        &self.situations
    }

    pub(super) fn answers(&self) -> &Map<String, Value> {
        &self.answers
    }

    /// The answer in a field.
    pub fn answer(&self, field: &str) -> Option<&Value> {
        self.answers.get(field)
    }

    /// The answer in a field as text, empty when there is none.
    pub fn answer_text(&self, field: &str) -> String {
        match self.answers.get(field) {
            None => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        }
    }

    /// Answers a field; an empty or blank text takes the answer away. Digits typed into a number field
    /// become a number; anything else stays as it is, for [`Self::check_field`] to judge.
    ///
    /// # Errors
    /// [`NotAsked`] when the form has no such field.
    pub fn answer_field(&mut self, name: &str, value: &str) -> Result<(), NotAsked> {
        let field = self.field(name).ok_or(NotAsked)?;
        let value = value.trim();
        let answer = match field.input() {
            _ if value.is_empty() => None,
            Input::Number => Some(
                value
                    .parse::<i64>()
                    .map_or_else(|_| value.into(), Value::from),
            ),
            Input::IdNumber => Some(Value::String(value.to_ascii_uppercase())),
            _ => Some(Value::String(value.to_owned())),
        };
        let replaced = match answer {
            Some(answer) if self.answers.get(name) == Some(&answer) => return Ok(()),
            Some(answer) => self.answers.insert(name.to_owned(), answer),
            None => self.answers.shift_remove(name),
        };
        if let Some(mut replaced) = replaced {
            wipe::value(&mut replaced);
        }
        self.changed();
        Ok(())
    }

    /// Judges one field.
    pub fn check_field(&self, name: &str) -> Result<(), FieldProblem> {
        let problem = self
            .check_all()
            .into_iter()
            .find(|(field, _)| field.as_deref() == Some(name));
        problem.map_or(Ok(()), |(_, problem)| Err(problem))
    }

    /// Problems on one page of the form, counted from 0, by field.
    pub fn check_group(&self, group: usize) -> Vec<(String, FieldProblem)> {
        let form = self.guide.form.as_ref();
        let Some(group) = form.and_then(|form| form.groups.get(group)) else {
            return Vec::new();
        };
        self.check_all()
            .into_iter()
            .filter_map(|(field, problem)| {
                let name = field?;
                group
                    .fields
                    .iter()
                    .any(|field| field.name == name)
                    .then_some((name, problem))
            })
            .collect()
    }

    /// Every problem of the form, in order; those of the form as a whole come last, without a field.
    pub fn check_all(&self) -> Vec<(Option<String>, FieldProblem)> {
        self.rules.problems(&self.guide, &self.answers)
    }

    /// Fees that apply to the answers so far; none means free of charge.
    pub fn fees(&self) -> impl Iterator<Item = &Fee> {
        self.guide
            .charges()
            .iter()
            .filter(|fee| self.applies(&fee.applies_when))
    }

    /// The person confirmed what was read back to them.
    pub fn confirm_read_back(&mut self, now: Timestamp) {
        self.read_back_at = Some(now);
    }

    /// When the person confirmed it.
    pub fn read_back_at(&self) -> Option<Timestamp> {
        self.read_back_at
    }

    /// The person signed. A signature without a stroke is none.
    pub fn sign(&mut self, signature: Signature) {
        self.unsign();
        if signature.strokes.iter().any(|stroke| !stroke.is_empty()) {
            self.signature = Some(signature);
        }
    }

    /// Takes the signature away, to be written again.
    pub fn unsign(&mut self) {
        if let Some(mut signature) = self.signature.take() {
            wipe::signature(&mut signature);
        }
    }

    /// The signature, if the person has signed what stands here now.
    pub fn signature(&self) -> Option<&Signature> {
        self.signature.as_ref()
    }

    fn changed(&mut self) {
        self.read_back_at = None;
        self.unsign();
    }

    fn applies(&self, conditions: &[AppliesWhen]) -> bool {
        conditions.iter().all(|condition| {
            self.situations
                .get(&condition.question)
                .is_some_and(|answer| condition.any_of.contains(answer))
        })
    }

    fn field(&self, name: &str) -> Option<&Field> {
        form::fields(&self.guide).find(|field| field.name == name)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if let Some(applicant) = &mut self.applicant {
            wipe::applicant(applicant);
        }
        wipe::map(&mut self.answers);
        self.unsign();
    }
}

impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Draft")
            .field("key", &self.key)
            .field("guide", &self.guide.id)
            .field("version", &self.guide.version)
            .field("step", &self.step)
            .finish_non_exhaustive()
    }
}

impl crate::session::Belonging for Draft {
    fn kind(&self) -> crate::session::BelongingKind {
        crate::session::BelongingKind::Draft
    }
}

//! 一件事: several items as one list of questions and one list of things to bring. Nothing is asked for twice.

use std::collections::BTreeMap;
use std::sync::Arc;

use jinban_api::documents::{Bundle, BundleStep, SameQuestion};
use jinban_api::guide::{AppliesWhen, Guide, Material, Situation, SituationOption};
use jinban_api::ids::{GuideId, OptionId, SituationId};
use serde::Serialize;

mod material;
mod said;
mod slip;
#[cfg(test)]
mod tests;

pub use material::{GatheredMaterial, MaterialNote};
pub use said::whereabouts;
pub use slip::bundle_slip;

/// A question in a bundle: the bundle's own, or one of an item's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct QuestionKey {
    /// The item that asks it; none for the bundle itself.
    pub guide: Option<GuideId>,
    /// The question there.
    pub question: SituationId,
}

/// What has been answered so far.
pub type BundleAnswers = BTreeMap<QuestionKey, OptionId>;

/// What a bundle comes to, as far as the answers go.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GatheredBundle {
    /// Every question that still decides something, answered or not, in the order to ask them.
    pub questions: Vec<BundleQuestion>,
    /// The items in the order they are best done.
    pub steps: Vec<GatheredStep>,
    /// Everything to bring, each thing once.
    pub materials: Vec<GatheredMaterial>,
    /// Items that the bundle names and this catalogue does not have: the window must be asked about them.
    pub missing: Vec<GuideId>,
}

/// One question, asked once.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BundleQuestion {
    /// Under which its answer is kept.
    pub key: QuestionKey,
    /// As it is asked.
    pub situation: Situation,
    /// The answer so far.
    pub answer: Option<OptionId>,
}

impl BundleQuestion {
    /// The answer so far, where it is one of the options.
    pub fn answered(&self) -> Option<&SituationOption> {
        let said = self.answer.as_ref()?;
        let mut options = self.situation.options.iter();
        options.find(|option| option.id == *said)
    }
}

/// Whether something is certain with the answers so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Certainty {
    /// It depends on a question that is not answered yet.
    Possible,
    /// It is so.
    Certain,
}

/// One item.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GatheredStep {
    /// The item.
    pub guide: GuideId,
    /// Its name as people say it.
    pub name: String,
    /// Why it belongs here.
    pub why: String,
    /// Whether it is needed.
    pub certainty: Certainty,
}

/// Gathers `bundle` from the `guides` it names, as far as the `answers` go.
pub fn gather(bundle: &Bundle, guides: &[Arc<Guide>], answers: &BundleAnswers) -> GatheredBundle {
    let gathering = Gathering {
        bundle,
        guides: guides.iter().map(|guide| (&guide.id, &**guide)).collect(),
        answers,
    };
    gathering.run()
}

struct Gathering<'a> {
    bundle: &'a Bundle,
    guides: BTreeMap<&'a GuideId, &'a Guide>,
    answers: &'a BundleAnswers,
}

/// An item that may be needed.
struct Step<'a> {
    of: &'a BundleStep,
    guide: &'a Guide,
    certainty: Certainty,
}

impl<'a> Gathering<'a> {
    fn run(&self) -> GatheredBundle {
        let mut questions: Vec<BundleQuestion> = (self.bundle.questions.iter())
            .map(|situation| self.question(None, situation))
            .collect();
        let mut missing = Vec::new();
        let mut steps: Vec<Step<'a>> = Vec::new();
        for step in &self.bundle.steps {
            let own = |question: &SituationId| self.own_answer(question);
            let Some(certainty) = holds(&step.applies_when, own) else {
                continue;
            };
            match self.guides.get(&step.guide) {
                Some(guide) => steps.push(Step {
                    of: step,
                    guide,
                    certainty,
                }),
                None if missing.contains(&step.guide) => {}
                None => missing.push(step.guide.clone()),
            }
        }
        for step in &steps {
            for situation in &step.guide.situations {
                let asked = questions.iter().any(|question| {
                    question.key.guide.as_ref() == Some(&step.guide.id)
                        && question.key.question == situation.id
                });
                if !asked && self.is_open(step, situation, &questions) {
                    questions.push(self.question(Some(&step.guide.id), situation));
                }
            }
        }
        let mut materials: Vec<GatheredMaterial> = Vec::new();
        for step in &steps {
            for material in &step.guide.materials {
                let answer = |question: &SituationId| self.answer(step, question);
                if let Some(certainty) = holds(&material.applies_when, answer) {
                    self.add(
                        &mut materials,
                        step,
                        material,
                        certainty.min(step.certainty),
                    );
                }
            }
        }
        GatheredBundle {
            questions,
            steps: unite_steps(&steps),
            materials,
            missing,
        }
    }

    fn question(&self, guide: Option<&GuideId>, situation: &Situation) -> BundleQuestion {
        let key = QuestionKey {
            guide: guide.cloned(),
            question: situation.id.clone(),
        };
        BundleQuestion {
            answer: self.answers.get(&key).cloned(),
            situation: situation.clone(),
            key,
        }
    }

    fn own_answer(&self, question: &SituationId) -> Option<&'a OptionId> {
        let key = QuestionKey {
            guide: None,
            question: question.clone(),
        };
        self.answers.get(&key)
    }

    /// Whether a question of an item must be asked: it goes not without saying, and no other one answers it.
    fn is_open(&self, step: &Step<'_>, situation: &Situation, asked: &[BundleQuestion]) -> bool {
        let said_alike = |question: &BundleQuestion| is_alike(&question.situation, situation);
        !step.of.given.contains_key(&situation.id)
            && self.same(&step.guide.id, &situation.id).is_none()
            && !asked.iter().any(said_alike)
    }

    fn same(&self, guide: &GuideId, question: &SituationId) -> Option<&'a SameQuestion> {
        let is_it = |same: &&SameQuestion| same.guide == *guide && same.question == *question;
        self.bundle.same_questions.iter().find(is_it)
    }

    /// The answer to a question of an item, wherever it was given.
    fn answer(&self, step: &Step<'a>, question: &SituationId) -> Option<&'a OptionId> {
        if let Some(given) = step.of.given.get(question) {
            return Some(given);
        }
        if let Some(same) = self.same(&step.guide.id, question) {
            let key = QuestionKey {
                guide: same.asked_in.clone(),
                question: same.asked_as.clone(),
            };
            return self
                .answers
                .get(&key)
                .and_then(|said| same.answers.get(said));
        }
        let key = QuestionKey {
            guide: Some(step.guide.id.clone()),
            question: question.clone(),
        };
        self.answers
            .get(&key)
            .or_else(|| self.answered_alike(step.guide, question))
    }

    /// The answer to the same question in another item, as this item would have kept it.
    fn answered_alike(&self, guide: &'a Guide, question: &SituationId) -> Option<&'a OptionId> {
        let situation = guide.situations.iter().find(|own| own.id == *question)?;
        let said_elsewhere = |other: &Guide| {
            let alike = other
                .situations
                .iter()
                .find(|other| is_alike(other, situation))?;
            let key = QuestionKey {
                guide: Some(other.id.clone()),
                question: alike.id.clone(),
            };
            let said = self.answers.get(&key)?;
            alike.options.iter().position(|option| option.id == *said)
        };
        let mut others = self.guides.values();
        let at = others.find_map(|other| said_elsewhere(other))?;
        Some(&situation.options.get(at)?.id)
    }

    fn add(
        &self,
        materials: &mut Vec<GatheredMaterial>,
        step: &Step<'_>,
        material: &Material,
        certainty: Certainty,
    ) {
        let name = self.name_of(&material.name);
        if let Some(known) = materials.iter_mut().find(|known| known.name == name) {
            known.take(step.guide, material, certainty);
        } else {
            let first = GatheredMaterial::new(name, step.guide, material, certainty);
            materials.push(first);
        }
    }

    /// What a material is called in this bundle.
    fn name_of<'m>(&'m self, name: &'m str) -> &'m str {
        let name = name.trim();
        self.bundle
            .same_materials
            .iter()
            .find(|same| same.names.iter().any(|other| other == name))
            .map_or(name, |same| same.name.as_str())
    }
}

/// Two steps of one item, for different answers, are one line.
fn unite_steps(steps: &[Step<'_>]) -> Vec<GatheredStep> {
    let mut united: Vec<GatheredStep> = Vec::new();
    for step in steps {
        if let Some(known) = united.iter_mut().find(|known| known.guide == step.guide.id) {
            known.certainty = known.certainty.max(step.certainty);
            continue;
        }
        let guide = step.guide;
        united.push(GatheredStep {
            guide: guide.id.clone(),
            name: guide.short_name.as_ref().unwrap_or(&guide.name).clone(),
            why: step.of.why.clone(),
            certainty: step.certainty,
        });
    }
    united
}

/// Whether the conditions hold: certainly, possibly, or (`None`) not.
fn holds<'a>(
    conditions: &[AppliesWhen],
    answer: impl Fn(&SituationId) -> Option<&'a OptionId>,
) -> Option<Certainty> {
    let mut certainty = Certainty::Certain;
    for condition in conditions {
        match answer(&condition.question) {
            None => certainty = Certainty::Possible,
            Some(said) if condition.any_of.contains(said) => {}
            Some(_) => return None,
        }
    }
    Some(certainty)
}

/// The same words with the same answers are the same question to the person.
fn is_alike(a: &Situation, b: &Situation) -> bool {
    let labels = |situation: &Situation| -> Vec<String> {
        situation
            .options
            .iter()
            .map(|option| option.label.clone())
            .collect()
    };
    a.question == b.question && labels(a) == labels(b)
}

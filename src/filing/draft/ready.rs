//! What still stands between a draft and submitting it.

use jinban_api::case::IdentityLevel;
use jinban_api::ids::{MaterialId, SituationId};

use super::Draft;
use super::form::{FieldProblem, FormRules};

/// One thing that is still missing.
#[derive(Clone, Debug, PartialEq)]
pub enum Missing {
    /// The matter cannot be filed at a terminal, or its form cannot be used.
    NotFileableHere,
    /// A situation question has no answer.
    Situation(SituationId),
    /// No card has been read.
    Identity {
        /// The level that is needed.
        needed: IdentityLevel,
    },
    /// An answer does not fit. Without a field, the form as a whole does not.
    Field {
        /// Name of the field.
        field: Option<String>,
        /// Why.
        problem: FieldProblem,
    },
    /// A material has not been handed in.
    Material(MaterialId),
    /// The person has not confirmed what was read back to them.
    ReadBack,
    /// The person has not signed.
    Signature,
}

/// A case is filed on the chip of the card, nothing less.
const NEEDED_IDENTITY: IdentityLevel = IdentityLevel::ChipRead;

impl Draft {
    /// Everything that is still missing, in the order of the steps.
    pub fn ready(&self) -> Result<(), Vec<Missing>> {
        let mut missing = self.incomplete();
        if self.read_back_at.is_none() {
            missing.push(Missing::ReadBack);
        }
        if self.signature.is_none() {
            missing.push(Missing::Signature);
        }
        if missing.is_empty() {
            Ok(())
        } else {
            Err(missing)
        }
    }

    /// What is missing before it can be read back and signed.
    pub fn incomplete(&self) -> Vec<Missing> {
        let mut missing = Vec::new();
        let fileable = self.guide.is_done_here();
        if !fileable || matches!(*self.rules, FormRules::Unusable) {
            missing.push(Missing::NotFileableHere);
        }
        missing.extend(
            self.unanswered_situations()
                .map(|situation| Missing::Situation(situation.id.clone())),
        );
        let identified = self
            .applicant
            .as_ref()
            .is_some_and(|applicant| applicant.identity_level >= NEEDED_IDENTITY);
        if !identified {
            missing.push(Missing::Identity {
                needed: NEEDED_IDENTITY,
            });
        }
        missing.extend(
            self.rules
                .problems(&self.guide, &self.answers)
                .into_iter()
                .map(|(field, problem)| Missing::Field { field, problem }),
        );
        missing.extend(
            self.materials()
                .into_iter()
                .filter(super::RequiredMaterial::is_missing)
                .map(|required| Missing::Material(required.material.id.clone())),
        );
        missing
    }
}

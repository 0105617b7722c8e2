//! What is said of the things and steps of a theme service, alike on screen and paper.

use std::borrow::Cow;

use jinban_api::guide::{Guide, Necessity, TerminalHandling};

use super::{Certainty, GatheredMaterial, GatheredStep};
use crate::wording;

impl GatheredMaterial {
    /// What to know about bringing it, a line each; whether it is needed at all comes first.
    pub fn facts(&self) -> Vec<Cow<'_, str>> {
        let necessity = match self.necessity {
            Necessity::Required => None,
            Necessity::Optional => Some(t!("guide.optional")),
            Necessity::MayFollow => Some(t!("guide.may_follow")),
        };
        let counts = wording::counts(self.capture, self.originals, self.copies);
        // Where they do not say the same, whoever reads it must know which of them says what.
        let notes = self.notes.iter().map(|note| match self.notes.as_slice() {
            [_] => note.text.as_str().into(),
            _ => {
                let items = note.items.join(&t!("list.and"));
                t!("bundle.note_of", items = items, note = note.text)
            }
        });
        let perhaps = perhaps(self.certainty).into_iter();
        perhaps
            .chain(counts)
            .chain(necessity)
            .chain(notes)
            .collect()
    }
}

impl GatheredStep {
    /// Whether it is needed, and why.
    pub fn facts(&self) -> Vec<Cow<'_, str>> {
        let perhaps = perhaps(self.certainty).into_iter();
        let why = (!self.why.is_empty()).then_some(self.why.as_str());
        perhaps.chain(why.map(Cow::from)).collect()
    }
}

/// Where the item of `guide` is done.
pub fn whereabouts(guide: &Guide) -> Cow<'static, str> {
    if let Some(TerminalHandling::Full) = guide.handling() {
        return t!("bundle.here");
    }
    let first = guide.places.first();
    let place = first.map_or(&guide.department.name, |place| &place.name);
    t!("bundle.at", place = place)
}

fn perhaps(certainty: Certainty) -> Option<Cow<'static, str>> {
    match certainty {
        Certainty::Certain => None,
        Certainty::Possible => Some(t!("bundle.perhaps")),
    }
}

//! One thing to bring for several items, at its most demanding, with what each of them says about it.

use jinban_api::guide::{Capture, Guide, Material, Necessity};
use jinban_api::ids::GuideId;
use serde::Serialize;

use super::Certainty;

/// One thing to bring, whichever items want it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GatheredMaterial {
    /// What it is called.
    pub name: String,
    /// How it is taken in, at its most demanding.
    pub capture: Capture,
    /// Whether it must be there, at its strictest.
    pub necessity: Necessity,
    /// Originals, the most that any item wants.
    pub originals: u16,
    /// Copies, the most that any item wants.
    pub copies: u16,
    /// Whether it is needed.
    pub certainty: Certainty,
    /// What the items say about it, each thing once.
    pub notes: Vec<MaterialNote>,
    /// The items that want it.
    pub wanted_by: Vec<GuideId>,
}

/// What items say about one thing to bring; they need not agree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MaterialNote {
    /// As they say it.
    pub text: String,
    /// The items that say it, by the names people use.
    pub items: Vec<String>,
}

impl GatheredMaterial {
    /// A thing that `guide` wants, under the name it has here.
    pub(super) fn new(
        name: &str,
        guide: &Guide,
        material: &Material,
        certainty: Certainty,
    ) -> Self {
        let mut one = Self {
            name: name.to_owned(),
            capture: material.capture(),
            necessity: material.necessity(),
            originals: 0,
            copies: 0,
            certainty,
            notes: Vec::new(),
            wanted_by: Vec::new(),
        };
        one.take(guide, material, certainty);
        one
    }

    /// The same thing is wanted by `guide` too.
    pub(super) fn take(&mut self, guide: &Guide, material: &Material, certainty: Certainty) {
        self.capture = demanding(self.capture, material.capture());
        self.necessity = strict(self.necessity, material.necessity());
        self.originals = self.originals.max(material.originals);
        self.copies = self.copies.max(material.copies);
        self.certainty = self.certainty.max(certainty);
        if let Some(note) = &material.note {
            self.note(note, guide.short_name.as_ref().unwrap_or(&guide.name));
        }
        if !self.wanted_by.contains(&guide.id) {
            self.wanted_by.push(guide.id.clone());
        }
    }

    fn note(&mut self, text: &str, item: &str) {
        match self.notes.iter_mut().find(|known| known.text == text) {
            Some(known) if known.items.iter().any(|of| of == item) => {}
            Some(known) => known.items.push(item.to_owned()),
            None => self.notes.push(MaterialNote {
                text: text.to_owned(),
                items: vec![item.to_owned()],
            }),
        }
    }

    /// Whether the person must have it in their hands when they come.
    pub fn is_brought(&self) -> bool {
        !matches!(self.capture, Capture::Form | Capture::Shared)
    }
}

/// The way that asks more of the person.
fn demanding(a: Capture, b: Capture) -> Capture {
    let effort = |capture| match capture {
        Capture::Shared => 0,
        Capture::Form => 1,
        Capture::Card => 2,
        Capture::Scan => 3,
        Capture::Window => 4,
    };
    if effort(b) > effort(a) { b } else { a }
}

fn strict(a: Necessity, b: Necessity) -> Necessity {
    let strictness = |necessity| match necessity {
        Necessity::Optional => 0,
        Necessity::MayFollow => 1,
        Necessity::Required => 2,
    };
    if strictness(b) > strictness(a) { b } else { a }
}

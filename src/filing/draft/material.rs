//! Materials of a draft: which apply, and what was taken in for each.

use std::fmt;
use std::sync::Arc;

use jinban_api::case::TrustGrade;
use jinban_api::guide::{Capture, Material, Necessity};
use jinban_api::ids::MaterialId;
use serde::{Deserialize, Serialize};
use ulid::Ulid;
use zeroize::Zeroizing;

use super::{Draft, NotAsked};

/// Kind of picture a page is kept as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MediaType {
    /// `image/jpeg`.
    Jpeg,
    /// `image/png`.
    Png,
}

impl MediaType {
    /// The name that travels.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }
}

/// One captured page; cloning shares the picture, which is overwritten when the last copy goes.
#[derive(Clone)]
pub struct CapturedPage {
    id: Ulid,
    media_type: MediaType,
    picture: Arc<Zeroizing<Vec<u8>>>,
}

impl CapturedPage {
    /// A page that was just captured.
    pub fn new(media_type: MediaType, picture: Zeroizing<Vec<u8>>) -> Self {
        Self::restored(Ulid::generate(), media_type, picture)
    }

    pub(crate) fn restored(id: Ulid, media_type: MediaType, picture: Zeroizing<Vec<u8>>) -> Self {
        Self {
            id,
            media_type,
            picture: Arc::new(picture),
        }
    }

    /// Names the page for as long as the draft lives; a retake is a new page.
    pub fn id(&self) -> Ulid {
        self.id
    }

    /// How the picture is encoded.
    pub fn media_type(&self) -> MediaType {
        self.media_type
    }

    /// The encoded picture.
    pub fn picture(&self) -> &[u8] {
        &self.picture
    }

    /// The encoded picture, for work elsewhere that must not copy it.
    pub fn shared(&self) -> Arc<Zeroizing<Vec<u8>>> {
        Arc::clone(&self.picture)
    }
}

impl fmt::Debug for CapturedPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CapturedPage({}, {} bytes)", self.id, self.picture.len())
    }
}

/// What the person handed in for a material that is not provided by itself.
#[derive(Clone, Debug)]
pub enum HandedIn {
    /// Pages in reading order; never empty.
    Pages {
        /// The pictures.
        pages: Vec<CapturedPage>,
        /// 可信等级: [`TrustGrade::C`] until staff has compared the original.
        trust: TrustGrade,
    },
    /// 容缺后补.
    Promised,
}

/// How a material that applies stands now.
#[derive(Clone, Copy, Debug)]
pub enum Provision<'a> {
    /// Pages were captured.
    Pages(&'a [CapturedPage], TrustGrade),
    /// Read from the identity card.
    Card,
    /// Made from the form and the signature.
    Form,
    /// The department fetches it; nothing to hand in.
    Shared,
    /// The person promised to bring it later.
    Promised,
    /// The original goes to a window.
    Window,
}

/// A material that applies to the answers given so far.
#[derive(Clone, Copy, Debug)]
pub struct RequiredMaterial<'a> {
    /// As the guide describes it.
    pub material: &'a Material,
    /// How it is provided, if it is.
    pub provided: Option<Provision<'a>>,
}

impl RequiredMaterial<'_> {
    /// True when submitting must wait for it.
    pub fn is_missing(&self) -> bool {
        self.provided.is_none() && self.material.necessity() != Necessity::Optional
    }

    /// True when the person has something to do for it at this terminal.
    pub fn needs_hands(&self) -> bool {
        self.material.capture() == Capture::Scan
    }

    /// True when it may be promised instead of handed in.
    pub fn may_follow(&self) -> bool {
        may_follow(self.material)
    }
}

fn may_follow(material: &Material) -> bool {
    material.capture() == Capture::Scan && material.necessity() == Necessity::MayFollow
}

/// The provision that follows from `material` itself and from the card.
fn by_itself(material: &Material, card_read: bool) -> Option<Provision<'static>> {
    match material.capture() {
        Capture::Card => card_read.then_some(Provision::Card),
        Capture::Form => Some(Provision::Form),
        Capture::Shared => Some(Provision::Shared),
        Capture::Window => Some(Provision::Window),
        Capture::Scan => None,
    }
}

impl Draft {
    /// Materials that apply to the answers so far, in the guide's order, and how each is provided.
    pub fn materials(&self) -> Vec<RequiredMaterial<'_>> {
        let card_read = self.applicant.is_some();
        self.guide
            .materials
            .iter()
            .filter(|material| self.applies(&material.applies_when))
            .map(|material| RequiredMaterial {
                material,
                provided: match self.handed_in.get(&material.id) {
                    Some(HandedIn::Pages { pages, trust }) => Some(Provision::Pages(pages, *trust)),
                    Some(HandedIn::Promised) => Some(Provision::Promised),
                    None => by_itself(material, card_read),
                },
            })
            .collect()
    }

    /// Adds a captured page to a material; a promise for it is thereby kept.
    ///
    /// # Errors
    /// [`NotAsked`] when the guide has no such material to capture.
    pub fn add_page(&mut self, material: &MaterialId, page: CapturedPage) -> Result<(), NotAsked> {
        self.captured_material(material).ok_or(NotAsked)?;
        match self.handed_in.get_mut(material) {
            Some(HandedIn::Pages { pages, .. }) => pages.push(page),
            Some(HandedIn::Promised) | None => {
                let pages = vec![page];
                self.handed_in.insert(
                    material.clone(),
                    HandedIn::Pages {
                        pages,
                        trust: TrustGrade::C,
                    },
                );
            }
        }
        self.changed();
        Ok(())
    }

    /// Takes a page away, to be captured again; says whether it was there.
    pub fn remove_page(&mut self, material: &MaterialId, page: Ulid) -> bool {
        let Some(HandedIn::Pages { pages, .. }) = self.handed_in.get_mut(material) else {
            return false;
        };
        let before = pages.len();
        pages.retain(|kept| kept.id() != page);
        let removed = pages.len() < before;
        if pages.is_empty() {
            self.handed_in.remove(material);
        }
        if removed {
            self.changed();
        }
        removed
    }

    /// Promises to bring a material later 容缺后补.
    ///
    /// # Errors
    /// [`NotAsked`] when the guide does not allow that for this material.
    pub fn promise(&mut self, material: &MaterialId) -> Result<(), NotAsked> {
        let described = self.captured_material(material).ok_or(NotAsked)?;
        if !may_follow(described) {
            return Err(NotAsked);
        }
        self.handed_in.insert(material.clone(), HandedIn::Promised);
        self.changed();
        Ok(())
    }

    /// Takes back whatever was handed in or promised for a material.
    pub fn clear_material(&mut self, material: &MaterialId) {
        if self.handed_in.remove(material).is_some() {
            self.changed();
        }
    }

    /// Every page that was captured, also those whose material no longer applies.
    pub fn pages(&self) -> impl Iterator<Item = &CapturedPage> {
        self.handed_in.values().flat_map(|how| match how {
            HandedIn::Pages { pages, .. } => pages.as_slice(),
            HandedIn::Promised => &[],
        })
    }

    fn captured_material(&self, id: &MaterialId) -> Option<&Material> {
        self.guide
            .materials
            .iter()
            .find(|material| material.id == *id && material.capture() == Capture::Scan)
    }
}

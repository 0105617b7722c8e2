//! Materials of a draft: which apply, and what was taken in for each.

use std::fmt;
use std::sync::Arc;

use jinban_api::case::TrustGrade;
use jinban_api::guide::{Capture, Material, Necessity};
use serde::{Deserialize, Serialize};
use ulid::Ulid;
use zeroize::Zeroizing;

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
        self.provided.is_none() && self.material.necessity != Necessity::Optional
    }

    /// True when the person has something to do for it at this terminal.
    pub fn needs_hands(&self) -> bool {
        self.material.capture == Capture::Scan
    }

    /// True when it may be promised instead of handed in.
    pub fn may_follow(&self) -> bool {
        may_follow(self.material)
    }
}

pub(super) fn may_follow(material: &Material) -> bool {
    material.capture == Capture::Scan && material.necessity == Necessity::MayFollow
}

/// The provision that follows from `material` itself and from the card.
pub(super) fn by_itself(material: &Material, card_read: bool) -> Option<Provision<'static>> {
    match material.capture {
        Capture::Card => card_read.then_some(Provision::Card),
        Capture::Form => Some(Provision::Form),
        Capture::Shared => Some(Provision::Shared),
        Capture::Window => Some(Provision::Window),
        Capture::Scan => None,
    }
}

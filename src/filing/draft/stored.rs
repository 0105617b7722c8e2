//! The shape in which a draft is sealed on disk; pages are stored beside it, each once.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use jinban_api::case::{Applicant, Signature, TrustGrade};
use jinban_api::guide::Guide;
use jinban_api::ids::{MaterialId, OptionId, SituationId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ulid::Ulid;
use zeroize::Zeroizing;

use super::form::FormRules;
use super::material::{CapturedPage, HandedIn, MediaType};
use super::{Draft, wipe};

/// Everything of a draft but the pictures. It carries the guide, which the catalogue may no longer have.
#[derive(Serialize, Deserialize)]
pub(crate) struct StoredDraft {
    key: Ulid,
    guide: Guide,
    started_at: Timestamp,
    situations: BTreeMap<SituationId, OptionId>,
    applicant: Option<Applicant>,
    answers: Map<String, Value>,
    handed_in: BTreeMap<MaterialId, StoredHandedIn>,
    read_back_at: Option<Timestamp>,
    signature: Option<Signature>,
    step: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum StoredHandedIn {
    Pages {
        pages: Vec<StoredPage>,
        trust: TrustGrade,
    },
    Promised,
}

#[derive(Serialize, Deserialize)]
struct StoredPage {
    id: Ulid,
    media_type: MediaType,
}

/// Why a stored draft cannot be taken up again.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoredDraftError {
    #[error("the stored draft cannot be read")]
    Unreadable(#[from] serde_json::Error),
    #[error("a page of the stored draft is gone")]
    PageGone,
}

impl StoredDraft {
    /// Seals nothing: only lays out what must be sealed.
    pub(crate) fn json_of(draft: &Draft) -> Result<Zeroizing<Vec<u8>>, serde_json::Error> {
        let stored = Self {
            key: draft.key,
            guide: (*draft.guide).clone(),
            started_at: draft.started_at,
            situations: draft.situations.clone(),
            applicant: draft.applicant.clone(),
            answers: draft.answers.clone(),
            handed_in: draft
                .handed_in
                .iter()
                .map(|(id, how)| (id.clone(), how.into()))
                .collect(),
            read_back_at: draft.read_back_at,
            signature: draft.signature.clone(),
            step: draft.step.clone(),
        };
        wipe::json(&stored)
    }

    pub(crate) fn from_json(json: &[u8]) -> Result<Self, StoredDraftError> {
        Ok(serde_json::from_slice(json)?)
    }

    /// The draft again; `picture` fetches a page by its id.
    pub(crate) fn restore(
        mut self,
        mut picture: impl FnMut(Ulid) -> Option<Zeroizing<Vec<u8>>>,
    ) -> Result<Draft, StoredDraftError> {
        let mut handed_in = BTreeMap::new();
        for (material, stored) in std::mem::take(&mut self.handed_in) {
            let restored = match stored {
                StoredHandedIn::Promised => HandedIn::Promised,
                StoredHandedIn::Pages { pages, trust } => HandedIn::Pages {
                    pages: pages
                        .into_iter()
                        .map(|page| {
                            let picture = picture(page.id).ok_or(StoredDraftError::PageGone)?;
                            Ok(CapturedPage::restored(page.id, page.media_type, picture))
                        })
                        .collect::<Result<_, StoredDraftError>>()?,
                    trust,
                },
            };
            handed_in.insert(material, restored);
        }
        let guide = Arc::new(self.guide.clone());
        Ok(Draft {
            key: self.key,
            rules: Arc::new(FormRules::of(&guide)),
            guide,
            started_at: self.started_at,
            situations: std::mem::take(&mut self.situations),
            applicant: self.applicant.take(),
            answers: std::mem::take(&mut self.answers),
            handed_in,
            read_back_at: self.read_back_at,
            signature: self.signature.take(),
            step: self.step.take(),
        })
    }
}

impl Drop for StoredDraft {
    fn drop(&mut self) {
        if let Some(applicant) = &mut self.applicant {
            wipe::applicant(applicant);
        }
        wipe::map(&mut self.answers);
        if let Some(signature) = &mut self.signature {
            wipe::signature(signature);
        }
    }
}

impl From<&HandedIn> for StoredHandedIn {
    fn from(how: &HandedIn) -> Self {
        match how {
            HandedIn::Promised => Self::Promised,
            HandedIn::Pages { pages, trust } => Self::Pages {
                pages: pages
                    .iter()
                    .map(|page| StoredPage {
                        id: page.id(),
                        media_type: page.media_type(),
                    })
                    .collect(),
                trust: *trust,
            },
        }
    }
}

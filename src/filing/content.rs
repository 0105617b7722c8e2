//! From a complete draft to what travels: content and pages sealed for the platform, and the masked slip.

use jinban_api::case::{CaseContent, CaseMaterial, MaterialPage, Provided};
use jinban_api::ids::ContentDigest;
use jinban_api::sealed::SealedEnvelope;

use super::draft::{Draft, Missing, Provision, wipe};
use super::error::{StoreError, SubmitError};
use super::view::{SlipFacts, SlipHow, SlipMaterial};
use crate::session::masking;
use crate::vault::{PlatformKeyset, SealedBody, Vault, VaultError, submission_digest};

/// A case as it is stored until the platform has it.
pub(super) struct SealedCase {
    pub envelope: SealedEnvelope,
    /// Submission digest of the envelope.
    pub digest: String,
    pub pages: Vec<SealedBody>,
    pub slip: SlipFacts,
}

/// Seals a draft that lacks nothing. Takes some milliseconds a page: call it off the interface's thread.
pub(super) fn seal(
    draft: &Draft,
    vault: &Vault,
    keys: &PlatformKeyset,
) -> Result<SealedCase, SubmitError> {
    draft.ready().map_err(SubmitError::Incomplete)?;
    let (Some(applicant), Some(signature), Some(read_back_at)) =
        (draft.applicant(), draft.signature(), draft.read_back_at())
    else {
        return Err(SubmitError::Incomplete(vec![Missing::Signature]));
    };
    let sealer = vault.seal_case(keys).map_err(StoreError::from)?;
    let mut pages = Vec::new();
    let mut materials = Vec::new();
    let mut slip_materials = Vec::new();
    for required in draft.materials() {
        let Some(provision) = required.provided else {
            continue;
        };
        let taken = provided(provision, |picture| {
            let page = sealer.page(picture)?;
            let digest = page.page.digest.clone();
            pages.push(page);
            Ok(digest)
        });
        materials.push(CaseMaterial {
            material: required.material.id.clone(),
            provided: taken.map_err(StoreError::from)?,
        });
        slip_materials.push(SlipMaterial {
            name: required.material.name.clone(),
            how: slip_how(provision),
        });
    }
    let guide = draft.guide();
    let slip = SlipFacts {
        applicant: masking::name(&applicant.name),
        id_number: masking::id_number(&applicant.id_number),
        materials: slip_materials,
        promised_time: guide.promised(),
        consult_phone: guide.consult_phone.clone(),
    };
    let mut content = CaseContent {
        guide: guide.id.clone(),
        guide_version: guide.version,
        situations: draft.situations().clone(),
        applicant: applicant.clone(),
        answers: draft.answers().clone(),
        materials,
        signature: signature.clone(),
        read_back_at,
    };
    let json = wipe::json(&content);
    wipe::applicant(&mut content.applicant);
    wipe::map(&mut content.answers);
    wipe::signature(&mut content.signature);
    let json = json.map_err(|error| SubmitError::Other(error.to_string()))?;
    let envelope = sealer.finish(&json).map_err(StoreError::from)?;
    let digest = submission_digest(&envelope).ok_or(StoreError::Vault(VaultError::CannotSeal))?;
    Ok(SealedCase {
        envelope,
        digest,
        pages,
        slip,
    })
}

fn provided(
    provision: Provision<'_>,
    mut seal: impl FnMut(&[u8]) -> Result<ContentDigest, VaultError>,
) -> Result<Provided, VaultError> {
    Ok(match provision {
        Provision::Pages(pages, trust) => Provided::Pages {
            pages: pages
                .iter()
                .map(|page| {
                    Ok(MaterialPage {
                        digest: seal(page.picture())?,
                        media_type: page.media_type().as_str().to_owned(),
                        length: page.picture().len() as u64,
                    })
                })
                .collect::<Result<_, VaultError>>()?,
            trust,
        },
        Provision::Card => Provided::Card,
        Provision::Form => Provided::Form,
        Provision::Shared => Provided::Shared,
        Provision::Promised => Provided::Promised,
        Provision::Window => Provided::Window,
    })
}

fn slip_how(provision: Provision<'_>) -> SlipHow {
    match provision {
        Provision::Pages(pages, _) => SlipHow::Pages(pages.len() as u32),
        Provision::Card => SlipHow::Card,
        Provision::Form => SlipHow::Form,
        Provision::Shared => SlipHow::Shared,
        Provision::Promised => SlipHow::Promised,
        Provision::Window => SlipHow::Window,
    }
}

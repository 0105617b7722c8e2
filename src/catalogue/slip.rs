//! What is taken home on paper: a guide with what to bring and whom to ask, a notice, a law.

use jinban_api::guide::{Guide, Necessity};
use jinban_api::ids::{BundleId, GuideId};
use jinban_devices::receipt::{Block, QrSize, Receipt, RuleStyle};

use crate::wording;

/// The guide as a receipt printer prints it; `place` is where it was taken, `freshness` how far it may be relied on.
pub fn slip(guide: &Guide, place: &str, freshness: &str) -> Receipt {
    let mut blocks = vec![
        Block::Title(t!("slip.guide").into_owned()),
        Block::Heading(guide.name.clone()),
        Block::Rule(RuleStyle::Solid),
    ];
    if !guide.conditions.is_empty() {
        blocks.push(Block::Heading(t!("guide.can_i").into_owned()));
        blocks.extend(guide.conditions.iter().cloned().map(Block::Text));
    }
    if guide.is_bare() {
        blocks.push(Block::Text(t!("guide.bare").into_owned()));
    } else if guide.materials.is_empty() {
        blocks.push(Block::Text(t!("guide.no_materials").into_owned()));
    } else {
        blocks.push(Block::Heading(t!("guide.bring").into_owned()));
    }
    for (index, material) in guide.materials.iter().enumerate() {
        blocks.push(Block::Text(
            t!("slip.item", n = index + 1, name = material.name).into_owned(),
        ));
        let notes = [
            material.note.clone(),
            wording::counts(material.capture(), material.originals, material.copies)
                .map(std::borrow::Cow::into_owned),
            (material.necessity() == Necessity::Optional)
                .then(|| t!("guide.optional").into_owned()),
            wording::applies_when(guide, &material.applies_when)
                .map(|when| t!("guide.only_when", when = when).into_owned()),
        ];
        blocks.extend(notes.into_iter().flatten().map(Block::Small));
    }
    blocks.push(Block::Rule(RuleStyle::Dashed));
    if let Some(time) = guide.promised().or(guide.legal()) {
        blocks.push(Block::row(t!("guide.how_long"), wording::time_limit(time)));
    }
    if guide.is_free() {
        blocks.push(Block::row(t!("guide.how_much"), t!("guide.no_fee")));
    }
    for fee in guide.charges() {
        let amount = fee.amount_fen.map(wording::yuan);
        blocks.push(Block::row(
            fee.name.clone(),
            amount.unwrap_or_else(|| fee.standard.clone()),
        ));
    }
    for place in &guide.places {
        blocks.push(Block::Heading(place.name.clone()));
        blocks.push(Block::Small(place.address.clone()));
        if !place.hours.is_empty() {
            blocks.push(Block::Small(place.hours.clone()));
        }
    }
    blocks.extend([
        Block::Rule(RuleStyle::Dashed),
        Block::Text(guide.department.name.clone()),
    ]);
    if !guide.consult_phone.is_empty() {
        let line = t!("guide.consult", phone = guide.consult_phone);
        blocks.push(Block::Text(line.into_owned()));
    }
    if !guide.complaint_phone.is_empty() {
        let line = t!("guide.complain", phone = guide.complaint_phone);
        blocks.push(Block::Text(line.into_owned()));
    }
    blocks.extend([
        Block::Small(freshness.to_owned()),
        Block::Small(t!("slip.taken_at", place = place).into_owned()),
    ]);
    if guide.sample {
        blocks.push(Block::Small(t!("guide.sample").into_owned()));
    }
    Receipt { blocks }
}

/// The same slip with a code that leads to `page`, where a telephone shows what may have changed since.
pub fn with_page(mut slip: Receipt, page: &str) -> Receipt {
    slip.blocks.extend([
        Block::Space(2),
        Block::Qr {
            data: page.to_owned(),
            size: QrSize::Medium,
        },
        Block::Small(t!("slip.page").into_owned()),
    ]);
    slip
}

/// Where the platform at `url` shows the guide with this identifier.
pub fn guide_page(url: &str, guide: &GuideId) -> String {
    format!("{}/v1/catalogue/guides/{guide}", url.trim_end_matches('/'))
}

/// Where the platform at `url` shows the theme service 一件事 with this identifier.
pub fn bundle_page(url: &str, bundle: &BundleId) -> String {
    format!(
        "{}/v1/catalogue/bundles/{bundle}",
        url.trim_end_matches('/')
    )
}

/// A notice or a law on paper; `facts` are who issued it and when, `place` is where it was taken.
pub fn document_slip(title: &str, facts: &[String], paragraphs: &[String], place: &str) -> Receipt {
    let mut blocks = vec![Block::Heading(title.to_owned())];
    blocks.extend(facts.iter().cloned().map(Block::Small));
    blocks.push(Block::Rule(RuleStyle::Solid));
    blocks.extend(paragraphs.iter().cloned().map(Block::Text));
    blocks.push(Block::Rule(RuleStyle::Dashed));
    blocks.push(Block::Small(
        t!("slip.taken_at", place = place).into_owned(),
    ));
    Receipt { blocks }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    #[test]
    fn a_slip_leads_to_its_page_and_keeps_all_it_said() {
        let url = bundle_page("http://platform.example/", &"newborn".into());
        assert_eq!(url, "http://platform.example/v1/catalogue/bundles/newborn");
        let plain = document_slip("标题", &[], &["一段话。".to_owned()], "青溪镇");
        let slip = with_page(plain.clone(), &url);
        assert!(slip.blocks.starts_with(&plain.blocks));
        let leads = |block: &Block| matches!(block, Block::Qr { data, .. } if *data == url);
        assert!(slip.blocks.iter().any(leads));
    }
}

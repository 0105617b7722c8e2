//! A theme service on paper: one list to pack by, one list to walk by.

use std::sync::Arc;

use jinban_api::documents::Bundle;
use jinban_api::guide::Guide;
use jinban_devices::receipt::{Block, Receipt, RuleStyle};

use super::{GatheredBundle, whereabouts};

/// The lists as a receipt printer prints them; `guides` are those of the steps, `place` is where it was taken,
/// `freshness` how far it may be relied on.
pub fn bundle_slip(
    bundle: &Bundle,
    gathered: &GatheredBundle,
    guides: &[Arc<Guide>],
    place: &str,
    freshness: &str,
) -> Receipt {
    let mut blocks = vec![
        Block::Title(t!("slip.bundle").into_owned()),
        Block::Heading(bundle.name.clone()),
        Block::Rule(RuleStyle::Solid),
    ];
    blocks.extend(answers(gathered));
    blocks.extend(materials(gathered));
    blocks.push(Block::Rule(RuleStyle::Dashed));
    blocks.extend(steps(gathered, guides));
    if !gathered.missing.is_empty() {
        let line = t!("bundle.missing", count = gathered.missing.len());
        blocks.push(Block::Text(line.into_owned()));
    }
    blocks.extend(bundle.notes.iter().cloned().map(Block::Text));
    blocks.extend([
        Block::Rule(RuleStyle::Dashed),
        Block::Small(freshness.to_owned()),
        Block::Small(t!("slip.taken_at", place = place).into_owned()),
    ]);
    if guides.iter().any(|guide| guide.sample) {
        blocks.push(Block::Small(t!("guide.sample").into_owned()));
    }
    Receipt { blocks }
}

/// What the lists hold for: whoever reads them at home may have answered for somebody else.
fn answers(gathered: &GatheredBundle) -> Vec<Block> {
    let mut blocks = Vec::new();
    for asked in &gathered.questions {
        let answer = asked.answered().map(|option| option.label.clone());
        let answer = answer.unwrap_or_else(|| t!("bundle.unanswered").into_owned());
        blocks.push(Block::Small(asked.situation.question.clone()));
        blocks.push(Block::Text(answer));
    }
    if !blocks.is_empty() {
        blocks.insert(0, Block::Heading(t!("bundle.answers").into_owned()));
        blocks.push(Block::Rule(RuleStyle::Dashed));
    }
    blocks
}

fn materials(gathered: &GatheredBundle) -> Vec<Block> {
    let (brought, made): (Vec<_>, Vec<_>) =
        (gathered.materials.iter()).partition(|material| material.is_brought());
    let mut blocks = Vec::new();
    if brought.is_empty() {
        blocks.push(Block::Text(t!("bundle.bring_nothing").into_owned()));
    } else {
        blocks.push(Block::Heading(t!("bundle.bring").into_owned()));
    }
    for (index, material) in brought.into_iter().enumerate() {
        blocks.push(item(index, &material.name));
        let facts = material.facts().into_iter();
        blocks.extend(facts.map(|fact| Block::Small(fact.into_owned())));
    }
    if !made.is_empty() {
        let names: Vec<_> = made.into_iter().map(|made| made.name.as_str()).collect();
        blocks.push(Block::Small(t!("bundle.made").into_owned()));
        blocks.push(Block::Small(names.join(&t!("list.and"))));
    }
    blocks
}

fn steps(gathered: &GatheredBundle, guides: &[Arc<Guide>]) -> Vec<Block> {
    let mut blocks = vec![Block::Heading(t!("bundle.steps").into_owned())];
    for (index, step) in gathered.steps.iter().enumerate() {
        blocks.push(item(index, &step.name));
        let facts = step.facts().into_iter();
        blocks.extend(facts.map(|fact| Block::Small(fact.into_owned())));
        if let Some(guide) = guides.iter().find(|guide| guide.id == step.guide) {
            blocks.push(Block::Small(whereabouts(guide).into_owned()));
            if !guide.consult_phone.is_empty() {
                let line = t!("guide.consult", phone = guide.consult_phone);
                blocks.push(Block::Small(line.into_owned()));
            }
        }
    }
    blocks
}

fn item(index: usize, name: &str) -> Block {
    Block::Text(t!("slip.item", n = index + 1, name = name).into_owned())
}

//! How well a text answers a query: runs of pieces that stand in the text one after the other.
//!
//! A character that stands alone proves little (保 is in hundreds of names), two neighbours prove much, and
//! initials prove the more the longer they run. What is missing between two runs, or stands in another order,
//! costs nothing but itself: official names are long, and people leave words out.

use super::How;
use super::text::Unit;
use super::token::{Fit, Token};

/// So much evidence is proof: two characters, or two of the same sound.
pub(super) const PROOF: f32 = 1.6;
/// What one character of the right kind is worth when it stands alone.
const ALONE: f32 = 0.45;

/// The pieces of a query against one text.
#[derive(Clone, Debug, Default)]
pub(super) struct Match {
    /// For each piece how well it is answered, 0–1.
    pub fits: Vec<f32>,
    /// For each piece how it was answered, where it was.
    pub hows: Vec<Option<How>>,
    /// Which characters of the text answer something; the first 128.
    pub covered: u128,
}

/// Lays the query along the text at every offset.
pub(super) fn lay(tokens: &[Token], text: &[Unit]) -> Match {
    let mut found = Match {
        fits: vec![0.0; tokens.len()],
        hows: vec![None; tokens.len()],
        covered: 0,
    };
    let mut run: Vec<Fit> = Vec::with_capacity(tokens.len());
    for offset in 0..(tokens.len() + text.len()).saturating_sub(1) {
        // The query's first piece stands `skipped` before the text, or at `from` in it.
        let skipped = tokens.len().saturating_sub(1).saturating_sub(offset);
        let from = (offset + 1).saturating_sub(tokens.len());
        let pairs = tokens[skipped..].iter().zip(&text[from..]);
        let mut at = 0;
        for (token, unit) in pairs {
            match token.fit(unit) {
                Some(fit) => run.push(fit),
                None => found.take(&mut run, skipped + at, from + at),
            }
            at += 1;
        }
        found.take(&mut run, skipped + at, from + at);
    }
    found
}

impl Match {
    /// Ends a run before piece `token` and character `unit`.
    fn take(&mut self, run: &mut Vec<Fit>, token: usize, unit: usize) {
        if run.is_empty() {
            return;
        }
        let whole = run.len() == self.fits.len();
        let worth = worth(run, whole);
        let (token, unit) = (token - run.len(), unit - run.len());
        for (at, fit) in run.drain(..).enumerate() {
            let value = fit.strength * worth;
            if value > self.fits[token + at] {
                self.fits[token + at] = value;
                self.hows[token + at] = Some(fit.how);
                if worth >= ALONE && unit + at < 128 {
                    self.covered |= 1 << (unit + at);
                }
            }
        }
    }
}

/// What the pieces of a run are worth, 0–1.
fn worth(run: &[Fit], whole: bool) -> f32 {
    if whole && (run.len() >= 3 || run.len() == 1) {
        return 1.0;
    }
    let evidence: f32 = run.iter().map(|fit| fit.evidence).sum();
    if evidence >= PROOF {
        1.0
    } else if evidence >= 1.0 {
        ALONE + (evidence - 1.0) * (1.0 - ALONE) / (PROOF - 1.0)
    } else {
        ALONE * evidence.powi(3)
    }
}

/// Which share of a word stands in the text, in its order and literally, 0–1; and where.
pub(super) fn share(word: &[Unit], text: &[Unit]) -> (f32, u128) {
    let mask = |from: usize, length: usize| {
        (from..(from + length).min(128)).fold(0_u128, |mask, at| mask | 1 << at)
    };
    let mut best = (0, 0);
    for start in 0..text.len() {
        let length = word
            .iter()
            .zip(&text[start..])
            .take_while(|(a, b)| a.character == b.character)
            .count();
        if length == word.len() {
            return (1.0, mask(start, length));
        }
        if length > best.1 {
            best = (start, length);
        }
    }
    // 公租房 in 公共租赁住房: the same characters with others between them.
    let mut covered = 0;
    let mut from = 0;
    for unit in word {
        let place = text[from..]
            .iter()
            .position(|u| u.character == unit.character);
        let Some(place) = place else {
            return (best.1 as f32 / word.len() as f32, mask(best.0, best.1));
        };
        from += place + 1;
        covered |= mask(from - 1, 1);
    }
    (0.8, covered)
}

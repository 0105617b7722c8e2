//! How a word is read, for word lists that give no pinyin: every likely combination of its characters' readings.

use crate::syllable;
use std::collections::HashMap;

/// A character's other reading is considered likely up to this much dearer than its usual one.
const LIKELY: u8 = 40;
/// A word of many ambiguous characters keeps only this many readings, the likeliest.
const READINGS: usize = 8;

/// The readings of single characters, each with its cost.
#[derive(Default)]
pub struct Readings(HashMap<char, Vec<(u8, u16)>>);

impl Readings {
    /// Learns one reading of one character.
    pub fn learn(&mut self, character: char, syllable: u16, cost: u8) {
        let known = self.0.entry(character).or_default();
        known.push((cost, syllable));
        known.sort_unstable();
    }

    /// The likely readings of a word, likeliest first; empty if a character of it is unknown.
    pub fn of(&self, word: &str) -> Vec<Vec<u16>> {
        let mut readings = vec![(0_u32, Vec::new())];
        for character in word.chars() {
            let Some(known) = self.0.get(&character) else {
                return Vec::new();
            };
            let best = known.first().map_or(0, |(cost, _)| *cost);
            let mut longer = Vec::new();
            for (sum, syllables) in &readings {
                for (cost, syllable) in known.iter().filter(|(cost, _)| cost - best <= LIKELY) {
                    let mut extended: Vec<u16> = syllables.clone();
                    extended.push(*syllable);
                    longer.push((sum + u32::from(*cost), extended));
                }
            }
            longer.sort();
            longer.truncate(READINGS);
            readings = longer;
        }
        readings
            .into_iter()
            .map(|(_, syllables)| syllables)
            .filter(|s| !s.is_empty())
            .collect()
    }
}

/// Syllable numbers of pinyin written with spaces, `None` if one is no syllable.
pub fn parse(pinyin: &str) -> Option<Vec<u16>> {
    let syllables: Option<Vec<u16>> = pinyin.split_whitespace().map(syllable::number).collect();
    syllables.filter(|s| !s.is_empty())
}

/// One line of a word list: the word, and its pinyin if the list gives it. Comments and empty lines are `None`.
pub fn line(text: &str) -> Option<(&str, Option<&str>)> {
    let text = text.trim_end().trim_start_matches('\u{feff}');
    if text.is_empty() || text.starts_with('#') {
        return None;
    }
    let mut fields = text.split('\t');
    let word = fields.next().unwrap_or_default().trim();
    (!word.is_empty()).then(|| (word, fields.next().map(str::trim).filter(|p| !p.is_empty())))
}

//! How characters sound: syllables without tones, their numbers, and which of them are easily taken for one another.

use std::sync::OnceLock;

use pinyin::ToPinyinMulti;

/// The number of a syllable; 0 is no syllable at all.
pub(super) type Syllable = u16;

/// How many readings of a character are kept; the rest are found in no name.
const READINGS: usize = 3;

const FIRST: u32 = 0x4E00;
const LAST: u32 = 0x9FFF;

/// Initials and endings that are heard alike in Sichuan, the second written as the first.
const ALIKE_INITIALS: [(&str, &str); 4] = [("z", "zh"), ("c", "ch"), ("s", "sh"), ("l", "n")];
const ALIKE_ENDINGS: [(&str, &str); 3] = [("an", "ang"), ("en", "eng"), ("in", "ing")];

/// Every syllable of the characters in use, and the readings of each character.
pub(super) struct Sounds {
    /// In alphabetical order; the first is empty.
    spellings: Vec<String>,
    /// What a syllable is heard as, by its number.
    heard: Vec<Syllable>,
    readings: Vec<[Syllable; READINGS]>,
}

impl Sounds {
    /// The one table; made at the first use, in a few milliseconds.
    pub(super) fn get() -> &'static Self {
        static SOUNDS: OnceLock<Sounds> = OnceLock::new();
        SOUNDS.get_or_init(Self::new)
    }

    fn new() -> Self {
        let characters = (FIRST..=LAST).filter_map(char::from_u32);
        let spelt: Vec<Vec<String>> = characters
            .map(|c| {
                let mut spelt = Vec::new();
                for reading in c.to_pinyin_multi().into_iter().flatten() {
                    let plain = reading.plain().replace('ü', "v");
                    // Interjections such as 嗯 have no vowel; nobody searches by them.
                    if plain.contains(['a', 'e', 'i', 'o', 'u', 'v']) && !spelt.contains(&plain) {
                        spelt.push(plain);
                    }
                }
                spelt.truncate(READINGS);
                spelt
            })
            .collect();
        let mut spellings: Vec<String> = spelt.iter().flatten().cloned().collect();
        spellings.push(String::new());
        spellings.sort_unstable();
        spellings.dedup();
        let number = |text: &str| {
            spellings
                .binary_search_by(|spelling| spelling.as_str().cmp(text))
                .map_or(0, |at| at as Syllable)
        };
        let readings = spelt
            .iter()
            .map(|spelt| {
                let mut readings = [0; READINGS];
                for (slot, spelling) in readings.iter_mut().zip(spelt) {
                    *slot = number(spelling);
                }
                readings
            })
            .collect();
        let heard = (0..)
            .zip(&spellings)
            .map(|(own, spelling)| match number(&heard_as(spelling)) {
                0 => own,
                other => other,
            })
            .collect();
        Self {
            spellings,
            heard,
            readings,
        }
    }

    /// The readings of a character, 0 where there are no more.
    pub(super) fn readings(&self, c: char) -> [Syllable; READINGS] {
        (c as u32)
            .checked_sub(FIRST)
            .and_then(|at| self.readings.get(at as usize))
            .copied()
            .unwrap_or_default()
    }

    /// What a syllable is heard as; syllables with the same answer are easily confused.
    pub(super) fn heard(&self, syllable: Syllable) -> Syllable {
        self.heard
            .get(usize::from(syllable))
            .copied()
            .unwrap_or_default()
    }

    /// The first letter of a syllable.
    pub(super) fn initial(&self, syllable: Syllable) -> u8 {
        let spelling = self.spellings.get(usize::from(syllable));
        spelling
            .and_then(|text| text.bytes().next())
            .unwrap_or_default()
    }

    /// How a syllable is spelt.
    #[cfg(test)]
    pub(super) fn spelling(&self, syllable: Syllable) -> &str {
        &self.spellings[usize::from(syllable)]
    }

    /// The syllable that is spelt so.
    pub(super) fn syllable(&self, letters: &str) -> Option<Syllable> {
        self.spellings
            .binary_search_by(|spelling| spelling.as_str().cmp(letters))
            .ok()
            .filter(|&at| at > 0)
            .map(|at| at as Syllable)
    }

    /// The syllables that begin with these letters, as a range of numbers.
    pub(super) fn beginning(&self, letters: &str) -> std::ops::Range<Syllable> {
        let from = self.spellings.partition_point(|s| s.as_str() < letters);
        let count = self.spellings[from..]
            .iter()
            .take_while(|spelling| spelling.starts_with(letters))
            .count();
        from as Syllable..(from + count) as Syllable
    }
}

/// A spelling with its initial and its ending as they are heard.
fn heard_as(spelling: &str) -> String {
    let mut heard = spelling.to_owned();
    for (plain, other) in ALIKE_INITIALS {
        if let Some(rest) = heard.strip_prefix(other) {
            heard = format!("{plain}{rest}");
            break;
        }
    }
    for (plain, other) in ALIKE_ENDINGS {
        if let Some(rest) = heard.strip_suffix(other) {
            heard = format!("{rest}{plain}");
            break;
        }
    }
    if heard == "fu" {
        "hu".to_owned()
    } else {
        heard
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn what_is_heard_alike_is_one_sound_and_what_is_not_stays_two() {
        let sounds = Sounds::get();
        let heard = |text: &str| sounds.heard(sounds.syllable(text).unwrap());
        for (a, b) in [
            ("zhi", "zi"),
            ("ling", "lin"),
            ("nan", "lan"),
            ("nong", "long"),
            ("sheng", "sen"),
            ("hu", "fu"),
            ("zhang", "zan"),
        ] {
            assert_eq!(heard(a), heard(b), "{a} {b}");
        }
        for (a, b) in [("ba", "pa"), ("bao", "biao"), ("hui", "fei"), ("yi", "ji")] {
            assert_ne!(heard(a), heard(b), "{a} {b}");
        }
    }

    #[test]
    fn a_character_has_all_its_usual_readings() {
        let sounds = Sounds::get();
        for (character, spelling) in [
            ('行', "xing"),
            ('行', "hang"),
            ('参', "can"),
            ('卡', "ka"),
            ('女', "nv"),
            ('车', "che"),
            ('重', "zhong"),
            ('还', "huan"),
        ] {
            let syllable = sounds.syllable(spelling).unwrap();
            assert!(
                sounds.readings(character).contains(&syllable),
                "{character} {spelling}"
            );
        }
        assert_eq!(sounds.readings('a'), [0; READINGS]);
    }

    #[test]
    fn a_syllable_begun_names_all_it_may_become() {
        let sounds = Sounds::get();
        let begun = sounds.beginning("zhu");
        assert!(begun.contains(&sounds.syllable("zhuan").unwrap()));
        assert!(begun.contains(&sounds.syllable("zhu").unwrap()));
        assert!(!begun.contains(&sounds.syllable("zhong").unwrap()));
    }
}

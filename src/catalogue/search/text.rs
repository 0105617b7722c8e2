//! Text as search sees it: normalised characters with every reading, and matching along them.

use pinyin::ToPinyinMulti;

use super::How;

/// One character with its readings; letters and digits have none.
#[derive(Clone, Debug)]
pub(super) struct Glyph {
    pub character: char,
    pub readings: Vec<&'static str>,
}

/// Where and how a query was found in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// First matched character.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    pub how: How,
}

/// Letters are lowered, full-width forms narrowed; anything that is neither letter, digit nor Chinese
/// character is dropped.
pub(super) fn normalise(text: &str) -> Vec<char> {
    text.chars()
        .map(|c| match c {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
            // Typed for ü where a keyboard has no ü.
            'ü' | 'Ü' => 'v',
            other => other,
        })
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// The text with its readings.
pub(super) fn glyphs(text: &str) -> Vec<Glyph> {
    normalise(text)
        .into_iter()
        .map(|character| {
            let mut readings: Vec<&'static str> = character
                .to_pinyin_multi()
                .into_iter()
                .flatten()
                .map(pinyin::Pinyin::plain)
                .collect();
            readings.dedup();
            Glyph {
                character,
                readings,
            }
        })
        .collect()
}

/// The text without readings, for what is only ever found by its characters.
pub(super) fn plain_glyphs(text: &str) -> Vec<Glyph> {
    normalise(text)
        .into_iter()
        .map(|character| Glyph {
            character,
            readings: Vec::new(),
        })
        .collect()
}

/// Whether the query is letters only, so that it may be pinyin.
pub(super) fn is_latin(query: &[char]) -> bool {
    query.iter().all(char::is_ascii_alphanumeric)
}

/// The best place of `query` in `text`: the surest way first, then the earliest.
pub(super) fn find(text: &[Glyph], query: &[char]) -> Option<Found> {
    if query.is_empty() {
        return None;
    }
    let mut best: Option<Found> = None;
    for start in (0..text.len()).filter(|&at| may_begin(&text[at], query[0])) {
        let found = Matcher::new(&text[start..], query).run();
        if let Some((taken, how)) = found {
            let found = Found {
                start,
                end: start + taken,
                how,
            };
            if best.is_none_or(|best| how < best.how) {
                best = Some(found);
            }
        }
    }
    best
}

/// Whether a match can begin here at all; most places are ruled out by this alone.
fn may_begin(glyph: &Glyph, first: char) -> bool {
    glyph.character == first
        || (first.is_ascii_alphabetic()
            && glyph
                .readings
                .iter()
                .any(|reading| reading.starts_with(first)))
}

/// Walks text and query together; remembers dead ends, so that its work is bounded by their product.
struct Matcher<'a> {
    text: &'a [Glyph],
    query: &'a [char],
    dead: Vec<bool>,
}

impl<'a> Matcher<'a> {
    fn new(text: &'a [Glyph], query: &'a [char]) -> Self {
        Self {
            text,
            query,
            dead: vec![false; (text.len() + 1) * (query.len() + 1)],
        }
    }

    /// How many characters of the text the whole query covers from its beginning.
    fn run(&mut self) -> Option<(usize, How)> {
        self.step(0, 0)
    }

    fn step(&mut self, at: usize, asked: usize) -> Option<(usize, How)> {
        if asked == self.query.len() {
            return Some((at, How::Literal));
        }
        let slot = at * (self.query.len() + 1) + asked;
        if at == self.text.len() || self.dead[slot] {
            return None;
        }
        let found = self.try_here(at, asked);
        self.dead[slot] = found.is_none();
        found
    }

    fn try_here(&mut self, at: usize, asked: usize) -> Option<(usize, How)> {
        let text = self.text;
        let glyph = &text[at];
        let rest = &self.query[asked..];
        if glyph.character == rest[0]
            && let Some(found) = self.step(at + 1, asked + 1)
        {
            return Some(found);
        }
        for reading in &glyph.readings {
            let common = common_prefix(reading, rest);
            if common == reading.len() {
                if let Some((end, how)) = self.step(at + 1, asked + common) {
                    return Some((end, how.max(How::Pinyin)));
                }
            } else if common == rest.len() && common > 1 {
                // The last syllable is still being typed.
                return Some((at + 1, How::Pinyin));
            }
        }
        for reading in &glyph.readings {
            for length in initial_lengths(reading) {
                if common_prefix(reading, rest) >= length
                    && let Some((end, how)) = self.step(at + 1, asked + length)
                {
                    return Some((end, how.max(How::Initials)));
                }
            }
        }
        None
    }
}

/// An initial is typed as its first letter, or as both letters of zh, ch, sh.
fn initial_lengths(reading: &str) -> impl Iterator<Item = usize> {
    let double = matches!(reading.get(..2), Some("zh" | "ch" | "sh"));
    double.then_some(2).into_iter().chain([1])
}

fn common_prefix(reading: &str, query: &[char]) -> usize {
    reading
        .chars()
        .zip(query)
        .take_while(|(a, b)| a == *b)
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn how(text: &str, query: &str) -> Option<(usize, usize, How)> {
        find(&glyphs(text), &normalise(query)).map(|f| (f.start, f.end, f.how))
    }

    #[test]
    fn characters_syllables_initials_and_mixtures_lead_to_the_same_place() {
        let table = [
            ("低保", Some((0, 2, How::Literal))),
            ("dibao", Some((0, 2, How::Pinyin))),
            ("db", Some((0, 2, How::Initials))),
            ("dib", Some((0, 2, How::Initials))),
            ("d保", Some((0, 2, How::Initials))),
            ("di保", Some((0, 2, How::Pinyin))),
            ("DiBao", Some((0, 2, How::Pinyin))),
            ("ｄｂ", Some((0, 2, How::Initials))),
            ("保低", None),
            ("dx", None),
        ];
        for (query, expected) in table {
            assert_eq!(how("低保", query), expected, "{query}");
        }
    }

    #[test]
    fn a_syllable_being_typed_already_matches() {
        for length in 2..="gaolingjintie".len() {
            let typed = &"gaolingjintie"[..length];
            assert!(how("高龄津贴", typed).is_some(), "{typed}");
        }
    }

    #[test]
    fn every_reading_of_a_character_counts() {
        assert!(how("银行账号", "yinhang").is_some());
        assert!(how("参保", "canbao").is_some());
    }

    #[test]
    fn a_long_repetitive_query_ends_quickly() {
        let text = "啊".repeat(60);
        let query = format!("{}x", "a".repeat(60));
        assert_eq!(how(&text, &query), None);
    }
}

//! Text as search sees it: characters that matter, each with its readings.

use super::sound::{Sounds, Syllable};

/// One character with its readings; letters and digits have none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unit {
    pub character: char,
    pub readings: [Syllable; 3],
}

impl Unit {
    pub(super) fn of(character: char) -> Self {
        Self {
            character,
            readings: Sounds::get().readings(character),
        }
    }

    /// Its readings without the empty places.
    pub(super) fn sounds(&self) -> impl Iterator<Item = Syllable> + '_ {
        self.readings.iter().copied().take_while(|&s| s != 0)
    }
}

/// Letters are lowered, full-width forms narrowed; anything that is neither letter, digit nor Chinese
/// character is dropped.
pub(super) fn normalise(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars()
        .map(|c| match c {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
            // Typed for ü where a keyboard has no ü.
            'ü' | 'Ü' => 'v',
            other => other,
        })
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
}

/// The text's characters with their readings.
pub(super) fn units(text: &str) -> Vec<Unit> {
    normalise(text).map(Unit::of).collect()
}

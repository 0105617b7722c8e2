//! What happens with each key and each choice.

use crate::{
    Composition, Engine, Key, Mode,
    candidates::candidates,
    dictionary::Dictionary,
    graph::{Graph, Letters},
    search::Found,
    spelling::Spellings,
};
use zeroize::Zeroizing;

/// Candidates on one page.
pub const PAGE: usize = 8;

/// A word that was chosen while letters are left.
struct Choice {
    text: Zeroizing<String>,
    letters: Letters,
}

/// The engine of the embedded tables.
pub struct Pinyin {
    dictionary: Dictionary,
    spellings: Spellings,
    mode: Mode,
    letters: Letters,
    chosen: Vec<Choice>,
    candidates: Vec<Found>,
    page: usize,
    shown: Composition,
}

impl Pinyin {
    /// An engine with nothing typed, for free text.
    pub fn new(dictionary: Dictionary) -> Self {
        Self {
            dictionary,
            spellings: Spellings::new(),
            mode: Mode::Text,
            letters: Letters::default(),
            chosen: Vec::new(),
            candidates: Vec::new(),
            page: 0,
            shown: Composition::default(),
        }
    }

    /// Looks for candidates again after the letters, the choices or the mode changed.
    fn look(&mut self) {
        let graph = Graph::new(&self.letters, &self.spellings);
        self.candidates = candidates(&self.dictionary, &graph, self.mode, self.chosen.is_empty());
        self.page = 0;
        let mut preedit = Zeroizing::new(String::with_capacity(256));
        for choice in &self.chosen {
            preedit.push_str(&choice.text);
        }
        let mut start = 0;
        for end in graph.cut() {
            if start > 0 && !self.letters.is_cut(start) {
                preedit.push(' ');
            }
            let piece = self.letters.as_bytes().get(start..end).unwrap_or_default();
            preedit.extend(piece.iter().map(|letter| char::from(*letter)));
            if self.letters.is_cut(end) {
                preedit.push('\'');
            }
            start = end;
        }
        self.show(&preedit);
    }

    fn show(&mut self, preedit: &str) {
        let from = self.page * PAGE;
        let page = self.candidates.iter().skip(from).take(PAGE);
        self.shown = Composition {
            preedit: preedit.to_owned(),
            candidates: page.map(|c| c.text.as_str().to_owned()).collect(),
            page: self.page,
            has_next: self.candidates.len() > from + PAGE,
            has_prev: self.page > 0,
        };
    }

    fn turn(&mut self, page: usize) {
        if page * PAGE < self.candidates.len() {
            self.page = page;
            let preedit = Zeroizing::new(self.shown.preedit.clone());
            self.show(&preedit);
        }
    }

    fn back(&mut self) {
        // A choice is taken back as a whole: it was one touch.
        match self.chosen.pop() {
            Some(choice) => self.letters.prepend(&choice.letters),
            None => self.letters.pop(),
        }
    }
}

impl Engine for Pinyin {
    fn key(&mut self, key: Key) {
        match key {
            Key::Letter('ü' | 'Ü') => _ = self.letters.push(b'v'),
            Key::Letter(letter) => match u8::try_from(letter.to_ascii_lowercase()) {
                Ok(letter) if self.letters.push(letter) => {}
                _ => return,
            },
            Key::Backspace => self.back(),
            Key::Separator => self.letters.cut(),
        }
        self.look();
    }

    fn state(&self) -> &Composition {
        &self.shown
    }

    fn choose(&mut self, index: usize) -> Option<String> {
        let at = self
            .page
            .checked_mul(PAGE)?
            .checked_add(index)
            .filter(|_| index < PAGE)?;
        let candidate = self.candidates.get(at)?;
        let (taken, left) = self.letters.split(candidate.end);
        self.chosen.push(Choice {
            text: candidate.text.clone(),
            letters: taken,
        });
        self.letters = left;
        if !self.letters.as_bytes().is_empty() {
            self.look();
            return None;
        }
        // In one piece: a string that grows leaves its earlier halves behind.
        let mut text = String::with_capacity(self.chosen.iter().map(|c| c.text.len()).sum());
        for choice in &self.chosen {
            text.push_str(&choice.text);
        }
        self.clear();
        Some(text)
    }

    fn next_page(&mut self) {
        self.turn(self.page + 1);
    }

    fn prev_page(&mut self) {
        if self.page > 0 {
            self.turn(self.page - 1);
        }
    }

    fn clear(&mut self) {
        self.letters = Letters::default();
        self.chosen = Vec::new();
        self.candidates = Vec::new();
        self.page = 0;
        self.shown = Composition::default();
    }

    fn set_mode(&mut self, mode: Mode) {
        if mode != self.mode {
            self.mode = mode;
            self.look();
        }
    }
}

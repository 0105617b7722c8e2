//! Pinyin input for the on-screen keyboard of a public terminal.
//!
//! Nothing that a person types is learnt, kept or written anywhere: the next person finds the same keyboard.
//! The words are compiled into the program; opening takes a few milliseconds and reads nothing but the word
//! lists that a technician may have added.

mod candidates;
mod compile;
mod composition;
mod dictionary;
mod engine;
mod graph;
mod reading;
mod search;
mod spelling;
mod syllable;
mod table;

pub use composition::Composition;
pub use dictionary::EngineError;
pub use engine::PAGE;

use std::path::Path;

/// What kind of text the field wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Mode {
    /// Anything.
    #[default]
    Text,
    /// A person's name: surnames first, then the characters that names are made of. No other words.
    Name,
    /// An address: the places of the prefecture first, and the words that addresses are made of.
    Address,
    /// A question to the guides: what people come to a service room for first.
    Search,
}

/// A key of the keyboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// `a` to `z`, and `ü`, for which `v` does too; anything else is ignored.
    Letter(char),
    /// Takes back the last choice if there is one, else the last letter.
    Backspace,
    /// Ends a syllable, as in `xi'an`.
    Separator,
}

/// A pinyin engine: what one person is typing into one field.
pub trait Engine: Send {
    /// A key was touched.
    fn key(&mut self, key: Key);

    /// What to show.
    fn state(&self) -> &Composition;

    /// A candidate of the page that is shown was touched, counted from 0.
    ///
    /// Returns the text for the field once all letters are used up; until then the choice is shown in the
    /// preedit and there are candidates for the remaining letters.
    fn choose(&mut self, index: usize) -> Option<String>;

    /// Shows the next page of candidates, if there is one.
    fn next_page(&mut self);

    /// Shows the previous page of candidates, if there is one.
    fn prev_page(&mut self);

    /// Forgets everything that was typed, and wipes it from memory.
    fn clear(&mut self);

    /// Changes what kind of words come first; what was typed stays.
    fn set_mode(&mut self, mode: Mode);
}

/// Opens the keyboard's engine.
///
/// Word lists `lexicons/*.tsv` in `data_dir` (a word a line, optionally a tab and its pinyin) are added, so that
/// the machine knows its own county's villages. There need not be any, nor the folder. A list that cannot be
/// used is left out; [`check_lists`] tells the technician.
pub fn open(data_dir: &Path) -> Result<Box<dyn Engine>, EngineError> {
    let (dictionary, _) = dictionary::Dictionary::open(data_dir)?;
    Ok(Box::new(engine::Pinyin::new(dictionary)))
}

/// What is wrong with the word lists in `data_dir`, for the technician's self-test. Nothing, if there are none.
pub fn check_lists(data_dir: &Path) -> Vec<EngineError> {
    match dictionary::Dictionary::open(data_dir) {
        Ok((_, problems)) => problems,
        Err(error) => vec![error],
    }
}

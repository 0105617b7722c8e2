//! What the keyboard shows of a word that is being typed.

use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// What the keyboard shows of a word that is being typed; empty when nothing is.
#[derive(Clone, Default, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Composition {
    /// What was chosen and typed so far: Chinese characters, then pinyin cut into syllables.
    pub preedit: String,
    /// The words on this page, best first; at most [`crate::PAGE`].
    pub candidates: Vec<String>,
    /// Counted from 0.
    pub page: usize,
    /// There are more candidates.
    pub has_next: bool,
    /// There are candidates before these.
    pub has_prev: bool,
}

impl Composition {
    /// Whether nothing is being typed.
    pub fn is_empty(&self) -> bool {
        self.preedit.is_empty()
    }
}

/// Shows how much there is, never what: a name or an address is being typed.
impl fmt::Debug for Composition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Composition")
            .field("letters", &self.preedit.chars().count())
            .field("candidates", &self.candidates.len())
            .field("page", &self.page)
            .finish_non_exhaustive()
    }
}

//! The order in which words are offered.

use crate::{
    Mode,
    dictionary::Dictionary,
    graph::Graph,
    search::{Found, search},
};
use std::collections::HashSet;

/// More than these nobody pages through.
const MOST_WHOLE: usize = 480;
const MOST_PARTIAL: usize = 40;

/// In free text a name is meant only where no words fit.
const NAME_IN_TEXT: i32 = 60;
const NAMES_IN_TEXT: usize = 2;

/// What may be chosen for the letters of a graph, best first. `first`: nothing was chosen before them.
///
/// Words and sentences that use up all letters come together with words for the first of them, in the order of
/// how likely the whole is. Of single characters none is left out: a name may need any of them.
pub fn candidates(dictionary: &Dictionary, graph: &Graph, mode: Mode, first: bool) -> Vec<Found> {
    let breadth = match mode {
        Mode::Text | Mode::Search => 1,
        Mode::Address => 2,
        Mode::Name => 12,
    };
    let (mut found, sentences) = search(graph, &dictionary.layers(mode, first), breadth);
    found.extend(sentences);
    if mode == Mode::Text && first {
        found.extend(names(dictionary, graph));
    }
    found.sort_by_key(|f| f.cost);
    let (mut seen, mut partial) = (HashSet::new(), 0);
    let keep: Vec<bool> = found
        .iter()
        .map(|f| {
            let single = f.text.chars().nth(1).is_none();
            partial += usize::from(!single && f.end < graph.len());
            let useful = single
                || if f.end < graph.len() {
                    partial <= MOST_PARTIAL
                } else {
                    seen.len() < MOST_WHOLE
                };
            useful && !f.text.is_empty() && seen.insert(f.text.as_str())
        })
        .collect();
    let mut keep = keep.into_iter();
    found.retain(|_| keep.next().unwrap_or(false));
    found
}

/// The likeliest names of two to four characters, for text that is not only a name.
fn names(dictionary: &Dictionary, graph: &Graph) -> Vec<Found> {
    let (_, mut names) = search(graph, &dictionary.layers(Mode::Name, true), NAMES_IN_TEXT);
    names.retain(|name| (2..=4).contains(&name.text.chars().count()));
    for name in &mut names {
        name.cost += NAME_IN_TEXT;
    }
    names
}

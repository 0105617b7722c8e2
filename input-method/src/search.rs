//! Finds the words that what was typed may stand for, and the best sentences of them.

use crate::{
    graph::Graph,
    table::{Node, Table, Word},
};
use zeroize::Zeroizing;

/// A table of words as a mode uses it.
#[derive(Clone, Copy)]
pub struct Layer<'a> {
    /// The words.
    pub table: &'a Table,
    /// Added to the cost of each: below zero where the mode expects these words.
    pub cost: i32,
    /// Where in what was typed these words may stand.
    pub place: Place,
    /// Only its single characters are used.
    pub single: bool,
    /// Offers a word before all of its syllables are typed, each missing one at this cost.
    pub completes: Option<i32>,
}

/// Where in what was typed the words of a layer may stand.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Anywhere.
    Any,
    /// At its beginning.
    First,
    /// After its beginning.
    Later,
}

impl Place {
    fn allows(self, start: usize) -> bool {
        match self {
            Self::Any => true,
            Self::First => start == 0,
            Self::Later => start > 0,
        }
    }
}

/// A word, or several one after the other, for the letters up to `end`.
#[derive(Clone)]
pub struct Found {
    /// Chinese characters.
    pub text: Zeroizing<String>,
    /// Tenths of a nat, with the likeliest words for the letters that it leaves; the lower, the likelier.
    pub cost: i32,
    /// How many letters it stands for.
    pub end: usize,
}

/// More syllables than any word has.
const DEEPEST: usize = 16;
/// How many nodes are looked at for words that are not typed to their end.
const COMPLETIONS: usize = 400;

/// Choosing word by word is more work than having all of it at once.
const LEAVES_LETTERS: i32 = 30;
/// A letter that no word can use.
const USELESS: i32 = 250;

/// All words that begin with the first letter; and the `breadth` best sentences that use up all letters.
pub fn search(graph: &Graph, layers: &[Layer], breadth: usize) -> (Vec<Found>, Vec<Found>) {
    let mut words = Vec::new();
    let mut rest = Rest::new(graph.len());
    let mut paths: Vec<Vec<Found>> = vec![Vec::new(); graph.len() + 1];
    paths[0].push(Found {
        text: Zeroizing::default(),
        cost: 0,
        end: 0,
    });
    for start in 0..graph.len() {
        let so_far = std::mem::take(&mut paths[start]);
        for layer in layers.iter().filter(|l| l.place.allows(start)) {
            let mut walk = Walk {
                graph,
                layer: *layer,
                leaves: Vec::new(),
                budget: COMPLETIONS,
            };
            walk.down(Table::ROOT, start, 0, 0);
            for (node, end, cost) in walk.leaves {
                for (nth, word) in layer.table.words(node).enumerate() {
                    let cost = cost + layer.cost + i32::from(word.cost);
                    if start == 0 {
                        words.push(found("", layer.table, word, cost, end.min(graph.len())));
                    } else if nth >= breadth {
                        break;
                    }
                    rest.learn(start, end, cost);
                    let Some(longer) = paths.get_mut(end) else {
                        continue;
                    };
                    for path in &so_far {
                        let cost = path.cost + cost;
                        if longer.len() < breadth || longer.last().is_some_and(|l| cost < l.cost) {
                            keep(
                                longer,
                                found(&path.text, layer.table, word, cost, end),
                                breadth,
                            );
                        }
                    }
                }
            }
        }
    }
    rest.sum_up();
    for word in words.iter_mut().filter(|w| w.end < graph.len()) {
        word.cost += LEAVES_LETTERS + rest.after(word.end);
    }
    (words, paths.pop().unwrap_or_default())
}

/// What the likeliest words for the letters from each one on cost.
struct Rest {
    /// The likeliest word from one letter up to another.
    words: Vec<(usize, usize, i32)>,
    costs: Vec<i32>,
}

impl Rest {
    fn new(letters: usize) -> Self {
        Self {
            words: Vec::new(),
            costs: vec![0; letters + 1],
        }
    }

    fn learn(&mut self, start: usize, end: usize, cost: i32) {
        if start == 0 || end >= self.costs.len() {
            return;
        }
        // The words of one start come together.
        let same = self
            .words
            .iter_mut()
            .rev()
            .take_while(|w| w.0 == start)
            .find(|w| w.1 == end);
        match same {
            Some(word) => word.2 = word.2.min(cost),
            None => self.words.push((start, end, cost)),
        }
    }

    fn sum_up(&mut self) {
        let mut words = self.words.iter().rev().peekable();
        for start in (1..self.costs.len().saturating_sub(1)).rev() {
            let mut best = self.costs[start + 1] + USELESS;
            while let Some((_, end, cost)) = words.next_if(|w| w.0 == start) {
                best = best.min(cost + self.costs[*end]);
            }
            self.costs[start] = best;
        }
    }

    fn after(&self, end: usize) -> i32 {
        self.costs.get(end).copied().unwrap_or(0)
    }
}

fn found(before: &str, table: &Table, word: Word, cost: i32, end: usize) -> Found {
    let text = table.text(word);
    let mut whole = Zeroizing::new(String::with_capacity(before.len() + text.len()));
    whole.push_str(before);
    whole.push_str(text);
    Found {
        text: whole,
        cost,
        end,
    }
}

fn keep(paths: &mut Vec<Found>, path: Found, breadth: usize) {
    if let Some(same) = paths.iter().position(|p| p.text == path.text) {
        if paths[same].cost <= path.cost {
            return;
        }
        paths.remove(same);
    }
    let at = paths.partition_point(|p| p.cost <= path.cost);
    paths.insert(at, path);
    paths.truncate(breadth);
}

struct Walk<'a> {
    graph: &'a Graph<'a>,
    layer: Layer<'a>,
    /// Nodes with words, the letter after them (beyond the last letter if more syllables are to come), the cost.
    leaves: Vec<(Node, usize, i32)>,
    budget: usize,
}

impl Walk<'_> {
    fn down(&mut self, node: Node, at: usize, depth: usize, cost: i32) {
        if depth > 0 {
            self.leaves.push((node, at, cost));
        }
        if depth >= DEEPEST || (depth > 0 && self.layer.single) {
            return;
        }
        if let Some(each) = self
            .layer
            .completes
            .filter(|_| at == self.graph.len() && depth > 1)
        {
            self.complete(node, depth, cost + each);
        }
        for edge in self.graph.from(at) {
            let children = self.layer.table.children(node);
            if edge.sounds.len() * 4 < children.len() {
                for sound in edge.sounds {
                    if let Some(child) = self.layer.table.child(node, sound.syllable) {
                        self.down(child, edge.end, depth + 1, cost + i32::from(sound.cost));
                    }
                }
            } else {
                let mut sounds = edge.sounds.iter().peekable();
                for (syllable, child) in children.map(|n| self.layer.table.node(n)) {
                    while sounds.next_if(|s| s.syllable < syllable).is_some() {}
                    if let Some(sound) = sounds.next_if(|s| s.syllable == syllable) {
                        self.down(child, edge.end, depth + 1, cost + i32::from(sound.cost));
                    }
                }
            }
        }
    }

    fn complete(&mut self, node: Node, depth: usize, cost: i32) {
        for number in self.layer.table.children(node) {
            if self.budget == 0 || depth >= DEEPEST {
                return;
            }
            self.budget -= 1;
            let (_, child) = self.layer.table.node(number);
            self.leaves.push((child, usize::MAX, cost));
            self.complete(child, depth + 1, cost + self.layer.completes.unwrap_or(0));
        }
    }
}

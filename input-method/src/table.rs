//! Reads words by their syllables straight from the bytes of a table, without unpacking it.

use crate::compile::MAGIC;
use std::{borrow::Cow, ops::Range};

/// A node of the tree of syllables; the root stands for the beginning of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node(u32);

/// Where a word stands in its table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// Byte offset of the word's record.
    at: u32,
    /// See [`crate::compile::Entry::cost`].
    pub cost: u8,
}

/// A table of words, see [`crate::compile::table`] for its layout.
pub struct Table {
    bytes: Cow<'static, [u8]>,
    nodes: u32,
}

impl Table {
    /// The start of every word.
    pub const ROOT: Node = Node(0);

    /// Takes the bytes of a table; `None` if they are not one.
    pub fn new(bytes: impl Into<Cow<'static, [u8]>>) -> Option<Self> {
        let bytes = bytes.into();
        let nodes = bytes
            .strip_prefix(&MAGIC)?
            .first_chunk()
            .map(|n| u32::from_le_bytes(*n))?;
        let table = Self { bytes, nodes };
        let pool = table.pool_start()?;
        let end = pool.checked_add(table.number(table.words_start()?, nodes)? as usize)?;
        (nodes > 0 && end == table.bytes.len()).then_some(table)
    }

    /// Those that follow a node, in the order of their syllables.
    pub fn children(&self, node: Node) -> Range<u32> {
        let start = self.children_start();
        let range =
            self.number(start, node.0).unwrap_or(0)..self.number(start, node.0 + 1).unwrap_or(0);
        // Children come after their parent; anything else is damage, and would never end.
        if range.start > node.0 && range.end <= self.nodes {
            range
        } else {
            0..0
        }
    }

    /// The node with this number, as given by [`Table::children`].
    pub fn node(&self, number: u32) -> (u16, Node) {
        let at = 8 + number as usize * 2;
        let syllable = self
            .bytes
            .get(at..at + 2)
            .and_then(|b| b.first_chunk())
            .map_or(u16::MAX, |b| u16::from_le_bytes(*b));
        (syllable, Node(number))
    }

    /// The child of a node by a syllable.
    pub fn child(&self, node: Node, syllable: u16) -> Option<Node> {
        let mut range = self.children(node);
        while !range.is_empty() {
            let middle = range.start + (range.end - range.start) / 2;
            let (found, child) = self.node(middle);
            match found.cmp(&syllable) {
                std::cmp::Ordering::Equal => return Some(child),
                std::cmp::Ordering::Less => range.start = middle + 1,
                std::cmp::Ordering::Greater => range.end = middle,
            }
        }
        None
    }

    /// The words that end at a node, cheapest first.
    pub fn words(&self, node: Node) -> impl Iterator<Item = Word> + '_ {
        let range = self
            .words_start()
            .zip(self.pool_start())
            .and_then(|(words, pool)| {
                let at = |n| Some(pool + self.number(words, n)? as usize);
                Some(at(node.0)?..at(node.0 + 1)?)
            });
        let mut range = range.unwrap_or(0..0);
        std::iter::from_fn(move || {
            let &[cost, length] = self.bytes.get(range.clone())?.first_chunk()?;
            let word = Word {
                at: u32::try_from(range.start).ok()?,
                cost,
            };
            range.start += 2 + usize::from(length);
            Some(word)
        })
    }

    /// The characters of a word.
    pub fn text(&self, word: Word) -> &str {
        let at = word.at as usize + 1;
        let text = self
            .bytes
            .get(at)
            .and_then(|length| self.bytes.get(at + 1..at + 1 + usize::from(*length)));
        text.and_then(|t| std::str::from_utf8(t).ok())
            .unwrap_or_default()
    }

    fn number(&self, start: usize, index: u32) -> Option<u32> {
        let at = start + index as usize * 4;
        self.bytes
            .get(at..at + 4)?
            .first_chunk()
            .map(|n| u32::from_le_bytes(*n))
    }

    fn children_start(&self) -> usize {
        8 + self.nodes as usize * 2
    }

    fn words_start(&self) -> Option<usize> {
        (self.nodes as usize + 1)
            .checked_mul(4)?
            .checked_add(self.children_start())
    }

    fn pool_start(&self) -> Option<usize> {
        (self.nodes as usize + 1)
            .checked_mul(4)?
            .checked_add(self.words_start()?)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::compile::{Entry, table};
    use proptest::prelude::*;

    fn entry(syllables: &[u16], cost: u8, text: &str) -> Entry {
        Entry {
            syllables: syllables.to_vec(),
            cost,
            text: text.to_owned(),
        }
    }

    fn texts(table: &Table, syllables: &[u16]) -> Vec<String> {
        let node = syllables
            .iter()
            .try_fold(Table::ROOT, |node, s| table.child(node, *s));
        node.map_or(vec![], |n| {
            table.words(n).map(|w| table.text(w).to_owned()).collect()
        })
    }

    #[test]
    fn finds_words_by_all_their_syllables_and_cheapest_first() {
        let entries = vec![
            entry(&[7, 9], 90, "清楚"),
            entry(&[7, 9], 40, "青川"),
            entry(&[7], 5, "请"),
            entry(&[300, 2], 1, "左"),
        ];
        let table = Table::new(table(entries)).unwrap();
        assert_eq!(texts(&table, &[7, 9]), ["青川", "清楚"]);
        assert_eq!(texts(&table, &[7]), ["请"]);
        assert_eq!(texts(&table, &[300]), [""; 0]);
        assert_eq!(texts(&table, &[300, 2]), ["左"]);
        assert_eq!(texts(&table, &[8]), [""; 0]);
    }

    #[test]
    fn keeps_one_of_a_word_listed_twice_at_its_lower_cost() {
        let table = Table::new(table(vec![entry(&[1], 90, "安"), entry(&[1], 30, "安")])).unwrap();
        let costs: Vec<u8> = table
            .words(table.child(Table::ROOT, 1).unwrap())
            .map(|w| w.cost)
            .collect();
        assert_eq!(costs, [30]);
    }

    #[test]
    fn refuses_what_is_no_table_or_is_cut_short() {
        let whole = table(vec![entry(&[1, 2], 3, "安"), entry(&[4], 5, "爱")]);
        for length in 0..whole.len() {
            assert!(
                Table::new(whole[..length].to_vec()).is_none(),
                "{length} bytes taken for a table"
            );
        }
        assert!(Table::new(b"JBW0\x01\0\0\0".as_slice()).is_none());
    }

    proptest! {
        #[test]
        fn reads_damaged_bytes_without_panicking(at in 0_usize..200, to: u8) {
            let mut bytes = table(vec![entry(&[1, 2], 3, "安爱"), entry(&[1, 3], 5, "爱安"), entry(&[9], 5, "平")]);
            let at = at % bytes.len();
            bytes[at] = to;
            if let Some(table) = Table::new(bytes) {
                for n in 0..table.nodes.min(64) {
                    let (_, node) = table.node(n);
                    for child in table.children(node) { let _ = table.node(child); }
                    for word in table.words(node).take(64) { let _ = table.text(word); }
                    let _ = table.child(node, 2);
                }
            }
        }
    }
}

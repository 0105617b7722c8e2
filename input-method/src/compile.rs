//! Turns a list of words into the bytes of a table: used when the program is built, and for lists added on site.

use std::collections::BTreeMap;

/// How the bytes of a table begin; the digit changes when the layout does.
pub const MAGIC: [u8; 4] = *b"JBW1";

/// A word with one of its readings.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Numbers of the syllables, see [`crate::syllable::SYLLABLES`].
    pub syllables: Vec<u16>,
    /// Tenths of a nat, `-10 ln p`: the lower, the earlier it is offered.
    pub cost: u8,
    /// The word in Chinese characters.
    pub text: String,
}

#[derive(Default)]
struct Node {
    children: BTreeMap<u16, Node>,
    words: Vec<(u8, String)>,
}

/// The bytes of a table of these words.
///
/// Layout, little-endian: `MAGIC`, node count `u32`; then per node its syllable `u16`; then, one more than
/// there are nodes, where its children begin `u32`; likewise where its words begin `u32`; then the words: cost
/// `u8`, length `u8`, UTF-8. Nodes stand in breadth-first order from the root, so that the children of a node
/// lie side by side and end where those of the next node begin.
pub fn table(entries: Vec<Entry>) -> Vec<u8> {
    let mut root = Node::default();
    for entry in entries {
        if entry.text.is_empty()
            || entry.text.len() > usize::from(u8::MAX)
            || entry.syllables.is_empty()
        {
            continue;
        }
        let mut node = &mut root;
        for syllable in entry.syllables {
            node = node.children.entry(syllable).or_default();
        }
        match node.words.iter_mut().find(|(_, text)| *text == entry.text) {
            Some((cost, _)) => *cost = (*cost).min(entry.cost),
            None => node.words.push((entry.cost, entry.text)),
        }
    }
    write(root)
}

fn write(root: Node) -> Vec<u8> {
    let (mut syllables, mut children, mut words, mut pool) = (vec![], vec![], vec![], vec![]);
    let mut queue = std::collections::VecDeque::from([(0_u16, root)]);
    let mut known = 1_u32;
    while let Some((syllable, mut node)) = queue.pop_front() {
        syllables.extend(syllable.to_le_bytes());
        children.extend(known.to_le_bytes());
        words.extend(length(&pool).to_le_bytes());
        node.words.sort();
        for (cost, text) in node.words {
            pool.extend([cost, text.len() as u8]);
            pool.extend(text.as_bytes());
        }
        for child in node.children {
            known += 1;
            queue.push_back(child);
        }
    }
    children.extend(known.to_le_bytes());
    words.extend(length(&pool).to_le_bytes());
    let mut bytes = MAGIC.to_vec();
    bytes.extend(known.to_le_bytes());
    for part in [syllables, children, words, pool] {
        bytes.extend(part);
    }
    bytes
}

fn length(pool: &[u8]) -> u32 {
    u32::try_from(pool.len()).unwrap_or(u32::MAX)
}

//! One unchanging piece of the index: some guides, and for everything that can be typed the guides that have it.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use super::sound::{Sounds, Syllable};
use super::text::{Unit, normalise, units};
use crate::catalogue::entry::GuideEntry;

/// A guide's number within its segment.
pub(super) type Doc = u16;

/// Guides that one segment can number.
pub(super) const LARGEST: usize = Doc::MAX as usize + 1;

/// Something that can be looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Key(u64);

impl Key {
    const fn new(kind: u64, a: u64, b: u64) -> Self {
        Self(kind << 60 | a << 30 | b)
    }

    pub(super) fn character(c: char) -> Self {
        Self::new(1, u64::from(c), 0)
    }

    pub(super) fn characters(a: char, b: char) -> Self {
        Self::new(2, u64::from(a), u64::from(b))
    }

    /// A sound as it is heard.
    pub(super) fn sound(a: Syllable) -> Self {
        Self::new(3, a.into(), 0)
    }

    pub(super) fn sounds(a: Syllable, b: Syllable) -> Self {
        Self::new(4, a.into(), b.into())
    }

    pub(super) fn initials(a: u8, b: u8) -> Self {
        Self::new(5, a.into(), b.into())
    }

    /// The letter that a name begins with.
    pub(super) fn first(a: u8) -> Self {
        Self::new(6, a.into(), 0)
    }

    /// Neighbours in a summary.
    pub(super) fn said(a: char, b: char) -> Self {
        Self::new(7, u64::from(a), u64::from(b))
    }
}

/// Keys are well spread by one multiplication.
#[derive(Default)]
struct Spread(u64);

impl Hasher for Spread {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte) ^ self.0.rotate_left(8));
        }
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = (value ^ (value >> 32)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}

type Map<V> = HashMap<u64, V, BuildHasherDefault<Spread>>;

/// Where the list of a key begins, and how long it is.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    from: u32,
    count: u32,
}

/// Some guides and their index; never changed once built.
pub(super) struct Segment {
    docs: Vec<Arc<GuideEntry>>,
    places: Map<Place>,
    lists: Vec<Doc>,
    /// Codes without their punctuation, in order.
    codes: Vec<(Box<str>, Doc)>,
    /// Guides by department.
    departments: Vec<(Arc<str>, Vec<Doc>)>,
}

impl Segment {
    /// Indexes at most [`LARGEST`] guides; they are kept in the order of their identifiers.
    pub(super) fn build(mut docs: Vec<Arc<GuideEntry>>) -> Self {
        docs.truncate(LARGEST);
        docs.sort_by(|a, b| a.id.cmp(&b.id));
        let mut places: Map<Place> = Map::default();
        let mut keys = Vec::new();
        // Twice over all texts: first to know how long each list becomes, so that none is ever moved.
        for doc in &docs {
            keys_of(doc, &mut keys);
            for key in &keys {
                places.entry(key.0).or_default().count += 1;
            }
        }
        let mut from = 0;
        for place in places.values_mut() {
            place.from = from;
            from += place.count;
            place.count = 0;
        }
        let mut lists = vec![0; from as usize];
        for (number, doc) in docs.iter().enumerate() {
            keys_of(doc, &mut keys);
            for key in &keys {
                let place = places.entry(key.0).or_default();
                lists[(place.from + place.count) as usize] = number as Doc;
                place.count += 1;
            }
        }
        places.shrink_to_fit();
        let mut codes: Vec<(Box<str>, Doc)> = (docs.iter().enumerate())
            .flat_map(|(number, doc)| {
                (doc.codes.iter()).map(move |code| (bare(code).into(), number as Doc))
            })
            .collect();
        codes.sort_unstable();
        let mut by_department: HashMap<&Arc<str>, Vec<Doc>> = HashMap::new();
        for (number, doc) in docs.iter().enumerate() {
            let list = by_department.entry(&doc.department).or_default();
            list.push(number as Doc);
        }
        let mut departments: Vec<_> = by_department
            .into_iter()
            .map(|(name, list)| (name.clone(), list))
            .collect();
        departments.sort_unstable();
        Self {
            docs,
            places,
            lists,
            codes,
            departments,
        }
    }

    pub(super) fn docs(&self) -> &[Arc<GuideEntry>] {
        &self.docs
    }

    /// The number of the guide with this identifier.
    pub(super) fn number(&self, id: &jinban_api::ids::GuideId) -> Option<usize> {
        self.docs.binary_search_by(|doc| doc.id.cmp(id)).ok()
    }

    /// The guides that have this, in order.
    pub(super) fn list(&self, key: Key) -> &[Doc] {
        self.places.get(&key.0).map_or(&[], |place| {
            let from = place.from as usize;
            &self.lists[from..from + place.count as usize]
        })
    }

    /// Guides with a code that begins with `code`, which has no punctuation.
    pub(super) fn coded<'a>(&'a self, code: &'a str) -> impl Iterator<Item = (&'a str, Doc)> {
        let from = self.codes.partition_point(|(held, _)| &**held < code);
        self.codes[from..]
            .iter()
            .take_while(move |(held, _)| held.starts_with(code))
            .map(|(held, doc)| (&**held, *doc))
    }

    /// Guides with `code` anywhere in theirs.
    pub(super) fn coded_within<'a>(
        &'a self,
        code: &'a str,
    ) -> impl Iterator<Item = (&'a str, Doc)> {
        self.codes
            .iter()
            .filter(move |(held, _)| held.contains(code))
            .map(|(held, doc)| (&**held, *doc))
    }

    pub(super) fn departments(&self) -> &[(Arc<str>, Vec<Doc>)] {
        &self.departments
    }
}

/// A code as it is compared: letters lowered, no punctuation.
pub(super) fn bare(code: &str) -> String {
    normalise(code).collect()
}

/// The names a guide goes by.
pub(super) fn names(guide: &GuideEntry) -> impl Iterator<Item = &str> {
    [guide.name.as_str()]
        .into_iter()
        .chain(guide.short_name.as_deref())
        .chain(guide.aliases.iter().map(String::as_str))
}

/// Everything a guide can be found by, each once.
fn keys_of(guide: &GuideEntry, keys: &mut Vec<Key>) {
    keys.clear();
    for name in names(guide) {
        keys_of_name(&units(name), keys);
    }
    let said: Vec<char> = normalise(&guide.summary).collect();
    keys.extend(said.windows(2).map(|pair| Key::said(pair[0], pair[1])));
    keys.sort_unstable();
    keys.dedup();
}

fn keys_of_name(name: &[Unit], keys: &mut Vec<Key>) {
    let sounds = Sounds::get();
    let letter = |unit: &Unit| {
        if unit.readings[0] == 0 {
            u8::try_from(unit.character).ok()
        } else {
            Some(sounds.initial(unit.readings[0]))
        }
    };
    keys.extend(name.first().and_then(letter).map(Key::first));
    for unit in name {
        keys.push(Key::character(unit.character));
        keys.extend(unit.sounds().map(|s| Key::sound(sounds.heard(s))));
    }
    for pair in name.windows(2) {
        let [a, b] = [pair[0], pair[1]];
        keys.push(Key::characters(a.character, b.character));
        for first in a.sounds() {
            keys.extend(
                b.sounds()
                    .map(|second| Key::sounds(sounds.heard(first), sounds.heard(second))),
            );
        }
        if let (Some(a), Some(b)) = (letter(&a), letter(&b)) {
            keys.push(Key::initials(a, b));
        }
    }
}

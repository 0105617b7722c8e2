//! Divisions 区划 as they are now, and what became of those that were.
//!
//! Towns and villages are merged and renamed: a code printed on an old paper, or configured before the
//! merger, must still say where it is now. What the platform publishes of a county takes the place of what is
//! inside the program.

mod editions;
#[cfg(test)]
mod tests;
mod tree;

use std::collections::{BTreeSet, HashMap};

use jinban_api::documents::RegionList;

pub use editions::Edition;
pub use tree::{Level, Region, RegionCode, RegionTree};

/// Mergers that follow upon one another at most; a table that leads in a circle ends here.
const MOST_MERGERS: usize = 16;

/// Where a code is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Current<'a> {
    /// The code is in force.
    InForce(&'a Region),
    /// It was merged or renumbered into this one.
    Became(&'a Region),
    /// The village itself is no more; this town took over its town.
    Within(&'a Region),
    /// Nothing certain is known.
    Unknown,
}

/// The divisions that are in force, and the codes that led to them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Regions {
    /// What the platform brought, over what is inside the program; nothing before it brought any.
    brought: Option<RegionTree>,
    /// What the platform says of retired codes.
    merges: HashMap<RegionCode, RegionCode>,
}

impl Regions {
    /// What `lists` say, each of its county; counties that they do not speak of are as they were known here.
    pub fn of(lists: &[RegionList]) -> Self {
        if lists.is_empty() {
            return Self::default();
        }
        let merges: HashMap<RegionCode, RegionCode> = (lists.iter())
            .flat_map(|list| &list.merges)
            .filter_map(|merge| {
                let from = RegionCode::parse(merge.from.as_str())?;
                Some((from, RegionCode::parse(merge.to.as_str())?))
            })
            .collect();
        let told: BTreeSet<&str> = lists.iter().map(|list| list.id.as_str()).collect();
        let gone = |code| merges.contains_key(&code);
        let untold = RegionTree::of(Edition::Y2023)
            .regions()
            .iter()
            .filter(|region| {
                let code = region.code;
                let county = code.as_str().get(..6).unwrap_or_default();
                !told.contains(county) && !gone(code) && !gone(code.town()) && !gone(code.county())
            });
        // Of two with one code the first is kept, and the platform's word comes first.
        let regions = (lists.iter())
            .flat_map(|list| &list.regions)
            .filter_map(|entry| {
                Some(Region {
                    code: RegionCode::parse(entry.code.as_str())?,
                    name: entry.name.as_str().into(),
                    parent: RegionCode::parse(entry.parent.as_str())?,
                })
            })
            .chain(untold.cloned())
            .collect();
        Self {
            brought: Some(RegionTree::new(regions)),
            merges,
        }
    }

    /// The divisions in force.
    pub fn tree(&self) -> &RegionTree {
        let bundled = || RegionTree::of(Edition::Y2023);
        self.brought.as_ref().unwrap_or_else(bundled)
    }

    /// Where a code of any time is now, following the mergers.
    ///
    /// A code that exists today is taken as today's, although a few village numbers were given to another
    /// place after the mergers: codes are compared and stored as of now.
    pub fn current(&self, code: &str) -> Current<'_> {
        let Some(code) = RegionCode::parse(code) else {
            return Current::Unknown;
        };
        if let Some(region) = self.tree().find(code) {
            return Current::InForce(region);
        }
        let mut last = code;
        for _ in 0..MOST_MERGERS {
            let told = self.merges.get(&last).copied();
            let Some(next) = told.or_else(|| editions::successor(last)) else {
                break;
            };
            if let Some(region) = self.tree().find(next) {
                return Current::Became(region);
            }
            last = next;
        }
        let known =
            [Edition::Y2023, Edition::Y2016].map(|edition| RegionTree::of(edition).find(last));
        if last.level() < Level::Village || known == [None, None] {
            return Current::Unknown;
        }
        match self.current(last.town().as_str()) {
            Current::InForce(town) | Current::Became(town) => Current::Within(town),
            other => other,
        }
    }

    /// 市›县›镇›村 of a code as it was when it was last in force, as far as that is known here.
    pub fn former_path(&self, code: &str) -> String {
        let trees = [
            self.tree(),
            RegionTree::of(Edition::Y2023),
            RegionTree::of(Edition::Y2016),
        ];
        let paths = trees.map(|tree| tree.path_text(code));
        let known = paths.into_iter().find(|path| !path.is_empty());
        known.unwrap_or_else(|| code.to_owned())
    }
}

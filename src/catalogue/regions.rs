//! The region tree of 广元市 in two editions, and how codes of the old one lead to the new.
//!
//! Towns and villages were merged between the two: a code printed on an old paper, or configured before
//! the merger, must still say where it is now.

use std::collections::HashMap;
use std::sync::OnceLock;

const ROWS_2016: &str = include_str!("../../assets/regions/2016.csv");
const ROWS_2023: &str = include_str!("../../assets/regions/2023.csv");
const MERGES: &str = include_str!("../../assets/regions/merges.csv");

/// Which state of the divisions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edition {
    /// As of 2016-07-31: 248 towns, 2,794 villages.
    Y2016,
    /// After the mergers: 146 towns, 1,735 villages.
    Y2023,
}

/// Level of a division.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// 市.
    City,
    /// 县、区.
    County,
    /// 镇、乡、街道.
    Town,
    /// 村、社区.
    Village,
}

/// One division.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// 12 digits.
    pub code: &'static str,
    /// Where it stands.
    pub level: Level,
    /// Official name.
    pub name: &'static str,
    /// Code of the division it belongs to.
    pub parent: &'static str,
}

impl Region {
    /// The name as people say it: a village without 村民委员会.
    pub fn short_name(&self) -> String {
        let stem = ["村村民委员会", "村民委员会"]
            .iter()
            .find_map(|suffix| self.name.strip_suffix(suffix));
        match stem {
            Some(stem) => format!("{stem}村"),
            None => self
                .name
                .strip_suffix("居民委员会")
                .unwrap_or(self.name)
                .to_owned(),
        }
    }
}

/// Where an old code is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Current {
    /// The code is in force.
    InForce(&'static Region),
    /// It was merged or renumbered into this one.
    Became(&'static Region),
    /// The village itself is no more; this town took over its town.
    Within(&'static Region),
    /// Nothing certain is known.
    Unknown,
}

/// All divisions of one edition.
#[derive(Debug)]
pub struct RegionTree {
    regions: Vec<Region>,
    by_code: HashMap<&'static str, usize>,
}

impl RegionTree {
    /// The tree of an edition; read once, on first use.
    pub fn of(edition: Edition) -> &'static Self {
        static OLD: OnceLock<RegionTree> = OnceLock::new();
        static NEW: OnceLock<RegionTree> = OnceLock::new();
        match edition {
            Edition::Y2016 => OLD.get_or_init(|| Self::read(ROWS_2016)),
            Edition::Y2023 => NEW.get_or_init(|| Self::read(ROWS_2023)),
        }
    }

    fn read(rows: &'static str) -> Self {
        let regions: Vec<Region> = rows.lines().skip(1).filter_map(read_row).collect();
        let by_code = regions
            .iter()
            .enumerate()
            .map(|(at, region)| (region.code, at))
            .collect();
        Self { regions, by_code }
    }

    /// All divisions in the order of their codes.
    pub fn regions(&self) -> &[Region] {
        &self.regions
    }

    /// The division with this 12-digit code.
    pub fn get(&self, code: &str) -> Option<&Region> {
        self.by_code.get(code).map(|&at| &self.regions[at])
    }

    /// Divisions directly under this one.
    pub fn children<'a>(&'a self, code: &'a str) -> impl Iterator<Item = &'a Region> {
        self.regions
            .iter()
            .filter(move |region| region.parent == code)
    }

    /// Divisions of this name, official or as people say it; names repeat across towns.
    pub fn by_name<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Region> {
        self.regions
            .iter()
            .filter(move |region| region.name == name || region.short_name() == name)
    }

    /// From the city down to the division itself; empty when the code is not in this edition.
    pub fn path(&self, code: &str) -> Vec<&Region> {
        let mut path = Vec::new();
        let mut next = self.get(code);
        while let Some(region) = next {
            // A malformed table must not walk in a circle.
            if path.len() > 4 {
                break;
            }
            path.push(region);
            next = self.get(region.parent);
        }
        path.reverse();
        path
    }

    /// 市›县›镇›村 of the division.
    pub fn path_text(&self, code: &str) -> String {
        let names: Vec<_> = self
            .path(code)
            .iter()
            .map(|region| region.short_name())
            .collect();
        names.join("›")
    }
}

/// Where a code of either edition is now, following the mergers.
///
/// A code that exists today is taken as today's, although a few village numbers were given to another
/// place after the mergers: codes are compared and stored as of the newest edition.
pub fn current(code: &str) -> Current {
    static MERGED: OnceLock<HashMap<&'static str, &'static str>> = OnceLock::new();
    let merged = MERGED.get_or_init(|| MERGES.lines().skip(1).filter_map(read_merge).collect());
    let new = RegionTree::of(Edition::Y2023);
    if let Some(region) = new.get(code) {
        return Current::InForce(region);
    }
    if let Some(region) = merged.get(code).and_then(|to| new.get(to)) {
        return Current::Became(region);
    }
    let old = RegionTree::of(Edition::Y2016).get(code);
    match old.filter(|region| region.level == Level::Village) {
        Some(village) => match current(village.parent) {
            Current::InForce(town) | Current::Became(town) => Current::Within(town),
            other => other,
        },
        None => Current::Unknown,
    }
}

fn read_row(row: &'static str) -> Option<Region> {
    let mut cells = row.split(',');
    let code = cells.next()?;
    let level = match cells.next()? {
        "city" => Level::City,
        "county" => Level::County,
        "town" => Level::Town,
        "village" => Level::Village,
        _ => return None,
    };
    Some(Region {
        code,
        level,
        name: cells.next()?,
        parent: cells.next()?,
    })
}

/// `old_code,level,old_name,new_code,…`; rows with a blank new code say that nothing certain is known.
fn read_merge(row: &'static str) -> Option<(&'static str, &'static str)> {
    let mut cells = row.split(',');
    let old = cells.next()?;
    let new = cells.nth(2)?;
    (!new.is_empty()).then_some((old, new))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    fn count(edition: Edition, level: Level) -> usize {
        RegionTree::of(edition)
            .regions()
            .iter()
            .filter(|region| region.level == level)
            .count()
    }

    #[test]
    fn both_editions_have_their_published_counts() {
        assert_eq!(count(Edition::Y2016, Level::Town), 248);
        assert_eq!(count(Edition::Y2016, Level::Village), 2794);
        assert_eq!(count(Edition::Y2023, Level::Town), 146);
        assert_eq!(count(Edition::Y2023, Level::Village), 1735);
        for edition in [Edition::Y2016, Edition::Y2023] {
            assert_eq!(count(edition, Level::City), 1);
            assert_eq!(count(edition, Level::County), 7);
        }
    }

    #[test]
    fn every_division_hangs_on_the_city() {
        for edition in [Edition::Y2016, Edition::Y2023] {
            let tree = RegionTree::of(edition);
            for region in tree.regions() {
                let path = tree.path(region.code);
                assert_eq!(path[0].code, "510800000000", "{region:?}");
                assert_eq!(path.len(), region.level as usize + 1, "{region:?}");
            }
        }
    }

    #[test]
    fn a_village_is_found_by_code_and_by_the_name_people_say() {
        let tree = RegionTree::of(Edition::Y2023);
        assert_eq!(
            tree.path_text("510822101210"),
            "广元市›青川县›青溪镇›青溪村"
        );
        let found: Vec<_> = tree.by_name("阴平村").map(|region| region.code).collect();
        assert_eq!(found, ["510822101205"]);
        assert!(tree.children("510822101000").count() > 5);
        assert!(tree.get("110101000000").is_none());
        assert!(tree.path("").is_empty());
    }

    #[test]
    fn every_successor_is_in_force_and_at_the_same_level() {
        let new = RegionTree::of(Edition::Y2023);
        let old = RegionTree::of(Edition::Y2016);
        let mut rows = 0;
        for (from, to) in MERGES.lines().skip(1).filter_map(read_merge) {
            let (from, to) = (old.get(from).unwrap(), new.get(to).unwrap());
            assert_eq!(from.level, to.level, "{from:?} {to:?}");
            rows += 1;
        }
        assert!(rows > 1_000, "{rows}");
        assert_eq!(MERGES.lines().count() - 1, 248 + 2794);
    }

    #[test]
    fn old_codes_lead_to_where_the_place_is_now() {
        let name = |current| match current {
            Current::InForce(region) => format!("= {}", region.name),
            Current::Became(region) => format!("> {}", region.name),
            Current::Within(region) => format!("in {}", region.name),
            Current::Unknown => "?".to_owned(),
        };
        let table = [
            ("510822101000", "= 青溪镇"),
            ("510811202000", "> 清水镇"),
            ("510802104000", "> 宝轮镇"),
            ("510822101204", "> 东方社区居民委员会"),
            // 平桥村 was merged into a neighbour: only its town is certain.
            ("510822101202", "in 青溪镇"),
            // Villages of 大朝乡 kept no name.
            ("510811215000", "?"),
            ("000000000000", "?"),
            ("", "?"),
        ];
        for (code, expected) in table {
            assert_eq!(name(current(code)), expected, "{code}");
        }
    }

    #[test]
    fn every_old_code_is_answered() {
        for region in RegionTree::of(Edition::Y2016).regions() {
            let _ = current(region.code);
        }
        for region in RegionTree::of(Edition::Y2023).regions() {
            assert_ne!(current(region.code), Current::Unknown, "{region:?}");
        }
    }
}

//! The divisions of 广元市 that are inside the program, in two editions, and how codes of the old one lead to
//! the new.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::super::bundled::text;
use super::tree::{Region, RegionCode, RegionTree};

const ROWS_2016: &str = "regions/2016.csv";
const ROWS_2023: &str = "regions/2023.csv";
const MERGES: &str = "regions/merges.csv";

/// Which state of the divisions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edition {
    /// As of 2016-07-31: 248 towns, 2,794 villages.
    Y2016,
    /// After the mergers: 146 towns, 1,735 villages.
    Y2023,
}

impl RegionTree {
    /// The tree of an edition; read once, on first use.
    pub fn of(edition: Edition) -> &'static Self {
        static OLD: OnceLock<RegionTree> = OnceLock::new();
        static NEW: OnceLock<RegionTree> = OnceLock::new();
        let read = |file: &str| {
            let rows = text(file).lines().skip(1);
            Self::new(rows.filter_map(read_row).collect())
        };
        match edition {
            Edition::Y2016 => OLD.get_or_init(|| read(ROWS_2016)),
            Edition::Y2023 => NEW.get_or_init(|| read(ROWS_2023)),
        }
    }
}

/// What a code of 2016 became by 2023, where that is certain.
pub(super) fn successor(code: RegionCode) -> Option<RegionCode> {
    static MERGED: OnceLock<HashMap<RegionCode, RegionCode>> = OnceLock::new();
    MERGED
        .get_or_init(|| mergers().collect())
        .get(&code)
        .copied()
}

/// Every code of 2016 that was retired by 2023, with what it became, where that is certain.
pub(super) fn mergers() -> impl Iterator<Item = (RegionCode, RegionCode)> {
    text(MERGES).lines().skip(1).filter_map(read_merge)
}

/// `code12,level,name,parent12`.
fn read_row(row: &str) -> Option<Region> {
    let mut cells = row.split(',');
    let code = RegionCode::parse(cells.next()?)?;
    let name = cells.nth(1)?.into();
    // The province is no division of its own here, but its code is one.
    let parent = RegionCode::parse(cells.next()?)?;
    Some(Region { code, name, parent })
}

/// `old_code,level,old_name,new_code,…`; rows with a blank new code say that nothing certain is known.
fn read_merge(row: &str) -> Option<(RegionCode, RegionCode)> {
    let mut cells = row.split(',');
    let old = RegionCode::parse(cells.next()?)?;
    let new = RegionCode::parse(cells.nth(2)?)?;
    (old != new).then_some((old, new))
}

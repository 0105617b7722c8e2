//! Divisions 区划 as a tree: city, counties, towns, villages.

use std::fmt;

/// 区划代码, 12 digits: 6 of the county, 3 of the town, 3 of the village.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegionCode([u8; 12]);

impl RegionCode {
    /// The code in `text`; none when that is not 12 digits.
    pub fn parse(text: &str) -> Option<Self> {
        let digits: [u8; 12] = text.as_bytes().try_into().ok()?;
        digits
            .iter()
            .all(u8::is_ascii_digit)
            .then_some(Self(digits))
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        // Digits are always text.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Level of the division: those above the village end in noughts where those below them are counted.
    pub fn level(&self) -> Level {
        let ends_in = |noughts: &str| self.as_str().ends_with(noughts);
        match () {
            () if ends_in("00000000") => Level::City,
            () if ends_in("000000") => Level::County,
            () if ends_in("000") => Level::Town,
            () => Level::Village,
        }
    }

    /// The town it lies in, or is.
    pub fn town(&self) -> Self {
        self.followed_by_noughts(9)
    }

    /// The county it lies in, or is.
    pub fn county(&self) -> Self {
        self.followed_by_noughts(6)
    }

    fn followed_by_noughts(self, digits: usize) -> Self {
        let Self(mut code) = self;
        code[digits..].fill(b'0');
        Self(code)
    }
}

impl fmt::Display for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// Its code.
    pub code: RegionCode,
    /// Official name.
    pub name: Box<str>,
    /// Code of the division it belongs to.
    pub parent: RegionCode,
}

impl Region {
    /// Where it stands.
    pub fn level(&self) -> Level {
        self.code.level()
    }

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
                .unwrap_or(&self.name)
                .to_owned(),
        }
    }
}

/// All divisions at one time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RegionTree {
    /// In the order of their codes, each once.
    regions: Vec<Region>,
}

impl RegionTree {
    pub(super) fn new(mut regions: Vec<Region>) -> Self {
        regions.sort_by_key(|region| region.code);
        regions.dedup_by_key(|region| region.code);
        regions.shrink_to_fit();
        Self { regions }
    }

    /// All divisions in the order of their codes.
    pub fn regions(&self) -> &[Region] {
        &self.regions
    }

    /// The division with this 12-digit code.
    pub fn get(&self, code: &str) -> Option<&Region> {
        self.find(RegionCode::parse(code)?)
    }

    pub(super) fn find(&self, code: RegionCode) -> Option<&Region> {
        let at = self
            .regions
            .binary_search_by_key(&code, |region| region.code);
        Some(&self.regions[at.ok()?])
    }

    /// Divisions directly under this one.
    pub fn children<'a>(&'a self, code: &str) -> impl Iterator<Item = &'a Region> + use<'a> {
        let above = RegionCode::parse(code);
        self.regions
            .iter()
            .filter(move |region| Some(region.parent) == above)
    }

    /// Divisions of this name, official or as people say it; names repeat across towns.
    pub fn by_name<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Region> {
        self.regions
            .iter()
            .filter(move |region| *region.name == *name || region.short_name() == name)
    }

    /// From the city down to the division itself; empty when the code is not in the tree.
    pub fn path(&self, code: &str) -> Vec<&Region> {
        let mut path = Vec::new();
        let mut next = self.get(code);
        while let Some(region) = next {
            // A malformed table must not walk in a circle.
            if path.len() > 4 {
                break;
            }
            path.push(region);
            next = self.find(region.parent);
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

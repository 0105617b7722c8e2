//! Divisions 区划 as tables: one file for each state of them, named by its year or day, and `merges.csv`.
//!
//! The newest state is published, a list for each county, with the codes that were retired since the others.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use csv::StringRecord;
use jiff::civil::Date;
use jinban_api::documents::{RegionEntry, RegionList, RegionMerge};
use jinban_api::ids::AreaCode;
use serde_json::Map;

use super::{FolderError, read, sorted};

const MERGES: &str = "merges.csv";

/// What is wrong in a table of divisions.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegionProblem {
    /// A file that is neither `merges.csv` nor named by a year or a day.
    #[error("文件名要写明是哪年（2023.csv）或者哪天（2023-12-31.csv）的区划")]
    Undated,
    /// A column is not there.
    #[error("第一行没有“{0}”这一列")]
    Column(&'static str),
    /// The table breaks off.
    #[error("读不下去了：{0}")]
    Unreadable(String),
    /// A code that is none.
    #[error("第{line}行：“{code}”不是12位的区划代码")]
    Code {
        /// Which line.
        line: u64,
        /// What stands there.
        code: String,
    },
    /// A division without a name.
    #[error("第{line}行：区划 {code} 没有名称")]
    Nameless {
        /// Which line.
        line: u64,
        /// Which division.
        code: String,
    },
    /// One code, two divisions.
    #[error("第{line}行：区划 {code} 前面已经有了")]
    Twice {
        /// Which line.
        line: u64,
        /// Which division.
        code: String,
    },
    /// A division under one that is not there.
    #[error("区划 {code} 的上级 {parent} 不在表里")]
    Orphan {
        /// Which division.
        code: String,
        /// What it names.
        parent: String,
    },
    /// A retired code that leads to one that is not in force.
    #[error("第{line}行：{from} 并到 {to}，可是 {to} 不在最新的区划里，也没写它又并到了哪里")]
    LeadsNowhere {
        /// Which line.
        line: u64,
        /// The retired code.
        from: String,
        /// What it is said to have become.
        to: String,
    },
}

/// The newest state in `dir`, a list for each county; none when there is no table.
pub(super) fn read_regions(dir: &Path) -> Result<Vec<RegionList>, FolderError> {
    let is_table = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "csv");
    let (mut merges, mut newest): (Option<PathBuf>, Option<(Date, PathBuf)>) = (None, None);
    for path in sorted(dir)?.into_iter().filter(is_table) {
        if path.file_name().is_some_and(|name| name == MERGES) {
            merges = Some(path);
            continue;
        }
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let Some(date) = date_of(&stem) else {
            let problem = RegionProblem::Undated;
            return Err(FolderError::Regions { path, problem });
        };
        if newest.as_ref().is_none_or(|(found, _)| *found < date) {
            newest = Some((date, path));
        }
    }
    let Some((as_of, path)) = newest else {
        return Ok(Vec::new());
    };
    let wrong = |problem| FolderError::Regions {
        path: path.clone(),
        problem,
    };
    let regions = parse_regions(&read(&path)?).map_err(wrong)?;
    let mut lists: BTreeMap<String, RegionList> = BTreeMap::new();
    for entry in regions.values() {
        let county = entry.code.as_str()[..6].to_owned();
        let list = lists.entry(county.clone()).or_insert_with(|| RegionList {
            id: county.into(),
            as_of,
            regions: Vec::new(),
            merges: Vec::new(),
            extra: Map::new(),
        });
        list.regions.push(entry.clone());
    }
    if let Some(path) = merges {
        let found = parse_merges(&read(&path)?, &regions);
        let found = found.map_err(|problem| FolderError::Regions { path, problem })?;
        for merge in found {
            if let Some(list) = lists.get_mut(&merge.to.as_str()[..6]) {
                list.merges.push(merge);
            }
        }
    }
    Ok(lists.into_values().collect())
}

/// A year stands for its last day.
fn date_of(stem: &str) -> Option<Date> {
    let year = || Date::new(stem.parse().ok()?, 12, 31).ok();
    stem.parse().ok().or_else(year)
}

/// `code12,…,name,…,parent12`, by the names of the columns.
fn parse_regions(text: &[u8]) -> Result<BTreeMap<String, RegionEntry>, RegionProblem> {
    let mut regions = BTreeMap::new();
    for row in rows(text, ["code12", "name", "parent12"])? {
        let Row { line, cells } = row;
        let [code, name, parent] = cells;
        let (code, parent) = (checked(line, code)?, checked(line, parent)?);
        if name.is_empty() {
            return Err(RegionProblem::Nameless { line, code });
        }
        let entry = RegionEntry {
            code: AreaCode(code.clone()),
            name,
            parent: AreaCode(parent),
            extra: Map::new(),
        };
        if regions.insert(code.clone(), entry).is_some() {
            return Err(RegionProblem::Twice { line, code });
        }
    }
    for (code, entry) in &regions {
        let parent = entry.parent.as_str();
        // What is above the city is not published.
        if !parent.ends_with("0000000000") && !regions.contains_key(parent) {
            return Err(RegionProblem::Orphan {
                code: code.clone(),
                parent: parent.to_owned(),
            });
        }
    }
    Ok(regions)
}

/// `old_code,…,new_code,…`; a code that stayed, one whose successor is not certain, and one that was given to
/// another place since are not retired. What took over and was retired in turn is followed to its end.
fn parse_merges(
    text: &[u8],
    regions: &BTreeMap<String, RegionEntry>,
) -> Result<Vec<RegionMerge>, RegionProblem> {
    let mut retired: BTreeMap<String, (u64, String)> = BTreeMap::new();
    for Row { line, cells } in rows(text, ["old_code", "new_code"])? {
        let [from, to] = cells;
        if !to.is_empty() && !regions.contains_key(&from) {
            retired.insert(checked(line, from)?, (line, checked(line, to)?));
        }
    }
    let end = |start: &String| {
        let mut at = start;
        // Longer than the table is a circle.
        for _ in 0..retired.len() {
            let Some((_, next)) = retired.get(at) else {
                break;
            };
            at = next;
        }
        regions.get(at).map(|region| region.code.clone())
    };
    retired
        .iter()
        .map(|(from, (line, to))| {
            let nowhere = || RegionProblem::LeadsNowhere {
                line: *line,
                from: from.clone(),
                to: to.clone(),
            };
            Ok(RegionMerge {
                from: AreaCode(from.clone()),
                to: end(to).ok_or_else(nowhere)?,
                extra: Map::new(),
            })
        })
        .collect()
}

struct Row<const N: usize> {
    line: u64,
    cells: [String; N],
}

/// The cells of these columns, row by row.
fn rows<const N: usize>(
    text: &[u8],
    columns: [&'static str; N],
) -> Result<Vec<Row<N>>, RegionProblem> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    // By line feeds alone, or lines that end in two characters are counted wrongly.
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .terminator(csv::Terminator::Any(b'\n'))
        .from_reader(text);
    let unreadable = |error: csv::Error| RegionProblem::Unreadable(error.to_string());
    let header = reader.headers().map_err(unreadable)?.clone();
    let mut places = [0; N];
    for (place, column) in places.iter_mut().zip(columns) {
        let found = header.iter().position(|name| name.trim() == column);
        *place = found.ok_or(RegionProblem::Column(column))?;
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let record: StringRecord = record.map_err(unreadable)?;
        rows.push(Row {
            line: record.position().map_or(0, csv::Position::line),
            cells: places.map(|place| record.get(place).unwrap_or_default().trim().to_owned()),
        });
    }
    Ok(rows)
}

fn checked(line: u64, code: String) -> Result<String, RegionProblem> {
    if code.len() == 12 && code.bytes().all(|digit| digit.is_ascii_digit()) {
        Ok(code)
    } else {
        Err(RegionProblem::Code { line, code })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    const ROWS: &str = "code12,level,name,parent12\r\n\
        510800000000,city,甲市,510000000000\r\n\
        510802000000,county,甲区,510800000000\r\n\
        510822000000,county,乙县,510800000000\r\n\
        510822101000,town,丙镇,510822000000\r\n";

    fn folder(files: &[(&str, &str)]) -> Result<Vec<RegionList>, RegionProblem> {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(dir.path().join(name), text).unwrap();
        }
        read_regions(dir.path()).map_err(|error| match error {
            FolderError::Regions { problem, .. } => problem,
            other => panic!("{other}"),
        })
    }

    #[test]
    fn the_newest_state_is_published_by_county_with_what_was_retired() {
        let merges = "old_code,level,old_name,new_code,new_name,why\n\
            510822101000,town,丙镇,510822101000,丙镇,kept\n\
            510822102000,town,丁乡,510822101000,丙镇,majority\n\
            510822105000,town,辛乡,510822102000,丁乡,majority\n\
            510811000000,county,戊区,510802000000,甲区,majority\n\
            510822103000,town,己乡,,,\n\
            510822000000,county,庚县,510802000000,甲区,reused\n";
        let old = ROWS.replace("丙镇", "旧丙乡");
        let files = [
            ("2016-07-31.csv", old.as_str()),
            ("2023.csv", ROWS),
            ("merges.csv", merges),
            ("NOTICE.md", "not a table"),
        ];
        let lists = folder(&files).unwrap();
        let said: Vec<_> = (lists.iter())
            .map(|list| (list.id.as_str(), list.regions.len(), list.merges.len()))
            .collect();
        assert_eq!(said, [("510800", 1, 0), ("510802", 1, 1), ("510822", 2, 2)]);
        assert_eq!(lists[2].as_of, jiff::civil::date(2023, 12, 31));
        assert_eq!(lists[2].regions[1].name, "丙镇");
        for (merge, from) in lists[2].merges.iter().zip(["510822102000", "510822105000"]) {
            assert_eq!(merge.from.as_str(), from);
            assert_eq!(merge.to.as_str(), "510822101000");
        }
        assert_eq!(folder(&[]), Ok(Vec::new()));
    }

    #[test]
    fn a_table_that_does_not_hold_together_is_refused() {
        let with = |more: &str| folder(&[("2023.csv", &format!("{ROWS}{more}"))]).unwrap_err();
        let merged = |row: &str| {
            let merges = format!("old_code,new_code\n{row}\n");
            folder(&[("2023.csv", ROWS), ("merges.csv", &merges)]).unwrap_err()
        };
        for (problem, said) in [
            (folder(&[("now.csv", ROWS)]).unwrap_err(), "哪年"),
            (
                folder(&[("2023.csv", "code12,name\n")]).unwrap_err(),
                "parent12",
            ),
            (with("51082210,town,短,510822000000"), "第6行：“51082210”"),
            (with("510822102000,town,,510822000000"), "没有名称"),
            (with("510822101000,town,又,510822000000"), "前面已经有了"),
            (
                with("510823100000,town,孤镇,510823000000"),
                "上级 510823000000",
            ),
            (
                merged("510822102000,510822109000"),
                "第2行：510822102000 并到 510822109000",
            ),
            (
                merged("510822102000,510822103000\n510822103000,510822102000"),
                "又并到了哪里",
            ),
            (merged("x,510822000000"), "“x”"),
        ] {
            assert!(problem.to_string().contains(said), "{problem}: {said}");
        }
    }
}

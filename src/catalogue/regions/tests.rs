//! The divisions inside the program, and those that the platform brings.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use jinban_api::documents::{RegionEntry, RegionMerge};
use serde_json::Map;

use super::editions::mergers;
use super::*;

fn count(edition: Edition, level: Level) -> usize {
    RegionTree::of(edition)
        .regions()
        .iter()
        .filter(|region| region.level() == level)
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
            let path = tree.path(region.code.as_str());
            assert_eq!(path[0].code.as_str(), "510800000000", "{region:?}");
            assert_eq!(path.len(), region.level() as usize + 1, "{region:?}");
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
    let found: Vec<_> = tree
        .by_name("阴平村")
        .map(|region| region.code.as_str())
        .collect();
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
    for (from, to) in mergers() {
        let (from, to) = (old.find(from).unwrap(), new.find(to).unwrap());
        assert_eq!(from.level(), to.level(), "{from:?} {to:?}");
        rows += 1;
    }
    assert!(rows > 500, "{rows}");
}

/// `=` in force, `>` became, `in` the town around it.
fn said(current: Current<'_>) -> String {
    match current {
        Current::InForce(region) => format!("= {}", region.name),
        Current::Became(region) => format!("> {}", region.name),
        Current::Within(region) => format!("in {}", region.name),
        Current::Unknown => "?".to_owned(),
    }
}

#[test]
fn old_codes_lead_to_where_the_place_is_now() {
    let regions = Regions::default();
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
        assert_eq!(said(regions.current(code)), expected, "{code}");
    }
}

#[test]
fn every_old_code_is_answered() {
    let regions = Regions::default();
    for region in RegionTree::of(Edition::Y2016).regions() {
        let _ = regions.current(region.code.as_str());
    }
    for region in RegionTree::of(Edition::Y2023).regions() {
        let now = regions.current(region.code.as_str());
        assert_ne!(now, Current::Unknown, "{region:?}");
    }
}

fn list(county: &str, regions: &[(&str, &str, &str)], merges: &[(&str, &str)]) -> RegionList {
    RegionList {
        id: county.into(),
        as_of: jiff::civil::date(2028, 1, 1),
        regions: (regions.iter())
            .map(|&(code, name, parent)| RegionEntry {
                code: code.into(),
                name: name.to_owned(),
                parent: parent.into(),
                extra: Map::new(),
            })
            .collect(),
        merges: (merges.iter())
            .map(|&(from, to)| RegionMerge {
                from: from.into(),
                to: to.into(),
                extra: Map::new(),
            })
            .collect(),
        extra: Map::new(),
    }
}

#[test]
fn what_the_platform_says_of_a_county_takes_the_place_of_what_was_known() {
    let regions = Regions::of(&[list(
        "510822",
        &[
            ("510822000000", "青川市", "510800000000"),
            ("510822101000", "阴平镇", "510822000000"),
            ("510822101205", "阴平村村民委员会", "510822101000"),
        ],
        &[
            ("510822102000", "510822101000"),
            ("510822101210", "510822101205"),
        ],
    )]);
    for (code, expected) in [
        ("510822101205", "= 阴平村村民委员会"),
        // The village of our own terminal, in force until now.
        ("510822101210", "> 阴平村村民委员会"),
        ("510822102000", "> 阴平镇"),
        // Of a town that was merged, a village that nobody says anything of.
        ("510822102200", "in 阴平镇"),
        // Merged by 2023 into what is now merged once more.
        ("510822101204", "in 阴平镇"),
        // The county next to it is as it was.
        ("510823100000", "= 普安镇"),
        ("510822999999", "?"),
    ] {
        assert_eq!(said(regions.current(code)), expected, "{code}");
    }
    let tree = regions.tree();
    assert_eq!(
        tree.path_text("510822101205"),
        "广元市›青川市›阴平镇›阴平村"
    );
    assert_eq!(tree.path_text("510822101210"), "");
    assert_eq!(
        regions.former_path("510822101210"),
        "广元市›青川县›青溪镇›青溪村"
    );
}

#[test]
fn a_county_that_was_merged_into_another_is_no_more() {
    let regions = Regions::of(&[list(
        "510802",
        &[
            ("510802000000", "利州区", "510800000000"),
            ("510802150000", "昭化镇", "510802000000"),
        ],
        &[
            ("510811000000", "510802000000"),
            ("510811100000", "510802150000"),
        ],
    )]);
    assert_eq!(said(regions.current("510811000000")), "> 利州区");
    assert_eq!(said(regions.current("510811100000")), "> 昭化镇");
    let counties = regions.tree().children("510800000000");
    assert_eq!(counties.count(), 6);
    let left = regions.tree().regions().iter();
    assert!(
        left.into_iter()
            .all(|region| !region.code.as_str().starts_with("510811"))
    );
}

#[test]
fn nonsense_in_a_list_is_left_out_and_mergers_in_a_circle_end() {
    let regions = Regions::of(&[list(
        "510822",
        &[
            ("青川", "青川", ""),
            ("510822000000", "青川县", "510800000000"),
        ],
        &[
            ("510822101210", "510822101211"),
            ("510822101211", "510822101210"),
            ("", "510822000000"),
        ],
    )]);
    assert_eq!(said(regions.current("510822101210")), "?");
    assert_eq!(said(regions.current("510822000000")), "= 青川县");
    assert_eq!(said(regions.current("一二三四")), "?");
}

//! What people type, and what must come first.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;

use super::{How, MatchReason};
use crate::catalogue::{Catalogue, Snapshot};

fn snapshot() -> std::sync::Arc<Snapshot> {
    Catalogue::in_memory().snapshot()
}

#[test]
fn what_people_type_finds_what_they_mean_first() {
    let table = [
        ("低保", "minimum-living"),
        ("dibao", "minimum-living"),
        ("db", "minimum-living"),
        ("di保", "minimum-living"),
        ("地保", "minimum-living"),
        ("我要办低保", "minimum-living"),
        ("老年证", "senior-card"),
        ("laonianzheng", "senior-card"),
        ("lnz", "senior-card"),
        ("看病报销", "hospital-reimburse"),
        ("身份证丢了", "id-card"),
        ("身份证不见了", "id-card"),
        ("sfz", "id-card"),
        ("高龄津贴", "senior-allowance"),
        ("高龄", "senior-allowance"),
        ("gaolingjintie", "senior-allowance"),
        ("gaolinjintie", "senior-allowance"),
        ("gljt", "senior-allowance"),
        ("八十岁老人补贴", "senior-allowance"),
        ("残疾证", "disability-certificate"),
        ("社保卡", "social-card"),
        ("新农合", "medical-enrol"),
        ("ｓｂｋ", "social-card"),
        ("  低 保 ", "minimum-living"),
    ];
    let snapshot = snapshot();
    for (query, expected) in table {
        let hits = snapshot.search(query, 5);
        let found: Vec<_> = hits.iter().map(|hit| hit.guide.id.as_str()).collect();
        assert_eq!(found.first(), Some(&expected), "{query}: {found:?}");
    }
}

#[test]
fn a_hit_says_why_it_is_there() {
    let snapshot = snapshot();
    let first = |query: &str| {
        let hit = snapshot.search(query, 1).into_iter().next().unwrap();
        (hit.reason, hit.how)
    };
    assert_eq!(first("高龄津贴"), (MatchReason::Name, How::Literal));
    assert_eq!(
        first("老年证"),
        (MatchReason::Alias("老年证".into()), How::Literal)
    );
    assert_eq!(
        first("锯树"),
        (
            MatchReason::Word {
                said: "锯树".into(),
                means: "林木采伐".into()
            },
            How::Literal
        )
    );
    assert_eq!(first("gaoling").1, How::Pinyin);
    assert_eq!(first("gljt").1, How::Initials);
    assert_eq!(first("高令津贴").1, How::SameSound);
    assert_eq!(
        first("512B0003600029"),
        (MatchReason::Code("512B0003600029".into()), How::Literal)
    );
    let departments = snapshot.search("青川县民政局", 3);
    assert_eq!(departments.len(), 3);
    assert!(
        departments
            .iter()
            .all(|hit| hit.reason == MatchReason::Department("青川县民政局".into()))
    );
}

#[test]
fn what_can_be_done_here_and_what_is_in_season_comes_first_among_equals() {
    let snapshot = snapshot();
    let place = |month, id: &str| {
        let hits = snapshot.search_in(month, "社保", 30);
        hits.iter().position(|hit| hit.guide.id.as_str() == id)
    };
    let seasonal = snapshot.seasonal(11)[0].id.clone();
    assert!(place(11, seasonal.as_str()) <= place(5, seasonal.as_str()));
}

#[test]
fn when_nothing_is_found_the_nearest_themes_are_offered() {
    let snapshot = snapshot();
    let nowhere = snapshot.nearest_themes("龘龘龘");
    assert_eq!(nowhere.len(), snapshot.themes().len());
    let near = snapshot.nearest_themes("医保");
    assert!(near.len() <= 3 && near.iter().any(|theme| theme.name == "医保"));
}

#[test]
fn a_guide_stands_in_the_list_once() {
    let snapshot = snapshot();
    for query in ["补贴", "a", "b", "身份", "yi", "证"] {
        let hits = snapshot.search(query, 100);
        let ids: std::collections::BTreeSet<_> = hits.iter().map(|h| &h.guide.id).collect();
        assert_eq!(ids.len(), hits.len(), "{query}");
    }
}

#[test]
fn nothing_typed_finds_nothing_and_nonsense_finds_nothing() {
    let snapshot = snapshot();
    for query in ["", "  ", "，。！", "qxqxqxqx", "龘龘龘"] {
        assert!(snapshot.search(query, 10).is_empty(), "{query}");
    }
}

proptest! {
    #[test]
    fn any_query_is_answered_within_the_limit(query in ".{0,80}", limit in 0_usize..10) {
        // Built once: proptest runs this many times.
        static SNAPSHOT: std::sync::OnceLock<std::sync::Arc<Snapshot>> = std::sync::OnceLock::new();
        let hits = SNAPSHOT.get_or_init(snapshot).search(&query, limit);
        prop_assert!(hits.len() <= limit);
        prop_assert!(hits.is_sorted_by(|a, b| a.score >= b.score));
    }
}

//! What screens ask of the documents that are published beside the guides.

use std::sync::Arc;

use jiff::civil::Date;
use jinban_api::documents::{
    Bundle, Document, Hotline, IntermediaryService, Law, Notice, ReviewRule,
};
use jinban_api::ids::GuideId;

use super::regions::Regions;
use super::search::says;
use super::snapshot::Snapshot;

impl Snapshot {
    /// Everything of one kind that stands beside the guides, for example every [`Bundle`], in the order of the
    /// identifiers.
    pub fn documents<T: Document>(&self) -> Vec<T> {
        self.beside.all()
    }

    /// Divisions 区划 as the platform publishes them, or else as they were known when this program was made.
    pub fn regions(&self) -> Arc<Regions> {
        Arc::clone(self.beside.regions())
    }

    /// 公告 that are to be read today in the division `area`, 12 digits: those in force that are meant for it or
    /// for a division above it, the newest first.
    pub fn notices(&self, today: Date, area: &str) -> Vec<Notice> {
        let mut notices = self.documents::<Notice>();
        notices.retain(|notice| {
            notice.from <= today
                && notice.until.is_none_or(|until| today <= until)
                && (notice.areas.is_empty()
                    || (notice.areas.iter()).any(|wide| covers(wide.as_str(), area)))
        });
        notices.sort_by(|a, b| b.from.cmp(&a.from).then_with(|| a.id.cmp(&b.id)));
        notices
    }

    /// 法规政策, the newest first; also those that are no longer in force.
    pub fn laws(&self) -> Vec<Law> {
        let mut laws = self.documents::<Law>();
        laws.sort_by(|a, b| {
            let newest = b.effective_from.cmp(&a.effective_from);
            newest.then_with(|| a.title.cmp(&b.title))
        });
        laws
    }

    /// 服务热线 to dial today; of several, the one that was put into use last.
    pub fn hotline(&self, today: Date) -> Option<Hotline> {
        let in_use = self.documents::<Hotline>().into_iter().filter(|hotline| {
            hotline.from.is_none_or(|from| from <= today)
                && hotline.until.is_none_or(|until| today <= until)
        });
        in_use.max_by_key(|hotline| hotline.from)
    }

    /// 审查细则 of a guide: what whoever reviews a case looks at.
    pub fn review_rule(&self, guide: &GuideId) -> Option<ReviewRule> {
        let rules: Vec<ReviewRule> = self.beside.naming(guide.as_str());
        rules.into_iter().find(|rule| rule.guide == *guide)
    }

    /// 中介服务 that this guide may need, in the order of their names.
    pub fn intermediaries(&self, guide: &GuideId) -> Vec<IntermediaryService> {
        let mut services: Vec<IntermediaryService> = self.beside.naming(guide.as_str());
        services.retain(|service| service.guides.contains(guide));
        services.sort_by(|a, b| a.name.cmp(&b.name));
        services
    }

    /// The theme service 一件事 with this identifier or name.
    pub fn bundle(&self, wanted: &str) -> Option<Bundle> {
        let is_it = |bundle: &Bundle| {
            bundle.id.as_str() == wanted
                || bundle.name == wanted
                || bundle.aliases.iter().any(|alias| alias == wanted)
        };
        self.bundles().into_iter().find(is_it)
    }

    /// Every theme service, in the order they are shown.
    pub fn bundles(&self) -> Vec<Bundle> {
        let mut bundles = self.documents::<Bundle>();
        bundles.sort_by_key(|bundle| bundle.order);
        bundles
    }

    /// The theme services whose name, or another word for it, stands in what was typed.
    pub fn bundles_named(&self, typed: &str) -> Vec<Bundle> {
        let mut bundles = self.bundles();
        bundles.retain(|bundle| {
            let mut names = std::iter::once(&bundle.name).chain(&bundle.aliases);
            names.any(|name| says(typed, name))
        });
        bundles
    }
}

/// Whether the division `wide`, 6 or 12 digits, is `place` or lies above it.
fn covers(wide: &str, place: &str) -> bool {
    // 2 digits of the province, 2 of the city, 2 of the county, 3 of the town, 3 of the village; a division
    // has zeros where those below it are counted.
    let levels: [usize; 4] = [9, 6, 4, 2];
    let stem = (levels.into_iter())
        .filter_map(|level| Some((wide.get(..level)?, wide.get(level..)?)))
        .take_while(|(_, below)| below.bytes().all(|digit| digit == b'0'))
        .last()
        .map_or(wide, |(stem, _)| stem);
    !stem.is_empty() && place.starts_with(stem)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use jiff::civil::date;
    use serde_json::{Value, json};

    use super::super::beside::Beside;
    use super::*;

    /// A snapshot with these documents, each told by its kind and content.
    fn snapshot(documents: &[(&str, Value)]) -> Snapshot {
        let documents = documents.iter().map(|(kind, content)| {
            let id = content["id"].as_str().unwrap().to_owned();
            (((*kind).to_owned(), id), content.to_string().into())
        });
        let beside = Arc::new(Beside::of(documents));
        Snapshot::new(1, None, Arc::default(), Vec::new(), beside, Arc::default())
    }

    fn notice(id: &str, from: &str, until: Option<&str>, areas: &[&str]) -> (&'static str, Value) {
        let content =
            json!({ "id": id, "title": id, "from": from, "until": until, "areas": areas });
        ("notice", content)
    }

    fn shown(snapshot: &Snapshot, today: Date, area: &str) -> Vec<String> {
        let notices = snapshot.notices(today, area);
        notices.into_iter().map(|notice| notice.id).collect()
    }

    #[test]
    fn a_notice_is_shown_from_its_first_to_its_last_day() {
        let snapshot = snapshot(&[
            notice("always", "2026-01-01", None, &[]),
            notice("season", "2026-09-01", Some("2026-12-31"), &[]),
        ]);
        let area = "510822101210";
        for (today, expected) in [
            (date(2025, 12, 31), &[][..]),
            (date(2026, 1, 1), &["always"]),
            (date(2026, 8, 31), &["always"]),
            (date(2026, 9, 1), &["season", "always"]),
            (date(2026, 12, 31), &["season", "always"]),
            (date(2027, 1, 1), &["always"]),
        ] {
            assert_eq!(shown(&snapshot, today, area), expected, "{today}");
        }
    }

    #[test]
    fn a_notice_reaches_every_division_below_the_one_it_is_meant_for_and_no_other() {
        let village = "510822101210";
        for (area, reaches) in [
            ("510000", true),
            ("510800000000", true),
            ("510822", true),
            ("510822000000", true),
            ("510822101000", true),
            ("510822101210", true),
            ("510822101211", false),
            ("510822102000", false),
            ("510823", false),
            ("510900", false),
            ("000000", false),
            ("", false),
            ("村", false),
        ] {
            assert_eq!(covers(area, village), reaches, "{area}");
        }
        // A village whose number ends in noughts is no town.
        assert!(!covers("510822101200", village));
        assert!(covers("510822101200", "510822101200"));
        // Whoever is only known to be in the county is not told what is meant for one town of it.
        assert!(!covers("510822101000", "510822"));
        let snapshot = snapshot(&[notice(
            "town",
            "2026-01-01",
            None,
            &["510822102000", "510823"],
        )]);
        let today = date(2026, 11, 20);
        assert!(shown(&snapshot, today, village).is_empty());
        assert_eq!(shown(&snapshot, today, "510823100001"), ["town"]);
    }

    #[test]
    fn the_hotline_is_the_one_of_the_day() {
        let hotline = |id: &str, from: Option<&str>, until: Option<&str>| {
            let content =
                json!({ "id": id, "name": "热线", "number": id, "from": from, "until": until });
            ("hotline", content)
        };
        let snapshot = snapshot(&[
            hotline("12345", Some("2019-01-01"), None),
            hotline("96196", None, Some("2018-12-31")),
            hotline("96198", Some("2030-01-01"), None),
        ]);
        let number = |day: Date| snapshot.hotline(day).map(|hotline| hotline.number);
        assert_eq!(number(date(2018, 12, 31)).as_deref(), Some("96196"));
        assert_eq!(number(date(2019, 1, 1)).as_deref(), Some("12345"));
        assert_eq!(number(date(2030, 1, 1)).as_deref(), Some("96198"));
        let sample = crate::catalogue::Catalogue::in_memory().snapshot();
        let today = sample.hotline(date(2026, 11, 24)).unwrap();
        assert_eq!(today.number, "12345");
        let then = sample.hotline(date(2018, 6, 1)).unwrap();
        assert_eq!(then.number, "96196");
    }

    #[test]
    fn laws_come_with_the_newest_first() {
        let law = |id: &str, from: Option<&str>| {
            let content = json!({ "id": id, "title": id, "effective_from": from });
            ("law", content)
        };
        let snapshot = snapshot(&[
            law("a", Some("2014-05-01")),
            law("b", None),
            law("c", Some("2020-07-01")),
        ]);
        let ids: Vec<String> = snapshot.laws().into_iter().map(|law| law.id.0).collect();
        assert_eq!(ids, ["c", "a", "b"]);
    }

    #[test]
    fn a_guide_has_its_own_review_rule_and_intermediary_services() {
        let snapshot = snapshot(&[
            (
                "review-rule",
                json!({ "id": "1", "guide": "homestead", "points": [{ "point": "面积" }] }),
            ),
            ("review-rule", json!({ "id": "2", "guide": "id-card" })),
            // What a later platform may send is left out, not taken for a failure.
            ("review-rule", json!({ "id": "3", "guide": ["id-card"] })),
            (
                "intermediary-service",
                json!({ "id": "x", "name": "乙", "guides": ["homestead", "id-card"] }),
            ),
            (
                "intermediary-service",
                json!({ "id": "y", "name": "甲", "guides": ["id-card"] }),
            ),
            ("intermediary-service", json!({ "id": "z", "name": "丙" })),
        ]);
        let rule = snapshot.review_rule(&"homestead".into()).unwrap();
        assert_eq!((rule.id.as_str(), rule.points.len()), ("1", 1));
        assert!(snapshot.review_rule(&"senior-card".into()).is_none());
        let names = |guide: &str| -> Vec<String> {
            let services = snapshot.intermediaries(&guide.into());
            services.into_iter().map(|service| service.name).collect()
        };
        assert_eq!(names("homestead"), ["乙"]);
        assert_eq!(names("id-card"), ["乙", "甲"]);
        assert!(names("senior-card").is_empty());
    }

    #[test]
    fn the_sample_has_something_of_each_and_says_that_it_is_one() {
        let snapshot = crate::catalogue::Catalogue::in_memory().snapshot();
        let notices = snapshot.notices(date(2026, 11, 24), "510822101210");
        assert_eq!(notices.len(), 3);
        assert!(notices.iter().all(|notice| notice.title.contains("示例")));
        let laws = snapshot.laws();
        assert!(laws.iter().all(|law| law.summary.is_some()));
        assert_eq!(laws.len(), 13);
        assert_eq!(snapshot.documents::<ReviewRule>().len(), 4);
        assert!(snapshot.review_rule(&"homestead".into()).is_some());
        assert_eq!(snapshot.documents::<IntermediaryService>().len(), 4);
        assert_eq!(
            snapshot.intermediaries(&"individual-business".into()).len(),
            2
        );
    }
}

//! What is published beside the guides: laws, notices, review rules, intermediary services, hotlines, calendars,
//! code maps, regions and theme services. Each travels as a row of its kind in the feed.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::guide::{AppliesWhen, Attachment, Coded, Opening, Situation, TimeLimit};
use crate::ids::{
    AreaCode, BundleId, GuideId, LawId, MaterialId, OptionId, ServiceId, SituationId,
};

/// A document that travels in the feed under a kind of its own.
pub trait Document: serde::de::DeserializeOwned + Serialize {
    /// Its kind.
    const KIND: &'static str;
    /// Its identifier among its kind.
    fn id(&self) -> String;
}

macro_rules! document {
    ($name:ident, $kind:literal, $($id:tt)+) => {
        impl Document for $name {
            const KIND: &'static str = $kind;

            fn id(&self) -> String {
                self.$($id)+.to_string()
            }
        }
    };
}

document!(Law, "law", id);
document!(Notice, "notice", id);
document!(ReviewRule, "review-rule", id);
document!(IntermediaryService, "intermediary-service", id);
document!(Hotline, "hotline", id);
document!(CalendarYear, "calendar-year", year);
document!(CodeMap, "code-map", id);
document!(RegionList, "region-list", id);
document!(Bundle, "bundle", id);

/// 法规政策.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Law {
    /// Stable identifier.
    pub id: LawId,
    /// Its name.
    pub title: String,
    /// 文号.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Who issued it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// In force from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub effective_from: Option<Date>,
    /// In force until.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub effective_until: Option<Date>,
    /// What it means for people, in plain words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// The whole text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// Fields this program does not know; kept as they came.
    #[serde(flatten)]
    #[schema(ignore)]
    pub extra: Map<String, Value>,
}

/// 公告.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Notice {
    /// Stable identifier.
    pub id: String,
    /// Heading.
    pub title: String,
    /// The text, one paragraph each.
    #[serde(default)]
    pub paragraphs: Vec<String>,
    /// Who says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// Shown from this day.
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// Shown until this day, inclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub until: Option<Date>,
    /// Where it is shown, by division codes; empty means everywhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub areas: Vec<AreaCode>,
    /// The guides it is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub guides: Vec<GuideId>,
    /// Files that belong to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// Fields this program does not know; kept as they came.
    #[serde(flatten)]
    #[schema(ignore)]
    pub extra: Map<String, Value>,
}

/// 审查细则: what whoever reviews a case looks at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReviewRule {
    /// Stable identifier.
    pub id: String,
    /// The item it is for.
    pub guide: GuideId,
    /// What is looked at, in order.
    #[serde(default)]
    pub points: Vec<ReviewPoint>,
    /// Fields this program does not know; kept as they came.
    #[serde(flatten)]
    #[schema(ignore)]
    pub extra: Map<String, Value>,
}

/// 审查要点.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReviewPoint {
    /// The material it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub material: Option<MaterialId>,
    /// What is asked.
    pub point: String,
    /// When it is good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standard: Option<String>,
    /// Fields this program does not know; kept as they came.
    #[serde(flatten)]
    #[schema(ignore)]
    pub extra: Map<String, Value>,
}

/// 中介服务, an entry of the 中介服务清单.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct IntermediaryService {
    /// Stable identifier.
    pub id: ServiceId,
    /// Its name.
    pub name: String,
    /// Why it is needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<String>,
    /// What comes of it, for example 评估报告.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// Who may do it: an open qualification, never one firm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub qualification: Option<String>,
    /// 收费 in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charge: Option<String>,
    /// How long it takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<TimeLimit>)]
    pub time: Option<Coded<TimeLimit>>,
    /// Items that need it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub guides: Vec<GuideId>,
    /// Fields this program does not know; kept as they came.
    #[serde(flatten)]
    #[schema(ignore)]
    pub extra: Map<String, Value>,
}

/// 服务热线; which one it is has changed before and will again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Hotline {
    /// Stable identifier.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// What to dial.
    pub number: String,
    /// Answered at these hours; empty means day and night.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub opening: Vec<Opening>,
    /// In use from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub from: Option<Date>,
    /// In use until, inclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub until: Option<Date>,
    /// Fields this program does not know; kept as they came.
    #[serde(flatten)]
    #[schema(ignore)]
    pub extra: Map<String, Value>,
}

/// Days of rest and weekends that are worked, as announced for one year. A year that was not announced is not
/// known, and nothing is reckoned into it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CalendarYear {
    /// Which year.
    pub year: i16,
    /// 放假: the first and the last day of each holiday.
    #[serde(default)]
    #[schema(value_type = Vec<Vec<String>>)]
    pub rest: Vec<(Date, Date)>,
    /// 调休上班: weekends that are worked.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub work: Vec<Date>,
    /// Who announced it, and under which number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Fields this program does not know; kept as they came.
    #[serde(flatten)]
    #[schema(ignore)]
    pub extra: Map<String, Value>,
}

/// 代码对照: how the codes of one set are said, and what they are in another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CodeMap {
    /// Stable identifier, for example `satisfaction-to-sichuan`.
    pub id: String,
    /// Whose codes these are.
    pub name: String,
    /// The codes in order.
    pub entries: Vec<CodeEntry>,
    /// Fields this program does not know; kept as they came.
    #[serde(flatten)]
    #[schema(ignore)]
    pub extra: Map<String, Value>,
}

/// One code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CodeEntry {
    /// The code here.
    pub code: String,
    /// What it means.
    pub label: String,
    /// The code there, where the map leads to another set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Fields this program does not know; kept as they came.
    #[serde(flatten)]
    #[schema(ignore)]
    pub extra: Map<String, Value>,
}

/// Divisions 区划 under one county, and what became of codes that were retired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RegionList {
    /// The county, 6 digits.
    pub id: AreaCode,
    /// State of this day.
    #[schema(value_type = String, format = Date)]
    pub as_of: Date,
    /// Divisions in force, each under its parent.
    pub regions: Vec<RegionEntry>,
    /// Codes that were retired, with the code that took over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub merges: Vec<RegionMerge>,
    /// Fields this program does not know; kept as they came.
    #[serde(flatten)]
    #[schema(ignore)]
    pub extra: Map<String, Value>,
}

/// One division.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RegionEntry {
    /// 12 digits.
    pub code: AreaCode,
    /// Official name.
    pub name: String,
    /// The division it belongs to.
    pub parent: AreaCode,
    /// Fields this program does not know; kept as they came.
    #[serde(flatten)]
    #[schema(ignore)]
    pub extra: Map<String, Value>,
}

/// A code that was retired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RegionMerge {
    /// The code that was.
    pub from: AreaCode,
    /// The code that took over.
    pub to: AreaCode,
    /// Fields this program does not know; kept as they came.
    #[serde(flatten)]
    #[schema(ignore)]
    pub extra: Map<String, Value>,
}

/// 一件事: what happens in life, and the items that come with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Bundle {
    /// Stable identifier.
    pub id: BundleId,
    /// 新生儿, 身后事, 退休, 我要开店…
    pub name: String,
    /// One or two plain sentences.
    pub summary: String,
    /// Name of an icon the terminal carries.
    pub icon: String,
    /// Place among the theme services, the smallest first.
    #[serde(default)]
    pub order: u32,
    /// Words that should find it.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Questions that decide which items are needed at all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<Situation>,
    /// The items in the order they are best done.
    pub steps: Vec<BundleStep>,
    /// What else must be done that no guide here is about, in plain sentences.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Situation questions of different items that are one and the same for the person.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub same_questions: Vec<SameQuestion>,
    /// Materials that go by different names and are one and the same thing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub same_materials: Vec<SameMaterial>,
    /// Fields this program does not know; kept as they came.
    #[serde(flatten)]
    #[schema(ignore)]
    pub extra: Map<String, Value>,
}

/// One item of a theme service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BundleStep {
    /// The item.
    pub guide: GuideId,
    /// Why it belongs here, in plain words.
    pub why: String,
    /// Answers that go without saying here: whoever has a newborn child enrols a newborn child.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub given: BTreeMap<SituationId, OptionId>,
    /// Needed only when these answers to the bundle's own questions were given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub applies_when: Vec<AppliesWhen>,
    /// Fields this program does not know; kept as they came.
    #[serde(flatten)]
    #[schema(ignore)]
    pub extra: Map<String, Value>,
}

/// A question of one item that a question of the bundle, or of an earlier item, already answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SameQuestion {
    /// The item whose question needs not be asked.
    pub guide: GuideId,
    /// That question.
    pub question: SituationId,
    /// The item whose question is asked instead; absent means the bundle's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_in: Option<GuideId>,
    /// The question that is asked instead.
    pub asked_as: SituationId,
    /// Which answer to it is which answer here.
    pub answers: BTreeMap<OptionId, OptionId>,
    /// Fields this program does not know; kept as they came.
    #[serde(flatten)]
    #[schema(ignore)]
    pub extra: Map<String, Value>,
}

/// Materials of several items that are one thing in the person's hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SameMaterial {
    /// What it is called once.
    pub name: String,
    /// The names it goes by.
    pub names: Vec<String>,
    /// Fields this program does not know; kept as they came.
    #[serde(flatten)]
    #[schema(ignore)]
    pub extra: Map<String, Value>,
}

//! A service guide 办事指南: everything a person needs to know before and while they file.

mod attachment;
mod coded;
mod fee;
mod form;
mod material;
mod place;
mod situation;
mod time;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::ids::{AreaCode, GuideId, ServiceId, ThemeId};

pub use attachment::Attachment;
pub use coded::Coded;
pub use fee::{Fee, FeeReduction};
pub use form::{CardField, Choice, Field, FieldGroup, Form, Input};
pub use material::{
    Capture, CertificateEquivalent, FollowUp, Material, MaterialKind, MaterialMedium, Necessity,
    WaivedBy, Waiver,
};
pub use place::{Coordinates, Datum, Opening, Place, PlaceKind};
pub use situation::{AppliesWhen, Situation, SituationOption};
pub use time::TimeLimit;

/// One published version of a service item 政务服务事项 with its implementation list 实施清单.
///
/// Only identity, name, kind and department are always there. Whatever else is absent or empty was not told,
/// which is different from "none": a screen then sends the person to the window and invents nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Guide {
    /// 记录唯一标识.
    pub id: GuideId,
    /// 事项版本 `task_version`; a draft pins the version it was filled against.
    pub version: u32,
    /// Item codes under every scheme the platform knows them by; opaque.
    #[serde(default)]
    pub codes: Vec<ItemCode>,
    /// 事项名称, the official name.
    pub name: String,
    /// What people call it; shown in narrow places.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub short_name: Option<String>,
    /// Colloquial words that should find this guide (老年证, 上户口…).
    #[serde(default)]
    pub aliases: Vec<String>,
    /// 事项类型, a code of GB/T 39046 A.1 as the platform states it (`1`, `01` and `20` all occur); never derived.
    pub item_type: String,
    /// 权力来源 `power_source`; public services have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub power_source: Option<String>,
    /// 事项状态; absent means 在用.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<ItemState>)]
    pub state: Option<Coded<ItemState>>,
    /// 行使层级, codes of GB/T 39046 A.2, several separated by commas.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub level: String,
    /// 实施主体.
    pub department: Department,
    /// 委托部门.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entrusted_to: Option<Department>,
    /// 联办机构.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub joint_departments: Vec<Department>,
    /// 镇（乡、街道）`town_code`, where the item is handled by one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub town: Option<AreaCode>,
    /// 村（社区）`village_code`, where the item is handled by one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub village: Option<AreaCode>,
    /// 服务对象.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Audience>)]
    pub audience: Vec<Coded<Audience>>,
    /// 主题分类 by C0109.2, as published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topics: Option<Topics>,
    /// Theme tiles it stands under.
    #[serde(default)]
    pub themes: Vec<ThemeId>,
    /// One or two plain sentences: what this is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub summary: String,
    /// 受理条件, each a plain sentence.
    #[serde(default)]
    pub conditions: Vec<String>,
    /// 设定依据.
    #[serde(default)]
    pub basis: Vec<Basis>,
    /// 情形: questions that decide which materials apply.
    #[serde(default)]
    pub situations: Vec<Situation>,
    /// 申请材料.
    #[serde(default)]
    pub materials: Vec<Material>,
    /// The form that is filled when filing; absent when the item cannot be filed on a terminal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<Form>,
    /// 办理流程 as links 环节.
    #[serde(default)]
    pub process: Vec<ProcessLink>,
    /// 特别程序: what may stop the clock.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub special_procedures: Vec<SpecialProcedure>,
    /// 办件类型, as published: 即办件, 承诺件, or a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project_type: Option<String>,
    /// 法定办结时限.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<TimeLimit>)]
    pub legal_time: Option<Coded<TimeLimit>>,
    /// 法定办结时限说明.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_time_note: Option<String>,
    /// 承诺办结时限.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<TimeLimit>)]
    pub promised_time: Option<Coded<TimeLimit>>,
    /// 承诺办结时限说明.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised_time_note: Option<String>,
    /// 数量限制.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity_limit: Option<String>,
    /// 办理形式, codes of GB/T 39046 as published.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub handling_forms: Vec<String>,
    /// 到办事现场次数 `limit_scene_num`; absent where it is not told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visits: Option<u8>,
    /// 必须现场办理的原因 `limit_scene_explain`; present whenever `visits > 0`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visit_reason: Option<String>,
    /// 是否收费; absent where `fees` says it all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_fee: Option<bool>,
    /// 收费项目; an empty list means free of charge, no list that it is not told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fees: Option<Vec<Fee>>,
    /// 是否支持网上支付.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_pay_online: Option<bool>,
    /// 是否支持物流快递.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_express: Option<bool>,
    /// 是否支持预约办理.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_schedule: Option<bool>,
    /// 是否进驻政务大厅.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_entry_center: Option<bool>,
    /// 结果类型: 出证办结, 出文办结, 审批办结.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result_type: Option<String>,
    /// 办理结果.
    #[serde(default)]
    pub results: Vec<ResultDocument>,
    /// 办理地点.
    #[serde(default)]
    pub places: Vec<Place>,
    /// 中介服务: by identifiers of the intermediary services that are published beside the guides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub intermediary_services: Vec<ServiceId>,
    /// 常见问题.
    #[serde(default)]
    pub faq: Vec<Question>,
    /// 救济途径: 行政复议 and 行政诉讼.
    #[serde(default)]
    pub remedies: Vec<String>,
    /// 依法享有的权利.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rights: Vec<String>,
    /// 依法履行的义务.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub duties: Vec<String>,
    /// 咨询电话; empty where it is not told.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub consult_phone: String,
    /// 监督投诉电话; empty where it is not told.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub complaint_phone: String,
    /// Other ways to ask: a page, a mailbox, a letter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub consult_channels: Vec<Channel>,
    /// Other ways to complain.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub complaint_channels: Vec<Channel>,
    /// 网上办理地址.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub online_url: Option<String>,
    /// 移动端办理地址.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mobile_url: Option<String>,
    /// 网上办理深度 I–IV, as published; several separated by commas.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub depth: Option<String>,
    /// 通办范围, as published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handling_scope: Option<String>,
    /// 是否支持自助终端办理 `is_service_terminals`, and how; absent where it is not told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<TerminalHandling>)]
    pub terminal: Option<Coded<TerminalHandling>>,
    /// When in the year people come for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub season: Option<Season>,
    /// Day of the last change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub updated_on: Option<Date>,
    /// 计划生效日期.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub effective_from: Option<Date>,
    /// 计划取消日期.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub effective_until: Option<Date>,
    /// 示例数据: written for trial, not published by an authority.
    #[serde(default)]
    pub sample: bool,
    /// Fields this program does not know; kept as they came.
    #[serde(flatten)]
    #[schema(ignore)]
    pub extra: Map<String, Value>,
}

impl Guide {
    /// 承诺办结时限, in a unit that is known here.
    pub fn promised(&self) -> Option<TimeLimit> {
        self.promised_time.as_ref()?.known().copied()
    }

    /// 法定办结时限, in a unit that is known here.
    pub fn legal(&self) -> Option<TimeLimit> {
        self.legal_time.as_ref()?.known().copied()
    }

    /// What a terminal can do for it, where that is told and understood.
    pub fn handling(&self) -> Option<&TerminalHandling> {
        self.terminal.as_ref()?.known()
    }

    /// True when it is filed at a terminal from beginning to end.
    pub fn is_done_here(&self) -> bool {
        matches!(self.handling(), Some(TerminalHandling::Full))
    }

    /// Every fee that may be charged.
    pub fn charges(&self) -> &[Fee] {
        self.fees.as_deref().unwrap_or_default()
    }

    /// True when it is told that nothing is charged.
    pub fn is_free(&self) -> bool {
        self.fees.as_ref().is_some_and(Vec::is_empty) && self.is_fee != Some(true)
    }

    /// True when little more than the name is known: neither what to bring nor whom to ask.
    pub fn is_bare(&self) -> bool {
        self.materials.is_empty() && self.consult_phone.is_empty() && self.summary.is_empty()
    }
}

/// An item code with the rule it follows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ItemCode {
    /// `c0109`, `gbt39046`, `sc-item-code`, `legacy-sc` or what the platform says.
    pub scheme: String,
    /// The code itself, never reformatted.
    pub value: String,
    /// Fields this program does not know; kept as they came.
    #[serde(flatten)]
    #[schema(ignore)]
    pub extra: Map<String, Value>,
}

/// 实施主体.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Department {
    /// Full name, for example 青川县民政局.
    pub name: String,
    /// 统一社会信用代码 or organisation code, as published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// 实施主体性质, GB/T 39046: 1 法定机关, 2 授权组织, 3 受委托组织, 9 其他; as published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nature: Option<String>,
    /// Fields this program does not know; kept as they came.
    #[serde(flatten)]
    #[schema(ignore)]
    pub extra: Map<String, Value>,
}

/// What an item list says of an item: enough to be found, and to be sent to the right window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ListedItem {
    /// The item's code under any scheme; opaque.
    pub item_code: String,
    /// 事项名称.
    pub name: String,
    /// 实施主体, its full name.
    pub department: String,
    /// 事项类型, as in [`Guide::item_type`].
    pub task_type: String,
    /// Any other field of a [`Guide`].
    #[serde(flatten)]
    #[schema(ignore)]
    pub extra: Map<String, Value>,
}

/// 服务对象.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Audience {
    /// 自然人.
    Person,
    /// 法人 and other organisations.
    Organisation,
}

/// 主题分类 by C0109.2: three-digit codes, one list for people and one for organisations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Topics {
    /// 自然人主题.
    #[serde(default)]
    pub person: Vec<String>,
    /// 法人主题.
    #[serde(default)]
    pub organisation: Vec<String>,
    /// Fields this program does not know; kept as they came.
    #[serde(flatten)]
    #[schema(ignore)]
    pub extra: Map<String, Value>,
}

/// 事项状态.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ItemState {
    /// 在用.
    InUse,
    /// 暂停.
    Suspended,
    /// 取消.
    Cancelled,
    /// 草稿.
    Draft,
}

/// A way to ask or to complain other than by telephone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Channel {
    /// What it is, in words: 网上, 信箱, 信函.
    pub kind: String,
    /// The address, as one writes it down.
    pub address: String,
    /// Fields this program does not know; kept as they came.
    #[serde(flatten)]
    #[schema(ignore)]
    pub extra: Map<String, Value>,
}

/// 特别程序: a hearing, an inspection, an expert's opinion. Its time is not counted in the limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SpecialProcedure {
    /// 名称.
    pub name: String,
    /// How long it takes at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<TimeLimit>)]
    pub time: Option<Coded<TimeLimit>>,
    /// When it is needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Fields this program does not know; kept as they came.
    #[serde(flatten)]
    #[schema(ignore)]
    pub extra: Map<String, Value>,
}

/// One legal basis 设定依据.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Basis {
    /// Name of the law or document.
    pub title: String,
    /// Article, where one is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub article: Option<String>,
    /// The words of that article.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The law among those that are published beside the guides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub law: Option<crate::ids::LawId>,
    /// Fields this program does not know; kept as they came.
    #[serde(flatten)]
    #[schema(ignore)]
    pub extra: Map<String, Value>,
}

/// 办理环节.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProcessLink {
    /// 受理, 审核, 决定, 办结, 送达…
    pub name: String,
    /// Who does it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// How long it takes at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<TimeLimit>)]
    pub time: Option<Coded<TimeLimit>>,
    /// Fields this program does not know; kept as they came.
    #[serde(flatten)]
    #[schema(ignore)]
    pub extra: Map<String, Value>,
}

/// 办理结果.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ResultDocument {
    /// 结果名称.
    pub name: String,
    /// How the person gets it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<String>,
    /// 结果样本: what it looks like.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample: Option<Attachment>,
    /// How long it is good for, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_for: Option<String>,
    /// Fields this program does not know; kept as they came.
    #[serde(flatten)]
    #[schema(ignore)]
    pub extra: Map<String, Value>,
}

/// 常见问题.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Question {
    /// As people ask it.
    pub question: String,
    /// As a considerate clerk answers.
    pub answer: String,
    /// Fields this program does not know; kept as they came.
    #[serde(flatten)]
    #[schema(ignore)]
    pub extra: Map<String, Value>,
}

/// What a terminal can do for this item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum TerminalHandling {
    /// 此机可办: filed here from beginning to end.
    Full,
    /// 需本人到场: may be prepared here, but the person must appear somewhere.
    InPerson {
        /// Why, in plain words.
        reason: String,
    },
    /// Only the guide is offered here.
    GuideOnly {
        /// Why, in plain words.
        reason: String,
    },
}

/// 办理季节.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Season {
    /// Months 1–12 in which it is shown among the seasonal items.
    pub months: Vec<u8>,
    /// A short badge, for example 12月31日截止.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub badge: Option<String>,
    /// Fields this program does not know; kept as they came.
    #[serde(flatten)]
    #[schema(ignore)]
    pub extra: Map<String, Value>,
}

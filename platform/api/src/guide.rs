//! A service guide 办事指南: everything a person needs to know before and while they file.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::ids::{GuideId, MaterialId, OptionId, SituationId, ThemeId};

/// One published version of a service item 政务服务事项 with its implementation list 实施清单.
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
    /// 事项类型, two digits of GB/T 39046 A.1 as the platform states it; never derived.
    pub item_type: String,
    /// 行使层级, GB/T 39046 A.2.
    #[serde(default)]
    pub level: String,
    /// 实施主体.
    pub department: Department,
    /// 服务对象.
    #[serde(default)]
    pub audience: Vec<Audience>,
    /// Theme tiles it stands under.
    #[serde(default)]
    pub themes: Vec<ThemeId>,
    /// One or two plain sentences: what this is.
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
    /// 法定办结时限.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_time: Option<TimeLimit>,
    /// 承诺办结时限.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised_time: Option<TimeLimit>,
    /// 到办事现场次数 `limit_scene_num`.
    #[serde(default)]
    pub visits: u8,
    /// 必须现场办理的原因 `limit_scene_explain`; present whenever `visits > 0`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visit_reason: Option<String>,
    /// 收费项目; empty means free of charge.
    #[serde(default)]
    pub fees: Vec<Fee>,
    /// 办理结果.
    #[serde(default)]
    pub results: Vec<ResultDocument>,
    /// 办理地点.
    #[serde(default)]
    pub places: Vec<Place>,
    /// 常见问题.
    #[serde(default)]
    pub faq: Vec<Question>,
    /// 救济途径: 行政复议 and 行政诉讼.
    #[serde(default)]
    pub remedies: Vec<String>,
    /// 咨询电话.
    pub consult_phone: String,
    /// 监督投诉电话.
    pub complaint_phone: String,
    /// 网上办理深度 I–IV.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub depth: Option<String>,
    /// 通办范围, as published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handling_scope: Option<String>,
    /// 是否支持自助终端办理 `is_service_terminals`, and how.
    pub terminal: TerminalHandling,
    /// When in the year people come for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub season: Option<Season>,
    /// Day of the last change.
    #[schema(value_type = String, format = Date)]
    pub updated_on: Date,
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

/// An item code with the rule it follows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ItemCode {
    /// `c0109`, `gbt39046`, `sc-item-code`, `legacy-sc` or what the platform says.
    pub scheme: String,
    /// The code itself, never reformatted.
    pub value: String,
}

/// 实施主体.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Department {
    /// Full name, for example 青川县民政局.
    pub name: String,
    /// 统一社会信用代码 or organisation code, as published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
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

/// One legal basis 设定依据.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Basis {
    /// Name of the law or document.
    pub title: String,
    /// Article, where one is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub article: Option<String>,
}

/// A situation question 情形 with its possible answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Situation {
    /// Unique within the guide.
    pub id: SituationId,
    /// Asked of the person, in plain words.
    pub question: String,
    /// At least two answers.
    pub options: Vec<SituationOption>,
}

/// One answer to a situation question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SituationOption {
    /// Unique within the question.
    pub id: OptionId,
    /// What the person taps.
    pub label: String,
    /// A line of help under it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// A required material 申请材料.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Material {
    /// Unique within the guide.
    pub id: MaterialId,
    /// 材料名称.
    pub name: String,
    /// How a terminal takes it in.
    pub capture: Capture,
    /// 必要性.
    pub necessity: Necessity,
    /// 原件份数.
    #[serde(default)]
    pub originals: u8,
    /// 复印件份数.
    #[serde(default)]
    pub copies: u8,
    /// 来源渠道, as published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// 填报须知: which pages, how it must look.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Applies only when every one of these answers was given; empty means always.
    #[serde(default)]
    pub applies_when: Vec<AppliesWhen>,
}

/// Holds when the situation `question` was answered with one of `any_of`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AppliesWhen {
    /// The situation question.
    pub question: SituationId,
    /// Any of these answers satisfies it.
    pub any_of: Vec<OptionId>,
}

/// How a material reaches the case on a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Capture {
    /// 读卡: read from the identity card, no copy needed.
    Card,
    /// 扫描: scanned or photographed.
    Scan,
    /// 在线填写: made from the form answers and the signature.
    Form,
    /// 部门共享: fetched by the department itself; nothing to hand in (可免提交).
    Shared,
    /// 窗口提交: the original must be taken to a window.
    Window,
}

/// 材料必要性.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Necessity {
    /// 必要.
    Required,
    /// 非必要.
    Optional,
    /// 容缺后补: may follow later.
    MayFollow,
}

/// The form of a guide: JSON Schema 2020-12, plus the order and hints a screen needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Form {
    /// JSON Schema (2020-12) of the answers object; fields that come from the card are not in it.
    #[schema(value_type = Object)]
    pub schema: Value,
    /// Groups in order; one group is one page.
    pub groups: Vec<FieldGroup>,
}

/// One page of the form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldGroup {
    /// Asked as a question: 发放到哪个账户？
    pub title: String,
    /// Fields in order; the names are properties of the schema.
    pub fields: Vec<Field>,
}

/// How one property of the schema is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Field {
    /// Property name in the schema.
    pub name: String,
    /// What the person reads.
    pub label: String,
    /// Which keyboard or choice is offered.
    pub input: Input,
    /// Grey text in the empty field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placeholder: Option<String>,
    /// A line of help under the field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// Said when the answer does not fit the schema.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// A value to start from, taken from the card; the person may change it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefill: Option<CardField>,
}

/// Which keyboard or choice a field is asked with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Input {
    /// Free Chinese text.
    Text,
    /// A person's name.
    Name,
    /// An address.
    Address,
    /// A mobile or fixed telephone number.
    Phone,
    /// Digits only, kept as text (bank card numbers have leading zeros).
    Digits,
    /// A resident identity number with its check digit.
    IdNumber,
    /// A calendar day, `YYYY-MM-DD`.
    Date,
    /// A whole number, kept as a JSON integer.
    Number,
    /// One of several, kept as the value.
    Choice {
        /// In the order they are shown.
        options: Vec<Choice>,
    },
}

/// One choice of a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Choice {
    /// Kept in the answers.
    pub value: String,
    /// What the person taps.
    pub label: String,
}

/// A fact on the identity card that may start a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CardField {
    /// 姓名.
    Name,
    /// 公民身份号码.
    IdNumber,
    /// 住址.
    Address,
    /// 出生日期.
    Birth,
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
    pub time: Option<TimeLimit>,
}

/// A time limit 办结时限.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "unit", content = "count", rename_all = "kebab-case")]
pub enum TimeLimit {
    /// 即办: done on the spot.
    OnTheSpot,
    /// 工作日.
    WorkingDays(u16),
    /// 自然日.
    CalendarDays(u16),
    /// 小时.
    Hours(u16),
}

/// 收费项目.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Fee {
    /// 收费项目名称.
    pub name: String,
    /// Amount in 分 (one hundredth of a yuan).
    pub amount_fen: u64,
    /// 收费标准 in words.
    pub standard: String,
    /// 收费依据.
    pub basis: String,
    /// 减免 in words, where allowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reduction: Option<String>,
    /// Charged only when these answers were given; empty means always.
    #[serde(default)]
    pub applies_when: Vec<AppliesWhen>,
}

/// 办理结果.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ResultDocument {
    /// 结果名称.
    pub name: String,
    /// How the person gets it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<String>,
}

/// 办理地点.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Place {
    /// Name of the window or hall.
    pub name: String,
    /// Address.
    pub address: String,
    /// Opening hours in words.
    pub hours: String,
    /// Telephone with area code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// 常见问题.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Question {
    /// As people ask it.
    pub question: String,
    /// As a considerate clerk answers.
    pub answer: String,
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
}

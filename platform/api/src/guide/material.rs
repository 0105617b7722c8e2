//! 申请材料: what must be handed in, how often, and what may take its place.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::attachment::Attachment;
use super::coded::Coded;
use super::situation::AppliesWhen;
use super::time::TimeLimit;
use crate::ids::MaterialId;

/// A required material 申请材料.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Material {
    /// Unique within the guide.
    pub id: MaterialId,
    /// 材料名称.
    pub name: String,
    /// How a terminal takes it in.
    #[schema(value_type = Capture)]
    pub capture: Coded<Capture>,
    /// 必要性.
    #[schema(value_type = Necessity)]
    pub necessity: Coded<Necessity>,
    /// 非必要时办理情形: when an optional material is wanted after all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub necessity_note: Option<String>,
    /// 原件份数.
    #[serde(default)]
    pub originals: u16,
    /// 复印件份数.
    #[serde(default)]
    pub copies: u16,
    /// 材料类型: original, copy, or either.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<MaterialKind>)]
    pub kind: Option<Coded<MaterialKind>>,
    /// 材料形式: on paper, as a file, or either.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<MaterialMedium>)]
    pub medium: Option<Coded<MaterialMedium>>,
    /// 纸质规格, for example A4.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paper: Option<String>,
    /// File formats that are taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub formats: Vec<String>,
    /// 来源渠道, as published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// 出具机构: who issues it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// 填报须知: which pages, how it must look.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// 受理标准.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acceptance: Option<String>,
    /// 要求提供材料的依据.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<String>,
    /// 空白表格.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blank_form: Option<Attachment>,
    /// 示例样表.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample: Option<Attachment>,
    /// Electronic certificates 电子证照 that satisfy it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub certificates: Vec<CertificateEquivalent>,
    /// 可免提交, and by what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiver: Option<Waiver>,
    /// 容缺后补: until when it may follow. Absent where `necessity` says all there is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follow_up: Option<FollowUp>,
    /// 是否需本人到现场填写.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_person: Option<bool>,
    /// Applies only when every one of these answers was given; empty means always.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub applies_when: Vec<AppliesWhen>,
    /// Fields this program does not know; kept as they came.
    #[serde(flatten)]
    #[schema(ignore)]
    pub extra: Map<String, Value>,
}

impl Material {
    /// How a terminal takes it in. A way that is not known here is left to the window.
    pub fn capture(&self) -> Capture {
        self.capture.known().copied().unwrap_or(Capture::Window)
    }

    /// Whether it must be there. A code that is not known here is taken at its strictest.
    pub fn necessity(&self) -> Necessity {
        self.necessity
            .known()
            .copied()
            .unwrap_or(Necessity::Required)
    }
}

/// How a material reaches the case on a terminal.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema,
)]
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

/// 材料类型.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MaterialKind {
    /// 原件.
    Original,
    /// 复印件.
    Copy,
    /// 原件或复印件.
    Either,
}

/// 材料形式.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MaterialMedium {
    /// 纸质.
    Paper,
    /// 电子.
    Electronic,
    /// 纸质或电子.
    Either,
}

/// An electronic certificate that takes the place of a material.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CertificateEquivalent {
    /// 证照名称.
    pub name: String,
    /// 证照类型代码, 21 characters where it follows GB/T 36903; opaque.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub type_code: Option<String>,
    /// Fields this program does not know; kept as they came.
    #[serde(flatten)]
    #[schema(ignore)]
    pub extra: Map<String, Value>,
}

/// 免提交: why nothing has to be handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Waiver {
    /// What takes its place.
    #[schema(value_type = WaivedBy)]
    pub by: Coded<WaivedBy>,
    /// What the person agrees to, in plain words; with 告知承诺 the promise itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Fields this program does not know; kept as they came.
    #[serde(flatten)]
    #[schema(ignore)]
    pub extra: Map<String, Value>,
}

/// What takes the place of a waived material.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WaivedBy {
    /// 证照共享.
    Certificate,
    /// 数据共享.
    Data,
    /// 告知承诺: the person promises in writing, after being told what a false promise costs.
    Commitment,
}

/// 容缺后补: until when a missing material may follow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FollowUp {
    /// Counted from acceptance 受理.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<TimeLimit>)]
    pub within: Option<Coded<TimeLimit>>,
    /// What happens otherwise, in plain words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Fields this program does not know; kept as they came.
    #[serde(flatten)]
    #[schema(ignore)]
    pub extra: Map<String, Value>,
}

//! A case 办件: what is handed in, what the platform answers, and how it goes on.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ulid::Ulid;
use utoipa::ToSchema;

use crate::ids::{
    AreaCode, CaseNumber, ContentDigest, GuideId, LocalNumber, MaterialId, OptionId, QueryCode,
    SituationId, TerminalId,
};
use crate::sealed::{SealedEnvelope, SealedPage};

/// Body of `POST /v1/cases`. The header `Idempotency-Key` carries `idempotency_key` again.
///
/// What lies outside the envelope is not signed; the platform holds it against what is inside. The pages that
/// the content names must all be in `pages`, and one envelope is taken under one key only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CaseSubmission {
    /// One key for the case's whole life, minted when the draft begins.
    #[schema(value_type = String)]
    pub idempotency_key: Ulid,
    /// The terminal it was filed at.
    pub terminal: TerminalId,
    /// 本机暂存号 printed on the first receipt.
    pub local_number: LocalNumber,
    /// Division whose number series applies, 6 digits: the first 6 of where the terminal is enrolled.
    pub area: AreaCode,
    /// The guide that was pinned.
    pub guide: GuideId,
    /// Its version.
    pub guide_version: u32,
    /// When the person pressed submit.
    #[schema(value_type = String, format = DateTime)]
    pub submitted_at: Timestamp,
    /// False when the terminal had not yet had a trusted time.
    pub clock_trusted: bool,
    /// [`CaseContent`], sealed.
    pub envelope: SealedEnvelope,
    /// Pages that were uploaded before; every one must have arrived.
    pub pages: Vec<SealedPage>,
}

/// What is inside the envelope, as JSON.
#[derive(Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CaseContent {
    /// The guide that was pinned.
    pub guide: GuideId,
    /// Its version.
    pub guide_version: u32,
    /// Answers to the situation questions.
    pub situations: BTreeMap<SituationId, OptionId>,
    /// 申请人, as read from the card.
    pub applicant: Applicant,
    /// Answers that fit the guide's form schema.
    #[schema(value_type = Object)]
    pub answers: Map<String, Value>,
    /// Materials in the order of the guide.
    pub materials: Vec<CaseMaterial>,
    /// 签名.
    pub signature: Signature,
    /// When the person confirmed what was read back to them.
    #[schema(value_type = String, format = DateTime)]
    pub read_back_at: Timestamp,
}

/// 申请人.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Applicant {
    /// 姓名, exactly as on the chip.
    pub name: String,
    /// 公民身份号码.
    pub id_number: String,
    /// 性别, GB/T 2261.1: `0` unknown, `1` male, `2` female, `9` not stated.
    pub sex: String,
    /// 民族, GB/T 3304 two digits; empty where the card has none.
    pub nationality: String,
    /// 出生日期.
    #[schema(value_type = String, format = Date)]
    pub birth: Date,
    /// 住址.
    pub address: String,
    /// How sure we are of who this is.
    pub identity_level: IdentityLevel,
}

/// 认证级别, ordered: a guide names its minimum.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum IdentityLevel {
    /// Mobile number only.
    Mobile,
    /// Name and number match the population data.
    DataMatch,
    /// The chip of the card was read.
    ChipRead,
    /// Chip read plus live check.
    ChipAndLive,
}

impl fmt::Debug for CaseContent {
    /// Nothing of the person.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CaseContent")
            .field("guide", &self.guide)
            .field("guide_version", &self.guide_version)
            .field("materials", &self.materials)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Applicant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Applicant(hidden)")
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signature(hidden)")
    }
}

/// A material as it was handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CaseMaterial {
    /// Which material of the guide.
    pub material: MaterialId,
    /// How it was taken in.
    pub provided: Provided,
}

/// How a material was handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Provided {
    /// Pages captured at the terminal.
    Pages {
        /// In reading order.
        pages: Vec<MaterialPage>,
        /// 可信等级.
        trust: TrustGrade,
    },
    /// Read from the identity card.
    Card,
    /// Made from the form and the signature.
    Form,
    /// Fetched by the department itself.
    Shared,
    /// 容缺后补: the person promised to bring it.
    Promised,
    /// The original goes to a window.
    Window,
}

/// One captured page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MaterialPage {
    /// Digest of the sealed page as it travels.
    pub digest: ContentDigest,
    /// `image/jpeg` or `image/png`.
    pub media_type: String,
    /// Size of the picture in bytes before sealing.
    pub length: u64,
}

/// 可信等级 (国办函〔2016〕108号).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum TrustGrade {
    /// Issued by the authority with an electronic seal.
    A,
    /// Compared with the original by staff.
    B,
    /// Uploaded by the person; the original is still to be checked.
    C,
    /// Made by the person, on their word.
    D,
}

/// 签名: strokes as they were written.
#[derive(Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Signature {
    /// Width of the pad in the strokes' unit.
    pub width: f32,
    /// Height of the pad in the strokes' unit.
    pub height: f32,
    /// Strokes in order, each a line of points.
    #[schema(value_type = Vec<Vec<Vec<f32>>>)]
    pub strokes: Vec<Vec<[f32; 2]>>,
}

/// The platform's answer: this case is here, once, under this number.
///
/// `signature` is the platform's SM2 signature (`r ‖ s`, base64, default identity) over the UTF-8 bytes of
/// `jinban-receipt-1\n{idempotency_key}\n{case_number}\n{query_code}\n{submission_digest}\n{received_at}`,
/// with `received_at` exactly as it stands in the JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CaseReceipt {
    /// The key the case was filed under.
    #[schema(value_type = String)]
    pub idempotency_key: Ulid,
    /// 办件编号.
    pub case_number: CaseNumber,
    /// 查询码.
    pub query_code: QueryCode,
    /// The submission digest, see [`SealedEnvelope`].
    pub submission_digest: ContentDigest,
    /// RFC 3339, UTC, whole seconds.
    pub received_at: String,
    /// Day by which the promise falls due, where it can be told.
    #[schema(value_type = Option<String>, format = Date)]
    pub promised_by: Option<Date>,
    /// Which platform key signed.
    pub platform_key_id: String,
    /// See above.
    pub signature: String,
}

/// Official state 办件状态, in the platform's words. Unknown codes survive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CaseProgress {
    /// 办件编号.
    pub case_number: CaseNumber,
    /// 事项名称.
    pub guide_name: String,
    /// What the platform calls the state now.
    pub state: String,
    /// Oldest first.
    pub timeline: Vec<ProgressStep>,
    /// Day by which the promise falls due, where it can be told.
    #[schema(value_type = Option<String>, format = Date)]
    pub promised_by: Option<Date>,
}

/// One step that was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProgressStep {
    /// 环节.
    pub name: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// What was said about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remark: Option<String>,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use serde_json::json;

    use super::*;

    #[test]
    fn debug_output_shows_nothing_of_the_person() {
        let content: CaseContent = serde_json::from_value(json!({
            "guide": "g", "guide_version": 1, "situations": {},
            "applicant": {
                "name": "示例甲", "id_number": "510822195001010020", "sex": "2", "nationality": "01",
                "birth": "1950-01-01", "address": "示例村", "identity_level": "chip-read",
            },
            "answers": {"account": "0123456789"}, "materials": [],
            "signature": {"width": 1.0, "height": 1.0, "strokes": [[[0.5, 0.25]]]},
            "read_back_at": "2026-11-20T00:00:00Z",
        }))
        .unwrap();
        let shown = format!(
            "{content:?} {:?} {:?} {:?}",
            content.applicant,
            content.signature,
            QueryCode::from("AB2C3D")
        );
        for hidden in ["示例", "5108", "1950", "0123456789", "0.25", "AB2C3D"] {
            assert!(!shown.contains(hidden), "{shown}");
        }
    }
}

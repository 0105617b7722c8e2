//! The catalogue as it travels: a chain of signed batches, each saying what changed.
//!
//! A batch is a header, signed, and a payload, named by its digest. The payload is gzip over JSON Lines, one
//! [`Row`] in each line; a terminal checks the digest before it unpacks anything. Headers form a chain, so a
//! batch that is missing, repeated, altered or out of order is noticed. The same two files travel over the
//! network or on a USB stick.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::ids::{ContentDigest, FeedId, ThemeId};

/// Media type of a payload.
pub const PAYLOAD_TYPE: &str = "application/gzip";

/// Kind of the rows that carry guides.
pub const GUIDE_KIND: &str = "guide";
/// Kind of the one row that carries the list of theme tiles, in the order they are shown.
pub const THEMES_KIND: &str = "themes";

/// Answer to "what comes after what I have?".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FeedAnswer {
    /// Where the feed is now.
    pub head: FeedHead,
    /// The batches that lead on from what was named, in order; perhaps not yet all of them. Empty when there
    /// are none.
    pub batches: Vec<BatchHeader>,
}

/// Where the feed is now. Signed anew for every answer, so that an old answer is not mistaken for "no news".
///
/// The signed text is `jinban-head-1`, `feed`, `number`, `chain` and `issued_at`, each on a line of its own,
/// without a last line end; signed by SM2 as receipts are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FeedHead {
    /// Which feed.
    pub feed: FeedId,
    /// Number of the last batch; 0 before the first.
    pub number: u64,
    /// Chain digest after the last batch.
    pub chain: ContentDigest,
    /// When this was said.
    #[schema(value_type = String, format = DateTime)]
    pub issued_at: Timestamp,
    /// Key that signed.
    pub platform_key_id: String,
    /// SM2 signature `r ‖ s` in base64.
    pub signature: String,
}

/// The signed header of one batch.
///
/// The signed text is `jinban-batch-1`, `feed`, `number`, `kind`, `previous`, `payload`, `length`,
/// `plain_length` and `issued_at`, each on a line of its own, without a last line end. The SM3 digest of that
/// text is the chain digest after a batch of changes; before the first batch it is that of
/// `jinban-feed-1`, line end, `feed`. A batch of everything leads to the chain digest that it names in
/// `previous`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BatchHeader {
    /// Which feed.
    pub feed: FeedId,
    /// 批次号 `cd_batch`, growing by one. A batch of everything has the number of the last batch it includes.
    pub number: u64,
    /// Whether it holds changes or everything.
    pub kind: BatchKind,
    /// The chain digest before the changes; for everything, the chain digest it leads to.
    pub previous: ContentDigest,
    /// SM3 of the payload as it travels; `GET /v1/catalogue/blobs/{digest}` answers it.
    pub payload: ContentDigest,
    /// Bytes of the payload as it travels.
    pub length: u64,
    /// Bytes of the payload unpacked; a payload that unpacks to anything else is refused.
    pub plain_length: u64,
    /// `cd_time`: when it was published.
    #[schema(value_type = String, format = DateTime)]
    pub issued_at: Timestamp,
    /// Key that signed.
    pub platform_key_id: String,
    /// SM2 signature `r ‖ s` in base64.
    pub signature: String,
}

/// What a batch holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BatchKind {
    /// What changed since the batch before.
    Changes,
    /// Everything there is: for a terminal that has nothing, or is far behind.
    Everything,
}

impl BatchKind {
    /// As it stands in the signed text.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Changes => "changes",
            Self::Everything => "everything",
        }
    }
}

/// One line of a payload.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Row {
    /// `cd_operation`.
    pub op: Operation,
    /// What it is: [`GUIDE_KIND`], [`THEMES_KIND`] or a kind of [`crate::documents`]; one that is not known is
    /// kept all the same.
    pub kind: String,
    /// Unique within its kind.
    pub id: String,
    /// The content; absent when it is deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub content: Option<Value>,
}

/// `cd_operation`: what a row does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum Operation {
    /// Insert.
    #[serde(rename = "I")]
    Insert,
    /// Update.
    #[serde(rename = "U")]
    Update,
    /// Delete.
    #[serde(rename = "D")]
    Delete,
}

/// A theme tile 主题.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Theme {
    /// Stable identifier.
    pub id: ThemeId,
    /// What the tile says.
    pub name: String,
    /// Name of an icon the terminal carries.
    pub icon: String,
    /// C0109.2 theme codes gathered under this tile.
    #[serde(default)]
    pub codes: Vec<String>,
    /// Fields this program does not know; kept as they came.
    #[serde(flatten)]
    #[schema(ignore)]
    pub extra: Map<String, Value>,
}

//! A file that belongs to a guide: a blank form, a filled-in sample, what the result looks like.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::ids::ContentDigest;

/// Names a file by its content; `GET /v1/catalogue/blobs/{digest}` answers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Attachment {
    /// SM3 of the file.
    pub digest: ContentDigest,
    /// Length in bytes.
    pub length: u64,
    /// What kind of file, for example `image/svg+xml` or `application/pdf`.
    pub media_type: String,
    /// What people call it: 申请表空白表, 样张.
    pub name: String,
    /// Fields this program does not know; kept as they came.
    #[serde(flatten)]
    #[schema(ignore)]
    pub extra: Map<String, Value>,
}

//! The catalogue: guides in every version that was published.

use jiff::Timestamp;
use jinban_api::guide::Guide;
use jinban_api::ids::GuideId;
use serde_json::Value;
use sqlx::Row;

use super::{Database, damaged};

/// A guide version that a case may be filed against.
#[derive(Clone, Debug)]
pub struct PublishedGuide {
    /// As it was published.
    pub guide: Guide,
    /// Since when the item is no longer taken.
    pub withdrawn_at: Option<Timestamp>,
}

impl Database {
    /// A guide as it is published now; none when it is unknown or withdrawn.
    pub async fn current_guide(&self, id: &str) -> Result<Option<Guide>, sqlx::Error> {
        let content: Option<String> = sqlx::query_scalar(
            "SELECT v.content FROM guides g
             JOIN guide_versions v ON v.guide = g.id AND v.version = g.version
             WHERE g.id = $1 AND g.withdrawn_at IS NULL",
        )
        .bind(id)
        .fetch_optional(&self.read)
        .await?;
        content.map(|content| parse(&content)).transpose()
    }

    /// What is published beside the guides under this kind and identifier.
    pub async fn document(&self, kind: &str, id: &str) -> Result<Option<Value>, sqlx::Error> {
        let content: Option<String> =
            sqlx::query_scalar("SELECT content FROM documents WHERE kind = $1 AND id = $2")
                .bind(kind)
                .bind(id)
                .fetch_optional(&self.read)
                .await?;
        let value = content.map(|content| serde_json::from_str(&content));
        value.transpose().map_err(|_| damaged("document"))
    }

    /// Every guide that is published now, by its identifier, as it was published.
    pub async fn current_guides(&self) -> Result<Vec<(String, Value)>, sqlx::Error> {
        let rows: Vec<(String, String)> = sqlx::query_as(
            "SELECT g.id, v.content FROM guides g
             JOIN guide_versions v ON v.guide = g.id AND v.version = g.version
             WHERE g.withdrawn_at IS NULL ORDER BY g.id",
        )
        .fetch_all(&self.read)
        .await?;
        rows.into_iter()
            .map(|(id, content)| {
                let value = serde_json::from_str(&content).map_err(|_| damaged("guide"))?;
                Ok((id, value))
            })
            .collect()
    }

    /// A guide in a version that was published at any time.
    pub async fn guide_version(
        &self,
        id: &GuideId,
        version: u32,
    ) -> Result<Option<PublishedGuide>, sqlx::Error> {
        let row = sqlx::query(
            "SELECT v.content, g.withdrawn_at FROM guide_versions v
             JOIN guides g ON g.id = v.guide WHERE v.guide = $1 AND v.version = $2",
        )
        .bind(id.as_str())
        .bind(i64::from(version))
        .fetch_optional(&self.read)
        .await?;
        row.map(|row| {
            let content: String = row.try_get("content")?;
            let withdrawn_at: Option<String> = row.try_get("withdrawn_at")?;
            let withdrawn_at = withdrawn_at
                .map(|at| at.parse().map_err(|_| damaged("withdrawn_at")))
                .transpose()?;
            Ok(PublishedGuide {
                guide: parse(&content)?,
                withdrawn_at,
            })
        })
        .transpose()
    }
}

pub(super) fn parse(content: &str) -> Result<Guide, sqlx::Error> {
    serde_json::from_str(content).map_err(|_| damaged("guide"))
}

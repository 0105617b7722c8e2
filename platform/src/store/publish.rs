//! Publishing: what is offered is held against what is there, and the difference becomes one batch of the feed.

use std::collections::BTreeSet;
use std::mem::discriminant;

use jiff::Timestamp;
use jinban_api::catalogue::{GUIDE_KIND, Operation, Row as FeedRow};
use jinban_api::guide::Guide;
use jinban_api::ids::{ContentDigest, GuideId};
use serde_json::Value;
use sqlx::Row;

use super::catalogue::parse;
use super::{Change, Database, damaged, feed};
use crate::crypto::PlatformKeyPairs;

/// What is offered for publication.
#[derive(Clone, Copy, Debug)]
pub struct Offer<'a> {
    /// Guides, each with its version.
    pub guides: &'a [Guide],
    /// What stands beside them.
    pub documents: &'a [OfferedDocument],
    /// Files that they name.
    pub attachments: &'a [(ContentDigest, Vec<u8>)],
    /// Whether what is not offered is withdrawn.
    pub extent: Extent,
}

/// Something that stands beside the guides.
#[derive(Clone, Debug, PartialEq)]
pub struct OfferedDocument {
    /// Its kind.
    pub kind: String,
    /// Its identifier among its kind.
    pub id: String,
    /// The content.
    pub content: Value,
}

/// How much of the catalogue is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// All of it: what is not in it is withdrawn.
    Whole,
    /// A part: everything else stays.
    Part,
}

/// What publishing did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// The catalogue's revision now.
    pub revision: u64,
    /// Guides that are new or changed.
    pub changed: Vec<GuideId>,
    /// Guides that are no longer in the catalogue.
    pub withdrawn: Vec<GuideId>,
    /// Guides that were left as they are, and why.
    pub refused: Vec<(GuideId, VersionProblem)>,
}

/// Why a changed guide cannot take the place of the published one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VersionProblem {
    /// Drafts were filled against this version; what they fill in must not change under them.
    #[error("the form, situations or materials changed, but the version {version} did not")]
    NotRaised {
        /// The version both have.
        version: u32,
    },
    /// An older version than the published one.
    #[error("the version {version} is older than the published {published}")]
    WentBack {
        /// The version that was offered.
        version: u32,
        /// The version that is published.
        published: u32,
    },
}

impl VersionProblem {
    /// What is wrong, in Chinese, for whoever wrote the guide.
    pub fn said(self) -> String {
        match self {
            Self::NotRaised { version } => format!(
                "表格、情形或材料改了，版本号还是{version}。有人正照这一版填着，请把版本号加1。"
            ),
            Self::WentBack { version, published } => {
                format!("版本号{version}比已经发布的{published}还小。")
            }
        }
    }
}

impl Database {
    /// Publishes what is offered. All changes of one call become one batch; when nothing changed, there is none.
    pub async fn publish(
        &self,
        offer: Offer<'_>,
        keys: &PlatformKeyPairs,
        now: Timestamp,
    ) -> Result<Published, sqlx::Error> {
        let mut change = self.change().await?;
        feed::hold(&mut change).await?;
        let revision = feed::number(&mut change).await?;
        let next = revision + 1;
        let mut published = Published::default();
        let mut rows = Vec::new();
        for (digest, content) in offer.attachments {
            feed::keep_blob(&mut change, digest, content).await?;
        }
        for document in offer.documents {
            rows.extend(offer_document(&mut change, document).await?);
        }
        if offer.extent == Extent::Whole {
            rows.extend(drop_documents(&mut change, offer.documents).await?);
        }
        for guide in offer.guides {
            match offer_guide(&mut change, guide, next).await? {
                Offered::Unchanged => {}
                Offered::Refused(problem) => published.refused.push((guide.id.clone(), problem)),
                Offered::Changed(op) => {
                    published.changed.push(guide.id.clone());
                    rows.push(FeedRow {
                        op,
                        kind: GUIDE_KIND.to_owned(),
                        id: guide.id.to_string(),
                        content: Some(serde_json::to_value(guide).map_err(|_| damaged("guide"))?),
                    });
                }
            }
        }
        if offer.extent == Extent::Whole {
            published.withdrawn = withdraw(&mut change, offer.guides, next, now).await?;
            rows.extend(published.withdrawn.iter().map(|id| FeedRow {
                op: Operation::Delete,
                kind: GUIDE_KIND.to_owned(),
                id: id.to_string(),
                content: None,
            }));
        }
        published.revision = if rows.is_empty() {
            revision
        } else {
            feed::append(&mut change, &rows, keys, now).await?
        };
        change.commit().await?;
        Ok(published)
    }
}

/// Takes every guide back that is not among `guides`.
async fn withdraw(
    change: &mut Change,
    guides: &[Guide],
    revision: u64,
    now: Timestamp,
) -> Result<Vec<GuideId>, sqlx::Error> {
    let present: BTreeSet<&str> = guides.iter().map(|guide| guide.id.as_str()).collect();
    let stored: Vec<String> =
        sqlx::query_scalar("SELECT id FROM guides WHERE withdrawn_at IS NULL ORDER BY id")
            .fetch_all(&mut **change)
            .await?;
    let mut withdrawn = Vec::new();
    for id in stored {
        if !present.contains(id.as_str()) {
            sqlx::query("UPDATE guides SET withdrawn_at = $2, revision = $3 WHERE id = $1")
                .bind(&id)
                .bind(now.to_string())
                .bind(revision.cast_signed())
                .execute(&mut **change)
                .await?;
            withdrawn.push(GuideId(id));
        }
    }
    Ok(withdrawn)
}

async fn offer_document(
    change: &mut Change,
    document: &OfferedDocument,
) -> Result<Option<FeedRow>, sqlx::Error> {
    let content = serde_json::to_string(&document.content).map_err(|_| damaged("document"))?;
    let stored: Option<String> =
        sqlx::query_scalar("SELECT content FROM documents WHERE kind = $1 AND id = $2")
            .bind(&document.kind)
            .bind(&document.id)
            .fetch_optional(&mut **change)
            .await?;
    if stored.as_ref() == Some(&content) {
        return Ok(None);
    }
    sqlx::query(
        "INSERT INTO documents (kind, id, content) VALUES ($1, $2, $3)
         ON CONFLICT (kind, id) DO UPDATE SET content = excluded.content",
    )
    .bind(&document.kind)
    .bind(&document.id)
    .bind(content)
    .execute(&mut **change)
    .await?;
    Ok(Some(FeedRow {
        op: if stored.is_some() {
            Operation::Update
        } else {
            Operation::Insert
        },
        kind: document.kind.clone(),
        id: document.id.clone(),
        content: Some(document.content.clone()),
    }))
}

async fn drop_documents(
    change: &mut Change,
    documents: &[OfferedDocument],
) -> Result<Vec<FeedRow>, sqlx::Error> {
    let present: BTreeSet<(&str, &str)> = documents
        .iter()
        .map(|document| (document.kind.as_str(), document.id.as_str()))
        .collect();
    let stored: Vec<(String, String)> = sqlx::query_as("SELECT kind, id FROM documents")
        .fetch_all(&mut **change)
        .await?;
    let mut rows = Vec::new();
    for (kind, id) in stored {
        if !present.contains(&(kind.as_str(), id.as_str())) {
            sqlx::query("DELETE FROM documents WHERE kind = $1 AND id = $2")
                .bind(&kind)
                .bind(&id)
                .execute(&mut **change)
                .await?;
            rows.push(FeedRow {
                op: Operation::Delete,
                kind,
                id,
                content: None,
            });
        }
    }
    Ok(rows)
}

enum Offered {
    Unchanged,
    Changed(Operation),
    Refused(VersionProblem),
}

async fn offer_guide(
    change: &mut Change,
    guide: &Guide,
    revision: u64,
) -> Result<Offered, sqlx::Error> {
    let content = serde_json::to_string(guide).map_err(|_| damaged("guide"))?;
    let row = sqlx::query(
        "SELECT v.version, v.content, g.withdrawn_at FROM guides g
         JOIN guide_versions v ON v.guide = g.id AND v.version = g.version WHERE g.id = $1",
    )
    .bind(guide.id.as_str())
    .fetch_optional(&mut **change)
    .await?;
    let mut operation = Operation::Insert;
    if let Some(row) = row {
        let version: i64 = row.try_get("version")?;
        let stored: String = row.try_get("content")?;
        let withdrawn_at: Option<String> = row.try_get("withdrawn_at")?;
        if stored == content && withdrawn_at.is_none() {
            return Ok(Offered::Unchanged);
        }
        let before = parse(&stored)?;
        if withdrawn_at.is_none() {
            operation = Operation::Update;
        }
        if guide.version < before.version {
            return Ok(Offered::Refused(VersionProblem::WentBack {
                version: guide.version,
                published: before.version,
            }));
        }
        if i64::from(guide.version) == version && !fills_alike(&before, guide) {
            return Ok(Offered::Refused(VersionProblem::NotRaised {
                version: guide.version,
            }));
        }
    }
    sqlx::query(
        "INSERT INTO guides (id, version, revision) VALUES ($1, $2, $3)
         ON CONFLICT (id) DO UPDATE
         SET version = excluded.version, revision = excluded.revision, withdrawn_at = NULL",
    )
    .bind(guide.id.as_str())
    .bind(i64::from(guide.version))
    .bind(revision.cast_signed())
    .execute(&mut **change)
    .await?;
    sqlx::query(
        "INSERT INTO guide_versions (guide, version, content) VALUES ($1, $2, $3)
         ON CONFLICT (guide, version) DO UPDATE SET content = excluded.content",
    )
    .bind(guide.id.as_str())
    .bind(i64::from(guide.version))
    .bind(content)
    .execute(&mut **change)
    .await?;
    Ok(Offered::Changed(operation))
}

/// True when a draft that was filled against `a` fits `b` just as well. Wording may be mended within a version.
fn fills_alike(a: &Guide, b: &Guide) -> bool {
    a.form.as_ref().map(|form| &form.schema) == b.form.as_ref().map(|form| &form.schema)
        && options(a) == options(b)
        && rules(a) == rules(b)
        && a.handling().map(discriminant) == b.handling().map(discriminant)
}

fn options(guide: &Guide) -> Vec<(&str, Vec<&str>)> {
    guide
        .situations
        .iter()
        .map(|situation| {
            let options = situation.options.iter();
            (
                situation.id.as_str(),
                options.map(|option| option.id.as_str()).collect(),
            )
        })
        .collect()
}

fn rules(guide: &Guide) -> Vec<impl PartialEq + '_> {
    guide
        .materials
        .iter()
        .map(|material| {
            (
                &material.id,
                material.capture(),
                material.necessity(),
                &material.applies_when,
            )
        })
        .collect()
}

//! The catalogue: guides in every version that was published, and what changed since a revision.

use std::collections::BTreeSet;
use std::mem::discriminant;

use jiff::Timestamp;
use jinban_api::catalogue::{CatalogueChanges, Theme};
use jinban_api::guide::Guide;
use jinban_api::ids::GuideId;
use sqlx::Row;

use super::{Change, Database, damaged};

/// A guide version that a case may be filed against.
#[derive(Clone, Debug)]
pub struct PublishedGuide {
    /// As it was published.
    pub guide: Guide,
    /// Since when the item is no longer taken.
    pub withdrawn_at: Option<Timestamp>,
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

impl Database {
    /// Publishes a whole catalogue: guides that are not in it are withdrawn. All changes of one call become
    /// one revision; when nothing changed, the revision stays.
    pub async fn publish(
        &self,
        guides: &[Guide],
        themes: &[Theme],
        now: Timestamp,
    ) -> Result<Published, sqlx::Error> {
        let mut change = self.change().await?;
        let row = sqlx::query("SELECT revision, themes FROM catalogue WHERE id = 1")
            .fetch_one(&mut *change)
            .await?;
        let revision: i64 = row.try_get("revision")?;
        let stored_themes: String = row.try_get("themes")?;
        let next = revision + 1;
        let mut published = Published::default();

        for guide in guides {
            match offer(&mut change, guide, next).await? {
                Offered::Unchanged => {}
                Offered::Changed => published.changed.push(guide.id.clone()),
                Offered::Refused(problem) => published.refused.push((guide.id.clone(), problem)),
            }
        }
        let present: BTreeSet<&str> = guides.iter().map(|guide| guide.id.as_str()).collect();
        let stored: Vec<String> =
            sqlx::query_scalar("SELECT id FROM guides WHERE withdrawn_at IS NULL ORDER BY id")
                .fetch_all(&mut *change)
                .await?;
        for id in stored {
            if !present.contains(id.as_str()) {
                sqlx::query("UPDATE guides SET withdrawn_at = $2, revision = $3 WHERE id = $1")
                    .bind(&id)
                    .bind(now.to_string())
                    .bind(next)
                    .execute(&mut *change)
                    .await?;
                published.withdrawn.push(GuideId(id));
            }
        }

        let themes = serde_json::to_string(themes).map_err(|_| damaged("themes"))?;
        let nothing = published.changed.is_empty()
            && published.withdrawn.is_empty()
            && themes == stored_themes;
        published.revision = if nothing { revision } else { next } as u64;
        if !nothing {
            sqlx::query("UPDATE catalogue SET revision = $1, themes = $2 WHERE id = 1")
                .bind(next)
                .bind(themes)
                .execute(&mut *change)
                .await?;
        }
        change.commit().await?;
        Ok(published)
    }

    /// The catalogue's revision.
    pub async fn revision(&self) -> Result<u64, sqlx::Error> {
        let revision: i64 = sqlx::query_scalar("SELECT revision FROM catalogue WHERE id = 1")
            .fetch_one(&self.read)
            .await?;
        Ok(revision as u64)
    }

    /// What changed after the revision `since`. A revision that was never reached asks for everything.
    pub async fn changes(&self, since: u64) -> Result<CatalogueChanges, sqlx::Error> {
        // One snapshot: a publication meanwhile is in all of the answer or in none of it.
        let mut snapshot = self.read.begin().await?;
        let row = sqlx::query("SELECT revision, themes FROM catalogue WHERE id = 1")
            .fetch_one(&mut *snapshot)
            .await?;
        let revision: i64 = row.try_get("revision")?;
        let themes: String = row.try_get("themes")?;
        let since = i64::try_from(since)
            .ok()
            .filter(|since| *since <= revision)
            .unwrap_or(0);
        let upserted: Vec<String> = sqlx::query_scalar(
            "SELECT v.content FROM guides g
             JOIN guide_versions v ON v.guide = g.id AND v.version = g.version
             WHERE g.revision > $1 AND g.withdrawn_at IS NULL ORDER BY g.revision, g.id",
        )
        .bind(since)
        .fetch_all(&mut *snapshot)
        .await?;
        let removed: Vec<String> = sqlx::query_scalar(
            "SELECT id FROM guides
             WHERE revision > $1 AND withdrawn_at IS NOT NULL ORDER BY revision, id",
        )
        .bind(since)
        .fetch_all(&mut *snapshot)
        .await?;
        Ok(CatalogueChanges {
            revision: revision as u64,
            upserted: upserted
                .iter()
                .map(|content| parse(content))
                .collect::<Result<_, _>>()?,
            removed: removed.into_iter().map(GuideId).collect(),
            themes: serde_json::from_str(&themes).map_err(|_| damaged("themes"))?,
        })
    }

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

enum Offered {
    Unchanged,
    Changed,
    Refused(VersionProblem),
}

async fn offer(change: &mut Change, guide: &Guide, revision: i64) -> Result<Offered, sqlx::Error> {
    let content = serde_json::to_string(guide).map_err(|_| damaged("guide"))?;
    let row = sqlx::query(
        "SELECT v.version, v.content, g.withdrawn_at FROM guides g
         JOIN guide_versions v ON v.guide = g.id AND v.version = g.version WHERE g.id = $1",
    )
    .bind(guide.id.as_str())
    .fetch_optional(&mut **change)
    .await?;
    if let Some(row) = row {
        let version: i64 = row.try_get("version")?;
        let stored: String = row.try_get("content")?;
        let withdrawn_at: Option<String> = row.try_get("withdrawn_at")?;
        if stored == content && withdrawn_at.is_none() {
            return Ok(Offered::Unchanged);
        }
        let before = parse(&stored)?;
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
    .bind(revision)
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
    Ok(Offered::Changed)
}

/// True when a draft that was filled against `a` fits `b` just as well. Wording may be mended within a version.
fn fills_alike(a: &Guide, b: &Guide) -> bool {
    a.form.as_ref().map(|form| &form.schema) == b.form.as_ref().map(|form| &form.schema)
        && options(a) == options(b)
        && rules(a) == rules(b)
        && discriminant(&a.terminal) == discriminant(&b.terminal)
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
                material.capture,
                material.necessity,
                &material.applies_when,
            )
        })
        .collect()
}

fn parse(content: &str) -> Result<Guide, sqlx::Error> {
    serde_json::from_str(content).map_err(|_| damaged("guide"))
}

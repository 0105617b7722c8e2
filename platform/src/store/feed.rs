//! The feed as it is kept: where it is, its batches, the files they name, and what stands beside the guides.

use jiff::Timestamp;
use jinban_api::catalogue::{BatchHeader, FeedAnswer, GUIDE_KIND, Operation, Row as FeedRow};
use jinban_api::ids::{ContentDigest, FeedId};
use sqlx::Row;
use ulid::Ulid;

use super::{Change, Database, damaged};
use crate::crypto::PlatformKeyPairs;
use crate::feed::{self, Batch, Position};

/// Headers in one answer at most; whoever lacks more asks again.
const MOST_HEADERS: i64 = 100;
/// Everything is offered instead of changes once these are this many times as long; a terminal that follows
/// every day never comes near.
const TOO_FAR_BEHIND: i64 = 2;
/// So many bytes of changes are always worth following.
const ALWAYS_FOLLOWED: i64 = 64 * 1024;

impl Database {
    /// Gives the feed a name, if it has none yet.
    pub(super) async fn begin_feed(&self) -> Result<(), sqlx::Error> {
        let mut change = self.change().await?;
        hold(&mut change).await?;
        let position = position(&mut change).await?;
        if position.feed.as_str().is_empty() {
            let feed = FeedId(Ulid::generate().to_string());
            let beginning = Position::beginning(feed, position.number);
            move_to(&mut change, &beginning).await?;
        }
        change.commit().await
    }

    /// Where the feed is.
    pub async fn feed_position(&self) -> Result<Position, sqlx::Error> {
        let mut snapshot = self.snapshot().await?;
        position(&mut snapshot).await
    }

    /// What leads on from batch `after` of `feed`: the changes, or everything when nothing is held yet, the feed
    /// is another one, or the changes together are longer than everything.
    pub async fn follow(
        &self,
        feed: &FeedId,
        after: u64,
        keys: &PlatformKeyPairs,
        now: Timestamp,
    ) -> Result<FeedAnswer, sqlx::Error> {
        let mut snapshot = self.snapshot().await?;
        let position = position(&mut snapshot).await?;
        let known = *feed == position.feed && (1..=position.number).contains(&after);
        let mut batches = Vec::new();
        let mut from = if known { after } else { 0 };
        let everything = latest_everything(&mut snapshot).await?;
        let changes = length_of_changes(&mut snapshot, from).await?;
        let behind = match &everything {
            _ if from == position.number && known => false,
            None => !known,
            Some(header) => {
                let limit = TOO_FAR_BEHIND * header.length.cast_signed();
                !known || changes > limit.max(ALWAYS_FOLLOWED)
            }
        };
        drop(snapshot);
        if behind && position.number > 0 {
            let header = self.everything(everything, keys, now).await?;
            from = header.number;
            batches.push(header);
        }
        let headers: Vec<String> = sqlx::query_scalar(
            "SELECT header FROM batches WHERE kind = 'changes' AND number > $1 AND number <= $2
             ORDER BY number LIMIT $3",
        )
        .bind(from.cast_signed())
        .bind(position.number.cast_signed())
        .bind(MOST_HEADERS)
        .fetch_all(&self.read)
        .await?;
        for header in headers {
            batches.push(parse_header(&header)?);
        }
        let head = feed::head(position, keys, now).map_err(|_| damaged("signing key"))?;
        Ok(FeedAnswer { head, batches })
    }

    /// The batch of everything, made now unless the one there is still spares more than it costs.
    async fn everything(
        &self,
        latest: Option<BatchHeader>,
        keys: &PlatformKeyPairs,
        now: Timestamp,
    ) -> Result<BatchHeader, sqlx::Error> {
        let mut change = self.change().await?;
        hold(&mut change).await?;
        let position = position(&mut change).await?;
        if let Some(header) = latest {
            let since = length_of_changes(&mut change, header.number).await?;
            if since * TOO_FAR_BEHIND <= header.length.cast_signed() {
                return Ok(header);
            }
        }
        let rows = all_rows(&mut change).await?;
        let batch = feed::everything(&position, &rows, keys, now)
            .map_err(|_| damaged("batch of everything"))?;
        keep(&mut change, &batch).await?;
        forget_old(&mut change).await?;
        change.commit().await?;
        Ok(batch.header)
    }

    /// A file by its digest.
    pub async fn blob(&self, digest: &str) -> Result<Option<Vec<u8>>, sqlx::Error> {
        sqlx::query_scalar("SELECT content FROM blobs WHERE digest = $1")
            .bind(digest)
            .fetch_optional(&self.read)
            .await
    }
}

/// Takes the feed for this change alone: batches follow one another.
pub(super) async fn hold(change: &mut Change) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE feed SET number = number WHERE id = 1")
        .execute(&mut **change)
        .await?;
    Ok(())
}

async fn position(change: &mut Change) -> Result<Position, sqlx::Error> {
    let row = sqlx::query("SELECT name, number, chain FROM feed WHERE id = 1")
        .fetch_one(&mut **change)
        .await?;
    Ok(Position {
        feed: FeedId(row.try_get("name")?),
        number: row.try_get::<i64, _>("number")? as u64,
        chain: ContentDigest(row.try_get("chain")?),
    })
}

async fn move_to(change: &mut Change, position: &Position) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE feed SET name = $1, number = $2, chain = $3 WHERE id = 1")
        .bind(position.feed.as_str())
        .bind(position.number.cast_signed())
        .bind(position.chain.as_str())
        .execute(&mut **change)
        .await?;
    Ok(())
}

/// Seals `rows` as the next batch and moves the feed on.
pub(super) async fn append(
    change: &mut Change,
    rows: &[FeedRow],
    keys: &PlatformKeyPairs,
    now: Timestamp,
) -> Result<u64, sqlx::Error> {
    let before = position(change).await?;
    let batch = feed::changes(&before, rows, keys, now).map_err(|_| damaged("batch"))?;
    keep(change, &batch).await?;
    move_to(change, &batch.after).await?;
    Ok(batch.after.number)
}

/// The number of the last batch, within a change.
pub(super) async fn number(change: &mut Change) -> Result<u64, sqlx::Error> {
    Ok(position(change).await?.number)
}

async fn keep(change: &mut Change, batch: &Batch) -> Result<(), sqlx::Error> {
    let header = &batch.header;
    keep_blob(change, &header.payload, &batch.payload).await?;
    sqlx::query(
        "INSERT INTO batches (number, kind, header, payload, length) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (number, kind) DO UPDATE
         SET header = excluded.header, payload = excluded.payload, length = excluded.length",
    )
    .bind(header.number.cast_signed())
    .bind(header.kind.as_str())
    .bind(serde_json::to_string(header).map_err(|_| damaged("header"))?)
    .bind(header.payload.as_str())
    .bind(header.length.cast_signed())
    .execute(&mut **change)
    .await?;
    Ok(())
}

/// Keeps a file; one that is there already is the same.
pub(super) async fn keep_blob(
    change: &mut Change,
    digest: &ContentDigest,
    content: &[u8],
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO blobs (digest, content) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(digest.as_str())
        .bind(content)
        .execute(&mut **change)
        .await?;
    Ok(())
}

/// Keeps the last two batches of everything: somebody may be in the middle of the one before.
async fn forget_old(change: &mut Change) -> Result<(), sqlx::Error> {
    let old: Vec<String> = sqlx::query_scalar(
        "SELECT payload FROM batches WHERE kind = 'everything' ORDER BY number DESC LIMIT $1 OFFSET 2",
    )
    .bind(i64::MAX)
    .fetch_all(&mut **change)
    .await?;
    for payload in old {
        sqlx::query("DELETE FROM batches WHERE kind = 'everything' AND payload = $1")
            .bind(&payload)
            .execute(&mut **change)
            .await?;
        sqlx::query(
            "DELETE FROM blobs WHERE digest = $1
             AND NOT EXISTS (SELECT 1 FROM batches WHERE payload = $1)",
        )
        .bind(&payload)
        .execute(&mut **change)
        .await?;
    }
    Ok(())
}

async fn latest_everything(change: &mut Change) -> Result<Option<BatchHeader>, sqlx::Error> {
    let header: Option<String> = sqlx::query_scalar(
        "SELECT header FROM batches WHERE kind = 'everything' ORDER BY number DESC LIMIT 1",
    )
    .fetch_optional(&mut **change)
    .await?;
    header.map(|header| parse_header(&header)).transpose()
}

async fn length_of_changes(change: &mut Change, after: u64) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT CAST(COALESCE(SUM(length), 0) AS BIGINT) FROM batches WHERE kind = 'changes' AND number > $1",
    )
    .bind(after.cast_signed())
    .fetch_one(&mut **change)
    .await
}

/// Everything that is published now, as rows.
async fn all_rows(change: &mut Change) -> Result<Vec<FeedRow>, sqlx::Error> {
    let documents = sqlx::query("SELECT kind, id, content FROM documents ORDER BY kind, id")
        .fetch_all(&mut **change)
        .await?;
    let guides = sqlx::query(
        "SELECT g.id, v.content FROM guides g
         JOIN guide_versions v ON v.guide = g.id AND v.version = g.version
         WHERE g.withdrawn_at IS NULL ORDER BY g.id",
    )
    .fetch_all(&mut **change)
    .await?;
    let mut rows = Vec::with_capacity(documents.len() + guides.len());
    for row in documents {
        rows.push(insertion(
            row.try_get("kind")?,
            row.try_get("id")?,
            row.try_get("content")?,
        )?);
    }
    for row in guides {
        rows.push(insertion(
            GUIDE_KIND.to_owned(),
            row.try_get("id")?,
            row.try_get("content")?,
        )?);
    }
    Ok(rows)
}

fn insertion(kind: String, id: String, content: String) -> Result<FeedRow, sqlx::Error> {
    Ok(FeedRow {
        op: Operation::Insert,
        kind,
        id,
        content: Some(serde_json::from_str(&content).map_err(|_| damaged("content"))?),
    })
}

fn parse_header(text: &str) -> Result<BatchHeader, sqlx::Error> {
    serde_json::from_str(text).map_err(|_| damaged("header"))
}

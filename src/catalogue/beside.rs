//! What stands beside the guides: laws, notices, theme services and the like, and where the feed was left.

use std::collections::BTreeMap;
use std::sync::Arc;

use jinban_api::documents::Document;
use serde_json::Value;
use sqlx::sqlite::SqliteConnection;

use super::feed::Position;

/// A document's kind and its identifier among its kind.
pub type DocumentKey = (String, String);

/// A document that is new, changed, or gone.
#[derive(Clone, Debug, PartialEq)]
pub struct DocumentChange {
    /// Which one.
    pub key: DocumentKey,
    /// What it is now; nothing when it is gone.
    pub content: Option<Value>,
}

/// Documents as they came, also those of kinds that are not known here.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Beside {
    documents: BTreeMap<DocumentKey, Arc<Value>>,
    position: Option<Position>,
}

impl Beside {
    pub(super) fn of(documents: impl IntoIterator<Item = (DocumentKey, Value)>) -> Self {
        let documents = documents.into_iter();
        Self {
            documents: documents
                .map(|(key, value)| (key, Arc::new(value)))
                .collect(),
            position: None,
        }
    }

    /// Where the feed was left; nothing before the first sync.
    pub(super) fn position(&self) -> Option<&Position> {
        self.position.as_ref()
    }

    /// The same after `changes`, at `position` when it moved.
    pub(super) fn after(&self, changes: Vec<DocumentChange>, position: Option<Position>) -> Self {
        let mut after = self.clone();
        for change in changes {
            match change.content {
                Some(content) => after.documents.insert(change.key, Arc::new(content)),
                None => after.documents.remove(&change.key),
            };
        }
        after.position = position.or(after.position);
        after
    }

    /// Every document as it came.
    pub fn iter(&self) -> impl Iterator<Item = (&DocumentKey, &Value)> {
        self.documents
            .iter()
            .map(|(key, content)| (key, &**content))
    }

    /// Documents of one kind that are `wanted`; one that this program cannot read is left out, and kept.
    pub(super) fn all<T: Document>(&self, wanted: impl Fn(&Value) -> bool) -> Vec<T> {
        self.documents
            .iter()
            .filter(|((kind, _), content)| kind == T::KIND && wanted(content))
            .filter_map(|(_, content)| T::deserialize(&**content).ok())
            .collect()
    }
}

/// Writes what differs between `before` and `after`; without `before`, everything.
pub(super) async fn write(
    connection: &mut SqliteConnection,
    after: &Beside,
    before: Option<&Beside>,
) -> Result<(), sqlx::Error> {
    if let Some(before) = before {
        for (kind, id) in before.documents.keys() {
            if !after.documents.contains_key(&(kind.clone(), id.clone())) {
                sqlx::query("DELETE FROM documents WHERE kind = ? AND id = ?")
                    .bind(kind)
                    .bind(id)
                    .execute(&mut *connection)
                    .await?;
            }
        }
    } else {
        sqlx::query("DELETE FROM documents")
            .execute(&mut *connection)
            .await?;
    }
    for (key, content) in &after.documents {
        let same = before.and_then(|before| before.documents.get(key));
        if same.is_some_and(|same| Arc::ptr_eq(same, content)) {
            continue;
        }
        sqlx::query(
            "INSERT INTO documents (kind, id, json) VALUES (?, ?, ?)
             ON CONFLICT (kind, id) DO UPDATE SET json = excluded.json",
        )
        .bind(&key.0)
        .bind(&key.1)
        .bind(content.to_string())
        .execute(&mut *connection)
        .await?;
    }
    let Some(position) = &after.position else {
        return Ok(());
    };
    sqlx::query(
        "INSERT INTO feed (only, feed, number, chain, said_at) VALUES (1, ?, ?, ?, ?)
         ON CONFLICT (only) DO UPDATE SET feed = excluded.feed, number = excluded.number,
            chain = excluded.chain, said_at = excluded.said_at",
    )
    .bind(position.feed.as_str())
    .bind(i64::try_from(position.number).unwrap_or(i64::MAX))
    .bind(position.chain.as_str())
    .bind(position.said_at.to_string())
    .execute(connection)
    .await?;
    Ok(())
}

/// What was written. A document that is damaged is one that the next complete batch brings again.
pub(super) async fn read(connection: &mut SqliteConnection) -> Result<Beside, sqlx::Error> {
    let rows: Vec<(String, String, String)> =
        sqlx::query_as("SELECT kind, id, json FROM documents")
            .fetch_all(&mut *connection)
            .await?;
    let documents = rows.into_iter().filter_map(|(kind, id, json)| {
        let content = serde_json::from_str(&json).ok()?;
        Some(((kind, id), content))
    });
    let mut beside = Beside::of(documents);
    let row: Option<(String, i64, String, String)> =
        sqlx::query_as("SELECT feed, number, chain, said_at FROM feed")
            .fetch_optional(connection)
            .await?;
    beside.position = row.and_then(|(feed, number, chain, said_at)| {
        Some(Position {
            feed: feed.into(),
            number: u64::try_from(number).ok()?,
            chain: chain.into(),
            said_at: said_at.parse().ok()?,
        })
    });
    Ok(beside)
}

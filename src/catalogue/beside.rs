//! What stands beside the guides: laws, notices, theme services and the like, and where the feed was left.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use jinban_api::documents::{Document, RegionList};
use serde_json::Value;
use sqlx::sqlite::SqliteConnection;

use super::feed::Position;
use super::regions::Regions;

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
#[derive(Clone, Debug, Default)]
pub(super) struct Beside {
    /// As JSON, which takes a tenth of the memory of its values: a county has hundreds of villages.
    documents: BTreeMap<DocumentKey, Arc<str>>,
    position: Option<Position>,
    /// Worked out from the documents when it is first asked for.
    regions: OnceLock<Arc<Regions>>,
}

impl Beside {
    pub(super) fn of(documents: impl IntoIterator<Item = (DocumentKey, Arc<str>)>) -> Self {
        Self {
            documents: documents.into_iter().collect(),
            ..Self::default()
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
            if change.key.0 == RegionList::KIND {
                after.regions = OnceLock::new();
            }
            match change.content {
                Some(content) => {
                    let content = content.to_string().into();
                    after.documents.insert(change.key, content)
                }
                None => after.documents.remove(&change.key),
            };
        }
        after.position = position.or(after.position);
        after
    }

    /// Documents of one kind; one that this program cannot read is left out, and kept.
    pub(super) fn all<T: Document>(&self) -> Vec<T> {
        self.some(|_| true)
    }

    /// Documents of one kind that name `id` somewhere.
    pub(super) fn naming<T: Document>(&self, id: &str) -> Vec<T> {
        let quoted = Value::from(id).to_string();
        self.some(|content| content.contains(&quoted))
    }

    fn some<T: Document>(&self, wanted: impl Fn(&str) -> bool) -> Vec<T> {
        let first = (T::KIND.to_owned(), String::new());
        self.documents
            .range(first..)
            .take_while(|((kind, _), _)| kind == T::KIND)
            .filter(|(_, content)| wanted(content))
            .filter_map(|(_, content)| serde_json::from_str(content).ok())
            .collect()
    }

    /// The divisions as the platform has them, or else as they are known here.
    pub(super) fn regions(&self) -> &Arc<Regions> {
        self.regions
            .get_or_init(|| Arc::new(Regions::of(&self.all::<RegionList>())))
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
        .bind(&**content)
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
    let documents = rows.into_iter();
    let mut beside = Beside::of(documents.map(|(kind, id, json)| ((kind, id), json.into())));
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

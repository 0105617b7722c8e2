//! What the platform keeps: one database, and the sealed pages as files beside it.
//!
//! Statements are the common part of what SQLite and PostgreSQL understand. Only this file tells the two apart.
//! On SQLite all changes queue up behind one writer; on PostgreSQL they run side by side, also those of other
//! processes. So a change never trusts what it read before it wrote: it writes only where what it read still
//! holds, or takes a row that all changes of its kind begin with.

pub mod cases;
pub mod catalogue;
pub mod feed;
pub mod pages;
pub mod progress;
pub mod publish;
pub mod ratings;
pub mod terminals;
mod url;

use std::time::Duration;

use sqlx::any::{AnyPoolOptions, install_default_drivers};
use sqlx::{Any, AnyConnection, AnyPool, Executor, Transaction};

pub use url::{DatabaseUrl, Engine, NotADatabase};

/// A change of the database that is still open.
pub type Change = Transaction<'static, Any>;

/// How long a request waits for its turn before the platform says that it is busy.
const PATIENCE: Duration = Duration::from_secs(10);
/// Connections of one process to a file, beside the one that writes.
const READERS: u32 = 4;
/// Connections of one process to a server; by default, one takes a hundred from all processes together.
const CONNECTIONS: u32 = 12;

/// `BLOB` is called otherwise in PostgreSQL. Whoever starts at the same time may be faster.
const BLOB_FOR_POSTGRES: &str = "DO $$ BEGIN CREATE DOMAIN blob AS bytea;
     EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$";

/// The database.
#[derive(Clone, Debug)]
pub struct Database {
    write: AnyPool,
    read: AnyPool,
    engine: Engine,
}

impl Database {
    /// Opens the database and brings its tables up to date.
    pub async fn open(url: &DatabaseUrl) -> Result<Self, sqlx::Error> {
        install_default_drivers();
        let engine = url.engine();
        let pool = |connections| {
            AnyPoolOptions::new()
                .max_connections(connections)
                .acquire_timeout(PATIENCE)
                .after_connect(move |connection, _| Box::pin(prepare(connection, engine)))
                .connect(url.as_str())
        };
        let (write, read) = match engine {
            // One connection writes, so that changes queue up instead of failing one another.
            Engine::Sqlite => (pool(1).await?, pool(READERS).await?),
            Engine::Postgres => {
                let pool = pool(CONNECTIONS).await?;
                pool.execute(BLOB_FOR_POSTGRES).await?;
                (pool.clone(), pool)
            }
        };
        sqlx::migrate!().run(&write).await?;
        let database = Self {
            write,
            read,
            engine,
        };
        database.begin_feed().await?;
        Ok(database)
    }

    /// Begins a change. SQLite gives the right to write at once: a change that first reads must not find out
    /// later that another process has written meanwhile.
    async fn change(&self) -> Result<Change, sqlx::Error> {
        match self.engine {
            Engine::Sqlite => self.write.begin_with("BEGIN IMMEDIATE").await,
            Engine::Postgres => self.write.begin().await,
        }
    }

    /// Begins reading several things as they were at one moment.
    async fn snapshot(&self) -> Result<Change, sqlx::Error> {
        match self.engine {
            Engine::Sqlite => self.read.begin().await,
            Engine::Postgres => {
                let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
                self.read.begin_with(begin).await
            }
        }
    }

    /// True when the database answers.
    pub async fn answers(&self) -> bool {
        sqlx::query("SELECT 1").execute(&self.read).await.is_ok()
    }

    /// Closes every connection; what was written before is kept.
    pub async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
    }
}

/// Sets a new connection up: a change that is committed survives a power cut, and whoever waits gives up in time.
async fn prepare(connection: &mut AnyConnection, engine: Engine) -> Result<(), sqlx::Error> {
    let patience = PATIENCE.as_millis();
    let settings = match engine {
        Engine::Sqlite => format!(
            "PRAGMA busy_timeout = {patience}; PRAGMA journal_mode = WAL;
             PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON"
        ),
        Engine::Postgres => format!("SET lock_timeout = {patience}; SET synchronous_commit = on"),
    };
    connection
        .execute(sqlx::AssertSqlSafe(settings))
        .await
        .map(|_| ())
}

/// A column that this program wrote and now cannot read.
fn damaged(what: &'static str) -> sqlx::Error {
    sqlx::Error::Decode(what.into())
}

//! Where the database is, as one address.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

/// Address of a database: `postgres://USER@HOST/NAME` or `sqlite:FILE`.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl {
    text: String,
    engine: Engine,
}

/// Which program keeps the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// A file on this machine: one process writes, several may read.
    Sqlite,
    /// A server that any number of processes share.
    Postgres,
}

/// The text is not the address of a database that this program knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a database is named postgres://USER@HOST/NAME or sqlite:FILE")]
pub struct NotADatabase;

impl DatabaseUrl {
    /// The SQLite database in the file at `path`, made when it is not there.
    pub fn file(path: &Path) -> Result<Self, NotADatabase> {
        let path = path.to_str().filter(|path| !path.is_empty());
        // These three would end the path.
        let path = path.ok_or(NotADatabase)?;
        let path = path.replace('%', "%25");
        let path = path.replace('?', "%3f").replace('#', "%23");
        Ok(Self {
            text: format!("sqlite:{path}?mode=rwc"),
            engine: Engine::Sqlite,
        })
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    pub(super) fn engine(&self) -> Engine {
        self.engine
    }
}

impl FromStr for DatabaseUrl {
    type Err = NotADatabase;

    fn from_str(text: &str) -> Result<Self, NotADatabase> {
        match text.split_once(':').ok_or(NotADatabase)? {
            ("postgres" | "postgresql", rest) if rest.starts_with("//") => Ok(Self {
                text: text.to_owned(),
                engine: Engine::Postgres,
            }),
            // A file in memory would be another one for every connection.
            ("sqlite", path) if !path.contains(['?', '#', ':']) => {
                Self::file(Path::new(path.strip_prefix("//").unwrap_or(path)))
            }
            _ => Err(NotADatabase),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    /// The address may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({:?})", self.engine)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    #[test]
    fn both_kinds_of_database_are_known_by_their_addresses() {
        let engine = |text: &str| text.parse::<DatabaseUrl>().map(|url| url.engine());
        assert_eq!(engine("postgres://a@h/n"), Ok(Engine::Postgres));
        assert_eq!(engine("postgresql://a@h/n"), Ok(Engine::Postgres));
        for file in ["sqlite:a.sqlite", "sqlite:/a/b", "sqlite:///a/b"] {
            assert_eq!(engine(file), Ok(Engine::Sqlite), "{file}");
        }
        for other in [
            "",
            "a.sqlite",
            "mysql://h/n",
            "postgres:n",
            "sqlite:",
            "sqlite::memory:",
            "sqlite:a?mode=ro",
        ] {
            assert_eq!(engine(other), Err(NotADatabase), "{other}");
        }
    }

    #[test]
    fn what_is_printed_of_an_address_holds_no_password() {
        let url: DatabaseUrl = "postgres://jinban:geheim@localhost/jinban".parse().unwrap();
        assert!(!format!("{url:?}").contains("geheim"));
    }
}

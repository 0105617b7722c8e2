//! The platform itself: what the requests and the command line both work on.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jinban_api::catalogue::FeedAnswer;
use jinban_api::documents::{CalendarYear, Document};
use jinban_api::ids::{AreaCode, FeedId, TerminalId};
use jinban_api::keys::PlatformKeys;

use crate::calendar::Calendar;
use crate::catalogue_folder::CatalogueFolder;
use crate::config::{PlatformConfig, StartError};
use crate::crypto::{NotSm2, PlatformKeyPairs, TerminalKey};
use crate::import::{self, Imported};
use crate::intake::Forms;
use crate::items::ItemFile;
use crate::metrics::Metrics;
use crate::query_code::GuessGuard;
use crate::server::{self, Running};
use crate::store::pages::PageStore;
use crate::store::publish::{Extent, Offer, OfferedDocument, Published};
use crate::store::terminals::{EnrolError, Enrolled};
use crate::store::{Database, DatabaseUrl};

/// A page that no case has named for so long is forgotten; a terminal that still wants it sends it again.
const UNCLAIMED_PAGES_KEPT: Duration = Duration::from_hours(30 * 24);

/// The platform. Cloning shares it.
#[derive(Clone, Debug)]
pub struct Platform {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    database: Database,
    pages: PageStore,
    keys: PlatformKeyPairs,
    calendar: Calendar,
    forms: Forms,
    guesses: GuessGuard,
    metrics: Metrics,
}

/// Why a terminal is not enrolled.
#[derive(Debug, thiserror::Error)]
pub enum EnrolmentError {
    /// The area is not a division code of 6 or 12 digits.
    #[error("the area must have 6 or 12 digits")]
    Area,
    /// The terminal has no name.
    #[error("the terminal needs an id of 1 to 64 characters")]
    TerminalId,
    /// The key is not one.
    #[error(transparent)]
    Key(#[from] NotSm2),
    /// It cannot be kept.
    #[error(transparent)]
    Store(#[from] EnrolError),
}

impl Platform {
    /// Opens what is kept in the data folder, making it when it is not there. Nothing is listened on.
    pub async fn open(config: &PlatformConfig) -> Result<Self, StartError> {
        let dir = &config.data_dir;
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |source| StartError::File { path, source }
        };
        // What citizens handed in is in there.
        let private = tokio::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(dir)
            .await;
        private.map_err(failed(dir))?;
        let pages = match &config.bucket {
            Some(bucket) => PageStore::in_bucket(bucket)?,
            None => {
                let pages = dir.join("pages");
                let made = tokio::fs::create_dir_all(&pages).await;
                made.map_err(failed(&pages))?;
                PageStore::in_folder(&pages)?
            }
        };
        let calendar = match &config.calendar {
            None => Calendar::shipped()?,
            Some(path) => {
                let text = tokio::fs::read_to_string(path).await;
                Calendar::from_toml(&text.map_err(failed(path))?)?
            }
        };
        let database = match &config.database {
            Some(url) => url.clone(),
            None => DatabaseUrl::file(&dir.join("platform.sqlite"))?,
        };
        Ok(Self {
            inner: Arc::new(Inner {
                database: Database::open(&database).await?,
                pages,
                keys: PlatformKeyPairs::open(&dir.join("keys"))?,
                calendar,
                forms: Forms::default(),
                guesses: GuessGuard::default(),
                metrics: Metrics::default(),
            }),
        })
    }

    /// Opens, publishes the catalogue if there is one to publish, and listens.
    pub async fn start(config: PlatformConfig) -> Result<Running, StartError> {
        let platform = Self::open(&config).await?;
        if let Some(dir) = &config.catalogue {
            let published = platform.publish(&CatalogueFolder::read(dir)?).await?;
            for (guide, problem) in &published.refused {
                tracing::warn!(%guide, %problem, "guide left as it was published before");
            }
            tracing::info!(
                revision = published.revision,
                changed = published.changed.len(),
                withdrawn = published.withdrawn.len(),
                "catalogue published"
            );
        }
        server::listen(platform, config.listen).await
    }

    /// Enrols a terminal by its SM2 public key in PEM. `area` is the division it stands in, 6 or 12 digits.
    /// Doing it again changes the place or adds a key. Answers the id of the key.
    pub async fn enrol(
        &self,
        terminal: &TerminalId,
        area: &AreaCode,
        place: &str,
        public_key_pem: &str,
    ) -> Result<String, EnrolmentError> {
        let digits = area.as_str().bytes().all(|byte| byte.is_ascii_digit());
        if !digits || !matches!(area.as_str().len(), 6 | 12) {
            return Err(EnrolmentError::Area);
        }
        if !(1..=64).contains(&terminal.as_str().chars().count()) {
            return Err(EnrolmentError::TerminalId);
        }
        let key = TerminalKey::from_pem(public_key_pem)?;
        let enrolled = Enrolled {
            terminal: terminal.clone(),
            area: area.clone(),
            place: place.to_owned(),
        };
        self.inner
            .database
            .enrol(&enrolled, key.id(), public_key_pem, Timestamp::now())
            .await?;
        Ok(key.id().to_owned())
    }

    /// Publishes a whole catalogue, with the calendar that this platform reckons by.
    pub async fn publish(&self, folder: &CatalogueFolder) -> Result<Published, sqlx::Error> {
        let mut documents = folder.offered_documents();
        documents.extend(self.calendar().years().filter_map(|year| {
            Some(OfferedDocument {
                kind: CalendarYear::KIND.to_owned(),
                id: year.id(),
                content: serde_json::to_value(year).ok()?,
            })
        }));
        let offer = Offer {
            guides: &folder.guides,
            documents: &documents,
            attachments: &folder.attachments,
            extent: Extent::Whole,
        };
        self.inner
            .database
            .publish(offer, &self.inner.keys, Timestamp::now())
            .await
    }

    /// Publishes what a file of items tells, and leaves everything else as it is.
    pub async fn import(&self, file: &ItemFile) -> Result<Imported, sqlx::Error> {
        let database = &self.inner.database;
        let mut resolved = import::resolve(file, database.current_guides().await?);
        let offer = Offer {
            guides: &resolved.guides,
            documents: &[],
            attachments: &[],
            extent: Extent::Part,
        };
        let published = database
            .publish(offer, &self.inner.keys, Timestamp::now())
            .await?;
        Ok(resolved.outcome(published))
    }

    /// What leads on from batch `after` of `feed`.
    pub async fn follow(&self, feed: &FeedId, after: u64) -> Result<FeedAnswer, sqlx::Error> {
        self.inner
            .database
            .follow(feed, after, &self.inner.keys, Timestamp::now())
            .await
    }

    /// The platform's public keys.
    pub fn public_keys(&self) -> &PlatformKeys {
        self.inner.keys.published()
    }

    /// Both public keys in one PEM text: what a terminal is set up with.
    pub fn public_keys_pem(&self) -> String {
        self.inner.keys.public_pem()
    }

    /// The database.
    pub fn database(&self) -> &Database {
        &self.inner.database
    }

    /// Forgets pages that no case has named for a month; answers how many.
    pub async fn forget_unclaimed_pages(&self) -> Result<usize, StartError> {
        let mut forgotten = 0;
        for name in self.inner.pages.older_than(UNCLAIMED_PAGES_KEPT).await? {
            let digest = name.digest();
            if !self.inner.database.is_page_named(digest.as_str()).await? {
                self.inner.pages.forget(&name).await?;
                forgotten += 1;
            }
        }
        Ok(forgotten)
    }

    pub(crate) fn pages(&self) -> &PageStore {
        &self.inner.pages
    }

    pub(crate) fn keys(&self) -> &PlatformKeyPairs {
        &self.inner.keys
    }

    pub(crate) fn calendar(&self) -> &Calendar {
        &self.inner.calendar
    }

    pub(crate) fn forms(&self) -> &Forms {
        &self.inner.forms
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.inner.metrics
    }

    pub(crate) fn guesses(&self) -> &GuessGuard {
        &self.inner.guesses
    }
}

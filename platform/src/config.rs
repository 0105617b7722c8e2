//! How a platform is set up, and why it does not start.

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::calendar::CalendarError;
use crate::catalogue_folder::FolderError;
use crate::crypto::KeyFileError;
use crate::store::pages::{Bucket, StorageError};
use crate::store::{DatabaseUrl, NotADatabase};

/// How a platform is set up.
#[derive(Clone, Debug)]
pub struct PlatformConfig {
    /// Folder for the keys, and for database and pages unless they are elsewhere; made when it is not there.
    pub data_dir: PathBuf,
    /// The database; none means `platform.sqlite` in the data folder.
    pub database: Option<DatabaseUrl>,
    /// Bucket for the pages; none means `pages` in the data folder.
    pub bucket: Option<Bucket>,
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Folder of guides to publish at the start.
    pub catalogue: Option<PathBuf>,
    /// Calendar of working days in place of the shipped one.
    pub calendar: Option<PathBuf>,
}

impl PlatformConfig {
    /// Everything in `data_dir`, listening on a free port of this machine only, with nothing to publish.
    pub fn local(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            data_dir: data_dir.into(),
            database: None,
            bucket: None,
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            catalogue: None,
            calendar: None,
        }
    }
}

/// Why a platform does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A folder or file cannot be used.
    #[error("{}: {source}", path.display())]
    File {
        /// Which one.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The database cannot be opened.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// The storage of pages cannot be used.
    #[error("pages: {0}")]
    Pages(#[from] StorageError),
    /// The data folder cannot be named in the address of a database.
    #[error(transparent)]
    Address(#[from] NotADatabase),
    /// The keys cannot be opened.
    #[error(transparent)]
    Keys(#[from] KeyFileError),
    /// The calendar cannot be used.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    /// The catalogue to publish cannot be read.
    #[error("catalogue: {0}")]
    Catalogue(#[from] FolderError),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// Which address.
        address: SocketAddr,
        /// What the operating system said.
        source: std::io::Error,
    },
}

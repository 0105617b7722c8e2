//! The reference central platform: it publishes the catalogue, takes cases in exactly once, and says how they
//! go on. Embedded by demonstrations, and a program of its own (`jinban-platform`).
//!
//! With the terminal it shares the wire types of `jinban-api` and nothing else.

pub mod calendar;
mod catalogue_folder;
pub mod check;
mod config;
mod crypto;
mod export;
mod feed;
mod http;
mod import;
mod intake;
pub mod items;
mod metrics;
mod platform;
mod query_code;
mod refusal;
pub mod schema;
mod server;
pub mod state;
mod store;

pub use catalogue_folder::{CatalogueFolder, FolderError, RegionProblem};
pub use config::{PlatformConfig, StartError};
pub use crypto::{KeyFileError, NotSm2};
pub use export::{ExportError, Exported};
pub use http::{openapi, router};
pub use import::{ImportLine, Imported};
pub use platform::{EnrolmentError, Platform};
pub use server::Running;
pub use store::pages::{Bucket, NotABucket, StorageError};
pub use store::progress::{AdvanceError, CaseLine};
pub use store::publish::{OfferedDocument, Published, VersionProblem};
pub use store::terminals::{EnrolError, Enrolled};
pub use store::{Database, DatabaseUrl, Engine, NotADatabase};

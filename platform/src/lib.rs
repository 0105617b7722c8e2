//! The reference central platform: it publishes the catalogue, takes cases in exactly once, and says how they
//! go on. Embedded by demonstrations, and a program of its own (`jinban-platform`).
//!
//! With the terminal it shares the wire types of `jinban-api` and nothing else.

pub mod calendar;
mod catalogue_folder;
mod config;
mod crypto;
mod http;
mod intake;
mod platform;
mod query_code;
mod refusal;
mod server;
pub mod state;
mod store;

pub use catalogue_folder::{CatalogueFolder, FolderError};
pub use config::{PlatformConfig, StartError};
pub use crypto::{KeyFileError, NotSm2};
pub use http::{openapi, router};
pub use platform::{EnrolmentError, Platform};
pub use server::Running;
pub use store::Database;
pub use store::catalogue::{Published, VersionProblem};
pub use store::progress::{AdvanceError, CaseLine};
pub use store::terminals::{EnrolError, Enrolled};

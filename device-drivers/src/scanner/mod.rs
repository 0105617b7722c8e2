//! Document scanners, through SANE's `scanimage` as a child process.
//!
//! A child, because vendors' SANE drivers crash and hang: theirs must not be our end. Pages go
//! through a pipe and never touch the disk.

mod args;
mod child;
mod error;
mod handle;

pub use args::{ScanMode, ScannerConfig};
pub use error::{ScanError, ScanErrorKind};
pub use handle::{FoundScanner, ScannedPage, Scanner, list};

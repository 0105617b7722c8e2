//! Client of the central platform: what is asked of it, with deadlines, and what its answers are worth.

mod answer;
mod client;
mod reachability;

use std::time::Duration;

use jinban_api::ids::TerminalId;
use jinban_api::problem::Problem;

pub use client::{PlatformClient, RatingAnswer};
pub use reachability::Reachability;

use crate::vault::PlatformKeyset;

/// Where the platform is, who we are there, and how long we wait.
#[derive(Clone, Debug)]
pub struct PlatformConfig {
    /// Base address, `https://…`; `http` only to this very machine.
    pub url: String,
    /// This terminal.
    pub terminal: TerminalId,
    /// The platform's keys that this terminal was set up with.
    pub keys: PlatformKeyset,
    /// For a connection.
    pub connect_timeout: Duration,
    /// For a whole small exchange; large bodies get more in proportion.
    pub request_timeout: Duration,
    /// Between two looks at the platform while it answers.
    pub poll_every: Duration,
    /// Longest pause between two looks while it does not.
    pub poll_cap: Duration,
}

impl PlatformConfig {
    /// The shipped figures.
    pub fn new(url: impl Into<String>, terminal: TerminalId, keys: PlatformKeyset) -> Self {
        Self {
            url: url.into(),
            terminal,
            keys,
            connect_timeout: Duration::from_secs(3),
            request_timeout: Duration::from_secs(15),
            poll_every: Duration::from_secs(5),
            poll_cap: Duration::from_secs(30),
        }
    }
}

/// The configured address cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlatformConfigError {
    /// Not an address at all.
    #[error("{0} is not an address")]
    NotAnAddress(String),
    /// Unencrypted, and not on this machine.
    #[error("{0} is not encrypted and leads off this machine")]
    Unencrypted(String),
    /// The TLS library cannot be set up.
    #[error("secure connections cannot be set up: {0}")]
    Tls(String),
}

/// What came of asking the platform.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlatformError {
    /// No connection, or it broke.
    #[error("the platform cannot be reached")]
    Unreachable,
    /// It did not answer in time.
    #[error("the platform did not answer in time")]
    Slow,
    /// It answered, and said no.
    #[error("the platform refused: {}", .0.title)]
    Refused(Problem),
    /// Something answered that is not the platform, or not as agreed.
    #[error("an answer that is not the platform's (status {status})")]
    Nonsense {
        /// HTTP status of the answer.
        status: u16,
    },
}

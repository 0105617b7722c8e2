//! The platform's feed: what is believed of it, and what it makes of the guides. Nothing here does I/O.

mod check;
mod doubt;
#[cfg(test)]
mod tests;
mod unpack;

use jiff::Timestamp;
use jinban_api::ids::{ContentDigest, FeedId};

pub(super) use check::{check_head, check_header};
pub use doubt::FeedDoubt;
pub(super) use unpack::unpack;

/// Where in a feed this terminal stands: all it must remember to notice that something is missing, repeated or
/// altered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// Which feed.
    pub feed: FeedId,
    /// The last batch that was applied.
    pub number: u64,
    /// Chain digest after it.
    pub chain: ContentDigest,
    /// When the platform last said where its feed is: an answer from before that is an old one.
    pub said_at: Timestamp,
}

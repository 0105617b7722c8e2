//! Making batches: rows become a payload, a payload gets a signed header, headers form a chain.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use jinban_api::catalogue::{BatchHeader, BatchKind, FeedHead, Row};
use jinban_api::ids::{ContentDigest, FeedId};

use crate::crypto::{PlatformKeyPairs, hex, sm3_of};

/// Where a feed is: its last batch and the digest of the chain so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// Which feed.
    pub feed: FeedId,
    /// Number of the last batch.
    pub number: u64,
    /// Chain digest after it.
    pub chain: ContentDigest,
}

impl Position {
    /// Before the first batch of `feed`, or where an older platform's revisions ended.
    pub fn beginning(feed: FeedId, number: u64) -> Self {
        let chain = digest(format!("jinban-feed-1\n{feed}").as_bytes());
        Self {
            feed,
            number,
            chain,
        }
    }
}

/// A batch that may be stored and sent.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Its signed header.
    pub header: BatchHeader,
    /// Its payload as it travels.
    pub payload: Vec<u8>,
    /// Where the feed is after it.
    pub after: Position,
}

/// No batch, because of something that has nothing to do with its content.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// The payload could not be packed.
    #[error("packing: {0}")]
    Pack(#[from] io::Error),
    /// There are no random numbers to sign with.
    #[error("the batch could not be signed")]
    Sign,
}

/// The batch of changes that follows `before`.
pub fn changes(
    before: &Position,
    rows: &[Row],
    keys: &PlatformKeyPairs,
    now: Timestamp,
) -> Result<Batch, FeedError> {
    let number = before.number + 1;
    batch(BatchKind::Changes, before, number, rows, keys, now)
}

/// The batch of everything that leads to `position`.
pub fn everything(
    position: &Position,
    rows: &[Row],
    keys: &PlatformKeyPairs,
    now: Timestamp,
) -> Result<Batch, FeedError> {
    let number = position.number;
    batch(BatchKind::Everything, position, number, rows, keys, now)
}

fn batch(
    kind: BatchKind,
    position: &Position,
    number: u64,
    rows: &[Row],
    keys: &PlatformKeyPairs,
    now: Timestamp,
) -> Result<Batch, FeedError> {
    let (payload, plain_length) = pack(rows)?;
    let mut header = BatchHeader {
        feed: position.feed.clone(),
        number,
        kind,
        previous: position.chain.clone(),
        payload: digest(&payload),
        length: payload.len() as u64,
        plain_length,
        issued_at: now,
        platform_key_id: keys.signing_key_id().to_owned(),
        signature: String::new(),
    };
    let signed = batch_text(&header);
    header.signature = keys.sign(signed.as_bytes()).ok_or(FeedError::Sign)?;
    let chain = match kind {
        BatchKind::Changes => digest(signed.as_bytes()),
        BatchKind::Everything => position.chain.clone(),
    };
    let after = Position {
        feed: position.feed.clone(),
        number,
        chain,
    };
    Ok(Batch {
        header,
        payload,
        after,
    })
}

/// Says where the feed is, as of `now`.
pub fn head(
    position: Position,
    keys: &PlatformKeyPairs,
    now: Timestamp,
) -> Result<FeedHead, FeedError> {
    let Position {
        feed,
        number,
        chain,
    } = position;
    let signed = format!("jinban-head-1\n{feed}\n{number}\n{chain}\n{now}");
    Ok(FeedHead {
        signature: keys.sign(signed.as_bytes()).ok_or(FeedError::Sign)?,
        feed,
        number,
        chain,
        issued_at: now,
        platform_key_id: keys.signing_key_id().to_owned(),
    })
}

fn batch_text(header: &BatchHeader) -> String {
    format!(
        "jinban-batch-1\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}",
        header.feed,
        header.number,
        header.kind.as_str(),
        header.previous,
        header.payload,
        header.length,
        header.plain_length,
        header.issued_at,
    )
}

/// The rows as gzip over JSON Lines, and how long they are unpacked.
fn pack(rows: &[Row]) -> io::Result<(Vec<u8>, u64)> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    let mut plain = 0;
    for row in rows {
        let mut line = serde_json::to_vec(row)?;
        line.push(b'\n');
        plain += line.len() as u64;
        packer.write_all(&line)?;
    }
    Ok((packer.finish()?, plain))
}

/// SM3 as the contract writes it.
pub fn digest(bytes: &[u8]) -> ContentDigest {
    ContentDigest(hex(&sm3_of(bytes)))
}

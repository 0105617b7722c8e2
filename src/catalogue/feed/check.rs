//! Is this the platform's word, is it new, and does it follow from what is held here?

use jiff::SignedDuration;
use jinban_api::catalogue::{BatchHeader, BatchKind, FeedHead};
use jinban_api::ids::ContentDigest;

use super::{FeedDoubt, Position};
use crate::vault::{PlatformKeyset, TextDoubt, sm3_hex};

/// A platform's clock may be set back by so much without its answers being taken for old ones.
const CLOCK_SETBACK: SignedDuration = SignedDuration::from_mins(10);

/// Checks where the platform says its feed is, against where this terminal left it.
pub(in crate::catalogue) fn check_head(
    keys: &PlatformKeyset,
    head: &FeedHead,
    ours: Option<&Position>,
) -> Result<(), FeedDoubt> {
    let text = format!(
        "jinban-head-1\n{}\n{}\n{}\n{}",
        head.feed, head.number, head.chain, head.issued_at
    );
    keys.verify_text(&head.platform_key_id, &text, &head.signature)
        .map_err(|doubt| wrong(doubt, 0))?;
    let Some(ours) = ours else { return Ok(()) };
    if head.issued_at + CLOCK_SETBACK < ours.said_at {
        return Err(FeedDoubt::Replayed {
            said_at: head.issued_at,
            held_at: ours.said_at,
        });
    }
    // The same feed only ever grows; a platform that was set up anew has another name for its feed.
    if head.feed == ours.feed && head.number < ours.number {
        return Err(FeedDoubt::OutOfOrder {
            expected: ours.number,
            number: head.number,
        });
    }
    Ok(())
}

/// Checks that `header` leads on from `held`, and says where it leads. `head` has been checked before.
pub(in crate::catalogue) fn check_header(
    keys: &PlatformKeyset,
    header: &BatchHeader,
    ours: Option<&Position>,
    head: &FeedHead,
) -> Result<Position, FeedDoubt> {
    let number = header.number;
    let text = format!(
        "jinban-batch-1\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}",
        header.feed,
        header.number,
        header.kind.as_str(),
        header.previous,
        header.payload,
        header.length,
        header.plain_length,
        header.issued_at,
    );
    keys.verify_text(&header.platform_key_id, &text, &header.signature)
        .map_err(|doubt| wrong(doubt, number))?;
    if header.feed != head.feed {
        return Err(FeedDoubt::OtherFeed { number });
    }
    let ours = ours.filter(|ours| ours.feed == header.feed);
    let chain = match (header.kind, ours) {
        // A complete batch may be older than the head, never older than what is held.
        (BatchKind::Everything, Some(ours)) if number < ours.number => {
            return Err(FeedDoubt::OutOfOrder {
                expected: ours.number,
                number,
            });
        }
        (BatchKind::Everything, _) => header.previous.clone(),
        (BatchKind::Changes, None) => {
            return Err(FeedDoubt::OutOfOrder {
                expected: 0,
                number,
            });
        }
        (BatchKind::Changes, Some(ours)) if number != ours.number + 1 => {
            return Err(FeedDoubt::OutOfOrder {
                expected: ours.number + 1,
                number,
            });
        }
        (BatchKind::Changes, Some(ours)) if header.previous != ours.chain => {
            return Err(FeedDoubt::BrokenChain { number });
        }
        (BatchKind::Changes, Some(_)) => ContentDigest(sm3_hex(text.as_bytes())),
    };
    if number > head.number || (number == head.number && chain != head.chain) {
        return Err(FeedDoubt::BrokenChain { number });
    }
    Ok(Position {
        feed: header.feed.clone(),
        number,
        chain,
        said_at: ours.map_or(head.issued_at, |ours| ours.said_at.max(head.issued_at)),
    })
}

fn wrong(doubt: TextDoubt, number: u64) -> FeedDoubt {
    match doubt {
        TextDoubt::UnknownKey => FeedDoubt::UnknownKey,
        TextDoubt::WrongSignature => FeedDoubt::WrongSignature { number },
    }
}

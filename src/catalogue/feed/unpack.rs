//! A payload, whose digest has been checked, as changes of the guides.

use std::io::{BufRead, BufReader, Read};

use flate2::bufread::GzDecoder;
use jinban_api::catalogue::{BatchHeader, GUIDE_KIND, Operation, Row, THEMES_KIND, Theme};
use jinban_api::guide::Guide;

use super::{FeedDoubt, Position};
use crate::catalogue::beside::DocumentChange;
use crate::catalogue::sync::CatalogueChanges;

/// A row that is longer is not a guide.
const LONGEST_ROW: u64 = 16 << 20;

/// The changes in `payload`, which leads to `position`. `themes` are those shown now. A guide that this program
/// cannot read is left out: the others are not to suffer for it.
pub(in crate::catalogue) fn unpack(
    header: &BatchHeader,
    payload: &[u8],
    position: Position,
    themes: &[Theme],
) -> Result<CatalogueChanges, FeedDoubt> {
    let number = header.number;
    let unreadable = |reason: String| FeedDoubt::Unreadable { number, reason };
    let mut changes = CatalogueChanges {
        revision: number,
        themes: themes.to_vec(),
        position: Some(position),
        ..CatalogueChanges::default()
    };
    // One byte more than there should be is enough to see that there are too many.
    let plain = GzDecoder::new(payload).take(header.plain_length + 1);
    let mut plain = BufReader::new(plain);
    let mut unpacked = 0;
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = (&mut plain)
            .take(LONGEST_ROW)
            .read_until(b'\n', &mut line)
            .map_err(|error| unreadable(error.to_string()))?;
        if read == 0 {
            break;
        }
        unpacked += read as u64;
        let row: Row = serde_json::from_slice(&line)
            .map_err(|error| unreadable(format!("第{unpacked}个字节之前的一行：{error}")))?;
        take(row, &mut changes).map_err(unreadable)?;
    }
    if unpacked != header.plain_length {
        return Err(unreadable(format!(
            "解开有{unpacked}字节，应是{}字节",
            header.plain_length
        )));
    }
    Ok(changes)
}

fn take(row: Row, changes: &mut CatalogueChanges) -> Result<(), String> {
    let content = match (row.op, row.content) {
        (Operation::Delete, _) => None,
        (Operation::Insert | Operation::Update, Some(content)) => Some(content),
        (Operation::Insert | Operation::Update, None) => {
            return Err(format!("{} {} 没有内容", row.kind, row.id));
        }
    };
    match (row.kind.as_str(), content) {
        (GUIDE_KIND, None) => changes.removed.push(row.id.into()),
        (GUIDE_KIND, Some(content)) => match serde_json::from_value::<Guide>(content) {
            Ok(guide) => changes.upserted.push(guide),
            Err(error) => {
                tracing::warn!(guide = row.id, %error, "a guide that this program cannot read");
            }
        },
        (THEMES_KIND, Some(content)) => {
            changes.themes = serde_json::from_value(content).map_err(|e| e.to_string())?;
        }
        (THEMES_KIND, None) => changes.themes.clear(),
        (_, content) => changes.documents.push(DocumentChange {
            key: (row.kind, row.id),
            content,
        }),
    }
    Ok(())
}

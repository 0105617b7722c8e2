//! How the characters of a file are encoded: told by its first bytes, or by what makes sense.

use std::borrow::Cow;

use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};
use serde::Serialize;

/// How characters are encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// UTF-8, with or without a mark before it.
    Utf8,
    /// UTF-16, by the mark before it.
    Utf16,
    /// GB18030, of which GBK and GB2312 are parts.
    Gb18030,
}

impl Encoding {
    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16 => "UTF-16",
            Self::Gb18030 => "GB18030",
        }
    }
}

/// The file in UTF-8 without a mark. Lines that are in no encoding stay as they are: they are found when each
/// is read by itself.
pub(super) fn decode(bytes: &[u8]) -> (Cow<'_, [u8]>, Encoding) {
    if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        return (Cow::Borrowed(rest), Encoding::Utf8);
    }
    for (mark, encoding) in [(b"\xff\xfe", UTF_16LE), (b"\xfe\xff", UTF_16BE)] {
        if let Some(rest) = bytes.strip_prefix(mark) {
            let (text, _) = encoding.decode_without_bom_handling(rest);
            return (Cow::Owned(text.into_owned().into_bytes()), Encoding::Utf16);
        }
    }
    if std::str::from_utf8(bytes).is_ok() {
        return (Cow::Borrowed(bytes), Encoding::Utf8);
    }
    // A few broken characters among many good ones are broken UTF-8; otherwise it is an export of an older
    // program: hardly any of its characters would pass as UTF-8.
    let (good, broken) = bytes.utf8_chunks().fold((0, 0), |(good, broken), chunk| {
        let chinese = chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        (
            good + chinese,
            broken + usize::from(!chunk.invalid().is_empty()),
        )
    });
    if broken > good
        && let Some(text) = GB18030.decode_without_bom_handling_and_without_replacement(bytes)
    {
        return (
            Cow::Owned(text.into_owned().into_bytes()),
            Encoding::Gb18030,
        );
    }
    (Cow::Borrowed(bytes), Encoding::Utf8)
}

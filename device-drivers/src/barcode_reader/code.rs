//! A code that was read: its text and what kind of code it was.

use std::fmt;

use zeroize::Zeroizing;

/// The longest code there is: a QR code of digits, and some room for prefix and suffix.
pub(super) const LONGEST: usize = 7089 + 64;

/// Kinds of code, by their AIM identifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Symbology {
    /// `]Q`
    Qr,
    /// `]d`
    DataMatrix,
    /// `]C`
    Code128,
    /// `]E`
    Ean,
    /// `]L`
    Pdf417,
    /// `]h`; not confirmed by a manual.
    HanXin,
    /// Another letter.
    Other(char),
}

impl Symbology {
    /// The kind that an AIM identifier names, such as `]Q1`.
    pub fn from_aim(id: [u8; 3]) -> Option<Self> {
        let [b']', letter, modifier] = id else {
            return None;
        };
        if !letter.is_ascii_alphabetic() || !modifier.is_ascii_alphanumeric() {
            return None;
        }
        Some(match letter {
            b'Q' => Self::Qr,
            b'd' => Self::DataMatrix,
            b'C' => Self::Code128,
            b'E' => Self::Ean,
            b'L' => Self::Pdf417,
            b'h' => Self::HanXin,
            other => Self::Other(char::from(other)),
        })
    }
}

/// What was read. May be somebody's health or identity code: wiped when dropped, never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Code {
    /// The contents, read as UTF-8 or else as GB18030.
    pub text: Zeroizing<String>,
    /// What kind of code it was, if the reader said so.
    pub symbology: Option<Symbology>,
}

impl Code {
    /// Reads the contents. `aim` says that they begin with an AIM identifier. None if there is
    /// nothing in it.
    pub fn from_bytes(bytes: &[u8], aim: bool) -> Option<Self> {
        let (symbology, bytes) = match bytes.split_first_chunk::<3>() {
            Some((id, rest)) if aim => match Symbology::from_aim(*id) {
                Some(symbology) => (Some(symbology), rest),
                None => (None, bytes),
            },
            _ => (None, bytes),
        };
        Self::of(bytes, symbology)
    }

    pub(super) fn of(bytes: &[u8], symbology: Option<Symbology>) -> Option<Self> {
        if bytes.is_empty() {
            return None;
        }
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => encoding_rs::GB18030
                .decode_without_bom_handling(bytes)
                .0
                .into_owned(),
        };
        let text = Zeroizing::new(text);
        Some(Self { text, symbology })
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Code({:?}, {} bytes)", self.symbology, self.text.len())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn contents_are_read_in_either_encoding_and_never_shown() {
        let code = |bytes: &[u8], aim| Code::from_bytes(bytes, aim).unwrap();
        assert_eq!(code("社保".as_bytes(), false).text.as_str(), "社保");
        assert_eq!(code(&[0xC9, 0xE7, 0xB1, 0xA3], false).text.as_str(), "社保");
        let marked = code(b"]Q1abc", true);
        assert_eq!(marked.symbology, Some(Symbology::Qr));
        assert_eq!(marked.text.as_str(), "abc");
        // A reader that was set up without identifiers after all.
        assert_eq!(code(b"abc", true).text.as_str(), "abc");
        assert_eq!(code(b"]Q1abc", false).text.as_str(), "]Q1abc");
        assert_eq!(Code::from_bytes(b"", false), None);
        assert_eq!(Code::from_bytes(b"]Q1", true), None);
        assert!(!format!("{marked:?}").contains("abc"));
    }
}

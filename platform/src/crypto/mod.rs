//! Chinese national cryptography as the platform needs it: SM2 keys, SM3 digests, opening envelopes.

mod envelope;
mod gcm;
mod key_file;
mod platform_keys;
mod terminal_key;
#[cfg(test)]
mod tests;

use sm3::{Digest, Sm3};

pub use envelope::{OpenedEnvelope, ReceivedEnvelope};
pub use key_file::KeyFileError;
pub use platform_keys::PlatformKeyPairs;
pub use terminal_key::{NotSm2, TerminalKey};

/// SM2's default identity (GB/T 32918.2, GM/T 0009).
const DEFAULT_IDENTITY: &str = "1234567812345678";

/// SM3 digest (GB/T 32905).
pub fn sm3_of(bytes: &[u8]) -> [u8; 32] {
    Sm3::digest(bytes).into()
}

/// Lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// Id of a key, from its `SubjectPublicKeyInfo` in DER; see [`jinban_api::sealed`].
fn key_id(spki_der: &[u8]) -> String {
    let mut id = hex(&sm3_of(spki_der));
    id.truncate(16);
    id
}

//! The sealed envelope: what a terminal hands in and cannot read again.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ids::ContentDigest;

/// Version of the envelope that this crate describes.
pub const ENVELOPE_VERSION: u8 = 1;

/// SM4-GCM content under a fresh key that only the platform's SM2 key unwraps, signed by the terminal.
///
/// All binary fields are standard base64, padded. The submission digest is the SM3 digest (32 bytes) of
/// `version (1 byte) ‖ platform_key_id ‖ 0x00 ‖ terminal_key_id ‖ 0x00 ‖ wrapped_key ‖ nonce ‖ ciphertext`
/// (identifiers as UTF-8, binary fields as their raw bytes). Those 32 bytes are the message that is signed by
/// SM2 with the default identity `1234567812345678` (so SM2 digests them once more, with `Z`); the signature
/// is `r ‖ s`, 64 bytes. A receipt carries the submission digest as 64 lower-case hexadecimal digits.
///
/// A key id follows from the key itself: the first 16 lower-case hexadecimal digits of the SM3 digest of its
/// `SubjectPublicKeyInfo` in DER. Whoever holds the public key can tell its id without asking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SealedEnvelope {
    /// [`ENVELOPE_VERSION`].
    pub version: u8,
    /// Which platform key wraps the content key.
    pub platform_key_id: String,
    /// Which terminal key signed.
    pub terminal_key_id: String,
    /// The 16-byte SM4 key, encrypted with SM2 (GB/T 32918.4, order C1‖C3‖C2, C1 uncompressed with 0x04).
    pub wrapped_key: String,
    /// 12 bytes; unique under the content key.
    pub nonce: String,
    /// SM4-GCM ciphertext with its 16-byte tag appended. Additional data: none.
    pub ciphertext: String,
    /// SM2 signature, see above.
    pub signature: String,
}

/// A material page that travels beside the envelope, sealed under the same content key.
///
/// Body on the wire: `nonce (12 bytes) ‖ ciphertext ‖ tag (16 bytes)`; named by its SM3 digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SealedPage {
    /// SM3 of the body as it travels.
    pub digest: ContentDigest,
    /// Length of the body in bytes.
    pub length: u64,
}

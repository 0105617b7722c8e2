//! Judging and opening an envelope, see [`jinban_api::sealed`].

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jinban_api::sealed::{ENVELOPE_VERSION, SealedEnvelope};
use sm3::{Digest, Sm3};
use zeroize::Zeroizing;

use super::gcm::{self, NONCE};
use super::{PlatformKeyPairs, TerminalKey};

/// Bytes of an SM2 signature `r ‖ s`.
const SIGNATURE: usize = 64;

/// Why an envelope stays shut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// A version that this program does not know.
    #[error("unknown envelope version")]
    Version,
    /// A field is not base64, or has the wrong length.
    #[error("a field of the envelope does not have its shape")]
    Shape,
    /// Wrapped for a key that is not the platform's.
    #[error("the envelope is for another key")]
    OtherKey,
    /// The bytes were changed, or the key does not fit.
    #[error("the envelope cannot be opened")]
    CannotOpen,
}

/// An envelope whose fields have their shapes; nothing is verified or opened yet.
pub struct ReceivedEnvelope {
    platform_key_id: String,
    wrapped_key: Vec<u8>,
    nonce: [u8; NONCE],
    ciphertext: Vec<u8>,
    signature: [u8; SIGNATURE],
    digest: [u8; 32],
}

impl ReceivedEnvelope {
    /// Decodes the fields and computes the submission digest.
    pub fn decode(envelope: &SealedEnvelope) -> Result<Self, OpenError> {
        if envelope.version != ENVELOPE_VERSION {
            return Err(OpenError::Version);
        }
        let bytes = |text: &str| STANDARD.decode(text).map_err(|_| OpenError::Shape);
        let wrapped_key = bytes(&envelope.wrapped_key)?;
        let nonce = bytes(&envelope.nonce)?;
        let ciphertext = bytes(&envelope.ciphertext)?;
        let signature = bytes(&envelope.signature)?;

        let mut sm3 = Sm3::new();
        sm3.update([envelope.version]);
        sm3.update(&envelope.platform_key_id);
        sm3.update([0]);
        sm3.update(&envelope.terminal_key_id);
        sm3.update([0]);
        sm3.update(&wrapped_key);
        sm3.update(&nonce);
        sm3.update(&ciphertext);
        Ok(Self {
            platform_key_id: envelope.platform_key_id.clone(),
            wrapped_key,
            nonce: nonce.try_into().map_err(|_| OpenError::Shape)?,
            ciphertext,
            signature: signature.try_into().map_err(|_| OpenError::Shape)?,
            digest: sm3.finalize().into(),
        })
    }

    /// The submission digest: what the terminal signed and the receipt repeats.
    pub fn digest(&self) -> &[u8; 32] {
        &self.digest
    }

    /// True when `key` signed this envelope.
    pub fn is_signed_by(&self, key: &TerminalKey) -> bool {
        key.verifies(&self.digest, &self.signature)
    }

    /// Opens the content.
    pub fn open(&self, keys: &PlatformKeyPairs) -> Result<OpenedEnvelope, OpenError> {
        if self.platform_key_id != keys.wrapping_key_id() {
            return Err(OpenError::OtherKey);
        }
        let content_key = keys
            .unwrap_content_key(&self.wrapped_key)
            .ok_or(OpenError::CannotOpen)?;
        let content = gcm::open(&content_key, self.nonce, b"", &self.ciphertext)
            .ok_or(OpenError::CannotOpen)?;
        Ok(OpenedEnvelope {
            content_key,
            content,
        })
    }
}

/// The content, and the key that opens the pages which travelled beside it.
pub struct OpenedEnvelope {
    content_key: Zeroizing<[u8; 16]>,
    content: Zeroizing<Vec<u8>>,
}

impl OpenedEnvelope {
    /// [`jinban_api::case::CaseContent`] as JSON.
    pub fn content_json(&self) -> &[u8] {
        &self.content
    }

    /// Opens a page body `nonce ‖ ciphertext ‖ tag`; `None` when it belongs to another case.
    pub fn open_page(&self, body: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, sealed) = body.split_first_chunk::<NONCE>()?;
        gcm::open(&self.content_key, *nonce, b"", sealed)
    }
}

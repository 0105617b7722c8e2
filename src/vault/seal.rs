//! Sealing one case so that only the platform can open it, see [`jinban_api::sealed`].

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jinban_api::ids::ContentDigest;
use jinban_api::sealed::{ENVELOPE_VERSION, SealedEnvelope, SealedPage};
use sm3::{Digest, Sm3};
use zeroize::Zeroizing;

use super::sm::{self, NONCE};
use super::{PlatformKeyset, Vault, VaultError, signature};

/// A page as it travels.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedBody {
    /// Its name and length.
    pub page: SealedPage,
    /// `nonce ‖ ciphertext ‖ tag`.
    pub body: Vec<u8>,
}

/// Seals the pages and the content of one case under one fresh content key, which is forgotten afterwards.
pub struct CaseSealer<'a> {
    vault: &'a Vault,
    platform: &'a PlatformKeyset,
    content_key: Zeroizing<[u8; 16]>,
}

impl<'a> CaseSealer<'a> {
    pub(super) fn new(vault: &'a Vault, platform: &'a PlatformKeyset) -> Result<Self, VaultError> {
        let mut content_key = Zeroizing::new([0; 16]);
        getrandom::fill(content_key.as_mut_slice())?;
        Ok(Self {
            vault,
            platform,
            content_key,
        })
    }

    /// Seals one page. Its nonce is never used twice under this key.
    pub fn page(&self, picture: &[u8]) -> Result<SealedBody, VaultError> {
        let body = sm::seal(&self.content_key, b"", picture)?;
        let page = SealedPage {
            digest: ContentDigest(sm::sm3_hex(&body)),
            length: body.len() as u64,
        };
        Ok(SealedBody { page, body })
    }

    /// Seals and signs the content, and forgets the key.
    pub fn finish(self, content_json: &[u8]) -> Result<SealedEnvelope, VaultError> {
        let wrapped_key = self
            .platform
            .wrapping_key()
            .encrypt(&mut getrandom::SysRng, self.content_key.as_slice())
            .map_err(|_| VaultError::CannotSeal)?;
        let sealed = sm::seal(&self.content_key, b"", content_json)?;
        let (nonce, ciphertext) = sealed.split_at(NONCE);
        let platform_key_id = self.platform.wrapping_key_id().to_owned();
        let terminal_key_id = self.vault.key_id().to_owned();
        let digest = digest_of(
            ENVELOPE_VERSION,
            &platform_key_id,
            &terminal_key_id,
            [&wrapped_key, nonce, ciphertext],
        );
        let signature = signature::sign(&self.vault.signing, &digest)?;
        Ok(SealedEnvelope {
            version: ENVELOPE_VERSION,
            platform_key_id,
            terminal_key_id,
            wrapped_key: STANDARD.encode(&wrapped_key),
            nonce: STANDARD.encode(nonce),
            ciphertext: STANDARD.encode(ciphertext),
            signature,
        })
    }
}

/// The submission digest of an envelope, 64 lower-case hexadecimal digits; none when it is not base64.
pub fn submission_digest(envelope: &SealedEnvelope) -> Option<String> {
    let wrapped_key = STANDARD.decode(&envelope.wrapped_key).ok()?;
    let nonce = STANDARD.decode(&envelope.nonce).ok()?;
    let ciphertext = STANDARD.decode(&envelope.ciphertext).ok()?;
    Some(sm::hex(&digest_of(
        envelope.version,
        &envelope.platform_key_id,
        &envelope.terminal_key_id,
        [&wrapped_key, &nonce, &ciphertext],
    )))
}

fn digest_of(
    version: u8,
    platform_key_id: &str,
    terminal_key_id: &str,
    parts: [&[u8]; 3],
) -> [u8; 32] {
    let mut sm3 = Sm3::new();
    sm3.update([version]);
    sm3.update(platform_key_id);
    sm3.update([0]);
    sm3.update(terminal_key_id);
    sm3.update([0]);
    for part in parts {
        sm3.update(part);
    }
    sm3.finalize().into()
}

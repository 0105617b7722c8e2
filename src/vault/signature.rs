//! SM2 signatures over text, as base64: of this terminal, and of anybody whose public key is known.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sm2::PublicKey;
use sm2::dsa::signature::{RandomizedSigner, Verifier};
use sm2::dsa::{Signature, SigningKey, VerifyingKey};

use super::{DEFAULT_IDENTITY, VaultError};

pub(super) fn sign(key: &SigningKey, text: &[u8]) -> Result<String, VaultError> {
    let signature: Signature = key
        .try_sign_with_rng(&mut getrandom::SysRng, text)
        .map_err(|_| VaultError::CannotSeal)?;
    Ok(STANDARD.encode(signature.to_bytes()))
}

/// Whether `signature` is that of the holder of `key` under `text`.
pub(super) fn holds(key: &PublicKey, text: &[u8], signature: &str) -> bool {
    STANDARD
        .decode(signature)
        .ok()
        .and_then(|bytes| Signature::from_slice(&bytes).ok())
        .is_some_and(|signature| {
            VerifyingKey::new(DEFAULT_IDENTITY, *key)
                .and_then(|key| key.verify(text, &signature))
                .is_ok()
        })
}

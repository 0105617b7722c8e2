//! SM3 and SM4-GCM as this project uses them.

use aes_gcm::aead::consts::U12;
use aes_gcm::aead::{AeadInOut, KeyInit};
use aes_gcm::{AesGcm, Nonce, Tag};
use sm3::{Digest, Sm3};
use sm4::Sm4;
use zeroize::Zeroizing;

use super::VaultError;

type Sm4Gcm = AesGcm<Sm4, U12>;

/// Bytes of a nonce.
pub(super) const NONCE: usize = 12;
/// Bytes of a tag.
pub(super) const TAG: usize = 16;

/// SM3 digest (GB/T 32905).
pub fn sm3_of(bytes: &[u8]) -> [u8; 32] {
    Sm3::digest(bytes).into()
}

/// SM3 digest as 64 lower-case hexadecimal digits.
pub fn sm3_hex(bytes: &[u8]) -> String {
    hex(&sm3_of(bytes))
}

pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// Id of a key, from its `SubjectPublicKeyInfo`.
pub(super) fn key_id(spki_der: &[u8]) -> String {
    let mut id = sm3_hex(spki_der);
    id.truncate(16);
    id
}

/// `nonce ‖ ciphertext ‖ tag` under a fresh random nonce.
pub(super) fn seal(key: &[u8; 16], additional: &[u8], plain: &[u8]) -> Result<Vec<u8>, VaultError> {
    let mut nonce = [0; NONCE];
    getrandom::fill(&mut nonce)?;
    seal_with_nonce(key, &nonce, additional, plain)
}

pub(super) fn seal_with_nonce(
    key: &[u8; 16],
    nonce: &[u8; NONCE],
    additional: &[u8],
    plain: &[u8],
) -> Result<Vec<u8>, VaultError> {
    let mut sealed = Vec::with_capacity(NONCE + plain.len() + TAG);
    sealed.extend_from_slice(nonce);
    sealed.extend_from_slice(plain);
    let tag = Sm4Gcm::new(key.into())
        .encrypt_inout_detached(
            &Nonce::from(*nonce),
            additional,
            (&mut sealed[NONCE..]).into(),
        )
        .map_err(|_| VaultError::CannotSeal)?;
    sealed.extend_from_slice(&tag);
    Ok(sealed)
}

/// Opens what [`seal`] made.
pub(super) fn open(
    key: &[u8; 16],
    additional: &[u8],
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let (nonce, rest) = sealed
        .split_first_chunk::<NONCE>()
        .ok_or(VaultError::CannotOpen)?;
    let (body, tag) = rest
        .split_last_chunk::<TAG>()
        .ok_or(VaultError::CannotOpen)?;
    let mut plain = Zeroizing::new(body.to_vec());
    Sm4Gcm::new(key.into())
        .decrypt_inout_detached(
            &Nonce::from(*nonce),
            additional,
            plain.as_mut_slice().into(),
            &Tag::from(*tag),
        )
        .map_err(|_| VaultError::CannotOpen)?;
    Ok(plain)
}

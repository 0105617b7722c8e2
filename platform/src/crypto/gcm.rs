//! Opening what was sealed with SM4-GCM.

use aes_gcm::aead::consts::U12;
use aes_gcm::aead::{AeadInOut, KeyInit};
use aes_gcm::{AesGcm, Nonce, Tag};
use sm4::Sm4;
use zeroize::Zeroizing;

type Sm4Gcm = AesGcm<Sm4, U12>;

/// Bytes of a nonce.
pub(super) const NONCE: usize = 12;
const TAG: usize = 16;

/// Opens `ciphertext ‖ tag`; `None` when it was changed or belongs to another key.
pub(super) fn open(
    key: &[u8; 16],
    nonce: [u8; NONCE],
    additional: &[u8],
    sealed: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let (body, tag) = sealed.split_last_chunk::<TAG>()?;
    let mut plain = Zeroizing::new(body.to_vec());
    Sm4Gcm::new(key.into())
        .decrypt_inout_detached(
            &Nonce::from(nonce),
            additional,
            plain.as_mut_slice().into(),
            &Tag::from(*tag),
        )
        .ok()?;
    Some(plain)
}

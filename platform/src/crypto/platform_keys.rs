//! The platform's two key pairs: one that content keys are wrapped for, one that signs receipts.

use std::fmt;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jinban_api::keys::{KeyUsage, PlatformKey, PlatformKeys};
use sm2::dsa::signature::RandomizedSigner;
use sm2::dsa::{Signature, SigningKey};
use sm2::pkcs8::{EncodePublicKey, LineEnding};
use sm2::pke::DecryptingKey;
use sm2::{PublicKey, SecretKey};
use zeroize::Zeroizing;

use super::key_file::{self, KeyFileError};
use super::{DEFAULT_IDENTITY, key_id};

/// Bytes of a wrapped content key: C1 (65) ‖ C3 (32) ‖ C2 (16).
const WRAPPED_KEY: usize = 65 + 32 + 16;
/// First byte of an uncompressed point.
const UNCOMPRESSED: u8 = 0x04;

/// The platform's keys.
pub struct PlatformKeyPairs {
    wrap_id: String,
    wrap: DecryptingKey,
    sign_id: String,
    sign: SigningKey,
    published: PlatformKeys,
}

impl PlatformKeyPairs {
    /// Opens `wrap.pem` and `sign.pem` in `dir`, making those that are not there (mode 0600).
    pub fn open(dir: &Path) -> Result<Self, KeyFileError> {
        let wrap_path = dir.join("wrap.pem");
        let sign_path = dir.join("sign.pem");
        let wrap = key_file::load_or_make(&wrap_path)?;
        let sign = key_file::load_or_make(&sign_path)?;
        let wrap_public = publish(&wrap, KeyUsage::Wrap, &wrap_path)?;
        let sign_public = publish(&sign, KeyUsage::Sign, &sign_path)?;
        let signing = SigningKey::new(DEFAULT_IDENTITY, &sign)
            .map_err(|_| KeyFileError::Damaged { path: sign_path })?;
        Ok(Self {
            wrap_id: wrap_public.id.clone(),
            wrap: DecryptingKey::new(wrap),
            sign_id: sign_public.id.clone(),
            sign: signing,
            published: PlatformKeys {
                keys: vec![wrap_public, sign_public],
            },
        })
    }

    /// The public halves, as `GET /v1/keys` answers.
    pub fn published(&self) -> &PlatformKeys {
        &self.published
    }

    /// Both public keys in one PEM text, the wrapping key first: what a terminal is set up with.
    pub fn public_pem(&self) -> String {
        self.published
            .keys
            .iter()
            .map(|key| key.public_key.as_str())
            .collect()
    }

    /// Id of the key that content keys are wrapped for.
    pub fn wrapping_key_id(&self) -> &str {
        &self.wrap_id
    }

    /// Id of the key that signs receipts.
    pub fn signing_key_id(&self) -> &str {
        &self.sign_id
    }

    /// The content key inside `wrapped`; `None` when it was not wrapped for this platform.
    pub(super) fn unwrap_content_key(&self, wrapped: &[u8]) -> Option<Zeroizing<[u8; 16]>> {
        if wrapped.len() != WRAPPED_KEY || wrapped[0] != UNCOMPRESSED {
            return None;
        }
        let plain = Zeroizing::new(self.wrap.decrypt(wrapped).ok()?);
        <[u8; 16]>::try_from(plain.as_slice())
            .ok()
            .map(Zeroizing::new)
    }

    /// SM2 signature `r ‖ s` over `message`, in base64; `None` when there are no random numbers.
    pub fn sign(&self, message: &[u8]) -> Option<String> {
        let signature: Signature = self
            .sign
            .try_sign_with_rng(&mut getrandom::SysRng, message)
            .ok()?;
        Some(STANDARD.encode(signature.to_bytes()))
    }
}

impl fmt::Debug for PlatformKeyPairs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "PlatformKeyPairs(wrap {}, sign {})",
            self.wrap_id, self.sign_id
        )
    }
}

fn publish(secret: &SecretKey, usage: KeyUsage, path: &Path) -> Result<PlatformKey, KeyFileError> {
    let damaged = |_| KeyFileError::Damaged {
        path: path.to_owned(),
    };
    let public: PublicKey = secret.public_key();
    let der = public.to_public_key_der().map_err(damaged)?;
    Ok(PlatformKey {
        id: key_id(der.as_bytes()),
        usage,
        public_key: public.to_public_key_pem(LineEnding::LF).map_err(damaged)?,
    })
}

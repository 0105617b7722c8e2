//! The public key of a terminal, by which its cases are recognised.

use std::fmt;

use sm2::PublicKey;
use sm2::dsa::signature::Verifier;
use sm2::dsa::{Signature, VerifyingKey};
use sm2::pkcs8::{DecodePublicKey, EncodePublicKey};

use super::{DEFAULT_IDENTITY, key_id};

/// The text is not an SM2 public key in PEM.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not an SM2 public key in PEM")]
pub struct NotSm2;

/// An SM2 public key of a terminal.
#[derive(Clone)]
pub struct TerminalKey {
    id: String,
    key: VerifyingKey,
}

impl TerminalKey {
    /// Reads `SubjectPublicKeyInfo` in PEM.
    pub fn from_pem(pem: &str) -> Result<Self, NotSm2> {
        let public = PublicKey::from_public_key_pem(pem.trim()).map_err(|_| NotSm2)?;
        let der = public.to_public_key_der().map_err(|_| NotSm2)?;
        Ok(Self {
            id: key_id(der.as_bytes()),
            key: VerifyingKey::new(DEFAULT_IDENTITY, public).map_err(|_| NotSm2)?,
        })
    }

    /// Id of the key, which follows from the key itself.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// True when `signature` (`r ‖ s`) over `message` was made with this key.
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature)
            .is_ok_and(|signature| self.key.verify(message, &signature).is_ok())
    }
}

impl fmt::Debug for TerminalKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TerminalKey({})", self.id)
    }
}

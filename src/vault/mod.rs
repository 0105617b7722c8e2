//! Keys of this terminal, and everything that is done with them: sealing, signing, recognising.
//!
//! Three keys are made on the first start and never leave the machine: one seals what is stored here, one
//! recognises a card holder without keeping their number, one signs what is handed in. What is sealed for the
//! platform cannot be opened with any of them.

pub mod audit;
mod key_file;
mod platform_keys;
mod seal;
mod signature;
mod sm;
#[cfg(test)]
mod tests;

use std::fmt;
use std::path::{Path, PathBuf};

use hmac::{Hmac, KeyInit, Mac};
use sm2::SecretKey;
use sm2::dsa::SigningKey;
use sm2::elliptic_curve::Generate;
use sm2::pkcs8::{DecodePrivateKey, EncodePrivateKey, EncodePublicKey, LineEnding};
use sm3::Sm3;
use zeroize::Zeroizing;

pub use platform_keys::{PlatformKeyset, PlatformKeysetError, ReceiptDoubt, TextDoubt};
pub use seal::{CaseSealer, SealedBody, submission_digest};
pub use sm::{sm3_hex, sm3_of};

/// SM2's default identity (GB/T 32918.2, GM/T 0009).
const DEFAULT_IDENTITY: &str = "1234567812345678";

/// Why the vault, or something in it, cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// A key file cannot be read or made.
    #[error("key file {}: {source}", path.display())]
    KeyFile {
        /// Which file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// A key file is there but is not a key. It is never replaced silently: what it sealed would be lost.
    #[error("key file {} is damaged", path.display())]
    Damaged {
        /// Which file.
        path: PathBuf,
    },
    /// The operating system gives no random numbers.
    #[error("no random numbers: {0}")]
    NoRandomness(#[from] getrandom::Error),
    /// Sealed bytes were changed, belong elsewhere, or were sealed by another machine.
    #[error("sealed data cannot be opened")]
    CannotOpen,
    /// The cipher refused, for example because the data is too long.
    #[error("data cannot be sealed")]
    CannotSeal,
}

/// Recognises a card holder on this terminal, and tells nothing to anybody who lacks the device key.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct HolderKey([u8; 32]);

impl HolderKey {
    /// For storing beside what belongs to the holder.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for HolderKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HolderKey(hidden)")
    }
}

/// The terminal's keys.
pub struct Vault {
    storage: Zeroizing<[u8; 16]>,
    holder: Zeroizing<[u8; 64]>,
    signing: SigningKey,
    public_pem: String,
    key_id: String,
}

impl Vault {
    /// Opens the keys in `dir`, making those that are not there yet (mode 0600, durable before use).
    pub fn open(dir: &Path) -> Result<Self, VaultError> {
        key_file::make_private_dir(dir)?;
        let storage = key_file::fixed::<16>(&dir.join("storage.key"))?;
        let holder = key_file::fixed::<64>(&dir.join("holder.key"))?;
        let secret = signing_key(&dir.join("signing.pem"))?;
        let public = secret.public_key();
        let damaged = || VaultError::Damaged {
            path: dir.join("signing.pem"),
        };
        let der = public.to_public_key_der().map_err(|_| damaged())?;
        let public_pem = public
            .to_public_key_pem(LineEnding::LF)
            .map_err(|_| damaged())?;
        Ok(Self {
            storage,
            holder,
            signing: SigningKey::new(DEFAULT_IDENTITY, &secret).map_err(|_| damaged())?,
            public_pem,
            key_id: sm::key_id(der.as_bytes()),
        })
    }

    /// Opens the keys that are in `dir` already, and makes none.
    ///
    /// # Errors
    /// [`VaultError::KeyFile`] when there are none.
    pub fn existing(dir: &Path) -> Result<Self, VaultError> {
        let path = dir.join("signing.pem");
        match path.metadata() {
            Ok(_) => Self::open(dir),
            Err(source) => Err(VaultError::KeyFile { path, source }),
        }
    }

    /// The terminal's public key, in PEM, with which the platform enrols it.
    pub fn public_key_pem(&self) -> &str {
        &self.public_pem
    }

    /// Id of that key.
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// Begins sealing one case for the platform: pages first, then the content that names them.
    pub fn seal_case<'a>(
        &'a self,
        platform: &'a PlatformKeyset,
    ) -> Result<CaseSealer<'a>, VaultError> {
        CaseSealer::new(self, platform)
    }

    /// Seals bytes for this terminal alone. `belongs` says what and whose they are; opening needs the same.
    pub fn seal_local(&self, belongs: &str, plain: &[u8]) -> Result<Vec<u8>, VaultError> {
        sm::seal(&self.storage, belongs.as_bytes(), plain)
    }

    /// Opens what [`Self::seal_local`] sealed under the same `belongs`.
    pub fn open_local(
        &self,
        belongs: &str,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        sm::open(&self.storage, belongs.as_bytes(), sealed)
    }

    /// The terminal's SM2 signature under a text, as base64.
    pub fn sign(&self, text: &str) -> Result<String, VaultError> {
        signature::sign(&self.signing, text.as_bytes())
    }

    /// Recognises the holder of an identity number on this terminal.
    pub fn holder_key(&self, id_number: &str) -> HolderKey {
        let mut mac = Hmac::<Sm3>::new((&*self.holder).into());
        mac.update(id_number.to_ascii_uppercase().as_bytes());
        HolderKey(mac.finalize().into_bytes().into())
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Vault({})", self.key_id)
    }
}

fn signing_key(path: &Path) -> Result<SecretKey, VaultError> {
    let damaged = || VaultError::Damaged {
        path: path.to_owned(),
    };
    let pem = key_file::load_or_make(path, || {
        let secret = SecretKey::try_generate_from_rng(&mut getrandom::SysRng)?;
        let pem = secret.to_pkcs8_pem(LineEnding::LF).map_err(|_| damaged())?;
        Ok(Zeroizing::new(pem.as_bytes().to_vec()))
    })?;
    let pem = std::str::from_utf8(&pem).map_err(|_| damaged())?;
    SecretKey::from_pkcs8_pem(pem).map_err(|_| damaged())
}

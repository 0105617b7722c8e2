//! Private key files: made once, readable by nobody else, whole or absent after a power cut.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use sm2::SecretKey;
use sm2::elliptic_curve::Generate;
use sm2::pkcs8::{DecodePrivateKey, EncodePrivateKey, LineEnding};
use zeroize::Zeroizing;

/// Why a key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// The file cannot be read or made.
    #[error("key file {}: {source}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The file is there but is not an SM2 key in PEM. It is never replaced: what it opens would be lost.
    #[error("key file {} is damaged", path.display())]
    Damaged {
        /// Which file.
        path: PathBuf,
    },
    /// The operating system gives no random numbers.
    #[error("no random numbers: {0}")]
    NoRandomness(#[from] getrandom::Error),
}

/// The key in `path`, made when there is none.
pub(super) fn load_or_make(path: &Path) -> Result<SecretKey, KeyFileError> {
    let failed = |source| KeyFileError::File {
        path: path.to_owned(),
        source,
    };
    let damaged = || KeyFileError::Damaged {
        path: path.to_owned(),
    };
    match fs::read_to_string(path) {
        Ok(pem) => SecretKey::from_pkcs8_pem(&Zeroizing::new(pem)).map_err(|_| damaged()),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => Err(damaged()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let secret = SecretKey::try_generate_from_rng(&mut getrandom::SysRng)?;
            let pem = secret.to_pkcs8_pem(LineEnding::LF).map_err(|_| damaged())?;
            store(path, pem.as_bytes()).map_err(failed)?;
            Ok(secret)
        }
        Err(error) => Err(failed(error)),
    }
}

fn store(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let dir = path.parent().unwrap_or(Path::new("."));
    DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
    let beside = path.with_extension("new");
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    File::open(dir)?.sync_all()
}

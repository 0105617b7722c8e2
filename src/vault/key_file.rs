//! Key files: made once, readable by nobody else, and whole or absent whatever happens meanwhile.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use zeroize::Zeroizing;

use super::VaultError;

/// Longer than any key file; a longer one is not ours.
const MAX_BYTES: u64 = 4096;

pub(super) fn make_private_dir(dir: &Path) -> Result<(), VaultError> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(dir);
    made.map_err(|source| VaultError::KeyFile {
        path: dir.to_owned(),
        source,
    })
}

/// A key of exactly `N` random bytes.
pub(super) fn fixed<const N: usize>(path: &Path) -> Result<Zeroizing<[u8; N]>, VaultError> {
    let bytes = load_or_make(path, || {
        let mut key = Zeroizing::new(vec![0; N]);
        getrandom::fill(&mut key)?;
        Ok(key)
    })?;
    let key = <[u8; N]>::try_from(bytes.as_slice()).map_err(|_| VaultError::Damaged {
        path: path.to_owned(),
    })?;
    Ok(Zeroizing::new(key))
}

/// The file's bytes; `make` provides them when there is no such file.
pub(super) fn load_or_make(
    path: &Path,
    make: impl FnOnce() -> Result<Zeroizing<Vec<u8>>, VaultError>,
) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let failed = |source| VaultError::KeyFile {
        path: path.to_owned(),
        source,
    };
    match load(path) {
        Ok(bytes) => Ok(bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let bytes = make()?;
            store(path, &bytes).map_err(failed)?;
            Ok(bytes)
        }
        Err(error) => Err(failed(error)),
    }
}

fn load(path: &Path) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_BYTES as usize));
    File::open(path)?.take(MAX_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Written beside, made durable, then renamed: a power cut leaves the whole file or none.
fn store(path: &Path, bytes: &[u8]) -> io::Result<()> {
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
    if let Some(dir) = path.parent() {
        File::open(dir)?.sync_all()?;
    }
    Ok(())
}

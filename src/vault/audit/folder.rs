//! The files of the log: records in numbered files, and the two signed ends beside them.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::chain::Head;

/// A new file is begun when one is this large.
const FULL: u64 = 4 * 1024 * 1024;
/// No file of ours is larger; what is larger is not read.
const MAX_FILE: u64 = 4 * FULL;

const HEAD: &str = "head.json";
const BASE: &str = "base.json";

/// An end of the chain with the terminal's signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Signed {
    #[serde(flatten)]
    pub head: Head,
    pub signature: String,
}

/// The folder.
#[derive(Clone, Debug)]
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn at(path: &Path) -> Self {
        Self(path.to_owned())
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// Names of the files of records, oldest first.
    pub(super) fn files(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        let entries = match fs::read_dir(&self.0) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(names),
            Err(error) => return Err(error),
        };
        for entry in entries {
            if let Ok(name) = entry?.file_name().into_string()
                && number(&name).is_some()
            {
                names.push(name);
            }
        }
        names.sort_by_key(|name| number(name));
        Ok(names)
    }

    pub(super) fn content(&self, name: &str) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        File::open(self.0.join(name))?
            .take(MAX_FILE)
            .read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Opens the newest file for more records, or begins the first.
    pub(super) fn newest(&self) -> io::Result<File> {
        let last = self.files()?.last().and_then(|name| number(name));
        self.open(last.unwrap_or(1))
    }

    /// Begins another file when this one is full.
    pub(super) fn next_if_full(&self, file: &File) -> io::Result<Option<File>> {
        if file.metadata()?.len() < FULL {
            return Ok(None);
        }
        let last = self.files()?.last().and_then(|name| number(name));
        self.open(last.unwrap_or(0) + 1).map(Some)
    }

    fn open(&self, number: u32) -> io::Result<File> {
        let mut file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .mode(0o600)
            .open(self.0.join(format!("{number:06}.log")))?;
        file.seek(SeekFrom::End(0))?;
        self.settle()?;
        Ok(file)
    }

    pub(super) fn remove(&self, name: &str) -> io::Result<()> {
        fs::remove_file(self.0.join(name))?;
        self.settle()
    }

    /// The signed end, if there is one that can be read.
    pub(super) fn head(&self) -> Option<Signed> {
        self.signed(HEAD)
    }

    /// The signed beginning, if anything was deleted.
    pub(super) fn base(&self) -> Option<Signed> {
        self.signed(BASE)
    }

    pub(super) fn put_head(&self, signed: &Signed) -> io::Result<()> {
        self.put(HEAD, signed)
    }

    pub(super) fn put_base(&self, signed: &Signed) -> io::Result<()> {
        self.put(BASE, signed)
    }

    fn signed(&self, name: &str) -> Option<Signed> {
        serde_json::from_slice(&self.content(name).ok()?).ok()
    }

    /// Whole or not at all, whatever happens meanwhile.
    fn put(&self, name: &str, signed: &Signed) -> io::Result<()> {
        let new = self.0.join(format!("{name}.new"));
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&new)?;
        file.write_all(&serde_json::to_vec(signed)?)?;
        file.sync_data()?;
        fs::rename(&new, self.0.join(name))?;
        self.settle()
    }

    fn settle(&self) -> io::Result<()> {
        File::open(&self.0)?.sync_all()
    }
}

fn number(name: &str) -> Option<u32> {
    let digits = name.strip_suffix(".log")?;
    (digits.len() == 6).then(|| digits.parse().ok()).flatten()
}

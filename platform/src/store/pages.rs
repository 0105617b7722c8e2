//! Sealed pages as files, each named by its digest: whole and durable, or not there.

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use jinban_api::ids::ContentDigest;
use sm3::{Digest, Sm3};
use tokio::fs::{self, File};
use tokio::io::AsyncWriteExt;
use ulid::Ulid;

use crate::crypto::hex;

/// A digest that is safe to be a file's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageName(String);

impl PageName {
    /// `None` unless it is 64 lower-case hexadecimal digits.
    pub fn parse(digest: &str) -> Option<Self> {
        let shape = digest.len() == 64
            && digest
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        shape.then(|| Self(digest.to_owned()))
    }

    /// The digest again.
    pub fn digest(&self) -> ContentDigest {
        ContentDigest(self.0.clone())
    }
}

/// The folder of pages.
#[derive(Clone, Debug)]
pub struct PageStore {
    pages: PathBuf,
    incoming: PathBuf,
}

impl PageStore {
    /// Opens the folder.
    pub async fn open(dir: &Path) -> io::Result<Self> {
        let store = Self {
            pages: dir.to_owned(),
            incoming: dir.join("incoming"),
        };
        fs::create_dir_all(&store.incoming).await?;
        Ok(store)
    }

    /// Forgets what was only half received when the program ended. Only for whoever receives pages: another
    /// process on the same folder may be receiving one.
    pub async fn forget_unfinished(&self) -> io::Result<()> {
        let mut files = fs::read_dir(&self.incoming).await?;
        while let Some(file) = files.next_entry().await? {
            fs::remove_file(file.path()).await?;
        }
        Ok(())
    }

    /// Length in bytes of a page that has arrived.
    pub async fn length(&self, name: &PageName) -> io::Result<Option<u64>> {
        match fs::metadata(self.path(name)).await {
            Ok(metadata) => Ok(Some(metadata.len())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The body of a page that has arrived.
    pub async fn read(&self, name: &PageName) -> io::Result<Vec<u8>> {
        fs::read(self.path(name)).await
    }

    /// Begins receiving a page.
    pub async fn receive(&self) -> io::Result<Incoming> {
        let path = self.incoming.join(Ulid::generate().to_string());
        let file = File::create_new(&path).await?;
        Ok(Incoming {
            file,
            path,
            sm3: Sm3::new(),
            length: 0,
        })
    }

    /// Keeps a page that was received under `name`. It is durable when this returns.
    pub async fn keep(&self, mut incoming: Incoming, name: &PageName) -> io::Result<Kept> {
        if hex(&incoming.sm3.finalize_reset()) != name.0 {
            return Ok(Kept::OtherDigest);
        }
        incoming.file.flush().await?;
        incoming.file.sync_all().await?;
        let path = self.path(name);
        let existed = fs::try_exists(&path).await?;
        let folder = self.folder(name);
        fs::create_dir_all(&folder).await?;
        fs::rename(&incoming.path, &path).await?;
        File::open(&folder).await?.sync_all().await?;
        File::open(&self.pages).await?.sync_all().await?;
        Ok(if existed { Kept::Before } else { Kept::New })
    }

    /// Pages that arrived or were sent again more than `age` ago.
    pub async fn older_than(&self, age: Duration) -> io::Result<Vec<PageName>> {
        let mut old = Vec::new();
        let Some(limit) = SystemTime::now().checked_sub(age) else {
            return Ok(old);
        };
        let mut folders = fs::read_dir(&self.pages).await?;
        while let Some(folder) = folders.next_entry().await? {
            if folder.path() == self.incoming || !folder.file_type().await?.is_dir() {
                continue;
            }
            let mut files = fs::read_dir(folder.path()).await?;
            while let Some(file) = files.next_entry().await? {
                let name = file.file_name().to_str().and_then(PageName::parse);
                if let Some(name) = name
                    && file.metadata().await?.modified()? < limit
                {
                    old.push(name);
                }
            }
        }
        Ok(old)
    }

    /// Forgets a page.
    pub async fn forget(&self, name: &PageName) -> io::Result<()> {
        fs::remove_file(self.path(name)).await
    }

    fn folder(&self, name: &PageName) -> PathBuf {
        self.pages.join(&name.0[..2])
    }

    fn path(&self, name: &PageName) -> PathBuf {
        self.folder(name).join(&name.0)
    }
}

/// What became of a page that was received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It is here now.
    New,
    /// It was here before; nothing changed.
    Before,
    /// The bytes do not have the digest they are named by; nothing is kept.
    OtherDigest,
}

/// A page that is being received; gone when it is dropped before it was kept.
#[derive(Debug)]
pub struct Incoming {
    file: File,
    path: PathBuf,
    sm3: Sm3,
    length: u64,
}

impl Incoming {
    /// Takes the next bytes.
    pub async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.length += bytes.len() as u64;
        self.sm3.update(bytes);
        self.file.write_all(bytes).await
    }

    /// Bytes taken so far.
    pub fn length(&self) -> u64 {
        self.length
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        // After it was kept, there is nothing under this name any more.
        let _ = std::fs::remove_file(&self.path);
    }
}

//! Sealed pages, each named by its digest: whole and durable, or not there. In a folder, or in any storage that
//! speaks S3, which all processes of one platform share.

use std::fmt;
use std::path::Path as FilePath;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use futures_util::TryStreamExt;
use jiff::Timestamp;
use jinban_api::ids::ContentDigest;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{ObjectStore, ObjectStoreExt, RetryConfig};
use sm3::{Digest, Sm3};

use crate::crypto::hex;

/// Why a page cannot be kept or read.
pub type StorageError = object_store::Error;

/// How long a bucket that does not answer is asked again.
const PATIENCE: Duration = Duration::from_secs(10);

/// A digest that is safe to be a name in any storage.
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

    fn path(&self) -> Path {
        Path::from_iter([&self.0[..2], &self.0])
    }
}

/// A bucket that speaks S3, and the folder in it: `s3://BUCKET` or `s3://BUCKET/FOLDER`. Who we are there, and
/// where it is, say the variables `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_ENDPOINT`, `AWS_REGION`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    name: String,
    folder: Path,
}

/// The text is not the address of a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a bucket is named s3://BUCKET or s3://BUCKET/FOLDER")]
pub struct NotABucket;

impl FromStr for Bucket {
    type Err = NotABucket;

    fn from_str(text: &str) -> Result<Self, NotABucket> {
        let rest = text.strip_prefix("s3://").ok_or(NotABucket)?;
        let (name, folder) = rest.split_once('/').unwrap_or((rest, ""));
        if name.is_empty() {
            return Err(NotABucket);
        }
        Ok(Self {
            name: name.to_owned(),
            folder: Path::parse(folder).map_err(|_| NotABucket)?,
        })
    }
}

/// All pages.
#[derive(Clone)]
pub struct PageStore {
    storage: Arc<dyn ObjectStore>,
}

/// What became of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It is here now.
    New,
    /// It was here before; nothing changed.
    Before,
    /// The bytes do not have the digest they are named by; nothing is kept.
    OtherDigest,
}

impl PageStore {
    /// Pages in a folder that is there.
    pub fn in_folder(dir: &FilePath) -> Result<Self, StorageError> {
        // A page that was answered for survives a power cut.
        let folder = LocalFileSystem::new_with_prefix(dir)?.with_fsync(true);
        Ok(Self {
            storage: Arc::new(folder),
        })
    }

    /// Pages in a bucket.
    pub fn in_bucket(bucket: &Bucket) -> Result<Self, StorageError> {
        // Whoever embeds the platform may have chosen one before.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let s3 = AmazonS3Builder::from_env()
            .with_bucket_name(&bucket.name)
            .with_retry(RetryConfig {
                retry_timeout: PATIENCE,
                ..RetryConfig::default()
            })
            .build()?;
        Ok(Self {
            storage: Arc::new(PrefixStore::new(s3, bucket.folder.clone())),
        })
    }

    /// Length in bytes of a page that has arrived.
    pub async fn length(&self, name: &PageName) -> Result<Option<u64>, StorageError> {
        match self.storage.head(&name.path()).await {
            Ok(found) => Ok(Some(found.size)),
            Err(StorageError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The body of a page that has arrived.
    pub async fn read(&self, name: &PageName) -> Result<Vec<u8>, StorageError> {
        let found = self.storage.get(&name.path()).await?;
        Ok(found.bytes().await?.into())
    }

    /// Keeps a page under `name`. It is durable when this returns.
    pub async fn keep(&self, body: Vec<u8>, name: &PageName) -> Result<Kept, StorageError> {
        if hex(&Sm3::digest(&body)) != name.0 {
            return Ok(Kept::OtherDigest);
        }
        let before = self.length(name).await?;
        // Written anew even so: a page that is sent again is wanted, and its age counts from today.
        self.storage.put(&name.path(), body.into()).await?;
        Ok(before.map_or(Kept::New, |_| Kept::Before))
    }

    /// Pages that arrived or were sent again more than `age` ago.
    pub async fn older_than(&self, age: Duration) -> Result<Vec<PageName>, StorageError> {
        let limit = Timestamp::now().as_second() - age.as_secs().cast_signed();
        let mut listed = self.storage.list(None);
        let mut old = Vec::new();
        while let Some(page) = listed.try_next().await? {
            let name = page.location.filename().and_then(PageName::parse);
            if let Some(name) = name
                && page.last_modified.timestamp() < limit
            {
                old.push(name);
            }
        }
        Ok(old)
    }

    /// Forgets a page.
    pub async fn forget(&self, name: &PageName) -> Result<(), StorageError> {
        self.storage.delete(&name.path()).await
    }

    /// True when the storage answers.
    pub async fn answers(&self) -> bool {
        // Nothing has this name; to say so, one must have looked.
        self.length(&PageName("0".repeat(64))).await.is_ok()
    }
}

impl fmt::Debug for PageStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PageStore({})", self.storage)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use object_store::memory::InMemory;

    use super::*;

    #[tokio::test]
    async fn a_page_is_kept_whole_under_its_digest_or_not_at_all() {
        let pages = PageStore {
            storage: Arc::new(InMemory::new()),
        };
        let name = PageName::parse(&hex(&Sm3::digest(b"page"))).unwrap();
        assert_eq!(pages.length(&name).await.unwrap(), None);
        let other = pages.keep(b"pages".to_vec(), &name).await.unwrap();
        assert_eq!(other, Kept::OtherDigest);
        assert_eq!(pages.length(&name).await.unwrap(), None);
        for kept in [Kept::New, Kept::Before] {
            assert_eq!(pages.keep(b"page".to_vec(), &name).await.unwrap(), kept);
            assert_eq!(pages.read(&name).await.unwrap(), b"page");
        }
        pages.forget(&name).await.unwrap();
        assert_eq!(pages.length(&name).await.unwrap(), None);
    }

    #[test]
    fn a_bucket_has_a_name_and_perhaps_a_folder() {
        let bucket: Bucket = "s3://jinban/pages/510822".parse().unwrap();
        assert_eq!(bucket.name, "jinban");
        assert_eq!(bucket.folder.as_ref(), "pages/510822");
        assert_eq!("s3://jinban".parse::<Bucket>().unwrap().folder.as_ref(), "");
        for other in [
            "",
            "jinban",
            "s3://",
            "s3:///pages",
            "https://jinban",
            "s3://a/../b",
        ] {
            assert_eq!(other.parse::<Bucket>(), Err(NotABucket), "{other}");
        }
    }
}

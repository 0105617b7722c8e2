//! Bringing the guides up to date from the platform.

use jiff::Timestamp;
use jinban_api::catalogue::CatalogueChanges;

use super::{Applied, Catalogue, CatalogueError};
use crate::platform::{PlatformClient, PlatformError};

/// Why the guides were not brought up to date; what was there before still is.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// The platform did not give them.
    #[error(transparent)]
    Platform(#[from] PlatformError),
    /// They came, but could not be kept.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
}

impl Catalogue {
    /// Asks the platform what changed and applies it. `now` becomes the time of the last sync also when
    /// nothing changed: the guides were then confirmed.
    ///
    /// # Errors
    /// [`SyncError`]; the guides are then as they were.
    pub async fn sync(
        &self,
        platform: &PlatformClient,
        now: Timestamp,
    ) -> Result<Applied, SyncError> {
        let held = self.snapshot();
        let changes = platform.catalogue_since(held.revision()).await?;
        let changes = changes.unwrap_or_else(|| CatalogueChanges {
            revision: held.revision(),
            upserted: Vec::new(),
            removed: Vec::new(),
            themes: held.themes().to_vec(),
        });
        match self.apply(changes, now).await? {
            older @ Applied::Older { .. } => {
                let Some(everything) = platform.catalogue_since(0).await? else {
                    return Ok(older);
                };
                Ok(self.replace(everything, now).await?)
            }
            applied => Ok(applied),
        }
    }
}

//! The catalogue as it travels: what changed since a revision.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::guide::Guide;
use crate::ids::{GuideId, ThemeId};

/// Changes since the revision that was asked for, in order. Applying them all leads to `revision`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CatalogueChanges {
    /// The catalogue's revision after these changes; grows by one with every published batch.
    pub revision: u64,
    /// Guides that are new or have a new version.
    pub upserted: Vec<Guide>,
    /// Guides that were withdrawn.
    pub removed: Vec<GuideId>,
    /// Theme tiles in the order they are shown; the whole list each time.
    pub themes: Vec<Theme>,
}

/// A theme tile 主题.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Theme {
    /// Stable identifier.
    pub id: ThemeId,
    /// What the tile says.
    pub name: String,
    /// Name of an icon the terminal carries.
    pub icon: String,
    /// C0109.2 theme codes gathered under this tile.
    #[serde(default)]
    pub codes: Vec<String>,
}

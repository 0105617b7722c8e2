//! A catalogue as a folder: one guide in each `*.json`, and the tiles in `themes.json`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use jinban_api::catalogue::Theme;
use jinban_api::guide::Guide;
use jinban_api::ids::GuideId;

use crate::intake::compile_form;

const THEMES: &str = "themes.json";

/// A catalogue that was read and may be published.
#[derive(Clone, Debug)]
pub struct CatalogueFolder {
    /// Guides in the order of their ids.
    pub guides: Vec<Guide>,
    /// Theme tiles in the order they are shown.
    pub themes: Vec<Theme>,
}

/// Why a folder is not a catalogue.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The folder or a file cannot be read.
    #[error("{}: {source}", path.display())]
    File {
        /// Which one.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// A file is not JSON of the right shape.
    #[error("{}: {source}", path.display())]
    Shape {
        /// Which file.
        path: PathBuf,
        /// Where and why.
        source: serde_json::Error,
    },
    /// The schema of a form cannot be compiled.
    #[error("{}: the form cannot be used: {reason}", path.display())]
    Form {
        /// Which file.
        path: PathBuf,
        /// What the compiler said.
        reason: String,
    },
    /// Two files have the same guide.
    #[error("the guide {0} is there twice")]
    Twice(GuideId),
    /// Publishing it would withdraw every guide.
    #[error("{}: there is no guide in this folder", path.display())]
    Empty {
        /// Which folder.
        path: PathBuf,
    },
}

impl CatalogueFolder {
    /// Reads a folder; everything in it must be right.
    pub fn read(dir: &Path) -> Result<Self, FolderError> {
        let failed = |source| FolderError::File {
            path: dir.to_owned(),
            source,
        };
        let mut guides = BTreeMap::new();
        let mut themes = Vec::new();
        for entry in fs::read_dir(dir).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            if path.extension().is_none_or(|extension| extension != "json") {
                continue;
            }
            if path.file_name().is_some_and(|name| name == THEMES) {
                themes = parse(&path)?;
                continue;
            }
            let guide: Guide = parse(&path)?;
            if let Err(reason) = compile_form(&guide) {
                return Err(FolderError::Form { path, reason });
            }
            if let Some(twice) = guides.insert(guide.id.clone(), guide) {
                return Err(FolderError::Twice(twice.id));
            }
        }
        if guides.is_empty() {
            return Err(FolderError::Empty {
                path: dir.to_owned(),
            });
        }
        Ok(Self {
            guides: guides.into_values().collect(),
            themes,
        })
    }
}

fn parse<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, FolderError> {
    let text = fs::read(path).map_err(|source| FolderError::File {
        path: path.to_owned(),
        source,
    })?;
    serde_json::from_slice(&text).map_err(|source| FolderError::Shape {
        path: path.to_owned(),
        source,
    })
}

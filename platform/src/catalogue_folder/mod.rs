//! A catalogue as a folder: one guide in each `*.json`, the tiles in `themes.json`, files that guides name in
//! `attachments/`, tables of divisions in `regions/`, and in every other folder one document of the kind that the
//! folder is named after.

mod regions;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use jinban_api::catalogue::{THEMES_KIND, Theme};
use jinban_api::documents::{Document, RegionList};
use jinban_api::guide::Guide;
use jinban_api::ids::{ContentDigest, GuideId};
use serde_json::Value;

use crate::check::{Contradiction, check_whole};
use crate::feed::digest;
use crate::intake::compile_form;
use crate::store::publish::OfferedDocument;

pub use regions::RegionProblem;

const THEMES: &str = "themes.json";
const ATTACHMENTS: &str = "attachments";
const REGIONS: &str = "regions";

/// A catalogue that was read and may be published.
#[derive(Clone, Debug, Default)]
pub struct CatalogueFolder {
    /// Guides in the order of their ids.
    pub guides: Vec<Guide>,
    /// Theme tiles in the order they are shown.
    pub themes: Vec<Theme>,
    /// What stands beside the guides, the theme tiles aside.
    pub documents: Vec<OfferedDocument>,
    /// Files that guides name.
    pub attachments: Vec<(ContentDigest, Vec<u8>)>,
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
    /// A table of divisions does not hold together.
    #[error("{}：{problem}。", path.display())]
    Regions {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        problem: RegionProblem,
    },
    /// Two files have the same guide.
    #[error("the guide {0} is there twice")]
    Twice(GuideId),
    /// A document has neither `id` nor `year`.
    #[error("{}: the document has no id", path.display())]
    Nameless {
        /// Which file.
        path: PathBuf,
    },
    /// What it says in one place does not agree with what it says in another.
    #[error("这份目录前后对不上，没有发布：\n{}", lines(.0))]
    Contradictory(Vec<Contradiction>),
    /// Publishing it would withdraw every guide.
    #[error("{}: there is no guide in this folder", path.display())]
    Empty {
        /// Which folder.
        path: PathBuf,
    },
}

impl CatalogueFolder {
    /// Reads a folder; everything in it must be right, and agree with everything else in it.
    pub fn read(dir: &Path) -> Result<Self, FolderError> {
        let folder = Self::look(dir)?;
        let found = check_whole(&folder);
        if found.is_empty() {
            Ok(folder)
        } else {
            Err(FolderError::Contradictory(found))
        }
    }

    /// Reads a folder that may contradict itself, for whoever is to be told where.
    pub fn look(dir: &Path) -> Result<Self, FolderError> {
        let mut guides = BTreeMap::new();
        let mut folder = Self::default();
        for path in sorted(dir)? {
            if path.is_dir() {
                folder.read_beside(&path)?;
                continue;
            }
            if path.extension().is_none_or(|extension| extension != "json") {
                continue;
            }
            if path.file_name().is_some_and(|name| name == THEMES) {
                folder.themes = parse(&path)?;
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
        folder.guides = guides.into_values().collect();
        Ok(folder)
    }

    /// Everything beside the guides as it is offered for publication.
    pub fn offered_documents(&self) -> Vec<OfferedDocument> {
        let themes = serde_json::to_value(&self.themes).ok();
        let themes = themes.map(|content| OfferedDocument {
            kind: THEMES_KIND.to_owned(),
            id: THEMES_KIND.to_owned(),
            content,
        });
        themes.into_iter().chain(self.documents.clone()).collect()
    }

    fn read_beside(&mut self, dir: &Path) -> Result<(), FolderError> {
        let kind = dir.file_name().unwrap_or_default().to_string_lossy();
        if kind == REGIONS {
            for list in regions::read_regions(dir)? {
                self.documents.push(OfferedDocument {
                    kind: RegionList::KIND.to_owned(),
                    id: list.id(),
                    content: serde_json::to_value(list).map_err(|source| FolderError::Shape {
                        path: dir.to_owned(),
                        source,
                    })?,
                });
            }
            return Ok(());
        }
        for path in sorted(dir)? {
            if kind == ATTACHMENTS {
                let content = read(&path)?;
                self.attachments.push((digest(&content), content));
            } else if path
                .extension()
                .is_some_and(|extension| extension == "json")
            {
                let content: Value = parse(&path)?;
                let id = match content.get("id").or_else(|| content.get("year")) {
                    Some(Value::String(id)) => id.clone(),
                    Some(Value::Number(year)) => year.to_string(),
                    _ => return Err(FolderError::Nameless { path }),
                };
                self.documents.push(OfferedDocument {
                    kind: kind.clone().into_owned(),
                    id,
                    content,
                });
            }
        }
        Ok(())
    }
}

fn lines(found: &[Contradiction]) -> String {
    let lines: Vec<String> = found.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

fn sorted(dir: &Path) -> Result<Vec<PathBuf>, FolderError> {
    let failed = |source| FolderError::File {
        path: dir.to_owned(),
        source,
    };
    let mut paths = Vec::new();
    for entry in fs::read_dir(dir).map_err(failed)? {
        paths.push(entry.map_err(failed)?.path());
    }
    paths.sort();
    Ok(paths)
}

fn read(path: &Path) -> Result<Vec<u8>, FolderError> {
    fs::read(path).map_err(|source| FolderError::File {
        path: path.to_owned(),
        source,
    })
}

fn parse<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, FolderError> {
    let text = read(path)?;
    serde_json::from_slice(&text).map_err(|source| FolderError::Shape {
        path: path.to_owned(),
        source,
    })
}

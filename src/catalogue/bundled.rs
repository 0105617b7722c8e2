//! The sample catalogue inside the program: a fresh terminal has guides before its first sync.

use std::io;
use std::path::Path;
use std::sync::Arc;

use include_dir::{Dir, DirEntry, include_dir};
use jinban_api::catalogue::Theme;
use jinban_api::guide::Guide;
use serde_json::Value;

use super::beside::Beside;

/// `assets/catalogue` as it is: a folder that a platform can publish.
static FOLDER: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/assets/catalogue");

const THEMES: &str = "themes.json";

/// What is inside the program.
#[derive(Clone, Debug)]
pub struct Bundled {
    /// In no particular order.
    pub guides: Vec<Arc<Guide>>,
    /// In the order the tiles are shown.
    pub themes: Vec<Theme>,
    /// What stands beside the guides.
    pub(super) beside: Arc<Beside>,
}

/// The guides and themes built into the program; any platform's are newer.
///
/// A file that does not parse is left out; a test holds that all of them do.
pub fn bundled() -> Bundled {
    let guides = guides()
        .filter_map(|(_, json)| serde_json::from_str::<Guide>(json).ok())
        .map(Arc::new)
        .collect();
    let documents = FOLDER.dirs().flat_map(|kind| {
        let kind_name = kind.path().to_string_lossy().into_owned();
        texts(kind, "json").filter_map(move |(_, json)| {
            let content: Value = serde_json::from_str(json).ok()?;
            let id = content["id"].as_str()?.to_owned();
            Some(((kind_name.clone(), id), json.into()))
        })
    });
    Bundled {
        guides,
        themes: serde_json::from_str(text(THEMES)).unwrap_or_default(),
        beside: Arc::new(Beside::of(documents)),
    }
}

/// Writes the sample catalogue into `dir`, which exists, as a folder that a platform can publish.
///
/// # Errors
/// What the operating system said.
pub fn write_sample_catalogue(dir: &Path) -> io::Result<()> {
    FOLDER.extract(dir)
}

/// A file of the folder; empty when it is not there, which a test holds not to be so.
pub(super) fn text(path: &str) -> &'static str {
    let file = FOLDER.get_file(path);
    file.and_then(include_dir::File::contents_utf8)
        .unwrap_or_default()
}

/// File name without `.json`, and content, of each guide.
pub(super) fn guides() -> impl Iterator<Item = (&'static str, &'static str)> {
    texts(&FOLDER, "json").filter(|(name, _)| format!("{name}.json") != THEMES)
}

fn texts(
    dir: &'static Dir<'static>,
    extension: &'static str,
) -> impl Iterator<Item = (&'static str, &'static str)> {
    let files = dir.entries().iter().filter_map(DirEntry::as_file);
    files.filter_map(move |file| {
        let is_one = file.path().extension()? == extension;
        let name = file.path().file_stem()?.to_str()?;
        is_one.then_some((name, file.contents_utf8()?))
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    /// The whole content of a folder, file by file.
    fn content(dir: &Path) -> Vec<(String, Vec<u8>)> {
        let mut files = Vec::new();
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                let below = content(&path).into_iter();
                files.extend(below.map(|(file, content)| (format!("{name}/{file}"), content)));
            } else {
                files.push((name, std::fs::read(&path).unwrap()));
            }
        }
        files.sort();
        files
    }

    #[test]
    fn what_is_built_in_is_the_folder_and_can_be_written_as_one() {
        let dir = tempfile::tempdir().unwrap();
        write_sample_catalogue(dir.path()).unwrap();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/catalogue");
        let (written, on_disk) = (content(dir.path()), content(&folder));
        let names = |files: &[(String, Vec<u8>)]| -> Vec<String> {
            files.iter().map(|(name, _)| name.clone()).collect()
        };
        assert_eq!(names(&written), names(&on_disk));
        assert!(written == on_disk);
        let published = jinban_platform::CatalogueFolder::read(dir.path()).unwrap();
        assert!(published.attachments.len() > 50);
    }

    #[test]
    fn every_guide_parses_and_keeps_its_own_name() {
        for (slug, json) in guides() {
            let guide: Guide =
                serde_json::from_str(json).unwrap_or_else(|error| panic!("{slug}.json: {error}"));
            assert_eq!(guide.id.as_str(), slug);
        }
        assert_eq!(bundled().guides.len(), guides().count());
        assert_eq!(bundled().themes.len(), 12);
    }
}

//! Reading profiles: the shipped ones from the program, the site's own from a folder.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use super::matching::{Sighting, Suggestion};
use super::model::Profile;

/// Why a profile was refused. The others are there all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileProblem {
    /// The file.
    pub file: PathBuf,
    /// The line where it goes wrong, counted from 1.
    pub line: Option<usize>,
    /// What is wrong.
    pub reason: String,
}

impl fmt::Display for ProfileProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", self.reason)
    }
}

/// All profiles by name. The name of a profile is the name of its file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProfileSet {
    profiles: BTreeMap<String, Profile>,
}

macro_rules! shipped {
    ($($name:literal),* $(,)?) => {
        /// The profiles that are part of the program, each with its name.
        pub(super) const SHIPPED: &[(&str, &str)] = &[
            $(($name, include_str!(concat!("../../profiles/", $name, ".toml")))),*
        ];
    };
}

shipped![
    "custom-k80",
    "custom-kpm210",
    "custom-vkp80",
    "epson-tm-t20",
    "epson-tm-t20ii",
    "epson-tm-t70ii-ch",
    "epson-tm-t88iv",
    "generic-58mm",
    "generic-80mm",
    "generic-barcode",
    "generic-hid-pos",
    "generic-keyboard-scanner",
    "grow-gm65",
    "grow-gm805",
    "honeywell",
    "masung-ep800",
    "masung-ms-d347",
    "newland-nls",
    "routon-sam-v",
    "sam-v",
    "synjones-sam-v",
    "yinan-sam-v",
    "zebra-ssi",
];

impl ProfileSet {
    /// The shipped profiles.
    pub fn shipped() -> Self {
        let profiles = SHIPPED
            .iter()
            // A test holds that none of them is refused.
            .filter_map(|(name, text)| Some(((*name).to_owned(), parse(text).ok()?)))
            .collect();
        Self { profiles }
    }

    /// The shipped profiles and those in a folder, which come first where names are equal.
    ///
    /// A folder that does not exist is an empty one. What cannot be read is reported and left out;
    /// a shipped profile of that name then stays as it was.
    pub fn load(folder: &Path) -> (Self, Vec<ProfileProblem>) {
        let mut set = Self::shipped();
        let mut problems = Vec::new();
        for file in toml_files(folder, &mut problems) {
            let Some(name) = file.file_stem().and_then(|stem| stem.to_str()) else {
                continue;
            };
            let parsed = std::fs::read_to_string(&file)
                .map_err(|error| (None, error.to_string()))
                .and_then(|text| parse(&text));
            match parsed {
                Ok(profile) => {
                    set.profiles.insert(name.to_owned(), profile);
                }
                Err((line, reason)) => problems.push(ProfileProblem { file, line, reason }),
            }
        }
        (set, problems)
    }

    /// A profile by its name.
    pub fn get(&self, name: &str) -> Option<&Profile> {
        self.profiles.get(name)
    }

    /// All of them with their names, in the order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Profile)> {
        self.profiles
            .iter()
            .map(|(name, profile)| (name.as_str(), profile))
    }

    /// The profiles that fit a device, the likeliest first.
    pub fn suggest(&self, sighting: &Sighting) -> Vec<Suggestion> {
        let mut fitting: Vec<Suggestion> = self
            .iter()
            .filter_map(|(name, profile)| {
                let reason = profile.fits(sighting)?;
                let profile = name.to_owned();
                Some(Suggestion { profile, reason })
            })
            .collect();
        fitting.sort_by(|a, b| b.reason.cmp(&a.reason).then(a.profile.cmp(&b.profile)));
        fitting
    }
}

fn toml_files(folder: &Path, problems: &mut Vec<ProfileProblem>) -> Vec<PathBuf> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Vec::new(),
        Err(error) => {
            problems.push(ProfileProblem {
                file: folder.to_owned(),
                line: None,
                reason: error.to_string(),
            });
            return Vec::new();
        }
    };
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ext| ext == "toml"))
        .collect();
    files.sort();
    files
}

/// Reads one profile, or tells the line and the reason why not.
pub(super) fn parse(text: &str) -> Result<Profile, (Option<usize>, String)> {
    toml::from_str(text).map_err(|error| {
        let line = error
            .span()
            .map(|span| 1 + text[..span.start.min(text.len())].matches('\n').count());
        (line, error.message().to_owned())
    })
}

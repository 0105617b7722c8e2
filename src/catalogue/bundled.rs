//! The sample catalogue inside the program: a fresh terminal has guides before its first sync.

use std::sync::Arc;

use jinban_api::catalogue::Theme;
use jinban_api::documents::{Bundle, Document};
use jinban_api::guide::Guide;
use serde_json::Value;

use super::beside::Beside;

/// What is inside the program.
#[derive(Clone, Debug)]
pub struct Bundled {
    /// In no particular order.
    pub guides: Vec<Arc<Guide>>,
    /// In the order the tiles are shown.
    pub themes: Vec<Theme>,
    /// What stands beside the guides.
    pub beside: Arc<Beside>,
}

macro_rules! guide_files {
    ($($slug:literal),* $(,)?) => {
        /// File name without `.json`, and content.
        pub(super) const GUIDES: &[(&str, &str)] = &[
            $(($slug, include_str!(concat!("../../assets/catalogue/", $slug, ".json")))),*
        ];
    };
}

guide_files![
    "birth-household",
    "birth-registration",
    "chronic-outpatient",
    "disability-certificate",
    "disability-subsidy",
    "extreme-poverty-support",
    "farmland-subsidy",
    "field-fire",
    "flexible-employment-subsidy",
    "homestead",
    "hospital-reimburse",
    "id-card",
    "individual-business",
    "legal-aid",
    "logging-permit",
    "marriage-appointment",
    "medical-enrol",
    "minimum-living",
    "pension-cancel",
    "pension-certify",
    "pension-claim",
    "pension-enrol",
    "remote-medical",
    "residence-permit",
    "senior-allowance",
    "senior-card",
    "social-card",
    "temporary-relief",
    "unemployment",
    "unsafe-house-query",
    "veteran-card",
    "village-vet",
];

/// The theme services 一件事.
pub(super) const BUNDLES: &[&str] = &[
    include_str!("../../assets/catalogue/bundle/newborn.json"),
    include_str!("../../assets/catalogue/bundle/farewell.json"),
    include_str!("../../assets/catalogue/bundle/retirement.json"),
    include_str!("../../assets/catalogue/bundle/shop.json"),
];

pub(super) const THEMES: &str = include_str!("../../assets/catalogue/themes.json");

/// The guides and themes built into the program; any platform's are newer.
///
/// A file that does not parse is left out; a test holds that all of them do.
pub fn bundled() -> Bundled {
    let guides = GUIDES
        .iter()
        .filter_map(|(_, json)| serde_json::from_str::<Guide>(json).ok())
        .map(Arc::new)
        .collect();
    let themes = serde_json::from_str::<Vec<Theme>>(THEMES).unwrap_or_default();
    let documents = BUNDLES.iter().filter_map(|json| {
        let content: Value = serde_json::from_str(json).ok()?;
        let id = content["id"].as_str()?.to_owned();
        Some(((Bundle::KIND.to_owned(), id), content))
    });
    Bundled {
        guides,
        themes,
        beside: Arc::new(Beside::of(documents)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_file_in_the_folder_is_built_in() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/catalogue");
        let on_disk: BTreeSet<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter_map(|name| name.strip_suffix(".json").map(str::to_owned))
            .filter(|name| name != "themes")
            .collect();
        let built_in: BTreeSet<String> =
            GUIDES.iter().map(|(slug, _)| (*slug).to_owned()).collect();
        assert_eq!(on_disk, built_in);
    }

    #[test]
    fn every_file_parses_and_keeps_its_own_name() {
        for (slug, json) in GUIDES {
            let guide: Guide =
                serde_json::from_str(json).unwrap_or_else(|error| panic!("{slug}.json: {error}"));
            assert_eq!(guide.id.as_str(), *slug);
        }
        assert_eq!(bundled().guides.len(), GUIDES.len());
        assert_eq!(bundled().themes.len(), 12);
    }
}

//! What lists and search results need of a guide; the whole guide is fetched when it is shown.

use std::sync::Arc;

use jinban_api::guide::{Audience, Guide, Season, TerminalHandling};
use jinban_api::ids::{GuideId, ThemeId};
use serde::{Deserialize, Serialize};

/// A guide as lists and search see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GuideEntry {
    /// 记录唯一标识.
    pub id: GuideId,
    /// 事项版本.
    pub version: u32,
    /// 事项名称, the official name.
    pub name: String,
    /// What people call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub short_name: Option<String>,
    /// Colloquial words that the platform gave it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Item codes as published, under whatever scheme.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub codes: Vec<String>,
    /// 实施主体; one text for all guides of a department.
    #[serde(with = "shared_text")]
    pub department: Arc<str>,
    /// Theme tiles it stands under.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub themes: Vec<ThemeId>,
    /// 服务对象 names 法人 or other organisations: shops, farms, firms.
    #[serde(default)]
    pub for_organisations: bool,
    /// What can be done at a terminal.
    pub handling: Handling,
    /// Whether a draft can be begun at a terminal.
    #[serde(default)]
    pub fileable: bool,
    /// When in the year people come for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub season: Option<Season>,
    /// One or two plain sentences: what this is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub summary: String,
}

/// [`TerminalHandling`] without its reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Handling {
    /// 此机可办.
    Full,
    /// 需本人到场.
    InPerson,
    /// 只看指南.
    GuideOnly,
}

impl From<&Guide> for Handling {
    /// What nobody said can be done here cannot.
    fn from(guide: &Guide) -> Self {
        match guide.handling() {
            Some(TerminalHandling::Full) => Self::Full,
            Some(TerminalHandling::InPerson { .. }) => Self::InPerson,
            Some(TerminalHandling::GuideOnly { .. }) | None => Self::GuideOnly,
        }
    }
}

impl GuideEntry {
    /// The name for narrow places: what people call it, or else the official name.
    pub fn display_name(&self) -> &str {
        self.short_name.as_deref().unwrap_or(&self.name)
    }

    /// Whether people come for it in this month (1–12).
    pub fn in_season(&self, month: i8) -> bool {
        (self.season.iter())
            .flat_map(|season| &season.months)
            .any(|&m| i16::from(m) == i16::from(month))
    }
}

impl From<&Guide> for GuideEntry {
    fn from(guide: &Guide) -> Self {
        let handling = Handling::from(guide);
        Self {
            id: guide.id.clone(),
            version: guide.version,
            name: guide.name.clone(),
            short_name: guide.short_name.clone(),
            aliases: guide.aliases.clone(),
            codes: guide.codes.iter().map(|code| code.value.clone()).collect(),
            department: guide.department.name.as_str().into(),
            themes: guide.themes.clone(),
            for_organisations: (guide.audience.iter())
                .any(|audience| audience.known() == Some(&Audience::Organisation)),
            handling,
            fileable: guide.form.is_some() && handling != Handling::GuideOnly,
            season: guide.season.clone(),
            summary: guide.summary.clone(),
        }
    }
}

/// A shared text is stored like any other.
mod shared_text {
    use std::sync::Arc;

    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(text: &str, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(text)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Arc<str>, D::Error> {
        String::deserialize(from).map(Into::into)
    }
}

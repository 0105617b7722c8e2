//! `place.toml`: where the terminal stands, and whom people can ask.

use jinban_api::ids::AreaCode;

use super::reader::Section;
use super::rules;

/// Where the terminal stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// What the status bar says: 青溪镇便民服务中心.
    pub name: String,
    /// 县.
    pub county: String,
    /// 镇.
    pub town: String,
    /// 村码, 12 digits.
    pub village_code: AreaCode,
    /// 县级区划代码, 6 digits: whose number series cases get.
    pub area_code: AreaCode,
    /// Opening hours in words.
    pub hours: String,
    /// Numbers anybody may ring; at least one.
    pub hotlines: Vec<Hotline>,
    /// 代办员 of this place.
    pub agents: Vec<AgentContact>,
}

/// A number anybody may ring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hotline {
    /// What it is for.
    pub name: String,
    /// As it is dialled.
    pub number: String,
}

/// Somebody who helps 代办员.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentContact {
    /// As people call them.
    pub name: String,
    /// Telephone.
    pub phone: String,
    /// When they can be reached, in words.
    pub hours: String,
}

impl Place {
    /// `terminal_id` and `data_dir` stand in the same file and are read by the caller.
    pub(super) fn read(section: &Section<'_>) -> Self {
        let area_code = section.text("area_code", &rules::digits(6, "510822"));
        let village_code = section.text("village_code", &rules::digits(12, "510822101210"));
        let both = village_code.len() == 12 && area_code.len() == 6;
        if both && !village_code.starts_with(&area_code) {
            section.report_here(
                format!("village_code {village_code} 不在 area_code {area_code} 里"),
                "村码的前6位就是县码，请对照改一个",
            );
        }
        let hotlines: Vec<_> = section
            .sections("hotlines")
            .iter()
            .map(|hotline| Hotline {
                name: hotline.text("name", &rules::filled),
                number: hotline.text("number", &rules::phone),
            })
            .collect();
        if hotlines.is_empty() {
            section.report_here(
                "没有 [[hotlines]] 求助电话".to_owned(),
                "请至少写一个，群众遇到困难时要打得通",
            );
        }
        let agents = section
            .sections("agents")
            .iter()
            .map(|agent| AgentContact {
                name: agent.text("name", &rules::filled),
                phone: agent.text("phone", &rules::phone),
                hours: agent.text("hours", &rules::filled),
            })
            .collect();
        Self {
            name: section.text("name", &rules::filled),
            county: section.text("county", &rules::filled),
            town: section.text("town", &rules::filled),
            village_code: village_code.into(),
            area_code: area_code.into(),
            hours: section.text("hours", &rules::filled),
            hotlines,
            agents,
        }
    }
}

//! What stands on the paper that a person takes home. It says which of the two numbers it shows, and promises
//! nothing that has not happened.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jinban_api::guide::TimeLimit;
use jinban_api::ids::{CaseNumber, LocalNumber, QueryCode};
use jinban_devices::receipt::{Block, QrSize, Receipt, RuleStyle};

use super::local_number::time_in_china;
use super::store::SlipKind;
use super::view::{CaseView, SlipHow, SlipMaterial};
use crate::language::Language;
use crate::wording;

/// Where the terminal stands and whom to call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlipPlace {
    /// Name of the service room.
    pub name: String,
    /// Hotlines with what they are for.
    pub hotlines: Vec<(String, String)>,
}

/// A slip, before anybody knows how wide the paper is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReceiptSlip {
    /// 本机暂存: the platform has not answered yet.
    Local {
        /// 本机暂存号.
        number: LocalNumber,
        /// What both slips say.
        common: SlipCommon,
    },
    /// The platform has it.
    Official {
        /// 办件编号.
        number: CaseNumber,
        /// 查询码.
        query_code: QueryCode,
        /// When the platform received it.
        received_at: Option<DateTime>,
        /// Day by which the promise falls due.
        promised_by: Option<Date>,
        /// What both slips say.
        common: SlipCommon,
    },
}

/// What both slips say.
#[derive(Clone, PartialEq, Eq)]
pub struct SlipCommon {
    matter: String,
    applicant: String,
    id_number: String,
    materials: Vec<SlipMaterial>,
    submitted_at: DateTime,
    clock_trusted: bool,
    promised_time: Option<TimeLimit>,
    consult_phone: String,
    place: SlipPlace,
    copy: u32,
    printed_at: DateTime,
}

impl std::fmt::Debug for SlipCommon {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SlipCommon(copy {})", self.copy)
    }
}

impl ReceiptSlip {
    /// The slip for a case as it stands now. `copy` is 0 for the first and n for 副本 n, see the print ledger.
    pub fn of(case: &CaseView, place: &SlipPlace, copy: u32, now: Timestamp) -> Self {
        let common = SlipCommon {
            matter: case.guide_name.clone(),
            applicant: case.slip.applicant.clone(),
            id_number: case.slip.id_number.clone(),
            materials: case.slip.materials.clone(),
            submitted_at: time_in_china(case.submitted_at),
            clock_trusted: case.clock_trusted,
            promised_time: case.slip.promised_time,
            consult_phone: case.slip.consult_phone.clone(),
            place: place.clone(),
            copy,
            printed_at: time_in_china(now),
        };
        match &case.official {
            None => Self::Local {
                number: case.local_number.clone(),
                common,
            },
            Some(official) => Self::Official {
                number: official.number.clone(),
                query_code: official.query_code.clone(),
                received_at: official.received_at.parse().ok().map(time_in_china),
                promised_by: official.promised_by,
                common,
            },
        }
    }

    /// Which of the two it is, for the print ledger.
    pub fn kind(&self) -> SlipKind {
        match self {
            Self::Local { .. } => SlipKind::Local,
            Self::Official { .. } => SlipKind::Official,
        }
    }

    /// The slip as it is drawn, in this language. The window reads it too: what it must recognise is Chinese in every
    /// language.
    pub fn to_receipt(&self, language: Language) -> Receipt {
        let locale = language.code();
        let mut blocks = vec![Block::Title(said(t!("receipt.title", locale = locale)))];
        let common = self.common();
        if common.copy > 0 {
            blocks.push(Block::Heading(said(t!(
                "receipt.copy",
                locale = locale,
                n = common.copy
            ))));
        }
        match self {
            Self::Local { number, .. } => {
                blocks.push(Block::Banner(said(t!(
                    "receipt.not_accepted",
                    locale = locale
                ))));
                blocks.push(Block::field(
                    t!("receipt.local_number", locale = locale),
                    number.as_str(),
                ));
            }
            Self::Official {
                number,
                query_code,
                received_at,
                ..
            } => {
                blocks.push(Block::field(
                    t!("receipt.number", locale = locale),
                    number.as_str(),
                ));
                blocks.push(Block::field(
                    t!("receipt.query_code", locale = locale),
                    query_code.as_str(),
                ));
                if let Some(at) = received_at {
                    let label = t!("receipt.received_at", locale = locale);
                    blocks.push(Block::field(label, minute(*at)));
                }
            }
        }
        blocks.push(Block::Rule(RuleStyle::Solid));
        blocks.extend(common.facts(language));
        blocks.push(Block::Rule(RuleStyle::Dashed));
        blocks.push(Block::Heading(said(t!("receipt.next", locale = locale))));
        blocks.extend(self.what_next(language).into_iter().map(Block::Text));
        if let Self::Official { number, .. } = self {
            blocks.push(Block::Space(2));
            blocks.push(Block::Qr {
                data: number.as_str().to_owned(),
                size: QrSize::Medium,
            });
            blocks.push(Block::Small(said(t!(
                "receipt.ask_progress",
                locale = locale
            ))));
        }
        blocks.push(Block::Rule(RuleStyle::Dashed));
        blocks.extend(common.foot(language));
        blocks.push(Block::Text(self.statement(language)));
        Receipt { blocks }
    }

    fn common(&self) -> &SlipCommon {
        match self {
            Self::Local { common, .. } | Self::Official { common, .. } => common,
        }
    }

    /// What this paper proves, and what it does not.
    fn statement(&self, language: Language) -> String {
        let locale = language.code();
        said(match self {
            Self::Local { .. } => t!("receipt.proves_stored", locale = locale),
            Self::Official { .. } => t!("receipt.proves_received", locale = locale),
        })
    }

    fn what_next(&self, language: Language) -> Vec<String> {
        let locale = language.code();
        let common = self.common();
        let mut lines = match self {
            Self::Local { .. } => vec![
                said(t!("receipt.sent_by_itself", locale = locale)),
                said(t!("receipt.come_back", locale = locale)),
            ],
            Self::Official { promised_by, .. } => {
                let mut lines = vec![said(t!("receipt.department_looks", locale = locale))];
                match (promised_by, common.promised_time) {
                    (Some(day), _) => {
                        let day = wording::date_in(*day, language);
                        lines.push(said(t!("receipt.done_by", locale = locale, day = day)));
                    }
                    (None, Some(limit)) => lines.extend(promise(limit, language)),
                    (None, None) => {}
                }
                lines
            }
        };
        let named = |wanted: SlipHow| -> Option<String> {
            let of_kind = common
                .materials
                .iter()
                .filter(|material| material.how == wanted);
            let names: Vec<_> = of_kind.map(|material| material.name.as_str()).collect();
            (!names.is_empty()).then(|| names.join(&t!("list.and", locale = locale)))
        };
        if let Some(names) = named(SlipHow::Promised) {
            lines.push(said(t!(
                "receipt.to_follow",
                locale = locale,
                names = names
            )));
        }
        if let Some(names) = named(SlipHow::Window) {
            lines.push(said(t!(
                "receipt.to_window",
                locale = locale,
                names = names
            )));
        }
        lines
    }
}

impl SlipCommon {
    fn facts(&self, language: Language) -> Vec<Block> {
        let locale = language.code();
        let mut blocks = vec![
            Block::field(t!("receipt.matter", locale = locale), &self.matter),
            Block::field(t!("receipt.applicant", locale = locale), &self.applicant),
            Block::field(t!("receipt.id_number", locale = locale), &self.id_number),
            Block::field(
                t!("receipt.submitted_at", locale = locale),
                minute(self.submitted_at),
            ),
        ];
        if !self.clock_trusted {
            blocks.push(Block::Small(said(t!(
                "receipt.clock_untrusted",
                locale = locale
            ))));
        }
        blocks.push(Block::Rule(RuleStyle::Dashed));
        blocks.push(Block::Heading(said(t!(
            "receipt.materials",
            locale = locale
        ))));
        blocks.extend(
            self.materials
                .iter()
                .map(|material| Block::row(&material.name, taken(material.how, language))),
        );
        blocks
    }

    fn foot(&self, language: Language) -> Vec<Block> {
        let locale = language.code();
        let mut blocks = vec![
            Block::field(t!("receipt.place", locale = locale), &self.place.name),
            Block::field(t!("receipt.consult", locale = locale), &self.consult_phone),
        ];
        blocks.extend(
            self.place
                .hotlines
                .iter()
                .map(|(name, number)| Block::field(name, number)),
        );
        blocks.push(Block::field(
            t!("receipt.printed_at", locale = locale),
            minute(self.printed_at),
        ));
        blocks
    }
}

fn said(words: Cow<'static, str>) -> String {
    words.into_owned()
}

fn taken(how: SlipHow, language: Language) -> Cow<'static, str> {
    let locale = language.code();
    match how {
        SlipHow::Pages(count) => t!("receipt.pages", locale = locale, count = count),
        SlipHow::Card => t!("receipt.card", locale = locale),
        SlipHow::Form => t!("receipt.form", locale = locale),
        SlipHow::Shared => t!("receipt.shared", locale = locale),
        SlipHow::Promised => t!("receipt.promised", locale = locale),
        SlipHow::Window => t!("receipt.window", locale = locale),
    }
}

fn promise(limit: TimeLimit, language: Language) -> Option<String> {
    let locale = language.code();
    Some(said(match limit {
        TimeLimit::OnTheSpot => return None,
        TimeLimit::WorkingDays(count) => {
            t!(
                "receipt.within_working_days",
                locale = locale,
                count = count
            )
        }
        TimeLimit::CalendarDays(count) => {
            t!("receipt.within_days", locale = locale, count = count)
        }
        TimeLimit::Hours(count) => t!("receipt.within_hours", locale = locale, count = count),
    }))
}

fn minute(at: DateTime) -> String {
    format!("{} {:02}:{:02}", at.date(), at.hour(), at.minute())
}

#[cfg(test)]
mod tests;

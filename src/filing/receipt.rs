//! What stands on the paper that a person takes home. It says which of the two numbers it shows, and promises
//! nothing that has not happened.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jinban_api::guide::TimeLimit;
use jinban_api::ids::{CaseNumber, LocalNumber, QueryCode};
use jinban_devices::receipt::{Block, QrSize, Receipt, RuleStyle};

use super::local_number::time_in_china;
use super::store::SlipKind;
use super::view::{CaseView, SlipHow, SlipMaterial};

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

    /// The slip as it is drawn.
    pub fn to_receipt(&self) -> Receipt {
        let mut blocks = vec![Block::Title("收件回执".to_owned())];
        let common = self.common();
        if common.copy > 0 {
            blocks.push(Block::Heading(format!("副本 {}", common.copy)));
        }
        match self {
            Self::Local { number, .. } => {
                blocks.push(Block::Banner("本机暂存，尚未受理".to_owned()));
                blocks.push(Block::field("本机暂存号", number.as_str()));
            }
            Self::Official {
                number,
                query_code,
                received_at,
                ..
            } => {
                blocks.push(Block::field("办件编号", number.as_str()));
                blocks.push(Block::field("查询码", query_code.as_str()));
                if let Some(at) = received_at {
                    blocks.push(Block::field("收到时间", minute(*at)));
                }
            }
        }
        blocks.push(Block::Rule(RuleStyle::Solid));
        blocks.extend(common.facts());
        blocks.push(Block::Rule(RuleStyle::Dashed));
        blocks.push(Block::Heading("接下来".to_owned()));
        blocks.extend(self.what_next().into_iter().map(Block::Text));
        if let Self::Official { number, .. } = self {
            blocks.push(Block::Space(2));
            blocks.push(Block::Qr {
                data: number.as_str().to_owned(),
                size: QrSize::Medium,
            });
            blocks.push(Block::Small(
                "查进度：带身份证在本机查，或打下面的电话，报编号和查询码。".to_owned(),
            ));
        }
        blocks.push(Block::Rule(RuleStyle::Dashed));
        blocks.extend(common.foot());
        blocks.push(Block::Text(self.statement().to_owned()));
        Receipt { blocks }
    }

    fn common(&self) -> &SlipCommon {
        match self {
            Self::Local { common, .. } | Self::Official { common, .. } => common,
        }
    }

    /// What this paper proves, and what it does not.
    fn statement(&self) -> &'static str {
        match self {
            Self::Local { .. } => "本凭证仅证明材料已存入本机，不代表受理。",
            Self::Official { .. } => "本凭证仅证明收到材料，不代表受理。",
        }
    }

    fn what_next(&self) -> Vec<String> {
        let common = self.common();
        let mut lines = match self {
            Self::Local { .. } => vec![
                "网络一通，本机会自动把材料送出去，您不用再交一次。".to_owned(),
                "过几天请带身份证来本机，点“进度查询”，可以打印有办件编号的回执。".to_owned(),
            ],
            Self::Official { promised_by, .. } => {
                let mut lines = vec!["部门会先看材料齐不齐，再决定受理。".to_owned()];
                match (promised_by, common.promised_time.and_then(promise)) {
                    (Some(day), _) => lines.push(format!("预计最晚 {} 办好。", chinese_day(*day))),
                    (None, Some(promise)) => lines.push(format!("受理以后，{promise}办好。")),
                    (None, None) => {}
                }
                lines
            }
        };
        let named = |wanted: SlipHow| -> Vec<&str> {
            let of_kind = common
                .materials
                .iter()
                .filter(|material| material.how == wanted);
            of_kind.map(|material| material.name.as_str()).collect()
        };
        let promised = named(SlipHow::Promised);
        if !promised.is_empty() {
            lines.push(format!("请记得补交：{}。", promised.join("、")));
        }
        let window = named(SlipHow::Window);
        if !window.is_empty() {
            lines.push(format!("请把原件交到窗口：{}。", window.join("、")));
        }
        lines
    }
}

impl SlipCommon {
    fn facts(&self) -> Vec<Block> {
        let mut blocks = vec![
            Block::field("事项", &self.matter),
            Block::field("申请人", &self.applicant),
            Block::field("身份证号", &self.id_number),
            Block::field("提交时间", minute(self.submitted_at)),
        ];
        if !self.clock_trusted {
            blocks.push(Block::Small(
                "提交时本机时钟还没有校准，时间仅供参考。".to_owned(),
            ));
        }
        blocks.push(Block::Rule(RuleStyle::Dashed));
        blocks.push(Block::Heading("材料".to_owned()));
        blocks.extend(
            self.materials
                .iter()
                .map(|material| Block::row(&material.name, taken(material.how))),
        );
        blocks
    }

    fn foot(&self) -> Vec<Block> {
        let mut blocks = vec![Block::field("地点", &self.place.name)];
        blocks.push(Block::field("事项咨询", &self.consult_phone));
        blocks.extend(
            self.place
                .hotlines
                .iter()
                .map(|(name, number)| Block::field(name, number)),
        );
        blocks.push(Block::field("打印时间", minute(self.printed_at)));
        blocks
    }
}

fn taken(how: SlipHow) -> String {
    match how {
        SlipHow::Pages(count) => format!("{count} 页"),
        SlipHow::Card => "已读卡".to_owned(),
        SlipHow::Form => "已填写".to_owned(),
        SlipHow::Shared => "不用交".to_owned(),
        SlipHow::Promised => "以后补交".to_owned(),
        SlipHow::Window => "原件交窗口".to_owned(),
    }
}

fn promise(limit: TimeLimit) -> Option<String> {
    Some(match limit {
        TimeLimit::OnTheSpot => return None,
        TimeLimit::WorkingDays(days) => format!("{days} 个工作日内"),
        TimeLimit::CalendarDays(days) => format!("{days} 天内"),
        TimeLimit::Hours(hours) => format!("{hours} 小时内"),
    })
}

fn minute(at: DateTime) -> String {
    format!("{} {:02}:{:02}", at.date(), at.hour(), at.minute())
}

fn chinese_day(day: Date) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

#[cfg(test)]
mod tests;

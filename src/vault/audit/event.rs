//! Everything that is ever written into the audit log 审计记录, in one list that is also its manual.
//!
//! Nothing personal stands in an event: people are keyed hashes that only this terminal can recompute.

use jinban_api::ids::CaseNumber;
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use crate::vault::HolderKey;

/// One kind of event, for the manual.
#[derive(Clone, Copy, Debug)]
pub struct EventDoc {
    /// Its name in the log.
    pub name: &'static str,
    /// What happened, for whoever reads the log.
    pub meaning: &'static str,
    /// What is noted with it: name in the log, meaning.
    pub notes: &'static [(&'static str, &'static str)],
}

macro_rules! events {
    ($($variant:ident, $name:literal, $meaning:literal { $($note:ident: $kind:ty, $says:literal);* $(;)? })+) => {
        /// Something that happened on this terminal.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "event")]
        pub enum AuditEvent {
            $(
                #[doc = $meaning]
                #[serde(rename = $name)]
                $variant {
                    $(#[doc = $says] $note: $kind,)*
                },
            )+
        }

        /// Every kind of event.
        pub const EVENTS: &[EventDoc] = &[
            $(EventDoc {
                name: $name,
                meaning: $meaning,
                notes: &[$((stringify!($note), $says)),*],
            },)+
        ];
    };
}

events! {
    Started, "terminal.started", "终端启动" {
        version: String, "程序版本";
    }
    CardRead, "card.read", "读到一张通过核验的身份证" {
        holder: Holder, "持证人的带密钥摘要，只有本机能重算";
    }
    CardRefused, "card.refused", "一张证件没有通过核验" {
        reason: String, "原因";
    }
    VisitEnded, "visit.ended", "一次办事结束，个人内容已清除" {
        reason: String, "怎么结束的";
        seconds: u64, "用了多少秒";
        wiped: u64, "清除了几样东西";
    }
    DraftResumed, "draft.resumed", "本人接着办上次没办完的事" {
        draft: Ulid, "草稿编号";
    }
    DraftDiscarded, "draft.discarded", "本人删掉了没办完的事" {
        draft: Ulid, "草稿编号";
    }
    CaseQueued, "case.queued", "办件已封存，进入待发" {
        case: Ulid, "办件的幂等键";
    }
    CaseAttemptFailed, "case.attempt-failed", "试送没有成功，稍后再送" {
        case: Ulid, "办件的幂等键";
        reason: String, "原因";
    }
    CaseAcknowledged, "case.acknowledged", "平台收到，回执验签通过" {
        case: Ulid, "办件的幂等键";
        number: CaseNumber, "办件编号";
    }
    CaseNeedsAttention, "case.needs-attention", "平台没有收，要有人处理" {
        case: Ulid, "办件的幂等键";
        reason: String, "原因";
    }
    CaseWithdrawn, "case.withdrawn", "本人撤回了还没有送出的办件" {
        case: Ulid, "办件的幂等键";
    }
    ReceiptPrinted, "receipt.printed", "打印回执" {
        case: Ulid, "办件的幂等键";
        outcome: String, "结果：confirmed、unconfirmed、failed、not-fitted";
    }
    GuidesUpdated, "guides.updated", "办事指南已更新" {
        revision: u64, "更新后的批次";
    }
    GuidesRefused, "guides.refused", "拒绝了一批办事指南，原有的不变" {
        reason: String, "原因";
    }
    DeviceFault, "device.fault", "设备出了问题" {
        device: String, "哪一台";
        fault: String, "什么问题";
    }
    DeviceWell, "device.well", "设备恢复正常" {
        device: String, "哪一台";
    }
    LogTorn, "log.torn", "上次断电时最后一条没有写完，已剪掉" {
        bytes: u64, "剪掉的字节数";
    }
    LogGap, "log.gap", "磁盘写不进去的时候，有些事没有记下来" {
        lost: u64, "少记了几条";
    }
}

/// A person, told apart from others on this terminal and from nobody elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder(String);

impl From<HolderKey> for Holder {
    fn from(key: HolderKey) -> Self {
        // Enough to tell the visitors of many years apart.
        Self(crate::vault::sm::hex(&key.as_bytes()[..12]))
    }
}

/// The name of a reason, as it stands in records.
pub fn word(reason: &impl Serialize) -> String {
    match serde_json::to_value(reason) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(other) => other.to_string(),
        Err(error) => error.to_string(),
    }
}

/// The manual page of the audit log, in Markdown.
pub fn manual() -> String {
    use std::fmt::Write;
    let mut page = String::from(include_str!("manual_head.md"));
    for event in EVENTS {
        let _ = write!(page, "\n### `{}`\n\n{}。\n", event.name, event.meaning);
        if !event.notes.is_empty() {
            page.push('\n');
        }
        for (name, meaning) in event.notes {
            let _ = writeln!(page, "- `{name}`：{meaning}");
        }
    }
    page
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_manual_in_the_repository_is_the_one_generated() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/audit-log.md");
        let kept = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            kept == manual(),
            "write it anew: jinban audit manual > docs/audit-log.md"
        );
    }

    #[test]
    fn names_are_unique_and_read_back() {
        let names: BTreeSet<_> = EVENTS.iter().map(|event| event.name).collect();
        assert_eq!(names.len(), EVENTS.len());
        let event = AuditEvent::GuidesUpdated { revision: 7 };
        let text = serde_json::to_string(&event).unwrap();
        assert_eq!(text, r#"{"event":"guides.updated","revision":7}"#);
        assert_eq!(serde_json::from_str::<AuditEvent>(&text).unwrap(), event);
    }
}

//! A guide as it reads in a terminal window, in the order in which people ask.

use std::fmt::Write;

use jiff::Timestamp;
use jinban_api::guide::{
    AppliesWhen, Capture, Fee, Guide, Material, Necessity, TerminalHandling, TimeLimit,
};

use crate::catalogue::Snapshot;

/// After so many days without a sync the text says so; a terminal's own figure is in its configuration.
const STALE_AFTER_DAYS: u32 = 30;
/// Said where the platform told nothing.
const ASK: &str = "这里还没有写，请以窗口为准。";

/// The whole guide, ending with a line break.
pub(super) fn write(guide: &Guide, snapshot: &Snapshot) -> String {
    let mut page = Page(String::new());
    match &guide.short_name {
        Some(short) => page.line(&format!("{short}（{}）", guide.name)),
        None => page.line(&guide.name),
    }
    if !guide.summary.is_empty() {
        page.line(&guide.summary);
    }
    if guide.is_bare() {
        page.line("这里还只有事项的名字和办理部门。要带什么、多长时间、多少钱，请以窗口为准，详情请问窗口。");
    }
    page.heading("这台机器能不能办");
    page.line(&match guide.handling() {
        Some(TerminalHandling::Full) => "能，从头到尾都在这里办。".to_owned(),
        Some(TerminalHandling::InPerson { reason }) => format!("要到现场。{reason}"),
        Some(TerminalHandling::GuideOnly { reason }) => format!("这里只能看。{reason}"),
        None => "这里只能看，详情请问窗口。".to_owned(),
    });
    if let (Some(visits), Some(reason)) = (guide.visits, &guide.visit_reason) {
        page.line(&format!("要跑 {visits} 趟：{reason}"));
    }
    page.list("谁能办", guide.conditions.iter().cloned());
    page.list(
        "要带什么",
        guide.materials.iter().map(|m| material(guide, m)),
    );
    if guide.materials.is_empty() && !guide.is_bare() {
        page.heading("要带什么");
        page.line(ASK);
    }
    let times = [("承诺", guide.promised()), ("法定最长", guide.legal())];
    let times: Vec<_> = times
        .iter()
        .filter_map(|(name, limit)| limit.map(|limit| format!("{name}{}", time(limit))))
        .collect();
    if !times.is_empty() {
        page.heading("要多久");
        page.line(&times.join("，"));
    } else if !guide.is_bare() {
        page.heading("要多久");
        page.line(ASK);
    }
    if guide.is_free() {
        page.heading("要多少钱");
        page.line("不要钱。");
    } else if guide.charges().is_empty() && !guide.is_bare() {
        page.heading("要多少钱");
        page.line(ASK);
    }
    page.list("要多少钱", guide.charges().iter().map(|f| fee(guide, f)));
    page.list(
        "怎么走",
        guide.process.iter().map(|link| {
            let mut text = link.name.clone();
            if let Some(by) = &link.by {
                let _ = write!(text, "　{by}");
            }
            if let Some(limit) = link.time.as_ref().and_then(|limit| limit.known().copied()) {
                let _ = write!(text, "　{}", time(limit));
            }
            text
        }),
    );
    page.list(
        "得到什么",
        guide.results.iter().map(|result| match &result.delivery {
            Some(delivery) => format!("{}：{delivery}", result.name),
            None => result.name.clone(),
        }),
    );
    page.list(
        "还能去哪里办",
        guide.places.iter().map(|place| {
            let phone = place.phone.as_deref().unwrap_or_default();
            format!(
                "{}　{}　{}　{phone}",
                place.name, place.address, place.hours
            )
        }),
    );
    page.list(
        "大家常问",
        guide
            .faq
            .iter()
            .map(|faq| format!("{}\n    {}", faq.question, faq.answer)),
    );
    page.list(
        "依据",
        guide.basis.iter().map(|basis| match &basis.article {
            Some(article) => format!("《{}》{article}", basis.title),
            None => format!("《{}》", basis.title),
        }),
    );
    page.list("不同意结果怎么办", guide.remedies.iter().cloned());
    let phones = [
        ("咨询", &guide.consult_phone),
        ("投诉", &guide.complaint_phone),
    ];
    let phones: Vec<_> = phones
        .iter()
        .filter(|(_, phone)| !phone.is_empty())
        .map(|(name, phone)| format!("{name} {phone}"))
        .collect();
    if !phones.is_empty() {
        page.heading("电话");
        page.line(&phones.join("　"));
    }
    page.0.push('\n');
    page.line(&footer(guide, snapshot));
    page.0
}

fn footer(guide: &Guide, snapshot: &Snapshot) -> String {
    let mut text = format!("{}　第 {} 版", guide.department.name, guide.version);
    if let Some(day) = guide.updated_on {
        let _ = write!(text, "，{day} 更新");
    }
    if let Some(until) = guide.effective_until {
        let _ = write!(text, "，有效到 {until}");
    }
    if let Some(at) = snapshot.synced_at() {
        let _ = write!(text, "；最近和平台核对是 {}", at.strftime("%Y-%m-%d"));
    }
    let stale = snapshot.freshness(Timestamp::now(), STALE_AFTER_DAYS);
    if stale.stale_since().is_some() {
        text.push_str("，已经很久没有核对");
    }
    if guide.sample {
        text.push_str("。这是示例，请以窗口为准。");
    } else {
        text.push_str("。如与窗口不一致，以窗口为准。");
    }
    text
}

fn material(guide: &Guide, material: &Material) -> String {
    let mut text = String::new();
    if !material.applies_when.is_empty() {
        let _ = write!(text, "【{}】", situation(guide, &material.applies_when));
    }
    text.push_str(&material.name);
    let how = match material.capture() {
        Capture::Card => "在机器上读卡",
        Capture::Scan => "在机器上扫描或拍照",
        Capture::Form => "机器上自动填好",
        Capture::Shared => "不用交",
        Capture::Window => "原件交窗口",
    };
    let _ = write!(text, "（{how}");
    let handed_in = matches!(material.capture(), Capture::Scan | Capture::Window);
    if handed_in && material.originals > 0 {
        let _ = write!(text, "，原件{}份", material.originals);
    }
    if material.copies > 0 {
        let _ = write!(text, "，复印件{}份", material.copies);
    }
    match material.necessity() {
        Necessity::Required => {}
        Necessity::Optional => text.push_str("，有就带"),
        Necessity::MayFollow => text.push_str("，可以后补"),
    }
    text.push('）');
    if let Some(note) = &material.note {
        let _ = write!(text, "\n    {note}");
    }
    text
}

fn fee(guide: &Guide, fee: &Fee) -> String {
    let mut text = String::new();
    if !fee.applies_when.is_empty() {
        let _ = write!(text, "【{}】", situation(guide, &fee.applies_when));
    }
    let _ = write!(text, "{}：{}", fee.name, fee.standard);
    if let Some(reduction) = &fee.reduction {
        let _ = write!(text, "。{reduction}");
    }
    text
}

/// The answers under which something applies, in the words that the person taps.
fn situation(guide: &Guide, conditions: &[AppliesWhen]) -> String {
    let label = |condition: &AppliesWhen| {
        let options = guide
            .situations
            .iter()
            .filter(|situation| situation.id == condition.question)
            .flat_map(|situation| &situation.options);
        let labels: Vec<_> = options
            .filter(|option| condition.any_of.contains(&option.id))
            .map(|option| option.label.as_str())
            .collect();
        labels.join("、")
    };
    conditions.iter().map(label).collect::<Vec<_>>().join("；")
}

fn time(limit: TimeLimit) -> String {
    match limit {
        TimeLimit::OnTheSpot => "当场办好".to_owned(),
        TimeLimit::WorkingDays(days) => format!("{days}个工作日"),
        TimeLimit::CalendarDays(days) => format!("{days}天"),
        TimeLimit::Hours(hours) => format!("{hours}小时"),
    }
}

struct Page(String);

impl Page {
    fn line(&mut self, text: &str) {
        self.0.push_str(text);
        self.0.push('\n');
    }

    fn heading(&mut self, title: &str) {
        let _ = writeln!(self.0, "\n■ {title}");
    }

    /// Nothing at all when there is nothing to list.
    fn list(&mut self, title: &str, items: impl Iterator<Item = String>) {
        for (at, item) in items.enumerate() {
            if at == 0 {
                self.heading(title);
            }
            let _ = writeln!(self.0, "  · {item}");
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use jinban_devices::receipt::Block;
    use serde_json::json;

    use super::*;
    use crate::catalogue::{Catalogue, slip};

    #[test]
    fn an_item_of_which_only_the_name_is_known_sends_to_the_window_and_claims_nothing() {
        let guide: Guide = serde_json::from_value(json!({
            "id": "A1", "version": 1, "name": "乡村医生执业注册", "item_type": "1",
            "department": {"name": "青川县卫生健康局"}, "codes": [{"scheme": "c0109", "value": "A1"}]
        }))
        .unwrap();
        let text = write(&guide, &Catalogue::in_memory().snapshot());
        let paper: String = slip(&guide, "青溪镇便民服务中心", "第 1 版。")
            .blocks
            .iter()
            .map(|block| match block {
                Block::Title(text) | Block::Heading(text) | Block::Text(text) => text.clone(),
                Block::Row { label, value, .. } => format!("{label}{value}"),
                _ => String::new(),
            })
            .collect();
        for shown in [&text, &paper] {
            assert!(
                shown.contains("乡村医生执业注册") && shown.contains("青川县卫生健康局"),
                "{shown}"
            );
            assert!(shown.contains("请以窗口为准"), "{shown}");
            for claim in [
                "不要钱",
                "不收费",
                "免费",
                "不用跑",
                "电话",
                "咨询",
                "投诉",
                "当场",
            ] {
                assert!(!shown.contains(claim), "{claim}: {shown}");
            }
        }
        // A heading with nothing under it says nothing to anybody.
        let lines: Vec<&str> = text.lines().collect();
        for pair in lines.windows(2) {
            assert!(
                !pair[0].starts_with('■') || !pair[1].trim().is_empty(),
                "{text}"
            );
        }
    }
}

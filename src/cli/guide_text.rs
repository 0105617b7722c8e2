//! A guide as it reads in a terminal window, in the order in which people ask.

use std::fmt::Write;

use jinban_api::guide::{
    AppliesWhen, Capture, Fee, Guide, Material, Necessity, TerminalHandling, TimeLimit,
};

use crate::catalogue::Snapshot;

/// The whole guide, ending with a line break.
pub(super) fn write(guide: &Guide, snapshot: &Snapshot) -> String {
    let mut page = Page(String::new());
    match &guide.short_name {
        Some(short) => page.line(&format!("{short}（{}）", guide.name)),
        None => page.line(&guide.name),
    }
    page.line(&guide.summary);
    page.heading("这台机器能不能办");
    page.line(&match &guide.terminal {
        TerminalHandling::Full => "能，从头到尾都在这里办。".to_owned(),
        TerminalHandling::InPerson { reason } => format!("要到现场。{reason}"),
        TerminalHandling::GuideOnly { reason } => format!("这里只能看。{reason}"),
    });
    if let Some(reason) = &guide.visit_reason {
        page.line(&format!("要跑 {} 趟：{reason}", guide.visits));
    }
    page.list("谁能办", guide.conditions.iter().cloned());
    page.list(
        "要带什么",
        guide.materials.iter().map(|m| material(guide, m)),
    );
    page.heading("要多久");
    let times = [
        ("承诺", guide.promised_time),
        ("法定最长", guide.legal_time),
    ];
    let times: Vec<_> = times
        .iter()
        .filter_map(|(name, limit)| limit.map(|limit| format!("{name}{}", time(limit))))
        .collect();
    page.line(&times.join("，"));
    if guide.fees.is_empty() {
        page.heading("要多少钱");
        page.line("不要钱。");
    } else {
        page.list("要多少钱", guide.fees.iter().map(|f| fee(guide, f)));
    }
    page.list(
        "怎么走",
        guide.process.iter().map(|link| {
            let mut text = link.name.clone();
            if let Some(by) = &link.by {
                let _ = write!(text, "　{by}");
            }
            if let Some(limit) = link.time {
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
    page.heading("电话");
    page.line(&format!(
        "咨询 {}　投诉 {}",
        guide.consult_phone, guide.complaint_phone
    ));
    page.0.push('\n');
    page.line(&footer(guide, snapshot));
    page.0
}

fn footer(guide: &Guide, snapshot: &Snapshot) -> String {
    let mut text = format!(
        "{}　第 {} 版，{} 更新",
        guide.department.name, guide.version, guide.updated_on
    );
    if let Some(at) = snapshot.synced_at() {
        let _ = write!(text, "；最近和平台核对是 {}", at.strftime("%Y-%m-%d"));
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
    let how = match material.capture {
        Capture::Card => "在机器上读卡",
        Capture::Scan => "在机器上扫描或拍照",
        Capture::Form => "机器上自动填好",
        Capture::Shared => "不用交",
        Capture::Window => "原件交窗口",
    };
    let _ = write!(text, "（{how}");
    let handed_in = matches!(material.capture, Capture::Scan | Capture::Window);
    if handed_in && material.originals > 0 {
        let _ = write!(text, "，原件{}份", material.originals);
    }
    if material.copies > 0 {
        let _ = write!(text, "，复印件{}份", material.copies);
    }
    match material.necessity {
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

//! Facts put into words for screen and paper: time limits, money, counts, days.

use std::borrow::Cow;

use jiff::civil::Date;
use jinban_api::guide::{AppliesWhen, Capture, Guide, TimeLimit};

use crate::language::Language;

/// 15 个工作日.
pub fn time_limit(limit: TimeLimit) -> String {
    match limit {
        TimeLimit::OnTheSpot => t!("time.on_the_spot"),
        TimeLimit::WorkingDays(count) => t!("time.working_days", count = count),
        TimeLimit::CalendarDays(count) => t!("time.calendar_days", count = count),
        TimeLimit::Hours(count) => t!("time.hours", count = count),
    }
    .into_owned()
}

/// 40 元, or 40.50 元.
pub fn yuan(fen: u64) -> String {
    let amount = if fen.is_multiple_of(100) {
        (fen / 100).to_string()
    } else {
        format!("{}.{:02}", fen / 100, fen % 100)
    };
    t!("money.yuan", amount = amount).into_owned()
}

/// 原件 1 份，复印件 2 份; nothing for what is not handed in on paper.
pub fn counts(capture: Capture, originals: u16, copies: u16) -> Option<Cow<'static, str>> {
    if !matches!(capture, Capture::Scan | Capture::Window) {
        return None;
    }
    match (originals, copies) {
        (0, 0) => None,
        (originals, 0) => Some(t!("counts.originals", originals = originals)),
        (0, copies) => Some(t!("counts.copies", copies = copies)),
        (originals, copies) => Some(t!("counts.both", originals = originals, copies = copies)),
    }
}

/// The answers a material depends on, in the person's words.
pub fn applies_when(guide: &Guide, conditions: &[AppliesWhen]) -> Option<String> {
    let labels: Vec<&str> = conditions
        .iter()
        .flat_map(|condition| {
            guide
                .situations
                .iter()
                .filter(|situation| situation.id == condition.question)
                .flat_map(|situation| &situation.options)
                .filter(|option| condition.any_of.contains(&option.id))
                .map(|option| option.label.as_str())
        })
        .collect();
    (!labels.is_empty()).then(|| labels.join(&t!("list.or")))
}

/// How far a guide may be relied on: which version it is, until when it holds, whether it was confirmed lately,
/// and who has the last word. `stale_since` is the day it was last confirmed, when that is too long ago.
pub fn freshness(guide: &Guide, today: Date, stale_since: Option<Date>) -> String {
    let version = match guide.updated_on {
        Some(day) => t!("guide.freshness", version = guide.version, day = date(day)),
        None => t!("guide.freshness_undated", version = guide.version),
    };
    let mut said = vec![version];
    match (guide.effective_from, guide.effective_until) {
        (_, Some(until)) if until < today => {
            said.push(t!("guide.expired", day = date(until)));
        }
        (Some(from), _) if from > today => said.push(t!("guide.not_yet", day = date(from))),
        (_, Some(until)) => said.push(t!("guide.holds_until", day = date(until))),
        _ => {}
    }
    if let Some(day) = stale_since {
        said.push(t!("guide.stale", day = date(day)));
    }
    said.concat()
}

/// Local time: the whole country keeps one.
fn local(at: jiff::Timestamp) -> jiff::civil::DateTime {
    jiff::tz::Offset::constant(8).to_datetime(at)
}

/// Today's date here.
pub fn today(at: jiff::Timestamp) -> jiff::civil::Date {
    local(at).date()
}

/// 11月23日.
pub fn day(at: jiff::Timestamp) -> String {
    let at = local(at);
    t!("date.short", month = month(at.month()), day = at.day()).into_owned()
}

/// 2026年11月23日.
pub fn date(day: jiff::civil::Date) -> String {
    date_in(day, Language::current())
}

/// The same in this language, for paper.
pub fn date_in(day: jiff::civil::Date, language: Language) -> String {
    t!(
        "date.long",
        locale = language.code(),
        year = day.year(),
        month = month_in(day.month(), language),
        day = day.day()
    )
    .into_owned()
}

/// 11月; `month` is 1–12.
pub fn month(month: i8) -> Cow<'static, str> {
    month_in(month, Language::current())
}

fn month_in(month: i8, language: Language) -> Cow<'static, str> {
    let locale = language.code();
    match month {
        1 => t!("month.january", locale = locale),
        2 => t!("month.february", locale = locale),
        3 => t!("month.march", locale = locale),
        4 => t!("month.april", locale = locale),
        5 => t!("month.may", locale = locale),
        6 => t!("month.june", locale = locale),
        7 => t!("month.july", locale = locale),
        8 => t!("month.august", locale = locale),
        9 => t!("month.september", locale = locale),
        10 => t!("month.october", locale = locale),
        11 => t!("month.november", locale = locale),
        _ => t!("month.december", locale = locale),
    }
}

/// 11月23日 14:32.
pub fn moment(at: jiff::Timestamp) -> String {
    format!("{} {}", day(at), time(at))
}

/// 14:32.
pub fn time(at: jiff::Timestamp) -> String {
    local(at).strftime("%H:%M").to_string()
}

/// 11月23日 星期一.
pub fn day_and_weekday(at: jiff::Timestamp) -> String {
    let weekday = match local(at).weekday() {
        jiff::civil::Weekday::Monday => t!("weekday.monday"),
        jiff::civil::Weekday::Tuesday => t!("weekday.tuesday"),
        jiff::civil::Weekday::Wednesday => t!("weekday.wednesday"),
        jiff::civil::Weekday::Thursday => t!("weekday.thursday"),
        jiff::civil::Weekday::Friday => t!("weekday.friday"),
        jiff::civil::Weekday::Saturday => t!("weekday.saturday"),
        jiff::civil::Weekday::Sunday => t!("weekday.sunday"),
    };
    format!("{} {weekday}", day(at))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used)]

    use super::*;

    fn guide(from: Option<&str>, until: Option<&str>) -> Guide {
        serde_json::from_value(serde_json::json!({
            "id": "a", "version": 3, "name": "甲", "item_type": "20", "department": {"name": "甲局"},
            "updated_on": "2026-11-02", "effective_from": from, "effective_until": until
        }))
        .expect("a guide")
    }

    #[test]
    fn a_guide_says_until_when_it_holds_and_when_it_was_not_confirmed_for_long() {
        let today = jiff::civil::date(2026, 11, 20);
        let said = |from, until, stale| freshness(&guide(from, until), today, stale);
        assert!(said(None, None, None).ends_with("以窗口为准。"));
        assert!(said(None, Some("2026-12-31"), None).contains("有效到2026年12月31日"));
        assert!(said(None, Some("2026-11-19"), None).contains("已经过期"));
        assert!(said(None, Some("2026-11-20"), None).contains("有效到"));
        assert!(said(Some("2026-12-01"), None, None).contains("2026年12月1日起"));
        let long_ago = Some(jiff::civil::date(2026, 9, 1));
        let stale = said(None, None, long_ago);
        assert!(stale.contains("2026年9月1日以后") && stale.ends_with("请以窗口为准。"));
    }

    #[test]
    fn money_shows_fen_only_where_there_are_some() {
        assert!(yuan(4000).contains("40"));
        assert!(!yuan(4000).contains('.'));
        assert!(yuan(4050).contains("40.50"));
    }
}

//! `jinban outbox`: what has not reached the platform yet. Nothing personal is ever shown.

use std::fmt::Write;
use std::path::Path;

use super::args::Outbox;
use super::config;
use super::exit::{Failure, Output};
use crate::filing::local_number::time_in_china;
use crate::filing::{AttentionReason, OutboxEntry, OutboxReader, SendFailure, StoreError, WayOn};

pub(super) async fn run(args: Outbox, config_dir: &Path) -> Result<Output, Failure> {
    let config = config::load(config_dir)?;
    let unreadable = |error: StoreError| {
        Failure::unavailable(format!(
            "读不出 {} 里的办件：{error}。办件没有丢，请让技术员检查磁盘。",
            config.data_dir.display()
        ))
    };
    let reader = OutboxReader::open(&config.data_dir)
        .await
        .map_err(unreadable)?;
    match args {
        Outbox::List { json } => {
            let entries = match reader {
                Some(reader) => reader.list().await.map_err(unreadable)?,
                None => Vec::new(),
            };
            if json.json {
                return Output::json(&entries);
            }
            Ok(Output::text(list(&entries)))
        }
        Outbox::Show { key, json } => {
            let entry = match reader {
                Some(reader) => reader.show(key).await.map_err(unreadable)?,
                None => None,
            };
            let entry = entry.ok_or_else(|| {
                Failure::not_well(format!("没有 {key} 这件。用 jinban outbox list 看清单。"))
            })?;
            if json.json {
                return Output::json(&entry);
            }
            Ok(Output::text(show(&entry)))
        }
    }
}

fn list(entries: &[OutboxEntry]) -> String {
    if entries.is_empty() {
        return "都送到了，没有等着的办件。\n".to_owned();
    }
    let mut text = format!("还有 {} 件没有送到：\n", entries.len());
    for entry in entries {
        let _ = writeln!(
            text,
            "  {}  {}  {}\n      {}",
            entry.local_number,
            entry.guide_name,
            state(entry),
            entry.key
        );
    }
    text
}

fn show(entry: &OutboxEntry) -> String {
    let mut text = format!(
        "{}\n  暂存号  {}\n  编号    {}\n  提交    {}\n  情况    {}\n  试送    {} 次\n",
        entry.guide_name,
        entry.local_number,
        entry.key,
        time_in_china(entry.submitted_at).strftime("%Y-%m-%d %H:%M"),
        state(entry),
        entry.attempts
    );
    if entry.pages > 0 {
        let kilobytes = entry.bytes.div_ceil(1024);
        let _ = writeln!(text, "  等着送  {} 页，{kilobytes} KB", entry.pages);
    }
    if let Some(reason) = entry.attention {
        let way = match reason.way_on() {
            WayOn::Technician => "请技术员改好，办件会自己送出去",
            WayOn::FileAgain => "请本人在终端上按新的指南再交一次",
            WayOn::Window => "请本人带上原件到窗口办",
        };
        let _ = writeln!(text, "  怎么办  {way}");
    }
    if let Some(failure) = entry.last_error {
        let _ = writeln!(text, "  上一次  {}", why(failure));
    }
    text
}

fn state(entry: &OutboxEntry) -> &'static str {
    match (entry.state.as_str(), entry.attention) {
        (_, Some(reason)) => attention(reason),
        ("queued", _) => "等着送",
        ("sending", _) => "正在送",
        ("acknowledged", _) => "平台收到了",
        ("withdrawn", _) => "已经撤回",
        _ => "要有人处理",
    }
}

fn attention(reason: AttentionReason) -> &'static str {
    match reason {
        AttentionReason::TerminalUnknown => "平台不认识这台终端",
        AttentionReason::EnvelopeUnreadable => "平台打不开：公钥文件不对",
        AttentionReason::GuideNoLongerTaken => "这一版指南平台不收了",
        AttentionReason::AnswersRefused => "填写的内容和平台的表对不上",
        AttentionReason::KeyReused => "平台上同一编号的内容不一样",
        AttentionReason::TooLarge => "材料太大，平台不收",
        AttentionReason::Malformed => "平台说格式不对",
        AttentionReason::StoredDamaged => "存在本机的内容坏了",
        AttentionReason::Other => "平台没有收，原因不明",
    }
}

fn why(failure: SendFailure) -> &'static str {
    match failure {
        SendFailure::Unreachable => "连不上平台，会一直重试",
        SendFailure::Slow => "平台太久没有回答，会一直重试",
        SendFailure::PlatformInTrouble => "平台自己出了问题，会一直重试",
        SendFailure::NotThePlatform => "回答的不是平台，可能被上网登录页挡住了",
        SendFailure::ReceiptDoubtful => "平台的回执验不过，没有当作收到",
        SendFailure::Interrupted => "送到一半断了电，会重新送",
        SendFailure::Storage => "当时读不出本机的内容，会重试",
    }
}

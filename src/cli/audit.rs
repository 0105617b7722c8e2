//! `jinban audit`: what happened on this terminal, and whether somebody was at the record of it.

use std::fmt::Write;
use std::path::Path;

use super::args::Audit as Args;
use super::config;
use super::exit::{Exit, Failure, Output};
use crate::filing::local_number::time_in_china;
use crate::vault::Vault;
use crate::vault::audit::{self, EVENTS, Finding, Happened, Head, Place, Record, Report};

pub(super) fn run(args: &Args, config_dir: &Path) -> Result<Output, Failure> {
    if let Args::Manual = args {
        return Ok(Output::text(audit::manual()));
    }
    let config = config::load(config_dir)?;
    let dir = config.data_dir.join(audit::FOLDER);
    let unreadable = |error: std::io::Error| {
        Failure::unavailable(format!(
            "读不出 {} 里的审计记录：{error}。请检查磁盘和文件夹权限。",
            dir.display()
        ))
    };
    match args {
        Args::Verify { expect, json } => {
            let expected = expect.as_deref().map(noted_end).transpose()?;
            let vault = Vault::existing(&config.data_dir.join("vault")).map_err(|error| {
                Failure::unavailable(format!(
                    "读不出这台终端的公钥：{error}。还没有启动过的终端没有记录。"
                ))
            })?;
            let report =
                audit::check(&dir, vault.public_key_pem(), expected).map_err(unreadable)?;
            let end = if report.is_whole() {
                Exit::Well
            } else {
                Exit::NotWell
            };
            let output = if json.json {
                Output::json(&report)?
            } else {
                Output::text(verdict(&report))
            };
            Ok(output.ending(end))
        }
        Args::List { last, json } => {
            let records = audit::latest(&dir, *last).map_err(unreadable)?;
            if json.json {
                return Output::json(&records);
            }
            Ok(Output::text(list(&records)))
        }
        Args::Head { json } => {
            let head = audit::head(&dir)
                .ok_or_else(|| Failure::not_well("还没有审计记录。终端启动以后就有了。"))?;
            if json.json {
                return Output::json(&head);
            }
            Ok(Output::text(format!("{}:{}\n", head.seq, head.hash)))
        }
        Args::Manual => Ok(Output::text(audit::manual())),
    }
}

fn noted_end(text: &str) -> Result<Head, Failure> {
    let parsed = text.split_once(':').and_then(|(seq, hash)| {
        let hash = hash.trim().to_ascii_lowercase();
        let whole = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        Some(Head {
            seq: seq.trim().parse().ok()?,
            hash: whole.then_some(hash)?,
        })
    });
    parsed.ok_or(Failure {
        said: "--expect 要写成 序号:摘要，就是 jinban audit head 给的那一行。".to_owned(),
        exit: Exit::Usage,
    })
}

fn verdict(report: &Report) -> String {
    let (Some(first), Some(last)) = (report.first, report.last) else {
        return match report.findings.first() {
            None => "还没有审计记录。\n".to_owned(),
            Some(_) => problems(report),
        };
    };
    let mut text = format!("第 {first} 条到第 {last} 条，共 {} 条。\n", report.records);
    text.push_str(&problems(report));
    text
}

fn problems(report: &Report) -> String {
    if report.is_whole() {
        return "记录完整，没有被改过、删过或换过。\n".to_owned();
    }
    let mut text = format!("发现 {} 处不对：\n", report.findings.len());
    for finding in &report.findings {
        let _ = writeln!(text, "  {}", finding_words(finding));
    }
    text.push_str("请保留整个文件夹，不要再启动终端，报告县里的管理员。\n");
    text
}

fn finding_words(finding: &Finding) -> String {
    let at = |place: &Place| format!("{} 第 {} 行", place.file, place.line);
    match finding {
        Finding::Unreadable { place } => format!("{}：不是一条记录", at(place)),
        Finding::Changed { place } => format!("{}：内容被改过", at(place)),
        Finding::Removed { before, from, to } if from == to => {
            format!("{} 之前：少了第 {from} 条", at(before))
        }
        Finding::Removed { before, from, to } => {
            format!("{} 之前：少了第 {from} 条到第 {to} 条", at(before))
        }
        Finding::OutOfOrder {
            place,
            seq,
            expected,
        } => format!("{}：这里应该是第 {expected} 条，放着第 {seq} 条", at(place)),
        Finding::Exchanged { before, seq } => {
            format!("{} 之前：第 {seq} 条被换成了另一条", at(before))
        }
        Finding::Truncated { last, written } => {
            format!("末尾：写到过第 {written} 条，只剩到第 {last} 条")
        }
        Finding::OtherEnd { seq } => format!("第 {seq} 条不是当初签过名的那一条"),
        Finding::NoHead => "末尾的签名不见了".to_owned(),
        Finding::Forged { seq } => format!("第 {seq} 条的签名不是这台终端的"),
    }
}

fn list(records: &[Record]) -> String {
    if records.is_empty() {
        return "还没有审计记录。\n".to_owned();
    }
    let mut text = String::new();
    for record in records {
        let at = time_in_china(record.at).strftime("%Y-%m-%d %H:%M:%S");
        let doubt = if record.trusted {
            ""
        } else {
            "（时钟未校准）"
        };
        let _ = writeln!(text, "{:>6}  {at}{doubt}  {}", record.seq, told(record));
    }
    text
}

/// The event in words, then what was noted with it.
fn told(record: &Record) -> String {
    let event = match &record.happened {
        Happened::Known(event) => serde_json::to_value(event).ok(),
        Happened::Unknown(fields) => Some(serde_json::Value::Object(fields.clone())),
    };
    let Some(serde_json::Value::Object(fields)) = event else {
        return String::new();
    };
    let name = fields.get("event").and_then(|name| name.as_str());
    let name = name.unwrap_or("（没有名字）");
    let meaning = EVENTS.iter().find(|event| event.name == name);
    let mut text = meaning.map_or(name, |event| event.meaning).to_owned();
    for (key, value) in fields.iter().filter(|(key, _)| *key != "event") {
        let value = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        let _ = write!(text, "  {key}={value}");
    }
    text
}

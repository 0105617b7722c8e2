//! `jinban guides`: search, show and sync.

use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jinban_api::guide::Guide;
use jinban_api::ids::GuideId;
use serde_json::json;

use super::args::Guides;
use super::exit::{Exit, Failure, Output};
use super::{bundles, config, guide_text, say};
use crate::catalogue::{Applied, Catalogue, CatalogueFiles, How, MatchReason, Snapshot, SyncError};
use crate::config::Config;
use crate::platform::{PlatformClient, PlatformConfig, PlatformError};
use crate::vault::PlatformKeyset;

pub(super) async fn run(args: Guides, config_dir: &Path) -> Result<Output, Failure> {
    match args {
        Guides::Search { words, limit, json } => {
            let snapshot = guides(config_dir).await?;
            search(&snapshot, &words.join(" "), limit, json.json)
        }
        Guides::Show { guide, json } => {
            let snapshot = guides(config_dir).await?;
            show(&snapshot, &guide, json.json)
        }
        Guides::Bundle {
            bundle,
            answers,
            json,
        } => {
            let snapshot = guides(config_dir).await?;
            match bundle {
                Some(wanted) => bundles::show(&snapshot, &wanted, &answers, json.json),
                None => bundles::list(&snapshot, json.json),
            }
        }
        Guides::Import { folder, json } => import(config_dir, &folder, json.json).await,
        Guides::Sync { json } => sync(config_dir, json.json).await,
    }
}

/// The guides of the configured terminal; without a configuration, those inside the program.
async fn guides(config_dir: &Path) -> Result<Arc<Snapshot>, Failure> {
    if !config_dir.is_dir() {
        say("（没有找到配置，下面是随程序带的样例指南。）");
        return Ok(Catalogue::in_memory().snapshot());
    }
    let config = config::load(config_dir)?;
    let kept = Catalogue::peek(&config.data_dir)
        .await
        .map_err(|error| Failure::unavailable(error.to_string()))?;
    if let Some(snapshot) = kept {
        return Ok(Arc::new(snapshot));
    }
    say("（这台终端还没有启动过，下面是随程序带的样例指南。）");
    Ok(Catalogue::in_memory().snapshot())
}

fn search(snapshot: &Snapshot, words: &str, limit: usize, json: bool) -> Result<Output, Failure> {
    let hits = snapshot.search(words, limit);
    let exit = if hits.is_empty() {
        Exit::NotWell
    } else {
        Exit::Well
    };
    if json {
        let list: Vec<_> = hits
            .iter()
            .map(|hit| {
                json!({
                    "id": hit.guide.id,
                    "name": hit.guide.name,
                    "short_name": hit.guide.short_name,
                    "department": hit.guide.department.name,
                    "score": hit.score,
                    "reason": hit.reason,
                    "how": hit.how,
                })
            })
            .collect();
        return Ok(Output::json(&list)?.ending(exit));
    }
    if hits.is_empty() {
        return Err(Failure::not_well(format!(
            "没有找到“{words}”。换个说法试试，比如：低保、老年证、看病报销。"
        )));
    }
    let mut text = String::new();
    for hit in &hits {
        let name = hit.guide.short_name.as_ref().unwrap_or(&hit.guide.name);
        let why = match &hit.reason {
            MatchReason::Name => String::new(),
            MatchReason::Alias(alias) => format!("，也叫“{alias}”"),
            MatchReason::Theme(theme) => format!("，在“{theme}”里"),
            MatchReason::Department(_) => "，归这个部门管".to_owned(),
            MatchReason::Text => "，说明里提到".to_owned(),
            MatchReason::Similar => "，意思相近".to_owned(),
        };
        let sound = if hit.how == How::SameSound {
            "（读音相同）"
        } else {
            ""
        };
        let (id, department) = (&hit.guide.id, &hit.guide.department.name);
        let _ = writeln!(text, "{name}{why}{sound}\n    {department}    {id}");
    }
    Ok(Output::text(text))
}

fn show(snapshot: &Snapshot, wanted: &str, json: bool) -> Result<Output, Failure> {
    let guide = find(snapshot, wanted).ok_or_else(|| {
        let near: Vec<_> = snapshot
            .search(wanted, 3)
            .iter()
            .map(|hit| format!("{}（{}）", hit.guide.name, hit.guide.id))
            .collect();
        Failure::not_well(if near.is_empty() {
            format!("没有“{wanted}”这份指南。先用 jinban guides search 找一找。")
        } else {
            format!("没有“{wanted}”这份指南。是不是：{}？", near.join("、"))
        })
    })?;
    if json {
        return Output::json(&*guide);
    }
    Ok(Output::text(guide_text::write(&guide, snapshot)))
}

fn find(snapshot: &Snapshot, wanted: &str) -> Option<Arc<Guide>> {
    snapshot.guide(&GuideId::from(wanted)).or_else(|| {
        let named = |guide: &&Arc<Guide>| {
            guide.name == wanted || guide.short_name.as_deref() == Some(wanted)
        };
        snapshot.guides().iter().find(named).cloned()
    })
}

async fn sync(config_dir: &Path, json: bool) -> Result<Output, Failure> {
    let config = config::load(config_dir)?;
    let client = PlatformClient::new(PlatformConfig {
        request_timeout: Duration::from_secs(config.platform.request_timeout_s.into()),
        ..PlatformConfig::new(
            config.platform.url.clone(),
            config.terminal_id.clone(),
            platform_keys(&config)?,
        )
    })
    .map_err(|error| Failure::unavailable(format!("平台的网址用不了：{error}。")))?;
    let catalogue = open(&config).await?;
    let files = CatalogueFiles::usual(&config.data_dir);
    let applied = catalogue.sync(&client, &files, Timestamp::now()).await;
    outcome(&catalogue, applied, &config, json)
}

async fn import(config_dir: &Path, folder: &Path, json: bool) -> Result<Output, Failure> {
    let config = config::load(config_dir)?;
    let keys = platform_keys(&config)?;
    let catalogue = open(&config).await?;
    let applied = catalogue.import(&keys, folder, Timestamp::now()).await;
    outcome(&catalogue, applied, &config, json)
}

async fn open(config: &Config) -> Result<Catalogue, Failure> {
    Catalogue::open(&config.data_dir)
        .await
        .map_err(|error| Failure::unavailable(error.to_string()))
}

fn platform_keys(config: &Config) -> Result<PlatformKeyset, Failure> {
    let key_file = &config.platform.key_file;
    let keys = std::fs::read_to_string(key_file).map_err(|error| {
        Failure::unavailable(format!(
            "打不开平台的公钥文件 {}：{error}。请先向县里登记这台终端。",
            key_file.display()
        ))
    })?;
    PlatformKeyset::from_pem(&keys).map_err(|error| {
        Failure::unavailable(format!(
            "{} 不是平台的公钥文件（{error}）。请向县里再要一份。",
            key_file.display()
        ))
    })
}

fn outcome(
    catalogue: &Catalogue,
    applied: Result<Applied, SyncError>,
    config: &Config,
    json: bool,
) -> Result<Output, Failure> {
    let applied =
        applied.map_err(|error| Failure::unavailable(explain(&error, &config.platform.url)))?;
    let snapshot = catalogue.snapshot();
    let (revision, count) = (snapshot.revision(), snapshot.guides().len());
    if json {
        return Output::json(&json!({
            "revision": revision,
            "guides": count,
            "changed": matches!(applied, Applied::Changed { .. }),
        }));
    }
    let done = match applied {
        Applied::Changed {
            upserted, removed, ..
        } => format!("更新好了：新的和改过的 {upserted} 份，停用的 {removed} 份。"),
        Applied::Unchanged => "已经是最新的了。".to_owned(),
        Applied::Older { held, offered } => {
            format!("平台上是第 {offered} 版，比这里的第 {held} 版还旧，没有更新。请问一问县里。")
        }
    };
    Ok(Output::text(format!(
        "{done}\n现在是第 {revision} 版，一共 {count} 份。正在运行的终端，下一次自动更新时换上。\n"
    )))
}

fn explain(error: &SyncError, url: &str) -> String {
    match error {
        SyncError::Catalogue(error) => error.to_string(),
        SyncError::Disk(said) => said.clone(),
        SyncError::Doubt(doubt) => format!("更新没有收下，原有指南不受影响。{doubt}"),
        SyncError::Platform(error) => {
            let what = match error {
                PlatformError::Unreachable => "连不上平台，请检查网线和网络",
                PlatformError::Slow => "平台太久没有回答，请稍后再试",
                PlatformError::Refused(_) => "平台不答应，请问一问县里",
                PlatformError::Nonsense { .. } => {
                    "回答的不是平台，可能被上网登录页挡住了，请检查网络和网址"
                }
            };
            format!("{what}。（{url}；{error}）")
        }
    }
}

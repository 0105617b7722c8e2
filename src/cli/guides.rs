//! `jinban guides`: search, show and sync.

use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jinban_api::ids::GuideId;
use serde_json::json;

use super::args::Guides;
use super::exit::{Exit, Failure, Output};
use super::{bundles, config, guide_text, say};
use crate::catalogue::{
    Applied, Catalogue, CatalogueError, CatalogueFiles, GuideEntry, Hit, How, Imported,
    MatchReason, Snapshot, SyncError,
};
use crate::config::Config;
use crate::platform::{PlatformClient, PlatformConfig, PlatformError};
use crate::vault::PlatformKeyset;

pub(super) async fn run(args: Guides, config_dir: &Path) -> Result<Output, Failure> {
    match args {
        Guides::Search { words, limit, json } => {
            let catalogue = guides(config_dir).await?;
            let snapshot = catalogue.snapshot();
            let hotline = hotline(&snapshot, config_dir);
            search(&snapshot, &words.join(" "), limit, &hotline, json.json)
        }
        Guides::Show { guide, json } => {
            let catalogue = guides(config_dir).await?;
            show(&catalogue, &guide, json.json).await
        }
        Guides::Bundle {
            bundle,
            answers,
            json,
        } => {
            let catalogue = guides(config_dir).await?;
            match bundle {
                Some(wanted) => bundles::show(&catalogue, &wanted, &answers, json.json).await,
                None => bundles::list(&catalogue.snapshot(), json.json),
            }
        }
        Guides::Import { folder, json } => import(config_dir, &folder, json.json).await,
        Guides::Sync { json } => sync(config_dir, json.json).await,
    }
}

/// The guides of the configured terminal; without a configuration, those inside the program.
async fn guides(config_dir: &Path) -> Result<Catalogue, Failure> {
    if !config_dir.is_dir() {
        say("（没有找到配置，下面是随程序带的样例指南。）");
        return Ok(Catalogue::in_memory());
    }
    let config = config::load(config_dir)?;
    let kept = Catalogue::peek(&config.data_dir)
        .await
        .map_err(|error| Failure::unavailable(error.to_string()))?;
    if let Some(catalogue) = kept {
        return Ok(catalogue);
    }
    say("（这台终端还没有启动过，下面是随程序带的样例指南。）");
    Ok(Catalogue::in_memory())
}

/// What to dial when nothing helps: what this terminal tells everybody, or else what the platform publishes.
fn hotline(snapshot: &Snapshot, config_dir: &Path) -> String {
    let configured = Config::load(config_dir).ok().and_then(|config| {
        let mut hotlines = config.place.hotlines.into_iter();
        hotlines.next().map(|hotline| hotline.number)
    });
    let today = crate::wording::today(Timestamp::now());
    let published = || snapshot.hotline(today).map(|hotline| hotline.number);
    configured.or_else(published).unwrap_or_default()
}

fn search(
    snapshot: &Snapshot,
    words: &str,
    limit: usize,
    hotline: &str,
    json: bool,
) -> Result<Output, Failure> {
    let month = crate::wording::today(Timestamp::now()).month();
    let hits = snapshot.search_in(month, words, limit);
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
                    "codes": hit.guide.codes,
                    "name": hit.guide.name,
                    "short_name": hit.guide.short_name,
                    "department": &*hit.guide.department,
                    "score": hit.score,
                    "reason": hit.reason,
                    "how": hit.how,
                })
            })
            .collect();
        return Ok(Output::json(&list)?.ending(exit));
    }
    if hits.is_empty() {
        return Err(Failure::not_well(nothing(snapshot, words, hotline)));
    }
    let mut text = String::new();
    for hit in &hits {
        let (id, department) = (&hit.guide.id, &hit.guide.department);
        let name = hit.guide.display_name();
        let _ = writeln!(text, "{name}（{}）\n    {department}    {id}", why(hit));
    }
    Ok(Output::text(text))
}

/// Why a guide was found, in words.
fn why(hit: &Hit) -> String {
    let what = match &hit.reason {
        MatchReason::Name => "名字相符".to_owned(),
        MatchReason::Alias(alias) => format!("也叫“{alias}”"),
        MatchReason::Word { said, means } => format!("“{said}”要办的是“{means}”"),
        MatchReason::Code(code) => format!("编码是 {code}"),
        MatchReason::Department(department) => format!("归{department}管"),
        MatchReason::Text => "说明里提到".to_owned(),
        MatchReason::Similar => "意思相近".to_owned(),
    };
    let way = match hit.how {
        How::Literal | How::Overlap => "",
        How::Pinyin => "，按拼音",
        How::Initials => "，按拼音首字母",
        How::SameSound => "，读音相同或相近",
    };
    format!("{what}{way}")
}

/// What to try when nothing was found.
fn nothing(snapshot: &Snapshot, words: &str, hotline: &str) -> String {
    let themes = snapshot.nearest_themes(words);
    let themes: Vec<&str> = themes.iter().map(|theme| theme.name.as_str()).collect();
    let near = if themes.is_empty() {
        String::new()
    } else {
        format!("相近的类别：{}。", themes.join("、"))
    };
    let ask = match hotline {
        "" => "也可以到窗口问。".to_owned(),
        number => format!("也可以打 {number} 问。"),
    };
    format!("没有找到“{words}”。换个说法试试，比如：低保、老年证、看病报销。{near}{ask}")
}

async fn show(catalogue: &Catalogue, wanted: &str, json: bool) -> Result<Output, Failure> {
    let snapshot = catalogue.snapshot();
    let unreadable = |error: CatalogueError| Failure::unavailable(error.to_string());
    let guide = match find(&snapshot, wanted) {
        Some(id) => catalogue.guide(id).await.map_err(unreadable)?,
        None => None,
    };
    let guide = guide.ok_or_else(|| {
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
    Ok(Output::text(guide_text::write(&guide, &snapshot)))
}

/// The guide with this identifier, or with this name.
fn find<'a>(snapshot: &'a Snapshot, wanted: &str) -> Option<&'a GuideId> {
    let by_id = snapshot.entry(&GuideId::from(wanted));
    let named = |guide: &&Arc<GuideEntry>| {
        guide.name == wanted || guide.short_name.as_deref() == Some(wanted)
    };
    let found = by_id.or_else(|| snapshot.entries().iter().find(named));
    found.map(|guide| &guide.id)
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
    outcome(&catalogue, applied, None, &config, json)
}

async fn import(config_dir: &Path, folder: &Path, json: bool) -> Result<Output, Failure> {
    let config = config::load(config_dir)?;
    let keys = platform_keys(&config)?;
    let catalogue = open(&config).await?;
    let now = Timestamp::now();
    let applied = catalogue.import(&keys, folder, now).await;
    // Nothing of a stick whose feed is not believed.
    let files = match &applied {
        Ok(_) => Some(import_files(&catalogue, &config, folder, now).await?),
        Err(_) => None,
    };
    outcome(&catalogue, applied, files, &config, json)
}

async fn import_files(
    catalogue: &Catalogue,
    config: &Config,
    folder: &Path,
    now: Timestamp,
) -> Result<Imported, Failure> {
    let month = crate::wording::today(now).month();
    let hot = catalogue.hot_attachments(month, u64::MAX).await;
    let hot = hot.map_err(|error| Failure::unavailable(error.to_string()))?;
    let files = CatalogueFiles::usual(&config.data_dir);
    let imported = files.import(folder, &hot);
    imported.map_err(|error| Failure::unavailable(error.to_string()))
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
    files: Option<Imported>,
    config: &Config,
    json: bool,
) -> Result<Output, Failure> {
    let applied =
        applied.map_err(|error| Failure::unavailable(explain(&error, &config.platform.url)))?;
    let snapshot = catalogue.snapshot();
    let (revision, count) = (snapshot.revision(), snapshot.entries().len());
    if json {
        let mut told = json!({
            "revision": revision,
            "guides": count,
            "changed": matches!(applied, Applied::Changed { .. }),
        });
        if let Some(files) = files {
            told["files"] = json!({
                "taken": files.taken,
                "spoilt": files.spoilt,
                "left_out": files.left_out,
            });
        }
        return Output::json(&told);
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
    let files = files.map(files_in_words).unwrap_or_default();
    Ok(Output::text(format!(
        "{done}\n{files}现在是第 {revision} 版，一共 {count} 份。正在运行的终端，下一次自动更新时换上。\n"
    )))
}

fn files_in_words(files: Imported) -> String {
    let Imported {
        taken,
        spoilt,
        left_out,
    } = files;
    let mut text = format!("表格和样张新收了 {taken} 个。");
    if spoilt > 0 {
        let _ = write!(text, "有 {spoilt} 个坏了，没有收，请重新导出一份。");
    }
    if left_out > 0 {
        let _ = write!(text, "放不下的 {left_out} 个没有收。");
    }
    text.push('\n');
    text
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

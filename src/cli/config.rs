//! `jinban config`: whether the configuration is right.

use std::path::Path;

use serde_json::json;

use super::args;
use super::exit::{Exit, Failure, Output};
use crate::catalogue::{Catalogue, Current, Regions};
use crate::config::Config;
use crate::speech::{Engine, Machine};

/// Loads the configuration for a command that cannot do without.
pub(super) fn load(dir: &Path) -> Result<Config, Failure> {
    if !dir.is_dir() {
        return Err(Failure::unavailable(format!(
            "没有配置文件夹 {}。请用 --config 指明配置放在哪里。",
            dir.display()
        )));
    }
    Config::load(dir).map_err(|errors| Failure::not_well(errors.to_string()))
}

pub(super) async fn run(args: &args::Config, dir: &Path) -> Result<Output, Failure> {
    let args::Config::Check { json } = args;
    if json.json {
        let problems = match Config::load(dir) {
            Ok(_) => Vec::new(),
            Err(errors) => errors.problems,
        };
        let exit = if problems.is_empty() {
            Exit::Well
        } else {
            Exit::NotWell
        };
        let output = Output::json(&json!({ "ok": problems.is_empty(), "problems": problems }))?;
        return Ok(output.ending(exit));
    }
    let config = load(dir)?;
    let devices = [
        ("身份证阅读器", config.devices.card_reader.is_some()),
        ("凭条打印机", config.devices.receipt_printer.is_some()),
        ("扫描仪", config.devices.scanner.is_some()),
        ("喇叭", config.devices.speaker.is_some()),
    ];
    let fitted: Vec<_> = devices
        .iter()
        .filter(|(_, fitted)| *fitted)
        .map(|(name, _)| *name)
        .collect();
    let fitted = if fitted.is_empty() {
        "没有".to_owned()
    } else {
        fitted.join("、")
    };
    // Guides that cannot be read are no fault of the configuration.
    let kept = Catalogue::peek(&config.data_dir).await.ok().flatten();
    let regions = kept.map(|catalogue| catalogue.snapshot().regions());
    let regions = regions.unwrap_or_default();
    let mut text = format!(
        "配置都对。\n  终端  {}，{}\n  位置  {}\n  设备  {fitted}\n  平台  {}\n  资料  {}\n",
        config.terminal_id,
        config.place.name,
        where_it_stands(&regions, config.place.village_code.as_str()),
        config.platform.url,
        config.data_dir.display(),
    );
    if !config.platform.key_file.exists() {
        let missing = format!(
            "\n提醒：还没有平台的公钥文件 {}。登记终端以后把它放好，才能交件。\n",
            config.platform.key_file.display()
        );
        text.push_str(&missing);
    }
    if let Some(speaker) = &config.devices.speaker
        && let Err(missing) = Engine::find(speaker, &Machine::this())
    {
        let silent = format!(
            "\n提醒：{missing}。屏幕上不会出现“朗读”；不用朗读的话，把 [speaker] 整段删掉。\n"
        );
        text.push_str(&silent);
    }
    Ok(Output::text(text))
}

/// The village's path, with what has become of it.
fn where_it_stands(regions: &Regions, code: &str) -> String {
    let (was, tree) = (regions.former_path(code), regions.tree());
    match regions.current(code) {
        Current::InForce(_) => was,
        Current::Became(now) => format!(
            "{was}（已改为 {}，新码 {}）",
            tree.path_text(now.code.as_str()),
            now.code
        ),
        Current::Within(town) => format!(
            "{was}（村已合并，现在归 {}，请向县里问新的村码）",
            tree.path_text(town.code.as_str())
        ),
        Current::Unknown => format!("村码 {code}（不在本市区划表里，请核对）"),
    }
}

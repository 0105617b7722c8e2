//! The reader of social security cards: how it is, and a trial.

use std::time::Duration;

use jinban_devices::social_card::{SocialCardReader, SocialCardReaderConfig, WhichReader};
use serde_json::json;

use super::{Seen, settled};
use crate::cli::args::Wait;
use crate::cli::exit::{Exit, Failure, Output};
use crate::cli::{say, status_words};
use crate::config::Devices;
use crate::filing::local_number::day_in_china;
use crate::session::masking;

pub(super) async fn status(devices: &Devices) -> Option<Seen> {
    let config = devices.social_card_reader.clone()?;
    let port = match &config.reader {
        WhichReader::First => "auto".to_owned(),
        WhichReader::Named(name) => name.clone(),
    };
    let reader = SocialCardReader::open(config);
    Some(Seen {
        key: "social_card_reader",
        name: "社保卡读卡器",
        port,
        status: settled(reader.status()).await,
    })
}

pub(super) async fn read(
    config: SocialCardReaderConfig,
    wait: Wait,
    json: bool,
) -> Result<Output, Failure> {
    say(&format!(
        "请把社保卡插到底，不要动。最多等 {} 秒。",
        wait.timeout
    ));
    let reader = SocialCardReader::open(config);
    let read = reader.read_once(Duration::from_secs(wait.timeout)).await;
    let card = read.map_err(|error| Failure::not_well(status_words::social_card_error(error)))?;
    let valid = card.check(day_in_china(jiff::Timestamp::now())).is_ok();
    let name = masking::name(&card.name);
    let number = masking::id_number(card.number.as_str());
    let version = card.version.clone();
    let exit = if valid { Exit::Well } else { Exit::NotWell };
    if json {
        let value =
            json!({ "name": name, "id_number": number, "version": version, "valid": valid });
        return Ok(Output::json(&value)?.ending(exit));
    }
    let verdict = if valid {
        "读到了。有没有挂失，只有平台知道。"
    } else {
        "读到了，但这张卡现在不能用（过期，或者号码不对）。"
    };
    let version = version.unwrap_or_else(|| "没有写".to_owned());
    Ok(Output::text(format!(
        "{verdict}\n  {name}\n  {number}\n  卡的规范版本 {version}\n请把卡拔出来。\n"
    ))
    .ending(exit))
}

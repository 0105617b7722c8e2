//! The command line from the outside: what it prints and how it ends.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::{Path, PathBuf};

use clap::{CommandFactory, Parser};

use super::args::Cli;
use super::*;

fn jinban(arguments: &[&str]) -> Output {
    let all = ["jinban"].iter().chain(arguments);
    match Cli::try_parse_from(all) {
        Ok(Cli {
            command, config, ..
        }) => match command {
            Command::Work(work) => carry_out(work, &config),
            Command::Demo(_) | Command::Run(_) => panic!("{arguments:?} opens a window"),
        },
        Err(error) => usage::explain(&error),
    }
}

/// A configuration whose data folder is beside it.
fn configured() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("kiosk-config");
    for file in crate::config::FILES {
        let text = std::fs::read_to_string(shipped.join(file)).unwrap();
        let text = text.replace("/var/lib/jinban", "data");
        std::fs::write(dir.path().join(file), text).unwrap();
    }
    dir
}

fn nowhere() -> PathBuf {
    PathBuf::from("/nonexistent/jinban")
}

#[test]
fn the_arguments_are_consistent() {
    Cli::command().debug_assert();
}

#[test]
fn help_is_chinese_with_examples_and_exit_codes() {
    for arguments in [
        &["--help"][..],
        &["guides", "--help"],
        &["guides", "search", "--help"],
        &["devices", "read-card", "-h"],
        &["devices", "probe", "--help"],
        &["devices", "raw", "--help"],
        &["devices", "record", "--help"],
        &["outbox", "show", "--help"],
        &["config", "check", "--help"],
    ] {
        let output = jinban(arguments);
        assert_eq!(output.exit, Exit::Well, "{arguments:?}");
        assert!(output.text.contains("用法：jinban"), "{}", output.text);
        for english in [
            "Usage",
            "Options",
            "Commands",
            "Print",
            "Arguments",
            "default",
        ] {
            assert!(
                !output.text.contains(english),
                "{english} in {}",
                output.text
            );
        }
    }
    let text = jinban(&["--help"]).text;
    assert!(
        text.contains("例子：") && text.contains("结束码："),
        "{text}"
    );
}

#[test]
fn what_is_not_understood_is_explained_in_chinese() {
    let table = [
        (&["giudes"][..], "没有“giudes”这个命令。是不是想写 guides？"),
        (
            &["guides", "search", "低保", "--jsno"],
            "没有“--jsno”这个选项。是不是想写 --json？",
        ),
        (&["guides", "search"], "还要写上：<要找的话>"),
        (&["outbox", "show", "12"], "不能写成“12”"),
        (&["devices", "read-card", "--timeout", "0"], "不能写成“0”"),
    ];
    for (arguments, expected) in table {
        let output = jinban(arguments);
        assert_eq!(output.exit, Exit::Usage);
        assert!(output.complaint.contains(expected), "{}", output.complaint);
        assert!(output.complaint.contains("jinban --help"));
        assert!(output.text.is_empty());
    }
    assert_eq!(jinban(&[]).exit, Exit::Usage);
}

#[test]
fn guides_are_found_without_any_configuration() {
    let config = nowhere();
    let config = config.to_str().unwrap();
    let output = jinban(&["guides", "search", "dibao", "--config", config]);
    assert_eq!(output.exit, Exit::Well);
    assert!(output.text.starts_with("低保"), "{}", output.text);
    let missing = jinban(&["guides", "search", "qxqxqx", "--config", config]);
    assert_eq!(missing.exit, Exit::NotWell);
    assert!(missing.complaint.contains("换个说法"));

    let json = jinban(&[
        "guides",
        "search",
        "老年证",
        "--json",
        "--limit",
        "1",
        "--config",
        config,
    ]);
    let list: serde_json::Value = serde_json::from_str(&json.text).unwrap();
    assert_eq!(list[0]["id"], "senior-card");
    assert_eq!(list[0]["reason"]["kind"], "alias");
    assert_eq!(list.as_array().unwrap().len(), 1);
}

#[test]
fn a_guide_reads_in_the_order_people_ask() {
    let config = nowhere();
    let config = config.to_str().unwrap();
    for wanted in ["senior-allowance", "高龄津贴", "80周岁以上老年人高龄津贴"] {
        let text = jinban(&["guides", "show", wanted, "--config", config]).text;
        let mut from = 0;
        for heading in [
            "高龄津贴（",
            "能不能办",
            "要带什么",
            "要多久",
            "要多少钱",
            "还能去哪里办",
            "依据",
            "电话",
        ] {
            let at = text[from..]
                .find(heading)
                .unwrap_or_else(|| panic!("{heading} is not in\n{text}"));
            from += at;
        }
        assert!(
            text.contains("【银行存折或银行卡】银行存折或银行卡（在机器上扫描或拍照"),
            "{text}"
        );
        assert!(text.contains("这是示例"));
    }
    let fees = jinban(&["guides", "show", "id-card", "--config", config]).text;
    assert!(
        fees.contains("【补领】") && fees.contains("每张40元"),
        "{fees}"
    );
    let near = jinban(&["guides", "show", "老年证", "--config", config]);
    assert_eq!(near.exit, Exit::NotWell);
    assert!(near.complaint.contains("senior-card"), "{}", near.complaint);
}

#[test]
fn a_guide_as_json_is_the_guide() {
    let output = jinban(&[
        "guides",
        "show",
        "id-card",
        "--json",
        "--config",
        "/nonexistent",
    ]);
    let guide: jinban_api::guide::Guide = serde_json::from_str(&output.text).unwrap();
    let original = include_str!("../../assets/catalogue/id-card.json");
    assert_eq!(guide, serde_json::from_str(original).unwrap());
}

#[test]
fn whoever_finds_nothing_is_told_whom_to_ring_here_and_now() {
    let dir = configured();
    let place = dir.path().join("place.toml");
    let text = std::fs::read_to_string(&place).unwrap();
    std::fs::write(&place, text.replacen("\"12345\"", "\"0839-0001111\"", 1)).unwrap();
    let found = |config: &str| {
        let output = jinban(&["guides", "search", "龘龘", "--config", config]);
        assert_eq!(output.exit, Exit::NotWell);
        output.complaint
    };
    let here = found(dir.path().to_str().unwrap());
    assert!(here.contains("打 0839-0001111 问"), "{here}");
    let nowhere = found("/nonexistent");
    assert!(nowhere.contains("打 12345 问"), "{nowhere}");
}

#[test]
fn looking_at_guides_makes_no_files() {
    let dir = configured();
    let config = dir.path().to_str().unwrap();
    assert_eq!(
        jinban(&["guides", "search", "db", "--config", config]).exit,
        Exit::Well
    );
    assert!(!dir.path().join("data").exists());
}

#[test]
fn a_right_configuration_is_said_to_be_right_and_a_wrong_one_where() {
    let dir = configured();
    let config = dir.path().to_str().unwrap();
    let right = jinban(&["config", "check", "--config", config]);
    assert_eq!(right.exit, Exit::Well);
    assert!(
        right.text.contains("广元市›青川县›青溪镇›青溪村"),
        "{}",
        right.text
    );
    assert!(right.text.contains("公钥文件"), "{}", right.text);

    std::fs::write(dir.path().join("session.toml"), "idle_wipe = 30\n").unwrap();
    let wrong = jinban(&["config", "check", "--config", config]);
    assert_eq!(wrong.exit, Exit::NotWell);
    assert!(
        wrong.complaint.contains("session.toml 第 1 行"),
        "{}",
        wrong.complaint
    );
    assert!(wrong.complaint.contains("idle_wipe_s"));
    let json = jinban(&["config", "check", "--json", "--config", config]);
    let value: serde_json::Value = serde_json::from_str(&json.text).unwrap();
    assert_eq!(
        (value["ok"].as_bool(), &value["problems"][0]["line"]),
        (Some(false), &1.into())
    );
    assert_eq!(json.exit, Exit::NotWell);
}

#[test]
fn commands_that_need_a_configuration_say_so() {
    for arguments in [
        &["outbox", "list"][..],
        &["devices", "status"],
        &["guides", "sync"],
        &["config", "check"],
    ] {
        let mut all = arguments.to_vec();
        all.extend(["--config", "/nonexistent/jinban"]);
        let output = jinban(&all);
        assert_eq!(output.exit, Exit::Unavailable, "{arguments:?}");
        assert!(
            output.complaint.contains("--config"),
            "{}",
            output.complaint
        );
    }
}

#[test]
fn an_empty_outbox_is_good_news() {
    let dir = configured();
    let config = dir.path().to_str().unwrap();
    let list = jinban(&["outbox", "list", "--config", config]);
    assert_eq!(
        (list.exit, list.text.as_str()),
        (Exit::Well, "都送到了，没有等着的办件。\n")
    );
    assert_eq!(
        jinban(&["outbox", "list", "--json", "--config", config]).text,
        "[]\n"
    );
    let key = "01JD0000000000000000000000";
    let none = jinban(&["outbox", "show", key, "--config", config]);
    assert_eq!(none.exit, Exit::NotWell);
}

#[test]
fn a_device_that_is_not_there_is_said_to_be_missing() {
    let dir = configured();
    let config = dir.path().to_str().unwrap();
    let text = "[card_reader]\nport = \"/dev/nonexistent-reader\"\n";
    std::fs::write(dir.path().join("devices.toml"), text).unwrap();
    let output = jinban(&["devices", "status", "--config", config]);
    assert_eq!(output.exit, Exit::NotWell);
    assert!(
        output
            .text
            .contains("▲ 身份证阅读器（/dev/nonexistent-reader）：没有找到"),
        "{}",
        output.text
    );
    let json = jinban(&["devices", "status", "--json", "--config", config]);
    let value: serde_json::Value = serde_json::from_str(&json.text).unwrap();
    assert_eq!(
        value["card_reader"]["status"]["fault"]["kind"],
        "port_missing"
    );
    let card = jinban(&["devices", "read-card", "--timeout", "1", "--config", config]);
    assert_eq!(card.exit, Exit::NotWell);
    assert!(
        card.complaint.contains("阅读器用不了"),
        "{}",
        card.complaint
    );
}

#[test]
fn a_terminal_that_cannot_read_aloud_says_why() {
    let dir = configured();
    let config = dir.path().to_str().unwrap();
    let text = "[speaker]\nengine = \"/nonexistent/voice\"\n";
    std::fs::write(dir.path().join("devices.toml"), text).unwrap();
    let status = jinban(&["devices", "status", "--config", config]);
    assert_eq!(status.exit, Exit::NotWell);
    let missing = "没有装朗读程序 /nonexistent/voice";
    assert!(status.text.contains(missing), "{}", status.text);
    let check = jinban(&["config", "check", "--config", config]);
    // The rest works without a voice.
    assert_eq!(check.exit, Exit::Well);
    assert!(check.text.contains(missing), "{}", check.text);
}

#[test]
fn everything_a_technician_tries_on_a_port_that_is_not_there_says_so() {
    let dir = configured();
    let config = dir.path().to_str().unwrap();
    let out = dir.path().join("tape.jsonl");
    let out = out.to_str().unwrap();
    let port = "/dev/no-such-port";
    for arguments in [
        &["read-card", "--port", port][..],
        &["read-code", "--port", port],
        &["print-test", "--port", port],
        &["raw", "--port", port, "10", "04", "01"],
        &["probe", "--port", port],
        &["record", "read-card", "--port", port, "--out", out],
        &["self-test", "--port", port],
        &["replay", "/no/such/tape"],
    ] {
        let all = [&["devices"], arguments, &["--config", config]].concat();
        let output = jinban(&all);
        assert!(
            matches!(output.exit, Exit::NotWell | Exit::Unavailable),
            "{arguments:?}: {output:?}"
        );
        let said = format!("{}{}", output.text, output.complaint);
        assert!(
            said.chars().any(|c| c > '\u{4e00}'),
            "{arguments:?}: {said}"
        );
    }
    let unknown = jinban(&["devices", "print-test", "--port", port, "--model", "sam-v"]);
    assert!(unknown.complaint.contains("epson-tm-t20"), "{unknown:?}");
}

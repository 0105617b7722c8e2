//! The shipped configuration is right, and every mistake is named with its line and a way out.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::{Path, PathBuf};

use jinban_devices::printer::PrinterProfile;

use super::*;

fn shipped() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("kiosk-config")
}

/// A copy of the shipped configuration with one text replaced, which must be there.
fn with(file: &str, from: &str, to: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for name in FILES {
        let mut text = std::fs::read_to_string(shipped().join(name)).unwrap();
        if name == file {
            assert!(text.contains(from), "{from} is not in {file}");
            text = text.replacen(from, to, 1);
        }
        std::fs::write(dir.path().join(name), text).unwrap();
    }
    dir
}

fn problems(file: &str, from: &str, to: &str) -> Vec<Problem> {
    let dir = with(file, from, to);
    match Config::load(dir.path()) {
        Ok(_) => panic!("{to} was accepted"),
        Err(errors) => errors.problems,
    }
}

#[test]
fn the_shipped_files_are_accepted() {
    let config = Config::load(&shipped()).unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(config.place.name, "青溪镇便民服务中心");
    assert_eq!(config.place.village_code.as_str(), "510822101210");
    assert_eq!(config.place.hotlines[0].number, "12345");
    assert_eq!(config.place.agents.len(), 2);
    assert_eq!(config.panel, Panel::default());
    assert_eq!(config.session, Session::default());
    assert_eq!(config.data_dir, Path::new("/var/lib/jinban"));
    assert_eq!(
        config.platform.key_file,
        shipped().join("platform-keys.pem")
    );
    assert_eq!(config.devices.page_printer, None);
    assert_eq!(config.devices.camera, None);
    assert_eq!(config.devices.social_card_reader, None);
    let printer = config.devices.receipt_printer.unwrap();
    assert_eq!(printer.profile, PrinterProfile::default());
    assert_eq!(printer.baud, jinban_devices::printer::Baud::Auto);
    assert_eq!(config.devices.speaker, Some(Speaker::default()));
    assert_eq!(config.devices.scanner.unwrap().device, ScannerName::Auto);
}

#[test]
fn a_village_code_that_is_shipped_exists() {
    let config = Config::load(&shipped()).unwrap();
    let tree = crate::catalogue::RegionTree::of(crate::catalogue::Edition::Y2023);
    let path = tree.path_text(config.place.village_code.as_str());
    assert_eq!(path, "广元市›青川县›青溪镇›青溪村");
}

#[test]
fn a_model_of_the_sites_own_is_used_and_what_is_written_beside_it_counts_more() {
    let dir = with(
        "devices.toml",
        "paper_dots = 576",
        "model = \"our-printer\"",
    );
    let profiles = dir.path().join("profiles");
    std::fs::create_dir(&profiles).unwrap();
    let text = "[model]\nname = \"甲\"\nmaker = \"乙\"\n[device.receipt_printer]\n\
        paper = { is = \"dots384\", sure = \"H\" }\ncut = { is = \"full\", sure = \"H\" }\n";
    std::fs::write(profiles.join("our-printer.toml"), text).unwrap();
    let printer = Config::load(dir.path()).unwrap().devices.receipt_printer;
    let profile = printer.unwrap().profile;
    assert_eq!(profile.paper, jinban_devices::receipt::PaperWidth::Dots384);
    // `cut = "partial"` stands in the shipped file.
    assert_eq!(profile.cut, jinban_devices::printer::Cut::Partial);

    std::fs::write(
        profiles.join("our-printer.toml"),
        text.replacen('H', "X", 1),
    )
    .unwrap();
    let problems = Config::load(dir.path()).unwrap_err().problems;
    assert!(
        problems
            .iter()
            .any(|p| p.instead.contains("our-printer.toml:5")),
        "{problems:?}"
    );
}

/// File; what is in it; what it becomes; said about what is wrong; said about what to write instead.
type Mistake = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

#[rustfmt::skip]
const MISTAKES: &[Mistake] = &[
    ("place.toml", "village_code =", "vilage_code =", "不认识 vilage_code", "village_code"),
    ("place.toml", "\"510822101210\"", "\"51082210121\"", "应是12位数字", "510822101210"),
    ("place.toml", "\"510822101210\"", "510822101210", "应是带引号的文字", "village_code = \""),
    ("place.toml", "\"12345\"", "\"一二三四五\"", "不像电话号码", "12345"),
    ("place.toml", "\"510822\"", "\"510823\"", "不在 area_code 510823 里", "前6位"),
    ("place.toml", "\"qingxi-01\"", "\"青溪\"", "只能用字母", "qingxi-01"),
    ("place.toml", "town = \"青溪镇\"", "town = \" \"", "不能空着", "填上"),
    ("panel.toml", "width_mm = 268", "width_mm = 26800", "100 到 2000", "width_mm ="),
    ("panel.toml", "fullscreen = true", "fullscreen = \"yes\"", "true（是）", "fullscreen = true"),
    ("devices.toml", "[scanner]", "[scaner]", "不认识 scaner", "scanner"),
    ("devices.toml", "baud = \"auto\"", "baud = 12345", "波特率", "115200"),
    ("devices.toml", "paper_dots = 576", "paper_dots = 577", "只能是 384", "576"),
    ("devices.toml", "paper_dots = 576", "model = \"routon-sam-v\"", "不是这种设备的机型", "epson-tm-t20"),
    ("devices.toml", "flow = \"none\"", "flow = \"hard\"", "不认识", "rtscts"),
    ("devices.toml", "/dev/jinban-card-reader", "COM3", "不是接口的名字", "ttyUSB0"),
    ("devices.toml", "/dev/jinban-card-reader", "usb:0400", "不是接口的名字", "usb:0400:c35a"),
    ("devices.toml", "/dev/jinban-card-reader", "keyboard:1eab:1a03", "不是接口的名字", "usb:0400:c35a"),
    ("devices.toml", "/dev/jinban-receipt-printer", "tcp://10.0.0.9:9100", "不是接口的名字", "tcp:192"),
    ("devices.toml", "answers_status = true", "answers_status = 1", "true（是）", "answers_status"),
    ("devices.toml", "rate_percent = 100", "rate_percent = 110", "只能取几个数", "125"),
    ("devices.toml", "volume_db = 0", "volume_db = 10", "只能取几个数", "-20"),
    ("devices.toml", "volume_db = 0", "volume_db = \"laut\"", "只能取几个数", "-20"),
    ("devices.toml", "engine = \"auto\"", "engine = \"espeak\"", "不是朗读程序", "/usr/bin/espeak-ng"),
    ("devices.toml", "[card_reader]", "card_reader = 1\n[x]", "应是一段", "[card_reader]"),
    ("platform.toml", "https://platform.example.cn", "http://platform.example.cn", "只许连本机", "https://"),
    ("platform.toml", "https://platform.example.cn", "platform", "不是网址", "https://"),
    ("session.toml", "idle_wipe_s = 30", "idle_wipe_s = 3", "10 到 120", "idle_wipe_s = 30"),
    ("session.toml", "goodbye_s = 8", "goodbye_s = -8", "3 到 60", "goodbye_s = 8"),
    ("session.toml", "goodbye_s = 8", "goodbye_s = \"8", "写法不对", "引号要成对"),
    ("session.toml", "goodbye_s = 8", "goodbye_s = 8\ngoodbye_s = 9", "写法不对", "只写一次"),
];

#[test]
fn every_mistake_is_named_with_its_line_and_what_to_write_instead() {
    for &(file, from, to, wrong, instead) in MISTAKES {
        let found = problems(file, from, to);
        let Some(problem) = found.iter().find(|problem| problem.wrong.contains(wrong)) else {
            panic!("{to}: {found:?}");
        };
        assert!(problem.instead.contains(instead), "{to}: {problem}");
        assert!(problem.file.ends_with(file));
        let text = std::fs::read_to_string(with(file, from, to).path().join(file)).unwrap();
        let near = text[..text.find(to).unwrap()].lines().count();
        // A mistake in a table may be said of its heading.
        let line = problem.line.unwrap_or(near);
        assert!(
            line.abs_diff(near) <= 9,
            "{to}: line {line}, written near {near}"
        );
    }
}

#[test]
fn the_line_is_exact_for_a_value() {
    let found = problems("session.toml", "goodbye_s = 8", "goodbye_s = 999");
    let text = std::fs::read_to_string(shipped().join("session.toml")).unwrap();
    let line = text
        .lines()
        .position(|line| line.starts_with("goodbye_s"))
        .unwrap()
        + 1;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].line, Some(line));
}

#[test]
fn all_problems_of_all_files_are_said_at_once() {
    let dir = with("place.toml", "\"qingxi-01\"", "\"?\"");
    std::fs::remove_file(dir.path().join("panel.toml")).unwrap();
    std::fs::write(dir.path().join("session.toml"), [0xff, 0xfe, 0x00]).unwrap();
    std::fs::write(
        dir.path().join("platform.toml"),
        "url = 1\nkye_file = \"x\"\n",
    )
    .unwrap();
    let errors = Config::load(dir.path()).unwrap_err();
    let said = errors.to_string();
    for expected in [
        "terminal_id",
        "没有这个文件",
        "UTF-8",
        "url 应是带引号的文字",
        "不认识 kye_file",
        "是不是想写 key_file",
        "缺少 key_file",
    ] {
        assert!(said.contains(expected), "{expected} is not in\n{said}");
    }
    assert!(said.starts_with(&format!("配置有 {} 处要改", errors.problems.len())));
}

#[test]
fn what_may_be_left_out_may_be_left_out() {
    let dir = with("place.toml", "", "");
    std::fs::write(dir.path().join("devices.toml"), "# 没有接设备\n").unwrap();
    std::fs::write(dir.path().join("session.toml"), "").unwrap();
    let config = Config::load(dir.path()).unwrap();
    assert_eq!(config.devices, Devices::default());
    assert_eq!(config.session, Session::default());
}

#[test]
fn the_machine_itself_may_be_reached_without_encryption() {
    for url in [
        "http://127.0.0.1:8080",
        "http://localhost",
        "http://[::1]:8080/",
    ] {
        let dir = with("platform.toml", "https://platform.example.cn", url);
        let config = Config::load(dir.path()).unwrap_or_else(|errors| panic!("{errors}"));
        assert_eq!(config.platform.url, url.trim_end_matches('/'));
    }
    for url in [
        "http://127.0.0.1.example.cn",
        "http://localhost@example.cn",
        "http://localhost:x@example.cn",
        "https:///x",
        "https://",
    ] {
        assert!(!problems("platform.toml", "https://platform.example.cn", url).is_empty());
    }
}

#[test]
fn the_shipped_files_satisfy_their_schemas_and_the_schemas_refuse_the_unknown() {
    for file in FILES {
        let text = std::fs::read_to_string(shipped().join(file)).unwrap();
        let value: serde_json::Value = toml::from_str(&text).unwrap();
        let name = file.replace(".toml", ".json");
        let schema = std::fs::read_to_string(shipped().join("schema").join(&name)).unwrap();
        let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
        let validator = jsonschema::draft202012::new(&schema).unwrap();
        let errors: Vec<_> = validator
            .iter_errors(&value)
            .map(|e| e.to_string())
            .collect();
        assert!(errors.is_empty(), "{file}: {errors:?}");
        let mut more = value.clone();
        more["unknown"] = serde_json::json!(1);
        assert!(!validator.is_valid(&more), "{file} takes anything");
        // Every name in the schema is one that the program knows: it is refused for its value, not its name.
        for key in schema["properties"].as_object().unwrap().keys() {
            let dir = with(file, "", "");
            std::fs::write(dir.path().join(file), format!("{key} = 2000-01-01\n")).unwrap();
            let errors = Config::load(dir.path()).unwrap_err();
            let unknown = format!("不认识 {key}");
            assert!(!errors.to_string().contains(&unknown), "{file}: {key}");
        }
    }
}

#[test]
fn a_social_card_reader_is_the_first_one_or_the_one_that_is_named() {
    use jinban_devices::social_card::WhichReader;
    let line = "# reader = \"auto\"";
    for (reader, expected) in [
        ("auto", WhichReader::First),
        ("Feitian", WhichReader::Named("Feitian".to_owned())),
    ] {
        let section = format!("[social_card_reader]\nreader = \"{reader}\"");
        let dir = with("devices.toml", line, &section);
        let config = Config::load(dir.path()).unwrap_or_else(|errors| panic!("{errors}"));
        let fitted = config.devices.social_card_reader.unwrap();
        assert_eq!(fitted.reader, expected);
    }
    let found = problems("devices.toml", line, "[social_card_reader]\nreader = \" \"");
    assert!(found[0].wrong.contains("[social_card_reader]"), "{found:?}");
}

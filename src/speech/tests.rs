//! What is said, and that it stops.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::process::{Command, Stdio};

use super::testing::{StandIn, until};
use super::*;
use crate::config::{self, Rate, SpeechEngine, Volume};
use crate::language::Language;
use crate::language::Language::{Chinese, English};

fn said(text: &str, screen: Language) -> Vec<String> {
    let all = sentences([text], screen);
    all.iter().map(|one| one.text().to_owned()).collect()
}

#[rustfmt::skip]
const IN_CHINESE: &[(&str, &[&str])] = &[
    // Dialled or copied down: digit by digit, one as 幺.
    ("0839-0001011", &["零八三九，零零零幺零幺幺"]),
    ("咨询电话：0839-0001011", &["咨询电话，零八三九，零零零幺零幺幺"]),
    ("请拨 12345 问一问", &["请拨幺二三四五，问一问"]),
    ("拨打110", &["拨打幺幺零"]),
    ("13800138000", &["幺三八，零零幺三，八零零零"]),
    ("510822-20261124-000001", &["五幺零八二二，二零二六幺幺二四，零零零零零幺"]),
    ("暂100000-1123-0007", &["暂幺零零零零零，幺幺二三，零零零七"]),
    ("510822********1234", &["五幺零八二二，幺二三四"]),
    ("138****1234", &["幺三八，幺二三四"]),
    // Everybody in the room hears it: no more than the end.
    ("11010519491231002X", &["尾号零零二X"]),
    ("6210000000000000123", &["尾号零幺二三"]),
    ("6210 0000 0000 0000 123", &["尾号零幺二三"]),
    ("007", &["零零七"]),
    ("查询码 7K2M9P", &["查询码七K二M九P"]),
    // Counted, paid, measured: whole.
    ("15 个工作日", &["15个工作日"]),
    ("原件 1 份，复印件 2 份", &["原件1份，复印件2份"]),
    ("150000元", &["150000元"]),
    ("1,200 元", &["1200元"]),
    ("40.50 元", &["40.50元"]),
    ("报销 70%", &["报销百分之70"]),
    ("3-5 个工作日", &["3到5个工作日"]),
    ("第 12 版", &["第12版"]),
    ("打电话3次", &["打电话3次"]),
    ("A4 纸", &["A4纸"]),
    // Days and hours.
    ("更新于 2026-11-20", &["更新于二零二六年11月20日"]),
    ("2026年11月20日", &["二零二六年11月20日"]),
    ("2026-13-40", &["二零二六，幺三，四零"]),
    ("周一到周五 9:00-12:00", &["周一到周五9点到12点"]),
    ("14:05", &["14点05分"]),
    // Marks.
    ("低保、社保卡……", &["低保，社保卡"]),
    ("《城乡居民医保》（含五保户）", &["城乡居民医保，含五保户"]),
    ("办事指南 › 养老", &["办事指南，养老"]),
    ("“您好”——请坐", &["您好，请坐"]),
    ("……", &[]),
    ("★ ☎ ‼", &[]),
    ("", &[]),
    ("带身份证。再带照片！可以吗？", &["带身份证", "再带照片", "可以吗？"]),
];

#[rustfmt::skip]
const IN_ENGLISH: &[(&str, &[&str])] = &[
    ("Call 0839-0001011", &["Call 0 8 3 9, 0 0 0 1 0 1 1"]),
    ("Call 110.", &["Call 1 1 0"]),
    ("15 working days", &["15 working days"]),
    ("Open 8:30-12:00", &["Open 8, 30 to 12, 00"]),
    ("It's free. Really.", &["It's free", "Really"]),
    ("40.50 yuan", &["40.50 yuan"]),
    ("2026-11-20", &["20 11 2026"]),
];

fn holds(table: &[(&str, &[&str])], screen: Language) {
    for (text, wanted) in table {
        assert_eq!(said(text, screen), *wanted, "{text}");
    }
}

#[test]
fn chinese_texts_are_written_for_the_ear() {
    holds(IN_CHINESE, Chinese);
}

#[test]
fn english_texts_are_written_for_the_ear() {
    holds(IN_ENGLISH, English);
}

#[test]
fn a_long_sentence_is_handed_over_in_parts() {
    let long = "请带上户口簿和身份证".repeat(5) + "，" + &"再带上两张照片".repeat(7) + "。";
    assert_eq!(said(&long, Chinese).len(), 2);
}

#[test]
fn chinese_words_on_an_english_screen_are_said_in_chinese() {
    let all = sentences(["Your papers", "户口簿", "12345"], English);
    let voices: Vec<_> = all.iter().map(Sentence::voice).collect();
    assert_eq!(voices, [English, Chinese, English]);
}

#[test]
fn what_is_said_does_not_show_in_debug() {
    let all = sentences(["测试人"], Chinese);
    assert!(!format!("{all:?}").contains("测试人"));
}

proptest::proptest! {
    /// Whatever a guide or a person writes, preparing it neither panics nor lets a control character through.
    #[test]
    fn any_text_can_be_prepared(text in "[0-9A-Za-z\\-., :*年元一。\\PC\\n\\x00]{0,60}") {
        for screen in [Chinese, English] {
            for sentence in sentences([text.as_str()], screen) {
                proptest::prop_assert!(!sentence.text().contains(char::is_control));
                proptest::prop_assert!(sentence.text().contains(char::is_alphanumeric));
            }
        }
    }

    /// No digit of a number that is copied down gets lost or changes its place.
    #[test]
    fn every_digit_of_an_identifier_is_said(number in "0[0-9]{3}-[0-9]{4,20}") {
        let said = said(&number, Chinese).concat();
        let back: String = said
            .chars()
            .filter_map(|c| "零幺二三四五六七八九".chars().position(|digit| digit == c))
            .map(|digit| digit.to_string())
            .collect();
        proptest::prop_assert_eq!(back, number.replace('-', ""));
    }
}

#[tokio::test]
async fn sentences_are_handed_over_one_at_a_time_and_never_on_the_command_line() {
    let engine = StandIn::quick();
    let reading = engine.speaker().read(
        sentences(["测试人。0839-0001011", "Done"], English),
        Rate::from_percent(150).unwrap(),
    );
    until("all is said", || reading.is_over()).await;
    assert_eq!(engine.heard(), ["测试人", "0 8 3 9, 0 0 0 1 0 1 1", "Done"]);
    let english = "--stdin -b 1 -v en-gb -s 262 -a 100";
    assert_eq!(
        engine.arguments(),
        [
            "--stdin -b 1 -v cmn-latn-pinyin -s 262 -a 100",
            english,
            english
        ]
    );
}

#[tokio::test]
async fn whoever_stops_listening_has_silence_also_from_a_player_behind_the_engine() {
    let engine = StandIn::endless();
    let reading = engine
        .speaker()
        .read(sentences(["第一句。第二句。"], Chinese), Rate::default());
    until("it speaks", || engine.is_speaking()).await;
    assert!(!reading.is_over());
    drop(reading);
    until("it is silent", || !engine.is_speaking()).await;
    assert_eq!(engine.heard(), ["第一句"]);
}

#[tokio::test]
async fn an_engine_that_hangs_is_killed_in_time_and_not_tried_again() {
    let engine = StandIn::endless();
    let reading = engine
        .speaker()
        .impatient()
        .read(sentences(["一。二。"], Chinese), Rate::default());
    until("it gave up", || reading.is_over()).await;
    until("it is silent", || !engine.is_speaking()).await;
    assert!(engine.heard().len() <= 1, "{:?}", engine.heard());
}

#[tokio::test]
async fn an_engine_that_fails_is_not_asked_again_for_every_sentence() {
    let engine = StandIn::failing();
    let reading = engine
        .speaker()
        .read(sentences(["第一句。第二句。"], Chinese), Rate::default());
    until("it gave up", || reading.is_over()).await;
    assert!(engine.heard().len() <= 1);
}

#[test]
fn without_an_engine_or_a_sound_device_it_is_said_which_is_missing() {
    let engine = StandIn::quick();
    let usual = config::Speaker::default();
    std::fs::remove_file(engine.path().join("snd/pcmC0D0p")).unwrap();
    // A microphone is no loudspeaker.
    std::fs::write(engine.path().join("snd/pcmC0D0c"), "").unwrap();
    let deaf = Speaker::find(&usual, &engine.machine()).unwrap_err();
    assert!(matches!(deaf, Unavailable::NoSoundDevice { .. }), "{deaf}");

    std::fs::write(engine.path().join("snd/pcmC0D0p"), "").unwrap();
    assert!(Speaker::find(&usual, &engine.machine()).is_ok());

    std::fs::remove_file(engine.path().join("espeak-ng")).unwrap();
    let dumb = Speaker::find(&usual, &engine.machine()).unwrap_err();
    assert!(dumb.to_string().contains("apt-get install espeak-ng"));
    let own = config::Speaker {
        engine: SpeechEngine::Program("/opt/nothing/here".into()),
        ..usual
    };
    let dumb = Speaker::find(&own, &engine.machine()).unwrap_err();
    assert!(dumb.to_string().contains("/opt/nothing/here"));
}

#[test]
fn a_sound_device_of_other_accounts_is_no_sound_device() {
    use std::os::unix::fs::PermissionsExt;
    if rustix::process::geteuid().is_root() {
        println!("SKIPPED: the administrator may use every sound device");
        return;
    }
    let engine = StandIn::quick();
    let device = engine.path().join("snd/pcmC0D0p");
    std::fs::set_permissions(&device, PermissionsExt::from_mode(0o400)).unwrap();
    let shut = Speaker::find(&config::Speaker::default(), &engine.machine()).unwrap_err();
    assert!(shut.to_string().contains("audio 组"), "{shut}");
}

#[tokio::test]
async fn a_program_of_the_sites_own_is_called_as_the_configuration_describes() {
    let engine = StandIn::quick();
    let own = engine.path().join("our-voice");
    std::fs::rename(engine.path().join("espeak-ng"), &own).unwrap();
    let config = config::Speaker {
        engine: SpeechEngine::Program(own),
        rate: Rate::default(),
        volume: Volume::from_db(-5).unwrap(),
    };
    let speaker = Speaker::find(&config, &engine.machine()).unwrap();
    let reading = speaker.read(sentences(["您好"], Chinese), config.rate);
    until("all is said", || reading.is_over()).await;
    assert_eq!(
        engine.arguments(),
        ["--language zh-CN --rate-percent 100 --volume-db -5"]
    );
}

#[test]
fn rates_go_from_half_to_double_in_quarters_and_volume_in_five_decibels() {
    let mut rates = vec![Rate::from_percent(50).unwrap()];
    while let Some(faster) = rates.last().unwrap().faster() {
        assert_eq!(faster.slower(), rates.last().copied());
        rates.push(faster);
    }
    let percents: Vec<_> = rates.iter().map(|rate| rate.percent()).collect();
    assert_eq!(percents, [50, 75, 100, 125, 150, 175, 200]);
    assert_eq!(rates[0].slower(), None);
    let volumes: Vec<_> = (-30..=15).filter_map(Volume::from_db).collect();
    let decibels: Vec<_> = volumes.iter().map(|volume| volume.db()).collect();
    assert_eq!(decibels, [-20, -15, -10, -5, 0, 5]);
}

/// The engine itself, on what it will be told; its sounds go where the further arguments say.
fn espeak_ng(voice: Language, text: &str, further: &[&str]) -> Option<Vec<u8>> {
    use std::io::Write;
    // Whether there is a sound device here makes no difference to a file.
    let with_sound = StandIn::quick();
    let machine = Machine {
        sound_folder: with_sound.machine().sound_folder,
        ..Machine::this()
    };
    let engine = match Engine::find(&config::Speaker::default(), &machine) {
        Ok(engine) => engine,
        Err(missing) => {
            println!("SKIPPED: {missing}");
            return None;
        }
    };
    let mut child = Command::new(engine.program())
        .args(engine.arguments(voice, Rate::default(), Volume::default()))
        .args(further)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(text.as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    Some(output.stdout)
}

#[test]
fn espeak_ng_turns_a_sentence_into_sound() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("said.wav");
    let file = file.to_str().unwrap();
    if espeak_ng(Chinese, "您好，今天要办什么事？", &["-w", file]).is_none() {
        return;
    }
    let wave = std::fs::read(file).unwrap();
    assert_eq!((&wave[..4], &wave[8..12]), (&b"RIFF"[..], &b"WAVE"[..]));
    let rate = u32::from_le_bytes(wave[24..28].try_into().unwrap());
    let samples: Vec<i16> = wave[44..]
        .chunks_exact(2)
        .map(|two| i16::from_le_bytes([two[0], two[1]]))
        .collect();
    let seconds = samples.len() as f64 / f64::from(rate);
    assert!((1.0..8.0).contains(&seconds), "{seconds} s");
    let loudest = samples.iter().map(|s| s.unsigned_abs()).max().unwrap();
    assert!(loudest > 2000, "{loudest}");
}

#[test]
fn espeak_ng_speaks_mandarin_and_does_not_spell_in_english() {
    for text in [
        "零八三九，零零零幺零幺幺",
        "15个工作日",
        "您好，今天要办什么事？",
    ] {
        let Some(sounds) = espeak_ng(Chinese, text, &["-q", "-x"]) else {
            return;
        };
        let sounds = String::from_utf8(sounds).unwrap();
        assert!(!sounds.trim().is_empty());
        assert!(!sounds.contains("(en)"), "{text}: {sounds}");
    }
}

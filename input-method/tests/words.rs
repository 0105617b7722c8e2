//! What people of Qingchuan type, and what they must find on the first page.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use jinban_input::{Engine, Key, Mode, PAGE, open};
use std::path::Path;

fn engine(mode: Mode) -> Box<dyn Engine> {
    let mut engine = open(Path::new("no such folder")).unwrap();
    engine.set_mode(mode);
    engine
}

fn type_in(engine: &mut dyn Engine, letters: &str) {
    engine.clear();
    for letter in letters.chars() {
        engine.key(if letter == '\'' {
            Key::Separator
        } else {
            Key::Letter(letter)
        });
    }
}

/// All that are not on the first page, so that one run shows every miss.
fn missing(mode: Mode, table: &[(&str, &str)]) -> Vec<String> {
    let mut engine = engine(mode);
    let misses = table.iter().filter_map(|(letters, word)| {
        type_in(engine.as_mut(), letters);
        let page = &engine.state().candidates;
        (!page.iter().any(|c| c == word)).then(|| format!("{letters} → {word}: {}", page.join(" ")))
    });
    misses.collect()
}

#[track_caller]
fn all_on_first_page(mode: Mode, table: &[(&str, &str)]) {
    let misses = missing(mode, table);
    assert!(
        misses.is_empty(),
        "{} of {} not on the first page:\n{}",
        misses.len(),
        table.len(),
        misses.join("\n")
    );
}

#[test]
fn everyday_words_are_found() {
    all_on_first_page(
        Mode::Text,
        &[
            ("wo", "我"),
            ("women", "我们"),
            ("de", "的"),
            ("shi", "是"),
            ("zhongguo", "中国"),
            ("xiexie", "谢谢"),
            ("nvren", "女人"),
            ("nver", "女儿"),
            ("erzi", "儿子"),
            ("lvse", "绿色"),
            ("xi'an", "西安"),
            ("xian", "先"),
            ("xian", "县"),
            ("yinhang", "银行"),
            ("zhangda", "长大"),
            ("changduan", "长短"),
            ("chongqing", "重庆"),
            ("zhongyao", "重要"),
            ("kuaile", "快乐"),
            ("yinyue", "音乐"),
            ("jintian", "今天"),
            ("dianhua", "电话"),
            ("shouji", "手机"),
            ("jiating", "家庭"),
            ("nongmin", "农民"),
            ("yumi", "玉米"),
            ("gongzuo", "工作"),
            ("kanbing", "看病"),
            ("yisheng", "医生"),
            ("guonian", "过年"),
        ],
    );
}

#[test]
fn matters_of_a_service_room_are_found_by_pinyin() {
    all_on_first_page(
        Mode::Text,
        &[
            ("nongshang", "农商"),
            ("nongshangyinhang", "农商银行"),
            ("dibao", "低保"),
            ("yibao", "医保"),
            ("shebaoka", "社保卡"),
            ("gaolingjintie", "高龄津贴"),
            ("yanglaobaoxian", "养老保险"),
            ("shenfenzheng", "身份证"),
            ("hukouben", "户口本"),
            ("canjizheng", "残疾证"),
            ("zhaijidi", "宅基地"),
            ("linshijiuzhu", "临时救助"),
            ("tuiyijunren", "退役军人"),
            ("jiehunzheng", "结婚证"),
            ("cunweihui", "村委会"),
            ("yikatong", "一卡通"),
            ("gonggongfuwu", "公共服务"),
            ("daibanyuan", "代办员"),
            ("xinnonghe", "新农合"),
            ("yingyezhizhao", "营业执照"),
            ("xingshizheng", "行驶证"),
            ("yidijiuyi", "异地就医"),
            ("hujizhengming", "户籍证明"),
            ("weituoshu", "委托书"),
        ],
    );
}

#[test]
fn matters_of_a_service_room_are_found_by_initials_and_halves() {
    all_on_first_page(
        Mode::Text,
        &[
            ("db", "低保"),
            ("yb", "医保"),
            ("sbk", "社保卡"),
            ("gljt", "高龄津贴"),
            ("sfz", "身份证"),
            ("hkb", "户口本"),
            ("ylbx", "养老保险"),
            ("jhz", "结婚证"),
            ("cwh", "村委会"),
            ("zjd", "宅基地"),
            ("shenfz", "身份证"),
            ("gaol", "高龄津贴"),
            ("gaoling", "高龄津贴"),
            ("shenfenz", "身份证"),
            ("canjiz", "残疾证"),
            ("jiehunzh", "结婚证"),
        ],
    );
    all_on_first_page(
        Mode::Search,
        &[
            ("db", "低保"),
            ("yl", "养老金"),
            ("gl", "高龄津贴"),
            ("hk", "户口"),
            ("jh", "结婚证"),
            ("cj", "残疾证"),
            ("tyjr", "退役军人"),
        ],
    );
}

#[test]
fn words_are_found_as_they_sound_in_sichuan() {
    all_on_first_page(
        Mode::Text,
        &[
            ("longcun", "农村"),
            ("nongcun", "农村"),
            ("longmin", "农民"),
            ("senfenzen", "身份证"),
            ("sebaoka", "社保卡"),
            ("gaolinjintie", "高龄津贴"),
            ("gaoningjintie", "高龄津贴"),
            ("zaijidi", "宅基地"),
            ("canjizen", "残疾证"),
            ("zongguo", "中国"),
            ("linsijiuzu", "临时救助"),
            ("tuiyijunren", "退役军人"),
            ("qinchuan", "青川"),
            ("yanlaobaoxian", "养老保险"),
            ("lanfang", "南方"),
            ("hukou", "户口"),
            ("fukou", "户口"),
        ],
    );
}

#[test]
fn places_of_the_prefecture_are_found() {
    all_on_first_page(
        Mode::Text,
        &[
            ("qingchuan", "青川"),
            ("qingchuanxian", "青川县"),
            ("guangyuan", "广元"),
            ("jiange", "剑阁"),
            ("cangxi", "苍溪"),
            ("wangcang", "旺苍"),
            ("lizhouqu", "利州区"),
            ("chaotian", "朝天"),
            ("zhaohua", "昭化"),
        ],
    );
    all_on_first_page(
        Mode::Address,
        &[
            ("qc", "青川"),
            ("qcx", "青川县"),
            ("qiaozhuang", "乔庄"),
            ("qiaozhuangzhen", "乔庄镇"),
            ("fangshi", "房石"),
            ("guanzhuang", "关庄"),
            ("muyu", "木鱼"),
            ("yaodu", "姚渡"),
            ("dayuan", "大院"),
            ("haoxi", "蒿溪"),
            ("donghekou", "东河口"),
            ("sichuansheng", "四川省"),
            ("guangyuanshi", "广元市"),
            ("qingchuanxianqiaozhuangzhen", "青川县乔庄镇"),
            ("cunminxiaozu", "村民小组"),
        ],
    );
}

#[test]
fn names_are_found_whole_and_surnames_first() {
    all_on_first_page(
        Mode::Name,
        &[
            ("wangguilan", "王桂兰"),
            ("chenxiuying", "陈秀英"),
            ("lijianguo", "李建国"),
            ("zhangyuzhen", "张玉珍"),
            ("gouyulan", "苟玉兰"),
            ("mu", "母"),
            ("gou", "苟"),
            ("zeng", "曾"),
            ("shan", "单"),
            ("qiu", "仇"),
            ("xie", "解"),
            ("ren", "任"),
            ("ouyang", "欧阳"),
            ("wang", "王"),
            ("li", "李"),
            ("jing", "敬"),
            ("pu", "蒲"),
            ("yang", "杨"),
            ("zhaoguoqiang", "赵国强"),
        ],
    );
    let mut engine = engine(Mode::Name);
    for (letters, surname) in [
        ("wang", "王"),
        ("li", "李"),
        ("zhang", "张"),
        ("chen", "陈"),
        ("zeng", "曾"),
        ("mu", "母"),
    ] {
        type_in(engine.as_mut(), letters);
        assert_eq!(engine.state().candidates[0], surname, "{letters}");
    }
}

#[test]
fn names_are_found_in_free_text_but_never_before_words() {
    all_on_first_page(
        Mode::Text,
        &[
            ("wangguilan", "王桂兰"),
            ("chenxiuying", "陈秀英"),
            ("lijianguo", "李建国"),
        ],
    );
    let mut engine = engine(Mode::Text);
    for (letters, word) in [
        ("gaoxing", "高兴"),
        ("chengshi", "城市"),
        ("lianghao", "良好"),
        ("fangfa", "方法"),
        ("zhangda", "长大"),
    ] {
        type_in(engine.as_mut(), letters);
        assert_eq!(engine.state().candidates[0], word, "{letters}");
    }
}

#[test]
fn a_name_can_be_put_together_character_by_character() {
    for mode in [Mode::Text, Mode::Name] {
        let mut engine = engine(mode);
        type_in(engine.as_mut(), "wangguilan");
        let mut committed = None;
        for character in ["王", "桂", "兰"] {
            assert!(committed.is_none(), "committed before the last character");
            committed = choose(engine.as_mut(), character);
        }
        assert_eq!(committed.as_deref(), Some("王桂兰"));
        assert!(engine.state().is_empty());
    }
}

#[test]
fn a_rare_character_is_found_by_paging() {
    for (letters, character) in [
        ("yan", "䶮"),
        ("kun", "堃"),
        ("zhe", "喆"),
        ("yue", "玥"),
        ("nie", "乜"),
        ("tuo", "庹"),
    ] {
        let mut engine = engine(Mode::Name);
        type_in(engine.as_mut(), letters);
        assert_eq!(
            choose(engine.as_mut(), character).as_deref(),
            Some(character),
            "{letters}"
        );
    }
}

#[test]
fn pages_are_full_and_can_be_turned_back() {
    let mut engine = engine(Mode::Text);
    type_in(engine.as_mut(), "shi");
    let first = engine.state().clone();
    assert_eq!(
        (
            first.candidates.len(),
            first.page,
            first.has_next,
            first.has_prev
        ),
        (PAGE, 0, true, false)
    );
    engine.next_page();
    assert!(engine.state().has_prev && engine.state().page == 1);
    assert!(
        first
            .candidates
            .iter()
            .all(|c| !engine.state().candidates.contains(c)),
        "a page repeats the one before"
    );
    engine.prev_page();
    assert!(*engine.state() == first);
    engine.prev_page();
    assert!(
        *engine.state() == first,
        "there is no page before the first"
    );
}

#[test]
fn backspace_takes_back_a_choice_and_then_letters() {
    let mut engine = engine(Mode::Text);
    type_in(engine.as_mut(), "wangguilan");
    assert_eq!(choose(engine.as_mut(), "王"), None);
    assert_eq!(engine.state().preedit, "王gui lan");
    engine.key(Key::Backspace);
    assert_eq!(engine.state().preedit, "wang gui lan");
    engine.key(Key::Backspace);
    assert_eq!(engine.state().preedit, "wang gui la");
}

#[test]
fn a_separator_ends_a_syllable_until_it_is_taken_back() {
    let mut engine = engine(Mode::Text);
    type_in(engine.as_mut(), "xi'");
    assert_eq!(engine.state().preedit, "xi'");
    engine.key(Key::Letter('a'));
    engine.key(Key::Letter('n'));
    assert_eq!(engine.state().preedit, "xi'an");
    assert_eq!(engine.state().candidates[0], "西安");
    type_in(engine.as_mut(), "xi'");
    engine.key(Key::Backspace);
    engine.key(Key::Letter('a'));
    assert_eq!(engine.state().preedit, "xia");
}

#[test]
fn letters_that_are_no_pinyin_are_shown_and_offer_nothing_wrong() {
    let mut engine = engine(Mode::Text);
    type_in(engine.as_mut(), "uv");
    assert_eq!(engine.state().preedit, "u v");
    assert!(engine.state().candidates.is_empty());
    type_in(engine.as_mut(), "1中!");
    assert!(engine.state().is_empty());
}

/// Turns pages until a candidate is shown, and chooses it.
fn choose(engine: &mut dyn Engine, text: &str) -> Option<String> {
    loop {
        if let Some(index) = engine.state().candidates.iter().position(|c| c == text) {
            return engine.choose(index);
        }
        assert!(
            engine.state().has_next,
            "{text} is not offered for {}",
            engine.state().preedit
        );
        engine.next_page();
    }
}

//! The walk: a villager files 高龄津贴, then another while the platform is away and the plug is pulled.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::villager::{self, Page, lift_card, place_card};
use super::{DemoError, Hand, Stage, Terminal};

/// What the walk taps, in the words on the screen.
fn say(line: &str) {
    println!("  · {line}");
}

/// Walks the whole of it; every step is a tap, a key or a stroke on the real interface.
pub fn walk(stage: &mut Stage, terminal: Terminal, hand: &mut Hand) -> Result<(), DemoError> {
    println!("一、看指南，办理，拿回执");
    villager::go_to(stage, hand, Page::Attract)?;
    hand.picture("attract")?;
    villager::go_to(stage, hand, Page::Home)?;
    hand.await_text(&t!("light.network"))?;
    hand.picture("home")?;
    search(hand)?;
    villager::go_to(stage, hand, Page::Guide)?;
    hand.picture("guide")?;
    paper(hand)?;
    situations(stage, hand)?;
    identity(stage, hand)?;
    form(stage, hand)?;
    materials(stage, hand)?;
    read_back_and_sign(stage, hand)?;
    hand.await_text(&t!("done.official"))?;
    await_paper(stage, 1)?;
    hand.await_any(&[&t!("paper.done"), &t!("paper.unconfirmed")])?;
    hand.picture("done-official")?;
    rate(hand)?;
    hand.tap(&t!("done.finish"))?;
    hand.await_text(&t!("goodbye.title"))?;
    hand.picture("goodbye")?;
    lift_card(stage)?;
    say("第一件已经送达，回执已经打印");

    println!("二、平台断开，中途断电，照样不丢");
    block_on(stage.close_platform());
    villager::go_to(stage, hand, Page::Home)?;
    hand.await_text(&t!("light.offline"))?;
    villager::go_to(stage, hand, Page::Themes)?;
    hand.picture("themes")?;
    bundle(hand)?;
    notices(hand)?;
    villager::go_to(stage, hand, Page::Living)?;
    say("拔掉电源（SIGKILL），再开机");
    terminal.kill();
    let (width, height) = hand.size();
    let terminal = stage.open_terminal(hand.display(), (width, height))?;
    lift_card(stage)?;
    villager::go_to(stage, hand, Page::Unfinished)?;
    hand.picture("resume-after-power-cut")?;
    villager::go_to(stage, hand, Page::Done)?;
    hand.await_text(&t!("done.not_accepted"))?;
    await_paper(stage, 2)?;
    hand.await_any(&[&t!("paper.done"), &t!("paper.unconfirmed")])?;
    hand.picture("done-offline")?;
    say("离线办理：回执上写着“本机暂存，尚未受理”");

    block_on(stage.open_platform())?;
    hand.await_text(&t!("done.official"))?;
    hand.picture("done-after-network")?;
    hand.tap(&t!("done.finish"))?;
    hand.await_text(&t!("goodbye.title"))?;
    lift_card(stage)?;
    say("网络一通，案件自己送到，官方编号已经回来");

    println!("三、刷身份证查进度，补打回执；打印机缺纸");
    villager::go_to(stage, hand, Page::Home)?;
    hand.tap(&t!("home.progress"))?;
    hand.await_text(&t!("identity.title"))?;
    place_card(stage)?;
    hand.await_text(&t!("progress.mine"))?;
    hand.picture("my-cases")?;
    hand.tap("高龄津贴")?;
    hand.await_text(&t!("progress.state"))?;
    hand.picture("progress")?;
    if let Some(printer) = &stage.printer {
        printer.tell("paper-out")?;
        hand.await_text(&t!("light.paper_out"))?;
        hand.tap(&t!("progress.print"))?;
        hand.await_text(&t!("print.paper_out"))?;
        hand.picture("paper-out")?;
        printer.tell("paper-ok")?;
        hand.await_exact(&t!("light.printer"))?;
    }
    hand.tap(&t!("progress.print"))?;
    await_paper(stage, 3)?;
    hand.await_any(&[&t!("paper.done"), &t!("paper.unconfirmed")])?;
    lift_card(stage)?;
    say("回执已经补打");
    drop(terminal);
    Ok(())
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Handle::current().block_on(future)
}

fn search(hand: &mut Hand) -> Result<(), DemoError> {
    hand.tap(&t!("home.search_hint"))?;
    hand.await_text(&t!("keyboard.space"))?;
    hand.keys("gljt")?;
    hand.await_text(villager::GUIDE)?;
    hand.picture("search")?;
    say("打 g l j t，就找到了高龄津贴");
    Ok(())
}

/// The blank form of the guide, and back.
fn paper(hand: &mut Hand) -> Result<(), DemoError> {
    hand.tap(&t!("guide.blank_form"))?;
    hand.await_gone(&t!("paper_page.waiting"))?;
    hand.picture("paper")?;
    say("要填的表，先在屏幕上看清楚");
    hand.tap(&t!("bar.back"))
}

/// 公告政策: what is announced, and one notice in full; then home again.
fn notices(hand: &mut Hand) -> Result<(), DemoError> {
    hand.tap(&t!("home.notices"))?;
    hand.await_text(&t!("notices.laws"))?;
    hand.picture("notices")?;
    hand.tap("代办员上门帮您办")?;
    hand.await_text(&t!("notices.print"))?;
    hand.picture("notice")?;
    say("公告和政策，没有网络也看得到");
    hand.tap(&t!("bar.home"))
}

/// 退休: a few questions and one list, also without a line; then home again.
fn bundle(hand: &mut Hand) -> Result<(), DemoError> {
    hand.tap(&t!("bundle.title"))?;
    hand.tap("退休")?;
    hand.await_text("您有社会保障卡吗？")?;
    for answer in ["有", "就在本地", "还没有", "交满了"] {
        hand.tap(answer)?;
    }
    hand.await_text(&t!("bundle.bring"))?;
    hand.picture("bundle")?;
    say("退休要办的几件事，问四句，一张清单带齐");
    hand.tap(&t!("bar.home"))
}

fn situations(stage: &Stage, hand: &mut Hand) -> Result<(), DemoError> {
    villager::go_to(stage, hand, Page::What)?;
    hand.picture("situation")?;
    villager::go_to(stage, hand, Page::Card)
}

fn identity(stage: &Stage, hand: &mut Hand) -> Result<(), DemoError> {
    hand.picture("identity")?;
    if let Some(reader) = &stage.reader {
        // The card is lifted while it is read: said kindly, and the second try goes on.
        reader.tell("lift-mid-read")?;
        place_card(stage)?;
        hand.await_text(&t!("card.moved"))?;
        hand.picture("card-moved")?;
        lift_card(stage)?;
    }
    villager::go_to(stage, hand, Page::Phone)?;
    hand.await_text(&t!("form.from_card")).map(|_| ())
}

fn form(stage: &Stage, hand: &mut Hand) -> Result<(), DemoError> {
    villager::go_to(stage, hand, Page::Living)?;
    hand.tap("和子女一起住")?;
    hand.picture("form-address")?;
    villager::go_to(stage, hand, Page::Account)?;
    hand.tap("农商银行（信用社）")?;
    hand.keys("621700")?;
    hand.tap(&t!("bar.next"))?;
    hand.await_text("银行账号是16到19位数字")?;
    hand.picture("form-problem")?;
    villager::go_to(stage, hand, Page::Contact)?;
    hand.tap("亲人的姓名")?;
    hand.tap(&t!("field.placeholder"))?;
    hand.keys("wangxiaoming")?;
    hand.picture("form-pinyin")?;
    hand.tap(&t!("keyboard.space"))
}

fn materials(stage: &Stage, hand: &mut Hand) -> Result<(), DemoError> {
    villager::go_to(stage, hand, Page::Materials)?;
    hand.picture("materials")?;
    hand.tap(&t!("materials.scan"))?;
    hand.await_text(&t!("materials.keep"))?;
    hand.picture("scanned-page")?;
    hand.tap(&t!("materials.keep"))?;
    hand.await_text(&t!("materials.complete"))?;
    hand.picture("materials-complete").map(|_| ())
}

fn read_back_and_sign(stage: &Stage, hand: &mut Hand) -> Result<(), DemoError> {
    villager::go_to(stage, hand, Page::ReadBack)?;
    hand.picture("read-back")?;
    villager::go_to(stage, hand, Page::Sign)?;
    villager::sign(hand)?;
    hand.picture("signature")?;
    hand.tap(&t!("sign.submit"))
}

fn rate(hand: &mut Hand) -> Result<(), DemoError> {
    hand.tap(&t!("done.rate"))?;
    hand.await_text(&t!("rating.title"))?;
    hand.picture("rating")?;
    hand.tap(&t!("rating.satisfied"))?;
    hand.await_text(&t!("rating.thanks")).map(|_| ())
}

/// Waits until the simulated printer has cut this many papers.
fn await_paper(stage: &Stage, papers: usize) -> Result<(), DemoError> {
    let Some(printer) = &stage.printer else {
        return Ok(());
    };
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        let told = printer.tell("state")?;
        if told["sheets"].as_array().map_or(0, Vec::len) >= papers {
            return Ok(());
        }
        if Instant::now() >= until {
            return Err(DemoError::of("printer", &describe(&told)));
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn describe(state: &Value) -> String {
    format!("no paper came out; the printer says {state}")
}

//! The walk: a villager files 高龄津贴, then another while the platform is away and the plug is pulled.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{DemoError, Hand, Stage, Terminal};

/// What the walk taps, in the words on the screen.
fn say(line: &str) {
    println!("  · {line}");
}

/// Walks the whole of it; every step is a tap, a key or a stroke on the real interface.
pub fn walk(stage: &mut Stage, terminal: Terminal, hand: &mut Hand) -> Result<(), DemoError> {
    println!("一、看指南，办理，拿回执");
    hand.await_text(&t!("attract.start"))?;
    hand.picture("attract")?;
    hand.tap(&t!("attract.start"))?;
    hand.await_text(&t!("home.greeting"))?;
    hand.await_text(&t!("light.network"))?;
    hand.picture("home")?;
    search(hand)?;
    hand.tap("80周岁以上老年人高龄津贴")?;
    hand.await_text(&t!("guide.can_i"))?;
    hand.picture("guide")?;
    hand.tap(&t!("guide.file"))?;
    situations(hand, true)?;
    identity(stage, hand, true)?;
    form(hand, true)?;
    materials(hand, true)?;
    read_back_and_sign(hand, true)?;
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
    hand.await_text(&t!("attract.start"))?;
    hand.tap(&t!("attract.start"))?;
    hand.await_text(&t!("light.offline"))?;
    hand.tap(&t!("home.file"))?;
    hand.await_text(&t!("guides.which_file"))?;
    hand.picture("themes")?;
    hand.tap("养老优待")?;
    hand.tap("80周岁以上老年人高龄津贴")?;
    hand.tap(&t!("guide.file"))?;
    situations(hand, false)?;
    identity(stage, hand, false)?;
    answer_phone(hand)?;
    hand.await_text("您现在住在哪里")?;
    say("拔掉电源（SIGKILL），再开机");
    terminal.kill();
    let (width, height) = hand.size();
    let terminal = stage.open_terminal(hand.display(), (width, height))?;
    lift_card(stage)?;
    hand.await_text(&t!("attract.start"))?;
    hand.tap(&t!("attract.start"))?;
    hand.await_text(&t!("home.greeting"))?;
    hand.tap(&t!("home.progress"))?;
    hand.await_text(&t!("identity.title"))?;
    hand.tap(&t!("bar.home"))?;
    hand.tap(&t!("home.file"))?;
    hand.tap("养老优待")?;
    hand.tap("80周岁以上老年人高龄津贴")?;
    hand.tap(&t!("guide.file"))?;
    situations(hand, false)?;
    hand.await_text(&t!("identity.title"))?;
    place_card(stage)?;
    hand.await_text(&t!("resume.title"))?;
    hand.picture("resume-after-power-cut")?;
    hand.tap(&t!("resume.go_on"))?;
    form_after_phone(hand, false)?;
    materials(hand, false)?;
    read_back_and_sign(hand, false)?;
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
    hand.await_text(&t!("attract.start"))?;
    hand.tap(&t!("attract.start"))?;
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
    hand.await_text("80周岁以上老年人高龄津贴")?;
    hand.picture("search")?;
    say("打 g l j t，就找到了高龄津贴");
    Ok(())
}

fn situations(hand: &mut Hand, pictures: bool) -> Result<(), DemoError> {
    hand.await_text("您这次来办什么")?;
    if pictures {
        hand.picture("situation")?;
    }
    hand.tap("第一次申请")?;
    hand.await_text("津贴打到哪里")?;
    hand.tap("社会保障卡")
}

fn place_card(stage: &Stage) -> Result<(), DemoError> {
    match &stage.reader {
        Some(reader) => reader
            .order(&json!({"do": "place", "card": "default"}))
            .map(|_| ()),
        None => {
            println!("  请把身份证放到读卡器上");
            Ok(())
        }
    }
}

fn lift_card(stage: &Stage) -> Result<(), DemoError> {
    match &stage.reader {
        Some(reader) => reader.tell("remove").map(|_| ()),
        None => Ok(()),
    }
}

fn identity(stage: &Stage, hand: &mut Hand, pictures: bool) -> Result<(), DemoError> {
    hand.await_text(&t!("identity.title"))?;
    if pictures {
        hand.picture("identity")?;
        if let Some(reader) = &stage.reader {
            // The card is lifted while it is read: said kindly, and the second try goes on.
            reader.tell("lift-mid-read")?;
            place_card(stage)?;
            hand.await_text(&t!("card.moved"))?;
            hand.picture("card-moved")?;
            lift_card(stage)?;
        }
    }
    place_card(stage)?;
    hand.await_text(&t!("form.from_card")).map(|_| ())
}

fn answer_phone(hand: &mut Hand) -> Result<(), DemoError> {
    hand.await_text("怎么联系您")?;
    hand.keys("13800000000")?;
    hand.tap(&t!("bar.next"))
}

fn form(hand: &mut Hand, pictures: bool) -> Result<(), DemoError> {
    answer_phone(hand)?;
    form_after_phone(hand, pictures)
}

fn form_after_phone(hand: &mut Hand, pictures: bool) -> Result<(), DemoError> {
    hand.await_text("您现在住在哪里")?;
    hand.tap("和子女一起住")?;
    if pictures {
        hand.picture("form-address")?;
    }
    hand.tap(&t!("bar.next"))?;
    hand.await_text("津贴发到哪个账户")?;
    hand.tap("农商银行（信用社）")?;
    if pictures {
        hand.keys("621700")?;
        hand.tap(&t!("bar.next"))?;
        hand.await_text("银行账号是16到19位数字")?;
        hand.picture("form-problem")?;
        hand.keys("0000000000000")?;
    } else {
        hand.keys("6217000000000000000")?;
    }
    hand.tap(&t!("bar.next"))?;
    hand.await_text("有急事时，我们联系谁")?;
    if pictures {
        hand.tap("亲人的姓名")?;
        hand.tap(&t!("field.placeholder"))?;
        hand.keys("wangxiaoming")?;
        hand.picture("form-pinyin")?;
        hand.tap(&t!("keyboard.space"))?;
    }
    hand.tap(&t!("bar.next"))
}

fn materials(hand: &mut Hand, pictures: bool) -> Result<(), DemoError> {
    hand.await_text(&t!("materials.title"))?;
    if pictures {
        hand.picture("materials")?;
    }
    hand.tap(&t!("materials.scan"))?;
    hand.await_text(&t!("materials.keep"))?;
    if pictures {
        hand.picture("scanned-page")?;
    }
    hand.tap(&t!("materials.keep"))?;
    hand.await_text(&t!("materials.complete"))?;
    if pictures {
        hand.picture("materials-complete")?;
    }
    hand.tap(&t!("bar.next"))
}

fn read_back_and_sign(hand: &mut Hand, pictures: bool) -> Result<(), DemoError> {
    hand.await_text(&t!("read_back.title"))?;
    if pictures {
        hand.picture("read-back")?;
    }
    let until = Instant::now() + Duration::from_secs(20);
    while !hand.sees(&t!("read_back.right")) && Instant::now() < until {
        hand.tap(&t!("pager.next"))?;
    }
    hand.tap(&t!("read_back.right"))?;
    let pad = hand.await_text(&t!("sign.title"))?;
    let (x, y) = (pad.x + 160.0, pad.y + 420.0);
    // 王, more or less.
    hand.draw(&[(x, y), (x + 220.0, y - 8.0)])?;
    hand.draw(&[(x + 20.0, y + 90.0), (x + 200.0, y + 84.0)])?;
    hand.draw(&[(x + 110.0, y), (x + 108.0, y + 190.0)])?;
    hand.draw(&[(x - 10.0, y + 190.0), (x + 240.0, y + 184.0)])?;
    if pictures {
        hand.picture("signature")?;
    }
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

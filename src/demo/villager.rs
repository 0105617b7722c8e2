//! A villager who files 高龄津贴: looks at the screen, knows what each page asks, and answers it.
//!
//! Nothing is remembered between two looks, so that they find their way on from wherever a power cut has
//! left them. What they tap are the words on the screen, in the language that this process speaks.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use serde_json::json;

use super::{DemoError, Hand, Stage};
use crate::interface::probe::Seen;
use crate::language::Language;

/// The matter they come for.
pub const GUIDE: &str = "80周岁以上老年人高龄津贴";
/// The theme it stands under.
const THEME: &str = "养老优待";
/// How long they wait for the next page before they ask for help.
const PATIENCE: Duration = Duration::from_secs(40);

/// The pages on the way, in the order of the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Page {
    /// Nobody is here.
    Attract,
    /// Home.
    Home,
    /// The tiles of themes.
    Themes,
    /// The guides of one theme.
    Guides,
    /// The guide.
    Guide,
    /// 情形: what is wanted.
    What,
    /// 情形: where the money goes.
    PayTo,
    /// The card is asked for.
    Card,
    /// A draft that was left unfinished is offered.
    Unfinished,
    /// The form's pages.
    Phone,
    /// As above.
    Living,
    /// As above.
    Account,
    /// As above.
    Contact,
    /// Materials.
    Materials,
    /// Everything once more.
    ReadBack,
    /// The signature.
    Sign,
    /// Handed in.
    Done,
    /// Nobody is here any more.
    Goodbye,
}

impl Page {
    /// Which page these words stand on. What stands over a page comes before the page.
    pub fn of(seen: &[Seen]) -> Option<Self> {
        let says = |words: &str| seen.iter().any(|s| s.text.contains(words));
        let table = [
            (t!("resume.title"), Self::Unfinished),
            (t!("goodbye.title"), Self::Goodbye),
            (waiting("attract.start"), Self::Attract),
            (t!("done.accepted"), Self::Done),
            (t!("done.queued"), Self::Done),
            (t!("done.attention"), Self::Done),
            (t!("sign.title"), Self::Sign),
            (t!("read_back.title"), Self::ReadBack),
            (t!("materials.title"), Self::Materials),
            (t!("materials.complete"), Self::Materials),
            (t!("materials.keep"), Self::Materials),
            ("有急事时，我们联系谁".into(), Self::Contact),
            ("津贴发到哪个账户".into(), Self::Account),
            ("您现在住在哪里".into(), Self::Living),
            ("怎么联系您".into(), Self::Phone),
            (t!("identity.title"), Self::Card),
            ("津贴打到哪里".into(), Self::PayTo),
            ("您这次来办什么".into(), Self::What),
            (t!("guide.can_i"), Self::Guide),
            (t!("home.greeting"), Self::Home),
            (t!("guides.which_file"), Self::Themes),
            (GUIDE.into(), Self::Guides),
        ];
        if says(&t!("submit.title")) {
            return None;
        }
        table
            .iter()
            .find(|(words, _)| says(words))
            .map(|(_, page)| *page)
    }
}

/// Words of the terminal while it waits: in Chinese, whatever the last person read.
fn waiting(key: &'static str) -> Cow<'static, str> {
    t!(key, locale = Language::Chinese.code())
}

/// Waits until a page is there that they know.
pub fn look(hand: &Hand) -> Result<Page, DemoError> {
    let until = Instant::now() + PATIENCE;
    loop {
        let seen = hand.look();
        if let Some(page) = Page::of(&seen) {
            return Ok(page);
        }
        if Instant::now() >= until {
            let texts: Vec<_> = seen.into_iter().map(|s| s.text).collect();
            return Err(DemoError::of(
                "villager",
                &format!("does not know this page: {texts:?}"),
            ));
        }
        std::thread::sleep(Duration::from_millis(60));
    }
}

/// Answers the page that is there, and waits until another has taken its place.
pub fn answer(stage: &Stage, hand: &mut Hand, page: Page) -> Result<(), DemoError> {
    match page {
        Page::Attract => hand.tap(&match Language::current() {
            Language::Chinese => waiting("attract.start"),
            Language::English => waiting("bar.language"),
        })?,
        Page::Home => hand.tap(&t!("home.file"))?,
        Page::Themes => hand.tap(THEME)?,
        Page::Guides => hand.tap(GUIDE)?,
        Page::Guide => hand.tap(&t!("guide.file"))?,
        Page::What => hand.tap("第一次申请")?,
        Page::PayTo => hand.tap("社会保障卡")?,
        Page::Card => place_card(stage)?,
        Page::Unfinished => hand.tap(&t!("resume.go_on"))?,
        Page::Phone => phone(hand)?,
        Page::Living => {
            hand.tap("和子女一起住")?;
            hand.tap(&t!("bar.next"))?;
        }
        Page::Account => account(hand)?,
        Page::Contact => hand.tap(&t!("bar.next"))?,
        Page::Materials => materials(hand)?,
        Page::ReadBack => read_back(hand)?,
        Page::Sign => {
            sign(hand)?;
            hand.tap(&t!("sign.submit"))?;
        }
        Page::Done => hand.tap(&t!("done.finish"))?,
        Page::Goodbye => lift_card(stage)?,
    }
    let until = Instant::now() + PATIENCE;
    while Page::of(&hand.look()) == Some(page) {
        if Instant::now() >= until {
            return Err(DemoError::of("villager", &format!("{page:?} stays")));
        }
        std::thread::sleep(Duration::from_millis(60));
    }
    Ok(())
}

/// Answers page after page until `page` is there.
pub fn go_to(stage: &Stage, hand: &mut Hand, page: Page) -> Result<(), DemoError> {
    loop {
        let here = look(hand)?;
        if here == page {
            return Ok(());
        }
        answer(stage, hand, here)?;
    }
}

/// Lays the card down.
pub fn place_card(stage: &Stage) -> Result<(), DemoError> {
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

/// Takes the card away.
pub fn lift_card(stage: &Stage) -> Result<(), DemoError> {
    match &stage.reader {
        Some(reader) => reader.tell("remove").map(|_| ()),
        None => Ok(()),
    }
}

/// Types a number over whatever stands there.
fn digits(hand: &Hand, number: &str) -> Result<(), DemoError> {
    hand.tap_last(&t!("keyboard.clear"))?;
    hand.keys(number)
}

fn phone(hand: &Hand) -> Result<(), DemoError> {
    digits(hand, "13800000000")?;
    hand.tap(&t!("bar.next"))
}

fn account(hand: &Hand) -> Result<(), DemoError> {
    hand.tap("农商银行（信用社）")?;
    digits(hand, "6217000000000000000")?;
    hand.tap(&t!("bar.next"))
}

fn materials(hand: &Hand) -> Result<(), DemoError> {
    if !hand.sees(&t!("materials.complete")) {
        if !hand.sees(&t!("materials.keep")) {
            hand.tap(&t!("materials.scan"))?;
        }
        hand.tap(&t!("materials.keep"))?;
        hand.await_text(&t!("materials.complete"))?;
    }
    hand.tap(&t!("bar.next"))
}

fn read_back(hand: &Hand) -> Result<(), DemoError> {
    let until = Instant::now() + Duration::from_secs(20);
    while !hand.sees(&t!("read_back.right")) && Instant::now() < until {
        hand.tap(&t!("pager.next"))?;
    }
    hand.tap(&t!("read_back.right"))
}

/// 王, more or less.
pub fn sign(hand: &Hand) -> Result<(), DemoError> {
    let pad = hand.await_text(&t!("sign.title"))?;
    let (x, y) = (pad.x + 160.0, pad.y + 420.0);
    hand.draw(&[(x, y), (x + 220.0, y - 8.0)])?;
    hand.draw(&[(x + 20.0, y + 90.0), (x + 200.0, y + 84.0)])?;
    hand.draw(&[(x + 110.0, y), (x + 108.0, y + 190.0)])?;
    hand.draw(&[(x - 10.0, y + 190.0), (x + 240.0, y + 184.0)])
}

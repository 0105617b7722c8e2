//! What is read aloud is what the page shows, and it stops when the page does.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use iced::advanced::layout::{Layout, Limits};
use iced::advanced::renderer::Headless;
use iced::advanced::widget::Tree;
use iced::{Font, Pixels, Size};

use super::*;
use crate::config::Config;
use crate::interface::app::Launch;
use crate::interface::probe::{Gather, Seen};
use crate::interface::screen::{attract, guide};
use crate::interface::sheets;
use crate::interface::theme::TextScale;
use crate::interface::theme::type_roles::{self, Role};
use crate::session::Sign;
use crate::speech::testing::{StandIn, until};

fn app(engine: &StandIn) -> App {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("kiosk-config");
    let launch = Launch {
        config: Arc::new(Config::load(&folder).unwrap()),
        window: Some((1080.0, 1920.0)),
        probe: None,
    };
    let mut app = App::boot(&launch).0;
    app.aloud = Aloud::new(app.config.devices.speaker.as_ref(), &engine.machine());
    tell(&mut app, Message::Attract(attract::Message::Start));
    app
}

fn tell(app: &mut App, message: Message) {
    drop(app.update(message));
}

/// What this operation finds in the window as it is now.
async fn found<T>(app: &App, mut operation: impl Operation<T> + 'static) -> T {
    let renderer = <iced::Renderer as Headless>::new(Font::DEFAULT, Pixels(16.0), None).await;
    let renderer = renderer.unwrap();
    let mut window = app.view();
    let mut tree = Tree::new(&window);
    let size = app.ui.window;
    let node = window
        .as_widget_mut()
        .layout(&mut tree, &renderer, &Limits::new(Size::ZERO, size));
    window.as_widget_mut().operate(
        &mut tree,
        Layout::new(&node),
        &renderer,
        &mut iced::advanced::widget::operation::black_box(&mut operation),
    );
    match operation.finish() {
        Outcome::Some(found) => found,
        _ => panic!("nothing was found"),
    }
}

/// Presses 朗读 and lets the page answer.
async fn read(app: &mut App) {
    tell(app, Message::ReadAloud);
    let text = found(app, OnPage::new(Language::current())).await;
    tell(app, Message::OnPage(text));
}

async fn words(app: &App) -> Vec<String> {
    let text = found(app, OnPage::new(Language::current())).await;
    text.iter().map(|one| one.text().to_owned()).collect()
}

fn show_guide(app: &mut App) {
    let guide = serde_json::from_value(serde_json::json!({
        "id": "a", "version": 3, "name": "高龄津贴", "item_type": "20",
        "department": {"name": "甲局"}, "terminal": {"kind": "full"}, "consult_phone": "0839-0001011"
    }));
    tell(app, Message::Fetched(Ok(Some(Arc::new(guide.unwrap())))));
    tell(app, Message::Guide(guide::Message::Counted(3)));
}

async fn speaking(app: &mut App, engine: &StandIn) {
    read(app).await;
    until("it speaks", || engine.is_speaking()).await;
    assert!(app.aloud.is_reading());
}

async fn is_silent(app: &App, engine: &StandIn) {
    assert!(!app.aloud.is_reading());
    until("it is silent", || !engine.is_speaking()).await;
}

#[tokio::test]
async fn the_page_is_said_in_reading_order_without_the_bars() {
    let mut app = app(&StandIn::quick());
    let home = words(&app).await;
    assert_eq!(home[0], "您好，今天要办什么事？");
    assert!(home.contains(&"我要办事".to_owned()), "{home:?}");
    for bar in ["字号", "按钮放低", "没有网络", "青溪镇便民服务中心"] {
        assert!(!home.contains(&bar.to_owned()), "{bar}");
    }
    show_guide(&mut app);
    let guide = words(&app).await;
    assert_eq!(guide[0], "高龄津贴");
    assert!(
        guide
            .iter()
            .any(|line| line.contains("零八三九，零零零幺零幺幺")),
        "{guide:?}"
    );
}

#[tokio::test]
async fn what_is_typed_on_the_keyboard_is_not_spelled_out() {
    let mut app = app(&StandIn::quick());
    tell(
        &mut app,
        Message::Home(crate::interface::screen::home::Message::Search),
    );
    assert!(!words(&app).await.iter().any(|word| word == "Q"));
}

#[tokio::test]
async fn another_screen_another_page_a_sheet_and_stop_are_silence() {
    let engine = StandIn::endless();
    let mut app = app(&engine);
    for turned in [
        Message::Hush,
        Message::AskHelp,
        Message::Sheet(sheets::Message::Language),
        Message::Home(crate::interface::screen::home::Message::Guides),
    ] {
        speaking(&mut app, &engine).await;
        tell(&mut app, turned);
        is_silent(&app, &engine).await;
        app.sheet = None;
        std::fs::remove_file(engine.path().join("player")).unwrap();
    }
    show_guide(&mut app);
    speaking(&mut app, &engine).await;
    // Nothing of this changes what is seen.
    for quiet in [
        Message::Touched,
        Message::Tick(Instant::now()),
        Message::Guide(guide::Message::Counted(3)),
    ] {
        tell(&mut app, quiet);
        assert!(app.aloud.is_reading());
    }
    tell(&mut app, Message::Guide(guide::Message::Next));
    is_silent(&app, &engine).await;
}

#[tokio::test]
async fn the_end_of_a_visit_is_silence_and_the_next_person_hears_the_configured_speed() {
    let engine = StandIn::endless();
    let mut app = app(&engine);
    let faster = app.aloud.rate().unwrap().faster().unwrap();
    tell(&mut app, Message::AskTextSize);
    tell(&mut app, Message::Sheet(sheets::Message::Rate(faster)));
    until("the sample is said", || engine.is_speaking()).await;
    tell(&mut app, Message::Sheet(sheets::Message::End));
    is_silent(&app, &engine).await;
    assert_eq!(app.aloud.rate(), Some(faster));
    tell(
        &mut app,
        Message::Goodbye(crate::interface::screen::goodbye::Message::Start),
    );
    assert_eq!(app.aloud.rate(), Some(Rate::default()));
}

#[tokio::test]
async fn whoever_listens_is_not_taken_for_gone() {
    let engine = StandIn::endless();
    let mut app = app(&engine);
    speaking(&mut app, &engine).await;
    let long = Duration::from_secs(u64::from(app.config.session.idle_warning_s) * 3);
    tell(&mut app, Message::Tick(Instant::now() + long));
    assert!(app.session.countdown(app.now).is_none());
    assert!(app.aloud.is_reading());
    app.session.sign(Sign::Touch, Instant::now());
}

#[tokio::test]
async fn the_button_turns_into_stop_and_back() {
    let engine = StandIn::endless();
    let mut app = app(&engine);
    let said = |app: &App| app.aloud_tool().unwrap().words.into_owned();
    assert_eq!(said(&app), "朗读");
    speaking(&mut app, &engine).await;
    assert_eq!(said(&app), "停");
    tell(&mut app, Message::Hush);
    assert_eq!(said(&app), "朗读");
}

#[tokio::test]
async fn where_nothing_could_be_heard_nothing_is_offered() {
    let engine = StandIn::quick();
    std::fs::remove_file(engine.path().join("snd/pcmC0D0p")).unwrap();
    let mut app = app(&engine);
    assert!(app.aloud_tool().is_none());
    read(&mut app).await;
    assert!(!app.aloud.is_reading());
}

fn with_fonts() {
    let mut fonts = iced::advanced::graphics::text::font_system()
        .write()
        .unwrap();
    for font in type_roles::bundled() {
        fonts.load_font(font);
    }
}

#[tokio::test]
async fn the_sheet_with_sizes_and_speeds_can_be_closed_in_the_largest_text() {
    with_fonts();
    let mut app = app(&StandIn::quick());
    tell(&mut app, Message::AskTextSize);
    for size in [Size::new(1080.0, 1920.0), Size::new(1920.0, 1080.0)] {
        tell(&mut app, Message::Resized(size));
        app.ui.scale = TextScale::Largest;
        let seen: Vec<Seen> = found(&app, Gather::default()).await;
        for words in ["念慢一点", "知道了"] {
            let word = seen.iter().find(|seen| seen.text == words).unwrap();
            let room = size.height - word.height / 2.0;
            assert!(word.y + word.height <= room, "{word:?} in {size:?}");
        }
    }
}

#[tokio::test]
async fn the_bar_fits_an_upright_panel_in_every_size_and_language() {
    with_fonts();
    let mut app = app(&StandIn::quick());
    for on_guide in [false, true] {
        if on_guide {
            show_guide(&mut app);
        }
        for language in [Language::Chinese, Language::English] {
            app.speak(language);
            for scale in TextScale::ALL {
                app.ui.scale = scale;
                let tools = if on_guide {
                    app.tools()
                } else {
                    app.home_tools()
                };
                let seen: Vec<Seen> = found(&app, Gather::default()).await;
                for tool in tools {
                    let word = seen.iter().rfind(|seen| seen.text == tool.words).unwrap();
                    // The bar grows one step at most: one line of the larger is less than two of the smaller.
                    let lines = word.height / app.ui.mm(Role::Caption.em_mm() * 1.4);
                    assert!(lines < 1.6, "{word:?} at {scale:?} is broken into lines");
                    assert!(word.x >= 0.0 && word.x + word.width <= 1080.0, "{word:?}");
                }
            }
        }
    }
}

//! What a visit leaves to the next person: nothing, not even its language.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;

use jiff::civil::date;
use jinban_devices::card_reader::{
    CardEvent, CardKind, IdCard, IdNumber, Nationality, Sex, ValidTo,
};
use jinban_devices::receipt::Block;

use super::*;
use crate::interface::theme::{Contrast, Reach, TextScale};

fn app() -> App {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("kiosk-config");
    let launch = Launch {
        config: Arc::new(Config::load(&folder).unwrap()),
        window: Some((1080.0, 1920.0)),
        probe: None,
    };
    App::boot(&launch).0
}

fn tell(app: &mut App, message: Message) {
    drop(app.update(message));
}

fn in_english() -> App {
    let mut app = app();
    tell(&mut app, Message::Attract(attract::Message::OtherLanguage));
    assert_eq!(Language::current(), Language::English);
    app
}

/// Ticks until the goodbye has been shown long enough.
fn after_goodbye(app: &mut App) {
    assert!(matches!(app.screen, Screen::Goodbye { .. }));
    let long = Duration::from_secs(u64::from(app.config.session.goodbye_s) + 1);
    tell(app, Message::Tick(Instant::now() + long));
    assert!(matches!(app.screen, Screen::Attract));
}

#[test]
fn the_home_screen_changes_language_at_once_and_back() {
    let mut app = in_english();
    assert!(matches!(app.screen, Screen::Home));
    assert_eq!(app.status.lights[0].words, "Offline");
    assert!(app.day.is_ascii(), "{}", app.day);
    tell(&mut app, Message::Sheet(sheets::Message::Language));
    assert_eq!(Language::current(), Language::Chinese);
    assert_eq!(app.status.lights[0].words, "没有网络");
    assert!(app.day.contains('月'), "{}", app.day);
}

#[test]
fn the_goodbye_is_still_in_the_persons_language_and_size_and_what_follows_is_not() {
    let mut app = in_english();
    let larger = sheets::Message::TextSize(TextScale::Larger);
    for wish in [larger, sheets::Message::Contrast, sheets::Message::Reach] {
        tell(&mut app, Message::Sheet(wish));
    }
    tell(&mut app, Message::Sheet(sheets::Message::End));
    assert_eq!(Language::current(), Language::English);
    assert_eq!(app.ui.scale, TextScale::Larger);
    after_goodbye(&mut app);
    assert_eq!(Language::current(), Language::Chinese);
    assert_eq!(app.status.lights[0].words, "没有网络");
    assert_eq!(
        (app.ui.scale, app.ui.contrast, app.ui.reach),
        (TextScale::Standard, Contrast::Standard, Reach::Full)
    );
}

#[test]
fn whoever_walks_away_leaves_chinese_behind() {
    let mut app = in_english();
    let times = visit::times(&app.config);
    let warned = Instant::now() + times.warn_after + Duration::from_secs(1);
    tell(&mut app, Message::Tick(warned));
    tell(
        &mut app,
        Message::Tick(warned + times.wipe_after + Duration::from_secs(1)),
    );
    after_goodbye(&mut app);
    assert_eq!(Language::current(), Language::Chinese);
}

#[test]
fn a_touch_on_the_goodbye_goes_back_to_chinese() {
    let mut app = in_english();
    tell(&mut app, Message::Sheet(sheets::Message::End));
    tell(&mut app, Message::Goodbye(goodbye::Message::Start));
    assert_eq!(Language::current(), Language::Chinese);
}

#[test]
fn a_guide_opened_from_a_theme_service_leads_back_to_it_with_its_answers() {
    let catalogue = Catalogue::in_memory();
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let found = runtime.unwrap().block_on(catalogue.bundle("newborn"));
    let (bundle, guides) = found.unwrap().unwrap();
    let guide = Arc::clone(&guides[0]);
    let mut app = app();
    app.snapshot = Some(catalogue.snapshot());
    tell(&mut app, Message::Attract(attract::Message::Start));
    tell(&mut app, Message::Home(home::Message::Guides));
    tell(&mut app, Message::Gathering(Ok(Some((bundle, guides)))));
    let answer = bundle::Message::Answer("yes".into());
    tell(&mut app, Message::Bundle(answer));
    tell(&mut app, Message::Fetched(Ok(Some(guide))));
    assert!(matches!(app.screen, Screen::Guide(_)));
    tell(&mut app, Message::Guide(guide::Message::Back));
    let Screen::Bundle(page) = &app.screen else {
        panic!("not back at the theme service");
    };
    let paper = page.slip("青溪镇").blocks;
    assert!(paper.contains(&Block::Text("要办".to_owned())));
    // The question before it, then out.
    tell(&mut app, Message::Bundle(bundle::Message::Back));
    assert!(matches!(app.screen, Screen::Bundle(_)));
    tell(&mut app, Message::Bundle(bundle::Message::Back));
    assert!(matches!(app.screen, Screen::Guides(_)));
}

fn card(number: &str) -> IdCard {
    IdCard {
        kind: CardKind::Resident,
        name: "测试人".into(),
        english_name: None,
        sex: Sex::Female,
        nationality: Some(Nationality::ethnic_group("01")),
        birth: date(1949, 12, 31),
        address: None,
        id_number: IdNumber::parse(number).unwrap(),
        issuer: None,
        travel_permit: None,
        valid_from: date(2000, 1, 1),
        valid_to: ValidTo::LongTerm,
        photo: jinban_devices::card_reader::CardPhoto::default(),
    }
}

#[test]
fn the_next_persons_card_on_the_goodbye_begins_in_chinese() {
    let mut app = in_english();
    tell(&mut app, Message::Sheet(sheets::Message::End));
    let read = CardEvent::Read(Arc::new(card("11010519491231002X")));
    tell(&mut app, Message::World(World::Card(read)));
    assert!(matches!(app.screen, Screen::Home));
    assert_eq!(Language::current(), Language::Chinese);
}

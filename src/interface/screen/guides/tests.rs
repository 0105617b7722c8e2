//! The ways to theme services: the card over the tiles, and what is typed.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;
use crate::catalogue::Catalogue;

fn names(guides: &Guides) -> Vec<&str> {
    let bundles = guides.bundles.iter();
    bundles.map(|bundle| bundle.name.as_str()).collect()
}

#[test]
fn the_tiles_lead_to_every_theme_service_and_back_leads_to_the_tiles() {
    let mut keyboard = Keyboard::default();
    let mut guides = Guides::new(Purpose::Read);
    guides.look_up(&Catalogue::in_memory().snapshot(), 11, &keyboard);
    assert_eq!(names(&guides), ["新生儿", "我要开店", "退休", "身后事"]);
    let way = [
        (Message::Bundles, None, Listing::Bundles),
        (
            Message::Bundle("newborn".into()),
            Some(Event::Bundle("newborn".into())),
            Listing::Bundles,
        ),
        (Message::Back, None, Listing::Themes),
        (Message::Back, Some(Event::Leave), Listing::Themes),
    ];
    for (message, event, listing) in way {
        let what = format!("{message:?}");
        assert_eq!(guides.update(message, &mut keyboard), event, "{what}");
        assert_eq!(guides.listing, listing, "{what}");
    }
}

#[test]
fn what_is_typed_finds_the_theme_service_that_is_called_so() {
    let catalogue = Catalogue::in_memory();
    let mut keyboard = Keyboard::default();
    for (typed, found) in [
        ("", &[][..]),
        ("退休", &["退休"]),
        ("老人去世了", &["身后事"]),
        ("我想开店", &["我要开店"]),
        ("添丁", &["新生儿"]),
        ("身份证丢了", &[]),
    ] {
        let mut guides = Guides::searching(&mut keyboard);
        typed.clone_into(&mut guides.query);
        guides.look_up(&catalogue.snapshot(), 11, &keyboard);
        assert_eq!(names(&guides), found, "{typed}");
    }
}

//! The ways to guides and to theme services: tiles, departments, letters, and what is typed.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;

use super::*;
use crate::catalogue::{Catalogue, Handling};

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
        (Message::Back, None, Listing::Way(Way::Theme)),
        (Message::Back, Some(Event::Leave), Listing::Way(Way::Theme)),
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

fn listed(guides: &Guides) -> Vec<String> {
    match &guides.content {
        Content::Guides(entries) => entries.iter().map(|entry| entry.name.clone()).collect(),
        _ => panic!("no list of guides"),
    }
}

#[test]
fn every_guide_stands_under_its_department_and_its_letter() {
    let catalogue = Catalogue::in_memory().snapshot();
    let mut keyboard = Keyboard::default();
    let mut guides = Guides::new(Purpose::Read);
    for way in [Way::Department, Way::Letter] {
        guides.update(Message::Way(way), &mut keyboard);
        guides.look_up(&catalogue, 11, &keyboard);
        let groups: Vec<(Message, usize)> = match &guides.content {
            Content::Departments(all) => (all.iter())
                .map(|(name, count)| (Message::Department(Arc::clone(name)), *count))
                .collect(),
            Content::Letters(all) => (all.iter())
                .map(|(letter, count)| (Message::Letter(*letter), *count))
                .collect(),
            _ => panic!("{way:?} shows no groups"),
        };
        let mut seen = Vec::new();
        for (message, count) in groups {
            guides.update(message.clone(), &mut keyboard);
            guides.look_up(&catalogue, 11, &keyboard);
            assert_eq!(listed(&guides).len(), count, "{message:?}");
            seen.extend(listed(&guides));
            guides.update(Message::Back, &mut keyboard);
            assert_eq!(guides.listing, Listing::Way(way), "back to where it was");
        }
        assert_eq!(seen.len(), catalogue.entries().len(), "{way:?}");
    }
}

#[test]
fn shops_and_firms_find_their_guides_in_one_place() {
    let catalogue = Catalogue::in_memory().snapshot();
    let mut keyboard = Keyboard::default();
    let mut guides = Guides::new(Purpose::Read);
    guides.update(Message::Way(Way::Organisation), &mut keyboard);
    guides.look_up(&catalogue, 11, &keyboard);
    let names = listed(&guides);
    assert!(
        !names.is_empty() && names.len() < catalogue.entries().len(),
        "{names:?}"
    );
}

#[test]
fn whoever_wants_to_file_sees_first_what_can_be_filed_here() {
    let catalogue = Catalogue::in_memory().snapshot();
    let mut keyboard = Keyboard::default();
    let mut guides = Guides::new(Purpose::File);
    guides.update(Message::Way(Way::Organisation), &mut keyboard);
    guides.look_up(&catalogue, 11, &keyboard);
    let Content::Guides(entries) = &guides.content else {
        panic!("no list")
    };
    let here: Vec<_> = entries
        .iter()
        .map(|entry| entry.handling == Handling::Full)
        .collect();
    assert!(here.is_sorted_by(|a, b| a >= b), "{here:?}");
}

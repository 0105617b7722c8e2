//! Nothing of one person is there for the next, whatever was typed in whatever order.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use jinban_input::{Composition, Engine, Key, Mode, PAGE, open};
use proptest::prelude::*;
use std::path::Path;

#[derive(Clone, Debug)]
enum Touch {
    Key(char),
    Backspace,
    Separator,
    Choose(usize),
    Next,
    Prev,
    Mode(Mode),
    Clear,
}

fn touch() -> impl Strategy<Value = Touch> {
    prop_oneof![
        12 => "[a-z]".prop_map(|s| Touch::Key(s.chars().next().unwrap())),
        1 => any::<char>().prop_map(Touch::Key),
        2 => Just(Touch::Backspace),
        1 => Just(Touch::Separator),
        2 => (0..PAGE + 2).prop_map(Touch::Choose),
        1 => Just(Touch::Choose(usize::MAX)),
        1 => Just(Touch::Next),
        1 => Just(Touch::Prev),
        1 => prop_oneof![Just(Mode::Text), Just(Mode::Name), Just(Mode::Address), Just(Mode::Search)].prop_map(Touch::Mode),
        1 => Just(Touch::Clear),
    ]
}

fn apply(engine: &mut dyn Engine, touch: &Touch) -> Option<String> {
    match touch {
        Touch::Key(letter) => engine.key(Key::Letter(*letter)),
        Touch::Backspace => engine.key(Key::Backspace),
        Touch::Separator => engine.key(Key::Separator),
        Touch::Choose(index) => return engine.choose(*index),
        Touch::Next => engine.next_page(),
        Touch::Prev => engine.prev_page(),
        Touch::Mode(mode) => engine.set_mode(*mode),
        Touch::Clear => engine.clear(),
    }
    None
}

fn type_in(engine: &mut dyn Engine, letters: &str) -> Composition {
    for letter in letters.chars() {
        engine.key(Key::Letter(letter));
    }
    engine.state().clone()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn no_order_of_touches_breaks_the_keyboard(touches in prop::collection::vec(touch(), 0..60)) {
        let mut engine = open(Path::new("no such folder")).unwrap();
        for touch in &touches {
            let committed = apply(engine.as_mut(), touch);
            let shown = engine.state();
            prop_assert!(committed.as_ref().is_none_or(|text| !text.is_empty() && shown.is_empty()));
            prop_assert!(shown.candidates.len() <= PAGE);
            prop_assert!(shown.candidates.iter().all(|c| !c.is_empty()));
            prop_assert!(!shown.has_next || shown.candidates.len() == PAGE);
            prop_assert_eq!(shown.has_prev, shown.page > 0);
            prop_assert!(!shown.is_empty() || shown.candidates.is_empty());
        }
    }

    #[test]
    fn clearing_leaves_an_engine_like_a_new_one(touches in prop::collection::vec(touch(), 0..60), after in "[a-z]{1,12}") {
        let mut used = open(Path::new("no such folder")).unwrap();
        for touch in &touches {
            apply(used.as_mut(), touch);
        }
        used.clear();
        prop_assert!(used.state().is_empty() && *used.state() == Composition::default());
        used.set_mode(Mode::Text);
        let mut new = open(Path::new("no such folder")).unwrap();
        prop_assert!(type_in(used.as_mut(), &after) == type_in(new.as_mut(), &after), "something was learnt");
    }

    #[test]
    fn backspace_empties_whatever_was_typed(touches in prop::collection::vec(touch(), 0..60)) {
        let mut engine = open(Path::new("no such folder")).unwrap();
        for touch in &touches {
            apply(engine.as_mut(), touch);
        }
        // Each takes back a letter, a separator or a choice; there are never more of them than touches.
        for _ in 0..=touches.len() * 2 {
            engine.key(Key::Backspace);
        }
        prop_assert!(engine.state().is_empty());
    }
}

#[test]
fn what_is_typed_is_not_in_debug_output() {
    let mut engine = open(Path::new("no such folder")).unwrap();
    let shown = format!("{:?}", type_in(engine.as_mut(), "wangguilan"));
    assert!(!shown.contains("wang") && !shown.contains('王'), "{shown}");
}

/// The proof on the living process: its own writable memory is searched for what was typed and what was offered.
#[cfg(target_os = "linux")]
#[test]
fn no_copy_of_what_was_typed_stays_in_memory() {
    // Ends of long texts: what lies at the start of freed memory the allocator itself overwrites.
    let traces = ["xianqiaozhuangzhen", "qiao zhuang zhen", "县乔庄镇"];
    let mut engine = open(Path::new("no such folder")).unwrap();
    for letter in "wojiazhuzaiqingchuanxianqiaozhuangzhen".chars() {
        engine.key(Key::Letter(letter));
    }
    engine.next_page();
    engine.prev_page();
    assert_eq!(engine.state().candidates[0], "我家住在青川县乔庄镇");
    let typed = traces.map(copies);
    assert!(
        typed.iter().all(|n| *n > 0),
        "the search must find what is there: {typed:?}"
    );
    // Choose a part, take it back, choose it again, and then the rest: whoever gets the text wipes it.
    assert!(engine.choose(1).is_none());
    engine.key(Key::Backspace);
    assert!(engine.choose(1).is_none());
    let text = zeroize::Zeroizing::new(engine.choose(0).unwrap());
    assert!(text.ends_with(traces[2]));
    drop(text);
    assert!(engine.state().is_empty());
    assert_eq!(traces.map(copies), [0, 0, 0], "copies left, of {typed:?}");
}

#[cfg(target_os = "linux")]
fn copies(needle: &str) -> usize {
    use std::os::unix::fs::FileExt;
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let memory = std::fs::File::open("/proc/self/mem").unwrap();
    let mut found = 0;
    let mut page = vec![0_u8; 1 << 16];
    for line in maps
        .lines()
        .filter(|l| l.contains(" rw-p ") && !l.contains("[v"))
    {
        let (from, to) = line
            .split_whitespace()
            .next()
            .unwrap()
            .split_once('-')
            .unwrap();
        let (mut from, to) = (
            u64::from_str_radix(from, 16).unwrap(),
            u64::from_str_radix(to, 16).unwrap(),
        );
        while from < to {
            let length = usize::try_from(to - from).unwrap().min(page.len());
            let Ok(read) = memory.read_at(&mut page[..length], from) else {
                break;
            };
            if read == 0 {
                break;
            }
            found += page[..read]
                .windows(needle.len())
                .filter(|w| *w == needle.as_bytes())
                .count();
            from += read as u64;
        }
        page.fill(0);
    }
    found
}

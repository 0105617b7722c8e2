//! The way through a theme service, message by message, with the shipped ones.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use jinban_devices::receipt::Block;

use super::*;
use crate::catalogue::Catalogue;

fn page(id: &str) -> BundlePage {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let found = Catalogue::in_memory();
    let (bundle, guides) = (runtime.unwrap().block_on(found.bundle(id)))
        .unwrap()
        .unwrap();
    BundlePage::new(bundle, guides, "以窗口为准。".to_owned())
}

fn say(option: &str) -> Message {
    Message::Answer(option.into())
}

/// The question that is asked, or nothing when the lists are shown.
fn asked(page: &BundlePage) -> Option<String> {
    match page.shown {
        Shown::Lists => None,
        Shown::Question(at) => Some(page.gathered.questions[at].situation.question.clone()),
    }
}

const CARD: &str = "您有社会保障卡吗？";
const AWAY: &str = "您打算长期住到外地吗？";
const EIGHTY: &str = "您满80岁了吗？";
const PAID: &str = "您交满15年了吗？";
const PAY_TO: &str = "津贴打到哪里？";

#[test]
fn every_open_question_is_asked_once_and_then_come_the_lists() {
    let open = Message::Open("pension-claim".into());
    // What is done, what it asks of the parent, and which question is asked then.
    let way = [
        (say("yes"), None, Some(AWAY)),
        (Message::GoOn, None, Some(EIGHTY)),
        (say("no"), None, Some(PAID)),
        (say("yes"), None, None),
        (Message::Ask(1), None, Some(AWAY)),
        (say("no"), None, None),
        // An answer that makes another item necessary brings that item's questions.
        (Message::Ask(2), None, Some(EIGHTY)),
        (say("yes"), None, Some(PAY_TO)),
        (say("bank"), None, None),
        (open, Some(Event::Open("pension-claim".into())), None),
        (Message::Print, Some(Event::Print), None),
    ];
    let mut page = page("retirement");
    assert_eq!(asked(&page).as_deref(), Some(CARD));
    for (step, (message, event, question)) in way.into_iter().enumerate() {
        let what = format!("step {step}, {message:?}");
        assert_eq!(page.update(message), event, "{what}");
        assert_eq!(asked(&page).as_deref(), question, "{what}");
    }
}

#[test]
fn back_leads_to_the_lists_from_a_change_then_through_each_question_and_out() {
    let mut page = page("retirement");
    for message in [say("yes"), say("no"), say("no"), say("yes")] {
        assert_eq!(page.update(message), None);
    }
    // To and fro between the lists and an answer leaves no trace.
    for _ in 0..3 {
        assert_eq!(page.update(Message::Ask(0)), None);
        assert_eq!(asked(&page).as_deref(), Some(CARD));
        assert_eq!(page.update(Message::GoOn), None);
        assert_eq!(asked(&page), None);
        assert_eq!(page.update(Message::Ask(0)), None);
        assert_eq!(page.update(Message::Back), None);
        assert_eq!(asked(&page), None);
    }
    let mut steps = 0;
    while page.update(Message::Back).is_none() {
        steps += 1;
        assert!(steps < 6, "no way out");
    }
    assert_eq!(steps, 4);
}

#[test]
fn a_changed_answer_changes_the_lists_and_forgets_the_paper() {
    let mut page = page("retirement");
    for message in [say("yes"), say("no"), say("no"), say("yes")] {
        page.update(message);
    }
    let steps = |page: &BundlePage| page.gathered.steps.len();
    let before = steps(&page);
    page.update(Message::Print);
    assert_eq!(page.printing, Printing::Busy);
    page.printed(Printing::Done);
    page.update(Message::Ask(1));
    page.update(say("yes"));
    assert_eq!(steps(&page), before + 1);
    assert_eq!(page.printing, Printing::Idle);
    let paper = page.slip("青溪镇").blocks;
    let says = |block: &Block| matches!(block, Block::Text(text) if text.contains("异地就医备案"));
    assert!(paper.iter().any(says));
}

#[test]
fn pages_are_turned_and_a_new_question_begins_at_its_first() {
    let mut page = page("newborn");
    page.update(Message::Counted(2));
    page.update(Message::Next);
    assert_eq!(page.turn.page, 1);
    page.update(Message::Previous);
    assert_eq!(page.turn.page, 0);
    page.update(Message::Next);
    page.update(say("yes"));
    assert_eq!(page.turn, Turn::default());
}

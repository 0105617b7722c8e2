//! Cards, cables and paper that fail while somebody stands there.

use jinban::demo::villager::Page;
use serde_json::json;

use super::room::Room;

#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_cannot_be_used_is_explained_and_the_next_one_goes_on() {
    let Some(mut room) = Room::open().await else {
        return;
    };
    tokio::task::block_in_place(|| {
        room.go_to(Page::Card);
        // Up to the date.
        let sentence = t!("card.expired");
        let expired = sentence.split('，').next().unwrap();
        let troubles: [(&str, &str, &str); 3] = [
            (
                "bad-check-digit",
                &t!("card.check_digit"),
                &t!("card.check_digit_do"),
            ),
            ("expired", expired, &t!("card.expired_do")),
            ("lift-mid-read", &t!("card.moved"), &t!("card.moved_do")),
        ];
        for (trouble, words, way_on) in troubles {
            room.tell_reader(&json!({ "do": trouble }));
            room.lay_down_until(words);
            room.reads(way_on);
            room.lift();
            room.tell_reader(&json!({ "do": "restore" }));
        }
        // Noise on the line is the reader's affair: at most another try is asked for.
        room.tell_reader(&json!({ "do": "noise", "bytes": 40, "flip": true, "times": 2 }));
        room.lay_down_until(&t!("form.from_card"));
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_falls_silent_is_said_and_found_again() {
    let Some(mut room) = Room::open().await else {
        return;
    };
    tokio::task::block_in_place(|| {
        room.go_to(Page::Card);
        room.tell_reader(&json!({ "do": "wrong-baud", "baud": 50 }));
        room.reads(&t!("identity.no_reader"));
        room.reads(&t!("identity.no_reader_do"));
        room.tell_reader(&json!({ "do": "restore" }));
        room.lay_down_until(&t!("form.from_card"));
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn paper_that_ends_does_not_undo_the_case_and_the_receipt_comes_later() {
    let Some(mut room) = Room::open().await else {
        return;
    };
    tokio::task::block_in_place(|| {
        room.go_to(Page::Sign);
        room.printer().tell("paper-out").unwrap();
        room.reads(&t!("light.paper_out"));
        room.go_to(Page::Done);
        room.reads(&t!("done.official"));
        room.reads(&t!("print.paper_out"));
        room.printer().tell("paper-ok").unwrap();
        room.hand.await_exact(&t!("light.printer")).unwrap();
        room.hand.tap(&t!("paper.again")).unwrap();
        room.hand
            .await_any(&[&t!("paper.done"), &t!("paper.unconfirmed")])
            .unwrap();
        let told = room.printer().tell("state").unwrap();
        assert_eq!(told["sheets"].as_array().unwrap().len(), 1, "{told}");
    });
    assert_eq!(room.received().await, 1);
}

//! The reader's thread from outside: what a session is told, and what it is never told.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use tokio::sync::broadcast::Receiver as Events;
use tokio::time::timeout;

use super::fake::FakeReader;
use super::*;
use crate::card_reader::{CardReader, CardReaderConfig};
use crate::status::FaultKind;

const LONG: Duration = Duration::from_secs(10);

fn quick() -> Timing {
    Timing {
        poll: Duration::from_millis(2),
        heartbeat: Duration::from_millis(5),
        reconnect_first: Duration::from_millis(2),
        reconnect_last: Duration::from_millis(10),
        link: LinkTiming {
            header: Duration::from_millis(20),
            frame: Duration::from_millis(50),
            quiet: Duration::from_millis(1),
            drain: Duration::from_millis(10),
        },
    }
}

fn start(fake: &FakeReader) -> CardReader {
    let fake = fake.clone();
    CardReader::start(
        move || fake.connect(),
        Baud::Fixed(115_200),
        quick(),
        CardReaderProfile::default(),
    )
}

/// Waits for something about the fake reader to become true.
async fn until(fake: &FakeReader, what: impl Fn(&super::fake::Bench) -> bool) {
    let seen = timeout(LONG, async {
        while !fake.get(&what) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    });
    seen.await.expect("in time");
}

/// Waits for that many more polls.
async fn polls(fake: &FakeReader, count: u32) {
    let enough = fake.get(|bench| bench.finds) + count;
    until(fake, |bench| bench.finds >= enough).await;
}

/// Waits for that many more questions whether the reader is well.
async fn heartbeats(fake: &FakeReader, count: u32) {
    let enough = fake.get(|bench| bench.heartbeats) + count;
    until(fake, |bench| bench.heartbeats >= enough).await;
}

async fn next(events: &mut Events<CardEvent>) -> CardEvent {
    timeout(LONG, events.recv()).await.unwrap().unwrap()
}

/// The next events, by their names.
async fn names(events: &mut Events<CardEvent>, count: usize) -> Vec<&'static str> {
    let mut names = Vec::new();
    for _ in 0..count {
        names.push(match next(events).await {
            CardEvent::Found => "found",
            CardEvent::Reading => "reading",
            CardEvent::Read(_) => "read",
            CardEvent::Failed(_) => "failed",
            CardEvent::Removed => "removed",
        });
    }
    names
}

async fn online(reader: &CardReader) {
    let mut status = reader.status();
    let online = status.wait_for(|status| status.state == DeviceState::Online);
    timeout(LONG, online).await.unwrap().unwrap();
}

async fn fault(reader: &CardReader) -> FaultKind {
    let mut status = reader.status();
    let faulty = status.wait_for(|status| status.fault.is_some());
    let status = timeout(LONG, faulty).await.unwrap().unwrap();
    status.fault.as_ref().unwrap().kind
}

#[tokio::test]
async fn a_card_is_looked_for_only_when_asked() {
    let fake = FakeReader::default();
    fake.lay();
    let reader = start(&fake);
    let mut events = reader.events();
    online(&reader).await;
    assert!(reader.identity().borrow().is_some());
    assert_eq!(fake.get(|bench| bench.finds), 0);

    reader.arm();
    let told = names(&mut events, 3).await;
    assert_eq!(told, ["found", "reading", "read"]);

    reader.disarm();
    // Looking goes on only until the card that was read is taken.
    fake.lift();
    heartbeats(&fake, 1).await;
    let finds = fake.get(|bench| bench.finds);
    heartbeats(&fake, 10).await;
    assert_eq!(fake.get(|bench| bench.finds), finds);
}

#[tokio::test]
async fn a_card_left_lying_is_read_once() {
    let fake = FakeReader::default();
    fake.lay();
    let reader = start(&fake);
    reader.arm();
    polls(&fake, 50).await;
    assert_eq!(fake.get(|bench| bench.reads), 1);
}

#[tokio::test]
async fn a_reader_that_hides_read_cards_reads_again_only_after_lifting() {
    let fake = FakeReader::default();
    fake.set(|bench| bench.hides_read_card = true);
    fake.lay();
    let reader = start(&fake);
    let mut events = reader.events();
    reader.arm();
    let told = names(&mut events, 4).await;
    assert_eq!(told, ["found", "reading", "read", "removed"]);
    polls(&fake, 50).await;
    assert_eq!(fake.get(|bench| bench.reads), 1);

    fake.lift();
    polls(&fake, 4).await;
    fake.lay();
    let told = names(&mut events, 3).await;
    assert_eq!(told, ["found", "reading", "read"]);
}

#[tokio::test]
async fn a_failure_is_told_once_and_the_card_can_be_laid_down_again() {
    let fake = FakeReader::default();
    fake.set(|bench| bench.read_fails = Some(0x40));
    fake.lay();
    let reader = start(&fake);
    let mut events = reader.events();
    reader.arm();
    let told = names(&mut events, 3).await;
    assert_eq!(told, ["found", "reading", "failed"]);
    polls(&fake, 40).await;
    assert!(events.is_empty(), "{:?}", events.try_recv());
    assert!(fake.get(|bench| bench.reads) > 1, "tried again quietly");

    fake.lift();
    assert_eq!(names(&mut events, 1).await, ["removed"]);
    fake.set(|bench| bench.read_fails = None);
    fake.lay();
    let told = names(&mut events, 3).await;
    assert_eq!(told, ["found", "reading", "read"]);
}

#[tokio::test]
async fn a_card_read_for_one_person_is_never_handed_to_the_next() {
    let fake = FakeReader::default();
    fake.set(|bench| bench.hold_reads = true);
    fake.lay();
    let reader = start(&fake);
    let mut events = reader.events();
    reader.arm();
    until(&fake, |bench| bench.reads == 1).await;

    // The first person walks away while the card is being read; the next one begins.
    reader.disarm();
    fake.lift();
    reader.arm();
    fake.set(|bench| bench.hold_reads = false);
    polls(&fake, 5).await;
    assert_eq!(names(&mut events, 2).await, ["found", "reading"]);
    assert!(events.is_empty(), "{:?}", events.try_recv());
}

#[tokio::test]
async fn an_unplugged_reader_is_missed_and_comes_back_without_a_second_read() {
    let fake = FakeReader::default();
    fake.lay();
    let reader = start(&fake);
    let mut events = reader.events();
    reader.arm();
    names(&mut events, 3).await;

    fake.set(|bench| bench.unplugged = true);
    assert_eq!(fault(&reader).await, FaultKind::PortMissing);
    until(&fake, |bench| bench.open_streams == 0).await;

    fake.set(|bench| bench.unplugged = false);
    online(&reader).await;
    polls(&fake, 20).await;
    assert_eq!(fake.get(|bench| bench.reads), 1);
    assert!(events.is_empty(), "{:?}", events.try_recv());
}

#[tokio::test]
async fn a_reader_that_falls_silent_is_offline_until_it_answers() {
    let fake = FakeReader::default();
    let reader = start(&fake);
    online(&reader).await;
    fake.set(|bench| bench.mute = true);
    assert_eq!(fault(&reader).await, FaultKind::NoAnswer);
    assert_eq!(reader.status().borrow().state, DeviceState::Offline);
    fake.set(|bench| bench.mute = false);
    online(&reader).await;
}

#[tokio::test]
async fn the_port_is_released_when_nobody_holds_the_reader() {
    let fake = FakeReader::default();
    let reader = start(&fake);
    let other = reader.clone();
    online(&reader).await;
    drop(reader);
    online(&other).await;
    assert_eq!(fake.get(|bench| bench.open_streams), 1);
    drop(other);
    until(&fake, |bench| bench.open_streams == 0).await;
}

#[tokio::test]
async fn reading_once_ends_with_the_card_or_with_the_reason() {
    let fake = FakeReader::default();
    let reader = start(&fake);
    online(&reader).await;
    let brief = Duration::from_millis(30);
    let nothing = reader.read_once(brief).await;
    assert_eq!(nothing.unwrap_err(), CardReadError::NoCard);

    fake.lay();
    let card = reader.read_once(LONG).await.unwrap();
    assert_eq!(card.name, "测试人");
    // A second reading is a second request, so the card need not be lifted.
    reader.read_once(LONG).await.unwrap();

    fake.set(|bench| bench.read_fails = Some(0x32));
    let forged = reader.read_once(LONG).await;
    assert_eq!(forged.unwrap_err(), CardReadError::CannotVerify);
}

#[tokio::test]
async fn reading_once_does_not_wait_for_a_reader_that_is_not_there() {
    let reader = CardReader::open(CardReaderConfig {
        port: "/dev/no-such-card-reader".into(),
        baud: Baud::Auto,
        profile: CardReaderProfile::default(),
    });
    let missing = timeout(LONG, reader.read_once(Duration::from_mins(1))).await;
    assert_eq!(
        missing.expect("at once").unwrap_err(),
        CardReadError::ReaderFault(FaultKind::PortMissing)
    );
}

#[tokio::test]
async fn a_forgotten_card_is_known_until_it_is_taken_and_is_not_read_again_for_nobody() {
    let fake = FakeReader::default();
    let reader = start(&fake);
    let mut media = reader.media();
    online(&reader).await;
    fake.lay();
    reader.read_once(LONG).await.unwrap();
    assert_eq!(*media.borrow_and_update(), MediaState::Present);
    polls(&fake, 20).await;
    assert_eq!(*media.borrow_and_update(), MediaState::Present);
    assert_eq!(fake.get(|bench| bench.reads), 1);
    fake.lift();
    let gone = media.wait_for(|media| *media == MediaState::NotPresent);
    timeout(LONG, gone).await.unwrap().unwrap();
    // Nobody is looked for any more.
    heartbeats(&fake, 3).await;
}

//! The reader's thread over a slot that does as the test says.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::mpsc::{Receiver, Sender, channel};

use zeroize::Zeroizing;

use super::*;
use crate::card_reader::IdNumber;
use crate::social_card::{SocialCard, SocialCardReader};
use crate::status::DeviceStatus;

const PATIENCE: Duration = Duration::from_secs(10);

/// What a slot does next.
enum Next {
    See(Sight),
    Break(FaultKind),
}

/// A slot that shows one thing after the other, each for at least one look, and the last one for
/// as long as nothing else comes.
struct Scripted {
    next: Receiver<Next>,
    sight: Sight,
    reads: Receiver<Result<SocialCard, SocialCardError>>,
}

impl Slot for Scripted {
    fn look(&mut self, patience: Duration) -> Result<Sight, Fault> {
        match self.next.recv_timeout(patience) {
            Ok(Next::See(sight)) => self.sight = sight,
            Ok(Next::Break(kind)) => return Err(Fault::new(kind, "scripted")),
            Err(_) => {}
        }
        Ok(self.sight)
    }

    fn read(&mut self) -> Result<SocialCard, SocialCardError> {
        self.reads.try_recv().expect("a read that the test expects")
    }
}

struct Bench {
    reader: SocialCardReader,
    next: Sender<Next>,
    reads: Sender<Result<SocialCard, SocialCardError>>,
}

impl Bench {
    fn new() -> Self {
        let (next, nexts) = channel();
        let (reads, results) = channel();
        let slot = Scripted {
            next: nexts,
            sight: Sight::Empty,
            reads: results,
        };
        Self {
            reader: SocialCardReader::start(slot),
            next,
            reads,
        }
    }

    fn see(&self, sight: Sight) {
        self.next.send(Next::See(sight)).unwrap();
    }

    async fn media(&self, wanted: MediaState) {
        let mut media = self.reader.media();
        let reached = tokio::time::timeout(PATIENCE, media.wait_for(|now| *now == wanted));
        reached.await.unwrap().unwrap();
    }

    async fn status(&self, wanted: impl FnMut(&DeviceStatus) -> bool) {
        let mut status = self.reader.status();
        let reached = tokio::time::timeout(PATIENCE, status.wait_for(wanted));
        reached.await.unwrap().unwrap();
    }
}

fn card() -> SocialCard {
    SocialCard {
        name: Zeroizing::new("测试人".into()),
        number: IdNumber::parse("11010519491231002X").unwrap(),
        card_number: None,
        card_code: None,
        version: None,
        issued_on: None,
        valid_to: None,
    }
}

#[tokio::test]
async fn no_card_is_read_before_somebody_asks() {
    let bench = Bench::new();
    bench.see(Sight::Card { count: 1 });
    bench.media(MediaState::Present).await;
    // A read would have panicked in the slot, and the thread would be gone.
    bench.reads.send(Ok(card())).unwrap();
    let read = bench.reader.read_once(PATIENCE).await.unwrap();
    assert_eq!(read.name.as_str(), "测试人");
    // The card that is left in can still be noticed.
    bench.media(MediaState::Present).await;
    bench.see(Sight::Empty);
    bench.media(MediaState::NotPresent).await;
}

#[tokio::test]
async fn a_card_left_in_is_read_again_only_for_the_next_request() {
    let bench = Bench::new();
    bench.see(Sight::Card { count: 1 });
    for _ in 0..2 {
        bench.reads.send(Ok(card())).unwrap();
        bench.reader.read_once(PATIENCE).await.unwrap();
    }
    assert_eq!(bench.reader.supervisor().counters().done, 2);
}

#[tokio::test]
async fn a_card_that_cannot_be_read_is_told_once_and_then_its_removal() {
    let bench = Bench::new();
    let mut events = bench.reader.events();
    bench.reader.arm();
    bench.see(Sight::Mute { count: 1 });
    bench.see(Sight::Mute { count: 1 });
    bench.see(Sight::Empty);
    let mut told = Vec::new();
    for _ in 0..2 {
        let event = tokio::time::timeout(PATIENCE, events.recv()).await;
        told.push(format!("{:?}", event.unwrap().unwrap()));
    }
    assert_eq!(told, ["Failed(Mute)", "Removed"]);
}

#[tokio::test]
async fn waiting_for_a_card_ends_in_time_and_a_broken_reader_ends_it_at_once() {
    let bench = Bench::new();
    bench.see(Sight::Empty);
    bench.media(MediaState::NotPresent).await;
    let waited = bench.reader.read_once(Duration::from_millis(50)).await;
    assert_eq!(waited.unwrap_err(), SocialCardError::NoCard);
    bench
        .next
        .send(Next::Break(FaultKind::PortMissing))
        .unwrap();
    let waited = bench.reader.read_once(PATIENCE).await;
    assert_eq!(
        waited.unwrap_err(),
        SocialCardError::ReaderFault(FaultKind::PortMissing)
    );
    // Plugged in again, it works without anybody's doing.
    bench
        .status(|status| status.state == DeviceState::Online)
        .await;
    assert_eq!(bench.reader.supervisor().counters().opened, 2);
}

#[tokio::test]
async fn a_machine_without_the_service_says_who_must_act() {
    let bench = Bench::new();
    for _ in 0..2 {
        bench
            .next
            .send(Next::Break(FaultKind::ServiceMissing))
            .unwrap();
    }
    bench
        .status(|status| {
            status.fault.as_ref().is_some_and(|fault| {
                fault.kind == FaultKind::ServiceMissing
                    && fault.act == crate::status::WhoMustAct::Technician
            })
        })
        .await;
    bench.media(MediaState::Unknown).await;
}

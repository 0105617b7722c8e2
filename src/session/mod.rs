//! Who is at the terminal now, for how long still, and the proof that nothing of them remains.

pub mod masking;
mod timing;
mod visitor;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

pub use timing::{EndReason, Presence, SessionTimes, Sign};
pub use visitor::Visitor;

/// Something of the person that must not outlast the visit. Dropping it must overwrite what it holds.
pub trait Belonging: Send {
    /// What it is, for the report.
    fn kind(&self) -> BelongingKind;
}

/// Kinds of things that belong to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BelongingKind {
    /// The facts of their card.
    Visitor,
    /// A draft with answers, pages and signature.
    Draft,
    /// Cases shown to them, with numbers and query codes.
    Cases,
    /// Text being typed or written.
    Input,
    /// A picture: a captured page, a preview, a receipt.
    Picture,
}

impl Belonging for Visitor {
    fn kind(&self) -> BelongingKind {
        BelongingKind::Visitor
    }
}

/// One person's visit.
#[derive(Debug)]
pub struct Session {
    presence: Presence,
    times: SessionTimes,
    began: Option<Instant>,
    visitor: Option<Visitor>,
}

/// What became of the person's things at the end of a visit. Counts only, so that it can be logged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WipeReport {
    /// Why the visit ended.
    pub reason: EndReason,
    /// How long it lasted.
    pub lasted: Duration,
    /// How many things of each kind were dropped.
    pub dropped: BTreeMap<BelongingKind, usize>,
}

/// A card that is not the visitor's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the card belongs to another person")]
pub struct AnotherPersonsCard;

impl Session {
    /// Nobody is there yet.
    pub fn new(times: SessionTimes) -> Self {
        Self {
            presence: Presence::Idle,
            times,
            began: None,
            visitor: None,
        }
    }

    /// Takes a sign of the person, or the passing of time, into account; tells what that leads to.
    pub fn sign(&mut self, sign: Sign, now: Instant) -> Presence {
        self.presence = self.presence.after(sign, now, self.times);
        if matches!(self.presence, Presence::Active { .. }) {
            self.began.get_or_insert(now);
        }
        self.presence
    }

    /// Whether somebody is there.
    pub fn presence(&self) -> Presence {
        self.presence
    }

    /// Time left to answer the warning.
    pub fn countdown(&self, now: Instant) -> Option<Duration> {
        self.presence.countdown(now, self.times)
    }

    /// The card holder, once their card was read: known until the visit ends, so that nobody is asked twice.
    pub fn visitor(&self) -> Option<&Visitor> {
        self.visitor.as_ref()
    }

    /// A card was read.
    ///
    /// # Errors
    /// [`AnotherPersonsCard`]: end this visit first, then begin another.
    pub fn identify(&mut self, visitor: Visitor, now: Instant) -> Result<(), AnotherPersonsCard> {
        if self
            .visitor
            .as_ref()
            .is_some_and(|known| !known.is(&visitor))
        {
            return Err(AnotherPersonsCard);
        }
        self.visitor = Some(visitor);
        self.sign(Sign::Touch, now);
        Ok(())
    }

    /// Ends the visit: takes everything of the person's, drops it, and says what was dropped.
    /// Whoever calls this hands over all that the screens still hold.
    pub fn end(
        self,
        reason: EndReason,
        belongings: Vec<Box<dyn Belonging>>,
        now: Instant,
    ) -> WipeReport {
        let mut dropped = BTreeMap::new();
        let visitor = self
            .visitor
            .map(|visitor| Box::new(visitor) as Box<dyn Belonging>);
        for belonging in belongings.into_iter().chain(visitor) {
            *dropped.entry(belonging.kind()).or_insert(0) += 1;
            drop(belonging);
        }
        WipeReport {
            reason: match self.presence {
                Presence::Ended(reason) => reason,
                _ => reason,
            },
            lasted: self
                .began
                .map_or(Duration::ZERO, |began| now.saturating_duration_since(began)),
            dropped,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use std::sync::{Arc, Mutex};

    use zeroize::Zeroize;

    use super::*;

    /// Holds a secret like a draft does, and shows the observer what is left of it when it is dropped.
    struct Probe {
        secret: Vec<u8>,
        seen: Arc<Mutex<Vec<u8>>>,
    }

    impl Belonging for Probe {
        fn kind(&self) -> BelongingKind {
            BelongingKind::Input
        }
    }

    impl Drop for Probe {
        fn drop(&mut self) {
            self.secret.as_mut_slice().zeroize();
            self.seen.lock().unwrap().extend_from_slice(&self.secret);
        }
    }

    #[test]
    fn ending_drops_everything_and_counts_it() {
        let start = Instant::now();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let probes: Vec<Box<dyn Belonging>> = (0..3)
            .map(|_| {
                Box::new(Probe {
                    secret: b"secret".to_vec(),
                    seen: Arc::clone(&seen),
                }) as Box<dyn Belonging>
            })
            .collect();
        let mut session = Session::new(SessionTimes::default());
        session.sign(Sign::Touch, start);
        let report = session.end(EndReason::Finished, probes, start + Duration::from_secs(90));
        assert_eq!(report.dropped, BTreeMap::from([(BelongingKind::Input, 3)]));
        assert_eq!(report.lasted, Duration::from_secs(90));
        assert_eq!(*seen.lock().unwrap(), [0; 18]);
    }

    #[test]
    fn the_report_keeps_the_reason_that_came_first() {
        let start = Instant::now();
        let mut session = Session::new(SessionTimes::default());
        session.sign(Sign::Touch, start);
        session.sign(Sign::End(EndReason::AnotherPerson), start);
        assert_eq!(
            session.end(EndReason::Silence, Vec::new(), start).reason,
            EndReason::AnotherPerson
        );
    }
}

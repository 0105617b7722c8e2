//! Whether a card lies on the reader, and what has already been done about it.
//!
//! Readers differ in what they say about a card after reading it: some go on finding it, others
//! find nothing until it has been lifted and laid down again. One table serves both.

use super::error::CardReadError;

/// Polls without a card after which a card that was not read is believed to be gone: soon, because laying it down again is what the person was asked for.
const GONE_AFTER_FAILURE: u8 = 2;
/// Polls after which a card that failed and still lies there is tried once more.
const TRY_AGAIN_AFTER: u8 = 5;

/// What is known of the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Presence {
    /// There is none.
    #[default]
    Away,
    /// It is being read. If it failed before without being lifted, that failure has been told.
    Reading { told: Option<CardReadError> },
    /// It was read, and since then not been found `absent` times in a row.
    Read { absent: u8 },
    /// It was not read; found `seen` times and then not found `absent` times since.
    Failed {
        told: CardReadError,
        seen: u8,
        absent: u8,
    },
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Observation {
    /// The reader finds a card.
    Found,
    /// The reader finds none.
    NotFound,
    /// The card was read.
    ReadDone,
    /// The card was not read.
    ReadFailed(CardReadError),
}

/// What to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reaction {
    /// Nothing.
    Wait,
    /// Tell that a card was found, and read it.
    BeginReading,
    /// Read without telling anybody: they are still looking at the failure told before.
    ReadQuietly,
    /// Hand over what was read.
    TellRead,
    /// Tell why it was not read.
    TellFailed(CardReadError),
    /// Tell that the card is gone.
    TellRemoved,
}

impl Presence {
    /// The next state, and what to do.
    ///
    /// `gone_after` is how many polls without a card show that one that was read is gone.
    pub fn step(self, observation: Observation, gone_after: u8) -> (Self, Reaction) {
        use Observation as O;
        match (self, observation) {
            (Self::Away, O::Found) => (Self::Reading { told: None }, Reaction::BeginReading),
            (_, O::ReadDone) => (Self::Read { absent: 0 }, Reaction::TellRead),
            (Self::Reading { told: Some(told) }, O::ReadFailed(error)) if told == error => {
                (failed(error), Reaction::Wait)
            }
            (_, O::ReadFailed(error)) => (failed(error), Reaction::TellFailed(error)),
            (Self::Read { .. }, O::Found) => (Self::Read { absent: 0 }, Reaction::Wait),
            (Self::Read { absent }, O::NotFound) => {
                if absent + 1 >= gone_after {
                    (Self::Away, Reaction::TellRemoved)
                } else {
                    let absent = absent + 1;
                    (Self::Read { absent }, Reaction::Wait)
                }
            }
            // Lifted for a moment and laid down again: a new attempt by the person.
            (Self::Failed { absent: 1.., .. }, O::Found) => {
                (Self::Reading { told: None }, Reaction::BeginReading)
            }
            (Self::Failed { told, seen, .. }, O::Found) => {
                if seen + 1 >= TRY_AGAIN_AFTER {
                    (Self::Reading { told: Some(told) }, Reaction::ReadQuietly)
                } else {
                    let state = Self::Failed {
                        told,
                        seen: seen + 1,
                        absent: 0,
                    };
                    (state, Reaction::Wait)
                }
            }
            (Self::Failed { told, seen, absent }, O::NotFound) => {
                if absent + 1 >= GONE_AFTER_FAILURE {
                    (Self::Away, Reaction::TellRemoved)
                } else {
                    let state = Self::Failed {
                        told,
                        seen,
                        absent: absent + 1,
                    };
                    (state, Reaction::Wait)
                }
            }
            (state @ (Self::Away | Self::Reading { .. }), _) => (state, Reaction::Wait),
        }
    }
}

fn failed(told: CardReadError) -> Presence {
    Presence::Failed {
        told,
        seen: 0,
        absent: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Plays observations from a state and returns the reactions that are not `Wait`.
    fn play(mut state: Presence, observations: &[Observation]) -> (Presence, Vec<Reaction>) {
        let mut reactions = Vec::new();
        for &observation in observations {
            let (next, reaction) = state.step(observation, 3);
            state = next;
            if reaction != Reaction::Wait {
                reactions.push(reaction);
            }
        }
        (state, reactions)
    }

    use CardReadError::{MovedTooEarly, WrongCardType};
    use Observation::{Found, NotFound, ReadDone, ReadFailed};

    #[test]
    fn a_card_that_stays_is_read_once_however_long_it_stays() {
        let mut story = vec![Found, ReadDone];
        story.extend([Found; 1000]);
        let (_, reactions) = play(Presence::Away, &story);
        assert_eq!(reactions, [Reaction::BeginReading, Reaction::TellRead]);
    }

    #[test]
    fn a_reader_that_hides_a_read_card_gives_one_removal_and_no_second_read() {
        let mut story = vec![Found, ReadDone];
        story.extend([NotFound; 1000]);
        let (state, reactions) = play(Presence::Away, &story);
        assert_eq!(state, Presence::Away);
        assert_eq!(
            reactions,
            [
                Reaction::BeginReading,
                Reaction::TellRead,
                Reaction::TellRemoved
            ]
        );
    }

    #[test]
    fn one_missed_find_does_not_read_a_card_twice() {
        let story = [Found, ReadDone, NotFound, NotFound, Found, Found];
        let (_, reactions) = play(Presence::Away, &story);
        assert_eq!(reactions, [Reaction::BeginReading, Reaction::TellRead]);
    }

    #[test]
    fn a_card_laid_down_again_after_a_failure_is_read_at_once() {
        let story = [Found, ReadFailed(MovedTooEarly), NotFound, Found, ReadDone];
        let (_, reactions) = play(Presence::Away, &story);
        assert_eq!(
            reactions,
            [
                Reaction::BeginReading,
                Reaction::TellFailed(MovedTooEarly),
                Reaction::BeginReading,
                Reaction::TellRead
            ]
        );
    }

    #[test]
    fn a_card_that_fails_and_stays_is_told_once_and_tried_quietly() {
        let mut story = vec![Found, ReadFailed(WrongCardType)];
        for _ in 0..10 {
            story.extend([Found; TRY_AGAIN_AFTER as usize]);
            story.push(ReadFailed(WrongCardType));
        }
        let (state, reactions) = play(Presence::Away, &story);
        let told = reactions
            .iter()
            .filter(|reaction| matches!(reaction, Reaction::TellFailed(_)));
        assert_eq!(told.count(), 1);
        assert!(reactions.contains(&Reaction::ReadQuietly));

        let mut later = vec![Found; TRY_AGAIN_AFTER as usize];
        later.push(ReadDone);
        let (_, reactions) = play(state, &later);
        assert_eq!(reactions, [Reaction::ReadQuietly, Reaction::TellRead]);
    }

    #[test]
    fn a_different_failure_of_the_same_card_is_told() {
        let mut story = vec![Found, ReadFailed(MovedTooEarly)];
        story.extend([Found; TRY_AGAIN_AFTER as usize]);
        story.push(ReadFailed(WrongCardType));
        let (_, reactions) = play(Presence::Away, &story);
        assert_eq!(reactions.last(), Some(&Reaction::TellFailed(WrongCardType)));
    }
}

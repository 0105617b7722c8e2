//! What has been done about the thing in the slot: one transition function.

use super::error::SocialCardError;
use super::slot::Sight;

/// What has been done about what is in the slot, during one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Presence {
    /// Nothing is known to be there.
    #[default]
    Away,
    /// It was read, or could not be; nothing more is done until it is taken out.
    Dealt {
        /// The count under which it was seen.
        count: u32,
    },
    /// It lost contact while it was read. The daemon looks every few tenths of a second only, so
    /// quick hands may have put it in again without its being seen to go.
    Lifted {
        /// The count under which it was seen.
        count: u32,
    },
}

/// What follows from a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reaction {
    /// Nothing new.
    Nothing,
    /// A card came: read it.
    Read {
        /// Another one was there before and was never seen to go.
        swapped: bool,
    },
    /// Read it without a word, and speak only if that goes well.
    ReadQuietly,
    /// Something came that cannot be read.
    Fail(SocialCardError),
    /// It was taken out.
    TellRemoved,
}

impl Presence {
    /// The next presence, and what to do.
    pub fn step(self, sight: Sight) -> (Self, Reaction) {
        let swapped = |count: u32| match self {
            Self::Away => Some(false),
            Self::Dealt { count: before } | Self::Lifted { count: before } => {
                (before != count).then_some(true)
            }
        };
        match sight {
            Sight::Empty if self == Self::Away => (Self::Away, Reaction::Nothing),
            Sight::Empty => (Self::Away, Reaction::TellRemoved),
            Sight::Card { count } => match swapped(count) {
                Some(swapped) => (Self::Dealt { count }, Reaction::Read { swapped }),
                None if self == (Self::Lifted { count }) => (self, Reaction::ReadQuietly),
                None => (self, Reaction::Nothing),
            },
            Sight::Mute { count } => match swapped(count) {
                Some(_) => (Self::Dealt { count }, Reaction::Fail(SocialCardError::Mute)),
                None => (self, Reaction::Nothing),
            },
        }
    }

    /// After a reading that ended with this.
    pub fn after_reading(self, ended: Result<(), SocialCardError>) -> Self {
        match (self, ended) {
            (Self::Dealt { count }, Err(SocialCardError::MovedTooEarly)) => Self::Lifted { count },
            (Self::Lifted { count }, Ok(())) => Self::Dealt { count },
            _ => self,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_is_read_once_for_each_time_it_is_put_in() {
        use Reaction as R;
        let card = |count| Sight::Card { count };
        let story = [
            (Sight::Empty, R::Nothing),
            (card(1), R::Read { swapped: false }),
            (card(1), R::Nothing),
            (Sight::Empty, R::TellRemoved),
            (Sight::Empty, R::Nothing),
            (card(3), R::Read { swapped: false }),
            // Out and another one in, between two looks.
            (card(5), R::Read { swapped: true }),
            (Sight::Mute { count: 7 }, R::Fail(SocialCardError::Mute)),
            (Sight::Mute { count: 7 }, R::Nothing),
            // The same thing, put in again the right way round.
            (card(9), R::Read { swapped: true }),
            (Sight::Empty, R::TellRemoved),
        ];
        let mut presence = Presence::default();
        for (sight, expected) in story {
            let (next, reaction) = presence.step(sight);
            assert_eq!(reaction, expected, "{sight:?} in {presence:?}");
            presence = next;
        }
    }

    #[test]
    fn a_card_put_in_again_by_quick_hands_is_read_although_nobody_saw_it_go() {
        let card = Sight::Card { count: 1 };
        let (presence, _) = Presence::default().step(card);
        let lifted = presence.after_reading(Err(SocialCardError::MovedTooEarly));
        assert_eq!(lifted.step(card), (lifted, Reaction::ReadQuietly));
        let read = lifted.after_reading(Ok(()));
        assert_eq!(read.step(card), (read, Reaction::Nothing));
        // It is gone after all.
        assert_eq!(
            lifted.step(Sight::Empty),
            (Presence::Away, Reaction::TellRemoved)
        );
        // Other failures are not tried again.
        let refused = presence.after_reading(Err(SocialCardError::Locked));
        assert_eq!(refused.step(card).1, Reaction::Nothing);
    }
}

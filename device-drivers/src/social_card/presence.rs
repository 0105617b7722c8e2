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
            Self::Dealt { count: before } => (before != count).then_some(true),
        };
        match sight {
            Sight::Empty if self == Self::Away => (Self::Away, Reaction::Nothing),
            Sight::Empty => (Self::Away, Reaction::TellRemoved),
            Sight::Card { count } => match swapped(count) {
                Some(swapped) => (Self::Dealt { count }, Reaction::Read { swapped }),
                None => (self, Reaction::Nothing),
            },
            Sight::Mute { count } => match swapped(count) {
                Some(_) => (Self::Dealt { count }, Reaction::Fail(SocialCardError::Mute)),
                None => (self, Reaction::Nothing),
            },
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
}

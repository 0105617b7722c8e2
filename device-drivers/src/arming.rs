//! Whether something is being looked for on a reader, and for which request.

use std::sync::atomic::{AtomicU64, Ordering};

/// A counter that is odd while a card or a code is looked for.
///
/// A plain flag would not tell two requests apart, and what was read for one person could be handed
/// to the next one who asked while it was being read.
#[derive(Debug, Default)]
pub(crate) struct Arming(AtomicU64);

/// One request to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Request(u64);

impl Arming {
    /// Begins to look. Returns whether that is new.
    pub fn arm(&self) -> bool {
        self.advance_from(0)
    }

    /// Stops looking. Returns whether that is new.
    pub fn disarm(&self) -> bool {
        self.advance_from(1)
    }

    /// The request that is open now.
    pub fn request(&self) -> Option<Request> {
        let count = self.0.load(Ordering::SeqCst);
        (count % 2 == 1).then_some(Request(count))
    }

    fn advance_from(&self, parity: u64) -> bool {
        self.0
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |count| {
                (count % 2 == parity).then_some(count + 1)
            })
            .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_ended_and_made_again_is_another_request() {
        let arming = Arming::default();
        assert_eq!(arming.request(), None);
        assert!(arming.arm());
        assert!(!arming.arm());
        let first = arming.request();
        assert!(arming.disarm());
        assert!(!arming.disarm());
        assert_eq!(arming.request(), None);
        arming.arm();
        assert!(first.is_some());
        assert_ne!(arming.request(), first);
    }
}

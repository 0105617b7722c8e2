//! Filing: from the first answer to the platform's receipt. Nothing lost, nothing twice, nothing readable afterwards.

mod content;
pub mod draft;
mod error;
pub mod local_number;
mod outbox;
mod progress;
mod rating_sender;
mod receipt;
mod schedule;
mod sender;
mod service;
mod shared;
pub mod state;
mod store;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod view;

pub use draft::Draft;
pub use error::{FilingError, SaveError, StoreError, SubmitError};
pub use outbox::OutboxReader;
pub use progress::MyCase;
pub use receipt::{ReceiptSlip, SlipCommon, SlipPlace};
pub use schedule::RetryPace;
pub use service::{Filing, FilingConfig};
pub use state::{AttentionReason, LocalState, WayOn};
pub use store::{OutboxEntry, PrintEnd, PrintJob, RatingTaken, SlipKind};
pub use view::{
    CaseView, FilingEvent, Official, OutboxSummary, QueuedCase, SendFailure, SlipFacts, SlipHow,
    SlipMaterial,
};

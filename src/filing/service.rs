//! The handle by which the rest of the terminal files cases.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use jinban_api::guide::Guide;
use jinban_api::ids::AreaCode;
use jinban_api::rating::Satisfaction;
use tokio::sync::{broadcast, watch};
use tokio::task::AbortHandle;
use ulid::Ulid;

use super::draft::Draft;
use super::error::{FilingError, SaveError, StoreError, SubmitError};
use super::schedule::RetryPace;
use super::sender;
use super::shared::{self, Shared, logged};
use super::state::{LocalState, Occurrence};
use super::store::{OutboxEntry, PrintEnd, PrintJob, RatingTaken, SlipKind};
use super::view::{CaseView, FilingEvent, OutboxSummary, QueuedCase};
use crate::clock::Clock;
use crate::platform::PlatformClient;
use crate::vault::audit::{Audit, AuditEvent};
use crate::vault::{HolderKey, Vault};

/// Where cases are kept, and in whose name they are filed.
#[derive(Clone, Debug)]
pub struct FilingConfig {
    /// Folder of the store.
    pub data_dir: PathBuf,
    /// Division whose official number series applies, 6 digits.
    pub area: AreaCode,
    /// Village, 12 digits; its end stands in local numbers.
    pub village: AreaCode,
    /// How long an untouched draft is kept.
    pub draft_keep: Duration,
    /// How retries are spread.
    pub pace: RetryPace,
    /// Where it is noted what became of cases.
    pub audit: Audit,
}

/// Files cases. Cloning gives another handle on the same outbox; the last one ends its task.
#[derive(Clone)]
pub struct Filing {
    shared: Arc<Shared>,
    _tasks: Arc<Tasks>,
}

struct Tasks(Vec<AbortHandle>);

impl Drop for Tasks {
    fn drop(&mut self) {
        for task in &self.0 {
            task.abort();
        }
    }
}

impl Filing {
    /// Opens the store, settles what a power cut left undone, and begins sending.
    pub async fn open(
        config: FilingConfig,
        vault: Arc<Vault>,
        client: PlatformClient,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, FilingError> {
        let shared = Arc::new(Shared::open(config, vault, client, clock).await?);
        let tasks = Tasks(vec![
            tokio::spawn(sender::run(Arc::clone(&shared))).abort_handle(),
            tokio::spawn(shared::purge(Arc::clone(&shared))).abort_handle(),
        ]);
        Ok(Self {
            shared,
            _tasks: Arc::new(tasks),
        })
    }

    /// A new draft for `guide`, whose version it pins.
    pub fn begin(&self, guide: Arc<Guide>) -> Draft {
        Draft::begin(guide, self.shared.clock.now())
    }

    /// Recognises a card holder's drafts and cases.
    pub fn holder(&self, id_number: &str) -> HolderKey {
        self.shared.vault.holder_key(id_number)
    }

    /// Saves a draft durably. The pages that were saved before are not written again.
    pub async fn save(&self, draft: &Draft) -> Result<(), SaveError> {
        if self.shared.discarded().contains(&draft.key()) {
            return Err(SaveError::Gone);
        }
        self.shared
            .store
            .save_draft(draft, self.shared.clock.now())
            .await?;
        if self.shared.discarded().contains(&draft.key()) {
            self.shared.store.discard_draft(draft.key()).await?;
            return Err(SaveError::Gone);
        }
        Ok(())
    }

    /// The draft this card holder left here last.
    pub async fn resumable(&self, holder: &HolderKey) -> Option<Draft> {
        logged(self.shared.store.newest_draft_of(holder).await)?
    }

    /// The newest draft that belongs to nobody yet and was touched `within` this time.
    pub async fn latest_anonymous(&self, within: Duration) -> Option<Draft> {
        let within = SignedDuration::try_from(within).unwrap_or(SignedDuration::MAX);
        let since = self
            .shared
            .clock
            .now()
            .checked_sub(within)
            .unwrap_or(jiff::Timestamp::MIN);
        logged(self.shared.store.newest_anonymous_draft(since).await)?
    }

    /// Throws a draft away, also for saves that are still under way.
    pub async fn discard(&self, key: Ulid) -> Result<(), StoreError> {
        self.shared.discarded().insert(key);
        self.shared.store.discard_draft(key).await?;
        let event = AuditEvent::DraftDiscarded { draft: key };
        self.shared.config.audit.note(event);
        Ok(())
    }

    /// Seals a complete draft, puts it in the outbox and removes the draft: all of it, or nothing.
    /// Doing it twice gives the same case twice.
    pub async fn submit(&self, draft: &Draft) -> Result<QueuedCase, SubmitError> {
        let shared = Arc::clone(&self.shared);
        let draft = draft.clone();
        // On a task of its own, so that a screen that goes away does not stop it half-way.
        let submitted = tokio::spawn(async move { shared.submit(&draft).await }).await;
        let queued = submitted.map_err(|error| SubmitError::Other(error.to_string()))??;
        self.shared
            .announce(FilingEvent::Queued { key: queued.key })
            .await;
        self.shared.wake.notify_one();
        Ok(queued)
    }

    /// A case as it stands here.
    pub async fn case(&self, key: Ulid) -> Option<CaseView> {
        logged(self.shared.store.case(key).await)?
    }

    /// A card holder's cases, newest first.
    pub async fn cases_of(&self, holder: &HolderKey) -> Vec<CaseView> {
        logged(self.shared.store.cases_of(holder).await).unwrap_or_default()
    }

    /// Waits until the platform has answered for good, but not longer than `timeout`.
    pub async fn await_ack(&self, key: Ulid, timeout: Duration) -> Option<CaseView> {
        let mut events = self.events();
        let settled = async {
            loop {
                match self.shared.store.case(key).await {
                    Ok(Some(case))
                        if !matches!(
                            case.state,
                            LocalState::Queued { .. } | LocalState::Sending
                        ) =>
                    {
                        return;
                    }
                    Ok(None) | Err(_) => return,
                    Ok(Some(_)) => {}
                }
                while let Ok(event) = events.recv().await {
                    let decided = matches!(
                        event,
                        FilingEvent::Acknowledged { .. }
                            | FilingEvent::NeedsAttention { .. }
                            | FilingEvent::Withdrawn { .. }
                    );
                    if decided && event.key() == key {
                        break;
                    }
                }
            }
        };
        // Whether it was settled or time ran out, the case itself says where it stands.
        let _ = tokio::time::timeout(timeout, settled).await;
        self.case(key).await
    }

    /// What happens to cases from now on.
    pub fn events(&self) -> broadcast::Receiver<FilingEvent> {
        self.shared.events.subscribe()
    }

    /// How full the outbox is.
    pub fn summary(&self) -> watch::Receiver<OutboxSummary> {
        self.shared.summary.subscribe()
    }

    /// Every case that is not done, without personal data.
    pub async fn outbox(&self) -> Result<Vec<OutboxEntry>, StoreError> {
        self.shared.store.outbox().await
    }

    /// Tries everything that waits at once, and puts back what a technician may have made possible.
    pub async fn retry_now(&self) -> Result<(), StoreError> {
        self.shared.put_back_technicians().await?;
        self.shared.refresh_summary().await;
        self.shared.wake.notify_one();
        Ok(())
    }

    /// Takes a case back, as long as the platform cannot have it.
    pub async fn withdraw(&self, key: Ulid) -> Result<(), StoreError> {
        self.shared
            .store
            .happen(key, Occurrence::TakenBack, None, None)
            .await?;
        self.shared.announce(FilingEvent::Withdrawn { key }).await;
        Ok(())
    }

    /// Keeps a rating, once a case, and sends it when it can.
    pub async fn rate(
        &self,
        case: Ulid,
        satisfaction: Satisfaction,
        reasons: &[String],
    ) -> Result<RatingTaken, StoreError> {
        let taken = self
            .shared
            .store
            .rate(case, satisfaction, reasons, self.shared.clock.now())
            .await?;
        self.shared.wake.notify_one();
        Ok(taken)
    }

    /// Whether a case was rated here.
    pub async fn is_rated(&self, case: Ulid) -> bool {
        logged(self.shared.store.is_rated(case).await).unwrap_or(false)
    }

    /// Notes that a slip is about to be printed, before anything is sent to the printer.
    pub async fn intend_print(&self, case: Ulid, slip: SlipKind) -> Result<PrintJob, StoreError> {
        self.shared
            .store
            .intend_print(case, slip, self.shared.clock.now())
            .await
    }

    /// Notes that the first byte is about to go to the printer.
    pub async fn print_sent(&self, job: &PrintJob) -> Result<(), StoreError> {
        self.shared.store.print_sent(job.id).await
    }

    /// Notes how a printing ended.
    pub async fn end_print(&self, job: &PrintJob, end: PrintEnd) -> Result<(), StoreError> {
        self.shared.store.end_print(job.id, end).await
    }

    /// The client, for asking the platform about cases.
    pub fn platform(&self) -> &PlatformClient {
        &self.shared.client
    }
}

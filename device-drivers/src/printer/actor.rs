//! The thread that owns a printer: keeps the line open, watches the status, prints one job at a
//! time. Callers never wait for the port.

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{oneshot, watch};

use super::connect::{ReceiptPrinterConfig, connect};
use super::driver::Driver;
use super::ledger::{
    self, DocumentKey, Intent, JobId, JobState, LedgerError, MemoryLedger, PrintLedger,
};
use super::outcome::{PrintError, PrintOutcome, Progress};
use super::stop::{Debt, Failed};
use crate::receipt::{Bitmap, PaperWidth};
use crate::status::{DeviceState, DeviceStatus, Fault, FaultKind, WhoMustAct};
use crate::supervisor::{Backoff, Supervisor, maintenance_fault};
use crate::transport::{ByteStream, Opener, PortError};

/// From one look at an idle printer to the next.
const HEARTBEAT: Duration = Duration::from_secs(2);
/// Jobs that may wait. A person waits at most for the one before theirs.
const WAITING: usize = 4;

type Reply = oneshot::Sender<Result<PrintOutcome, PrintError>>;
type OpenDriver = Driver<Box<dyn ByteStream>>;
type Ledger = Arc<Mutex<dyn PrintLedger>>;

struct Job {
    id: JobId,
    picture: Arc<Bitmap>,
    reply: Reply,
}

/// A handle on a receipt printer. The printer's thread ends with the last handle.
#[derive(Clone)]
pub struct ReceiptPrinter {
    jobs: SyncSender<Job>,
    supervisor: Supervisor,
    paper: PaperWidth,
    ledger: Ledger,
}

impl ReceiptPrinter {
    /// Starts looking after a printer without a lasting ledger: for trials.
    pub fn open(config: ReceiptPrinterConfig) -> Self {
        Self::open_with(config, MemoryLedger::default())
    }

    /// Starts looking after a printer. Never waits and never fails: how it is shows in the status.
    ///
    /// What the ledger says may still be in the printer is cleared before anything is printed.
    pub fn open_with(config: ReceiptPrinterConfig, ledger: impl PrintLedger + 'static) -> Self {
        let open = config.opener();
        Self::open_on(open, config, ledger)
    }

    /// As [`Self::open_with`], on whatever connection `open` opens instead of the configured port.
    pub fn open_on(
        open: Opener,
        config: ReceiptPrinterConfig,
        ledger: impl PrintLedger + 'static,
    ) -> Self {
        let debt = if ledger.in_printer().is_empty() {
            Debt::default()
        } else {
            Debt::unknown(&config.profile)
        };
        let ledger: Ledger = Arc::new(Mutex::new(ledger));
        let (jobs, queue) = sync_channel(WAITING);
        let supervisor = Supervisor::new();
        let paper = config.profile.paper;
        let keeper = Keeper {
            open,
            config,
            queue,
            supervisor: supervisor.clone(),
            debt,
            ledger: Arc::clone(&ledger),
        };
        let thread = std::thread::Builder::new().name("receipt-printer".into());
        if let Err(error) = thread.spawn(move || keeper.run()) {
            // The queue went with the thread, so that printing fails and says why.
            tracing::error!(%error, "the printer's thread cannot be started");
        }
        Self {
            jobs,
            supervisor,
            paper,
            ledger,
        }
    }

    /// Announces that a document is about to be printed, and tells which copy it will be, so that
    /// a reprint can say 副本 n.
    ///
    /// # Errors
    /// It cannot be noted; then it must not be printed.
    pub fn intend(&self, document: &DocumentKey) -> Result<Intent, LedgerError> {
        lock(&self.ledger).intend(document)
    }

    /// What was printed lately, and what is known to have come out.
    pub fn jobs(&self) -> Vec<ledger::Job> {
        lock(&self.ledger).jobs()
    }

    /// How the printer is, now and from now on.
    pub fn status(&self) -> watch::Receiver<DeviceStatus> {
        self.supervisor.status()
    }

    /// The hand on its thread: counters, alarm, maintenance, self-tests.
    pub fn supervisor(&self) -> &Supervisor {
        &self.supervisor
    }

    /// How wide its paper is.
    pub fn paper_width(&self) -> PaperWidth {
        self.paper
    }

    /// Prints a picture that is no copy of anything, and cuts the paper.
    ///
    /// # Errors
    /// As [`Self::print_intended`].
    pub async fn print(&self, picture: Arc<Bitmap>) -> Result<PrintOutcome, PrintError> {
        let intent = DocumentKey::try_from("single".to_owned())
            .map_err(|error| error.to_string())
            .and_then(|key| self.intend(&key).map_err(|error| error.to_string()))
            .map_err(|raw| PrintError::before(fault(WhoMustAct::Technician, &raw)))?;
        self.print_intended(intent, picture).await
    }

    /// Prints a picture that was announced, and cuts the paper.
    ///
    /// A job whose caller goes away before its turn is not printed.
    ///
    /// # Errors
    /// [`PrintError`] says what is wrong, who must act, and whether any of it may be on paper.
    pub async fn print_intended(
        &self,
        intent: Intent,
        picture: Arc<Bitmap>,
    ) -> Result<PrintOutcome, PrintError> {
        let (reply, answer) = oneshot::channel();
        let id = intent.job;
        let job = Job { id, picture, reply };
        self.jobs.try_send(job).map_err(|error| {
            note(&self.ledger, id, JobState::Abandoned);
            PrintError::before(match error {
                TrySendError::Full(_) => fault(WhoMustAct::Nobody, "too many jobs waiting"),
                TrySendError::Disconnected(_) => {
                    fault(WhoMustAct::Technician, "the printer's thread has ended")
                }
            })
        })?;
        answer.await.unwrap_or_else(|_| {
            let raw = "the printer's thread has ended";
            Err(PrintError::before(fault(WhoMustAct::Technician, raw)))
        })
    }
}

/// Everything that the thread owns apart from the line itself.
struct Keeper {
    open: Opener,
    config: ReceiptPrinterConfig,
    queue: Receiver<Job>,
    supervisor: Supervisor,
    debt: Debt,
    ledger: Ledger,
}

/// The last handle is gone.
struct Ended;

impl Keeper {
    fn run(mut self) {
        let mut backoff = Backoff::default();
        let mut first = None;
        loop {
            let fault = if self.supervisor.in_maintenance() {
                maintenance_fault()
            } else {
                match self.open() {
                    Ok(driver) => {
                        backoff.reset();
                        if self.serve(driver, first.take()).is_err() {
                            return;
                        }
                        continue;
                    }
                    Err(error) => error.fault(),
                }
            };
            self.supervisor.show(DeviceStatus::faulty(fault.clone()));
            if let Some(Job { id, reply, .. }) = first.take() {
                note(&self.ledger, id, JobState::Abandoned);
                answer(reply, Err(PrintError::before(fault)));
            }
            match self.queue.recv_timeout(backoff.wait()) {
                // Somebody wants to print: try again at once.
                Ok(job) => first = Some(job),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn open(&mut self) -> Result<OpenDriver, PortError> {
        let line = connect(&self.config, &mut self.open)?;
        let mut driver = Driver::new(line, self.config.profile.clone(), self.debt);
        let greeted = driver.greet();
        self.take_over_debt(&driver);
        let greeted = greeted?;
        self.supervisor.opened();
        self.supervisor.show(greeted);
        Ok(driver)
    }

    /// Looks after an open line until it is lost, beginning with a job that waited for it.
    fn serve(&mut self, mut driver: OpenDriver, first: Option<Job>) -> Result<(), Ended> {
        let mut next = first.ok_or(RecvTimeoutError::Timeout);
        loop {
            let kept = match next {
                Ok(job) => self.print(&mut driver, job),
                Err(RecvTimeoutError::Timeout) => self.look(&mut driver),
                Err(RecvTimeoutError::Disconnected) => return Err(Ended),
            };
            self.take_over_debt(&driver);
            if let Err(Lost) = kept {
                return Ok(());
            }
            next = self.queue.recv_timeout(HEARTBEAT);
            if self.supervisor.in_maintenance() {
                if let Ok(Job { id, reply, .. }) = next {
                    note(&self.ledger, id, JobState::Abandoned);
                    answer(reply, Err(PrintError::before(maintenance_fault())));
                }
                return Ok(());
            }
        }
    }

    fn look(&self, driver: &mut OpenDriver) -> Result<(), Lost> {
        match driver.status() {
            Ok(status) => {
                self.supervisor.show(status);
                self.supervisor
                    .self_test_if_due(|| driver.self_test())
                    .or_else(|error| self.missed(&error))
            }
            Err(error) => self.missed(&error),
        }
    }

    /// A printer that holds and takes not even a question has a full buffer, and is still there.
    fn missed(&self, error: &PortError) -> Result<(), Lost> {
        self.supervisor.show(DeviceStatus::faulty(error.fault()));
        match error {
            PortError::TimedOut => Ok(()),
            _ => Err(Lost),
        }
    }

    fn print(&self, driver: &mut OpenDriver, job: Job) -> Result<(), Lost> {
        if job.reply.is_closed() {
            note(&self.ledger, job.id, JobState::Abandoned);
            return Ok(());
        }
        // From here on paper may have come out, whatever happens to this program.
        if let Err(error) = lock(&self.ledger).enter(job.id, JobState::Sent) {
            let fault = fault(WhoMustAct::Technician, &error.to_string());
            answer(job.reply, Err(PrintError::before(fault)));
            return Ok(());
        }
        let before = self.supervisor.shown();
        self.supervisor
            .show(DeviceStatus::new(DeviceState::Busy, before.fault.clone()));
        let result = driver.print(&job.picture);
        let (kept, result) = match result {
            Ok(outcome) => (Ok(()), Ok(outcome)),
            Err(Failed { error, lost }) => (if lost { Err(Lost) } else { Ok(()) }, Err(error)),
        };
        match &result {
            Ok(outcome) => tracing::info!(?outcome, "receipt"),
            Err(error) => tracing::warn!(%error, progress = ?error.progress, "receipt"),
        }
        note(&self.ledger, job.id, end_of(&result));
        self.supervisor.done(result.is_ok());
        match &result {
            Err(error) => self
                .supervisor
                .show(DeviceStatus::faulty(error.fault.clone())),
            Ok(_) => self.supervisor.show(before),
        }
        answer(job.reply, result);
        // The paper may have come to its end with this very receipt.
        if kept.is_ok() {
            self.look(driver)
        } else {
            kept
        }
    }

    /// What is left to be put right is remembered beyond the line; once nothing is, no earlier job
    /// can come out any more.
    fn take_over_debt(&mut self, driver: &OpenDriver) {
        self.debt = driver.debt();
        if self.debt.is_settled() {
            let held = lock(&self.ledger).in_printer();
            for job in held {
                note(&self.ledger, job, JobState::Cleared);
            }
        }
    }
}

/// The port has to be opened anew.
struct Lost;

/// How a job ended, for the ledger.
fn end_of(result: &Result<PrintOutcome, PrintError>) -> JobState {
    match result {
        Ok(PrintOutcome::Confirmed { .. }) => JobState::Confirmed,
        Ok(PrintOutcome::Unconfirmed { .. }) => JobState::Unconfirmed,
        Err(PrintError {
            progress: Progress::NothingSent,
            ..
        }) => JobState::Abandoned,
        Err(_) => JobState::Failed,
    }
}

fn lock(ledger: &Ledger) -> MutexGuard<'_, dyn PrintLedger + 'static> {
    ledger.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Notes a step that has been taken already. If that fails, the ledger says less than is known,
/// which costs a needless cut or 副本 later, and never a receipt.
fn note(ledger: &Ledger, job: JobId, state: JobState) {
    if let Err(error) = lock(ledger).enter(job, state) {
        tracing::error!(%error, "the print ledger is behind");
    }
}

fn fault(act: WhoMustAct, raw: &str) -> Fault {
    Fault {
        kind: FaultKind::Other,
        act,
        raw: raw.into(),
    }
}

fn answer(reply: Reply, result: Result<PrintOutcome, PrintError>) {
    // Whoever asked may have gone; the ledger above knows of the job by its intent.
    let _ = reply.send(result);
}

#[cfg(test)]
mod tests;

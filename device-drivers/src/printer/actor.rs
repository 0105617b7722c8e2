//! The thread that owns a printer: keeps the line open, watches the status, prints one job at a
//! time. Callers never wait for the port.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::time::Duration;

use tokio::sync::{oneshot, watch};

use super::connect::{ReceiptPrinterConfig, connect};
use super::driver::Driver;
use super::outcome::{PrintError, PrintOutcome};
use super::stop::{Debt, Failed};
use crate::receipt::{Bitmap, PaperWidth};
use crate::status::{DeviceState, DeviceStatus, Fault, FaultKind, WhoMustAct};
use crate::transport::{ByteStream, PortError};

/// From one look at an idle printer to the next.
const HEARTBEAT: Duration = Duration::from_secs(2);
/// First and longest pause between attempts to open the port.
const RECONNECT: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(3));
/// Jobs that may wait. A person waits at most for the one before theirs.
const WAITING: usize = 4;

type Reply = oneshot::Sender<Result<PrintOutcome, PrintError>>;
type OpenDriver = Driver<Box<dyn ByteStream>>;

struct Job {
    picture: Arc<Bitmap>,
    reply: Reply,
}

/// A handle on a receipt printer. The printer's thread ends with the last handle.
#[derive(Clone)]
pub struct ReceiptPrinter {
    jobs: SyncSender<Job>,
    status: watch::Receiver<DeviceStatus>,
    paper: PaperWidth,
}

impl ReceiptPrinter {
    /// Starts looking after a printer. Never waits and never fails: how it is shows in the status.
    pub fn open(config: ReceiptPrinterConfig) -> Self {
        let (jobs, queue) = sync_channel(WAITING);
        let (publish, status) = watch::channel(DeviceStatus::starting());
        let paper = config.profile.paper;
        let keeper = Keeper {
            config,
            queue,
            publish,
            debt: Debt::default(),
        };
        let thread = std::thread::Builder::new().name("receipt-printer".into());
        if let Err(error) = thread.spawn(move || keeper.run()) {
            // The queue went with the thread, so that printing fails and says why.
            tracing::error!(%error, "the printer's thread cannot be started");
        }
        Self {
            jobs,
            status,
            paper,
        }
    }

    /// How the printer is, now and from now on.
    pub fn status(&self) -> watch::Receiver<DeviceStatus> {
        self.status.clone()
    }

    /// How wide its paper is.
    pub fn paper_width(&self) -> PaperWidth {
        self.paper
    }

    /// Prints a picture and cuts the paper.
    ///
    /// A job whose caller goes away before its turn is not printed.
    ///
    /// # Errors
    /// [`PrintError`] says what is wrong, who must act, and whether any of it may be on paper.
    pub async fn print(&self, picture: Arc<Bitmap>) -> Result<PrintOutcome, PrintError> {
        let (reply, answer) = oneshot::channel();
        let fault = |act, raw: &str| Fault {
            kind: FaultKind::Other,
            act,
            raw: raw.into(),
        };
        self.jobs
            .try_send(Job { picture, reply })
            .map_err(|error| {
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
    config: ReceiptPrinterConfig,
    queue: Receiver<Job>,
    publish: watch::Sender<DeviceStatus>,
    debt: Debt,
}

/// The last handle is gone.
struct Ended;

impl Keeper {
    fn run(mut self) {
        let mut pause = RECONNECT.0;
        let mut first = None;
        loop {
            match self.open() {
                Ok(driver) => {
                    pause = RECONNECT.0;
                    if self.serve(driver, first.take()).is_err() {
                        return;
                    }
                }
                Err(error) => {
                    self.show(DeviceStatus::faulty(error.fault()));
                    if let Some(Job { reply, .. }) = first.take() {
                        answer(reply, Err(PrintError::before(error.fault())));
                    }
                    match self.queue.recv_timeout(pause) {
                        // Somebody wants to print: try again at once.
                        Ok(job) => first = Some(job),
                        Err(RecvTimeoutError::Timeout) => pause = (pause * 2).min(RECONNECT.1),
                        Err(RecvTimeoutError::Disconnected) => return,
                    }
                }
            }
        }
    }

    fn open(&mut self) -> Result<OpenDriver, PortError> {
        let line = connect(&self.config)?;
        let mut driver = Driver::new(line, self.config.profile.clone(), self.debt);
        let greeted = driver.greet();
        self.debt = driver.debt();
        self.show(greeted?);
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
            self.debt = driver.debt();
            if let Err(Lost) = kept {
                return Ok(());
            }
            next = self.queue.recv_timeout(HEARTBEAT);
        }
    }

    fn look(&self, driver: &mut OpenDriver) -> Result<(), Lost> {
        match driver.status() {
            Ok(status) => {
                self.show(status);
                Ok(())
            }
            // The printer holds and takes not even a question: its buffer is full.
            Err(PortError::TimedOut) => {
                self.show(DeviceStatus::faulty(PortError::TimedOut.fault()));
                Ok(())
            }
            Err(error) => {
                self.show(DeviceStatus::faulty(error.fault()));
                Err(Lost)
            }
        }
    }

    fn print(&self, driver: &mut OpenDriver, job: Job) -> Result<(), Lost> {
        if job.reply.is_closed() {
            return Ok(());
        }
        let before = self.publish.borrow().clone();
        self.show(DeviceStatus::new(DeviceState::Busy, before.fault.clone()));
        let result = driver.print(&job.picture);
        let (kept, result) = match result {
            Ok(outcome) => (Ok(()), Ok(outcome)),
            Err(Failed { error, lost }) => (if lost { Err(Lost) } else { Ok(()) }, Err(error)),
        };
        match &result {
            Ok(outcome) => tracing::info!(?outcome, "receipt"),
            Err(error) => tracing::warn!(%error, progress = ?error.progress, "receipt"),
        }
        match &result {
            Err(error) => self.show(DeviceStatus::faulty(error.fault.clone())),
            Ok(_) => self.show(before),
        }
        answer(job.reply, result);
        // The paper may have come to its end with this very receipt.
        if kept.is_ok() {
            self.look(driver)
        } else {
            kept
        }
    }

    fn show(&self, status: DeviceStatus) {
        self.publish.send_if_modified(|now| now.adopt(status));
    }
}

/// The port has to be opened anew.
struct Lost;

fn answer(reply: Reply, result: Result<PrintOutcome, PrintError>) {
    // Whoever asked may have gone; the ledger above knows of the job by its intent.
    let _ = reply.send(result);
}

#[cfg(test)]
mod tests;

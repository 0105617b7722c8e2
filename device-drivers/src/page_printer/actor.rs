//! The task behind a [`super::PagePrinter`]: watches the printer, and sees one job at a time through to its end.

use std::time::{Duration, Instant};

use tokio::sync::{mpsc, watch};

use super::abilities::{Abilities, Format};
use super::ipp::{IppTrouble, Line, Target};
use super::job::{JobId, Lasting, Pace, Step, longest, step, wants_something};
use super::status::summarise_page_printer;
use super::{Order, Page, PagePrinterConfig, pdf, pwg};
use crate::printer::{PrintError, PrintOutcome, Progress, Unconfirmed};
use crate::status::{DeviceStatus, Fault, FaultKind};

/// Serves until every handle is gone.
pub(super) async fn serve(
    config: PagePrinterConfig,
    pace: Pace,
    mut orders: mpsc::Receiver<Order>,
    status: watch::Sender<DeviceStatus>,
) {
    let opened = Target::of(&config.uri).map_err(|error| error.to_string());
    let opened = opened.and_then(|target| Line::open(target).map_err(|error| error.to_string()));
    let line = match opened {
        Ok(line) => line,
        Err(error) => return refuse_all(&error, orders, status).await,
    };
    let watcher = Watcher { line, pace, status };
    let mut cleared = false;
    loop {
        let known = watcher.look().await;
        // What an earlier run left in the printer must not come out for whoever stands there now.
        cleared = cleared || (known.is_ok() && watcher.clear().await);
        match tokio::time::timeout(pace.look_every, orders.recv()).await {
            Err(_) => {}
            Ok(None) => return,
            Ok(Some(Order { pages, done })) => {
                let result = watcher.print(&pages).await;
                // Whoever asked may have gone; the paper is out all the same.
                let _ = done.send(result);
            }
        }
    }
}

async fn refuse_all(
    why: &str,
    mut orders: mpsc::Receiver<Order>,
    status: watch::Sender<DeviceStatus>,
) {
    let fault = Fault::new(FaultKind::WrongDevice, why);
    status.send_replace(DeviceStatus::faulty(fault.clone()));
    while let Some(order) = orders.recv().await {
        let _ = order.done.send(Err(PrintError::before(fault.clone())));
    }
}

struct Watcher {
    line: Line,
    pace: Pace,
    status: watch::Sender<DeviceStatus>,
}

impl Watcher {
    /// Asks how the printer is, and tells it to whoever listens.
    async fn look(&self) -> Result<(DeviceStatus, Abilities), IppTrouble> {
        let looked = self.line.look().await;
        let status = match &looked {
            Ok((raw, _)) => summarise_page_printer(raw),
            Err(trouble) => DeviceStatus::faulty(trouble.fault()),
        };
        self.status
            .send_if_modified(|known| known.adopt(status.clone()));
        looked.map(|(_, abilities)| (status, abilities))
    }

    /// Takes back what is left of ours in the queue; whether it is empty now.
    async fn clear(&self) -> bool {
        let Ok(left) = self.line.unfinished().await else {
            return false;
        };
        for job in left {
            tracing::warn!(job = job.0, "a job of an earlier run is taken back");
            if let Err(error) = self.line.cancel(job).await {
                tracing::warn!(%error, "it could not be taken back");
            }
        }
        true
    }

    async fn print(&self, pages: &[Page]) -> Result<PrintOutcome, PrintError> {
        let before = |trouble: IppTrouble| PrintError::before(trouble.fault());
        let (status, abilities) = self.look().await.map_err(before)?;
        if let Some(fault) = status.fault.clone().filter(|_| !status.is_usable()) {
            return Err(PrintError::before(fault));
        }
        let format = abilities.format().ok_or_else(|| {
            let formats = abilities.formats.join(", ");
            PrintError::before(Fault::new(FaultKind::Unsupported, formats))
        })?;
        let document = match format {
            Format::PwgRaster(dpi) => {
                let pages: Vec<_> = pages.iter().map(|page| page.at(dpi)).collect();
                pwg::encode(&pages)
            }
            Format::Pdf => pdf::encode(pages),
        };
        let job = match self.line.send(format, &document).await {
            Ok(job) => job,
            // Refused as a whole, or it never got there.
            Err(trouble @ (IppTrouble::Status(_) | IppTrouble::Refused(_))) => {
                return Err(before(trouble));
            }
            Err(IppTrouble::Http(error)) if error.is_connect() => {
                return Err(before(IppTrouble::Http(error)));
            }
            // It may be there without our knowing its number.
            Err(trouble) => {
                self.clear().await;
                return Err(broken(trouble.fault(), None, pages.len()));
            }
        };
        self.see_through(job, pages.len()).await
    }

    async fn see_through(&self, job: JobId, pages: usize) -> Result<PrintOutcome, PrintError> {
        let begun = Instant::now();
        let mut blocked_since = None;
        let mut out = None;
        loop {
            tokio::time::sleep(self.pace.ask_every).await;
            let asked = self.line.job(job).await;
            let Ok(report) = asked else {
                if begun.elapsed() >= longest(pages) {
                    return Ok(PrintOutcome::Unconfirmed {
                        reason: Unconfirmed::NeverAnswers,
                    });
                }
                continue;
            };
            let Ok((printer, _)) = self.look().await else {
                continue;
            };
            if wants_something(&printer) && report.pages <= out {
                blocked_since.get_or_insert_with(Instant::now);
            } else {
                blocked_since = None;
            }
            out = report.pages.max(out);
            let lasting = Lasting {
                job: begun.elapsed(),
                stuck: blocked_since.map_or(Duration::ZERO, |since| since.elapsed()),
                patience: self.pace.patience,
            };
            match step(&report, &printer, lasting, pages) {
                Step::Wait => {}
                Step::Done(outcome) => return Ok(outcome),
                Step::Failed(fault) => return Err(broken(fault, out, pages)),
                Step::TakeBack(fault) => {
                    if let Err(error) = self.line.cancel(job).await {
                        tracing::warn!(%error, "a stuck job could not be taken back");
                    }
                    return Err(broken(fault, out, pages));
                }
            }
        }
    }
}

/// It failed after it was handed over: `out` pages came out, as far as the printer counts them.
fn broken(fault: Fault, out: Option<u32>, pages: usize) -> PrintError {
    PrintError {
        fault,
        progress: Progress::Interrupted {
            rows: out.unwrap_or(0),
            of: pages as u32,
        },
    }
}

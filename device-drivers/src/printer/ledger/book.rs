//! What a ledger says, in memory: jobs, their states, and how often each document was printed.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{DocumentKey, Intent, JobId, JobState, LedgerError, PrintLedger};

/// Finished jobs that are remembered one by one. Of earlier ones only their number is.
pub(super) const REMEMBERED: usize = 500;

/// One printing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Names it.
    pub job: JobId,
    /// What was printed.
    pub document: DocumentKey,
    /// Which copy.
    pub copy: u32,
    /// How far it came.
    pub state: JobState,
    /// When it came so far, by this machine's clock.
    pub at: Timestamp,
}

/// One line of a ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Line {
    /// A job as it is now; the last such line of a job counts.
    Job(Job),
    /// How often a document was printed by jobs that are not listed any more.
    Earlier { document: DocumentKey, printed: u32 },
}

/// All that a ledger knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Book {
    jobs: BTreeMap<JobId, Job>,
    earlier: HashMap<DocumentKey, u32>,
}

impl Book {
    /// Takes a line that was read.
    pub fn take(&mut self, line: Line) {
        match line {
            Line::Job(job) => {
                self.jobs.insert(job.job, job);
            }
            Line::Earlier { document, printed } => {
                self.earlier.insert(document, printed);
            }
        }
    }

    /// A new job for a document.
    pub fn intend(&self, document: &DocumentKey) -> Job {
        let printed = self
            .jobs
            .values()
            .filter(|job| job.document == *document && job.state.may_be_on_paper())
            .count() as u32;
        Job {
            job: JobId(self.jobs.keys().next_back().map_or(1, |last| last.0 + 1)),
            document: document.clone(),
            copy: printed + self.earlier.get(document).copied().unwrap_or(0),
            state: JobState::Intended,
            at: Timestamp::now(),
        }
    }

    /// A job in its next state.
    pub fn step(&self, job: JobId, state: JobState) -> Result<Job, LedgerError> {
        match self.jobs.get(&job) {
            Some(known) if known.state.may_become(state) => Ok(Job {
                state,
                at: Timestamp::now(),
                ..known.clone()
            }),
            _ => Err(LedgerError::NoSuchStep(job, state)),
        }
    }

    /// After a restart: jobs in the states that they have now. What was sent may have come out and
    /// may still be in the printer, so it counts as broken off; what was only meant has not.
    pub fn settle(&self) -> Vec<Job> {
        let settled = |job: &Job| {
            let state = match job.state {
                JobState::Sent => JobState::Failed,
                JobState::Intended => JobState::Abandoned,
                _ => return None,
            };
            self.step(job.job, state).ok()
        };
        self.jobs.values().filter_map(settled).collect()
    }

    /// Forgets the oldest finished jobs apart from their number.
    pub fn shorten(&mut self) {
        while self.jobs.len() > REMEMBERED {
            let finished =
                |job: &&Job| job.state != JobState::Intended && !job.state.may_be_in_printer();
            let Some(oldest) = self.jobs.values().find(finished).map(|job| job.job) else {
                return;
            };
            if let Some(job) = self.jobs.remove(&oldest)
                && job.state.may_be_on_paper()
            {
                *self.earlier.entry(job.document).or_default() += 1;
            }
        }
    }

    /// Everything as lines.
    pub fn lines(&self) -> Vec<Line> {
        let mut earlier: Vec<_> = self.earlier.iter().collect();
        earlier.sort();
        let earlier = earlier
            .into_iter()
            .map(|(document, &printed)| Line::Earlier {
                document: document.clone(),
                printed,
            });
        earlier
            .chain(self.jobs.values().cloned().map(Line::Job))
            .collect()
    }

    pub fn in_printer(&self) -> Vec<JobId> {
        let held = |job: &&Job| job.state.may_be_in_printer();
        self.jobs.values().filter(held).map(|job| job.job).collect()
    }

    pub fn jobs(&self) -> Vec<Job> {
        self.jobs.values().cloned().collect()
    }
}

/// A ledger that ends with the program: for trials, and where no file can be had.
#[derive(Debug, Clone, Default)]
pub struct MemoryLedger {
    book: Book,
}

impl PrintLedger for MemoryLedger {
    fn intend(&mut self, document: &DocumentKey) -> Result<Intent, LedgerError> {
        let job = self.book.intend(document);
        let intent = Intent {
            job: job.job,
            copy: job.copy,
        };
        self.book.take(Line::Job(job));
        self.book.shorten();
        Ok(intent)
    }

    fn enter(&mut self, job: JobId, state: JobState) -> Result<(), LedgerError> {
        let job = self.book.step(job, state)?;
        self.book.take(Line::Job(job));
        Ok(())
    }

    fn in_printer(&self) -> Vec<JobId> {
        self.book.in_printer()
    }

    fn jobs(&self) -> Vec<Job> {
        self.book.jobs()
    }
}

//! One job from handing over to its end: what the printer reports of it, and what to do next.

use std::time::Duration;

use ::ipp::attribute::IppAttributes;
use ::ipp::model::DelimiterTag;

use super::abilities::{number, values, words};
use crate::printer::{Evidence, PrintOutcome, Unconfirmed};
use crate::status::{DeviceState, DeviceStatus, Fault, FaultKind};

/// The printer's number for a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct JobId(pub(super) i32);

/// `job-state` (RFC 8011 §5.3.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum JobState {
    /// 3, 4: waits.
    Waiting,
    /// 5: being printed.
    Processing,
    /// 6: stopped in the middle.
    Stopped,
    /// 7.
    Canceled,
    /// 8: given up by the printer.
    Aborted,
    /// 9.
    Completed,
}

/// What the printer reports of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct JobReport {
    pub state: JobState,
    /// `job-state-reasons`.
    pub reasons: Vec<String>,
    /// `job-impressions-completed`: sides that came out, where it counts them.
    pub pages: Option<u32>,
}

impl JobReport {
    /// Reads the answer to Get-Job-Attributes.
    pub(super) fn read(attributes: &IppAttributes) -> Option<Self> {
        let group = attributes.first_of(DelimiterTag::JobAttributes)?;
        let first = |name| values(group, name).first().and_then(|value| number(value));
        let state = match first("job-state")? {
            3 | 4 => JobState::Waiting,
            5 => JobState::Processing,
            6 => JobState::Stopped,
            7 => JobState::Canceled,
            8 => JobState::Aborted,
            9 => JobState::Completed,
            _ => return None,
        };
        let pages = first("job-impressions-completed");
        Some(Self {
            state,
            reasons: words(group, "job-state-reasons"),
            pages: pages.and_then(|pages| u32::try_from(pages).ok()),
        })
    }
}

/// How often a printer is asked, and for how long it is waited for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// Between two looks at an idle printer.
    pub look_every: Duration,
    /// Between two questions after a job.
    pub ask_every: Duration,
    /// How long a printer that wants something of somebody is waited for, before the job is taken back.
    pub patience: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            look_every: Duration::from_secs(20),
            ask_every: Duration::from_millis(700),
            patience: Duration::from_secs(25),
        }
    }
}

/// How long a job of `pages` pages may take before nobody believes in it any more.
pub(super) fn longest(pages: usize) -> Duration {
    Duration::from_secs(60 + 30 * pages as u64)
}

/// What has become of a job, or what to do with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// Ask again in a moment.
    Wait,
    /// It ended well, as far as anyone can tell.
    Done(PrintOutcome),
    /// It ended badly by itself.
    Failed(Fault),
    /// It is stuck: take it back.
    TakeBack(Fault),
}

/// How long something has gone on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lasting {
    /// Since the job was handed over.
    pub job: Duration,
    /// Since the printer began to want something of somebody, or the last page that came out all the same.
    pub stuck: Duration,
    /// How much of that is too much.
    pub patience: Duration,
}

/// Decides by the job's own report, the printer's state and the time.
pub(super) fn step(
    report: &JobReport,
    printer: &DeviceStatus,
    lasting: Lasting,
    pages: usize,
) -> Step {
    let said = || report.reasons.join(", ");
    let wrong = || {
        let unknown = || Fault::new(FaultKind::Unrecoverable, said());
        let fault = printer.fault.clone();
        fault
            .filter(|_| wants_something(printer))
            .unwrap_or_else(unknown)
    };
    match report.state {
        JobState::Completed
            if report
                .reasons
                .iter()
                .any(|r| r == "job-completed-with-errors") =>
        {
            Step::Done(PrintOutcome::Unconfirmed {
                reason: Unconfirmed::CompletedWithErrors,
            })
        }
        JobState::Completed => Step::Done(PrintOutcome::Confirmed {
            evidence: Evidence::JobCompleted,
        }),
        JobState::Canceled => Step::Failed(Fault::new(FaultKind::Other, said())),
        JobState::Aborted => Step::Failed(wrong()),
        JobState::Waiting | JobState::Processing | JobState::Stopped => {
            let stopped = report.state == JobState::Stopped || !printer.is_usable();
            // Some only warn of what stops them. Others warn of a second tray, and print on: they get longer.
            let patience = lasting.patience * if stopped { 1 } else { 3 };
            if (stopped || wants_something(printer)) && lasting.stuck >= patience {
                Step::TakeBack(wrong())
            } else if lasting.job >= longest(pages) {
                Step::TakeBack(Fault::new(FaultKind::NoAnswer, said()))
            } else {
                Step::Wait
            }
        }
    }
}

/// Whether somebody has to do something before the printer prints on, as far as it says.
pub(super) fn wants_something(printer: &DeviceStatus) -> bool {
    let kind = printer.fault.as_ref().map(|fault| fault.kind);
    !printer.is_usable() || kind.is_some_and(|kind| kind.device_state() == DeviceState::UserError)
}

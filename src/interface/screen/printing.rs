//! How printing something to take home goes, and how that is said.

use std::borrow::Cow;

use crate::interface::faults;
use crate::interface::theme::style::Tone;
use crate::peripherals::PrintReport;

/// How it goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Printing {
    /// Nothing asked.
    #[default]
    Idle,
    /// On its way.
    Busy,
    /// The printer confirmed it.
    Done,
    /// The printer could not tell.
    Perhaps,
    /// It did not come out; said in words.
    Failed(String),
}

impl Printing {
    /// What to say now: `done` once it is out, `perhaps` where the printer could not tell, or what went wrong.
    pub fn said<'a>(
        &'a self,
        done: Cow<'a, str>,
        perhaps: Cow<'a, str>,
    ) -> Option<(Cow<'a, str>, Tone)> {
        match self {
            Self::Idle | Self::Busy => None,
            Self::Done => Some((done, Tone::Success)),
            Self::Perhaps => Some((perhaps, Tone::Warning)),
            Self::Failed(reason) => Some((reason.as_str().into(), Tone::Warning)),
        }
    }
}

impl From<PrintReport> for Printing {
    fn from(report: PrintReport) -> Self {
        match report {
            PrintReport::Confirmed => Self::Done,
            PrintReport::Unconfirmed => Self::Perhaps,
            PrintReport::NotFitted => Self::Failed(t!("paper.none_note").into_owned()),
            PrintReport::Failed(fault) => Self::Failed(faults::print_words(&fault).1.into_owned()),
        }
    }
}

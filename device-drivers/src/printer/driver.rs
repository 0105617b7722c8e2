//! The conversation with a printer about one job: look, send, look again, prove, or clear away.

use std::time::Duration;

use super::bands::bands;
use super::escpos::{ASK_PAPER_QUEUED, CLEAR, INITIALISE, Question, feed_and_cut, opening};
use super::line::{Answer, Checked, Line};
use super::outcome::{Evidence, PrintError, PrintOutcome, Progress, Unconfirmed};
use super::port_status::{port_fault, summarise_port};
use super::profile::{PrinterProfile, UsbClearing};
use super::stop::{Debt, Failed, Stop, garbled, no_answer};
use super::summary::{queued_paper, stopping_fault, summarise};
use crate::receipt::Bitmap;
use crate::status::{DeviceStatus, Fault, FaultKind, PaperState, WhoMustAct};
use crate::transport::{ByteStream, PortError};

/// One look at a printer that is recovering or still printing.
const LOOK: Duration = Duration::from_millis(500);
/// Looks at a printer that recovers by itself before the job is given up.
const LOOKS: usize = 40;
/// The slowest printing that we wait for, in rows per second (50 mm/s).
const ROWS_PER_SECOND: u64 = 400;
/// How long clearing away may be held up.
const CLEARING: Duration = Duration::from_secs(1);

/// A printer on an open line.
pub(super) struct Driver<S> {
    line: Line<S>,
    profile: PrinterProfile,
    debt: Debt,
}

impl<S: ByteStream> Driver<S> {
    /// Takes over a line. `debt` is what a job left behind on an earlier line to this printer.
    pub fn new(mut line: Line<S>, profile: PrinterProfile, debt: Debt) -> Self {
        line.owed = debt.owed;
        Self {
            line,
            profile,
            debt,
        }
    }

    /// What has to be put right on the next line.
    pub fn debt(&self) -> Debt {
        Debt {
            owed: self.line.owed,
            ..self.debt
        }
    }

    #[cfg(test)]
    pub fn stream(&mut self) -> &mut S {
        self.line.stream()
    }

    /// First words on a new line. A printer that a program was killed over may still be waiting
    /// for the rest of a picture and take our questions for it.
    pub fn greet(&mut self) -> Result<DeviceStatus, PortError> {
        let status = self.status()?;
        if !is_silent(&status) {
            return Ok(status);
        }
        self.line.owed = self.profile.longest_command();
        let status = self.status()?;
        if !is_silent(&status) {
            // So it was waiting, and what was killed is on the paper.
            self.debt.clear = true;
            self.debt.soiled = true;
        }
        Ok(status)
    }

    /// How the printer is. Clears away after a failed job as soon as that is possible.
    pub fn status(&mut self) -> Result<DeviceStatus, PortError> {
        if !self.profile.answers_status {
            return Ok(summarise_port(self.line.printer_port()?));
        }
        self.clear_away()?;
        let status = match self.check()? {
            Checked::Answered(raw) => summarise(raw),
            Checked::Mute => {
                // Out of paper, some answer nothing any more, but their port still knows.
                let port = self.line.printer_port()?.and_then(port_fault);
                DeviceStatus::faulty(port.unwrap_or_else(no_answer))
            }
            Checked::Garbled => DeviceStatus::faulty(garbled()),
        };
        if status.is_usable() {
            self.settle()?;
        }
        Ok(status)
    }

    /// Looks more closely than at other times: at the sensors, and whether the question by which
    /// receipts are confirmed is answered as the profile promises. Prints nothing.
    pub fn self_test(&mut self) -> Result<Option<FaultKind>, PortError> {
        let status = self.status()?;
        let well = status.is_usable();
        let found = status.fault.map(|fault| fault.kind);
        let promised = self.profile.answers_status && self.profile.answers_queued;
        if !well || !promised || self.debt.soiled {
            return Ok(found);
        }
        self.line.send(&ASK_PAPER_QUEUED)?;
        let heard = self.line.listen(LOOK * 4, |h| h.queued.is_some())?;
        self.line.queued = None;
        Ok(match heard.queued {
            Some(_) => found,
            None => Some(FaultKind::Unsupported),
        })
    }

    /// Prints a picture and cuts.
    pub fn print(&mut self, picture: &Bitmap) -> Result<PrintOutcome, Failed> {
        let answers = self.prepare(picture).map_err(|stop| Failed {
            error: PrintError::before(stop.fault),
            lost: stop.lost,
        })?;
        let mut rows = 0;
        match self.transmit(picture, answers, &mut rows) {
            Ok(outcome) => Ok(outcome),
            Err(stop) => {
                self.debt.clear = true;
                self.debt.soiled = true;
                // Best now, while the data is still in the printer; else on the next occasion.
                let cleared = self.clear_away();
                let lost = stop.lost || cleared.is_err_and(|e| !matches!(e, PortError::TimedOut));
                Err(Failed {
                    error: PrintError {
                        fault: stop.fault,
                        progress: Progress::Interrupted {
                            rows,
                            of: picture.height(),
                        },
                    },
                    lost,
                })
            }
        }
    }

    /// Refuses what cannot be printed and a printer that says it cannot print. Tells whether it
    /// answers at all.
    fn prepare(&mut self, picture: &Bitmap) -> Result<bool, Stop> {
        if picture.width() > self.profile.paper.dots() {
            let raw = format!("{} dots on narrower paper", picture.width());
            return Err(Fault::new(FaultKind::Unsupported, raw).into());
        }
        self.clear_away()?;
        let answers = self.profile.answers_status && self.wait_until_well()?;
        if !answers && let Some(fault) = self.line.printer_port()?.and_then(port_fault) {
            return Err(fault.into());
        }
        self.settle()?;
        Ok(answers)
    }

    /// Asks how the printer is.
    ///
    /// One that says nothing after a job failed may never have heard what was sent since then, and
    /// may take this very question for the rest of a picture.
    fn check(&mut self) -> Result<Checked, PortError> {
        let checked = self.line.check()?;
        if checked == Checked::Mute && self.debt.soiled {
            self.debt.clear = true;
            self.line.owed = self.profile.longest_command();
        }
        Ok(checked)
    }

    /// Waits while the printer recovers by itself. False if it answers nothing.
    fn wait_until_well(&mut self) -> Result<bool, Stop> {
        for _ in 0..LOOKS {
            let raw = match self.check()? {
                Checked::Answered(raw) => raw,
                Checked::Mute => return Ok(false),
                Checked::Garbled => return Err(garbled().into()),
            };
            match stopping_fault(raw) {
                None => return Ok(true),
                Some(fault) if fault.act != WhoMustAct::Nobody => return Err(fault.into()),
                Some(_) => self.pause()?,
            }
        }
        Err(Fault::new(FaultKind::HeadHot, "did not recover in time").into())
    }

    fn transmit(
        &mut self,
        picture: &Bitmap,
        answers: bool,
        rows: &mut u32,
    ) -> Result<PrintOutcome, Stop> {
        self.line.send(&opening(&self.profile))?;
        for band in bands(picture, self.profile.raster, self.profile.band()) {
            self.line.send(&band.bytes)?;
            *rows += band.rows;
            if answers {
                self.between_bands(band.bytes.len())?;
            }
        }
        self.line.send(&feed_and_cut(&self.profile))?;
        self.prove(picture.height(), answers)
    }

    /// Notices that the printer stopped, waits where it recovers by itself, and gives up where it
    /// does not.
    fn between_bands(&mut self, in_flight: usize) -> Result<(), Stop> {
        match self.line.ask(Question::Printer, in_flight)? {
            Answer::Byte(byte) if byte & 0x08 == 0 => Ok(()),
            Answer::Byte(_) if self.wait_until_well()? => Ok(()),
            Answer::Byte(_) | Answer::Silence => Err(no_answer().into()),
            Answer::Noise => Err(garbled().into()),
        }
    }

    /// Waits for the answer to a question that stands in the queue behind the cut.
    fn prove(&mut self, rows: u32, answers: bool) -> Result<PrintOutcome, Stop> {
        let printing = Duration::from_millis(u64::from(rows) * 1000 / ROWS_PER_SECOND);
        let patience = printing + Duration::from_secs(5);
        let looks = patience.as_millis().div_ceil(LOOK.as_millis()) as usize;
        let mut noise = false;
        self.line.queued = None;
        if self.profile.answers_queued {
            self.line.send(&ASK_PAPER_QUEUED)?;
        }
        for _ in 0..looks {
            let heard = self.line.listen(LOOK, |h| h.queued.is_some() || h.noise)?;
            if heard.noise {
                // What looks like a reply among noise proves nothing: let it pass, ask once more.
                noise = true;
                self.pause()?;
                self.line.queued = None;
                if self.profile.answers_queued {
                    self.line.send(&ASK_PAPER_QUEUED)?;
                }
                continue;
            }
            if let Some(paper) = self.line.queued.take().and_then(queued_paper) {
                return Ok(outcome(paper));
            }
            if answers {
                self.between_bands(0)?;
            }
        }
        let reason = if noise {
            Unconfirmed::Garbled
        } else if answers {
            Unconfirmed::NoQueuedReply
        } else {
            Unconfirmed::NeverAnswers
        };
        Ok(PrintOutcome::Unconfirmed { reason })
    }

    /// Tells the printer to forget a failed job. What it must not do on missing paper, such as
    /// cutting, is left for [`Driver::settle`].
    fn clear_away(&mut self) -> Result<(), PortError> {
        if !self.debt.clear {
            return Ok(());
        }
        if self.profile.usb_clearing == UsbClearing::SoftReset {
            self.line.soft_reset()?;
        }
        let words = [&CLEAR[..], &INITIALISE].concat();
        self.line.send_within(&words, CLEARING)?;
        self.debt.clear = false;
        Ok(())
    }

    /// On a printer that is well: clears away and cuts off what is left of a failed job, and waits
    /// until replies to its questions have come in, so that they confirm no other job.
    fn settle(&mut self) -> Result<(), PortError> {
        self.clear_away()?;
        if self.debt.soiled {
            let mut words = feed_and_cut(&self.profile);
            if self.profile.answers_queued {
                words.extend(ASK_PAPER_QUEUED);
            }
            self.line.send_within(&words, CLEARING)?;
            self.line.listen(LOOK * 4, |h| h.queued.is_some())?;
            self.line.listen(LOOK, |_| false)?;
            self.debt.soiled = false;
        }
        Ok(())
    }

    fn pause(&mut self) -> Result<(), PortError> {
        self.line.listen(LOOK, |_| false).map(|_| ())
    }
}

fn outcome(paper: PaperState) -> PrintOutcome {
    match paper {
        PaperState::Out => PrintOutcome::Unconfirmed {
            reason: Unconfirmed::PaperEnded,
        },
        paper => PrintOutcome::Confirmed {
            evidence: Evidence::QueuedReply { paper },
        },
    }
}

fn is_silent(status: &DeviceStatus) -> bool {
    matches!(&status.fault, Some(fault) if fault.kind == FaultKind::NoAnswer)
}

#[cfg(test)]
mod tests;

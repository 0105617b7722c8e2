//! What leaves the reader for a request, whatever carries it: the module's answer, and what the
//! faults that were ordered make of it.

use std::time::Duration;

use super::fault::{Cut, Noise};
use super::frame::{Incoming, Request};
use super::module::Answer;
use super::order::Reader;

/// What the module needs for commands that do not read the card.
const SHORT_WORK: Duration = Duration::from_millis(10);

impl Reader {
    /// How long the module is at work on this; `latency` is what reading a card takes.
    pub(super) fn work(&self, incoming: &Incoming, latency: Duration) -> Duration {
        let work = match incoming {
            Incoming::Request(Request { command: 0x30, .. }) => latency,
            _ => SHORT_WORK,
        };
        self.slowed(work)
    }

    /// A time, as long as the faults make it.
    pub(super) fn slowed(&self, time: Duration) -> Duration {
        time.mul_f64(self.module.faults.slowness)
    }

    /// The bytes of the answer; none once the line is cut.
    pub(super) fn answer(
        &mut self,
        incoming: &Incoming,
        rng: &mut fastrand::Rng,
    ) -> Option<Answer> {
        let cut = self.module.faults.cut;
        if cut == Some(Cut::Silent) {
            return None;
        }
        let mut answer = self.module.answer(incoming);
        if cut.is_some() {
            self.module.faults.cut = Some(Cut::Silent);
            answer.bytes.truncate(answer.bytes.len() / 2);
        }
        if let Some(noise) = self.module.faults.noise {
            self.module.faults.noise = (noise.times > 1).then(|| Noise {
                times: noise.times - 1,
                ..noise
            });
            disturb(&mut answer.bytes, noise, rng);
        }
        Some(answer)
    }
}

fn disturb(bytes: &mut Vec<u8>, noise: Noise, rng: &mut fastrand::Rng) {
    if noise.flip && !bytes.is_empty() {
        let at = rng.usize(0..bytes.len());
        bytes[at] ^= 1 << rng.u8(0..8);
    }
    let before: Vec<u8> = std::iter::repeat_with(|| rng.u8(..))
        .take(noise.bytes)
        .collect();
    bytes.splice(0..0, before);
}

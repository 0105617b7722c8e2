//! The orders that a test may give to the reader, and what they change.

use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::{Value, json};

use super::fault::{Cut, Failure, Faults, Noise, RemovalMode};
use super::holder::{Card, check_digit};
use super::module::{Module, Phase};
use crate::plug::Plug;

/// One line on the control socket.
#[derive(Debug, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Order {
    /// Lays a card down.
    Place {
        /// Its name.
        #[serde(default = "default_card")]
        card: String,
    },
    /// Lifts the card.
    Remove {},
    /// Somebody lays a card down, and takes it a while after it was read.
    Visit {
        /// Its name.
        #[serde(default = "default_card")]
        card: String,
        /// Walks away without it.
        #[serde(default)]
        forgets: bool,
    },
    /// Pulls the cable.
    Unplug {},
    /// Puts it in again.
    Plug {},
    /// Makes the next answers fail.
    FailNext {
        /// Status in hexadecimal, for example "41".
        sw3: String,
        /// How many answers; 1 unless told.
        #[serde(default = "once")]
        times: u32,
        /// Only this command, for example "30 01".
        command: Option<String>,
    },
    /// Disturbs the next answers.
    Noise {
        /// Random bytes before the answer.
        #[serde(default = "some_noise")]
        bytes: usize,
        /// Whether to change one byte of the answer too.
        #[serde(default)]
        flip: bool,
        /// How many answers.
        #[serde(default = "once")]
        times: u32,
    },
    /// The card is lifted while the next read is at work.
    LiftMidRead {},
    /// Half of the next answer, then silence.
    Cut {},
    /// Everything is sound again; the card stays.
    Restore {},
    /// Everything takes `factor` times as long.
    Slow {
        /// 1 is sound.
        factor: f64,
    },
    /// The module runs at another rate than before.
    WrongBaud {
        /// Bit/s; 9600 unless told.
        #[serde(default = "slow_line")]
        baud: u32,
    },
    /// What happens between a read and the lifting of the card.
    RemovalMode {
        /// `still-9f` or `80-until-lifted`.
        mode: RemovalMode,
    },
    /// Cards show a wrong check digit.
    BadCheckDigit {},
    /// Cards are out of date.
    Expired {},
    /// Changes nothing; the answer tells how things are.
    State {},
}

fn default_card() -> String {
    "default".into()
}
fn once() -> u32 {
    1
}
fn some_noise() -> usize {
    16
}
fn slow_line() -> u32 {
    9600
}

/// The reader as a whole: module, line and the cards at hand.
pub struct Reader {
    /// The security module.
    pub module: Module,
    /// Cards that can be laid down.
    pub cards: Vec<Card>,
    /// Rate of the module in bit/s.
    pub baud: u32,
    /// Rate that `restore` returns to.
    pub sound_baud: u32,
    /// Rate that the client had last.
    pub client_baud: u32,
    /// The cable.
    pub plug: Plug,
    /// Somebody who takes the card when it was read: how many reads there had been before, and
    /// since when it is read.
    pub takes_card: Option<(u64, Option<Instant>)>,
}

/// How long a person leaves a card on the reader after it was read.
const TAKING: Duration = Duration::from_millis(800);

impl Reader {
    /// Carries out one order.
    ///
    /// # Errors
    /// Says what was wrong with the order.
    pub fn obey(&mut self, order: Order) -> Result<Value, String> {
        match order {
            Order::Place { card } => {
                self.takes_card = None;
                self.place(&card)?;
            }
            Order::Remove {} => {
                self.takes_card = None;
                self.module.remove();
            }
            Order::Visit { card, forgets } => {
                self.place(&card)?;
                let reads = self.module.counters.reads;
                self.takes_card = (!forgets).then_some((reads, None));
            }
            Order::Unplug {} => self.plug.set(false),
            Order::Plug {} => self.plug.set(true),
            Order::FailNext {
                sw3,
                times,
                command,
            } => {
                let failure = Failure {
                    sw3: *hex(&sw3)?.first().ok_or("sw3 is empty")?,
                    times: times.max(1),
                    command: command.as_deref().map(two_bytes).transpose()?,
                };
                self.module.faults.failure = Some(failure);
            }
            Order::Noise { bytes, flip, times } => {
                self.module.faults.noise = Some(Noise {
                    bytes: bytes.min(4096),
                    flip,
                    times,
                });
            }
            Order::LiftMidRead {} => self.module.faults.lift_mid_read = true,
            Order::Cut {} => self.module.faults.cut = Some(Cut::InNextAnswer),
            Order::Restore {} => {
                self.module.faults = Faults::default();
                self.baud = self.sound_baud;
                self.plug.set(true);
            }
            Order::Slow { factor } if (0.01..=100.0).contains(&factor) => {
                self.module.faults.slowness = factor;
            }
            Order::Slow { .. } => return Err("factor must lie between 0.01 and 100".into()),
            Order::WrongBaud { baud } => self.baud = baud.max(1),
            Order::RemovalMode { mode } => self.module.removal = mode,
            Order::BadCheckDigit {} => {
                self.module.faults.bad_check_digit = true;
                self.lay_down_again();
            }
            Order::Expired {} => {
                self.module.faults.expired = true;
                self.lay_down_again();
            }
            Order::State {} => {}
        }
        Ok(self.state())
    }

    fn place(&mut self, card: &str) -> Result<(), String> {
        let found = self.cards.iter().find(|known| known.id == card);
        let card = found
            .cloned()
            .ok_or_else(|| format!("no card is called {card}"))?;
        self.module.place(tampered(card, &self.module.faults));
        Ok(())
    }

    /// What people do by themselves as time passes.
    pub fn live(&mut self, now: Instant) {
        let Some((reads, since)) = self.takes_card else {
            return;
        };
        match since {
            None if self.module.counters.reads > reads => {
                self.takes_card = Some((reads, Some(now)));
            }
            Some(since) if now.saturating_duration_since(since) >= TAKING => {
                self.takes_card = None;
                self.module.remove();
            }
            _ => {}
        }
    }

    /// A fault of the card itself shows at once on the card that already lies there.
    fn lay_down_again(&mut self) {
        if let Some(card) = self.module.card().cloned() {
            self.module.place(tampered(card, &self.module.faults));
        }
    }

    fn state(&self) -> Value {
        let counters = self.module.counters;
        let faults = &self.module.faults;
        json!({
            "card": self.module.card().map(|card| &card.id),
            "cards": self.cards.iter().map(|card| &card.id).collect::<Vec<_>>(),
            "phase": match self.module.phase() {
                Phase::Idle => "idle",
                Phase::Found => "found",
                Phase::Selected => "selected",
            },
            "plugged": self.plug.is_in(),
            "baud": self.baud,
            "client-baud": self.client_baud,
            "removal-mode": self.module.removal,
            "answers": counters.answers,
            "reads": counters.reads,
            "bad-frames": counters.bad_frames,
            "unknown-commands": counters.unknown_commands,
            "ignored-bytes": counters.ignored_bytes,
            "faults": {
                "fail-next": faults.failure.map(|failure| format!("{:02X}", failure.sw3)),
                "noise": faults.noise.is_some(),
                "lift-mid-read": faults.lift_mid_read,
                "cut": faults.cut.is_some(),
                "slow": faults.slowness,
                "bad-check-digit": faults.bad_check_digit,
                "expired": faults.expired,
            },
        })
    }
}

/// The card with the faults of cards.
fn tampered(mut card: Card, faults: &Faults) -> Card {
    if faults.bad_check_digit {
        let number = card.holder.number_mut();
        if let Some(body) = number.get(..17) {
            let wrong = if check_digit(body) == '4' { '5' } else { '4' };
            *number = format!("{body}{wrong}");
        }
    }
    if faults.expired {
        let (from, to) = card.holder.validity_mut();
        *from = "20050601".into();
        *to = "20150601".into();
    }
    card
}

fn two_bytes(text: &str) -> Result<(u8, u8), String> {
    match hex(text)?.as_slice() {
        [command, parameter] => Ok((*command, *parameter)),
        _ => Err(format!("{text} is not a command such as \"30 01\"")),
    }
}

fn hex(text: &str) -> Result<Vec<u8>, String> {
    text.split_whitespace()
        .map(|pair| u8::from_str_radix(pair, 16).map_err(|_| format!("{pair} is not a byte")))
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::id_card::generate;

    fn reader() -> Reader {
        Reader {
            module: Module::new([0; 16], RemovalMode::default()),
            cards: generate::cards(1),
            baud: 115_200,
            sound_baud: 115_200,
            client_baud: 0,
            plug: Plug::new(),
            takes_card: None,
        }
    }

    fn tell(reader: &mut Reader, line: &str) -> Result<Value, String> {
        reader.obey(serde_json::from_str(line).map_err(|error| error.to_string())?)
    }

    #[test]
    fn the_documented_orders_are_understood() {
        let mut reader = reader();
        for line in [
            r#"{"do":"place","card":"default"}"#,
            r#"{"do":"fail-next","sw3":"41","times":1}"#,
            r#"{"do":"fail-next","sw3":"21","command":"30 03"}"#,
            r#"{"do":"noise"}"#,
            r#"{"do":"noise","bytes":3,"flip":true}"#,
            r#"{"do":"lift-mid-read"}"#,
            r#"{"do":"cut"}"#,
            r#"{"do":"slow","factor":3}"#,
            r#"{"do":"wrong-baud"}"#,
            r#"{"do":"removal-mode","mode":"80-until-lifted"}"#,
            r#"{"do":"removal-mode","mode":"still-9f"}"#,
            r#"{"do":"bad-check-digit"}"#,
            r#"{"do":"expired"}"#,
            r#"{"do":"restore"}"#,
            r#"{"do":"remove"}"#,
            r#"{"do":"visit"}"#,
            r#"{"do":"visit","card":"agent","forgets":true}"#,
            r#"{"do":"unplug"}"#,
            r#"{"do":"plug"}"#,
            r#"{"do":"state"}"#,
        ] {
            tell(&mut reader, line).unwrap();
        }
    }

    #[test]
    fn a_visitor_takes_the_card_after_the_reading_and_a_forgetful_one_does_not() {
        let mut reader = reader();
        let start = Instant::now();
        for (forgets, stays) in [(false, false), (true, true)] {
            let line = format!(r#"{{"do":"visit","forgets":{forgets}}}"#);
            tell(&mut reader, &line).unwrap();
            reader.live(start + TAKING * 5);
            assert!(reader.module.card().is_some(), "nothing was read yet");
            reader.module.counters.reads += 1;
            reader.live(start);
            reader.live(start + TAKING);
            assert_eq!(reader.module.card().is_some(), stays);
        }
    }

    #[test]
    fn misspelt_orders_are_refused() {
        let mut reader = reader();
        for line in [
            r#"{"do":"place","card":"nobody"}"#,
            r#"{"do":"plaice"}"#,
            r#"{"do":"fail-next","sw3":"zz"}"#,
            r#"{"do":"slow","factor":0}"#,
            r#"{"do":"noise","byte":3}"#,
            r#"{"do":"remove","card":"default"}"#,
        ] {
            assert!(tell(&mut reader, line).is_err(), "{line}");
        }
    }

    #[test]
    fn a_wrong_check_digit_shows_on_the_card_that_already_lies_there() {
        let mut reader = reader();
        tell(&mut reader, r#"{"do":"place"}"#).unwrap();
        tell(&mut reader, r#"{"do":"bad-check-digit"}"#).unwrap();
        let mut card = reader.module.card().unwrap().clone();
        let number = card.holder.number_mut();
        assert_ne!(number.chars().last().unwrap(), check_digit(&number[..17]));
    }
}

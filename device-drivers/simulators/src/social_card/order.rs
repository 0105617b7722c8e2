//! The orders that a test may give, and what they change.

use serde::Deserialize;
use serde_json::{Value, json};

use super::chip::{Chip, Manner};
use super::records::Card;

/// One line on the control socket.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Order {
    /// A card is put in.
    Put {
        /// Its name.
        card: String,
    },
    /// It is taken out.
    Take {},
    /// Another card takes its place.
    Swap {
        /// The name of the other.
        card: String,
    },
    /// The next commands are answered by a status.
    FailNext {
        /// Four hexadecimal digits.
        sw: String,
        /// How many commands.
        #[serde(default = "once")]
        times: u32,
    },
    /// Taken out at the next READ RECORD.
    LiftMidRead {},
    /// Never answers any more.
    Hang {},
    /// All faults end.
    Restore {},
    /// Changes nothing.
    State {},
}

fn once() -> u32 {
    1
}

/// What happens on the contacts.
#[derive(Debug, PartialEq, Eq)]
pub enum Contact {
    /// The chip's answer.
    Answer(Vec<u8>),
    /// Nothing, ever.
    Silence,
    /// The card is not there any more.
    Gone,
}

/// The slot, and the hand of whoever puts cards in.
#[derive(Debug)]
pub struct Slot {
    cards: Vec<Card>,
    manner: Manner,
    chip: Option<Chip>,
    /// Grows with every card that is put in or taken out, so that the wire notices a swap.
    pub visit: u64,
    status: Option<([u8; 2], u32)>,
    lift: bool,
    hang: bool,
    commands: u64,
    reads: u64,
    forbidden: u64,
}

impl Slot {
    /// An empty slot.
    pub fn new(cards: Vec<Card>, manner: Manner) -> Self {
        Self {
            cards,
            manner,
            chip: None,
            visit: 0,
            status: None,
            lift: false,
            hang: false,
            commands: 0,
            reads: 0,
            forbidden: 0,
        }
    }

    /// Whether a card is in.
    pub fn is_occupied(&self) -> bool {
        self.chip.is_some()
    }

    /// Power comes, or goes.
    pub fn reset(&mut self) {
        if let Some(chip) = &mut self.chip {
            chip.reset();
        }
    }

    /// What the card says after a reset.
    pub fn answer_to_reset(&self) -> Vec<u8> {
        self.chip
            .as_ref()
            .map(Chip::answer_to_reset)
            .unwrap_or_default()
    }

    /// A command arrives at the contacts.
    pub fn command(&mut self, apdu: &[u8]) -> Contact {
        self.commands += 1;
        if self.lift && apdu.get(1) == Some(&0xB2) {
            self.lift = false;
            self.take();
            return Contact::Gone;
        }
        if self.hang {
            return Contact::Silence;
        }
        if let Some((status, times)) = self.status {
            self.status = (times > 1).then(|| (status, times - 1));
            return Contact::Answer(status.to_vec());
        }
        match &mut self.chip {
            Some(chip) => Contact::Answer(chip.answer(apdu)),
            None => Contact::Gone,
        }
    }

    /// Carries an order out.
    ///
    /// # Errors
    /// There is no such card, or the status is none.
    pub fn obey(&mut self, order: Order) -> Result<Value, String> {
        match order {
            Order::Put { card } => self.put(&card)?,
            Order::Take {} => self.take(),
            Order::Swap { card } => {
                self.take();
                self.put(&card)?;
            }
            Order::FailNext { sw, times } => {
                let status = u16::from_str_radix(&sw, 16).map_err(|error| error.to_string())?;
                self.status = Some((status.to_be_bytes(), times));
            }
            Order::LiftMidRead {} => self.lift = true,
            Order::Hang {} => self.hang = true,
            Order::Restore {} => {
                self.status = None;
                self.lift = false;
                self.hang = false;
            }
            Order::State {} => {}
        }
        Ok(self.state())
    }

    fn put(&mut self, name: &str) -> Result<(), String> {
        let card = self.cards.iter().find(|card| card.id == name);
        let card = card.ok_or_else(|| format!("no card {name:?}"))?.clone();
        self.chip = Some(Chip::new(card, self.manner));
        self.visit += 1;
        Ok(())
    }

    fn take(&mut self) {
        if let Some(chip) = self.chip.take() {
            self.reads += chip.reads;
            self.forbidden += chip.forbidden;
        }
        self.visit += 1;
    }

    fn state(&self) -> Value {
        let (reads, forbidden) = self
            .chip
            .as_ref()
            .map_or((0, 0), |chip| (chip.reads, chip.forbidden));
        let names: Vec<_> = self.cards.iter().map(|card| &card.id).collect();
        json!({
            "cards": names,
            "occupied": self.is_occupied(),
            "commands": self.commands,
            "reads": self.reads + reads,
            "forbidden": self.forbidden + forbidden,
        })
    }
}

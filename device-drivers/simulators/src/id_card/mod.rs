//! `jinban-sim-id-card-reader`: a resident identity card reader on a serial line.

mod answering;
pub mod fault;
pub mod frame;
pub mod generate;
pub mod holder;
pub mod layout;
pub mod module;
pub mod order;
pub mod usb;
mod wire;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use clap::Parser;

use crate::control::ControlSocket;
use crate::lifetime::{Lifetime, announce};
use crate::plug::{Plug, Port};
use fault::RemovalMode;
use holder::Card;
use module::Module;
use order::Reader;

/// A resident identity card reader (SAM_V / SDT protocol) on a pseudo-terminal.
///
/// Prints {"port":"/dev/pts/N"} on standard output, then works until SIGTERM or SIGINT.
#[derive(Debug, Parser)]
#[command(name = "jinban-sim-id-card-reader", version, after_help = ORDERS)]
pub struct Options {
    /// Make a symbolic link to the port under this name.
    #[arg(long, value_name = "PATH")]
    pub link: Option<PathBuf>,
    /// Listen for orders on this Unix socket.
    #[arg(long, value_name = "PATH")]
    pub control: Option<PathBuf>,
    /// Rate of the module in bit/s. A client at another rate gets garbage.
    #[arg(long, default_value_t = 115_200)]
    pub baud: u32,
    /// How long the module works before it answers 30 xx, in milliseconds.
    #[arg(long, default_value_t = 600)]
    pub latency_ms: u64,
    /// Take the cards from this JSON file instead of making them up.
    #[arg(long, value_name = "FILE")]
    pub cards: Option<PathBuf>,
    /// Seed from which people and noise are made up.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Lay this card down at the start.
    #[arg(long, value_name = "CARD")]
    pub place: Option<String>,
    /// What happens between a read and the lifting of the card.
    #[arg(long, value_enum, default_value_t)]
    pub removal_mode: RemovalMode,
    /// End together with the process that started this one.
    #[arg(long)]
    pub exit_with_parent: bool,
}

const ORDERS: &str = r#"Orders, one JSON object per line on the control socket; each is answered by one line:
  {"do":"place","card":"default"}     lay a card down ("state" lists the names)
  {"do":"remove"}                     lift it
  {"do":"visit","card":"default"}     somebody lays it down and takes it soon after it was read
  {"do":"visit","card":"default","forgets":true}      and walks away without it
  {"do":"unplug"}  {"do":"plug"}      the cable; a client finds the port gone, and under --link again
  {"do":"fail-next","sw3":"41","times":1,"command":"30 01"}
                                      answer this status; times and command may be left out
  {"do":"noise","bytes":16,"flip":true,"times":1}
                                      random bytes before the answer; flip one of its own
  {"do":"lift-mid-read"}              the card is lifted while the next 30 xx is at work
  {"do":"cut"}                        half of the next answer, then silence
  {"do":"slow","factor":3}            everything takes three times as long
  {"do":"wrong-baud","baud":9600}     the module runs at another rate
  {"do":"removal-mode","mode":"80-until-lifted"}   or "still-9f"
  {"do":"bad-check-digit"}            cards show a number with a wrong check digit
  {"do":"expired"}                    cards are out of date
  {"do":"restore"}                    all faults end; the card stays as it lies
  {"do":"state"}                      how things are"#;

/// A file of cards.
#[derive(serde::Deserialize)]
struct CardFile {
    cards: Vec<Card>,
}

/// Runs the reader until it is told to end.
///
/// # Errors
/// When the port, the link, the control socket or the file of cards cannot be used.
pub fn run(options: &Options) -> io::Result<()> {
    let lifetime = Lifetime::begin(options.exit_with_parent)?;
    let plug = Plug::new();
    let reader = reader(options, plug.clone())?;
    let port = Port::open(options.link.as_deref(), plug)?;
    let _control = control(options, &reader)?;
    announce(port.path().as_deref())?;
    wire::Line::new(
        &port,
        &lifetime,
        &reader,
        Duration::from_millis(options.latency_ms),
        options.seed,
    )
    .serve()
}

/// The reader with its cards, one of them on it if that is wanted.
fn reader(options: &Options, plug: Plug) -> io::Result<Arc<Mutex<Reader>>> {
    let cards = match &options.cards {
        Some(file) => load(file)?,
        None => generate::cards(options.seed),
    };
    let mut reader = Reader {
        module: Module::new(sam_id(options.seed), options.removal_mode),
        cards,
        baud: options.baud,
        sound_baud: options.baud,
        client_baud: 0,
        plug,
        takes_card: None,
    };
    if let Some(card) = options.place.clone() {
        reader
            .obey(order::Order::Place { card })
            .map_err(io::Error::other)?;
    }
    Ok(Arc::new(Mutex::new(reader)))
}

/// The socket for orders, if one is wanted.
fn control(options: &Options, reader: &Arc<Mutex<Reader>>) -> io::Result<Option<ControlSocket>> {
    let serve = |path: &PathBuf| {
        let shared = Arc::clone(reader);
        ControlSocket::serve(path, move |order| {
            shared
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .obey(order)
        })
    };
    options.control.as_ref().map(serve).transpose()
}

/// Reads a file of cards and checks that each fits its layout.
fn load(file: &Path) -> io::Result<Vec<Card>> {
    let text = std::fs::read_to_string(file)?;
    let cards = serde_json::from_str::<CardFile>(&text)?.cards;
    for card in &cards {
        layout::text_block(&card.holder)
            .and_then(|_| {
                card.new_addresses
                    .iter()
                    .try_for_each(|a| layout::address_record(a).map(drop))
            })
            .map_err(|reason| io::Error::other(format!("card {}: {reason}", card.id)))?;
    }
    Ok(cards)
}

/// 05.03-20190115 and two numbers from the seed; with seed 1 the published-style example.
fn sam_id(seed: u64) -> [u8; 16] {
    let mut id = [0; 16];
    id[..4].copy_from_slice(&[5, 0, 3, 0]);
    id[4..8].copy_from_slice(&20_190_115_u32.to_le_bytes());
    id[8..12].copy_from_slice(&(1_234_566 + seed as u32).to_le_bytes());
    id[12..].copy_from_slice(&987_654_321_u32.to_le_bytes());
    id
}

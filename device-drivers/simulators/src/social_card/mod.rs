//! `jinban-sim-social-card`: a social security card in the slot of a virtual PC/SC reader.
//!
//! The reader is `vpcd` of the vsmartcard project, driven by the real `pcscd`; this program is the
//! card only, and speaks vpcd's protocol as a client.

pub mod chip;
pub mod order;
pub mod records;
mod wire;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use clap::Parser;

use crate::control::ControlSocket;
use crate::lifetime::{Lifetime, announce};
use chip::Manner;
use order::{Order, Slot};

/// A social security card for a virtual reader (vpcd of vsmartcard).
///
/// Prints {"port":"HOST:PORT"} on standard output, then works until SIGTERM or SIGINT.
#[derive(Debug, Parser)]
#[command(name = "jinban-sim-social-card", version, after_help = ORDERS)]
pub struct Options {
    /// Where vpcd waits for a card.
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:35963")]
    pub vpcd: String,
    /// Listen for orders on this Unix socket.
    #[arg(long, value_name = "PATH")]
    pub control: Option<PathBuf>,
    /// Put this card in at the start.
    #[arg(long, value_name = "CARD")]
    pub put: Option<String>,
    /// How the chip answers.
    #[arg(long, value_enum, default_value_t)]
    pub manner: Manner,
    /// Seed from which people are made up.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// End together with the process that started this one.
    #[arg(long)]
    pub exit_with_parent: bool,
}

const ORDERS: &str = r#"Orders, one JSON object per line on the control socket; each is answered by one line:
  {"do":"put","card":"default"}       put a card in ("state" lists the names)
  {"do":"take"}                       take it out
  {"do":"swap","card":"neighbour"}    take it out and put another one in, at once
  {"do":"fail-next","sw":"6F00","times":1}
                                      answer this status to the next commands
  {"do":"lift-mid-read"}              the card is taken out at the next READ RECORD
  {"do":"hang"}                       the chip never answers any more
  {"do":"restore"}                    all faults end; the card stays in
  {"do":"state"}                      how things are: commands, reads, and forbidden commands"#;

/// Runs the card until it is told to end.
///
/// # Errors
/// When the control socket cannot be used or the card does not exist.
pub fn run(options: &Options) -> io::Result<()> {
    let lifetime = Lifetime::begin(options.exit_with_parent)?;
    let mut slot = Slot::new(records::cards(options.seed), options.manner);
    if let Some(card) = options.put.clone() {
        slot.obey(Order::Put { card }).map_err(io::Error::other)?;
    }
    let slot = Arc::new(Mutex::new(slot));
    let shared = Arc::clone(&slot);
    let _control = options
        .control
        .as_deref()
        .map(|path| {
            ControlSocket::serve(path, move |order| {
                shared
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .obey(order)
            })
        })
        .transpose()?;
    announce(Some(Path::new(&options.vpcd)))?;
    wire::serve(&options.vpcd, &lifetime, &slot);
    Ok(())
}

//! `jinban-sim-barcode-reader`: a reader of bar codes on a serial line.

pub mod engine;
pub mod order;
pub mod speech;
mod wire;

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use clap::Parser;

use crate::control::ControlSocket;
use crate::lifetime::{Lifetime, announce};
use crate::plug::{Plug, Port};
use engine::{Engine, Looks};
use order::Reader;
use speech::{Speech, Tail};

/// A barcode reader on a pseudo-terminal.
///
/// Prints {"port":"/dev/pts/N"} on standard output, then works until SIGTERM or SIGINT.
#[derive(Debug, Parser)]
#[command(name = "jinban-sim-barcode-reader", version, after_help = ORDERS)]
pub struct Options {
    /// Make a symbolic link to the port under this name.
    #[arg(long, value_name = "PATH")]
    pub link: Option<PathBuf>,
    /// Listen for orders on this Unix socket.
    #[arg(long, value_name = "PATH")]
    pub control: Option<PathBuf>,
    /// Rate in bit/s. A client at another rate gets garbage.
    #[arg(long, default_value_t = 9600)]
    pub baud: u32,
    /// How it speaks.
    #[arg(long, value_enum, default_value_t)]
    pub speech: Speech,
    /// What it sends after each code, unless its packets tell where one ends.
    #[arg(long, value_enum, default_value_t)]
    pub tail: Tail,
    /// When it looks for a code.
    #[arg(long, value_enum, default_value_t)]
    pub looks: Looks,
    /// Seed from which noise is made up.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// End together with the process that started this one.
    #[arg(long)]
    pub exit_with_parent: bool,
}

const ORDERS: &str = r#"Orders, one JSON object per line on the control socket; each is answered by one line:
  {"do":"show","text":"6901234567892"}   hold a code in front of the window
  {"do":"show","text":"社保","gb18030":true}
  {"do":"take-away"}                     nothing in front of the window
  {"do":"fail-next","times":1}           refuse the next commands; times may be left out
  {"do":"noise","bytes":16,"flip":true}  random bytes before what it sends next; flip one of its own
  {"do":"cut"}                           half of what it sends next, then silence
  {"do":"slow","factor":3}               everything takes three times as long
  {"do":"wrong-baud","baud":115200}      it runs at another rate
  {"do":"mute"}                          never says anything any more
  {"do":"lose-acknowledgements","times":1}   does not hear the next ones (SSI)
  {"do":"unplug"}  {"do":"plug"}         the cable; under --link the port comes back
  {"do":"restore"}                       all faults end
  {"do":"state"}                         how things are"#;

/// Runs the reader until it is told to end.
///
/// # Errors
/// When the port, the link or the control socket cannot be used.
pub fn run(options: &Options) -> io::Result<()> {
    let lifetime = Lifetime::begin(options.exit_with_parent)?;
    let plug = Plug::new();
    let port = Port::open(options.link.as_deref(), plug.clone())?;
    let reader = Arc::new(Mutex::new(Reader::new(
        Engine::new(options.speech, options.tail, options.looks),
        options.baud,
        plug,
    )));
    let shared = Arc::clone(&reader);
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
    announce(port.path().as_deref())?;
    wire::Line::new(&port, &lifetime, &reader, options.seed).serve()
}

//! `jinban-sim-receipt-printer`: an ESC/POS receipt printer on a serial line.

pub mod dots;
pub mod engine;
pub mod grammar;
pub mod machine;
pub mod model;
pub mod order;
pub mod paper;
pub mod status;
pub mod symbol;
pub mod text;
pub mod token;
pub mod tokenizer;
pub mod typeface;
mod wire;

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use clap::Parser;

use crate::control::ControlSocket;
use crate::lifetime::{Lifetime, announce};
use crate::plug::{Plug, Port};
use machine::Machine;
use model::Model;
use order::{LineFaults, Printer};
use typeface::Typeface;

/// An ESC/POS receipt printer (203 dpi, cutter, Chinese) on a pseudo-terminal.
///
/// Prints {"port":"/dev/pts/N"} on standard output, then works until SIGTERM or SIGINT.
#[derive(Debug, Parser)]
#[command(name = "jinban-sim-receipt-printer", version, after_help = ORDERS)]
pub struct Options {
    /// Make a symbolic link to the port under this name.
    #[arg(long, value_name = "PATH")]
    pub link: Option<PathBuf>,
    /// Listen for orders on this Unix socket.
    #[arg(long, value_name = "PATH")]
    pub control: Option<PathBuf>,
    /// Write each sheet into this folder, as paper-0001.png and so on.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Rate in bit/s. What comes at another rate is printed as question marks.
    #[arg(long, default_value_t = 115_200)]
    pub baud: u32,
    /// Dots in a row.
    #[arg(long, default_value_t = 576, value_parser = dots)]
    pub dots: usize,
    /// Bytes in the receive buffer.
    #[arg(long, default_value_t = 4096, value_parser = buffer)]
    pub buffer: usize,
    /// Printing speed in millimetres per second.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub speed: u32,
    /// Ask for pauses with XOFF and XON.
    #[arg(long)]
    pub xon_xoff: bool,
    /// Draw text with this font instead of boxes.
    #[arg(long, value_name = "FILE")]
    pub font: Option<PathBuf>,
    /// End together with the process that started this one.
    #[arg(long)]
    pub exit_with_parent: bool,
}

const ORDERS: &str = r#"Orders, one JSON object per line on the control socket; each is answered by one line:
  {"do":"paper-out"}                  no paper under the head
  {"do":"paper-near-end"}             the roll is thin
  {"do":"paper-out-after-rows","rows":300}   the paper ends after 300 more rows of dots
  {"do":"paper-ok"}                   a full roll; what was printed on the old one comes out
  {"do":"cover-open"}  {"do":"cover-close"}
  {"do":"cutter-error","stuck":true}  the cutter jams; unless stuck, DLE ENQ frees it
  {"do":"offline"}                    the on-line button was pressed
  {"do":"mute"}                       answers nothing any more
  {"do":"no-gs-r"}                    does not know GS r
  {"do":"jam"}                        paper is stuck; a person clears it with restore
  {"do":"head-hot"}  {"do":"head-cool"}
  {"do":"fail-next","times":1}        the next answers are not given
  {"do":"noise","bytes":16}           random bytes before the next answer
  {"do":"cut"}                        nothing goes through the cable any more
  {"do":"slow","factor":3}            line and paper take three times as long
  {"do":"wrong-baud","baud":9600}     it runs at another rate
  {"do":"unplug"}  {"do":"plug"}      the cable; under --link the port comes back
  {"do":"restore"}                    everything is sound again, with a full roll
  {"do":"state"}                      how things are"#;

fn dots(text: &str) -> Result<usize, String> {
    match text {
        "384" => Ok(384),
        "512" => Ok(512),
        "576" => Ok(576),
        _ => Err("must be 384, 512 or 576".into()),
    }
}

fn buffer(text: &str) -> Result<usize, String> {
    text.parse()
        .ok()
        .filter(|size| *size >= 64)
        .ok_or_else(|| "must be at least 64".into())
}

/// Runs the printer until it is told to end.
///
/// # Errors
/// When the port, the link, the control socket, the font or the output folder cannot be used.
pub fn run(options: &Options) -> io::Result<()> {
    let lifetime = Lifetime::begin(options.exit_with_parent)?;
    let typeface = match &options.font {
        Some(file) => Typeface::load(file)?,
        None => Typeface::boxes(),
    };
    if let Some(folder) = &options.out {
        std::fs::create_dir_all(folder)?;
    }
    let model = Model {
        dots: options.dots,
        buffer: options.buffer,
        speed_mm: options.speed,
        xon_xoff: options.xon_xoff,
    };
    let plug = Plug::new();
    let port = Port::open(options.link.as_deref(), plug.clone())?;
    let printer = Arc::new(Mutex::new(Printer {
        machine: Machine::new(model, typeface, Instant::now()),
        sheets: Vec::new(),
        client_baud: 0,
        baud: options.baud,
        line: LineFaults::sound(options.baud, options.speed),
        plug,
    }));
    let shared = Arc::clone(&printer);
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
    wire::Line {
        port: &port,
        lifetime: &lifetime,
        printer: &printer,
        out: options.out.as_deref(),
    }
    .serve()
}

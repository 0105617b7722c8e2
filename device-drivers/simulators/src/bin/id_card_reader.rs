//! An identity card reader on a pseudo-terminal.

use std::process::ExitCode;

use clap::Parser;
use jinban_simulators::id_card::{self, Options};

fn main() -> ExitCode {
    match id_card::run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("jinban-sim-id-card-reader: {error}");
            ExitCode::FAILURE
        }
    }
}

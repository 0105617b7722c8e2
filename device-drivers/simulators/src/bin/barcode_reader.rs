//! A barcode reader on a pseudo-terminal.

use std::process::ExitCode;

use clap::Parser;
use jinban_simulators::barcode::{self, Options};

fn main() -> ExitCode {
    match barcode::run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("jinban-sim-barcode-reader: {error}");
            ExitCode::FAILURE
        }
    }
}

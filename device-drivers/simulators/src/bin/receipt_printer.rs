//! A receipt printer on a pseudo-terminal.

use std::process::ExitCode;

use clap::Parser;
use jinban_simulators::printer::{self, Options};

fn main() -> ExitCode {
    match printer::run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("jinban-sim-receipt-printer: {error}");
            ExitCode::FAILURE
        }
    }
}

//! A social security card in a virtual PC/SC reader.

use std::process::ExitCode;

use clap::Parser;
use jinban_simulators::social_card::{self, Options};

fn main() -> ExitCode {
    match social_card::run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("jinban-sim-social-card: {error}");
            ExitCode::FAILURE
        }
    }
}

//! An identity card reader on a USB plug.

use std::process::ExitCode;

use clap::Parser;
use jinban_simulators::id_card::usb::{self, UsbOptions};

fn main() -> ExitCode {
    match usb::run(&UsbOptions::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("jinban-sim-usb-card-reader: {error}");
            ExitCode::FAILURE
        }
    }
}

//! The command line: what a technician or a script asks of this terminal.

mod args;
mod config;
mod devices;
mod exit;
mod guide_text;
mod guides;
mod outbox;
mod status_words;
mod usage;

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};

pub use args::{DemoArgs, RunArgs};
pub use exit::{Exit, Failure, Output};

use args::{Cli, Command};

/// Parses the arguments (the first is the program's name), does what they say, and prints the outcome.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let parsed = Cli::command()
        .try_get_matches_from(arguments)
        .and_then(|matches| Cli::from_arg_matches(&matches));
    let output = match parsed {
        Ok(cli) => run(cli),
        Err(error) => usage::explain(&error),
    };
    output.print()
}

fn run(cli: Cli) -> Output {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => return Failure::unavailable(format!("程序起不来：{error}")).into(),
    };
    let done = runtime.block_on(async {
        match cli.command {
            Command::Guides(args) => guides::run(args, &cli.config).await,
            Command::Devices(args) => devices::run(args, &cli.config).await,
            Command::Outbox(args) => outbox::run(args, &cli.config).await,
            Command::Config(args) => config::run(&args, &cli.config),
        }
    });
    // A device that never answers must not keep the command from ending.
    runtime.shutdown_background();
    done.unwrap_or_else(Output::from)
}

/// Tells the person at the keyboard something while the command is still at work.
fn say(text: &str) {
    // Nobody to tell is no reason to stop.
    let _ = writeln!(io::stderr(), "{text}");
}

#[cfg(test)]
mod tests;

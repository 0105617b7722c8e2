//! The command line: what a technician or a script asks of this terminal.

mod args;
mod audit;
mod bundles;
mod config;
mod demo;
mod devices;
mod exit;
mod guide_text;
mod guides;
mod outbox;
mod run;
mod status_words;
mod usage;

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};

pub use exit::{Exit, Failure, Output};

use args::{Cli, Command, Work};

/// Parses the arguments (the first is the program's name), does what they say, and prints the outcome.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let parsed = Cli::command()
        .try_get_matches_from(arguments)
        .and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) => return usage::explain(&error).print(),
    };
    match cli.command {
        Command::Demo(args) => demo::run(args),
        Command::Run(args) => run::run(args, &cli.config),
        Command::Work(work) => carry_out(work, &cli.config).print(),
    }
}

fn carry_out(work: Work, config: &Path) -> Output {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => return Failure::unavailable(format!("程序起不来：{error}")).into(),
    };
    let done = runtime.block_on(async {
        match work {
            Work::Guides(args) => guides::run(args, config).await,
            Work::Devices(args) => devices::run(args, config).await,
            Work::Outbox(args) => outbox::run(args, config).await,
            Work::Audit(args) => audit::run(&args, config),
            Work::Config(args) => self::config::run(&args, config).await,
        }
    });
    // A device that never answers must not keep the command from ending.
    runtime.shutdown_background();
    done.unwrap_or_else(Output::from)
}

/// What goes wrong is written to standard error for the technician, without personal data.
fn log() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| "warn,jinban=info,winit=error".into());
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .try_init();
}

/// Tells the person at the keyboard something while the command is still at work.
fn say(text: &str) {
    // Nobody to tell is no reason to stop.
    let _ = writeln!(io::stderr(), "{text}");
}

#[cfg(test)]
mod tests;

//! The program: its arguments go to the command line, its exit code comes from there.

use std::process::ExitCode;

fn main() -> ExitCode {
    jinban::cli::main(std::env::args_os())
}

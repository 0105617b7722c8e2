//! Tests that need USB hardware, run in a machine whose hardware is the Linux kernel's own.
//!
//! Each area is a module with a table of tests; a test is a function that panics when it fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod bridge;
mod camera;
mod card_reader;
mod gadget;
mod printer;
mod rules;
mod scanner;
mod simulator;
mod wait;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

/// A test and its name, which says what it holds.
pub type Test = (&'static str, fn());

/// Every area of the laboratory.
const AREAS: [(&str, &[Test]); 5] = [
    ("camera", camera::TESTS),
    ("card_reader", card_reader::TESTS),
    ("printer", printer::TESTS),
    ("rules", rules::TESTS),
    ("scanner", scanner::TESTS),
];

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = AREAS
        .into_iter()
        .flat_map(|(area, tests)| {
            tests
                .iter()
                .map(move |(name, test)| trial(area, name, *test))
        })
        .collect();
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn trial(area: &str, name: &str, test: fn()) -> Trial {
    Trial::test(format!("{area}::{name}"), move || {
        test();
        Ok(())
    })
}

/// Says that a test lacks something. It is then counted as skipped.
pub fn skip(why: &str) {
    println!("\nSKIPPED: {why}");
}

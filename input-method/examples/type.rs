//! Types each argument and prints the first page and the time of the slowest key: `cargo run -p jinban-input --example type -- name:wangguilan db`.

use jinban_input::{Key, Mode, open};
use std::{
    path::Path,
    time::{Duration, Instant},
};

const TRIES: usize = 5;

fn main() -> Result<(), jinban_input::EngineError> {
    let before = resident();
    let start = Instant::now();
    let mut engine = open(Path::new("."))?;
    println!("opened in {:?}", start.elapsed());
    for argument in std::env::args().skip(1) {
        let (mode, letters) = argument.split_once(':').unwrap_or(("text", &argument));
        engine.set_mode(match mode {
            "name" => Mode::Name,
            "address" => Mode::Address,
            "search" => Mode::Search,
            _ => Mode::Text,
        });
        // The best of several tries each: what the engine takes, not what else the machine was doing.
        let mut times = vec![Duration::MAX; letters.chars().count()];
        for _ in 0..TRIES {
            engine.clear();
            for (letter, time) in letters.chars().zip(&mut times) {
                let start = Instant::now();
                engine.key(if letter == '\'' {
                    Key::Separator
                } else {
                    Key::Letter(letter)
                });
                *time = start.elapsed().min(*time);
            }
        }
        let slowest = times.iter().max().copied().unwrap_or_default();
        let shown = engine.state();
        println!(
            "{mode} {} (slowest key {slowest:.1?}): {}",
            shown.preedit,
            shown.candidates.join(" ")
        );
    }
    println!(
        "resident memory: {before} kB before, {} kB after",
        resident()
    );
    Ok(())
}

/// Kilobytes of memory that are really held, 0 where the system does not say.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|l| l.split_whitespace().next())
        .and_then(|n| n.parse().ok())
        .unwrap_or(0)
}

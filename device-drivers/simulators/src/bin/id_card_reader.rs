//! A simulator.
fn main() {}

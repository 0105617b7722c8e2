//! Commands of `jinban-platform` that are more than a line.

pub mod catalogue;

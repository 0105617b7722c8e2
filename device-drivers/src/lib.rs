//! Device layer.

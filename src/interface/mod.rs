//! Everything that is drawn or touched.

pub mod app;
pub mod faults;
pub mod frame;
pub mod input;
pub mod probe;
pub mod screen;
pub mod sheets;
pub mod step;
pub mod theme;
pub mod widget;
pub mod words;

pub use app::{Launch, run};

//! Driver profiles: what one model does differently from the next, as files that a technician can
//! read, add and repair without a new version of the terminal.
//!
//! A profile is a TOML file. It names the model, how it is recognised, and those options in which
//! it departs from what its class takes for granted. Each option bears a mark of how sure we are,
//! so that a technician knows which one to doubt first. The shipped profiles are part of the
//! program; a file of the same name in the site's own folder takes the place of a shipped one.

mod load;
mod matching;
mod model;
mod quirk;
mod schema;
#[cfg(test)]
mod tests;

pub use crate::transport::usb::UsbId;
pub use load::{ProfileProblem, ProfileSet};
pub use matching::{DeviceId, Reason, Sighting, Suggestion};
pub use model::{
    BarcodeReaderOptions, CardReaderOptions, Model, Options, PrinterOptions, Profile, Rule,
};
pub use quirk::{Quirk, Sure};
pub use schema::schema;

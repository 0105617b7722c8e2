//! One file a screen: a struct with its own `Message`, an `update` that returns an event, and a `view`.

pub mod attract;
pub mod bundle;
pub mod document;
pub mod filing;
pub mod goodbye;
pub mod guide;
pub mod guides;
pub mod help;
pub mod home;
pub mod notices;
pub mod paper;
pub mod printing;
pub mod progress;

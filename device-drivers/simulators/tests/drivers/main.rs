//! The terminal's drivers against the simulators: two readings of the same documents meet.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod barcode_reader;
mod card_reader;
#[path = "../common/mod.rs"]
mod common;
#[path = "../common/picture.rs"]
mod picture;
mod printer;
mod probe;
mod social_card;
mod tokens;

use std::time::Duration;

use jinban_devices::status::DeviceStatus;
use tokio::sync::watch;

/// Waits until the status is as wanted.
async fn await_status(
    status: &mut watch::Receiver<DeviceStatus>,
    what: &str,
    wanted: impl Fn(&DeviceStatus) -> bool,
) -> DeviceStatus {
    let changed = status.wait_for(|status| wanted(status));
    if let Ok(reached) = tokio::time::timeout(Duration::from_secs(30), changed).await {
        return reached.unwrap().clone();
    }
    panic!("never came: {what}; last {:?}", *status.borrow());
}

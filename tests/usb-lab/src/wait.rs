//! Waiting for something to become true, and no longer than that.

use std::time::{Duration, Instant};

use jinban_devices::status::DeviceStatus;
use tokio::sync::watch;

/// The longest that anything may take in an emulated machine.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Asks until it holds.
pub fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < deadline, "never came: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Waits until the status is as wanted.
pub async fn status(
    status: &mut watch::Receiver<DeviceStatus>,
    what: &str,
    wanted: impl Fn(&DeviceStatus) -> bool,
) -> DeviceStatus {
    let changed = status.wait_for(|status| wanted(status));
    if let Ok(reached) = tokio::time::timeout(PATIENCE, changed).await {
        return reached.unwrap().clone();
    }
    panic!("never came: {what}; last {:?}", *status.borrow());
}

/// Runs a test that waits on several things at once.
pub fn run(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(test);
}

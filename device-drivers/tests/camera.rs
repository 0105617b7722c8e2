//! A camera that the kernel knows, such as `vivid`, the kernel's own test camera.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::time::{Duration, Instant};

use jinban_devices::camera::{Camera, CameraConfig, CameraError, CameraName, list};
use jinban_devices::status::DeviceState;
use jinban_devices::transport::PortError;

fn camera(timeout: Duration) -> Option<Camera> {
    let Some(found) = list().into_iter().next() else {
        println!("SKIPPED: this machine has no camera (/dev/video*)");
        return None;
    };
    println!("{} at {}", found.name, found.path.display());
    Some(Camera::open(CameraConfig {
        timeout,
        ..CameraConfig::new(CameraName::Path(found.path))
    }))
}

#[tokio::test]
async fn pictures_are_taken_one_after_the_other() {
    let Some(camera) = camera(Duration::from_mins(1)) else {
        return;
    };
    for _ in 0..3 {
        let picture = camera.take().await.unwrap();
        assert!(
            picture.width() >= 320 && picture.height() >= 240,
            "{picture:?}"
        );
        let first = picture.get_pixel(0, 0);
        assert!(
            picture.pixels().any(|pixel| pixel != first),
            "nothing on it"
        );
        assert_eq!(camera.status().borrow().state, DeviceState::Online);
    }
}

#[tokio::test]
async fn a_camera_without_time_says_so_in_time_and_works_afterwards() {
    let Some(hurried) = camera(Duration::ZERO) else {
        return;
    };
    let begun = Instant::now();
    let error = hurried.take().await.unwrap_err();
    assert!(
        matches!(error, CameraError::Port(PortError::TimedOut)),
        "{error:?}"
    );
    assert!(begun.elapsed() < Duration::from_secs(10));
    let patient = camera(Duration::from_mins(1)).unwrap();
    patient.check().await.unwrap();
}

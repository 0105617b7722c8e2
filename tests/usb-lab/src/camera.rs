//! A camera made by the kernel's `vivid`: the node that a driver opens.

use std::path::Path;

use crate::Test;

/// The tests of this area.
pub const TESTS: &[Test] = &[(
    "the_kernels_test_camera_has_a_node",
    the_kernels_test_camera_has_a_node,
)];

fn the_kernels_test_camera_has_a_node() {
    let name = std::fs::read_to_string("/sys/class/video4linux/video0/name").unwrap();
    assert!(name.starts_with("vivid"), "{name}");
    assert!(Path::new("/dev/video0").exists());
}

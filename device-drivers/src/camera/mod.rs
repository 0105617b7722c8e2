//! Document cameras 高拍仪 over V4L2: a picture of what lies below, the sharpest of several.
//!
//! [`FrameSource`] is where pictures come from; `v4l2` is the one that opens `/dev/video*`. `pick`
//! waits for the light to settle and chooses. [`crate::imaging`] finds the page in it.

mod error;
mod frame;
mod handle;
mod pick;
mod v4l2;

pub use error::CameraError;
pub use frame::{Coding, Frame, FrameSource};
pub use handle::{Camera, CameraConfig, CameraName};
pub use v4l2::{FoundCamera, list};

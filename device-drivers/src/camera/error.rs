//! Why there is no picture, and who must act.

use crate::status::{Fault, FaultKind};
use crate::transport::PortError;

/// A camera gave no picture.
#[derive(Debug, thiserror::Error)]
pub enum CameraError {
    /// It cannot be opened, was unplugged, or did not answer in time.
    #[error(transparent)]
    Port(#[from] PortError),
    /// What is there takes no pictures that we can read: neither MJPG nor YUYV.
    #[error("this is no camera for documents ({0})")]
    NotACamera(String),
    /// Picture after picture arrived damaged: mostly a cable or a hub.
    #[error("the camera's pictures are damaged ({0})")]
    Garbled(String),
    /// The operating system's driver did something unheard of.
    #[error("the camera's driver failed ({0})")]
    DriverFailed(String),
}

impl CameraError {
    /// What this says about the device, and who must act.
    pub fn fault(&self) -> Fault {
        match self {
            Self::Port(error) => error.fault(),
            Self::NotACamera(raw) => Fault::new(FaultKind::WrongDevice, raw.as_str()),
            Self::Garbled(raw) => Fault::new(FaultKind::Garbled, raw.as_str()),
            Self::DriverFailed(raw) => Fault::new(FaultKind::Other, raw.as_str()),
        }
    }
}

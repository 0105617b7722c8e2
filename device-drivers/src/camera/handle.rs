//! The terminal's hold on one camera: one picture at a time, and how the device was last seen.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{Mutex, watch};

use super::error::CameraError;
use super::frame::FrameSource;
use super::pick::{Plan, sharpest};
use super::v4l2::{self, V4l2};
use crate::imaging::Page;
use crate::status::{DeviceState, DeviceStatus};
use crate::transport::PortError;

/// Which camera.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CameraName {
    /// The first that is found.
    Auto,
    /// The one with this device file, such as a link in `/dev/v4l/by-id/`.
    Path(PathBuf),
    /// The one that calls itself so, or has this in its name.
    Named(String),
}

impl std::fmt::Display for CameraName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
            Self::Path(path) => write!(f, "{}", path.display()),
            Self::Named(name) => f.write_str(name),
        }
    }
}

impl From<&str> for CameraName {
    fn from(name: &str) -> Self {
        match name {
            "auto" => Self::Auto,
            path if v4l2::is_path(path) => Self::Path(path.into()),
            name => Self::Named(name.to_owned()),
        }
    }
}

/// Which camera, and how it takes pictures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CameraConfig {
    /// Which one.
    pub device: CameraName,
    /// Frames that it may take to get used to the light, at most.
    pub warm_up: u32,
    /// Frames from which the sharpest is kept.
    pub frames: u32,
    /// How long a picture may take.
    pub timeout: Duration,
}

impl CameraConfig {
    /// What suits most cameras.
    pub fn new(device: CameraName) -> Self {
        Self {
            device,
            warm_up: 15,
            frames: 3,
            timeout: Duration::from_secs(20),
        }
    }
}

/// How long a driver may overrun the time before it is given up.
const GRACE: Duration = Duration::from_secs(2);

type Open = dyn Fn() -> Result<Box<dyn FrameSource>, CameraError> + Send + Sync;

/// A handle on a camera.
#[derive(Clone)]
pub struct Camera {
    config: Arc<CameraConfig>,
    open: Arc<Open>,
    turn: Arc<Mutex<()>>,
    status: Arc<watch::Sender<DeviceStatus>>,
}

impl Camera {
    /// Takes a camera into use. Never waits: it is opened for each picture, so that its lamp is
    /// dark in between and another may be plugged in.
    pub fn open(config: CameraConfig) -> Self {
        let device = config.device.clone();
        Self::with_source(config, move || Ok(Box::new(V4l2::open(&device)?)))
    }

    /// A camera whose frames come from elsewhere.
    pub fn with_source(
        config: CameraConfig,
        open: impl Fn() -> Result<Box<dyn FrameSource>, CameraError> + Send + Sync + 'static,
    ) -> Self {
        Self {
            config: Arc::new(config),
            open: Arc::new(open),
            turn: Arc::default(),
            status: Arc::new(watch::channel(DeviceStatus::starting()).0),
        }
    }

    /// How the camera was when last used or checked.
    pub fn status(&self) -> watch::Receiver<DeviceStatus> {
        self.status.subscribe()
    }

    /// Takes a picture of everything that the camera sees.
    ///
    /// # Errors
    /// [`CameraError`] says what is wrong; its fault says who must act. Two seconds after the
    /// configured time at the latest.
    pub async fn take(&self) -> Result<Page, CameraError> {
        let plan = Plan {
            warm_up: self.config.warm_up,
            frames: self.config.frames.max(1),
        };
        self.run(plan).await
    }

    /// Opens the camera and waits for one picture, whatever it shows.
    ///
    /// # Errors
    /// As [`Camera::take`].
    pub async fn check(&self) -> Result<(), CameraError> {
        let plan = Plan {
            warm_up: 0,
            frames: 1,
        };
        self.run(plan).await.map(drop)
    }

    async fn run(&self, plan: Plan) -> Result<Page, CameraError> {
        let _turn = self.turn.lock().await;
        let before = self.status.borrow().fault.clone();
        self.show(DeviceStatus::new(DeviceState::Busy, before));
        let (open, timeout) = (Arc::clone(&self.open), self.config.timeout);
        let deadline = Instant::now() + timeout;
        // The kernel's calls block.
        let work = tokio::task::spawn_blocking(move || sharpest(&mut *open()?, plan, deadline));
        let taken = match tokio::time::timeout(timeout + GRACE, work).await {
            Ok(Ok(taken)) => taken,
            Ok(Err(panicked)) => Err(CameraError::DriverFailed(panicked.to_string())),
            Err(_) => Err(PortError::TimedOut.into()),
        };
        self.show(match &taken {
            Ok(_) => DeviceStatus::new(DeviceState::Online, None),
            Err(error) => DeviceStatus::faulty(error.fault()),
        });
        taken
    }

    fn show(&self, status: DeviceStatus) {
        self.status.send_if_modified(|now| now.adopt(status));
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::super::frame::{Coding, Frame};
    use super::*;
    use crate::status::WhoMustAct;

    struct Grey;

    impl FrameSource for Grey {
        fn frame(&mut self, _deadline: Instant) -> Result<Frame, CameraError> {
            Ok(Frame {
                bytes: vec![128; 64 * 48 * 2].into(),
                coding: Coding::Yuyv {
                    width: 64,
                    height: 48,
                    stride: 128,
                },
            })
        }
    }

    #[tokio::test]
    async fn a_camera_that_comes_back_works_again() {
        let plugged = Arc::new(std::sync::atomic::AtomicBool::new(false));
        let seen = Arc::clone(&plugged);
        let camera = Camera::with_source(CameraConfig::new(CameraName::Auto), move || {
            if seen.load(std::sync::atomic::Ordering::SeqCst) {
                Ok(Box::new(Grey))
            } else {
                Err(PortError::Missing("/dev/video0".into()).into())
            }
        });
        let missing = camera.take().await.unwrap_err();
        assert_eq!(missing.fault().act, WhoMustAct::SiteStaff);
        assert_eq!(camera.status().borrow().state, DeviceState::PoweredOff);

        plugged.store(true, std::sync::atomic::Ordering::SeqCst);
        assert_eq!(camera.take().await.unwrap().dimensions(), (64, 48));
        assert_eq!(camera.status().borrow().state, DeviceState::Online);
        assert!(camera.check().await.is_ok());
    }

    #[tokio::test]
    async fn a_driver_that_panics_is_a_fault_and_not_the_end() {
        let camera = Camera::with_source(CameraConfig::new(CameraName::Auto), || {
            panic!("a frame size that nobody has heard of")
        });
        let error = camera.take().await.unwrap_err();
        assert!(matches!(error, CameraError::DriverFailed(_)), "{error}");
        assert_eq!(error.fault().act, WhoMustAct::Technician);
    }

    #[tokio::test]
    async fn what_is_not_there_is_missing_and_what_is_no_camera_is_not_taken_for_one() {
        let at = |path: &str| Camera::open(CameraConfig::new(CameraName::from(path)));
        let missing = at("/dev/video-that-does-not-exist").take().await;
        let missing = missing.unwrap_err();
        assert!(
            matches!(missing, CameraError::Port(PortError::Missing(_))),
            "{missing:?}"
        );
        let file = at("/dev/null").take().await.unwrap_err();
        assert_eq!(file.fault().act, WhoMustAct::Technician, "{file:?}");
    }
}

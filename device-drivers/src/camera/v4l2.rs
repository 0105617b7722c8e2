//! Cameras as the Linux kernel shows them.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

use linuxvideo::format::{PixFormat, PixelFormat};
use linuxvideo::stream::ReadStream;
use linuxvideo::{BufType, CapabilityFlags, Device};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use zeroize::Zeroizing;

use super::error::CameraError;
use super::frame::{Coding, Frame, FrameSource};
use super::handle::CameraName;
use crate::transport::PortError;

/// Pictures with more pixels are not asked for: 16 million are A3 at 300 dpi.
const MOST_PIXELS: u64 = 16_000_000;

/// A camera that is plugged in.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FoundCamera {
    /// Its device file.
    pub path: PathBuf,
    /// What it calls itself.
    pub name: String,
    /// Where it is plugged in, as the kernel says it.
    pub bus: String,
}

/// The cameras that are plugged in, in the order in which they came. A machine without any gives
/// an empty list.
pub fn list() -> Vec<FoundCamera> {
    let mut numbered: Vec<(u32, PathBuf)> = std::fs::read_dir("/dev")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name();
            let number = name.to_str()?.strip_prefix("video")?.parse().ok()?;
            Some((number, entry.path()))
        })
        .collect();
    numbered.sort();
    // One camera has several files; only one of them gives pictures.
    let cameras = numbered.into_iter().filter_map(|(_, path)| {
        let device = Device::open(&path).ok()?;
        best_format(&device).ok()?;
        let about = device.capabilities().ok()?;
        Some(FoundCamera {
            path,
            name: about.card().to_owned(),
            bus: about.bus_info().to_owned(),
        })
    });
    cameras.collect()
}

/// An open camera.
pub(super) struct V4l2 {
    stream: ReadStream,
    coding: Coding,
}

impl V4l2 {
    pub(super) fn open(name: &CameraName) -> Result<Self, CameraError> {
        let path = resolve(name)?;
        let on_open = |error: io::Error| CameraError::from(PortError::on_open(&error));
        let device = Device::open(&path).map_err(on_open)?;
        let wanted = best_format(&device)?;
        let capture = device.video_capture(wanted).map_err(on_open)?;
        // The driver may have chosen something near.
        let given = capture.format();
        let coding = match given.pixel_format() {
            PixelFormat::MJPG | PixelFormat::JPEG => Coding::Jpeg,
            PixelFormat::YUYV => Coding::Yuyv {
                width: given.width(),
                height: given.height(),
                stride: given.bytes_per_line().max(given.width() * 2),
            },
            other => return Err(CameraError::NotACamera(format!("{other:?}"))),
        };
        let stream = capture.into_stream().map_err(on_open)?;
        Ok(Self { stream, coding })
    }
}

fn resolve(name: &CameraName) -> Result<PathBuf, CameraError> {
    let missing = |what: &str| CameraError::from(PortError::Missing(what.to_owned()));
    match name {
        CameraName::Path(path) => Ok(path.clone()),
        CameraName::Auto => {
            let first = list().into_iter().next();
            first.map(|c| c.path).ok_or_else(|| missing("/dev/video*"))
        }
        CameraName::Named(wanted) => list()
            .into_iter()
            .find(|camera| camera.name.contains(wanted.as_str()))
            .map(|camera| camera.path)
            .ok_or_else(|| missing(wanted)),
    }
}

/// The largest picture that we can read; of equal ones, that which needs less of the cable.
fn best_format(device: &Device) -> Result<PixFormat, CameraError> {
    let can = device
        .capabilities()
        .map_err(|error| PortError::on_open(&error))?
        .device_capabilities();
    if !can.contains(CapabilityFlags::VIDEO_CAPTURE | CapabilityFlags::STREAMING) {
        return Err(CameraError::NotACamera(format!("{can:?}")));
    }
    let offered: Vec<PixelFormat> = device
        .formats(BufType::VIDEO_CAPTURE)
        .filter_map(|format| Some(format.ok()?.pixel_format()))
        .collect();
    let mut best: Option<(u64, PixFormat)> = None;
    for format in [PixelFormat::MJPG, PixelFormat::JPEG, PixelFormat::YUYV] {
        if !offered.contains(&format) {
            continue;
        }
        let Some((width, height)) = largest(device, format) else {
            continue;
        };
        let pixels = u64::from(width) * u64::from(height);
        if best.as_ref().is_none_or(|(most, _)| pixels > *most) {
            best = Some((pixels, PixFormat::new(width, height, format)));
        }
    }
    best.map(|(_, format)| format)
        .ok_or_else(|| CameraError::NotACamera(format!("{offered:?}")))
}

fn largest(device: &Device, format: PixelFormat) -> Option<(u32, u32)> {
    use linuxvideo::format::FrameSizes;
    let fits = |(w, h): &(u32, u32)| u64::from(*w) * u64::from(*h) <= MOST_PIXELS;
    match device.frame_sizes(format).ok()? {
        FrameSizes::Discrete(sizes) => sizes
            .iter()
            .map(|size| (size.width(), size.height()))
            .filter(fits)
            .max_by_key(|(w, h)| u64::from(*w) * u64::from(*h)),
        FrameSizes::Stepwise(sizes) | FrameSizes::Continuous(sizes) => {
            Some((sizes.max_width(), sizes.max_height())).filter(fits)
        }
    }
}

impl FrameSource for V4l2 {
    fn frame(&mut self, deadline: Instant) -> Result<Frame, CameraError> {
        let failed = |error: io::Error| CameraError::from(PortError::on_transfer(&error));
        loop {
            wait(&self.stream, deadline)?;
            let (damaged, bytes) = self
                .stream
                .dequeue(|view| Ok((view.is_error(), Zeroizing::new(view.to_vec()))))
                .map_err(failed)?;
            if !damaged && !bytes.is_empty() {
                return Ok(Frame {
                    bytes,
                    coding: self.coding,
                });
            }
        }
    }
}

/// Waits for a frame, or for the news that there will be none.
fn wait(stream: &ReadStream, deadline: Instant) -> Result<(), CameraError> {
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let timeout = Timespec {
            tv_sec: left.as_secs().try_into().unwrap_or(i64::MAX),
            tv_nsec: left.subsec_nanos().into(),
        };
        let mut fds = [PollFd::new(stream, PollFlags::IN)];
        match poll(&mut fds, Some(&timeout)) {
            Ok(0) => return Err(PortError::TimedOut.into()),
            Ok(_) => return Ok(()),
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(PortError::on_transfer(&error.into()).into()),
        }
    }
}

/// Whether a path could be a camera's.
pub(super) fn is_path(name: &str) -> bool {
    Path::new(name).is_absolute()
}

//! Waits until the light has settled, then keeps the sharpest of several frames.

use std::time::Instant;

use super::error::CameraError;
use super::frame::FrameSource;
use crate::imaging::{Page, sharpness};

/// How a picture is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Plan {
    /// Frames that the camera may take to find its exposure, at most.
    pub warm_up: u32,
    /// Frames to choose from.
    pub frames: u32,
}

/// So many damaged frames are put up with.
const DAMAGED: u32 = 12;
/// The light has settled when frames differ by less than this, of 255.
const SETTLED: f64 = 3.0;

/// Takes the picture.
///
/// # Errors
/// The camera went away, was too slow, or sent nothing but damaged frames.
pub(super) fn sharpest(
    source: &mut dyn FrameSource,
    plan: Plan,
    deadline: Instant,
) -> Result<Page, CameraError> {
    let mut damaged = 0;
    let mut next = || loop {
        let frame = source.frame(deadline)?;
        match frame.decode() {
            Some(page) => return Ok(page),
            None if damaged < DAMAGED => damaged += 1,
            None => return Err(CameraError::Garbled(format!("{frame:?}"))),
        }
    };
    let mut best = next()?;
    let mut before = light(&best);
    for _ in 0..plan.warm_up {
        best = next()?;
        let now = light(&best);
        if (now - before).abs() < SETTLED {
            break;
        }
        before = now;
    }
    let mut most = sharpness(&best).unwrap_or(0.0);
    for _ in 1..plan.frames {
        let page = next()?;
        let sharp = sharpness(&page).unwrap_or(0.0);
        if sharp > most {
            (best, most) = (page, sharp);
        }
    }
    Ok(best)
}

/// Mean brightness, of 255, from about four thousand places.
fn light(page: &Page) -> f64 {
    let step = (page.width() as usize * page.height() as usize / 4096).max(1);
    let (sum, count) = page
        .pixels()
        .step_by(step)
        .fold((0u64, 0u64), |(sum, count), pixel| {
            (sum + u64::from(pixel.0[1]), count + 1)
        });
    sum as f64 / count.max(1) as f64
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use std::time::Duration;

    use zeroize::Zeroizing;

    use super::super::frame::{Coding, Frame};
    use super::*;
    use crate::transport::PortError;

    /// Frames from a list; then the cable is out.
    struct Film(Vec<Frame>);

    impl FrameSource for Film {
        fn frame(&mut self, _deadline: Instant) -> Result<Frame, CameraError> {
            if self.0.is_empty() {
                return Err(PortError::Unplugged("ENODEV".into()).into());
            }
            Ok(self.0.remove(0))
        }
    }

    const SIZE: (u32, u32) = (640, 480);

    /// Stripes whose edges are smeared over so many pixels, at a brightness.
    fn stripes(light: u8, smear: u32) -> Frame {
        let coding = Coding::Yuyv {
            width: SIZE.0,
            height: SIZE.1,
            stride: SIZE.0 * 2,
        };
        let mut bytes = Vec::new();
        for y in 0..SIZE.1 {
            for x in 0..SIZE.0 {
                let wave = |v: u32| {
                    let at = v % 32;
                    let up = at.min(smear) * 100 / smear;
                    let down = at.saturating_sub(16).min(smear) * 100 / smear;
                    up.saturating_sub(down)
                };
                let value = u32::from(light) + u32::midpoint(wave(x), wave(y));
                bytes.extend([value.min(255) as u8, 128]);
            }
        }
        Frame {
            bytes: Zeroizing::new(bytes),
            coding,
        }
    }

    fn broken() -> Frame {
        Frame {
            bytes: Zeroizing::new(vec![1, 2, 3]),
            coding: Coding::Jpeg,
        }
    }

    fn take(frames: Vec<Frame>) -> Result<Page, CameraError> {
        let plan = Plan {
            warm_up: 8,
            frames: 3,
        };
        let deadline = Instant::now() + Duration::from_secs(30);
        sharpest(&mut Film(frames), plan, deadline)
    }

    #[test]
    fn the_sharpest_frame_after_the_light_has_settled_is_kept() {
        let taken = take(vec![
            stripes(20, 1),
            stripes(60, 1),
            stripes(100, 6),
            stripes(101, 8),
            broken(),
            stripes(101, 2),
            stripes(101, 5),
        ])
        .unwrap();
        // The sharp dark frames came before the light had settled.
        assert_eq!(*taken, *stripes(101, 2).decode().unwrap());
    }

    #[test]
    fn light_that_never_settles_does_not_keep_people_waiting() {
        let flicker = (0..20).map(|i| stripes(if i % 2 == 0 { 40 } else { 100 }, 2));
        assert!(take(flicker.collect()).is_ok());
    }

    #[test]
    fn an_unplugged_camera_and_a_broken_cable_are_told_apart() {
        let gone = take(vec![stripes(90, 2)]).unwrap_err();
        let fault = gone.fault();
        assert_eq!(fault.act, crate::status::WhoMustAct::SiteStaff, "{gone}");
        let rubbish = take((0..40).map(|_| broken()).collect()).unwrap_err();
        assert!(matches!(rubbish, CameraError::Garbled(_)), "{rubbish}");
    }
}

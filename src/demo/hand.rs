//! A person's hand and eye on a virtual display: real pointer events, real pictures.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use image::{ImageBuffer, Rgb};
use x11rb::connection::Connection;
use x11rb::protocol::xproto::{self, ConnectionExt as _, ImageFormat};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;

use super::DemoError;
use crate::interface::probe::Seen;

/// How long a person waits for something to appear.
const PATIENCE: Duration = Duration::from_secs(30);
/// Between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(80);

/// The hand, the eye, and the folder for what was seen.
pub struct Hand {
    x11: RustConnection,
    root: xproto::Window,
    display: String,
    size: (u16, u16),
    probe: PathBuf,
    folder: PathBuf,
    taken: usize,
}

impl Hand {
    /// Reaches for `display`; words are found through `probe`, pictures go to `folder`.
    pub fn on(display: &str, probe: &Path, folder: &Path) -> Result<Self, DemoError> {
        let (x11, screen) = x11rb::connect(Some(display)).map_err(|e| DemoError::of("X11", &e))?;
        let screen = &x11.setup().roots[screen];
        let (root, size) = (
            screen.root,
            (screen.width_in_pixels, screen.height_in_pixels),
        );
        Ok(Self {
            x11,
            root,
            size,
            display: display.to_owned(),
            probe: probe.to_owned(),
            folder: folder.to_owned(),
            taken: 0,
        })
    }

    /// Every text on the screen now; none while the program does not answer.
    pub fn look(&self) -> Vec<Seen> {
        let ask = || -> std::io::Result<Vec<Seen>> {
            let mut stream = UnixStream::connect(&self.probe)?;
            stream.set_read_timeout(Some(Duration::from_secs(5)))?;
            stream.write_all(b"texts\n")?;
            let mut line = String::new();
            BufReader::new(stream).read_line(&mut line)?;
            Ok(serde_json::from_str(&line)?)
        };
        ask().unwrap_or_default()
    }

    /// Waits until some text contains `words`.
    pub fn await_text(&self, words: &str) -> Result<Seen, DemoError> {
        self.await_any(&[words])
    }

    /// Waits until some text contains one of these.
    pub fn await_any(&self, any: &[&str]) -> Result<Seen, DemoError> {
        let until = Instant::now() + PATIENCE;
        loop {
            let seen = self.look();
            let found = any.iter().find_map(|words| {
                seen.iter()
                    .find(|s| s.text == *words)
                    .or_else(|| seen.iter().find(|s| s.text.contains(words)))
            });
            if let Some(found) = found {
                return Ok(found.clone());
            }
            if Instant::now() >= until {
                let texts: Vec<_> = seen.into_iter().map(|s| s.text).collect();
                return Err(DemoError::of(
                    "walk",
                    &format!("waited for {any:?}; the screen says {texts:?}"),
                ));
            }
            std::thread::sleep(LOOK_EVERY);
        }
    }

    /// Waits until some text is exactly `words`.
    pub fn await_exact(&self, words: &str) -> Result<(), DemoError> {
        let until = Instant::now() + PATIENCE;
        while !self.sees(words) {
            if Instant::now() >= until {
                return Err(DemoError::of(
                    "walk",
                    &format!("waited for exactly {words:?}"),
                ));
            }
            std::thread::sleep(LOOK_EVERY);
        }
        Ok(())
    }

    /// Waits until no text contains `words` any more.
    pub fn await_gone(&self, words: &str) -> Result<(), DemoError> {
        let until = Instant::now() + PATIENCE;
        while self.look().iter().any(|seen| seen.text.contains(words)) {
            if Instant::now() >= until {
                return Err(DemoError::of("walk", &format!("{words:?} stays")));
            }
            std::thread::sleep(LOOK_EVERY);
        }
        Ok(())
    }

    /// Taps the middle of the text that contains `words`.
    pub fn tap(&self, words: &str) -> Result<(), DemoError> {
        let seen = self.await_text(words)?;
        self.tap_at(seen.x + seen.width / 2.0, seen.y + seen.height / 2.0)
    }

    /// Taps the text that is exactly `words`; for keys.
    pub fn key(&self, words: &str) -> Result<(), DemoError> {
        self.press(words, &self.look())
    }

    /// Types with the on-screen keys, which stay where they are.
    pub fn keys(&self, letters: &str) -> Result<(), DemoError> {
        let seen = self.look();
        letters
            .chars()
            .try_for_each(|letter| self.press(&letter.to_string(), &seen))
    }

    fn press(&self, key: &str, seen: &[Seen]) -> Result<(), DemoError> {
        match seen.iter().rev().find(|s| s.text == key) {
            Some(seen) => self.tap_at(seen.x + seen.width / 2.0, seen.y + seen.height / 2.0),
            None => Err(DemoError::of("walk", &format!("no key {key:?}"))),
        }
    }

    fn pointer(&self, event: u8, detail: u8, x: f32, y: f32) -> Result<(), DemoError> {
        self.x11
            .xtest_fake_input(event, detail, 0, self.root, x as i16, y as i16, 0)
            .map_err(|e| DemoError::of("XTEST", &e))?;
        self.x11.flush().map_err(|e| DemoError::of("XTEST", &e))
    }

    /// A finger's tap: down, a moment, up.
    pub fn tap_at(&self, x: f32, y: f32) -> Result<(), DemoError> {
        self.pointer(xproto::MOTION_NOTIFY_EVENT, 0, x, y)?;
        self.pointer(xproto::BUTTON_PRESS_EVENT, 1, x, y)?;
        std::thread::sleep(Duration::from_millis(40));
        self.pointer(xproto::BUTTON_RELEASE_EVENT, 1, x, y)?;
        std::thread::sleep(Duration::from_millis(40));
        Ok(())
    }

    /// Draws through these points, as a finger writes.
    pub fn draw(&self, points: &[(f32, f32)]) -> Result<(), DemoError> {
        let Some((first, rest)) = points.split_first() else {
            return Ok(());
        };
        self.pointer(xproto::MOTION_NOTIFY_EVENT, 0, first.0, first.1)?;
        self.pointer(xproto::BUTTON_PRESS_EVENT, 1, first.0, first.1)?;
        let mut last = *first;
        for point in rest {
            for step in 1..=6 {
                let part = f32::from(step as u8) / 6.0;
                self.pointer(
                    xproto::MOTION_NOTIFY_EVENT,
                    0,
                    (point.0 - last.0).mul_add(part, last.0),
                    (point.1 - last.1).mul_add(part, last.1),
                )?;
                std::thread::sleep(Duration::from_millis(8));
            }
            last = *point;
        }
        self.pointer(xproto::BUTTON_RELEASE_EVENT, 1, last.0, last.1)?;
        std::thread::sleep(Duration::from_millis(80));
        Ok(())
    }

    /// A picture of the whole screen, numbered and named, once it has settled.
    pub fn picture(&mut self, name: &str) -> Result<PathBuf, DemoError> {
        self.taken += 1;
        let path = self.folder.join(format!("{:02}-{name}.png", self.taken));
        let (width, height) = self.size;
        let data = self.settled()?;
        let mut rgb = ImageBuffer::<Rgb<u8>, Vec<u8>>::new(u32::from(width), u32::from(height));
        for (pixel, bgrx) in rgb.pixels_mut().zip(data.chunks_exact(4)) {
            *pixel = Rgb([bgrx[2], bgrx[1], bgrx[0]]);
        }
        rgb.save(&path)
            .map_err(|e| DemoError::of("screenshot", &e))?;
        Ok(path)
    }

    /// The screen once two looks at it are the same, or after a few seconds as it is.
    fn settled(&self) -> Result<Vec<u8>, DemoError> {
        let (width, height) = self.size;
        let look = || -> Result<Vec<u8>, DemoError> {
            self.x11
                .get_image(ImageFormat::Z_PIXMAP, self.root, 0, 0, width, height, !0)
                .map_err(|e| DemoError::of("screenshot", &e))?
                .reply()
                .map(|image| image.data)
                .map_err(|e| DemoError::of("screenshot", &e))
        };
        let mut last = look()?;
        for _ in 0..12 {
            std::thread::sleep(Duration::from_millis(300));
            let now = look()?;
            if now == last {
                break;
            }
            last = now;
        }
        Ok(last)
    }

    /// Whether some text is exactly `words`.
    pub fn sees(&self, words: &str) -> bool {
        self.look().iter().any(|seen| seen.text == words)
    }

    /// Taps the lowest text that is exactly `words`.
    pub fn tap_last(&self, words: &str) -> Result<(), DemoError> {
        self.await_text(words)?;
        self.key(words)
    }

    /// The display it reaches for.
    pub fn display(&self) -> Option<&str> {
        Some(&self.display)
    }

    /// Its size in pixels.
    pub fn size(&self) -> (u32, u32) {
        (self.size.0.into(), self.size.1.into())
    }
}

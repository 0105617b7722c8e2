//! Pages are found and straightened in pictures that another program (Pillow) drew and warped.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::{Path, PathBuf};
use std::process::Command;

use jinban_devices::imaging::{
    Lens, Outline, Page, PageFlaw, Point, Quad, find_page, prepare, straighten,
};
use serde_json::{Value, json};
use tempfile::TempDir;

const SEED: u64 = 20_261_124;
const PICTURE: (u32, u32) = (1632, 1224);
/// Where Pillow put the marks, as shares of the page.
const MARKS: [(f64, f64); 5] = [
    (0.12, 0.1),
    (0.88, 0.12),
    (0.5, 0.5),
    (0.1, 0.9),
    (0.9, 0.88),
];

/// Numbers from a seed, from 0 to 1.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) as f64 / f64::from(1u32 << 31)
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.roll()
    }
}

struct Scene {
    corners: [(f64, f64); 4],
    table: [u8; 3],
    bright: f64,
    slope: f64,
    blur: f64,
    noise: f64,
}

impl Scene {
    /// An A4 page, turned by so many degrees, its corners moved by up to `bent` of its width.
    fn turned(dice: &mut Dice, degrees: f64, bent: f64) -> Self {
        let height = dice.between(0.62, 0.8) * f64::from(PICTURE.1);
        let width = height / std::f64::consts::SQRT_2;
        let (sin, cos) = degrees.to_radians().sin_cos();
        let middle = (
            f64::from(PICTURE.0) * dice.between(0.42, 0.58),
            f64::from(PICTURE.1) * dice.between(0.48, 0.52),
        );
        let corners = [(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)].map(|(x, y)| {
            let (x, y) = (x * width, y * height);
            let moved = bent * width;
            (
                middle.0 + x * cos - y * sin + dice.between(-moved, moved),
                middle.1 + x * sin + y * cos + dice.between(-moved, moved),
            )
        });
        Self {
            corners,
            table: [92, 70, 52],
            bright: 0.95,
            slope: 0.1,
            blur: 0.6,
            noise: 3.0,
        }
    }

    fn quad(&self) -> Quad {
        Quad::new(self.corners.map(|(x, y)| Point::new(x, y))).unwrap()
    }

    fn value(&self, seed: usize, to: &Path) -> Value {
        json!({
            "to": to, "seed": seed, "picture": PICTURE, "page": [1240, 1754],
            "corners": self.corners, "table": self.table, "bright": self.bright,
            "slope": self.slope, "blur": self.blur, "noise": self.noise,
        })
    }
}

/// Has Pillow draw the scenes; none if it is missing.
fn draw(scenes: &[Scene], folder: &TempDir) -> Option<Vec<PathBuf>> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let paths: Vec<_> = (0..scenes.len())
        .map(|i| folder.path().join(format!("{i}.jpg")))
        .collect();
    let values: Vec<_> = scenes
        .iter()
        .zip(&paths)
        .enumerate()
        .map(|(i, (scene, path))| scene.value(i + 1, path))
        .collect();
    let list = folder.path().join("scenes.json");
    std::fs::write(&list, serde_json::to_vec(&values).unwrap()).unwrap();
    let run = Command::new("python3")
        .arg(here.join("tests/page_finding/scenes.py"))
        .arg(here.join("../assets/fonts/JinbanSans-Regular.otf"))
        .arg(list)
        .output();
    match run {
        Ok(run) if run.status.success() => Some(paths),
        Ok(run) => {
            let reason = String::from_utf8_lossy(&run.stderr).into_owned();
            assert!(reason.contains("ModuleNotFoundError"), "{reason}");
            println!("SKIPPED: Pillow is not installed");
            None
        }
        Err(error) => {
            println!("SKIPPED: no Python: {error}");
            None
        }
    }
}

fn whole(picture: &Page) -> Quad {
    match find_page(picture) {
        Outline::Whole(quad) => quad,
        other => panic!("no page found: {other:?}"),
    }
}

/// How far the middles of the marks are from where they are on the page, in pixels of the page.
fn marks_off(page: &Page) -> f64 {
    let (width, height) = (f64::from(page.width()), f64::from(page.height()));
    MARKS
        .map(|(x, y)| {
            let (x, y) = (x * width, y * height);
            let reach = width * 0.03;
            let (mut sum, mut at) = (0.0, (0.0, 0.0));
            for py in (y - reach) as u32..=(y + reach) as u32 {
                for px in (x - reach) as u32..=(x + reach) as u32 {
                    let ink = 140.0 - f64::from(page.get_pixel(px, py).0[1]);
                    if ink > 0.0 {
                        sum += ink;
                        at.0 += ink * (f64::from(px) + 0.5);
                        at.1 += ink * (f64::from(py) + 0.5);
                    }
                }
            }
            assert!(sum > 0.0, "no mark at {x:.0}, {y:.0}");
            (at.0 / sum - x).hypot(at.1 / sum - y)
        })
        .into_iter()
        .fold(0.0, f64::max)
}

#[test]
fn corners_are_found_within_one_pixel_at_any_angle_and_in_any_light() {
    println!("seed {SEED}");
    let mut dice = Dice(SEED);
    let tables = [[92, 70, 52], [40, 44, 40], [120, 128, 140], [30, 60, 110]];
    let scenes: Vec<_> = (0..20)
        .map(|i| {
            let degrees = dice.between(-32.0, 32.0);
            Scene {
                table: tables[i % tables.len()],
                bright: dice.between(0.6, 1.05),
                slope: dice.between(0.0, 0.35),
                ..Scene::turned(&mut dice, degrees, 0.07)
            }
        })
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let Some(paths) = draw(&scenes, &folder) else {
        return;
    };
    let (mut corners, mut marks) = (Vec::new(), Vec::new());
    for (scene, path) in scenes.iter().zip(paths) {
        let picture = Page::decode(&std::fs::read(path).unwrap()).unwrap();
        let quad = whole(&picture);
        let off = quad.farthest_corner(&scene.quad());
        let page = straighten(&picture, &quad).unwrap();
        corners.push(off);
        marks.push(marks_off(&page));
    }
    corners.sort_by(f64::total_cmp);
    marks.sort_by(f64::total_cmp);
    let (median, worst) = (corners[corners.len() / 2], corners[corners.len() - 1]);
    println!("corners off: median {median:.2} px, worst {worst:.2} px");
    assert!(worst < 1.0);
    let (median, worst) = (marks[marks.len() / 2], marks[marks.len() - 1]);
    println!("marks on the straightened page off: median {median:.2} px, worst {worst:.2} px");
    assert!(worst < 4.0, "{marks:?}");
}

#[test]
fn a_prepared_page_is_evenly_lit_and_what_is_wrong_is_named() {
    let mut dice = Dice(SEED + 1);
    let good = Scene {
        slope: 0.45,
        ..Scene::turned(&mut dice, 7.0, 0.05)
    };
    let smeared = Scene {
        blur: 4.0,
        ..Scene::turned(&mut dice, -5.0, 0.05)
    };
    let mut outside = Scene::turned(&mut dice, 3.0, 0.02);
    for corner in &mut outside.corners {
        corner.1 -= f64::from(PICTURE.1) * 0.3;
    }
    let night = Scene {
        bright: 0.2,
        ..Scene::turned(&mut dice, 3.0, 0.02)
    };
    let folder = tempfile::tempdir().unwrap();
    let Some(paths) = draw(&[good, smeared, outside, night], &folder) else {
        return;
    };
    let seen = |i: usize, kept: &[_]| {
        let picture = Page::decode(&std::fs::read(&paths[i]).unwrap()).unwrap();
        prepare(picture, Lens::Camera, kept)
    };
    let kept = seen(0, &[]);
    assert_eq!(kept.flaw, None, "{kept:?}");
    // Paper at the left rim and at the right rim, where the lamp hardly reached.
    let brightness = |share: f64| {
        let x = (f64::from(kept.page.width()) * share) as u32;
        let mut column: Vec<u8> = (0..kept.page.height())
            .map(|y| kept.page.get_pixel(x, y).0[1])
            .collect();
        column.sort_unstable();
        column[column.len() * 3 / 4]
    };
    let (left, right) = (brightness(0.04), brightness(0.96));
    println!("paper after evening out: {left} at the left, {right} at the right");
    assert!(left.abs_diff(right) < 20 && right > 200, "{left} {right}");
    let seal = kept.page.pixels().filter(|p| p.0[0] > 150 && p.0[1] < 110);
    assert!(seal.count() > 500, "the seal is no longer red");

    assert_eq!(seen(1, &[]).flaw, Some(PageFlaw::Blurred));
    assert_eq!(seen(2, &[]).flaw, Some(PageFlaw::CutOff));
    assert_eq!(seen(3, &[]).flaw, Some(PageFlaw::Dark));
    assert_eq!(seen(0, &[kept.likeness]).flaw, Some(PageFlaw::Duplicate));
}

#[test]
fn a_table_without_a_page_and_a_page_that_fills_the_picture_show_no_edges() {
    let mut dice = Dice(SEED + 2);
    let (w, h) = (f64::from(PICTURE.0), f64::from(PICTURE.1));
    let nothing = Scene {
        corners: [(-9.0, -9.0), (-5.0, -9.0), (-5.0, -5.0), (-9.0, -5.0)],
        ..Scene::turned(&mut dice, 0.0, 0.0)
    };
    let all = Scene {
        corners: [
            (-9.0, -9.0),
            (w + 9.0, -9.0),
            (w + 9.0, h + 9.0),
            (-9.0, h + 9.0),
        ],
        ..Scene::turned(&mut dice, 0.0, 0.0)
    };
    let folder = tempfile::tempdir().unwrap();
    let Some(paths) = draw(&[nothing, all], &folder) else {
        return;
    };
    for path in paths {
        let picture = Page::decode(&std::fs::read(path).unwrap()).unwrap();
        assert_eq!(find_page(&picture), Outline::Unseen);
    }
}

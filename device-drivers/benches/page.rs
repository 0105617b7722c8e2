//! How long it takes to make a page of what a document camera sees, and how much memory.
//!
//! `cargo bench -p jinban-devices --bench page`: a picture of 8 million pixels with an A4 page that
//! lies at an angle; medians, and the most memory that the program ever held.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use jinban_devices::imaging::{
    Lens, Likeness, Outline, Page, encode_within, find_page, prepare, sharpness, straighten,
};

const WIDTH: u32 = 3264;
const HEIGHT: u32 = 2448;

fn main() {
    let picture = scene();
    let Outline::Whole(quad) = find_page(&picture) else {
        panic!("the page of the benchmark is not found");
    };
    let page = straighten(&picture, &quad).unwrap();
    let jpeg = encode_within(&picture, 4_000_000).unwrap().jpeg;
    println!(
        "picture {picture:?}, page {page:?}; memory so far {} MiB",
        most_memory()
    );
    row("decode the JPEG (2000 px)", || Page::decode(&jpeg).unwrap());
    row("find the page", || find_page(&picture));
    row("straighten it", || straighten(&picture, &quad));
    row("find and straighten", || match find_page(&picture) {
        Outline::Whole(quad) => straighten(&picture, &quad),
        _ => None,
    });
    row("sharpness", || sharpness(&page));
    row("likeness", || Likeness::of(&page));
    let (a, b) = (Likeness::of(&page), Likeness::of(&picture));
    row("compare two pages", || a.resemblance(&b));
    row("make it small enough to send", || {
        encode_within(&page, 500_000).unwrap()
    });
    row("all but the decoding", || {
        prepare(picture.clone(), Lens::Camera, &[])
    });
    println!("most memory: {} MiB", most_memory());
}

fn row<T>(name: &str, mut work: impl FnMut() -> T) {
    let mut times: Vec<Duration> = (0..9)
        .map(|_| {
            let begun = Instant::now();
            black_box(work());
            begun.elapsed()
        })
        .collect();
    times.sort();
    println!("{name}: median {:.1?}, fastest {:.1?}", times[4], times[0]);
}

fn most_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib: Option<u64> = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    kib.unwrap_or(0) / 1024
}

/// A page with rows of strokes, turned by 12° on a brown table.
fn scene() -> Page {
    let (sin, cos) = 12f32.to_radians().sin_cos();
    let (half_height, half_width) = (HEIGHT as f32 * 0.36, HEIGHT as f32 * 0.36 / 1.414);
    let mut state = 1u32;
    let mut rgb = Vec::with_capacity((WIDTH * HEIGHT * 3) as usize);
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let noise = (state >> 29) as u8;
            let (dx, dy) = (
                x as f32 - WIDTH as f32 / 2.0,
                y as f32 - HEIGHT as f32 / 2.0,
            );
            let (across, along) = (dx * cos + dy * sin, dy * cos - dx * sin);
            let on_page = across.abs() < half_width && along.abs() < half_height;
            let printed = across.abs() < half_width * 0.8 && along.abs() < half_height * 0.85;
            let (row, column) = ((along + 5000.0) as u32, (across + 5000.0) as u32);
            let stroke = row % 60 < 34 && (column / 5 * 7 + row / 8 * 3) % 5 < 2;
            let colour: [u8; 3] = match (on_page, printed && stroke) {
                (false, _) => [92, 70, 52],
                (true, false) => [228, 226, 220],
                (true, true) => [40, 40, 44],
            };
            rgb.extend(colour.map(|part| part + noise));
        }
    }
    Page::from_rgb(WIDTH, HEIGHT, rgb).unwrap()
}

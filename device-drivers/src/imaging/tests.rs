//! Judgements on drawn pages. Finding a page in a picture is tested against another program's
//! warp, in `tests/page_finding.rs`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use image::{Rgb, RgbImage, imageops};
use proptest::prelude::*;

use super::flaw::examine;
use super::testing::{blank_page, form_page, noise, scanned_again, text_page, write};
use super::*;

const A4: (u32, u32) = (1654, 2339);

fn blurred(page: &Page, sigma: f32) -> Page {
    Page::from(imageops::fast_blur(&**page, sigma))
}

#[test]
fn a_page_with_print_has_no_flaw() {
    for seed in 1..=6 {
        assert_eq!(examine(&text_page(A4.0, A4.1, seed)), None, "seed {seed}");
        assert_eq!(examine(&form_page(A4.0, A4.1, seed)), None, "seed {seed}");
    }
}

#[test]
fn shadows_and_the_colour_of_the_paper_are_not_ink() {
    let mut page = blank_page(A4.0, A4.1);
    let width = page.width();
    for (x, y, pixel) in page.enumerate_pixels_mut() {
        let noise = (x * 7919 + y * 104_729) % 13;
        // A lid's shadow at the rim, and a lamp on one side.
        let light = if x < width / 40 {
            40
        } else {
            170 + 60 * x / width
        };
        *pixel = Rgb([
            (light + noise) as u8,
            (light + noise) as u8,
            (light / 2) as u8,
        ]);
    }
    assert_eq!(examine(&page), Some(PageFlaw::Blank));
    let size = width as f32 / 40.0;
    write(&mut page, "本村村民情况属实特此证明", 400.0, 900.0, size);
    assert_eq!(examine(&page), None);
}

#[test]
fn what_cannot_be_a_page_is_named() {
    assert_eq!(examine(&text_page(150, 210, 1)), Some(PageFlaw::TooSmall));
    assert_eq!(
        examine(&text_page(400, 2300, 1)),
        Some(PageFlaw::WrongShape)
    );
    let mut dark = text_page(800, 1130, 1);
    dark.iter_mut().for_each(|channel| *channel /= 5);
    assert_eq!(examine(&dark), Some(PageFlaw::Dark));
    assert!(Page::decode(b"not a picture").is_err());
}

#[test]
fn sharpness_falls_with_every_bit_of_blur_and_smears_are_refused() {
    for seed in [3, 4] {
        let page = text_page(A4.0, A4.1, seed);
        let measured: Vec<f64> = [0.0, 1.0, 2.0, 3.0, 5.0, 8.0]
            .into_iter()
            .map(|sigma| match sigma {
                0.0 => sharpness(&page).unwrap(),
                _ => sharpness(&blurred(&page, sigma)).unwrap_or(0.0),
            })
            .collect();
        println!("seed {seed}: sharpness at σ 0, 1, 2, 3, 5, 8 px: {measured:.3?}");
        assert!(measured.windows(2).all(|w| w[0] >= w[1]), "{measured:?}");
        assert_eq!(examine(&blurred(&page, 1.0)), None);
        assert_eq!(examine(&blurred(&page, 5.0)), Some(PageFlaw::Blurred));
    }
}

#[test]
fn a_page_that_moved_sideways_is_blurred_too() {
    let page = text_page(A4.0, A4.1, 9);
    let (width, height) = page.dimensions();
    let moved = |length: u32| {
        Page::from(RgbImage::from_fn(width, height, |x, y| {
            let sum = (0..length).fold([0u32; 3], |sum, d| {
                let pixel = page.get_pixel((x + d).min(width - 1), y).0;
                std::array::from_fn(|c| sum[c] + u32::from(pixel[c]))
            });
            Rgb(sum.map(|c| (c / length) as u8))
        }))
    };
    println!(
        "sharpness moved by 2, 6, 14 px: {:.3?}",
        [2, 6, 14].map(|d| sharpness(&moved(d)))
    );
    assert_eq!(examine(&moved(2)), None);
    assert_eq!(examine(&moved(14)), Some(PageFlaw::Blurred));
}

#[test]
fn noise_and_dim_light_are_not_taken_for_blur() {
    let mut page = text_page(A4.0, A4.1, 5);
    let grain = noise(A4.0, A4.1);
    for (channel, grain) in page.iter_mut().zip(grain.iter()) {
        *channel = channel.saturating_sub(60) / 2 + 40 + grain / 24;
    }
    assert_eq!(examine(&page), None);
}

#[test]
fn the_same_page_is_known_again_and_another_with_the_same_form_is_not() {
    let (mut same, mut other): (f64, f64) = (1.0, 0.0);
    for seed in 1..=3u64 {
        for page in [text_page(1000, 1414, seed), form_page(1000, 1414, seed)] {
            let kept = Likeness::of(&page);
            for (degrees, by) in [(0.0, (0, 0)), (0.3, (6, -9)), (-0.3, (-15, 5))] {
                let again = Likeness::of(&scanned_again(&page, degrees, by, seed));
                same = same.min(kept.resemblance(&again));
            }
        }
        let form = Likeness::of(&form_page(1000, 1414, seed));
        for next in seed + 1..=6 {
            let next = Likeness::of(&form_page(1000, 1414, next));
            other = other.max(form.resemblance(&next));
        }
        let page = Likeness::of(&text_page(1000, 1414, seed));
        other = other.max(page.resemblance(&Likeness::of(&text_page(1000, 1414, seed + 9))));
    }
    println!("resemblance of the same page ≥ {same:.3}, of different pages ≤ {other:.3}");
    let page = Likeness::of(&form_page(1000, 1414, 1));
    let again = scanned_again(&form_page(1000, 1414, 1), 0.2, (5, 5), 3);
    assert!(same > 0.8 && other < 0.7, "{same} {other}");
    assert!(page.same_page(&Likeness::of(&again)));
    let blank = Likeness::of(&blank_page(1000, 1414));
    assert!(!blank.same_page(&page));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn lines_that_lie_askew_are_measured(degrees in -8.0..8.0f64, seed in 1u64..50) {
        let page = super::straighten::turned(&text_page(1000, 1414, seed), degrees, 230);
        let measured = skew(&page);
        prop_assert!(measured.is_some_and(|m| (m - degrees).abs() < 0.15), "{measured:?}");
    }

    #[test]
    fn nothing_that_a_picture_holds_causes_a_panic(
        width in 1u32..90, height in 1u32..90, seed in 0usize..256, flat in any::<bool>(),
    ) {
        let page = if flat {
            Page::from(RgbImage::from_pixel(width, height, Rgb([seed as u8; 3])))
        } else {
            noise(width, height)
        };
        for lens in [Lens::Scanner, Lens::Camera] {
            let prepared = prepare(page.clone(), lens, &[]);
            prop_assert!(prepared.page.width() > 0 && prepared.page.height() > 0);
            let again = prepare(page.clone(), lens, &[prepared.likeness]);
            prop_assert!(again.page.width() > 0);
        }
    }
}

#[test]
fn a_dark_picture_on_a_page_is_not_taken_for_the_page_but_a_dark_booklet_is() {
    let mut page = text_page(1000, 1414, 2);
    let mut booklet = blank_page(1000, 1414);
    for y in 500..950 {
        for x in 250..700 {
            page.put_pixel(x, y, Rgb([60, 50, 50]));
            booklet.put_pixel(x, y, Rgb([110, 30, 35]));
        }
    }
    assert_eq!(find_page(&page), Outline::Unseen);
    let Outline::Whole(quad) = find_page(&booklet) else {
        panic!("no booklet");
    };
    let corners = [
        (250.0, 500.0),
        (700.0, 500.0),
        (700.0, 950.0),
        (250.0, 950.0),
    ];
    let known = Quad::new(corners.map(|(x, y)| Point::new(x, y))).unwrap();
    assert!(quad.farthest_corner(&known) < 1.0, "{quad:?}");
}

#[test]
fn a_page_without_lines_is_not_turned() {
    assert_eq!(skew(&blank_page(1000, 1414)), None);
    assert_eq!(skew(&noise(700, 900)), None);
}

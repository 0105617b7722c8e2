//! Pages for tests, drawn in the bundled font from a seed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use ab_glyph::{Font, FontRef, ScaleFont};
use image::{Rgb, RgbImage};

use super::pixels::Page;

const FONT: &[u8] = include_bytes!("../../../assets/fonts/JinbanSans-Regular.otf");
const CHARACTERS: &str = "人民政府村委会证明本申请书姓名性别出生日期住址家庭成员关系户主\
                          土地承包经营权流转合同医疗养老保险参保登记表年月日签字盖章填写说明";

/// Numbers from a seed.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}

pub fn blank_page(width: u32, height: u32) -> Page {
    Page::from(RgbImage::from_pixel(width, height, Rgb([233, 231, 226])))
}

/// A page of lines of print; other words for every seed.
pub fn text_page(width: u32, height: u32, seed: u64) -> Page {
    let mut page = blank_page(width, height);
    let mut dice = Dice::new(seed);
    let size = width as f32 / 40.0;
    let characters: Vec<char> = CHARACTERS.chars().filter(|c| !c.is_whitespace()).collect();
    let mut y = height as f32 * 0.08;
    while y < height as f32 * 0.92 {
        let length = 12 + dice.below(21);
        let line: String = (0..length)
            .map(|_| characters[dice.below(characters.len())])
            .collect();
        if dice.below(6) > 0 {
            write(&mut page, &line, size * 3.5, y, size);
        }
        y += size * 1.7;
    }
    page
}

/// The same printed form for everybody, filled in with words of this seed.
pub fn form_page(width: u32, height: u32, seed: u64) -> Page {
    let mut page = blank_page(width, height);
    let mut dice = Dice::new(seed);
    let size = width as f32 / 32.0;
    let characters: Vec<char> = CHARACTERS.chars().filter(|c| !c.is_whitespace()).collect();
    for row in 0..12 {
        let y = height as f32 * (0.1 + 0.065 * row as f32);
        for x in width / 10..width * 9 / 10 {
            for thick in 0..3 {
                page.put_pixel(x, y as u32 + thick, Rgb([50; 3]));
            }
        }
        let label: String = characters.iter().skip(row * 4).take(4).collect();
        write(&mut page, &label, width as f32 * 0.12, y + size * 0.4, size);
        let answer: String = (0..6 + dice.below(9))
            .map(|_| characters[dice.below(characters.len())])
            .collect();
        write(&mut page, &answer, width as f32 * 0.3, y + size * 0.4, size);
    }
    page
}

pub fn write(page: &mut Page, line: &str, left: f32, top: f32, size: f32) {
    let font = FontRef::try_from_slice(FONT).unwrap();
    let scaled = font.as_scaled(size);
    let mut x = left;
    for c in line.chars() {
        let id = font.glyph_id(c);
        let at = ab_glyph::point(x, top + scaled.ascent());
        x += scaled.h_advance(id);
        let glyph = id.with_scale_and_position(size, at);
        let Some(outline) = font.outline_glyph(glyph) else {
            continue;
        };
        let bounds = outline.px_bounds();
        outline.draw(|dx, dy, ink| {
            let (px, py) = (bounds.min.x as u32 + dx, bounds.min.y as u32 + dy);
            if let Some(pixel) = page.get_pixel_mut_checked(px, py) {
                for channel in &mut pixel.0 {
                    *channel = (f32::from(*channel) * (1.0 - ink * 0.85)) as u8;
                }
            }
        });
    }
}

pub fn noise(width: u32, height: u32) -> Page {
    let mut dice = Dice::new(1);
    Page::from(RgbImage::from_fn(width, height, |_, _| {
        Rgb(std::array::from_fn(|_| dice.below(256) as u8))
    }))
}

/// What another pass over the glass makes of a page: a little turned, moved, darker and noisy.
pub fn scanned_again(page: &Page, degrees: f64, by: (i32, i32), seed: u64) -> Page {
    let mut dice = Dice::new(seed);
    let turned = super::straighten::turned(page, degrees, 230);
    let (width, height) = page.dimensions();
    Page::from(RgbImage::from_fn(width, height, |x, y| {
        let from = |v: u32, by: i32, size: u32| {
            (v.cast_signed() + by).clamp(0, size.cast_signed() - 1) as u32
        };
        let pixel = turned.get_pixel(from(x, by.0, width), from(y, by.1, height));
        Rgb(pixel
            .0
            .map(|c| (u32::from(c) * 93 / 100 + dice.below(9) as u32) as u8))
    }))
}

//! Reads the picture of a sheet back.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    dead_code,
    missing_docs
)]

use std::path::Path;

/// Rows of dots, `true` is black.
pub fn rows(file: &Path) -> Vec<Vec<bool>> {
    let mut decoder =
        png::Decoder::new(std::io::BufReader::new(std::fs::File::open(file).unwrap()));
    decoder.set_transformations(png::Transformations::IDENTITY);
    let mut reader = decoder.read_info().unwrap();
    let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut bytes).unwrap();
    assert_eq!(info.bit_depth, png::BitDepth::One);
    let width = info.width as usize;
    bytes[..info.buffer_size()]
        .chunks(width.div_ceil(8))
        .map(|row| {
            (0..width)
                .map(|x| row[x / 8] & 0x80 >> (x % 8) == 0)
                .collect()
        })
        .collect()
}

/// Rows without the white ones above and below.
pub fn inked(rows: &[Vec<bool>]) -> &[Vec<bool>] {
    let black = |row: &Vec<bool>| row.contains(&true);
    match (rows.iter().position(black), rows.iter().rposition(black)) {
        (Some(first), Some(last)) => &rows[first..=last],
        _ => &[],
    }
}

//! Pages as PWG Raster (PWG 5102.4), which every IPP Everywhere printer takes.

use zeroize::Zeroizing;

use super::Page;

const SYNC: &[u8; 4] = b"RaS2";
/// Bytes of a page header.
const HEADER: usize = 1796;

/// Offsets in the page header (PWG 5102.4, table 6), in bytes.
mod at {
    pub const RASTER: usize = 0;
    pub const RESOLUTION: usize = 276;
    pub const COPIES: usize = 340;
    pub const PAGE_SIZE: usize = 352;
    pub const WIDTH: usize = 372;
    pub const HEIGHT: usize = 376;
    pub const BITS_PER_COLOUR: usize = 384;
    pub const BITS_PER_PIXEL: usize = 388;
    pub const BYTES_PER_LINE: usize = 392;
    pub const COLOUR_SPACE: usize = 400;
    pub const COLOURS: usize = 420;
    pub const PAGES: usize = 452;
    pub const CROSS_FEED: usize = 456;
    pub const FEED: usize = 460;
    pub const BOX_RIGHT: usize = 472;
    pub const BOX_BOTTOM: usize = 476;
    pub const SIZE_NAME: usize = 1732;
}

/// `sGray` with 8 bits a pixel.
const SGRAY: u32 = 18;

/// All pages as one document.
pub(super) fn encode(pages: &[Page]) -> Zeroizing<Vec<u8>> {
    let mut document = Zeroizing::new(SYNC.to_vec());
    for page in pages {
        document.extend_from_slice(&header(page, pages.len()));
        rows(page, &mut document);
    }
    document
}

fn header(page: &Page, pages: usize) -> [u8; HEADER] {
    let mut header = [0; HEADER];
    let mut text =
        |at: usize, text: &str| header[at..at + text.len()].copy_from_slice(text.as_bytes());
    text(at::RASTER, "PwgRaster");
    text(at::SIZE_NAME, "iso_a4_210x297mm");
    let mut number =
        |at: usize, number: u32| header[at..at + 4].copy_from_slice(&number.to_be_bytes());
    let points = |pixels: u32| pixels * 72 / page.dpi().max(1);
    number(at::RESOLUTION, page.dpi());
    number(at::RESOLUTION + 4, page.dpi());
    number(at::COPIES, 1);
    number(at::PAGE_SIZE, points(page.width()));
    number(at::PAGE_SIZE + 4, points(page.height()));
    number(at::WIDTH, page.width());
    number(at::HEIGHT, page.height());
    number(at::BITS_PER_COLOUR, 8);
    number(at::BITS_PER_PIXEL, 8);
    number(at::BYTES_PER_LINE, page.width());
    number(at::COLOUR_SPACE, SGRAY);
    number(at::COLOURS, 1);
    number(at::PAGES, pages as u32);
    number(at::CROSS_FEED, 1);
    number(at::FEED, 1);
    number(at::BOX_RIGHT, page.width());
    number(at::BOX_BOTTOM, page.height());
    header
}

/// Rows that are alike are sent once with their number; within a row, runs.
fn rows(page: &Page, document: &mut Vec<u8>) {
    let mut rows = page.rows().peekable();
    while let Some(row) = rows.next() {
        let mut more = 0;
        while more < 255 && rows.next_if(|next| *next == row).is_some() {
            more += 1;
        }
        document.push(more);
        runs(row, document);
    }
}

/// Up to 128 equal bytes as their number less one and the byte; up to 128 others as 257 less their number, and they.
fn runs(row: &[u8], document: &mut Vec<u8>) {
    let mut at = 0;
    while at < row.len() {
        let rest = &row[at..(at + 128).min(row.len())];
        let alike = rest.iter().take_while(|byte| **byte == rest[0]).count();
        if alike > 1 || rest.len() == 1 {
            document.extend([(alike - 1) as u8, rest[0]]);
            at += alike;
            continue;
        }
        let single = rest
            .windows(2)
            .take_while(|pair| pair[0] != pair[1])
            .count();
        // The last byte stands alone when nothing follows that it equals.
        let single = if single + 1 == rest.len() {
            rest.len()
        } else {
            single
        };
        if single == 1 {
            document.extend([0, rest[0]]);
        } else {
            document.push((257 - single) as u8);
            document.extend_from_slice(&rest[..single]);
        }
        at += single;
    }
}

//! ESC/POS as a pure function: what the bytes of one token mean, once they are all there.

use super::token::{Align, Command, Correction, ImageHead, Qr, RealTime};

const DLE: u8 = 0x10;
const ESC: u8 = 0x1B;
const FS: u8 = 0x1C;
const GS: u8 = 0x1D;

/// What a run of bytes is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Head {
    /// The beginning of something; more bytes are needed.
    More,
    /// A byte of text.
    Text(u8),
    /// A whole command.
    Command(Command),
    /// The head of a picture, whose data follows.
    Image(ImageHead),
    /// A whole real-time command.
    RealTime(RealTime),
    /// Nothing that this printer knows; all bytes up to here belong to it.
    Unknown,
}

/// Judges `bytes`, which begin at the start of a token. Never needs to look behind its end.
pub fn head(bytes: &[u8]) -> Head {
    match *bytes {
        [] | [DLE | ESC | FS | GS] => Head::More,
        [0x09] => Head::Command(Command::Tab),
        [0x0A] => Head::Command(Command::LineFeed),
        [0x0D] => Head::Command(Command::CarriageReturn),
        [byte] if byte < 0x20 || byte == 0x7F => Head::Unknown,
        [byte] => Head::Text(byte),
        [DLE, ..] => real_time(&bytes[1..]),
        [ESC, code, ref parameters @ ..] => escape(code, parameters),
        [FS, code, ref parameters @ ..] => chinese(code, parameters),
        [GS, code, ref parameters @ ..] => group(code, parameters),
        _ => Head::Unknown,
    }
}

fn real_time(bytes: &[u8]) -> Head {
    const CLEAR: [u8; 9] = [0x14, 8, 1, 3, 20, 1, 6, 2, 8];
    match *bytes {
        [0x04 | 0x05 | 0x14] | [0x14, 1] | [0x14, 1, _] => Head::More,
        [0x04, n @ 1..=4] => Head::RealTime(RealTime::Status(n)),
        [0x05, 1] => Head::RealTime(RealTime::Recover),
        [0x05, 2] => Head::RealTime(RealTime::RecoverAndClear),
        [0x14, 1, 0 | 1, 1..=8] => Head::RealTime(RealTime::Drawer),
        _ if bytes == CLEAR => Head::RealTime(RealTime::Clear),
        _ if CLEAR.starts_with(bytes) => Head::More,
        _ => Head::Unknown,
    }
}

fn escape(code: u8, parameters: &[u8]) -> Head {
    let wanted = match code {
        b'@' | b'2' | b'i' | b'm' => 0,
        b'3' | b'd' | b'J' | b'a' | b'!' | b'E' | b'G' | b'-' | b'M' | b't' | b'R' | b' '
        | b'{' | b'V' | b'=' => 1,
        b'$' | b'\\' | b'c' => 2,
        b'p' => 3,
        b'*' => return column_image(parameters),
        b'D' => return tabs(parameters),
        _ => return Head::Unknown,
    };
    if parameters.len() < wanted {
        return Head::More;
    }
    Head::Command(match (code, parameters) {
        (b'@', _) => Command::Initialise,
        (b'2', _) => Command::LineSpacing(None),
        (b'i' | b'm', _) => Command::Cut(0),
        (b'3', [n]) => Command::LineSpacing(Some(*n)),
        (b'd', [n]) => Command::FeedLines(*n),
        (b'J', [n]) => Command::FeedDots(*n),
        (b'a', [0 | b'0']) => Command::Align(Align::Left),
        (b'a', [1 | b'1']) => Command::Align(Align::Centre),
        (b'a', [2 | b'2']) => Command::Align(Align::Right),
        (b'!', [n]) => Command::Mode(*n),
        (b'E' | b'G', [n]) => Command::Bold(n & 1 == 1),
        (b'-', [n @ (0..=2 | b'0'..=b'2')]) => Command::Underline(n & 3),
        (b'M', [n @ (0 | 1 | b'0' | b'1')]) => Command::FontB(n & 1 == 1),
        (b' ', [n]) => Command::CharacterSpacing(*n),
        (b'$', [low, high]) => Command::AbsolutePosition(u16::from_le_bytes([*low, *high])),
        (b'\\', [low, high]) => Command::RelativePosition(i16::from_le_bytes([*low, *high])),
        (b'p', [0 | 1 | b'0' | b'1', _, _]) => Command::Drawer,
        // Settings that would change the paper in ways that are not drawn here are known only
        // in their idle value.
        (b't', _) | (b'R' | b'{' | b'V', [0]) | (b'=', [1]) | (b'c', [b'3'..=b'5', _]) => {
            Command::Accepted
        }
        _ => return Head::Unknown,
    })
}

fn chinese(code: u8, parameters: &[u8]) -> Head {
    let wanted = match code {
        b'&' | b'.' => 0,
        // FS C selects a Japanese code system; Chinese models do not know it.
        b'!' | b'-' | b'W' | b'C' => 1,
        b'S' => 2,
        _ => return Head::Unknown,
    };
    if parameters.len() < wanted {
        return Head::More;
    }
    Head::Command(match (code, parameters) {
        (b'&', _) => Command::Chinese(true),
        (b'.', _) => Command::Chinese(false),
        (b'!', [n]) => Command::ChineseMode(*n),
        (b'-', [n @ (0..=2 | b'0'..=b'2')]) => Command::ChineseUnderline(n & 3),
        (b'W', [n]) => Command::ChineseQuadruple(n & 1 == 1),
        (b'S', [left, right]) => Command::ChineseSpacing(*left, *right),
        _ => return Head::Unknown,
    })
}

fn group(code: u8, parameters: &[u8]) -> Head {
    let wanted = match (code, parameters) {
        (b'v', _) => return raster(parameters),
        (b'(', _) => return extended(parameters),
        (b'8', _) => return large_graphics(parameters),
        (b'k', _) => return barcode(parameters),
        (b'V', [65 | 66, ..]) | (b'L' | b'W' | b'P', _) => 2,
        (b'!' | b'B' | b'V' | b'h' | b'w' | b'H' | b'f' | b'r' | b'a' | b'I' | b'b', _) => 1,
        _ => return Head::Unknown,
    };
    if parameters.len() < wanted {
        return Head::More;
    }
    Head::Command(match (code, parameters) {
        (b'!', [n]) if n & 0x88 == 0 => Command::Size((n >> 4) + 1, (n & 7) + 1),
        (b'B', [n]) => Command::Reverse(n & 1 == 1),
        (b'L', [low, high]) => Command::LeftMargin(u16::from_le_bytes([*low, *high])),
        (b'W', [low, high]) => Command::AreaWidth(u16::from_le_bytes([*low, *high])),
        (b'V', [0 | 1 | b'0' | b'1']) => Command::Cut(0),
        (b'V', [65 | 66, n]) => Command::Cut(*n),
        (b'h', [n @ 1..=255]) => Command::BarcodeHeight(*n),
        (b'w', [n @ 2..=6]) => Command::BarcodeModule(*n),
        (b'r', [n @ (1 | 2 | b'1' | b'2')]) => Command::QueuedStatus(n & 3),
        (b'a', [n]) => Command::AutomaticStatus(*n),
        (b'I', [n @ (1..=3 | b'1'..=b'3')]) => Command::Identity(n & 3),
        (b'I', [n @ 65..=69]) => Command::Identity(*n),
        (b'H', [0 | b'0']) | (b'f', [0 | 1 | b'0' | b'1']) | (b'b', [_]) | (b'P', [0, 0]) => {
            Command::Accepted
        }
        (b'H', [1..=3 | b'1'..=b'3']) => Command::Accepted,
        _ => return Head::Unknown,
    })
}

/// GS v 0
fn raster(parameters: &[u8]) -> Head {
    match *parameters {
        [
            b'0',
            m @ (0..=3 | b'0'..=b'3'),
            x_low,
            x_high,
            y_low,
            y_high,
        ] => {
            let stride = usize::from(u16::from_le_bytes([x_low, x_high]));
            let height = usize::from(u16::from_le_bytes([y_low, y_high]));
            if stride == 0 || height == 0 {
                return Head::Unknown;
            }
            let wide = 1 + usize::from(m & 1);
            let high = 1 + usize::from(m >> 1 & 1);
            Head::Image(ImageHead {
                stored: false,
                stride,
                height,
                wide,
                high,
            })
        }
        [] | [b'0'] | [b'0', 0..=3 | b'0'..=b'3', ..] => Head::More,
        _ => Head::Unknown,
    }
}

/// GS ( with any letter: two bytes of length, then as much data.
fn extended(parameters: &[u8]) -> Head {
    let [family, low, high, data @ ..] = parameters else {
        return Head::More;
    };
    let length = usize::from(u16::from_le_bytes([*low, *high]));
    if *family == b'L' && data.len() >= 10 && data[1] == 0x70 {
        return store_graphics(&data[..10], length);
    }
    if data.len() < length {
        return Head::More;
    }
    match (family, data) {
        (b'L', [b'0', 2 | 50]) => Head::Command(Command::PrintGraphics),
        (b'k', [b'1', rest @ ..]) => qr(rest),
        _ => Head::Unknown,
    }
}

/// GS 8 L: four bytes of length.
fn large_graphics(parameters: &[u8]) -> Head {
    match *parameters {
        [] | [b'L'] | [b'L', _] | [b'L', _, _] | [b'L', _, _, _] => Head::More,
        [b'L', a, b, c, d, ref data @ ..] => {
            let length = u32::from_le_bytes([a, b, c, d]) as usize;
            match data.len() {
                0..10 => Head::More,
                _ => store_graphics(&data[..10], length),
            }
        }
        _ => Head::Unknown,
    }
}

/// Function 112: one colour of raster graphics for the print buffer.
fn store_graphics(data: &[u8], length: usize) -> Head {
    let [
        b'0',
        0x70,
        b'0',
        wide @ (1 | 2),
        high @ (1 | 2),
        b'1',
        x_low,
        x_high,
        y_low,
        y_high,
    ] = *data
    else {
        return Head::Unknown;
    };
    let stride = usize::from(u16::from_le_bytes([x_low, x_high])).div_ceil(8);
    let height = usize::from(u16::from_le_bytes([y_low, y_high]));
    if stride == 0 || height == 0 || length != 10 + stride * height {
        return Head::Unknown;
    }
    Head::Image(ImageHead {
        stored: true,
        stride,
        height,
        wide: usize::from(wide),
        high: usize::from(high),
    })
}

fn qr(function: &[u8]) -> Head {
    Head::Command(Command::Qr(match *function {
        [65, 50, 0] => Qr::Model2,
        [67, n @ 1..=16] => Qr::ModuleSize(n),
        [69, b'0'] => Qr::Correction(Correction::L),
        [69, b'1'] => Qr::Correction(Correction::M),
        [69, b'2'] => Qr::Correction(Correction::Q),
        [69, b'3'] => Qr::Correction(Correction::H),
        [80, b'0', ref data @ ..] if !data.is_empty() => Qr::Store(data.to_vec()),
        [81, b'0'] => Qr::Print,
        _ => return Head::Unknown,
    }))
}

/// GS k: types 0 to 6 end with NUL, 65 to 73 tell their length.
fn barcode(parameters: &[u8]) -> Head {
    match parameters {
        [] | [65..=73] => Head::More,
        [0..=6, data @ .., 0] => Head::Command(Command::Barcode(data.to_vec())),
        [0..=6, data @ ..] if data.len() < 256 => Head::More,
        [65..=73, length, data @ ..] if data.len() < usize::from(*length) => Head::More,
        [65..=73, _, data @ ..] => Head::Command(Command::Barcode(data.to_vec())),
        _ => Head::Unknown,
    }
}

/// ESC *: columns of 8 or 24 dots.
fn column_image(parameters: &[u8]) -> Head {
    let [mode, rest @ ..] = parameters else {
        return Head::More;
    };
    let (tall, wide, high) = match mode {
        0 => (false, 2, 3),
        1 => (false, 1, 3),
        32 => (true, 2, 1),
        33 => (true, 1, 1),
        _ => return Head::Unknown,
    };
    let [low, columns_high, data @ ..] = rest else {
        return Head::More;
    };
    let columns = usize::from(u16::from_le_bytes([*low, *columns_high]));
    if data.len() < columns * if tall { 3 } else { 1 } {
        return Head::More;
    }
    Head::Command(Command::ColumnImage {
        tall,
        wide,
        high,
        data: data.to_vec(),
    })
}

/// ESC D: up to 32 positions, ended by NUL. Tabs stay every eight columns here.
fn tabs(parameters: &[u8]) -> Head {
    match parameters {
        [.., 0] => Head::Command(Command::Accepted),
        _ if parameters.len() > 32 => Head::Unknown,
        _ => Head::More,
    }
}

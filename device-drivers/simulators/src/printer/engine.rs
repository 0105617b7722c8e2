//! Carries out tokens: keeps the modes and turns text, pictures and codes into rows of dots.

use super::dots::Dots;
use super::symbol::{QrSettings, bars};
use super::text::{DEFAULT_SPACING, Line, Style};
use super::token::{Command, ImageHead, Qr, Token};
use super::typeface::Typeface;

/// What the mechanism has to do, in this order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Work {
    /// Print one row.
    Row(Vec<u8>),
    /// Feed without printing.
    Feed(usize),
    /// Cut.
    Cut,
    /// Drawer pulse.
    Drawer,
    /// Answer GS r.
    QueuedStatus(u8),
    /// Change what is reported by itself.
    AutomaticStatus(u8),
    /// Answer GS I.
    Identity(u8),
}

/// What happened that a careful sender would have avoided.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Blemishes {
    /// Rows of pictures wider than the paper.
    pub clipped_rows: u64,
    /// Commands that belong at the start of a line and came in the middle.
    pub misplaced: u64,
    /// Characters that this printer's character set lacks.
    pub unprintable: u64,
    /// Codes that could not be made of their contents.
    pub failed_symbols: u64,
}

/// The state of the formatter.
pub struct Engine {
    dots: usize,
    typeface: Typeface,
    style: Style,
    line: Line,
    lead: Option<u8>,
    image: Option<Image>,
    graphics: Option<Dots>,
    qr: QrSettings,
    barcode: (usize, usize),
    /// What a careful sender would have avoided.
    pub blemishes: Blemishes,
}

struct Image {
    head: ImageHead,
    rows: Vec<Vec<u8>>,
}

impl Engine {
    /// A formatter for paper of `dots` in its power-up state.
    pub fn new(dots: usize, typeface: Typeface) -> Self {
        Self {
            dots,
            typeface,
            style: Style::default(),
            line: Line::default(),
            lead: None,
            image: None,
            graphics: None,
            qr: QrSettings::default(),
            barcode: (162, 3),
            blemishes: Blemishes::default(),
        }
    }

    /// Forgets the unfinished line and picture, as after a clearing of the buffers.
    pub fn clear(&mut self) {
        self.line = Line::default();
        self.lead = None;
        self.image = None;
        self.graphics = None;
    }

    /// Carries out one token.
    pub fn execute(&mut self, token: Token) -> Vec<Work> {
        match token {
            Token::Text(byte) => self.text(byte),
            Token::Image(head) => {
                let before = self.start_of_line();
                self.image = Some(Image {
                    head,
                    rows: Vec::new(),
                });
                before
            }
            Token::ImageRow(row) => self.image_row(row),
            Token::Unknown(_) => Vec::new(),
            Token::Command(command) => {
                self.lead = None;
                self.command(command)
            }
        }
    }

    fn command(&mut self, command: Command) -> Vec<Work> {
        match command {
            Command::LineFeed => return self.end_line(1),
            Command::FeedLines(n) => return self.end_line(usize::from(n)),
            Command::FeedDots(n) => return self.feed(usize::from(n)),
            Command::Tab => {
                let cell = if self.style.font_b { 9 } else { 12 } * 8;
                self.line.cursor = (self.line.cursor / cell + 1) * cell;
            }
            Command::Initialise => {
                self.clear();
                self.style = Style::default();
                self.qr = QrSettings::default();
            }
            Command::PrintGraphics => {
                let stored = self.graphics.take();
                return self.picture(stored);
            }
            Command::ColumnImage {
                tall,
                wide,
                high,
                data,
            } => {
                let columns = column_image(tall, &data).enlarged(wide, high);
                return self.set(columns);
            }
            Command::Qr(function) => return self.qr(function),
            Command::BarcodeHeight(n) => self.barcode.0 = usize::from(n),
            Command::BarcodeModule(n) => self.barcode.1 = usize::from(n),
            Command::Barcode(data) => {
                let (height, module) = self.barcode;
                return self.picture(Some(bars(&data, module, height)));
            }
            Command::Cut(feed) => {
                let mut work = self.start_of_line();
                work.extend([Work::Feed(usize::from(feed)), Work::Cut]);
                return work;
            }
            Command::Drawer => return vec![Work::Drawer],
            Command::QueuedStatus(n) => return vec![Work::QueuedStatus(n)],
            Command::AutomaticStatus(mask) => return vec![Work::AutomaticStatus(mask)],
            Command::Identity(n) => return vec![Work::Identity(n)],
            Command::CarriageReturn | Command::Accepted => {}
            style => self.restyle(&style),
        }
        Vec::new()
    }

    fn restyle(&mut self, command: &Command) {
        let style = &mut self.style;
        match *command {
            Command::LineSpacing(n) => style.line_spacing = n.map_or(DEFAULT_SPACING, usize::from),
            Command::Align(align) if self.line.is_empty() => style.align = align,
            Command::Align(_) => self.blemishes.misplaced += 1,
            Command::Size(wide, high) => {
                (style.wide, style.high) = (usize::from(wide), usize::from(high));
            }
            Command::Mode(n) => {
                style.font_b = n & 1 != 0;
                style.bold = n & 8 != 0;
                style.high = if n & 0x10 == 0 { 1 } else { 2 };
                style.wide = if n & 0x20 == 0 { 1 } else { 2 };
                style.underline = usize::from(n >> 7);
            }
            Command::Bold(on) => style.bold = on,
            Command::Underline(n) => style.underline = usize::from(n),
            Command::Reverse(on) => style.reverse = on,
            Command::FontB(on) => style.font_b = on,
            Command::LeftMargin(n) => style.left_margin = usize::from(n).min(self.dots),
            Command::AreaWidth(n) => style.area_width = usize::from(n).max(1),
            Command::AbsolutePosition(n) => self.line.cursor = usize::from(n).min(self.dots),
            Command::RelativePosition(n) => {
                let there = self.line.cursor.saturating_add_signed(isize::from(n));
                self.line.cursor = there.min(self.dots);
            }
            Command::CharacterSpacing(n) => style.spacing = usize::from(n),
            Command::Chinese(on) => style.chinese = on,
            Command::ChineseMode(n) => {
                let times = |bit: u8| if n & bit == 0 { 1 } else { 2 };
                style.chinese_size = (times(4), times(8));
                style.chinese_underline = usize::from(n >> 7);
            }
            Command::ChineseUnderline(n) => style.chinese_underline = usize::from(n),
            Command::ChineseQuadruple(on) => {
                style.chinese_size = if on { (2, 2) } else { (1, 1) };
            }
            Command::ChineseSpacing(left, right) => {
                style.chinese_spacing = (usize::from(left), usize::from(right));
            }
            _ => {}
        }
    }

    fn text(&mut self, byte: u8) -> Vec<Work> {
        if let Some(lead) = self.lead.take() {
            // Two-byte GBK only: the second half of a four-byte code is a digit.
            let pair = [lead, byte];
            let (text, failed) = encoding_rs::GBK.decode_without_bom_handling(&pair);
            let character = text.chars().next().filter(|_| !failed && byte >= 0x40);
            self.blemishes.unprintable += u64::from(character.is_none());
            let cell = self
                .style
                .wide(&self.typeface, character.unwrap_or('\u{FFFD}'));
            return self.set(cell);
        }
        if self.style.chinese && (0x81..=0xFE).contains(&byte) {
            self.lead = Some(byte);
            return Vec::new();
        }
        let character = if byte.is_ascii() {
            char::from(byte)
        } else {
            '\u{FFFD}'
        };
        let cell = self.style.latin(&self.typeface, character);
        self.set(cell)
    }

    /// Puts a cell on the line, or on the next one when this is full.
    fn set(&mut self, cell: Dots) -> Vec<Work> {
        let full = self.line.cursor + cell.width() > self.style.width(self.dots);
        let work = if full && !self.line.is_empty() {
            self.end_line(1)
        } else {
            Vec::new()
        };
        self.line.push(cell);
        work
    }

    /// Prints the line and moves on by `lines` times the line spacing.
    fn end_line(&mut self, lines: usize) -> Vec<Work> {
        let spacing = self.style.line_spacing * lines;
        self.feed(spacing)
    }

    /// Prints the line, so that paper moves by `distance`, or by the line if that is higher.
    fn feed(&mut self, distance: usize) -> Vec<Work> {
        let rows = self.line.compose(&self.style, self.dots);
        let left = distance.saturating_sub(rows.height());
        let mut work: Vec<Work> = rows.rows().map(|row| Work::Row(row.to_vec())).collect();
        work.push(Work::Feed(left));
        work
    }

    /// Makes sure that a line begins here.
    fn start_of_line(&mut self) -> Vec<Work> {
        if self.line.is_empty() {
            return Vec::new();
        }
        self.blemishes.misplaced += 1;
        self.end_line(1)
    }

    fn image_row(&mut self, row: Vec<u8>) -> Vec<Work> {
        let Some(image) = &mut self.image else {
            return Vec::new();
        };
        let head = image.head;
        if head.stored {
            image.rows.push(row);
            if image.rows.len() == head.height {
                self.graphics = Some(Dots::from_rows(&image.rows).enlarged(head.wide, head.high));
                self.image = None;
            }
            return Vec::new();
        }
        self.strip(&Dots::from_rows(&[row]).enlarged(head.wide, head.high))
    }

    fn qr(&mut self, function: Qr) -> Vec<Work> {
        match function {
            Qr::Model2 => {}
            Qr::ModuleSize(n) => self.qr.module = usize::from(n),
            Qr::Correction(level) => self.qr.correction = level,
            Qr::Store(data) => self.qr.data = data,
            Qr::Print => return self.picture(self.qr.draw()),
        }
        Vec::new()
    }

    /// Prints a finished picture at the start of a line.
    fn picture(&mut self, picture: Option<Dots>) -> Vec<Work> {
        let Some(picture) = picture else {
            self.blemishes.failed_symbols += 1;
            return Vec::new();
        };
        let mut work = self.start_of_line();
        work.extend(self.strip(&picture));
        work
    }

    fn strip(&mut self, picture: &Dots) -> Vec<Work> {
        let indent = self.style.indent(picture.width(), self.dots);
        if indent + picture.width() > self.dots {
            self.blemishes.clipped_rows += picture.height() as u64;
        }
        let mut strip = Dots::white(self.dots, picture.height());
        strip.draw(picture, indent, 0);
        strip.rows().map(|row| Work::Row(row.to_vec())).collect()
    }
}

/// Columns of ESC * as rows.
fn column_image(tall: bool, data: &[u8]) -> Dots {
    let bytes = if tall { 3 } else { 1 };
    let mut dots = Dots::white(data.len() / bytes, bytes * 8);
    for (x, column) in data.chunks_exact(bytes).enumerate() {
        for y in (0..bytes * 8).filter(|y| column[y / 8] & 0x80 >> (y % 8) != 0) {
            dots.blacken(x, y);
        }
    }
    dots
}

#[cfg(test)]
#[path = "engine_tests.rs"]
mod tests;

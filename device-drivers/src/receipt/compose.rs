//! Measures blocks and puts each of their lines, codes and rules at its place on the paper.

use zeroize::Zeroizing;

use super::flow;
use super::font::{Fonts, Style};
use super::paper::Medium;
use super::styles::Styles;
use super::{Bitmap, Block, LayoutError, Receipt, RuleStyle, ValueAlign, code};

/// Something with a place on the paper, in dots from the top left corner.
pub(super) enum Item {
    Line {
        text: Zeroizing<String>,
        style: Style,
        x: u32,
        top: u32,
        /// Black, or white on black.
        ink: bool,
    },
    Fill {
        x: u32,
        y: u32,
        width: u32,
        height: u32,
    },
    Picture {
        picture: Bitmap,
        x: u32,
        y: u32,
    },
}

impl Item {
    /// From its highest dot to below its lowest one.
    pub fn rows(&self) -> std::ops::Range<u32> {
        match self {
            Self::Line { style, top, .. } => *top..top + style.line_height(),
            Self::Fill { y, height, .. } => *y..y + height,
            Self::Picture { picture, y, .. } => *y..y + picture.height(),
        }
    }
}

enum Align {
    Left,
    Centre,
    Right,
}

/// Places blocks from top to bottom.
pub(super) struct Composer<'c, 'f> {
    fonts: &'c mut Fonts<'f>,
    paper: Medium,
    styles: Styles,
    /// White at both sides, since paper never runs quite straight.
    margin: u32,
    items: Vec<Item>,
    y: u32,
}

impl<'c, 'f> Composer<'c, 'f> {
    pub fn new(fonts: &'c mut Fonts<'f>, paper: Medium, styles: Styles) -> Self {
        Self {
            fonts,
            paper,
            styles,
            margin: paper.dots_in(1.0),
            items: Vec::new(),
            y: 0,
        }
    }

    /// What was placed, and how long the paper has to be.
    pub fn finish(self) -> (Vec<Item>, u32) {
        (self.items, self.y.max(1))
    }

    pub fn receipt(&mut self, receipt: &Receipt) -> Result<(), LayoutError> {
        let mut column = None;
        for (at, block) in receipt.blocks.iter().enumerate() {
            if matches!(
                block,
                Block::Row {
                    align: ValueAlign::Left,
                    ..
                }
            ) {
                // The first of a run of neighbours measures the column for all of them.
                column.get_or_insert_with(|| self.shared_column(&receipt.blocks[at..]));
            } else {
                column = None;
            }
            self.block(block, column.unwrap_or_default())?;
        }
        Ok(())
    }

    fn block(&mut self, block: &Block, column: u32) -> Result<(), LayoutError> {
        let gap = self.paper.dots_in(1.0);
        match block {
            Block::Title(text) => {
                self.paragraph(text, self.styles.title, &Align::Centre);
                self.y += gap;
            }
            Block::Heading(text) => {
                self.y += gap;
                self.paragraph(text, self.styles.heading, &Align::Left);
            }
            Block::Text(text) => self.paragraph(text, self.styles.text, &Align::Left),
            Block::Small(text) => self.paragraph(text, self.styles.small, &Align::Left),
            Block::Banner(text) => self.banner(text),
            Block::Row {
                label,
                value,
                align: ValueAlign::Right,
            } => self.row_to_the_edge(label, value),
            Block::Row {
                label,
                value,
                align: ValueAlign::Left,
            } => self.row_in_columns(label, value, column),
            Block::Rule(style) => self.rule(*style),
            Block::Space(millimetres) => self.y += self.paper.dots_in(f32::from(*millimetres)),
            Block::Qr { data, size } => {
                let side = self.paper.dots_in(size.millimetres());
                let picture =
                    code::draw(data, side, self.paper.dots).ok_or(LayoutError::CodeTooLong)?;
                self.picture(picture);
            }
            Block::Image(picture) => {
                if picture.width() > self.paper.dots {
                    return Err(LayoutError::PictureTooWide {
                        width: picture.width(),
                    });
                }
                self.picture(picture.clone());
            }
        }
        Ok(())
    }

    fn inner_width(&self) -> u32 {
        self.paper.dots - 2 * self.margin
    }

    fn wrap(&mut self, text: &str, style: Style, width: u32) -> Vec<Zeroizing<String>> {
        wiped(flow::lines(text, width, |c| self.fonts.advance(c, style)))
    }

    fn wrap_evenly(&mut self, text: &str, style: Style, width: u32) -> Vec<Zeroizing<String>> {
        wiped(flow::balanced(text, width, |c| {
            self.fonts.advance(c, style)
        }))
    }

    /// Sets lines below each other and returns where the last one ends.
    fn column(
        &mut self,
        lines: Vec<Zeroizing<String>>,
        style: Style,
        align: &Align,
        (x, width): (u32, u32),
        top: u32,
        ink: bool,
    ) -> u32 {
        let mut top = top;
        for text in lines {
            let free = width.saturating_sub(self.fonts.width(&text, style));
            let indent = match align {
                Align::Left => 0,
                Align::Centre => free / 2,
                Align::Right => free,
            };
            self.items.push(Item::Line {
                text,
                style,
                x: x + indent,
                top,
                ink,
            });
            top += style.line_height();
        }
        top
    }

    fn paragraph(&mut self, text: &str, style: Style, align: &Align) {
        let place = (self.margin, self.inner_width());
        let lines = match align {
            Align::Centre => self.wrap_evenly(text, style, place.1),
            Align::Left | Align::Right => self.wrap(text, style, place.1),
        };
        self.y = self.column(lines, style, align, place, self.y, true);
    }

    fn banner(&mut self, text: &str) {
        let style = self.styles.banner;
        let padding = self.paper.dots_in(1.5);
        self.y += padding;
        let place = (self.margin + padding, self.inner_width() - 2 * padding);
        let lines = self.wrap_evenly(text, style, place.1);
        let height = lines.len() as u32 * style.line_height() + 2 * padding;
        self.items.push(Item::Fill {
            x: 0,
            y: self.y,
            width: self.paper.dots,
            height,
        });
        let top = self.y + padding;
        self.column(lines, style, &Align::Centre, place, top, false);
        self.y += height + padding;
    }

    /// The value at the right edge, beside the label if it fits there, else below it.
    fn row_to_the_edge(&mut self, label: &str, value: &str) {
        let (name, bold) = (self.styles.text, self.styles.value);
        let (left, width) = (self.margin, self.inner_width());
        let taken = self.fonts.width(label, name) + name.em / 2;
        let one_line = !value.contains('\n') && taken + self.fonts.width(value, bold) <= width;
        if one_line || taken <= width * 45 / 100 {
            let place = (left + taken, width - taken);
            let lines = self.wrap(value, bold, place.1);
            let below = self.column(lines, bold, &Align::Right, place, self.y, true);
            let label = vec![Zeroizing::new(label.to_owned())];
            let label_end = self.column(label, name, &Align::Left, (left, width), self.y, true);
            self.y = below.max(label_end);
        } else {
            self.paragraph(label, name, &Align::Left);
            self.paragraph(value, bold, &Align::Right);
        }
    }

    fn row_in_columns(&mut self, label: &str, value: &str, column: u32) {
        let (name, bold) = (self.styles.text, self.styles.value);
        let (left, width) = (self.margin, self.inner_width());
        let labels = self.wrap(label, name, column - name.em / 2);
        let values = self.wrap(value, bold, width - column);
        let place = (left, column);
        let label_end = self.column(labels, name, &Align::Left, place, self.y, true);
        let place = (left + column, width - column);
        let value_end = self.column(values, bold, &Align::Left, place, self.y, true);
        self.y = label_end.max(value_end);
    }

    /// Where values begin in this run of rows: after the longest label, within reason.
    fn shared_column(&mut self, blocks: &[Block]) -> u32 {
        let style = self.styles.text;
        let mut widest = 0;
        for block in blocks {
            match block {
                Block::Row {
                    label,
                    align: ValueAlign::Left,
                    ..
                } => {
                    for line in label.lines() {
                        widest = widest.max(self.fonts.width(line, style));
                    }
                }
                _ => break,
            }
        }
        (widest + style.em / 2).min(self.inner_width() * 45 / 100)
    }

    fn rule(&mut self, style: RuleStyle) {
        let (gap, thick) = (self.paper.dots_in(1.5), 3);
        let (from, to) = (self.margin, self.paper.dots - self.margin);
        self.y += gap;
        let (dash, step) = match style {
            RuleStyle::Solid => (to - from, to - from),
            RuleStyle::Dashed => (10, 16),
        };
        for x in (from..to).step_by(step as usize) {
            self.items.push(Item::Fill {
                x,
                y: self.y,
                width: dash.min(to - x),
                height: thick,
            });
        }
        self.y += thick + gap;
    }

    fn picture(&mut self, picture: Bitmap) {
        let gap = self.paper.dots_in(1.0);
        let height = picture.height();
        self.items.push(Item::Picture {
            x: (self.paper.dots - picture.width()) / 2,
            y: self.y + gap,
            picture,
        });
        self.y += height + 2 * gap;
    }
}

fn wiped(lines: Vec<String>) -> Vec<Zeroizing<String>> {
    lines.into_iter().map(Zeroizing::new).collect()
}

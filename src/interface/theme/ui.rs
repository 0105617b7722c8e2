//! How large a millimetre is here, which way the panel stands, and what the person asked for.

use iced::Size;

use super::Palette;

/// 字大小: text scale the person chose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum TextScale {
    /// 标准.
    #[default]
    Standard,
    /// 大字.
    Large,
    /// 特大.
    Larger,
    /// 超大.
    Largest,
}

impl TextScale {
    /// Smallest first.
    pub const ALL: [Self; 4] = [Self::Standard, Self::Large, Self::Larger, Self::Largest];

    /// Factor on every type role.
    pub fn factor(self) -> f32 {
        match self {
            Self::Standard => 1.0,
            Self::Large => 1.15,
            Self::Larger => 1.3,
            Self::Largest => 1.5,
        }
    }
}

/// 高对比: which set of colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Contrast {
    /// The calm public look.
    #[default]
    Standard,
    /// Black, white and yellow.
    High,
}

impl Contrast {
    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Self::Standard => Self::High,
            Self::High => Self::Standard,
        }
    }
}

/// 低位模式: how high a person can reach.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// The whole panel.
    #[default]
    Full,
    /// The lower 60 % of a portrait panel.
    Low,
}

impl Reach {
    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Self::Full => Self::Low,
            Self::Low => Self::Full,
        }
    }
}

/// Which way the panel stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Taller than wide: one column.
    Portrait,
    /// Wider than tall: two columns, the keyboard beside the form.
    Landscape,
}

/// Part of a landscape panel's width that the keyboard takes.
pub const KEYBOARD_SHARE: f32 = 0.52;

/// Everything a view needs to know to draw itself; cheap to copy.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ui {
    /// Window size in logical pixels.
    pub window: Size,
    /// Logical pixels in a millimetre.
    pub px_per_mm: f32,
    /// Text scale.
    pub scale: TextScale,
    /// Reach.
    pub reach: Reach,
    /// Which colours.
    pub contrast: Contrast,
}

impl Ui {
    /// For a panel of `long_mm` × `short_mm` (either way round) shown in a window of `window` pixels.
    pub fn new(window: Size, long_mm: f32, short_mm: f32) -> Self {
        let long = window.width.max(window.height);
        let short = window.width.min(window.height);
        let px_per_mm = (long / long_mm.max(1.0))
            .min(short / short_mm.max(1.0))
            .max(0.5);
        Self {
            window,
            px_per_mm,
            scale: TextScale::default(),
            reach: Reach::default(),
            contrast: Contrast::default(),
        }
    }

    /// The same wishes in a window of another size.
    pub fn resized(self, window: Size, long_mm: f32, short_mm: f32) -> Self {
        Self {
            scale: self.scale,
            reach: self.reach,
            contrast: self.contrast,
            ..Self::new(window, long_mm, short_mm)
        }
    }

    /// Which way the panel stands.
    pub fn shape(&self) -> Shape {
        if self.window.width > self.window.height {
            Shape::Landscape
        } else {
            Shape::Portrait
        }
    }

    /// Colours in force.
    pub fn palette(&self) -> Palette {
        match self.contrast {
            Contrast::Standard => Palette::STANDARD,
            Contrast::High => Palette::HIGH_CONTRAST,
        }
    }

    /// For the bars that are always the same: they have a fixed place, so their text grows one step at most.
    #[must_use]
    pub fn chrome(&self) -> Self {
        Self {
            scale: match self.scale {
                TextScale::Standard => TextScale::Standard,
                _ => TextScale::Large,
            },
            ..*self
        }
    }

    /// A length in pixels.
    pub fn mm(&self, millimetres: f32) -> f32 {
        millimetres * self.px_per_mm
    }

    /// A length that grows with the text.
    pub fn text_mm(&self, millimetres: f32) -> f32 {
        self.mm(millimetres) * self.scale.factor()
    }

    /// Margin at the panel's edges.
    pub fn margin(&self) -> f32 {
        self.mm(12.0)
    }

    /// Between cards.
    pub fn gap(&self) -> f32 {
        self.mm(5.5)
    }

    /// Inside a card.
    pub fn pad(&self) -> f32 {
        self.mm(9.5)
    }

    /// Between a label and what it labels.
    pub fn tight(&self) -> f32 {
        self.mm(2.5)
    }

    /// Height of an ordinary button or field; well above the 15 mm a finger needs.
    pub fn touch(&self) -> f32 {
        self.mm(27.0)
    }

    /// Corner radius of cards.
    pub fn corner(&self) -> f32 {
        self.mm(5.5)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_millimetre_is_the_same_whichever_way_the_panel_is_turned() {
        let portrait = Ui::new(Size::new(1080.0, 1920.0), 476.0, 268.0);
        let landscape = Ui::new(Size::new(1920.0, 1080.0), 476.0, 268.0);
        assert!((portrait.px_per_mm - 4.03).abs() < 0.01);
        assert!((landscape.px_per_mm - portrait.px_per_mm).abs() < f32::EPSILON);
        assert_eq!(portrait.shape(), Shape::Portrait);
        assert_eq!(landscape.shape(), Shape::Landscape);
    }

    #[test]
    fn a_degenerate_window_still_has_a_size() {
        let ui = Ui::new(Size::new(0.0, 0.0), 0.0, 0.0);
        assert!(ui.mm(1.0) > 0.0);
    }

    #[test]
    fn buttons_are_never_smaller_than_a_finger_needs() {
        let ui = Ui::new(Size::new(1280.0, 800.0), 476.0, 268.0);
        assert!(ui.touch() >= ui.mm(15.0));
    }
}

//! Semantic colours: a screen says what a thing means, never which colour it has.

use iced::Color;

/// One complete set of colours. Contrast of `text` on `ground` and `surface` is above 10:1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Palette {
    /// Behind everything.
    pub ground: Color,
    /// Cards, bars, fields.
    pub surface: Color,
    /// The keyboard's bed.
    pub tray: Color,
    /// Main words.
    pub text: Color,
    /// Explaining words.
    pub text_soft: Color,
    /// Words in an empty field.
    pub text_faint: Color,
    /// Thin lines between rows.
    pub line: Color,
    /// Edges of fields and secondary buttons.
    pub edge: Color,
    /// The one primary action, and where one is.
    pub primary: Color,
    /// A primary thing while it is pressed.
    pub primary_pressed: Color,
    /// Words on `primary`.
    pub on_primary: Color,
    /// A quiet field of the primary colour.
    pub primary_tint: Color,
    /// Cards on a primary ground.
    pub primary_raised: Color,
    /// Urgent or irreversible; never decoration.
    pub urgent: Color,
    /// A quiet field of the urgent colour.
    pub urgent_tint: Color,
    /// It went well.
    pub success: Color,
    /// A quiet field of the success colour.
    pub success_tint: Color,
    /// Somebody has to do something.
    pub warning: Color,
    /// A quiet field of the warning colour.
    pub warning_tint: Color,
}

const fn rgb(hex: u32) -> Color {
    Color::from_rgb8((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

impl Palette {
    /// The standard, calm public look.
    pub const STANDARD: Self = Self {
        ground: rgb(0x00F6_F4EF),
        surface: rgb(0x00FF_FFFF),
        tray: rgb(0x00E8_E4DA),
        text: rgb(0x001B_1F27),
        text_soft: rgb(0x0046_4D5A),
        text_faint: rgb(0x007B_808A),
        line: rgb(0x00DD_D9CF),
        edge: rgb(0x00BD_B7A8),
        primary: rgb(0x000B_3F8A),
        primary_pressed: rgb(0x0008_2F68),
        on_primary: rgb(0x00FF_FFFF),
        primary_tint: rgb(0x00E6_EDF8),
        primary_raised: rgb(0x0026_5495),
        urgent: rgb(0x00B9_2B1B),
        urgent_tint: rgb(0x00FC_E9E7),
        success: rgb(0x001B_6B3A),
        success_tint: rgb(0x00E6_F1E9),
        warning: rgb(0x0080_5200),
        warning_tint: rgb(0x00FC_F0DC),
    };

    /// Pure black and white with yellow focus, for people who see little.
    pub const HIGH_CONTRAST: Self = Self {
        ground: rgb(0x0000_0000),
        surface: rgb(0x0000_0000),
        tray: rgb(0x0000_0000),
        text: rgb(0x00FF_FFFF),
        text_soft: rgb(0x00FF_FFFF),
        text_faint: rgb(0x00E0_E0E0),
        line: rgb(0x00FF_FFFF),
        edge: rgb(0x00FF_FFFF),
        primary: rgb(0x00FF_E600),
        primary_pressed: rgb(0x00FF_F280),
        on_primary: rgb(0x0000_0000),
        primary_tint: rgb(0x0030_2C00),
        primary_raised: rgb(0x0030_2C00),
        urgent: rgb(0x00FF_FFFF),
        urgent_tint: rgb(0x0050_0000),
        success: rgb(0x00FF_FFFF),
        success_tint: rgb(0x0000_4000),
        warning: rgb(0x00FF_E600),
        warning_tint: rgb(0x0030_2C00),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luminance(c: Color) -> f32 {
        let channel = |v: f32| {
            if v <= 0.03928 {
                v / 12.92
            } else {
                ((v + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * channel(c.r) + 0.7152 * channel(c.g) + 0.0722 * channel(c.b)
    }

    fn contrast(a: Color, b: Color) -> f32 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn words_stand_out_ten_to_one_in_the_standard_theme() {
        let p = Palette::STANDARD;
        for (name, fg, bg) in [
            ("text on ground", p.text, p.ground),
            ("text on surface", p.text, p.surface),
            ("words on primary", p.on_primary, p.primary),
        ] {
            assert!(contrast(fg, bg) >= 10.0, "{name}: {}", contrast(fg, bg));
        }
    }

    #[test]
    fn coloured_words_stay_readable_on_their_tints() {
        let p = Palette::STANDARD;
        for (name, fg, bg) in [
            ("soft on ground", p.text_soft, p.ground),
            ("primary on tint", p.primary, p.primary_tint),
            ("urgent on tint", p.urgent, p.urgent_tint),
            ("success on tint", p.success, p.success_tint),
            ("warning on tint", p.warning, p.warning_tint),
        ] {
            assert!(contrast(fg, bg) >= 4.5, "{name}: {}", contrast(fg, bg));
        }
    }

    #[test]
    fn high_contrast_is_twenty_to_one() {
        let p = Palette::HIGH_CONTRAST;
        assert!(contrast(p.text, p.ground) >= 20.0);
    }
}

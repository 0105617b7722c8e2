//! Two-dimensional and plain bar codes.

use qrcode::{Color, EcLevel, QrCode};

use super::dots::Dots;
use super::token::Correction;

/// What the GS ( k family has set so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QrSettings {
    /// Dots per module.
    pub module: usize,
    /// Error correction.
    pub correction: Correction,
    /// Contents.
    pub data: Vec<u8>,
}

impl Default for QrSettings {
    fn default() -> Self {
        Self {
            module: 3,
            correction: Correction::L,
            data: Vec::new(),
        }
    }
}

impl QrSettings {
    /// The symbol without a white margin, as printers draw it; `None` when the contents are
    /// missing or too long.
    pub fn draw(&self) -> Option<Dots> {
        let level = match self.correction {
            Correction::L => EcLevel::L,
            Correction::M => EcLevel::M,
            Correction::Q => EcLevel::Q,
            Correction::H => EcLevel::H,
        };
        if self.data.is_empty() {
            return None;
        }
        let code = QrCode::with_error_correction_level(&self.data, level).ok()?;
        let mut dots = Dots::white(code.width(), code.width());
        for (at, _) in code
            .to_colors()
            .iter()
            .enumerate()
            .filter(|(_, c)| **c == Color::Dark)
        {
            dots.blacken(at % code.width(), at / code.width());
        }
        Some(dots.enlarged(self.module, self.module))
    }
}

/// Bars that stand for a bar code: they show its place and size and cannot be scanned.
pub fn bars(data: &[u8], module: usize, height: usize) -> Dots {
    let pattern: Vec<bool> = data
        .iter()
        .flat_map(|byte| {
            (0..8)
                .rev()
                .map(move |bit| byte >> bit & 1 == 1)
                .chain([true, false, false])
        })
        .collect();
    let mut dots = Dots::white(pattern.len(), 1);
    for (x, _) in pattern.iter().enumerate().filter(|(_, black)| **black) {
        dots.blacken(x, 0);
    }
    dots.enlarged(module, height)
}

//! What a page printer can do, read from its attributes; and which format suits it best.

use ::ipp::attribute::{IppAttribute, IppAttributeGroup, IppAttributes};
use ::ipp::model::DelimiterTag;
use ::ipp::value::IppValue;
use serde::Serialize;

use super::status::{PrinterState, RawPageStatus};

/// How pages are handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// PWG Raster at this resolution, in dots per inch.
    PwgRaster(u32),
    /// A PDF of pictures.
    Pdf,
}

impl Format {
    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::PwgRaster(_) => PWG_RASTER,
            Self::Pdf => PDF,
        }
    }
}

const PWG_RASTER: &str = "image/pwg-raster";
const PDF: &str = "application/pdf";
/// What pages are drawn at; the resolution that costs no scaling.
const NATIVE_DPI: u32 = crate::receipt::SHEET_DPI;

/// What a printer says that it can do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Abilities {
    /// `printer-make-and-model`.
    pub model: String,
    /// `document-format-supported`.
    pub formats: Vec<String>,
    /// `pwg-raster-document-resolution-supported`, in dots per inch, where both directions are alike.
    pub resolutions: Vec<u32>,
    /// `pwg-raster-document-type-supported`.
    pub raster_types: Vec<String>,
}

impl Abilities {
    /// Reads the answer to Get-Printer-Attributes.
    pub(super) fn read(attributes: &IppAttributes) -> Self {
        let Some(group) = attributes.first_of(DelimiterTag::PrinterAttributes) else {
            return Self::default();
        };
        let resolutions = values(group, "pwg-raster-document-resolution-supported");
        Self {
            model: words(group, "printer-make-and-model")
                .pop()
                .unwrap_or_default(),
            formats: words(group, "document-format-supported"),
            resolutions: resolutions
                .iter()
                .filter_map(|value| per_inch(value))
                .collect(),
            raster_types: words(group, "pwg-raster-document-type-supported"),
        }
    }

    /// The best way to hand pages over; nothing when there is none.
    pub fn format(&self) -> Option<Format> {
        let takes = |format: &str| self.formats.iter().any(|known| known == format);
        let grey =
            self.raster_types.is_empty() || self.raster_types.iter().any(|kind| kind == "sgray_8");
        if takes(PWG_RASTER) && grey {
            let native = self.resolutions.contains(&NATIVE_DPI).then_some(NATIVE_DPI);
            // Otherwise the nearest that is not coarser, or else the finest.
            let finer = self
                .resolutions
                .iter()
                .copied()
                .filter(|dpi| *dpi > NATIVE_DPI)
                .min();
            let coarser = self.resolutions.iter().copied().max();
            let dpi = native.or(finer).or(coarser).unwrap_or(NATIVE_DPI);
            return Some(Format::PwgRaster(dpi));
        }
        takes(PDF).then_some(Format::Pdf)
    }
}

impl RawPageStatus {
    /// Reads the answer to Get-Printer-Attributes; nothing when it says no state.
    pub(super) fn read(attributes: &IppAttributes) -> Option<Self> {
        let group = attributes.first_of(DelimiterTag::PrinterAttributes)?;
        let state = values(group, "printer-state")
            .iter()
            .find_map(|value| number(value))?;
        let mut reasons = words(group, "printer-state-reasons");
        reasons.retain(|reason| reason != "none");
        let accepting = values(group, "printer-is-accepting-jobs");
        Some(Self {
            state: PrinterState::from(state),
            reasons,
            accepting: !matches!(accepting.first(), Some(IppValue::Boolean(false))),
        })
    }
}

/// Every value of an attribute, one or many.
pub(super) fn values<'a>(group: &'a IppAttributeGroup, name: &str) -> Vec<&'a IppValue> {
    match group.get(name).map(IppAttribute::value) {
        Some(IppValue::Array(values)) => values.iter().collect(),
        Some(value) => vec![value],
        None => Vec::new(),
    }
}

/// The values that are words of some kind.
pub(super) fn words(group: &IppAttributeGroup, name: &str) -> Vec<String> {
    values(group, name)
        .into_iter()
        .filter_map(|value| match value {
            IppValue::Keyword(word)
            | IppValue::MimeMediaType(word)
            | IppValue::NameWithoutLanguage(word) => Some(word.to_string()),
            IppValue::TextWithoutLanguage(word) => Some(word.to_string()),
            IppValue::TextWithLanguage { text, .. } => Some(text.to_string()),
            _ => None,
        })
        .collect()
}

/// A number, however it is typed.
pub(super) fn number(value: &IppValue) -> Option<i32> {
    match value {
        IppValue::Integer(number) | IppValue::Enum(number) => Some(*number),
        _ => None,
    }
}

/// Dots per inch (unit 3), where both directions are alike.
fn per_inch(value: &IppValue) -> Option<u32> {
    match value {
        IppValue::Resolution {
            cross_feed,
            feed,
            units: 3,
        } if cross_feed == feed => u32::try_from(*feed).ok().filter(|dpi| *dpi > 0),
        _ => None,
    }
}

//! Icons, always shown together with words.

use iced::widget::svg;
use iced::{Color, Theme};

use super::Ui;

macro_rules! icons {
    ($($variant:ident => $file:literal),+ $(,)?) => {
        /// An icon the program carries.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Icon {
            $(#[doc = concat!("`", $file, "`")] $variant),+
        }

        impl Icon {
            fn bytes(self) -> &'static [u8] {
                match self {
                    $(Self::$variant => include_bytes!(concat!("../../../assets/icons/", $file, ".svg"))),+
                }
            }

            /// The icon of that name, for names that come with the catalogue.
            pub fn named(name: &str) -> Option<Self> {
                match name {
                    $($file => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }
    };
}

icons! {
    Accessibility => "accessibility",
    ArrowDown => "arrow-down",
    Baby => "baby",
    BookOpen => "book-open",
    Briefcase => "briefcase",
    Cake => "cake",
    Calendar => "calendar",
    Check => "check",
    ChevronLeft => "chevron-left",
    ChevronRight => "chevron-right",
    ChevronUp => "chevron-up",
    ChevronDown => "chevron-down",
    CircleAlert => "circle-alert",
    CircleCheck => "circle-check",
    CircleHelp => "circle-help",
    Clock => "clock",
    Contrast => "contrast",
    Delete => "delete",
    FileText => "file-text",
    HandHeart => "hand-heart",
    HeartPulse => "heart-pulse",
    House => "house",
    IdCard => "id-card",
    Info => "info",
    Languages => "languages",
    LogOut => "log-out",
    MapPin => "map-pin",
    Medal => "medal",
    Megaphone => "megaphone",
    Minus => "minus",
    PenLine => "pen-line",
    Phone => "phone",
    Printer => "printer",
    Rotate => "rotate-ccw",
    Scan => "scan-line",
    Search => "search",
    Shield => "shield",
    Star => "star",
    Store => "store",
    TriangleAlert => "triangle-alert",
    Type => "type",
    Users => "users",
    Volume => "volume-2",
    VolumeX => "volume-x",
    Wallet => "wallet",
    Wheat => "wheat",
    Smile => "smile",
    Laugh => "laugh",
    Meh => "meh",
    Frown => "frown",
    Angry => "angry",
    X => "x",
}

impl Ui {
    /// An icon of `size_mm`, in one colour.
    pub fn icon<'a>(&self, icon: Icon, size_mm: f32, color: Color) -> svg::Svg<'a, Theme> {
        let side = self.text_mm(size_mm);
        svg(svg::Handle::from_memory(icon.bytes()))
            .width(side)
            .height(side)
            .style(move |_, _| svg::Style { color: Some(color) })
    }
}

//! What the program carries inside itself.

/// Regular weight of the bundled family.
pub const FONT_REGULAR: &[u8] = include_bytes!("../assets/fonts/JinbanSans-Regular.otf");

/// Bold weight of the bundled family.
pub const FONT_BOLD: &[u8] = include_bytes!("../assets/fonts/JinbanSans-Bold.otf");

/// Every other Han character, for names on older cards; touched only when one is needed.
pub const FONT_RARE: &[u8] = include_bytes!("../assets/fonts/JinbanSansRare-Regular.otf");

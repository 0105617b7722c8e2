//! What a printer understands: one token for each thing it can be told.

/// Something complete has arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arrived {
    /// To be done at once, before everything that waits in the buffer.
    RealTime(RealTime),
    /// To be put into the receive buffer.
    Queued(Token),
}

/// Commands that do not wait in the receive buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RealTime {
    /// DLE EOT n with n from 1 to 4.
    Status(u8),
    /// DLE ENQ 1: go on after a recoverable error.
    Recover,
    /// DLE ENQ 2: forget the buffers, then go on.
    RecoverAndClear,
    /// DLE DC4 8 with its seven fixed bytes: forget the buffers.
    Clear,
    /// DLE DC4 1: drawer pulse.
    Drawer,
}

/// An entry of the receive buffer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    /// A byte of text; Chinese characters take two.
    Text(u8),
    /// A command without picture data.
    Command(Command),
    /// A picture begins; its rows follow one by one.
    Image(ImageHead),
    /// One row of the picture that has begun.
    ImageRow(Vec<u8>),
    /// Bytes that this printer does not know.
    Unknown(Vec<u8>),
}

/// Size and purpose of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImageHead {
    /// Printed row by row, or kept until told to print.
    pub stored: bool,
    /// Bytes in a row.
    pub stride: usize,
    /// Rows.
    pub height: usize,
    /// Each dot becomes this many across.
    pub wide: usize,
    /// Each row becomes this many.
    pub high: usize,
}

/// Where text goes on its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Align {
    /// 1B 61 0
    #[default]
    Left,
    /// 1B 61 1
    Centre,
    /// 1B 61 2
    Right,
}

/// Error correction of a QR code, from weak to strong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Correction {
    /// 7 %
    L,
    /// 15 %
    M,
    /// 25 %
    Q,
    /// 30 %
    H,
}

/// Parts of the GS ( k family that concern QR codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Qr {
    /// Function 65, model 2.
    Model2,
    /// Function 67, dots per module.
    ModuleSize(u8),
    /// Function 69.
    Correction(Correction),
    /// Function 80, the contents.
    Store(Vec<u8>),
    /// Function 81.
    Print,
}

/// Commands that wait in the receive buffer. Lengths are in dots.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(
    missing_docs,
    reason = "each variant is the command whose name it bears"
)]
pub enum Command {
    Initialise,
    LineFeed,
    CarriageReturn,
    Tab,
    FeedLines(u8),
    FeedDots(u8),
    /// `None` is the default spacing.
    LineSpacing(Option<u8>),
    Align(Align),
    /// Width and height, 1 to 8 times.
    Size(u8, u8),
    /// 1B 21, bit by bit.
    Mode(u8),
    Bold(bool),
    Underline(u8),
    Reverse(bool),
    FontB(bool),
    LeftMargin(u16),
    AreaWidth(u16),
    AbsolutePosition(u16),
    RelativePosition(i16),
    CharacterSpacing(u8),
    Chinese(bool),
    /// 1C 21, bit by bit.
    ChineseMode(u8),
    ChineseUnderline(u8),
    ChineseQuadruple(bool),
    ChineseSpacing(u8, u8),
    /// 1B 2A: columns of 8 or 24 dots, `wide` times as wide.
    ColumnImage {
        tall: bool,
        wide: usize,
        high: usize,
        data: Vec<u8>,
    },
    PrintGraphics,
    Qr(Qr),
    BarcodeHeight(u8),
    BarcodeModule(u8),
    Barcode(Vec<u8>),
    /// Feed this far, then cut.
    Cut(u8),
    Drawer,
    /// GS r 1 or 2.
    QueuedStatus(u8),
    AutomaticStatus(u8),
    Identity(u8),
    /// Understood, without effect on paper.
    Accepted,
}

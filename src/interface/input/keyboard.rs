//! The on-screen keyboard: pinyin with candidates, letters, digits; keys act on press.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use iced::alignment::Horizontal;
use iced::widget::{Row, column, container, mouse_area, row, space};
use iced::{Center, Element, Fill, Length, Task};
use jinban_input::{Composition, Engine, Mode};

use crate::interface::theme::style;
use crate::interface::theme::{Icon, KEYBOARD_SHARE, Shape, Ui};

/// Which keys are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pad {
    /// Chinese by pinyin, in one of the engine's modes.
    Pinyin(Mode),
    /// Latin letters.
    Letters,
    /// Digits only.
    Digits,
    /// Digits and X.
    IdNumber,
}

/// A key.
#[derive(Clone, Debug)]
pub enum Key {
    /// A letter or digit.
    Char(char),
    /// 退格.
    Backspace,
    /// 重写: empties the field.
    Clear,
    /// 空格.
    Space,
    /// 完成.
    Done,
    /// Other keys, please.
    Show(Pad),
    /// The candidate at this place of the row.
    Candidate(usize),
    /// More candidates.
    More,
    /// The candidates before.
    Fewer,
}

/// What the keyboard does to the field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Only the composition changed.
    Composing,
    /// These characters are added.
    Insert(String),
    /// The last character goes.
    Backspace,
    /// All of it goes.
    Clear,
    /// The person is finished with this field.
    Done,
}

/// The engine is opened in the background, so that the first screen does not wait for a dictionary.
#[derive(Default)]
enum Chinese {
    #[default]
    Closed,
    Open(Box<dyn Engine>),
    /// Said to the technician by the caller; here only Latin letters are left.
    Missing,
}

/// The keyboard's state.
pub struct Keyboard {
    pad: Pad,
    chinese: Chinese,
    upper: bool,
}

/// The engine, on its way from the thread that opened it.
#[derive(Clone)]
pub struct Opened(Arc<Mutex<Option<Opening>>>);

/// What opening led to.
type Opening = Result<Box<dyn Engine>, String>;

impl std::fmt::Debug for Opened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Opened")
    }
}

impl Default for Keyboard {
    fn default() -> Self {
        Self {
            pad: Pad::Pinyin(Mode::Search),
            chinese: Chinese::default(),
            upper: false,
        }
    }
}

/// Opens the pinyin engine off the interface's thread.
pub fn open(data_dir: PathBuf) -> Task<Opened> {
    Task::future(async move {
        let opened = tokio::task::spawn_blocking(move || {
            jinban_input::open(&data_dir).map_err(|error| error.to_string())
        })
        .await
        .unwrap_or_else(|error| Err(error.to_string()));
        Opened(Arc::new(Mutex::new(Some(opened))))
    })
}

const NOTHING: &str = "";

impl Keyboard {
    /// The engine has come, or will not.
    pub fn opened(&mut self, opened: Opened) -> Result<(), String> {
        let taken = opened.0.lock().ok().and_then(|mut opened| opened.take());
        match taken.unwrap_or_else(|| Err("opened twice".to_owned())) {
            Ok(mut engine) => {
                if let Pad::Pinyin(mode) = self.pad {
                    engine.set_mode(mode);
                }
                self.chinese = Chinese::Open(engine);
                Ok(())
            }
            Err(reason) => {
                self.chinese = Chinese::Missing;
                Err(reason)
            }
        }
    }

    fn engine(&mut self) -> Option<&mut Box<dyn Engine>> {
        match &mut self.chinese {
            Chinese::Open(engine) => Some(engine),
            Chinese::Closed | Chinese::Missing => None,
        }
    }

    fn composition(&self) -> Option<&Composition> {
        match (&self.chinese, self.pad) {
            (Chinese::Open(engine), Pad::Pinyin(_)) => Some(engine.state()),
            _ => None,
        }
    }

    /// Shows other keys and forgets what was being composed.
    pub fn show(&mut self, pad: Pad) {
        self.pad = pad;
        self.upper = false;
        if let Some(engine) = self.engine() {
            engine.clear();
            if let Pad::Pinyin(mode) = pad {
                engine.set_mode(mode);
            }
        }
    }

    /// Forgets what was being composed.
    pub fn clear(&mut self) {
        if let Some(engine) = self.engine() {
            engine.clear();
        }
    }

    /// Letters that are not yet a word.
    pub fn composing(&self) -> &str {
        self.composition().map_or(NOTHING, |c| c.preedit.as_str())
    }

    /// Takes one key.
    pub fn press(&mut self, key: Key) -> Output {
        let composing = !self.composing().is_empty();
        let pinyin = matches!(self.pad, Pad::Pinyin(_));
        match key {
            Key::Char(c) if pinyin && c.is_ascii_alphabetic() => match self.engine() {
                Some(engine) => {
                    engine.key(jinban_input::Key::Letter(c));
                    Output::Composing
                }
                None => Output::Insert(c.to_string()),
            },
            Key::Char(c) if self.upper => Output::Insert(c.to_uppercase().collect()),
            Key::Char(c) => Output::Insert(c.to_string()),
            Key::Backspace if composing => {
                if let Some(engine) = self.engine() {
                    engine.key(jinban_input::Key::Backspace);
                }
                Output::Composing
            }
            Key::Backspace => Output::Backspace,
            Key::Clear => {
                self.clear();
                Output::Clear
            }
            Key::Space | Key::Done if composing => self.choose(0),
            Key::Space => Output::Insert(" ".to_owned()),
            Key::Done => Output::Done,
            Key::Show(pad) => {
                if pad == Pad::Letters && self.pad == Pad::Letters {
                    self.upper = !self.upper;
                } else {
                    self.show(pad);
                }
                Output::Composing
            }
            Key::Candidate(index) => self.choose(index),
            Key::More => {
                if let Some(engine) = self.engine() {
                    engine.next_page();
                }
                Output::Composing
            }
            Key::Fewer => {
                if let Some(engine) = self.engine() {
                    engine.prev_page();
                }
                Output::Composing
            }
        }
    }

    fn choose(&mut self, index: usize) -> Output {
        match self.engine().and_then(|engine| engine.choose(index)) {
            Some(text) => Output::Insert(text),
            None => Output::Composing,
        }
    }

    /// Draws the keys; `home` are the pads this field may be written with.
    pub fn view<'a>(&'a self, ui: &Ui, home: Pad) -> Element<'a, Key> {
        let ui = &ui.chrome();
        let keys = match self.pad {
            Pad::Pinyin(_) | Pad::Letters => self.letters(ui, home),
            Pad::Digits => digits(ui, home, None),
            Pad::IdNumber => digits(ui, home, Some('X')),
        };
        let mut all = column![].spacing(ui.mm(2.6));
        if let Pad::Pinyin(_) = self.pad {
            all = all.push(self.candidates(ui));
        }
        container(all.push(keys))
            .padding([ui.mm(5.5), ui.mm(7.0)])
            .width(Fill)
            .align_y(iced::alignment::Vertical::Bottom)
            .style(style::fill(ui.palette().tray))
            .into()
    }

    fn candidates<'a>(&'a self, ui: &Ui) -> Element<'a, Key> {
        let p = ui.palette();
        let mut line = Row::new().spacing(ui.mm(2.2)).align_y(Center);
        let (preedit, candidates, has_prev, has_next): (&str, &[String], bool, bool) = self
            .composition()
            .map_or((NOTHING, &[], false, false), |c| {
                (&c.preedit, &c.candidates, c.has_prev, c.has_next)
            });
        if candidates.is_empty() {
            let words = if matches!(self.chinese, Chinese::Missing) {
                t!("keyboard.no_chinese")
            } else if preedit.is_empty() {
                t!("keyboard.pinyin_hint")
            } else {
                t!("keyboard.no_candidate")
            };
            line = line.push(
                container(ui.caption(words))
                    .center_y(ui.text_mm(20.0))
                    .padding([0.0, ui.mm(3.0)]),
            );
        } else {
            let mut room = bed(ui) - 2.0 * ui.text_mm(17.0);
            for (index, candidate) in candidates.iter().enumerate() {
                let first = index == 0;
                let (ground, ink) = if first {
                    (p.primary, p.on_primary)
                } else {
                    (p.surface, p.text)
                };
                let words = ui.heading(candidate.as_str()).color(ink);
                let width = (candidate.chars().count() as f32)
                    .mul_add(ui.text_mm(10.8), ui.mm(6.0))
                    .max(ui.text_mm(19.0));
                room -= width + ui.mm(2.2);
                if room < 0.0 && index > 0 {
                    // Whole words only; the rest is on the next pages or comes with more letters.
                    break;
                }
                line = line.push(
                    mouse_area(
                        container(words)
                            .center_x(width)
                            .center_y(ui.text_mm(20.0))
                            .style(style::rounded(ground, ui.mm(3.0))),
                    )
                    .on_press(Key::Candidate(index)),
                );
            }
        }
        let arrow = |icon, on: bool, key: Key| {
            let color = if on { p.text } else { p.line };
            let area = mouse_area(
                container(ui.icon(icon, 9.0, color))
                    .center_x(ui.text_mm(17.0))
                    .center_y(ui.text_mm(20.0)),
            );
            if on { area.on_press(key) } else { area }
        };
        row![
            container(line).width(Fill).clip(true),
            arrow(Icon::ChevronLeft, has_prev, Key::Fewer),
            arrow(Icon::ChevronRight, has_next, Key::More),
        ]
        .align_y(Center)
        .into()
    }

    fn letters<'a>(&'a self, ui: &Ui, home: Pad) -> Element<'a, Key> {
        let line = |letters: &str| -> Row<'a, Key> {
            Row::with_children(letters.chars().map(|c| {
                let shown: String = if self.upper {
                    c.to_uppercase().collect()
                } else {
                    c.to_string()
                };
                key(ui, shown, Key::Char(c), Length::FillPortion(2), Tint::Plain)
            }))
            .spacing(ui.mm(2.0))
        };
        let third = line("zxcvbnm").push(key(
            ui,
            t!("keyboard.backspace").into_owned(),
            Key::Backspace,
            Length::FillPortion(3),
            Tint::Quiet,
        ));
        let side = space().width(Length::FillPortion(1));
        let other = match self.pad {
            Pad::Letters => match home {
                Pad::Pinyin(_) => Some((t!("keyboard.pinyin"), home)),
                _ => None,
            },
            _ => Some((t!("keyboard.letters"), Pad::Letters)),
        };
        let mut bottom = Row::new().spacing(ui.mm(2.0)).push(key(
            ui,
            t!("keyboard.clear").into_owned(),
            Key::Clear,
            Length::FillPortion(3),
            Tint::Quiet,
        ));
        if self.pad == Pad::Letters {
            bottom = bottom.push(key(
                ui,
                t!("keyboard.case").into_owned(),
                Key::Show(Pad::Letters),
                Length::FillPortion(3),
                Tint::Quiet,
            ));
        }
        bottom = bottom.push(key(
            ui,
            t!("keyboard.digits").into_owned(),
            Key::Show(Pad::Digits),
            Length::FillPortion(3),
            Tint::Quiet,
        ));
        if let Some((words, pad)) = other {
            bottom = bottom.push(key(
                ui,
                words.into_owned(),
                Key::Show(pad),
                Length::FillPortion(3),
                Tint::Quiet,
            ));
        }
        bottom = bottom
            .push(key(
                ui,
                t!("keyboard.space").into_owned(),
                Key::Space,
                Length::FillPortion(4),
                Tint::Plain,
            ))
            .push(key(
                ui,
                t!("keyboard.done").into_owned(),
                Key::Done,
                Length::FillPortion(4),
                Tint::Strong,
            ));
        column![
            line("qwertyuiop"),
            row![
                side,
                line("asdfghjkl").width(Length::FillPortion(18)),
                space().width(Length::FillPortion(1))
            ],
            third,
            bottom
        ]
        .spacing(ui.mm(2.6))
        .into()
    }
}

/// Width of the keyboard within its margins.
fn bed(ui: &Ui) -> f32 {
    let whole = match ui.shape() {
        Shape::Portrait => ui.window.width,
        Shape::Landscape => ui.window.width * KEYBOARD_SHARE,
    };
    whole - 2.0 * ui.mm(7.0)
}

fn digits<'a>(ui: &Ui, home: Pad, extra: Option<char>) -> Element<'a, Key> {
    let cell = |c: char| key(ui, c.to_string(), Key::Char(c), Fill, Tint::Plain);
    let words = |words: std::borrow::Cow<'static, str>, k: Key, tint| {
        key(ui, words.into_owned(), k, Fill, tint)
    };
    let nothing = || key(ui, String::new(), Key::Backspace, Fill, Tint::Hidden);
    let (before_nought, after_nought) = match (extra, home) {
        (Some(c), _) => (cell(c), nothing()),
        (None, Pad::Pinyin(_)) => (
            words(t!("keyboard.pinyin"), Key::Show(home), Tint::Quiet),
            cell('-'),
        ),
        (None, _) => (cell('-'), nothing()),
    };
    let line = |cells: [Element<'a, Key>; 4]| Row::with_children(cells).spacing(ui.mm(2.2));
    column![
        line([
            cell('1'),
            cell('2'),
            cell('3'),
            words(t!("keyboard.backspace"), Key::Backspace, Tint::Quiet)
        ]),
        line([
            cell('4'),
            cell('5'),
            cell('6'),
            words(t!("keyboard.clear"), Key::Clear, Tint::Quiet)
        ]),
        line([
            cell('7'),
            cell('8'),
            cell('9'),
            match home {
                Pad::Pinyin(_) =>
                    words(t!("keyboard.letters"), Key::Show(Pad::Letters), Tint::Quiet),
                _ => nothing(),
            }
        ]),
        line([
            before_nought,
            cell('0'),
            after_nought,
            words(t!("keyboard.done"), Key::Done, Tint::Strong)
        ]),
    ]
    .spacing(ui.mm(2.6))
    .into()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tint {
    Plain,
    Quiet,
    Strong,
    Hidden,
}

fn key<'a>(
    ui: &Ui,
    words: String,
    message: Key,
    width: impl Into<Length>,
    tint: Tint,
) -> Element<'a, Key> {
    let p = ui.palette();
    let width = width.into();
    if tint == Tint::Hidden {
        return space().width(width).height(ui.text_mm(22.0)).into();
    }
    let (ground, ink) = match tint {
        Tint::Strong => (p.primary, p.on_primary),
        Tint::Quiet => (p.ground, p.text),
        Tint::Plain | Tint::Hidden => (p.surface, p.text),
    };
    let single = words.chars().count() == 1;
    let words = if single {
        ui.heading(words)
    } else {
        ui.label(words)
    }
    .color(ink)
    .wrapping(iced::widget::text::Wrapping::None);
    mouse_area(
        container(words)
            .align_x(Horizontal::Center)
            .center_x(Fill)
            .center_y(ui.text_mm(22.0))
            .style(style::rounded(ground, ui.mm(3.0)))
            .width(width),
    )
    .on_press(message)
    .into()
}

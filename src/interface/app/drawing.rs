//! Which screen is drawn, what stands over it, and the tools around it.

use iced::Element;
use jiff::Timestamp;
use jinban_devices::status::DeviceStatus;

use super::super::frame::{self, Tool};
use super::super::screen::{attract, goodbye, help, home};
use super::super::theme::Icon;
use super::super::widget::own_place::own_place;
use super::super::{sheets, words};
use super::{App, Message, Screen, Sheet};

impl App {
    /// The number to call when nobody is there.
    fn hotline(&self) -> &str {
        let first = self.config.place.hotlines.first();
        first.map_or("12345", |hotline| hotline.number.as_str())
    }

    pub(super) fn view(&self) -> Element<'_, Message> {
        own_place(self.scene())
    }

    fn scene(&self) -> Element<'_, Message> {
        let ui = &self.ui;
        let base = match &self.screen {
            Screen::Attract => attract::view(
                ui,
                &attract::Facts {
                    place: &self.place_title,
                    day: &self.day,
                    time: &self.status.time,
                    hotline: self.hotline(),
                    card_reader: self.reader.as_ref().is_some_and(DeviceStatus::is_usable),
                },
            )
            .map(Message::Attract),
            Screen::Goodbye { until, take_card } => {
                let seconds = until.saturating_duration_since(self.now).as_secs() + 1;
                goodbye::view(ui, *take_card, seconds).map(Message::Goodbye)
            }
            Screen::Home => {
                let seasonal = self
                    .snapshot
                    .as_ref()
                    .map(|guides| guides.often(words::today(Timestamp::now()).month(), home::OFTEN))
                    .unwrap_or_default();
                self.framed(
                    self.home_tools(),
                    home::view(ui, &seasonal).map(Message::Home),
                )
            }
            Screen::Guides(screen) => self.framed(
                self.tools(),
                match &self.snapshot {
                    Some(guides) => screen
                        .view(ui, guides, &self.keyboard, self.hotline())
                        .map(Message::Guides),
                    None => frame::Page::new(ui.title(t!("guides.preparing"))),
                },
            ),
            Screen::Guide(page) => {
                let base = self.framed(self.tools(), page.view(ui).map(Message::Guide));
                match page.sheet(ui) {
                    Some(sheet) => frame::over(ui, base, sheet.map(Message::Guide)),
                    None => base,
                }
            }
            Screen::Bundle(page) => self.framed(self.tools(), page.view(ui).map(Message::Bundle)),
            Screen::Notices(page) => self.framed(self.tools(), page.view(ui).map(Message::Notices)),
            Screen::Document(page) => {
                self.framed(self.tools(), page.view(ui).map(Message::Document))
            }
            Screen::Paper(page) => self.framed(self.tools(), page.view(ui).map(Message::Paper)),
            Screen::Filing(screen) => self.framed(
                self.tools(),
                screen
                    .view(ui, &self.keyboard, self.now)
                    .map(Message::Filing),
            ),
            Screen::Progress(screen) => self.framed(
                self.tools(),
                screen.view(ui, self.now).map(Message::Progress),
            ),
        };
        if let Some(left) = self.session.countdown(self.now) {
            return frame::over(
                ui,
                base,
                sheets::idle(ui, left.as_secs()).map(Message::Sheet),
            );
        }
        match &self.sheet {
            None => base,
            Some(Sheet::Broken) => frame::over(
                ui,
                base,
                sheets::broken(ui, self.start_error.as_ref(), &self.config.place)
                    .map(Message::Sheet),
            ),
            Some(Sheet::Help(about)) => frame::over(
                ui,
                base,
                help::view(ui, *about, &self.config.place).map(Message::Help),
            ),
            Some(Sheet::TextSize) => frame::over(
                ui,
                base,
                sheets::text_size(ui, self.aloud.rate()).map(Message::Sheet),
            ),
            Some(Sheet::Leave) => frame::over(ui, base, sheets::leave(ui).map(Message::Sheet)),
            Some(Sheet::Resume(draft)) => {
                frame::over(ui, base, sheets::resume(ui, draft).map(Message::Sheet))
            }
        }
    }

    pub(super) fn framed<'a>(
        &'a self,
        tools: Vec<Tool<Message>>,
        page: frame::Page<'a, Message>,
    ) -> Element<'a, Message> {
        frame::view(&self.ui, &self.status, tools, page)
    }

    /// The tools that every framed screen has.
    pub(super) fn tools(&self) -> Vec<Tool<Message>> {
        let mut tools = vec![
            Tool {
                icon: Icon::House,
                words: t!("bar.home"),
                message: Message::ToHome,
            },
            text_size(),
        ];
        tools.extend(self.aloud_tool());
        tools.push(help_tool());
        tools
    }

    /// The home screen has room for more.
    pub(super) fn home_tools(&self) -> Vec<Tool<Message>> {
        let mut tools = vec![text_size()];
        tools.extend(self.aloud_tool());
        tools.extend([
            Tool {
                icon: Icon::Contrast,
                words: t!("bar.contrast"),
                message: Message::Sheet(sheets::Message::Contrast),
            },
            Tool {
                icon: Icon::Accessibility,
                words: t!("bar.reach"),
                message: Message::Sheet(sheets::Message::Reach),
            },
            help_tool(),
            Tool {
                icon: Icon::Languages,
                words: t!("bar.language"),
                message: Message::Sheet(sheets::Message::Language),
            },
            Tool {
                icon: Icon::LogOut,
                words: t!("bar.end"),
                message: Message::Sheet(sheets::Message::End),
            },
        ]);
        tools
    }
}

fn text_size() -> Tool<Message> {
    Tool {
        icon: Icon::Type,
        words: t!("bar.text_size"),
        message: Message::AskTextSize,
    }
}

fn help_tool() -> Tool<Message> {
    Tool {
        icon: Icon::CircleHelp,
        words: t!("bar.help"),
        message: Message::AskHelp,
    }
}

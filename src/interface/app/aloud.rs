//! 朗读: the page that is shown, read aloud until it changes or nobody wants to hear it.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::mem::discriminant;

use iced::advanced::widget::Id;
use iced::advanced::widget::operation::{Operation, Outcome};
use iced::{Rectangle, Task};

use super::super::frame::{PAGE, Tool};
use super::super::theme::Icon;
use super::{App, Message, Screen};
use crate::config::{self, Rate};
use crate::language::Language;
use crate::speech::{Machine, Reading, Sentence, Speaker, sentences};

/// Reading aloud, as far as this terminal can.
pub(super) struct Aloud {
    speaker: Option<Speaker>,
    usual: Rate,
    rate: Rate,
    now: Option<(Reading, Standing)>,
}

/// Tells one page from the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Standing(u64);

impl Aloud {
    /// Looks whether it can be heard here.
    pub(super) fn new(config: Option<&config::Speaker>, machine: &Machine) -> Self {
        let rate = config.map(|config| config.rate).unwrap_or_default();
        let speaker = config.and_then(|config| {
            Speaker::find(config, machine)
                .inspect_err(|reason| tracing::warn!(%reason, "nothing is read aloud"))
                .ok()
        });
        Self {
            speaker,
            usual: rate,
            rate,
            now: None,
        }
    }

    /// The speed, where somebody would notice.
    pub(super) fn rate(&self) -> Option<Rate> {
        self.speaker.as_ref().map(|_| self.rate)
    }

    /// Whether something is being said.
    pub(super) fn is_reading(&self) -> bool {
        self.now.as_ref().is_some_and(|(now, _)| !now.is_over())
    }

    /// Silence.
    pub(super) fn hush(&mut self) {
        self.now = None;
    }

    /// Silence, and the speed that is configured.
    pub(super) fn as_shipped(&mut self) {
        self.hush();
        self.rate = self.usual;
    }

    fn read(&mut self, text: Vec<Sentence>, standing: Standing) {
        self.hush();
        if let Some(speaker) = &self.speaker
            && !text.is_empty()
        {
            self.now = Some((speaker.read(text, self.rate), standing));
        }
    }
}

impl App {
    /// 朗读, or 停 while something is being said; none where nothing could be heard.
    pub(super) fn aloud_tool(&self) -> Option<Tool<Message>> {
        self.aloud.rate()?;
        Some(if self.aloud.is_reading() {
            Tool {
                icon: Icon::VolumeX,
                words: t!("bar.stop"),
                message: Message::Hush,
            }
        } else {
            Tool {
                icon: Icon::Volume,
                words: t!("bar.aloud"),
                message: Message::ReadAloud,
            }
        })
    }

    pub(super) fn say(&mut self, text: Vec<Sentence>) {
        let standing = self.standing();
        self.aloud.read(text, standing);
    }

    /// From now on at this speed, beginning with a sentence to hear it by.
    pub(super) fn change_rate(&mut self, rate: Rate) {
        self.aloud.rate = rate;
        let sample = t!("text_size.rate_sample");
        self.say(sentences([sample.as_ref()], Language::current()));
    }

    /// Nothing is read that is no longer shown.
    pub(super) fn hush_when_turned(&mut self) {
        let standing = self.standing();
        if self
            .aloud
            .now
            .as_ref()
            .is_some_and(|(_, then)| *then != standing)
        {
            self.aloud.hush();
        }
    }

    fn standing(&self) -> Standing {
        let mut page = DefaultHasher::new();
        discriminant(&self.screen).hash(&mut page);
        match &self.screen {
            Screen::Attract | Screen::Home | Screen::Goodbye { .. } => {}
            Screen::Guides(screen) => screen.stands(&mut page),
            Screen::Guide(screen) => screen.stands(&mut page),
            Screen::Bundle(screen) => screen.stands(&mut page),
            Screen::Notices(screen) => screen.stands(&mut page),
            Screen::Document(screen) => screen.stands(&mut page),
            Screen::Paper(screen) => screen.stands(&mut page),
            Screen::Filing(screen) => screen.stands(&mut page),
            Screen::Progress(screen) => screen.stands(&mut page),
        }
        self.sheet.as_ref().map(discriminant).hash(&mut page);
        self.session.countdown(self.now).is_some().hash(&mut page);
        Language::current().code().hash(&mut page);
        Standing(page.finish())
    }
}

/// Asks the page what stands on it: what is said is what is seen, and no more.
pub(super) fn ask_page() -> Task<Message> {
    let page = OnPage::new(Language::current());
    iced::advanced::widget::operate(page).map(Message::OnPage)
}

/// Gathers the texts of the page, in reading order, as sentences; bars and keyboard are left out.
struct OnPage {
    language: Language,
    entering: bool,
    inside: bool,
    said: Vec<Sentence>,
}

impl OnPage {
    fn new(language: Language) -> Self {
        Self {
            language,
            entering: false,
            inside: false,
            said: Vec::new(),
        }
    }
}

impl Operation<Vec<Sentence>> for OnPage {
    fn container(&mut self, id: Option<&Id>, _bounds: Rectangle) {
        self.entering = id == Some(&PAGE);
    }

    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation<Vec<Sentence>>)) {
        let outside = self.inside;
        self.inside |= std::mem::take(&mut self.entering);
        operate(self);
        self.inside = outside;
    }

    fn text(&mut self, _id: Option<&Id>, _bounds: Rectangle, text: &str) {
        if self.inside {
            self.said.extend(sentences([text], self.language));
        }
    }

    fn finish(&self) -> Outcome<Vec<Sentence>> {
        Outcome::Some(self.said.clone())
    }
}

#[cfg(test)]
mod tests;

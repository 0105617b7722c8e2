//! The application: which screen is shown, who is here, and what the screens ask to be done.

mod aloud;
mod beneath;
mod bundles;
mod card;
mod cases;
mod drawing;
mod papers;
mod reading;
#[cfg(test)]
mod tests;
mod turning;
mod unfinished;
mod visit;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use iced::{Size, Subscription, Task, Theme, event, keyboard as keys, mouse, touch, window};
use jinban_api::guide::{Attachment, Guide};
use jinban_devices::status::DeviceStatus;
use ulid::Ulid;

use super::frame::Status;
use super::input::keyboard::{self, Keyboard};
use super::probe::{self, Gather, Question, Seen};
use super::screen::{
    attract, bundle, document, filing, goodbye, guide, guides, help, home, notices, paper, progress,
};
use super::sheets;
use super::theme::{Ui, type_roles};
use crate::catalogue::{BundleGuides, Catalogue, Snapshot};
use crate::config::Config;
use crate::filing::{CaseView, Draft};
use crate::language::Language;
use crate::peripherals::{PrintReport, ScanProblem, ScannedPicture};
use crate::platform::Reachability;
use crate::services::{Services, StartError, World};
use crate::session::{Session, Sign};
use crate::speech::{Machine, Sentence};

/// How the window is opened.
#[derive(Clone, Debug)]
pub struct Launch {
    /// What the technician configured.
    pub config: Arc<Config>,
    /// A window of this size instead of the full screen.
    pub window: Option<(f32, f32)>,
    /// Where a demonstration asks what is on the screen.
    pub probe: Option<PathBuf>,
}

/// Opens the window and stays until it is closed.
pub fn run(launch: Launch) -> iced::Result {
    let settings = window::Settings {
        size: launch
            .window
            .map_or(Size::new(1080.0, 1920.0), |(w, h)| Size::new(w, h)),
        fullscreen: launch.window.is_none() && launch.config.panel.fullscreen,
        decorations: launch.window.is_some(),
        resizable: true,
        ..window::Settings::default()
    };
    let mut application = iced::application(move || App::boot(&launch), App::update, App::view)
        .title(|_: &App| t!("app.title").into_owned())
        .subscription(App::subscription)
        .theme(|_: &App| Theme::Light)
        .default_font(type_roles::REGULAR)
        .window(settings)
        .antialiasing(true);
    for font in type_roles::bundled() {
        application = application.font(font);
    }
    application.run()
}

enum Screen {
    Attract,
    Home,
    Guides(guides::Guides),
    Guide(Box<guide::GuidePage>),
    Bundle(Box<bundle::BundlePage>),
    Notices(notices::Notices),
    Document(Box<document::DocumentPage>),
    Paper(Box<paper::PaperPage>),
    Filing(Box<filing::Filing>),
    Progress(progress::Progress),
    Goodbye { until: Instant, take_card: bool },
}

/// Something over the screen.
enum Sheet {
    /// Nothing can be filed here today.
    Broken,
    Help(help::About),
    TextSize,
    Leave,
    Resume(Box<Draft>),
}

struct App {
    config: Arc<Config>,
    ui: Ui,
    status: Status,
    services: Option<Services>,
    start_error: Option<StartError>,
    catalogue: Option<Catalogue>,
    snapshot: Option<Arc<Snapshot>>,
    screen: Screen,
    /// Where 返回 leads, the nearest last.
    beneath: Vec<Screen>,
    sheet: Option<Sheet>,
    keyboard: Keyboard,
    session: Session,
    reachability: Reachability,
    reader: Option<DeviceStatus>,
    printer: Option<DeviceStatus>,
    card_on_reader: bool,
    now: Instant,
    day: String,
    place_title: String,
    probe: Option<PathBuf>,
    /// The font of rare characters is loaded.
    rare_letters: bool,
    aloud: aloud::Aloud,
}

#[derive(Clone, Debug)]
enum Message {
    Started(Result<Services, StartError>),
    World(World),
    Keyboard(keyboard::Opened),
    Tick(Instant),
    Touched,
    Resized(Size),
    Attract(attract::Message),
    Goodbye(goodbye::Message),
    Home(home::Message),
    Guides(guides::Message),
    Guide(guide::Message),
    Bundle(bundle::Message),
    Gathering(Result<Option<BundleGuides>, String>),
    Fetched(Result<Option<Arc<Guide>>, String>),
    GuidePrinted(PrintReport),
    ListsPrinted(PrintReport),
    Notices(notices::Message),
    Document(document::Message),
    DocumentPrinted(PrintReport),
    Paper(paper::Message),
    PaperPrinted(PrintReport),
    PaperDrawn(Attachment, Result<Box<paper::Drawn>, paper::Trouble>),
    Filing(filing::Message),
    Progress(progress::Message),
    Help(help::Message),
    ToHome,
    AskHelp,
    AskTextSize,
    Sheet(sheets::Message),
    ReadAloud,
    OnPage(Vec<Sentence>),
    Hush,
    Offer(Option<Draft>),
    Kept(Option<(String, String)>),
    Scanned(Result<ScannedPicture, ScanProblem>),
    Submitted(Result<Box<CaseView>, (String, String)>),
    Printed(PrintReport),
    Cases(Vec<CaseView>),
    Official(Ulid, progress::Official),
    Probe(Question),
    Gathered(Question, Vec<Seen>),
    Done,
}

impl App {
    fn boot(launch: &Launch) -> (Self, Task<Message>) {
        let config = Arc::clone(&launch.config);
        let size = launch
            .window
            .map_or(Size::new(1080.0, 1920.0), |(w, h)| Size::new(w, h));
        let now = Instant::now();
        let mut app = Self {
            ui: Ui::new(size, config.panel.height_mm, config.panel.width_mm),
            status: Status {
                place: config.place.name.clone(),
                ..Status::default()
            },
            services: None,
            start_error: None,
            catalogue: None,
            snapshot: None,
            screen: Screen::Attract,
            beneath: Vec::new(),
            sheet: None,
            keyboard: Keyboard::default(),
            session: Session::new(visit::times(&config)),
            reachability: Reachability::Unknown,
            reader: None,
            printer: None,
            card_on_reader: false,
            now,
            day: String::new(),
            place_title: visit::place_title(&config),
            probe: launch.probe.clone(),
            rare_letters: false,
            aloud: aloud::Aloud::new(config.devices.speaker.as_ref(), &Machine::this()),
            config,
        };
        app.read_clock();
        let start = {
            let config = Arc::clone(&app.config);
            Task::future(async move { Message::Started(Services::start_aside(config).await) })
        };
        (app, start)
    }

    fn subscription(&self) -> Subscription<Message> {
        Subscription::batch([
            iced::time::every(Duration::from_secs(1)).map(Message::Tick),
            event::listen_with(|event, _status, _window| match event {
                iced::Event::Mouse(mouse::Event::ButtonPressed(_))
                | iced::Event::Touch(touch::Event::FingerPressed { .. })
                | iced::Event::Keyboard(keys::Event::KeyPressed { .. }) => Some(Message::Touched),
                iced::Event::Window(window::Event::Resized(size)) => Some(Message::Resized(size)),
                iced::Event::Window(window::Event::Opened { size, .. }) => {
                    Some(Message::Resized(size))
                }
                _ => None,
            }),
            self.probe
                .clone()
                .map_or_else(Subscription::none, |socket| {
                    probe::listen(socket).map(Message::Probe)
                }),
        ])
    }

    fn update(&mut self, message: Message) -> Task<Message> {
        let task = self.heed(message);
        self.hush_when_turned();
        task
    }

    fn heed(&mut self, message: Message) -> Task<Message> {
        match message {
            Message::Started(started) => self.started(started),
            Message::World(world) => self.world(world),
            Message::Keyboard(opened) => {
                if let Err(reason) = self.keyboard.opened(opened) {
                    tracing::warn!(reason, "Chinese input is not available");
                }
                Task::none()
            }
            Message::Tick(now) => self.tick(now),
            Message::Touched => {
                if !matches!(self.screen, Screen::Attract | Screen::Goodbye { .. }) {
                    self.session.sign(Sign::Touch, Instant::now());
                }
                Task::none()
            }
            Message::Resized(size) => {
                self.ui = self.ui.resized(
                    size,
                    self.config.panel.height_mm,
                    self.config.panel.width_mm,
                );
                Task::none()
            }
            Message::Attract(attract::Message::Start) => self.begin_visit(),
            Message::Attract(attract::Message::OtherLanguage) => {
                self.speak(Language::current().other());
                self.begin_visit()
            }
            Message::Goodbye(goodbye::Message::Start) => {
                self.await_next();
                Task::none()
            }
            Message::Home(message) => self.home(message),
            Message::Guides(message) => self.guides(message),
            Message::Guide(message) => self.guide(message),
            Message::Bundle(message) => self.bundle(message),
            Message::Gathering(bundle) => {
                self.show_bundle(bundle);
                Task::none()
            }
            Message::Fetched(guide) => {
                self.show_guide(guide);
                Task::none()
            }
            Message::GuidePrinted(report) => self.guide_printed(report),
            Message::ListsPrinted(report) => self.lists_printed(report),
            Message::Notices(message) => self.notices(message),
            Message::Document(message) => self.document(message),
            Message::DocumentPrinted(report) => self.document_printed(report),
            Message::Paper(message) => self.paper(message),
            Message::PaperPrinted(report) => self.paper_printed(report),
            Message::PaperDrawn(file, drawn) => self.paper_drawn(&file, drawn.map(|drawn| *drawn)),
            Message::Filing(message) => self.filing(message),
            Message::Progress(message) => self.progress(message),
            Message::Help(help::Message::Close) => {
                self.sheet = None;
                Task::none()
            }
            Message::ToHome => self.leave_for_home(),
            Message::AskHelp => {
                self.sheet = Some(Sheet::Help(help::About::General));
                Task::none()
            }
            Message::AskTextSize => {
                self.sheet = Some(Sheet::TextSize);
                Task::none()
            }
            Message::Sheet(message) => self.sheet_answered(message),
            Message::ReadAloud => aloud::ask_page(),
            Message::OnPage(text) => {
                self.say(text);
                Task::none()
            }
            Message::Hush => {
                self.aloud.hush();
                Task::none()
            }
            Message::Offer(draft) => {
                if let Some(draft) = draft {
                    // Also before anybody has touched the screen: the offer must not stand there for ever.
                    self.session.sign(Sign::Touch, Instant::now());
                    self.sheet = Some(Sheet::Resume(Box::new(draft)));
                }
                Task::none()
            }
            Message::Kept(problem) => {
                if let Screen::Filing(screen) = &mut self.screen {
                    screen.kept(problem);
                }
                Task::none()
            }
            Message::Scanned(result) => {
                if let Screen::Filing(screen) = &mut self.screen {
                    screen.scanned(result);
                }
                Task::none()
            }
            Message::Submitted(result) => self.submitted(result),
            Message::Printed(report) => {
                match &mut self.screen {
                    Screen::Filing(screen) => screen.printed(report),
                    Screen::Progress(screen) => screen.printed(report),
                    _ => {}
                }
                Task::none()
            }
            Message::Cases(cases) => {
                if let Screen::Progress(screen) = &mut self.screen {
                    screen.loaded(cases);
                }
                Task::none()
            }
            Message::Official(key, official) => {
                if let Screen::Progress(screen) = &mut self.screen {
                    screen.answered(key, official);
                }
                Task::none()
            }
            Message::Probe(question) => iced::advanced::widget::operate(Gather::default())
                .map(move |seen| Message::Gathered(question.clone(), seen)),
            Message::Gathered(question, seen) => {
                question.answer(seen);
                Task::none()
            }
            Message::Done => Task::none(),
        }
    }
}

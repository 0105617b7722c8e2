//! The application: which screen is shown, who is here, and what the screens ask to be done.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use iced::{
    Element, Size, Subscription, Task, Theme, event, keyboard as keys, mouse, touch, window,
};
use jiff::Timestamp;

use jinban_api::ids::GuideId;
use jinban_devices::card_reader::{CardEvent, IdCard};
use jinban_devices::status::DeviceStatus;
use ulid::Ulid;

use super::frame::{self, Status, Tool};
use super::input::keyboard::{self, Keyboard};
use super::probe::{self, Gather, Question, Seen};
use super::screen::{attract, filing, goodbye, guide, guides, help, home, progress};
use super::theme::{Icon, TextScale, Ui, type_roles};
use super::{faults, sheets, words};
use crate::catalogue::{Catalogue, Snapshot};
use crate::config::Config;
use crate::filing::{CaseView, Draft, FilingEvent, SubmitError};
use crate::peripherals::{PrintReport, ScanProblem, ScannedPicture};
use crate::platform::Reachability;
use crate::services::{Services, StartError, World};
use crate::session::{Belonging, EndReason, Presence, Session, SessionTimes, Sign, Visitor};

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
    Guide {
        page: guide::GuidePage,
        from: Option<guides::Guides>,
    },
    Filing(Box<filing::Filing>),
    Progress(progress::Progress),
    Goodbye {
        until: Instant,
        take_card: bool,
    },
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
    snapshot: Option<Arc<Snapshot>>,
    screen: Screen,
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
    GuidePrinted(PrintReport),
    Filing(filing::Message),
    Progress(progress::Message),
    Help(help::Message),
    ToHome,
    AskHelp,
    AskTextSize,
    Sheet(sheets::Message),
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
        let app = Self {
            ui: Ui::new(size, config.panel.height_mm, config.panel.width_mm),
            status: Status {
                place: config.place.name.clone(),
                ..Status::default()
            },
            services: None,
            start_error: None,
            snapshot: None,
            screen: Screen::Attract,
            sheet: None,
            keyboard: Keyboard::default(),
            session: Session::new(times(&config)),
            reachability: Reachability::Unknown,
            reader: None,
            printer: None,
            card_on_reader: false,
            now,
            day: String::new(),
            place_title: t!(
                "attract.place",
                county = config.place.county,
                town = config.place.town
            )
            .into_owned(),
            probe: launch.probe.clone(),
            rare_letters: false,
            config,
        };
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
            Message::Goodbye(goodbye::Message::Start) => {
                self.screen = Screen::Attract;
                self.look_for_card(true);
                Task::none()
            }
            Message::Home(message) => self.home(message),
            Message::Guides(message) => self.guides(message),
            Message::Guide(message) => self.guide(message),
            Message::GuidePrinted(report) => {
                if let Screen::Guide { page, .. } = &mut self.screen {
                    page.printed(match report {
                        PrintReport::Confirmed | PrintReport::Unconfirmed => guide::Printing::Done,
                        PrintReport::NotFitted => {
                            guide::Printing::Failed(t!("paper.none_note").into_owned())
                        }
                        PrintReport::Failed(fault) => {
                            guide::Printing::Failed(faults::print_words(&fault).1.into_owned())
                        }
                    });
                }
                Task::none()
            }
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

    fn sheet_answered(&mut self, message: sheets::Message) -> Task<Message> {
        match message {
            sheets::Message::TextSize(scale) => self.ui.scale = scale,
            sheets::Message::Contrast => self.ui.contrast = self.ui.contrast.other(),
            sheets::Message::Reach => self.ui.reach = self.ui.reach.other(),
            sheets::Message::GoOn => {
                self.session.sign(Sign::Touch, Instant::now());
            }
            sheets::Message::Stay => self.sheet = None,
            sheets::Message::Leave => {
                self.sheet = None;
                self.look_for_card(false);
                self.screen = Screen::Home;
            }
            sheets::Message::End => return self.end_visit(EndReason::Finished),
            sheets::Message::Resume => return self.resume(true),
            sheets::Message::Discard => return self.resume(false),
        }
        Task::none()
    }

    // --- what happens beneath -------------------------------------------------------------

    fn started(&mut self, started: Result<Services, StartError>) -> Task<Message> {
        match started {
            Ok(services) => {
                let mut events = services.events();
                let opened =
                    keyboard::open(self.config.data_dir.join("input")).map(Message::Keyboard);
                let filing = services.filing.clone();
                self.snapshot = Some(services.catalogue.snapshot());
                self.services = Some(services);
                self.look_for_card(true);
                let left_off = Task::future(async move {
                    Message::Offer(filing.latest_anonymous(Duration::from_mins(2)).await)
                });
                Task::batch([
                    Task::stream(iced::futures::stream::poll_fn(move |cx| {
                        events.poll_recv(cx)
                    }))
                    .map(Message::World),
                    opened,
                    left_off,
                ])
            }
            Err(error) => {
                tracing::error!(%error, "nothing can be filed here");
                // Guides are carried inside the program: reading them must always work.
                self.snapshot = Some(Catalogue::in_memory().snapshot());
                self.start_error = Some(error);
                self.sheet = Some(Sheet::Broken);
                Task::none()
            }
        }
    }

    fn world(&mut self, world: World) -> Task<Message> {
        match world {
            World::Network(reachability) => {
                self.reachability = reachability;
                self.lights();
                Task::none()
            }
            World::Reader(status) => {
                let trouble =
                    (!status.is_usable()).then(|| t!("identity.no_reader_do").into_owned());
                self.reader = Some(status);
                self.lights();
                if let Screen::Filing(screen) = &mut self.screen {
                    screen.no_reader(trouble);
                }
                Task::none()
            }
            World::Printer(status) => {
                self.printer = Some(status);
                self.lights();
                Task::none()
            }
            World::Card(event) => self.card(event),
            World::Filing(event) => self.filing_event(event),
            World::Catalogue(snapshot) => {
                self.snapshot = Some(snapshot);
                Task::none()
            }
        }
    }

    fn lights(&mut self) {
        self.status.lights = [
            Some(faults::network_light(self.reachability)),
            self.reader.as_ref().map(faults::reader_light),
            self.printer.as_ref().map(faults::printer_light),
        ]
        .into_iter()
        .flatten()
        .collect();
    }

    fn card(&mut self, event: CardEvent) -> Task<Message> {
        match event {
            CardEvent::Found | CardEvent::Reading => {
                self.card_on_reader = true;
                self.session.sign(Sign::Working, Instant::now());
                match &mut self.screen {
                    Screen::Filing(screen) => screen.card_reading(),
                    Screen::Progress(screen) => screen.card_reading(),
                    _ => {}
                }
                Task::none()
            }
            CardEvent::Read(card) => self.card_read(&card),
            CardEvent::Failed(error) => {
                let (title, detail) = faults::card_words(&error);
                self.card_wrong(title.into_owned(), detail.into_owned());
                Task::none()
            }
            CardEvent::Removed => {
                self.card_on_reader = false;
                Task::none()
            }
        }
    }

    fn card_wrong(&mut self, title: String, detail: String) {
        match &mut self.screen {
            Screen::Filing(screen) => screen.card_wrong(title, detail),
            Screen::Progress(screen) => screen.card_wrong(title, detail),
            _ => {}
        }
    }

    fn card_read(&mut self, card: &IdCard) -> Task<Message> {
        self.card_on_reader = true;
        let now = Instant::now();
        let today = words::today(Timestamp::now());
        if let Err(refusal) = card.check(today) {
            let (title, detail) = faults::refusal_words(&refusal);
            self.card_wrong(title.into_owned(), detail.into_owned());
            return Task::none();
        }
        let visitor = Visitor::from_card(card);
        let another = self
            .session
            .visitor()
            .is_some_and(|known| !known.is(&visitor));
        let mut first = Task::none();
        if another && !matches!(self.screen, Screen::Filing(_)) {
            first = self.end_visit(EndReason::AnotherPerson);
        }
        if matches!(self.screen, Screen::Attract | Screen::Goodbye { .. }) {
            self.screen = Screen::Home;
        }
        let applicant = visitor.applicant().clone();
        let name = format!("{}{}", applicant.name, applicant.address);
        // Refused only while filing, where the draft itself says that the card is another person's.
        let _ = self.session.identify(visitor, now);
        let offer = self.offer_resumption();
        let events = match &mut self.screen {
            Screen::Filing(screen) => screen.identified(applicant, &mut self.keyboard, now),
            Screen::Progress(screen) => {
                screen.identified();
                let cases = self.my_cases();
                self.look_for_card(false);
                return Task::batch([first, cases, offer]);
            }
            _ => {
                self.look_for_card(false);
                Vec::new()
            }
        };
        let done = self.carry_out(events);
        // Asked before the draft in hand is saved under this person's name: it would be found instead.
        Task::batch([first, self.letters_for(&name), offer.chain(done)])
    }

    /// Fetches the rare characters when this name has one that the ordinary fonts lack.
    fn letters_for(&mut self, name: &str) -> Task<Message> {
        if self.rare_letters || type_roles::covers(name) {
            return Task::none();
        }
        self.rare_letters = true;
        iced::font::load(crate::assets::FONT_RARE).map(|_| Message::Done)
    }

    /// A draft of this person that was not finished: offered, unless it is the one in hand.
    fn offer_resumption(&self) -> Task<Message> {
        let (Some(services), Some(visitor)) = (&self.services, self.session.visitor()) else {
            return Task::none();
        };
        if matches!(self.screen, Screen::Progress(_)) {
            return Task::none();
        }
        let holder = services.filing.holder(&visitor.applicant().id_number);
        let filing = services.filing.clone();
        let in_hand = match &self.screen {
            Screen::Filing(screen) => screen.draft_key(),
            _ => None,
        };
        Task::future(async move {
            let draft = filing.resumable(&holder).await;
            Message::Offer(draft.filter(|draft| Some(draft.key()) != in_hand))
        })
    }

    fn resume(&mut self, resume: bool) -> Task<Message> {
        let Some(Sheet::Resume(draft)) = self.sheet.take() else {
            return Task::none();
        };
        let now = Instant::now();
        self.session.sign(Sign::Touch, now);
        if resume {
            let mut draft = *draft;
            let begun = match &self.screen {
                Screen::Filing(screen) => screen.draft_key(),
                _ => None,
            };
            if let Some(visitor) = self.session.visitor()
                && draft.identify(visitor.applicant().clone()).is_err()
            {
                return Task::none();
            }
            let (screen, events) = filing::Filing::open(draft, &mut self.keyboard, now);
            self.screen = Screen::Filing(Box::new(screen));
            // What was begun a moment ago only led back here.
            let dropped = begun.map_or_else(Task::none, |key| self.discard(key));
            return Task::batch([self.carry_out(events), dropped]);
        }
        let key = draft.key();
        drop(draft);
        self.discard(key)
    }

    fn discard(&self, key: Ulid) -> Task<Message> {
        let Some(services) = &self.services else {
            return Task::none();
        };
        let filing = services.filing.clone();
        Task::future(async move {
            if let Err(error) = filing.discard(key).await {
                tracing::warn!(%error, "an unfinished draft could not be removed");
            }
            Message::Done
        })
    }

    fn my_cases(&self) -> Task<Message> {
        let (Some(services), Some(visitor)) = (&self.services, self.session.visitor()) else {
            return Task::none();
        };
        let holder = services.filing.holder(&visitor.applicant().id_number);
        let filing = services.filing.clone();
        Task::future(async move { Message::Cases(filing.cases_of(&holder).await) })
    }

    fn filing_event(&mut self, event: FilingEvent) -> Task<Message> {
        let key = event.key();
        let shown = match &self.screen {
            Screen::Filing(screen) => screen.case_key() == Some(key),
            Screen::Progress(_) => true,
            _ => false,
        };
        let (true, Some(services)) = (shown, &self.services) else {
            return Task::none();
        };
        let filing = services.filing.clone();
        Task::future(async move {
            filing
                .case(key)
                .await
                .map_or(Message::Done, |case| Message::Submitted(Ok(Box::new(case))))
        })
    }

    fn look_for_card(&self, look: bool) {
        if let Some(reader) = self
            .services
            .as_ref()
            .and_then(|services| services.peripherals.card_reader.as_ref())
        {
            if look {
                reader.arm();
            } else {
                reader.disarm();
            }
        }
    }

    // --- the visit ------------------------------------------------------------------------

    fn tick(&mut self, now: Instant) -> Task<Message> {
        self.now = now;
        let wall = Timestamp::now();
        self.status.time = words::time(wall);
        self.day = words::day_and_weekday(wall);
        if let Screen::Goodbye { until, .. } = self.screen {
            if now >= until {
                self.screen = Screen::Attract;
                self.look_for_card(true);
            }
            return Task::none();
        }
        if let Presence::Ended(reason) = self.session.sign(Sign::Tick, now) {
            return self.end_visit(reason);
        }
        let unsaved = match &mut self.screen {
            Screen::Filing(screen) => screen.take_unsaved(),
            _ => None,
        };
        self.carry_out(unsaved.into_iter().collect())
    }

    fn begin_visit(&mut self) -> Task<Message> {
        self.session.sign(Sign::Touch, Instant::now());
        self.screen = Screen::Home;
        Task::none()
    }

    /// Everything of this person goes: screens, texts, the card's facts, the keyboard's composition.
    fn end_visit(&mut self, reason: EndReason) -> Task<Message> {
        let unsaved = match &mut self.screen {
            Screen::Filing(screen) => screen.take_unsaved(),
            _ => None,
        };
        let kept = self.carry_out(unsaved.into_iter().collect());
        self.look_for_card(false);
        let now = Instant::now();
        let goodbye = Screen::Goodbye {
            until: now + Duration::from_secs(self.config.session.goodbye_s.into()),
            take_card: self.card_on_reader,
        };
        let mut belongings: Vec<Box<dyn Belonging>> = Vec::new();
        match std::mem::replace(&mut self.screen, goodbye) {
            Screen::Filing(screen) => belongings.push(screen),
            Screen::Progress(screen) => belongings.push(Box::new(screen)),
            Screen::Guides(screen)
            | Screen::Guide {
                from: Some(screen), ..
            } => belongings.push(Box::new(screen)),
            Screen::Attract | Screen::Home | Screen::Guide { .. } | Screen::Goodbye { .. } => {}
        }
        if let Some(Sheet::Resume(draft)) = self.sheet.take() {
            belongings.push(draft);
        }
        let session = std::mem::replace(&mut self.session, Session::new(times(&self.config)));
        let report = session.end(reason, belongings, now);
        tracing::info!(?report, "visit ended");
        self.keyboard.clear();
        self.ui.scale = TextScale::default();
        self.ui.contrast = super::theme::Contrast::default();
        self.ui.reach = super::theme::Reach::default();
        kept
    }

    fn leave_for_home(&mut self) -> Task<Message> {
        if let Screen::Filing(screen) = &mut self.screen
            && screen.in_hand()
        {
            let unsaved = screen.take_unsaved();
            self.sheet = Some(Sheet::Leave);
            return self.carry_out(unsaved.into_iter().collect());
        }
        self.look_for_card(false);
        self.screen = Screen::Home;
        Task::none()
    }

    // --- screens --------------------------------------------------------------------------

    fn home(&mut self, message: home::Message) -> Task<Message> {
        match message {
            home::Message::File => {
                self.screen = Screen::Guides(guides::Guides::new(guides::Purpose::File));
            }
            home::Message::Guides => {
                self.screen = Screen::Guides(guides::Guides::new(guides::Purpose::Read));
            }
            home::Message::Search => {
                self.screen = Screen::Guides(guides::Guides::searching(&mut self.keyboard));
            }
            home::Message::Progress | home::Message::Reprint => {
                let known = self.session.visitor().is_some();
                self.screen = Screen::Progress(progress::Progress::new(known, Instant::now()));
                if known {
                    return self.my_cases();
                }
                self.look_for_card(true);
            }
            home::Message::Phones => self.sheet = Some(Sheet::Help(help::About::General)),
            home::Message::Agents => self.sheet = Some(Sheet::Help(help::About::Agents)),
            home::Message::Open(id) => self.open_guide(&id, None),
        }
        Task::none()
    }

    fn guides(&mut self, message: guides::Message) -> Task<Message> {
        let Screen::Guides(screen) = &mut self.screen else {
            return Task::none();
        };
        match screen.update(message, &mut self.keyboard) {
            Some(guides::Event::Leave) => self.screen = Screen::Home,
            Some(guides::Event::Open(id)) => {
                if let Screen::Guides(from) = std::mem::replace(&mut self.screen, Screen::Home) {
                    self.open_guide(&id, Some(from));
                }
            }
            None => {}
        }
        Task::none()
    }

    fn open_guide(&mut self, id: &GuideId, from: Option<guides::Guides>) {
        let found = self
            .snapshot
            .as_ref()
            .and_then(|guides| Some((guides.guide(id)?, guides.themes())));
        let Some((guide, themes)) = found else {
            if let Some(from) = from {
                self.screen = Screen::Guides(from);
            }
            return;
        };
        let theme = guide
            .themes
            .first()
            .and_then(|id| themes.iter().find(|theme| theme.id == *id))
            .map(|theme| theme.name.clone())
            .unwrap_or_default();
        let freshness = words::freshness(&guide);
        self.screen = Screen::Guide {
            page: guide::GuidePage::new(guide, theme, freshness),
            from,
        };
    }

    fn guide(&mut self, message: guide::Message) -> Task<Message> {
        let base = self.config.platform.url.clone();
        let Screen::Guide { page, from } = &mut self.screen else {
            return Task::none();
        };
        let event = page.update(message, |guide| {
            format!(
                "{}/v1/catalogue/guides/{}",
                base.trim_end_matches('/'),
                guide.id
            )
        });
        match event {
            Some(guide::Event::Leave) => {
                self.screen = from.take().map_or(Screen::Home, Screen::Guides);
                Task::none()
            }
            Some(guide::Event::Print) => {
                let Some(services) = &self.services else {
                    return Task::none();
                };
                let slip = crate::catalogue::slip(page.guide(), &self.config.place.name);
                let peripherals = services.peripherals.clone();
                Task::future(async move { Message::GuidePrinted(peripherals.print(&slip).await) })
            }
            Some(guide::Event::File) => {
                let guide = Arc::clone(page.guide());
                let Some(services) = &self.services else {
                    self.sheet = Some(Sheet::Broken);
                    return Task::none();
                };
                let mut draft = services.filing.begin(guide);
                if let Some(visitor) = self.session.visitor() {
                    // A new draft belongs to nobody yet, so this person can take it.
                    let _ = draft.identify(visitor.applicant().clone());
                }
                let (screen, events) =
                    filing::Filing::open(draft, &mut self.keyboard, Instant::now());
                self.screen = Screen::Filing(Box::new(screen));
                self.carry_out(events)
            }
            None => Task::none(),
        }
    }

    fn filing(&mut self, message: filing::Message) -> Task<Message> {
        let Screen::Filing(screen) = &mut self.screen else {
            return Task::none();
        };
        let events = screen.update(
            message,
            &self.ui,
            &mut self.keyboard,
            Instant::now(),
            Timestamp::now(),
        );
        self.carry_out(events)
    }

    fn progress(&mut self, message: progress::Message) -> Task<Message> {
        let Screen::Progress(screen) = &mut self.screen else {
            return Task::none();
        };
        match screen.update(message, Instant::now()) {
            Some(progress::Event::LookForCard(look)) => {
                self.look_for_card(look);
                Task::none()
            }
            Some(progress::Event::Ask(key)) => {
                self.services.as_ref().map_or_else(Task::none, |services| {
                    let filing = services.filing.clone();
                    Task::future(
                        async move { Message::Official(key, official(&filing, key).await) },
                    )
                })
            }
            Some(progress::Event::Print(key)) => self.print(key),
            Some(progress::Event::Leave) => {
                self.look_for_card(false);
                self.screen = Screen::Home;
                Task::none()
            }
            Some(progress::Event::HelpWithoutCard) => {
                self.sheet = Some(Sheet::Help(help::About::NoCard));
                Task::none()
            }
            None => Task::none(),
        }
    }

    fn print(&self, key: Ulid) -> Task<Message> {
        self.services.as_ref().map_or_else(Task::none, |services| {
            let services = services.clone();
            Task::future(async move { Message::Printed(services.print_receipt(key).await) })
        })
    }

    fn submitted(&mut self, result: Result<Box<CaseView>, (String, String)>) -> Task<Message> {
        match (&mut self.screen, result) {
            (Screen::Filing(screen), Ok(case)) if screen.in_hand() => {
                let events = screen.submitted(*case);
                self.carry_out(events)
            }
            (Screen::Filing(screen), Ok(case)) => {
                screen.went_on(*case);
                Task::none()
            }
            (Screen::Progress(screen), Ok(case)) => {
                screen.went_on(&case);
                Task::none()
            }
            (Screen::Filing(screen), Err((title, detail))) => {
                screen.not_submitted(title, detail);
                Task::none()
            }
            _ => Task::none(),
        }
    }

    /// Does what the filing screen asks for.
    fn carry_out(&mut self, events: Vec<filing::Event>) -> Task<Message> {
        let Some(services) = self.services.clone() else {
            return Task::none();
        };
        let mut tasks = Vec::new();
        for event in events {
            match event {
                filing::Event::Save(draft) => {
                    let filing = services.filing.clone();
                    tasks.push(Task::future(async move {
                        Message::Kept(
                            filing
                                .save(&draft)
                                .await
                                .err()
                                .map(|error| owned(faults::save_words(&error))),
                        )
                    }));
                }
                filing::Event::LookForCard(look) => self.look_for_card(look),
                filing::Event::Scan => {
                    let peripherals = services.peripherals.clone();
                    tasks.push(Task::future(async move {
                        Message::Scanned(peripherals.scan().await)
                    }));
                }
                filing::Event::Submit(draft) => {
                    let filing = services.filing.clone();
                    tasks.push(Task::future(async move {
                        Message::Submitted(
                            submit(&filing, draft)
                                .await
                                .map(Box::new)
                                .map_err(|error| owned(faults::submit_words(&error))),
                        )
                    }));
                }
                filing::Event::Print(key) => tasks.push(self.print(key)),
                filing::Event::Rate(key, grade, reasons) => {
                    let filing = services.filing.clone();
                    tasks.push(Task::future(async move {
                        if let Err(error) = filing.rate(key, grade, &reasons).await {
                            tracing::warn!(%error, "a rating could not be kept");
                        }
                        Message::Done
                    }));
                }
                filing::Event::Leave | filing::Event::Another => {
                    self.screen = Screen::Home;
                }
                filing::Event::Finish => tasks.push(self.end_visit(EndReason::Finished)),
                filing::Event::HelpWithoutCard => {
                    self.sheet = Some(Sheet::Help(help::About::NoCard));
                }
                filing::Event::HelpFromAgent => {
                    self.sheet = Some(Sheet::Help(help::About::Agents));
                }
            }
        }
        Task::batch(tasks)
    }

    // --- drawing --------------------------------------------------------------------------

    fn view(&self) -> Element<'_, Message> {
        let ui = &self.ui;
        let base = match &self.screen {
            Screen::Attract => {
                let place = &self.config.place;
                attract::view(
                    ui,
                    &attract::Facts {
                        place: &self.place_title,
                        day: &self.day,
                        time: &self.status.time,
                        hotline: place
                            .hotlines
                            .first()
                            .map_or("12345", |h| h.number.as_str()),
                        card_reader: self.reader.as_ref().is_some_and(DeviceStatus::is_usable),
                    },
                )
                .map(Message::Attract)
            }
            Screen::Goodbye { until, take_card } => {
                let seconds = until.saturating_duration_since(self.now).as_secs() + 1;
                goodbye::view(ui, *take_card, seconds).map(Message::Goodbye)
            }
            Screen::Home => {
                let seasonal = self
                    .snapshot
                    .as_ref()
                    .map(|guides| home::often(guides, words::month(Timestamp::now())))
                    .unwrap_or_default();
                self.framed(home_tools(), home::view(ui, &seasonal).map(Message::Home))
            }
            Screen::Guides(screen) => self.framed(
                tools(),
                match &self.snapshot {
                    Some(guides) => screen.view(ui, guides, &self.keyboard).map(Message::Guides),
                    None => frame::Page::new(ui.title(t!("guides.preparing"))),
                },
            ),
            Screen::Guide { page, .. } => {
                let base = self.framed(tools(), page.view(ui).map(Message::Guide));
                match page.sheet(ui) {
                    Some(sheet) => frame::over(ui, base, sheet.map(Message::Guide)),
                    None => base,
                }
            }
            Screen::Filing(screen) => self.framed(
                tools(),
                screen
                    .view(ui, &self.keyboard, self.now)
                    .map(Message::Filing),
            ),
            Screen::Progress(screen) => {
                self.framed(tools(), screen.view(ui, self.now).map(Message::Progress))
            }
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
            Some(Sheet::TextSize) => {
                frame::over(ui, base, sheets::text_size(ui).map(Message::Sheet))
            }
            Some(Sheet::Leave) => frame::over(ui, base, sheets::leave(ui).map(Message::Sheet)),
            Some(Sheet::Resume(draft)) => {
                frame::over(ui, base, sheets::resume(ui, draft).map(Message::Sheet))
            }
        }
    }

    fn framed<'a>(
        &'a self,
        tools: Vec<Tool<Message>>,
        page: frame::Page<'a, Message>,
    ) -> Element<'a, Message> {
        frame::view(&self.ui, &self.status, tools, page)
    }
}

/// The tools that every framed screen has.
fn tools() -> Vec<Tool<Message>> {
    vec![
        Tool {
            icon: Icon::House,
            words: t!("bar.home"),
            message: Message::ToHome,
        },
        Tool {
            icon: Icon::Type,
            words: t!("bar.text_size"),
            message: Message::AskTextSize,
        },
        Tool {
            icon: Icon::CircleHelp,
            words: t!("bar.help"),
            message: Message::AskHelp,
        },
    ]
}

/// The home screen has room for more.
fn home_tools() -> Vec<Tool<Message>> {
    vec![
        Tool {
            icon: Icon::Type,
            words: t!("bar.text_size"),
            message: Message::AskTextSize,
        },
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
        Tool {
            icon: Icon::CircleHelp,
            words: t!("bar.help"),
            message: Message::AskHelp,
        },
        Tool {
            icon: Icon::LogOut,
            words: t!("bar.end"),
            message: Message::Sheet(sheets::Message::End),
        },
    ]
}

/// Hands the draft over, then waits a little for the platform, so that most people see the official number at once.
async fn submit(filing: &crate::filing::Filing, draft: Draft) -> Result<CaseView, SubmitError> {
    let queued = filing.submit(&draft).await?;
    drop(draft);
    filing
        .await_ack(queued.key, Duration::from_secs(6))
        .await
        .ok_or_else(|| SubmitError::Other("the queued case cannot be read".to_owned()))
}

/// What the platform says of a case now.
async fn official(filing: &crate::filing::Filing, key: Ulid) -> progress::Official {
    let Some(known) = filing.case(key).await.and_then(|case| case.official) else {
        return progress::Official::Unreachable;
    };
    filing
        .progress(&known.number, &known.query_code)
        .await
        .map_or(progress::Official::Unreachable, progress::Official::Known)
}

fn owned((title, detail): faults::Words) -> (String, String) {
    (title.into_owned(), detail.into_owned())
}

fn times(config: &Config) -> SessionTimes {
    SessionTimes {
        warn_after: Duration::from_secs(config.session.idle_warning_s.into()),
        wipe_after: Duration::from_secs(config.session.idle_wipe_s.into()),
    }
}

//! A room with a terminal in it, for one test.

use std::path::Path;
use std::time::{Duration, Instant};

use jinban::demo::villager::{self, Page};
use jinban::demo::{DemoError, Devices, Display, Hand, Programs, Simulator, Stage, Terminal};
use serde_json::{Value, json};

/// The virtual panel; smaller than a real one, in its proportions, and quicker to draw.
const PANEL: (u32, u32) = (1080, 1920);

/// Everything in the room. The terminal ends first, the display last.
pub struct Room {
    pub terminal: Option<Terminal>,
    pub hand: Hand,
    pub stage: Stage,
    display: Display,
    _folder: tempfile::TempDir,
}

impl Room {
    /// Opens the room, or says why that cannot be done on this machine.
    pub async fn open() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        Self::open_in(folder).await
    }

    /// As [`Room::open`], in a folder that was made ready.
    pub async fn open_in(folder: tempfile::TempDir) -> Option<Self> {
        let programs = Programs::beside(Path::new(env!("CARGO_BIN_EXE_jinban")));
        let display = match Display::find(true, PANEL.0, PANEL.1) {
            Ok(display) => display,
            Err(error) => {
                println!("SKIPPED: {error}");
                return None;
            }
        };
        let stage = match Stage::set(folder.path(), programs, Devices::default(), false).await {
            Ok(stage) => stage,
            Err(error @ DemoError::Missing { .. }) => {
                println!("SKIPPED: {error}");
                return None;
            }
            Err(error) => panic!("{error}"),
        };
        let name = display.virtual_name().unwrap();
        let terminal = stage.open_terminal(Some(name), PANEL).unwrap();
        let hand = Hand::on(name, &stage.probe(), &stage.screens()).unwrap();
        Some(Self {
            terminal: Some(terminal),
            hand,
            stage,
            display,
            _folder: folder,
        })
    }

    pub fn reader(&self) -> &Simulator {
        self.stage.reader.as_ref().unwrap()
    }

    pub fn printer(&self) -> &Simulator {
        self.stage.printer.as_ref().unwrap()
    }

    /// What the reader's simulator is told beside laying a card down or lifting it.
    pub fn tell_reader(&self, order: &Value) {
        let answer = self.reader().order(order).unwrap();
        assert!(answer.get("error").is_none(), "{order}: {answer}");
    }

    pub fn lay_down(&self) {
        self.tell_reader(&json!({"do": "place", "card": "default"}));
    }

    /// Lays the card down as a person does: anew, when nothing has happened for a while.
    pub fn lay_down_until(&self, words: &str) {
        for _ in 0..10 {
            self.lay_down();
            let until = Instant::now() + Duration::from_secs(4);
            while Instant::now() < until {
                if self.hand.look().iter().any(|s| s.text.contains(words)) {
                    return;
                }
                std::thread::sleep(Duration::from_millis(80));
            }
            self.lift();
            std::thread::sleep(Duration::from_secs(1));
        }
        self.reads(words);
    }

    pub fn lift(&self) {
        self.tell_reader(&json!({"do": "remove"}));
    }

    /// SIGKILL, as a pulled plug, and on again.
    pub fn pull_the_plug(&mut self) {
        if let Some(terminal) = self.terminal.take() {
            terminal.kill();
        }
        self.lift();
        let name = self.display.virtual_name();
        self.terminal = Some(self.stage.open_terminal(name, PANEL).unwrap());
    }

    pub fn go_to(&mut self, page: Page) {
        villager::go_to(&self.stage, &mut self.hand, page).unwrap();
    }

    pub fn reads(&self, words: &str) {
        self.hand.await_text(words).unwrap();
    }

    /// Cases that the platform has.
    pub async fn received(&self) -> usize {
        let platform = self.stage.platform().unwrap();
        let cases = platform.database().latest_cases(100).await.unwrap();
        let mut numbers: Vec<_> = cases.iter().map(|case| &case.number.0).collect();
        numbers.sort();
        numbers.dedup();
        assert_eq!(numbers.len(), cases.len(), "a number was given twice");
        cases.len()
    }
}

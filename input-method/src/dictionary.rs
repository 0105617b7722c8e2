//! The words the keyboard knows: the embedded tables, and lists that were added on site.

use crate::{
    Mode,
    compile::{self, Entry},
    reading::{self, Readings},
    search::{Layer, Place},
    table::Table,
};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// The folder of word lists inside the data folder, and how the name of a list ends.
const LISTS: (&str, &str) = ("lexicons", "tsv");
/// A list that is larger was not meant for a keyboard.
const LARGEST_LIST: u64 = 4 << 20;
/// A word added on site is as likely as one for which people come to the service room.
const ADDED: u8 = 88;

/// Why the keyboard cannot be used, or a word list cannot.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The program file is damaged.
    #[error("输入法的词库已损坏。请重新安装本程序。")]
    Damaged,
    /// A word list added on site cannot be read; the keyboard works without it.
    #[error("词表读不出来，键盘不会用到它：{path}。请检查文件和权限。")]
    Unreadable {
        /// The list.
        path: PathBuf,
        /// What the file system said.
        source: io::Error,
    },
    /// A line of a word list cannot be used; the others are.
    #[error("词表第 {line} 行用不了：{path}。请写成“词语”，或“词语、制表符、拼音”。")]
    Line {
        /// The list.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
    },
}

/// All tables.
pub struct Dictionary {
    general: Table,
    services: Table,
    places: Table,
    surnames: Table,
    given: Table,
    added: Option<Table>,
}

macro_rules! embedded {
    ($name:literal) => {
        Table::new(include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".bin")).as_slice())
            .ok_or(EngineError::Damaged)?
    };
}

impl Dictionary {
    /// Opens the embedded tables and adds the lists in the `lexicons` folder of `data_dir`, if there are any.
    ///
    /// Returns with it what is wrong with the lists.
    pub fn open(data_dir: &Path) -> Result<(Self, Vec<EngineError>), EngineError> {
        let mut dictionary = Self {
            general: embedded!("general"),
            services: embedded!("services"),
            places: embedded!("places"),
            surnames: embedded!("surnames"),
            given: embedded!("given"),
            added: None,
        };
        let mut problems = Vec::new();
        let paths = lists(&data_dir.join(LISTS.0), &mut problems);
        if !paths.is_empty() {
            let readings = dictionary.readings();
            let entries: Vec<Entry> = paths
                .iter()
                .flat_map(|path| entries(path, &readings, &mut problems))
                .collect();
            dictionary.added = (!entries.is_empty())
                .then(|| Table::new(compile::table(entries)))
                .flatten();
        }
        Ok((dictionary, problems))
    }

    /// The tables in the way a mode uses them. `first`: nothing stands before these words in the field.
    pub fn layers(&self, mode: Mode, first: bool) -> Vec<Layer<'_>> {
        let layer = |table, cost, completes| Layer {
            table,
            cost,
            place: Place::Any,
            single: false,
            completes,
        };
        let mut layers = match mode {
            Mode::Text => vec![
                layer(&self.general, 0, None),
                layer(&self.services, 0, Some(12)),
                layer(&self.places, 0, Some(25)),
            ],
            Mode::Search => vec![
                layer(&self.general, 15, None),
                layer(&self.services, -25, Some(6)),
                layer(&self.places, 15, None),
            ],
            Mode::Address => vec![
                layer(&self.general, 15, None),
                layer(&self.places, -45, Some(10)),
            ],
            Mode::Name => {
                let single = |table, cost, place| Layer {
                    table,
                    cost,
                    place,
                    single: true,
                    completes: None,
                };
                // A character that few names have.
                let mut layers = vec![single(&self.general, 110, Place::Any)];
                if first {
                    layers.push(Layer {
                        place: Place::First,
                        ..layer(&self.surnames, 0, None)
                    });
                    // The surname may stand in the field already.
                    layers.push(single(&self.given, 35, Place::First));
                    layers.push(single(&self.given, 0, Place::Later));
                } else {
                    layers.push(single(&self.given, 0, Place::Any));
                }
                layers
            }
        };
        if mode != Mode::Name {
            layers.extend(self.added.iter().map(|table| layer(table, -10, Some(10))));
        }
        layers
    }

    fn readings(&self) -> Readings {
        let mut readings = Readings::default();
        for child in self.general.children(Table::ROOT) {
            let (syllable, node) = self.general.node(child);
            for word in self.general.words(node) {
                if let Some(character) = self.general.text(word).chars().next() {
                    readings.learn(character, syllable, word.cost);
                }
            }
        }
        readings
    }
}

fn lists(folder: &Path, problems: &mut Vec<EngineError>) -> Vec<PathBuf> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(source) => {
            if source.kind() != io::ErrorKind::NotFound {
                problems.push(EngineError::Unreadable {
                    path: folder.to_owned(),
                    source,
                });
            }
            return Vec::new();
        }
    };
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    paths.retain(|path| path.extension().is_some_and(|e| e == LISTS.1));
    paths.sort();
    paths
}

fn entries(path: &Path, readings: &Readings, problems: &mut Vec<EngineError>) -> Vec<Entry> {
    let size = fs::metadata(path).map(|m| m.len());
    let text = size.and_then(|size| {
        if size > LARGEST_LIST {
            Err(io::ErrorKind::FileTooLarge.into())
        } else {
            fs::read_to_string(path)
        }
    });
    let text = match text {
        Ok(text) => text,
        Err(source) => {
            problems.push(EngineError::Unreadable {
                path: path.to_owned(),
                source,
            });
            return Vec::new();
        }
    };
    let mut entries = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let Some((word, pinyin)) = reading::line(line) else {
            continue;
        };
        let spelled = match pinyin {
            Some(pinyin) => reading::parse(pinyin).into_iter().collect(),
            None => readings.of(word),
        };
        if spelled.is_empty() || word.len() > usize::from(u8::MAX) {
            problems.push(EngineError::Line {
                path: path.to_owned(),
                line: number,
            });
        }
        entries.extend(spelled.into_iter().map(|syllables| Entry {
            syllables,
            cost: ADDED,
            text: word.to_owned(),
        }));
    }
    entries
}

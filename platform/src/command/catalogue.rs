//! `jinban-platform catalogue …`: publish, check, import, describe.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Subcommand, ValueEnum};
use jiff::Timestamp;
use jinban_api::catalogue::Theme;
use jinban_platform::check::{Contradiction, Finding, check, check_whole};
use jinban_platform::items::{Encoding, Item, ItemFile, ItemLine, Layout};
use jinban_platform::{CatalogueFolder, Imported, Platform, PlatformConfig, schema};
use serde::Serialize;

use crate::Failure;

/// Something was found that must be mended.
const FOUND: u8 = 1;

#[derive(Subcommand)]
pub enum Catalogue {
    /// Publish a folder of guides as the whole catalogue.
    Publish {
        /// One guide in each *.json, themes.json, attachments/, and a folder for each kind of document.
        dir: PathBuf,
    },
    /// Check guides against the rules; nothing is published. Ends with 1 when something breaks them.
    Check {
        /// JSON Lines, JSON, CSV, or a folder of guides.
        file: PathBuf,
        /// Theme tiles to check against; a themes.json beside the file is found by itself.
        #[arg(long, value_name = "FILE")]
        themes: Option<PathBuf>,
        /// For people or for programs.
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Publish the items of a file and leave all others as they are. Ends with 1 when lines were left out.
    Import {
        /// JSON Lines, JSON or CSV.
        file: PathBuf,
        /// For people or for programs.
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Write the whole catalogue, signed, into a folder: for terminals that are brought their guides on a stick.
    Export {
        /// Made when it is not there.
        dir: PathBuf,
        /// How much room there is for forms and samples, the most wanted first; all of them when it is not said.
        #[arg(long, value_name = "BYTES")]
        budget: Option<u64>,
    },
    /// Print the JSON Schema of an item.
    Schema,
}

/// How the outcome is printed.
#[derive(Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}

pub async fn run(command: Catalogue, config: &PlatformConfig) -> Result<ExitCode, Failure> {
    match command {
        Catalogue::Publish { dir } => publish(&Platform::open(config).await?, &dir).await,
        Catalogue::Check {
            file,
            themes,
            format,
        } => check_file(&file, themes.as_deref(), format),
        Catalogue::Import { file, format } => {
            let items = ItemFile::read(&file)?;
            import(&Platform::open(config).await?, &items, format).await
        }
        Catalogue::Export { dir, budget } => {
            let budget = budget.unwrap_or(u64::MAX);
            export(&Platform::open(config).await?, &dir, budget).await
        }
        Catalogue::Schema => {
            println!("{}", serde_json::to_string_pretty(&schema::item_schema())?);
            Ok(ExitCode::SUCCESS)
        }
    }
}

async fn publish(platform: &Platform, dir: &Path) -> Result<ExitCode, Failure> {
    let published = platform.publish(&CatalogueFolder::read(dir)?).await?;
    println!("revision {}", published.revision);
    for guide in &published.changed {
        println!("changed\t{guide}");
    }
    for guide in &published.withdrawn {
        println!("withdrawn\t{guide}");
    }
    for (guide, problem) in &published.refused {
        println!("refused\t{guide}\t{problem}");
    }
    if published.refused.is_empty() {
        Ok(ExitCode::SUCCESS)
    } else {
        Err("some guides were left as they were published before".into())
    }
}

async fn export(platform: &Platform, dir: &Path, budget: u64) -> Result<ExitCode, Failure> {
    // The season is that of China.
    let month = jiff::tz::offset(8).to_datetime(Timestamp::now()).month();
    let exported = platform.export(dir, budget, month).await?;
    let left_out = match exported.left_out {
        0 => String::new(),
        count => format!("，放不下的{count}个没有带"),
    };
    println!(
        "第{}批，表格和样张{}个（{}字节）{left_out}，写进了 {}",
        exported.number,
        exported.files,
        exported.bytes,
        dir.display()
    );
    Ok(ExitCode::SUCCESS)
}

async fn import(
    platform: &Platform,
    items: &ItemFile,
    format: Format,
) -> Result<ExitCode, Failure> {
    let imported: Imported = platform.import(items).await?;
    match format {
        Format::Json => println!("{}", serde_json::to_string_pretty(&imported)?),
        Format::Text => {
            for note in &imported.notes {
                println!("{note}");
            }
            for bad in &imported.bad {
                println!("第{}行没有收：{}", bad.line, bad.reason);
            }
            println!(
                "新的和改过的{}项，没有变化的{}项，没有收的{}行。现在是第{}批。",
                imported.changed.len(),
                imported.unchanged,
                imported.bad.len(),
                imported.revision
            );
        }
    }
    Ok(found(!imported.bad.is_empty()))
}

fn found(anything: bool) -> ExitCode {
    ExitCode::from(if anything { FOUND } else { 0 })
}

/// What checking a file found.
#[derive(Serialize)]
struct Report {
    encoding: Encoding,
    layout: Layout,
    /// Items that could be read.
    items: usize,
    violations: Vec<Line>,
    /// What should be looked at, and is no violation.
    reminders: Vec<Line>,
    /// Lines that could not be read.
    unread: Vec<Unread>,
    notes: Vec<String>,
}

#[derive(Serialize)]
struct Line {
    /// Where the item stands in the file, or in which file of a folder.
    at: String,
    item: String,
    name: String,
    /// Number of the rule, for the ten that have one.
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<u8>,
    #[serde(flatten)]
    finding: Finding,
}

#[derive(Serialize)]
struct Unread {
    at: String,
    reason: String,
}

fn check_file(path: &Path, themes: Option<&Path>, format: Format) -> Result<ExitCode, Failure> {
    let themes = read_themes(path, themes)?;
    let mut report = Report {
        encoding: Encoding::Utf8,
        layout: Layout::Json,
        items: 0,
        violations: Vec::new(),
        reminders: Vec::new(),
        unread: Vec::new(),
        notes: Vec::new(),
    };
    if path.is_dir() {
        for file in guides_in(path)? {
            let items = ItemFile::read(&file)?;
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            report.take(&items, &themes, |_| name.clone().into_owned());
        }
        report.take_whole(path);
    } else {
        let items = ItemFile::read(path)?;
        let counted = if items.layout == Layout::Json {
            "项"
        } else {
            "行"
        };
        report.take(&items, &themes, |number| format!("第{number}{counted}"));
    }
    let anything = !report.violations.is_empty() || !report.unread.is_empty();
    match format {
        Format::Json => println!("{}", serde_json::to_string_pretty(&report)?),
        Format::Text => report.print(),
    }
    Ok(found(anything))
}

/// The tiles that were named, or those that lie beside the guides; none otherwise.
fn read_themes(path: &Path, themes: Option<&Path>) -> Result<Vec<Theme>, Failure> {
    let folder = if path.is_dir() {
        Some(path)
    } else {
        path.parent()
    };
    let beside = folder.map(|folder| folder.join("themes.json"));
    let found = match themes {
        Some(named) => named.to_owned(),
        None => match beside.filter(|beside| beside.is_file()) {
            Some(beside) => beside,
            None => return Ok(Vec::new()),
        },
    };
    let text = std::fs::read(&found).map_err(|error| format!("{}: {error}", found.display()))?;
    serde_json::from_slice(&text)
        .map_err(|error| format!("{} 不是主题列表：{error}", found.display()).into())
}

fn guides_in(dir: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(|error| format!("{}: {error}", dir.display()))? {
        let path = entry?.path();
        let is_guide = path
            .extension()
            .is_some_and(|extension| extension == "json")
            && path.file_name().is_some_and(|name| name != "themes.json");
        if is_guide {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

impl Report {
    fn take(&mut self, file: &ItemFile, themes: &[Theme], at: impl Fn(usize) -> String) {
        self.encoding = file.encoding;
        self.layout = file.layout;
        self.notes.extend(file.notes.clone());
        for ItemLine { number, item } in &file.lines {
            let checked = item.clone().and_then(|item| {
                let guide = item.guide()?;
                Ok((item, check(&guide, themes)))
            });
            match checked {
                Err(reason) => self.unread.push(Unread {
                    at: at(*number),
                    reason,
                }),
                Ok((item, verdict)) => {
                    self.items += 1;
                    let line = |finding| Line::of(&at(*number), &item, finding);
                    self.violations
                        .extend(verdict.violations.into_iter().map(line));
                    self.reminders
                        .extend(verdict.reminders.into_iter().map(line));
                }
            }
        }
    }

    /// What one guide or document says, held against the others.
    fn take_whole(&mut self, dir: &Path) {
        match CatalogueFolder::look(dir) {
            Ok(folder) => self.violations.extend(check_whole(&folder).into_iter().map(
                |Contradiction {
                     kind,
                     id,
                     name,
                     finding,
                 }| Line {
                    at: format!("{kind}/{id}"),
                    item: id,
                    name,
                    number: finding.rule.number(),
                    finding,
                },
            )),
            Err(error) => self.unread.push(Unread {
                at: dir.display().to_string(),
                reason: error.to_string(),
            }),
        }
    }

    fn print(&self) {
        for note in &self.notes {
            println!("{note}");
        }
        for line in &self.unread {
            println!("{}读不出来：{}", line.at, line.reason);
        }
        for (lines, ending) in [(&self.violations, ""), (&self.reminders, "（提醒）")] {
            for line in lines {
                println!(
                    "{}\t{}（{}）\t{}\t{}{ending}：{}",
                    line.at,
                    line.name,
                    line.item,
                    line.finding.field,
                    line.finding.rule.title(),
                    line.finding.message
                );
            }
        }
        println!(
            "检查了{}项：不合规则的有{}处，提醒{}处，读不出来的{}行。",
            self.items,
            self.violations.len(),
            self.reminders.len(),
            self.unread.len()
        );
    }
}

impl Line {
    fn of(at: &str, item: &Item, finding: Finding) -> Self {
        Self {
            at: at.to_owned(),
            item: item.id().to_owned(),
            name: item.name().to_owned(),
            number: finding.rule.number(),
            finding,
        }
    }
}

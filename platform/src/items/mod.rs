//! Files of items as they come: JSON Lines, JSON or CSV, in UTF-8, UTF-16 or GB18030, with good lines and bad ones.

mod encoding;
mod lines;
mod listed;
mod table;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use jinban_api::guide::Guide;
use serde::Serialize;
use serde_json::{Map, Value};

pub use encoding::Encoding;

/// A file that is longer is not read at all.
const LONGEST_FILE: u64 = 1 << 30;
/// One item that is longer is a bad line.
const LONGEST_LINE: usize = 4 << 20;

/// What a file holds.
#[derive(Clone, Debug)]
pub struct ItemFile {
    /// How its characters are encoded.
    pub encoding: Encoding,
    /// How its items are laid out.
    pub layout: Layout,
    /// What the reader should be told about the file as a whole, in Chinese.
    pub notes: Vec<String>,
    /// Its items in order; a bad one does not keep the others out.
    pub lines: Vec<ItemLine>,
}

/// How the items of a file are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layout {
    /// One JSON object in each line.
    JsonLines,
    /// One JSON object, or an array of them.
    Json,
    /// Comma-separated values under a line of column names.
    Csv,
}

/// One item of a file.
#[derive(Clone, Debug)]
pub struct ItemLine {
    /// Line on which it begins, counted from 1; in a JSON array its position.
    pub number: usize,
    /// The item, or why there is none, in Chinese.
    pub item: Result<Item, String>,
}

/// An item as a file tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Fields of a guide. A list tells only some of them.
    pub fields: Map<String, Value>,
    /// True when the item came from a list: what it does not say is then left as it was published.
    pub listed: bool,
}

impl Item {
    /// Its identifier.
    pub fn id(&self) -> &str {
        self.text("id")
    }

    /// 事项名称.
    pub fn name(&self) -> &str {
        self.text("name")
    }

    fn text(&self, field: &str) -> &str {
        self.fields
            .get(field)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// The guide that the fields make. One that does not say its version is the first.
    ///
    /// # Errors
    /// What does not fit, in Chinese.
    pub fn guide(&self) -> Result<Guide, String> {
        guide(self.fields.clone())
    }
}

/// The guide that `fields` make.
pub(crate) fn guide(mut fields: Map<String, Value>) -> Result<Guide, String> {
    fields.entry("version").or_insert_with(|| 1.into());
    let guide: Guide = serde_json::from_value(Value::Object(fields))
        .map_err(|error| format!("不符合办事指南的格式：{}。", listed::plain(&error)))?;
    if guide.id.as_str().trim().is_empty() {
        return Err("没有标识 id。".to_owned());
    }
    if guide.id.as_str().len() > 200 || guide.id.as_str().chars().any(char::is_control) {
        return Err("标识 id 太长，或者里面有看不见的字符。".to_owned());
    }
    if guide.name.trim().is_empty() {
        return Err("没有事项名称 name。".to_owned());
    }
    Ok(guide)
}

/// Why a file cannot be read at all; the text is in Chinese.
#[derive(Debug, thiserror::Error)]
pub enum ItemFileError {
    /// The file cannot be opened or read.
    #[error("打不开 {}：{source}", path.display())]
    File {
        /// Which one.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The file is too long.
    #[error("{} 有 {length} 字节，太大了；最多收 {LONGEST_FILE} 字节。请分成几个文件。", path.display())]
    TooLong {
        /// Which one.
        path: PathBuf,
        /// In bytes.
        length: u64,
    },
    /// A table without the columns that are needed.
    #[error("表头缺少这些列：{}。表头里有：{}。需要的列是 item_code（事项编码）、name（事项名称）、department（实施主体）、task_type（事项类型）。", missing.join("、"), if found.is_empty() { "（空的）".to_owned() } else { found.join("、") })]
    Columns {
        /// What is not there.
        missing: Vec<&'static str>,
        /// What is.
        found: Vec<String>,
    },
    /// There is nothing in it.
    #[error("文件里什么也没有。")]
    Empty,
    /// Neither text nor a table.
    #[error("这个文件不是文本：{0}")]
    NotText(&'static str),
}

impl ItemFile {
    /// Reads `path`.
    pub fn read(path: &Path) -> Result<Self, ItemFileError> {
        let failed = |source| ItemFileError::File {
            path: path.to_owned(),
            source,
        };
        let length = std::fs::metadata(path).map_err(failed)?.len();
        if length > LONGEST_FILE {
            return Err(ItemFileError::TooLong {
                path: path.to_owned(),
                length,
            });
        }
        let bytes = std::fs::read(path).map_err(failed)?;
        let is_table = path
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
        Self::parse(&bytes, is_table)
    }

    /// Reads the content of a file; `is_table` when its name says that it is a table.
    pub fn parse(bytes: &[u8], is_table: bool) -> Result<Self, ItemFileError> {
        for (magic, what) in [
            (
                &b"PK\x03\x04"[..],
                "像是 Excel 表格或压缩包。请另存为 CSV（逗号分隔）再来。",
            ),
            (
                &b"\xd0\xcf\x11\xe0"[..],
                "像是旧版 Excel 表格。请另存为 CSV（逗号分隔）再来。",
            ),
            (&b"%PDF"[..], "像是 PDF。请用 CSV 或 JSON Lines。"),
            (&b"\x1f\x8b"[..], "像是压缩包。请先解开再来。"),
        ] {
            if bytes.starts_with(magic) {
                return Err(ItemFileError::NotText(what));
            }
        }
        let (text, encoding) = encoding::decode(bytes);
        if text.contains(&0) {
            return Err(ItemFileError::NotText("里面有零字节。"));
        }
        let begins = text.iter().find(|byte| !byte.is_ascii_whitespace());
        let Some(first) = begins else {
            return Err(ItemFileError::Empty);
        };
        let mut file = if !is_table && matches!(first, b'{' | b'[') {
            lines::parse(&text, encoding)
        } else {
            table::parse(&text, encoding)?
        };
        if let Encoding::Gb18030 | Encoding::Utf16 = encoding {
            file.notes
                .insert(0, format!("文件不是 UTF-8，按 {} 读的。", encoding.name()));
        }
        twice(&mut file.lines);
        Ok(file)
    }
}

/// An item that comes again contradicts or repeats the first; which one is meant is not ours to guess.
fn twice(lines: &mut [ItemLine]) {
    let mut first = std::collections::HashMap::new();
    for line in lines {
        let Ok(item) = &line.item else { continue };
        match first.entry(item.id().to_owned()) {
            std::collections::hash_map::Entry::Vacant(free) => {
                free.insert(line.number);
            }
            std::collections::hash_map::Entry::Occupied(taken) => {
                line.item = Err(format!(
                    "“{}”在第{}行已经有了，一个事项只能写一次。",
                    taken.key(),
                    taken.get()
                ));
            }
        }
    }
}

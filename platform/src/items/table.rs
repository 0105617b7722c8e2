//! Tables of items: comma-separated values under a line of column names.

use csv::{ByteRecord, ReaderBuilder};
use serde_json::{Map, Value};

use super::{Encoding, Item, ItemFile, ItemFileError, ItemLine, LONGEST_LINE, Layout, listed};

/// The columns, each with the names that exports give it.
const COLUMNS: [(&str, &[&str]); 4] = [
    (
        "item_code",
        &[
            "item_code",
            "itemcode",
            "code",
            "事项编码",
            "实施编码",
            "事项代码",
            "实施清单编码",
        ],
    ),
    (
        "name",
        &["name", "item_name", "task_name", "事项名称", "名称"],
    ),
    (
        "department",
        &[
            "department",
            "dept_name",
            "实施主体",
            "部门",
            "实施部门",
            "部门名称",
        ],
    ),
    ("task_type", &["task_type", "tasktype", "事项类型", "类型"]),
];

pub(super) fn parse(text: &[u8], encoding: Encoding) -> Result<ItemFile, ItemFileError> {
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(text))
        .from_reader(text);
    let mut record = ByteRecord::new();
    let mut lines = Vec::new();
    let mut header: Option<Header> = None;
    let mut notes = Vec::new();
    let mut place = Place {
        text,
        byte: 0,
        line: 1,
    };
    loop {
        // A reader over memory fails at nothing but its own limits; the rest of such a file cannot be told apart.
        match reader.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                notes.push(format!("后面的读不下去了：{error}。"));
                break;
            }
        }
        let number = place.line_of(record.position().map_or(0, |at| at.byte() as usize));
        if record.iter().all(|cell| cell.trim_ascii().is_empty()) {
            continue;
        }
        match &header {
            None => {
                let found = Header::of(&record)?;
                if !found.unused.is_empty() {
                    notes.push(format!("这些列没有用到：{}。", found.unused.join("、")));
                }
                header = Some(found);
            }
            Some(header) => lines.push(ItemLine {
                number,
                item: header.item(&record),
            }),
        }
    }
    if header.is_none() {
        return Err(ItemFileError::Empty);
    }
    Ok(ItemFile {
        encoding,
        layout: Layout::Csv,
        notes,
        lines,
    })
}

/// Tells lines by counting their ends. The reader's own count stops between the two characters of a CRLF.
struct Place<'a> {
    text: &'a [u8],
    byte: usize,
    line: usize,
}

impl Place<'_> {
    /// The line of the record that begins at `byte`, or after the line ends there.
    fn line_of(&mut self, byte: usize) -> usize {
        let skipped = self.text[byte..]
            .iter()
            .take_while(|byte| matches!(byte, b'\r' | b'\n'));
        let start = byte + skipped.count();
        let passed = &self.text[self.byte..start];
        self.line += passed.split(|byte| *byte == b'\n').count() - 1;
        self.byte = start;
        self.line
    }
}

/// Tabs and semicolons occur where a program's "CSV" is not comma-separated; the first line tells.
fn delimiter(text: &[u8]) -> u8 {
    let first = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |wanted: u8| first.split(|byte| *byte == wanted).count();
    [b',', b'\t', b';']
        .into_iter()
        .rev()
        .max_by_key(|separator| count(*separator))
        .unwrap_or(b',')
}

/// Where the four columns stand.
struct Header {
    at: [usize; 4],
    width: usize,
    unused: Vec<String>,
}

impl Header {
    fn of(record: &ByteRecord) -> Result<Self, ItemFileError> {
        let found: Vec<String> = record
            .iter()
            .map(|cell| String::from_utf8_lossy(cell).trim().to_owned())
            .collect();
        let place = |names: &[&str]| {
            found
                .iter()
                .position(|name| names.contains(&name.to_lowercase().as_str()))
        };
        let places = COLUMNS.map(|(_, names)| place(names));
        let missing: Vec<&'static str> = COLUMNS
            .iter()
            .zip(&places)
            .filter(|(_, place)| place.is_none())
            .map(|((name, _), _)| *name)
            .collect();
        let [Some(code), Some(name), Some(department), Some(task_type)] = places else {
            return Err(ItemFileError::Columns { missing, found });
        };
        let at = [code, name, department, task_type];
        let unused = found
            .iter()
            .enumerate()
            .filter(|(place, name)| !at.contains(place) && !name.is_empty())
            .map(|(_, name)| name.clone())
            .collect();
        Ok(Self {
            at,
            width: found.len(),
            unused,
        })
    }

    fn item(&self, record: &ByteRecord) -> Result<Item, String> {
        if record.as_slice().len() > LONGEST_LINE {
            return Err(format!("这一行太长了；最多{LONGEST_LINE}字节。"));
        }
        let last = self.at.iter().copied().max().unwrap_or(0);
        if record.len() <= last {
            return Err(format!(
                "这一行只有{}格，表头有{}格。",
                record.len(),
                self.width
            ));
        }
        if record.len() > self.width
            && record
                .iter()
                .skip(self.width)
                .any(|cell| !cell.trim_ascii().is_empty())
        {
            return Err(format!(
                "这一行有{}格，表头只有{}格。名称里有逗号的，要用引号括起来。",
                record.len(),
                self.width
            ));
        }
        let mut fields = Map::new();
        for ((name, _), place) in COLUMNS.iter().zip(self.at) {
            let cell = record.get(place).unwrap_or_default();
            let text =
                std::str::from_utf8(cell).map_err(|_| format!("{name} 这一格的文字坏了。"))?;
            // Spreadsheets keep long codes from becoming numbers by ="…" or a leading apostrophe.
            let text = text.trim();
            let text = text
                .strip_prefix("=\"")
                .and_then(|rest| rest.strip_suffix('"'))
                .or_else(|| text.strip_prefix('\''))
                .unwrap_or(text);
            fields.insert((*name).to_owned(), Value::String(text.to_owned()));
        }
        listed::from_list(fields)
    }
}

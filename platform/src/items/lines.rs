//! JSON: an object in each line, or one object, or an array.

use serde_json::Value;

use super::{Encoding, ItemFile, ItemLine, LONGEST_LINE, Layout, listed};

pub(super) fn parse(text: &[u8], encoding: Encoding) -> ItemFile {
    let of = |layout, lines| ItemFile {
        encoding,
        layout,
        notes: Vec::new(),
        lines,
    };
    let whole = serde_json::from_slice::<Value>(text);
    match whole {
        Ok(Value::Array(items)) => of(
            Layout::Json,
            items
                .into_iter()
                .enumerate()
                .map(|(at, value)| ItemLine {
                    number: at + 1,
                    item: listed::item(value),
                })
                .collect(),
        ),
        Ok(value) => of(
            Layout::Json,
            vec![ItemLine {
                number: 1,
                item: listed::item(value),
            }],
        ),
        Err(error) if is_one_value(text) => of(
            Layout::Json,
            vec![ItemLine {
                number: error.line(),
                item: Err(format!("不是完整的 JSON：{}。", listed::plain(&error))),
            }],
        ),
        Err(_) => of(Layout::JsonLines, each_line(text)),
    }
}

/// Whether a file that is no JSON was meant as one value over many lines: its first line is not complete either,
/// and no other line is.
fn is_one_value(text: &[u8]) -> bool {
    let mut lines = text
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.trim_ascii().is_empty());
    let opens = lines.next().is_some_and(|first| {
        matches!(first.trim_ascii(), b"[" | b"{") || first.trim_ascii().starts_with(b"[")
    });
    opens && !lines.any(|line| line.trim_ascii().starts_with(b"{\""))
}

fn each_line(text: &[u8]) -> Vec<ItemLine> {
    text.split(|byte| *byte == b'\n')
        .enumerate()
        .filter(|(_, line)| !line.trim_ascii().is_empty())
        .map(|(at, line)| ItemLine {
            number: at + 1,
            item: one(line.trim_ascii()),
        })
        .collect()
}

fn one(line: &[u8]) -> Result<super::Item, String> {
    if line.len() > LONGEST_LINE {
        return Err(format!(
            "这一行有{}字节，太长了；最多{LONGEST_LINE}字节。",
            line.len()
        ));
    }
    let text = std::str::from_utf8(line).map_err(|error| {
        format!(
            "第{}个字节起不是文字（UTF-8 坏了）。",
            error.valid_up_to() + 1
        )
    })?;
    let value = serde_json::from_str(text)
        .map_err(|error| format!("不是完整的 JSON：{}。", listed::plain(&error)))?;
    listed::item(value)
}

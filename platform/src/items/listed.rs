//! An item of a list, with four fields, as fields of a guide.

use serde_json::{Map, Value, json};

use super::Item;
use crate::check::scheme_of;

/// Reads an object as an item: a whole guide, or an entry of a list.
pub(super) fn item(value: Value) -> Result<Item, String> {
    let Value::Object(fields) = value else {
        return Err("这一行不是一个事项：应是一对花括号 {…}。".to_owned());
    };
    if !fields.contains_key("item_code") {
        if !fields.contains_key("id") {
            return Err("没有标识：完整的指南要有 id，清单里的事项要有 item_code。".to_owned());
        }
        let item = Item {
            fields,
            listed: false,
        };
        // Whatever is wrong with it is told here, where the line is known.
        item.guide()?;
        return Ok(item);
    }
    from_list(fields)
}

/// `item_code`, `name`, `department`, `task_type`, and perhaps more.
pub(super) fn from_list(mut fields: Map<String, Value>) -> Result<Item, String> {
    let mut take = |key: &str, what: &str| {
        let text = match fields.remove(key) {
            Some(Value::String(text)) => text.trim().to_owned(),
            Some(Value::Number(number)) => number.to_string(),
            Some(Value::Null) | None => String::new(),
            Some(department @ Value::Object(_)) if key == "department" => {
                let name = department["name"].as_str().unwrap_or_default().to_owned();
                fields.insert(key.to_owned(), department);
                name
            }
            Some(_) => return Err(format!("{what} {key} 应写成文字。")),
        };
        if text.is_empty() {
            return Err(format!("没有写{what} {key}。"));
        }
        Ok(text)
    };
    let code = take("item_code", "事项编码")?;
    let name = take("name", "事项名称")?;
    let department = take("department", "实施主体")?;
    let task_type = take("task_type", "事项类型")?;
    if code.contains(|c: char| c.is_control() || c.is_whitespace()) {
        return Err("事项编码 item_code 里有空格或看不见的字符。".to_owned());
    }
    fields.entry("id").or_insert_with(|| code.as_str().into());
    fields
        .entry("codes")
        .or_insert_with(|| json!([{"scheme": scheme_of(&code), "value": code}]));
    fields.insert("name".to_owned(), name.into());
    fields
        .entry("department")
        .or_insert_with(|| json!({ "name": department }));
    fields.insert("item_type".to_owned(), task_type.into());
    let item = Item {
        fields,
        listed: true,
    };
    item.guide()?;
    Ok(item)
}

/// A parser's complaint without the place, which is told apart; in its own words otherwise.
pub(super) fn plain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let said = text
        .split_once(" at line ")
        .map_or(text.as_str(), |(said, _)| said);
    if let Some(field) = said
        .strip_prefix("missing field `")
        .and_then(|rest| rest.strip_suffix('`'))
    {
        return format!("没有 {field}");
    }
    if error.is_eof() {
        return "没有写完".to_owned();
    }
    if error.is_syntax() {
        return format!("第{}个字符附近写得不对（{said}）", error.column());
    }
    said.to_owned()
}

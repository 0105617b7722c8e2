//! Taking a file of items into the catalogue: what changed gets a new version, what did not is left alone.

use std::collections::{BTreeMap, HashMap};

use jinban_api::guide::Guide;
use jinban_api::ids::GuideId;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::items::{self, Item, ItemFile};
use crate::store::publish::Published;

/// What importing a file did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Imported {
    /// The catalogue's revision now; unchanged when nothing was.
    pub revision: u64,
    /// Items that are new or in a new version.
    pub changed: Vec<GuideId>,
    /// Items that were there already, just so.
    pub unchanged: usize,
    /// Lines that were left out.
    pub bad: Vec<ImportLine>,
    /// What else the reader should be told.
    pub notes: Vec<String>,
}

/// A line that was left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ImportLine {
    /// Its number, counted from 1.
    pub line: usize,
    /// Why, in Chinese.
    pub reason: String,
}

/// A file held against what is published.
pub struct Resolved {
    /// What is offered for publication.
    pub guides: Vec<Guide>,
    lines: BTreeMap<GuideId, usize>,
    imported: Imported,
}

/// Makes a guide of every good line of `file`. A line that does not say its version gets the one after the
/// published, if it says anything new.
pub fn resolve(file: &ItemFile, published: Vec<(String, Value)>) -> Resolved {
    let published = PublishedItems::new(published);
    let mut resolved = Resolved {
        guides: Vec::new(),
        lines: BTreeMap::new(),
        imported: Imported {
            notes: file.notes.clone(),
            ..Imported::default()
        },
    };
    for line in &file.lines {
        let guide = line.item.clone().and_then(|item| published.guide(item));
        match guide {
            Ok(guide) => {
                resolved.lines.insert(guide.id.clone(), line.number);
                resolved.guides.push(guide);
            }
            Err(reason) => resolved.imported.bad.push(ImportLine {
                line: line.number,
                reason,
            }),
        }
    }
    resolved
}

impl Resolved {
    /// What came of it.
    pub fn outcome(&mut self, published: Published) -> Imported {
        let mut imported = std::mem::take(&mut self.imported);
        imported.revision = published.revision;
        imported.unchanged = self.guides.len() - published.changed.len() - published.refused.len();
        imported.changed = published.changed;
        for (id, problem) in published.refused {
            imported.bad.push(ImportLine {
                line: self.lines.get(&id).copied().unwrap_or(0),
                reason: format!("“{id}”没有收：{}", problem.said()),
            });
        }
        imported.bad.sort_by_key(|bad| bad.line);
        imported
    }
}

/// What is published now, found by identifier or by any of its codes.
struct PublishedItems {
    by_id: HashMap<String, Map<String, Value>>,
    id_of_code: HashMap<String, String>,
}

impl PublishedItems {
    fn new(guides: Vec<(String, Value)>) -> Self {
        let mut id_of_code = HashMap::new();
        let mut by_id = HashMap::new();
        for (id, guide) in guides {
            let Value::Object(fields) = guide else {
                continue;
            };
            let codes = fields.get("codes").and_then(Value::as_array);
            for code in codes.into_iter().flatten() {
                if let Some(value) = code["value"].as_str() {
                    id_of_code.insert(value.to_owned(), id.clone());
                }
            }
            by_id.insert(id, fields);
        }
        Self { by_id, id_of_code }
    }

    /// The published item that `item` is about.
    fn find(&self, item: &Item) -> Option<&Map<String, Value>> {
        let id = self.by_id.get(item.id());
        id.or_else(|| {
            let by_code = self.id_of_code.get(item.id()).filter(|_| item.listed)?;
            self.by_id.get(by_code)
        })
    }

    fn guide(&self, item: Item) -> Result<Guide, String> {
        let Some(before) = self.find(&item) else {
            return item.guide();
        };
        let says_version = item.fields.contains_key("version");
        let mut fields = if item.listed {
            laid_over(before.clone(), item.fields)
        } else {
            item.fields
        };
        if says_version {
            return items::guide(fields);
        }
        let version = before.get("version").and_then(Value::as_u64).unwrap_or(1);
        fields.insert("version".to_owned(), version.into());
        let guide = items::guide(fields.clone())?;
        let same = serde_json::to_value(&guide).ok() == Some(Value::Object(before.clone()));
        if same {
            return Ok(guide);
        }
        fields.insert("version".to_owned(), (version + 1).into());
        items::guide(fields)
    }
}

/// What a list says laid over what is published: a list is brief, and silence is no correction.
fn laid_over(mut before: Map<String, Value>, item: Map<String, Value>) -> Map<String, Value> {
    for (field, value) in item {
        match field.as_str() {
            "id" => {}
            "codes" => {
                let codes = before
                    .entry(field)
                    .or_insert_with(|| Value::Array(Vec::new()));
                let (Some(known), Value::Array(told)) = (codes.as_array_mut(), value) else {
                    continue;
                };
                for code in told {
                    if !known.iter().any(|known| known["value"] == code["value"]) {
                        known.push(code);
                    }
                }
            }
            "department" => match before.get_mut(&field) {
                Some(known) if known["name"] == value["name"] => {}
                _ => {
                    before.insert(field, value);
                }
            },
            _ => {
                before.insert(field, value);
            }
        }
    }
    before
}

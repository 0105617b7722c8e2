//! The published JSON Schema of an item: a whole guide, or an entry of a list.

use jinban_api::guide::{Guide, ListedItem};
use serde_json::{Map, Value, json};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema, ToSchema};

/// JSON Schema (2020-12) of one line that `catalogue import` takes.
pub fn item_schema() -> Value {
    let mut named: Vec<(String, RefOr<Schema>)> = vec![
        (Guide::name().into_owned(), Guide::schema()),
        (ListedItem::name().into_owned(), ListedItem::schema()),
    ];
    Guide::schemas(&mut named);
    ListedItem::schemas(&mut named);
    named.sort_by(|a, b| a.0.cmp(&b.0));
    let mut definitions = Map::new();
    for (name, schema) in named {
        if let Ok(mut schema) = serde_json::to_value(schema) {
            point_to_definitions(&mut schema);
            definitions.insert(name, schema);
        }
    }
    // Whoever writes a guide need not say its version: the platform counts.
    if let Some(required) = definitions
        .get_mut("Guide")
        .and_then(|guide| guide["required"].as_array_mut())
    {
        required.retain(|field| field != "version");
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Jinban catalogue item",
        "description": "办事指南，或者事项清单里的一项。一行一个，就是 JSON Lines。",
        "anyOf": [{"$ref": "#/$defs/Guide"}, {"$ref": "#/$defs/ListedItem"}],
        "$defs": definitions,
    })
}

fn point_to_definitions(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            if let Some(Value::String(reference)) = fields.get_mut("$ref") {
                *reference = reference.replace("#/components/schemas/", "#/$defs/");
            }
            fields.values_mut().for_each(point_to_definitions);
        }
        Value::Array(list) => list.iter_mut().for_each(point_to_definitions),
        _ => {}
    }
}

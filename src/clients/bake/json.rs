//! `docker-bake.json` to [`Body`]: JSON is YAML, and every string in it is a template.

use std::rc::Rc;

use super::hcl::{self, Place};
use super::syntax::{Block, Body, Expression, Kind};
use crate::clients::filled::Filled;
use crate::text::Text;
use crate::value::{Kind as ValueKind, Value, resolve};
use crate::yaml;

/// The blocks; other keys are attributes.
const BLOCKS: [&str; 4] = ["target", "group", "variable", "function"];

/// Reads a file; `None` where it is no JSON object.
pub fn read(place: &Place) -> Option<Body> {
    let root = resolve(yaml::parse(place.sealed.text(), place.at.file, 0).ok()?).ok()?;
    let mut body = Body::default();
    for entry in root.as_map()?.iter() {
        if !BLOCKS.contains(&&*entry.key) {
            body.attributes.push((entry.key.to_string(), Rc::new(expression(place, &entry.value))));
            continue;
        }
        for block in entry.value.as_map()?.iter() {
            let attributes = block.value.as_map()?.iter();
            let attributes = attributes.map(|entry| (entry.key.to_string(), Rc::new(expression(place, &entry.value))));
            let made = Body { attributes: attributes.collect(), blocks: Vec::new() };
            body.blocks.push(Block { kind: entry.key.to_string(), label: block.key.to_string(), body: made });
        }
    }
    Some(body)
}

fn expression(place: &Place, value: &Value) -> Expression {
    let at = if place.exact { value.at } else { place.at };
    let kind = match &value.kind {
        ValueKind::Null => Kind::Null,
        ValueKind::Bool(value) => Kind::Bool(*value),
        ValueKind::Number(text) => Kind::Text(Filled::plain(Text::literal(text.as_str()))),
        ValueKind::Text(text) => return hcl::template(text.text(), place.sealed, at),
        ValueKind::List(items) => Kind::List(items.iter().map(|item| Rc::new(expression(place, item))).collect()),
        ValueKind::Map(map) => {
            let key = |key: &str| Expression { at, kind: Kind::Text(Filled::plain(place.sealed.open(key))) };
            Kind::Map(map.iter().map(|entry| (key(&entry.key), expression(place, &entry.value))).collect())
        }
        ValueKind::Reference(_) => Kind::Other,
    };
    Expression { at, kind }
}

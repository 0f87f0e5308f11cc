//! Fills the blocks of a content, keys included. What holds no block stays shared.

use std::sync::Arc;

use super::block::{Outcome, blocks, choices, evaluate, shown};
use super::values::Values;
use crate::load::Fault;
use crate::source::{Mapped, Span};
use crate::text::Inputs;
use crate::value::{Entry, Kind, Map, Value};

/// The content with its blocks filled in. `budget` counts values and bytes; what lies past it stays
/// open. `open`: what is known of the blocks that stay.
pub(in crate::load) fn fill(
    content: &Value,
    values: &Values,
    open: &mut Inputs,
    budget: &mut usize,
    faults: &mut Vec<Fault>,
) -> Value {
    let mut filler = Filler { values, open, budget, faults };
    filler.value(content).unwrap_or_else(|| content.clone())
}

/// The deepest list or map that a block brings: values that go from include to include would grow
/// past any bound otherwise.
const DEEPEST: usize = 100;

struct Filler<'f> {
    values: &'f Values,
    open: &'f mut Inputs,
    budget: &'f mut usize,
    faults: &'f mut Vec<Fault>,
}

impl Filler<'_> {
    /// The value, if it changes.
    fn value(&mut self, value: &Value) -> Option<Value> {
        if !self.spend(1, value.at) {
            return None;
        }
        match &value.kind {
            Kind::Text(text) if text.text().contains("$[[") => self.text(value, text),
            Kind::List(items) => {
                let items = self.list(items)?;
                Some(Value { kind: Kind::List(Arc::new(items)), ..value.clone() })
            }
            Kind::Map(map) => {
                let map = self.map(map)?;
                Some(Value { kind: Kind::Map(Arc::new(map)), ..value.clone() })
            }
            _ => None,
        }
    }

    fn spend(&mut self, cost: usize, at: Span) -> bool {
        let left = self.budget.checked_sub(cost);
        if left.is_none() && *self.budget > 0 {
            self.faults.push(Fault::new(at, "config too large"));
        }
        *self.budget = left.unwrap_or(0);
        left.is_some()
    }

    /// Whether a list or a map is neither too deep nor too large to be put in.
    fn fits(&mut self, value: &Value, at: Span) -> bool {
        if *self.budget == 0 {
            return false;
        }
        let Some(size) = size(value, DEEPEST) else {
            self.refuse(at, "config too large".to_owned());
            return false;
        };
        self.spend(size, at)
    }

    fn list(&mut self, items: &[Value]) -> Option<Vec<Value>> {
        let mut changed: Option<Vec<Value>> = None;
        for (at, item) in items.iter().enumerate() {
            let new = self.value(item);
            if new.is_some() && changed.is_none() {
                changed = Some(items[..at].to_vec());
            }
            if let Some(list) = &mut changed {
                list.push(new.unwrap_or_else(|| item.clone()));
            }
        }
        changed
    }

    fn map(&mut self, map: &Map) -> Option<Map> {
        let (mut filled, mut changed) = (Map::default(), false);
        for entry in map.iter() {
            let key = if entry.key.contains("$[[") { self.key(entry) } else { None };
            let value = self.value(&entry.value);
            changed |= key.is_some() || value.is_some();
            filled.insert(Entry {
                key: key.unwrap_or_else(|| entry.key.clone()),
                key_at: entry.key_at,
                value: value.unwrap_or_else(|| entry.value.clone()),
            });
        }
        changed.then_some(filled)
    }

    fn key(&mut self, entry: &Entry) -> Option<Arc<str>> {
        let text = Mapped::coarse(&*entry.key, entry.key_at);
        let filled = self.text(&Value::new(entry.key_at, Kind::Null), &text)?;
        filled.scalar().map(Arc::from)
    }

    fn text(&mut self, value: &Value, text: &Mapped) -> Option<Value> {
        let written = text.text();
        let mut filled = Mapped::default();
        let mut from = 0;
        for (range, data) in blocks(written) {
            let at = text.span(range.clone()).unwrap_or(value.at);
            let found = match evaluate(data, self.values, at) {
                Outcome::Value(found) => found,
                Outcome::Open => {
                    self.open.add_choices(&written[range], choices(data, self.values, at));
                    continue;
                }
                Outcome::Refused(reason) => {
                    self.refuse(at, reason);
                    continue;
                }
            };
            if !self.fits(&found, at) {
                return None;
            }
            if range == (0..written.len()) {
                return Some(alone(found, value, at));
            }
            let inside = shown(&found);
            if !self.spend(inside.len(), value.at) {
                return None;
            }
            filled.append(&text.slice(from..range.start));
            filled.push_coarse(&inside, at);
            from = range.end;
        }
        if from == 0 {
            return None;
        }
        filled.append(&text.slice(from..written.len()));
        Some(Value { kind: Kind::Text(Arc::new(filled)), ..value.clone() })
    }

    fn refuse(&mut self, at: Span, reason: String) {
        let mut fault = Fault::new(at, reason);
        if let Some(name) = fault.message.strip_prefix("unknown interpolation key: ") {
            let name = name.trim_matches('`').to_owned();
            fault = fault.nearest(&name, self.values.known.keys().map(|known| &**known));
        }
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }
}

/// The values and bytes in a value; `None`: it is deeper than `deepest`.
fn size(value: &Value, deepest: usize) -> Option<usize> {
    let below = |value: &Value| size(value, deepest.checked_sub(1)?);
    let sum = |sum: usize, part: Option<usize>| Some(sum + part?);
    match &value.kind {
        Kind::List(items) => items.iter().map(below).try_fold(1, sum),
        Kind::Map(map) => map.iter().map(|entry| below(&entry.value)).try_fold(1, sum),
        Kind::Text(text) => Some(1 + text.text().len()),
        _ => Some(1),
    }
}

/// A block that is all of a text keeps the type of its value. A text stands where the block does, a
/// list's items where they were written.
fn alone(found: Value, value: &Value, at: Span) -> Value {
    let kind = match found.kind {
        Kind::Text(text) => Kind::Text(Arc::new(Mapped::coarse(text.text(), at))),
        kind => kind,
    };
    Value { kind, ..value.clone() }
}

/// A list or a map as Ruby shows it inside a text.
pub(super) fn inspected(value: &Value, depth: usize) -> String {
    match &value.kind {
        _ if depth > 10 => "…".to_owned(),
        Kind::List(items) => {
            let items: Vec<String> = items.iter().map(|item| inspected(item, depth + 1)).collect();
            format!("[{}]", items.join(", "))
        }
        Kind::Map(map) => {
            let pair = |entry: &Entry| format!("{:?}=>{}", entry.key, inspected(&entry.value, depth + 1));
            format!("{{{}}}", map.iter().map(pair).collect::<Vec<_>>().join(", "))
        }
        Kind::Text(text) => format!("{:?}", text.text()),
        Kind::Null => "nil".to_owned(),
        _ => value.scalar().unwrap_or_default(),
    }
}

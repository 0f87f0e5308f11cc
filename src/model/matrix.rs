//! `parallel:matrix`: its variables, not yet one job for each combination.

use std::collections::HashMap;
use std::sync::Arc;

use super::variables::{Definition, Raw};
use crate::scenario::Scenarios;
use crate::source::Span;
use crate::text::{Class, Form, Origin, Symbol, SymbolData, Text};
use crate::value::{Kind, Map, Value};

/// The values of one matrix variable.
struct Listed {
    name: Arc<str>,
    key_at: Span,
    at: Span,
    values: Vec<String>,
    /// In how many of the matrix' entries it stands.
    entries: usize,
    /// Not all of its values are scalars.
    unread: bool,
}

/// The variables that a job's `parallel:matrix` sets: the value if there is only one, a symbol otherwise.
pub(super) fn definitions(job: &Map) -> Vec<Definition> {
    let Some(matrix) = job.get("parallel").and_then(Value::as_map).and_then(|parallel| parallel.get("matrix")) else {
        return Vec::new();
    };
    let maps: Vec<&Map> = match &matrix.kind {
        Kind::List(items) => items.iter().filter_map(Value::as_map).collect(),
        Kind::Map(map) => vec![map],
        _ => Vec::new(),
    };
    let mut listed: Vec<Listed> = Vec::new();
    let mut index: HashMap<&str, usize> = HashMap::new();
    for map in &maps {
        for entry in map.iter() {
            let at = *index.entry(&entry.key).or_insert_with(|| {
                let (name, key_at, at) = (entry.key.clone(), entry.key_at, entry.value.at);
                listed.push(Listed { name, key_at, at, values: Vec::new(), entries: 0, unread: false });
                listed.len() - 1
            });
            listed[at].entries += 1;
            listed[at].add(&entry.value);
        }
    }
    listed.into_iter().map(|variable| variable.definition(maps.len())).collect()
}

impl Listed {
    fn add(&mut self, value: &Value) {
        let values = value.as_list().unwrap_or(std::slice::from_ref(value));
        for value in values {
            match value.scalar() {
                Some(text) => self.values.push(text),
                None => self.unread = true,
            }
        }
    }

    fn definition(self, entries: usize) -> Definition {
        let Listed { name, key_at, at, .. } = &self;
        let first = self.values.first().cloned().unwrap_or_default();
        let everywhere = self.entries == entries && !self.unread;
        let raw = if everywhere && self.values.iter().all(|value| *value == first) {
            Raw::Written(first)
        } else {
            Raw::Final(Text::symbol(self.symbol(everywhere)))
        };
        Definition { name: name.clone(), key_at: *key_at, at: *at, raw }
    }

    fn symbol(&self, everywhere: bool) -> Symbol {
        let form = if self.unread || self.values.iter().any(|value| value.contains(['$', '%'])) {
            Form::ANY
        } else {
            let any = |test: fn(char) -> bool| self.values.iter().any(|value| value.contains(test));
            let plain = |char: char| char.is_ascii_alphanumeric() || "_.-/".contains(char) || char.is_whitespace();
            Form {
                empty: !everywhere || self.values.iter().any(String::is_empty),
                slash: any(|char| char == '/'),
                upper: any(|char| char.is_ascii_uppercase()),
                colon: self.values.iter().any(|value| !value.chars().all(plain)),
                space: any(char::is_whitespace),
            }
        };
        Symbol::new(SymbolData {
            key: format!("matrix:{}:{}:{}", self.key_at.file.0, self.key_at.start, self.name),
            shown: format!("${}", self.name),
            origin: Origin::Matrix((*self.name).to_owned()),
            class: Some(Class::Constant),
            form,
            unset_in: Scenarios::NONE,
        })
    }
}

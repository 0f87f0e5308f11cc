//! `parallel:` (facts A12): the variables of each combination of a matrix, or, where there are too
//! many, symbols that stand for all of them.

use std::collections::HashMap;
use std::sync::Arc;

use super::variables::{Definition, Raw};
use crate::scenario::Scenarios;
use crate::source::Span;
use crate::text::{Class, Form, Origin, Symbol, SymbolData, Text};
use crate::value::{Entry, Kind, Map, Value};

/// The most combinations that are told apart.
const MOST: usize = 16;

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

/// The maps of a job's matrix.
fn maps(job: &Map) -> Vec<&Map> {
    let matrix = job.get("parallel").and_then(Value::as_map).and_then(|parallel| parallel.get("matrix"));
    match matrix.map(|matrix| &matrix.kind) {
        Some(Kind::List(items)) => items.iter().filter_map(Value::as_map).collect(),
        Some(Kind::Map(map)) => vec![map],
        _ => Vec::new(),
    }
}

/// How many jobs the matrix makes.
pub(super) fn count(job: &Map) -> usize {
    let values = |entry: &Entry| entry.value.as_list().map_or(1, <[Value]>::len);
    let product = |map: &Map| map.iter().map(values).fold(1, usize::saturating_mul);
    maps(job).into_iter().map(product).fold(0, usize::saturating_add)
}

/// The variables of each combination, in GitLab's order; none where there are too many or where
/// something is no scalar.
pub(super) fn combinations(job: &Map) -> Vec<Vec<Definition>> {
    let mut all: Vec<Vec<Definition>> = Vec::new();
    for map in maps(job) {
        let mut product: Vec<Vec<Definition>> = vec![Vec::new()];
        for entry in map.iter() {
            let values = entry.value.as_list().unwrap_or(std::slice::from_ref(&entry.value));
            if all.len() + product.len() * values.len() > MOST {
                return Vec::new();
            }
            let Some(values) = values.iter().map(|value| one(entry, value)).collect::<Option<Vec<_>>>() else {
                return Vec::new();
            };
            let longer = |made: Vec<Definition>| {
                values.iter().map(move |value| made.iter().chain([value]).cloned().collect()).collect::<Vec<_>>()
            };
            product = product.into_iter().flat_map(longer).collect();
        }
        all.append(&mut product);
    }
    let total = all.len();
    if let Some(parallel) = job.entry("parallel") {
        for (number, combination) in all.iter_mut().enumerate() {
            combination.insert(0, node(parallel, "CI_NODE_INDEX", Raw::Final(Text::literal((number + 1).to_string()))));
            combination.insert(1, node(parallel, "CI_NODE_TOTAL", Raw::Final(Text::literal(total.to_string()))));
        }
    }
    all
}

fn one(entry: &Entry, value: &Value) -> Option<Definition> {
    let raw = Raw::Written(value.scalar()?);
    Some(Definition { name: entry.key.clone(), key_at: entry.key_at, at: value.at, raw })
}

fn node(parallel: &Entry, name: &str, raw: Raw) -> Definition {
    Definition { name: Arc::from(name), key_at: parallel.key_at, at: parallel.value.at, raw }
}

/// `CI_NODE_INDEX` and `CI_NODE_TOTAL` of `parallel: N`, and of a matrix whose combinations are not told apart.
fn nodes(job: &Map) -> Vec<Definition> {
    let Some(parallel) = job.entry("parallel").filter(|entry| !entry.value.is_null()) else { return Vec::new() };
    let number = |name: &str| {
        Symbol::new(SymbolData {
            key: format!("parallel:{}:{}:{name}", parallel.key_at.file.0, parallel.key_at.start),
            shown: format!("${name}"),
            origin: Origin::Matrix(name.to_owned()),
            class: Some(Class::Constant),
            form: Form::SAFE,
            unset_in: Scenarios::NONE,
        })
    };
    let unknown = |name: &str| Raw::Final(Text::symbol(number(name)));
    let total = parallel.value.scalar().map_or_else(|| unknown("CI_NODE_TOTAL"), |n| Raw::Final(Text::literal(n)));
    vec![node(parallel, "CI_NODE_INDEX", unknown("CI_NODE_INDEX")), node(parallel, "CI_NODE_TOTAL", total)]
}

/// The variables that a job's `parallel` sets, for all combinations together: the value if there is
/// only one, a symbol otherwise.
pub(super) fn definitions(job: &Map) -> Vec<Definition> {
    let maps = maps(job);
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
    nodes(job).into_iter().chain(listed.into_iter().map(|variable| variable.definition(maps.len()))).collect()
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

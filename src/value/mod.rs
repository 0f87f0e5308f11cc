//! What a YAML tree means to GitLab: [`Value`], with aliases, merge keys and scalars resolved as
//! Ruby's Psych does, and the deep merge of `extends` and `include`. Every value remembers where it
//! was written, how it came here and what it replaced.

mod merge;
mod psych;
mod scalar;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use crate::source::{Mapped, Span};

pub use merge::{deep_merge, put};
pub use psych::{DEEPEST, Reason, Refused, resolve};

/// A value with its place. Cheap to clone: bodies are shared, so jobs that share a script hold the same [`Arc`]s.
#[derive(Clone, Debug)]
pub struct Value {
    /// Where the value was written (its node's span).
    pub at: Span,
    /// How it came to where it is, the first step first.
    pub via: Vec<Step>,
    /// The values that it replaced, the last first (merge keys, `extends`, includes).
    pub shadowed: Vec<Arc<Value>>,
    /// What it is.
    pub kind: Kind,
}

/// One step on a value's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Which way.
    pub kind: StepKind,
    /// The word that brought it: the `extends` value, the alias, the `!reference`, the `include` entry, the `default:` key.
    pub at: Span,
}

/// The ways on which a value can come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StepKind {
    /// From an included file.
    Include,
    /// Through `extends`.
    Extends,
    /// Through `!reference`.
    Reference,
    /// Through an alias or a merge key.
    Anchor,
    /// From `default:` or a deprecated top-level keyword.
    Default,
}

/// What a value is.
#[derive(Clone, Debug)]
pub enum Kind {
    /// `null`, an empty value.
    Null,
    /// `true`, `no`, …
    Bool(bool),
    /// A number (integer, octal, sexagesimal, float) or a symbol (`:name`): the text that Ruby's `to_s` gives.
    Number(String),
    /// Text.
    Text(Arc<Mapped>),
    /// A list.
    List(Arc<Vec<Value>>),
    /// A map.
    Map(Arc<Map>),
    /// `!reference [a, b, c]`, not yet resolved.
    Reference(Arc<Vec<(String, Span)>>),
}

/// A map that keeps the order of its keys; each key once.
#[derive(Clone, Debug, Default)]
pub struct Map {
    entries: Vec<Entry>,
    index: std::collections::HashMap<Arc<str>, usize>,
}

/// One key of a [`Map`].
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key's text.
    pub key: Arc<str>,
    /// Where the key was written.
    pub key_at: Span,
    /// The value.
    pub value: Value,
}

/// Maps up to this many keys are searched key by key: most are this small, and an index costs more.
const SMALL: usize = 8;

impl Map {
    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The entry of a key.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.position(key).map(|at| &self.entries[at])
    }

    fn position(&self, key: &str) -> Option<usize> {
        if self.entries.len() <= SMALL {
            return self.entries.iter().position(|entry| &*entry.key == key);
        }
        self.index.get(key).copied()
    }

    /// Sets a key: a new one goes to the end, a known one keeps its position (as a Ruby hash does).
    pub fn insert(&mut self, entry: Entry) {
        if let Some(at) = self.position(&entry.key) {
            self.entries[at] = entry;
            return;
        }
        self.entries.push(entry);
        if self.entries.len() > SMALL + 1 {
            let last = self.entries.len() - 1;
            self.index.insert(self.entries[last].key.clone(), last);
        } else if self.entries.len() > SMALL {
            self.reindex();
        }
    }

    /// Takes a key out.
    pub fn remove(&mut self, key: &str) -> Option<Entry> {
        let at = self.position(key)?;
        let entry = self.entries.remove(at);
        self.reindex();
        Some(entry)
    }

    fn reindex(&mut self) {
        self.index.clear();
        if self.entries.len() > SMALL {
            self.index.extend(self.entries.iter().enumerate().map(|(at, entry)| (entry.key.clone(), at)));
        }
    }

    /// The entries in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Entry> {
        self.entries.iter()
    }

    /// The number of keys.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no key.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl Value {
    /// A value that came by no way and replaced nothing.
    #[must_use]
    pub fn new(at: Span, kind: Kind) -> Self {
        Value { at, via: Vec::new(), shadowed: Vec::new(), kind }
    }

    /// The map, if it is one.
    #[must_use]
    pub fn as_map(&self) -> Option<&Map> {
        if let Kind::Map(map) = &self.kind { Some(map) } else { None }
    }

    /// The list, if it is one.
    #[must_use]
    pub fn as_list(&self) -> Option<&[Value]> {
        if let Kind::List(list) = &self.kind { Some(list) } else { None }
    }

    /// The text, if it is a string.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        if let Kind::Text(text) = &self.kind { Some(text.text()) } else { None }
    }

    /// A scalar as GitLab's `to_s` gives it: text, number, boolean. `None` for null, lists, maps.
    #[must_use]
    pub fn scalar(&self) -> Option<String> {
        match &self.kind {
            Kind::Text(text) => Some(text.text().to_owned()),
            Kind::Number(text) => Some(text.clone()),
            Kind::Bool(value) => Some(value.to_string()),
            _ => None,
        }
    }

    /// Whether it is null.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null)
    }
}

//! `!reference` on the extended configuration (facts A9).

use std::collections::HashMap;
use std::sync::Arc;

use super::extends::Marks;
use crate::load::Fault;
use crate::source::Span;
use crate::value::{Entry, Kind, Map, Step, StepKind, Value};

/// The deepest walk through values and the references in them.
const DEEPEST: usize = 300;
/// The most references of one configuration.
const MOST: usize = 1_000_000;

/// The configuration with every `!reference` replaced by what it names; what is not there stays.
pub(super) fn dereference(config: Map, lenient: bool, marks: &mut Marks, faults: &mut Vec<Fault>) -> Map {
    let mut resolver = Resolver {
        config: &config,
        lenient,
        known: HashMap::new(),
        plain: HashMap::new(),
        open: Vec::new(),
        faults,
        depth: 0,
        left: MOST,
    };
    if !config.iter().any(|entry| resolver.has_reference(&entry.value)) {
        return config;
    }
    let mut resolved = Map::default();
    for entry in config.iter() {
        let mut state = State { name: &entry.key, unread: false, broken: false };
        let value = resolver.value(&entry.value, &mut state);
        if state.unread {
            marks.unread.insert(entry.key.clone());
        }
        if state.broken {
            marks.broken.insert(entry.key.clone());
        }
        resolved.insert(Entry { value, ..entry.clone() });
    }
    resolved
}

/// What became of the entry at hand.
struct State<'n> {
    name: &'n str,
    unread: bool,
    broken: bool,
}

/// A reference that was resolved before.
#[derive(Clone)]
struct Known {
    value: Option<Value>,
    unread: bool,
    broken: bool,
}

struct Resolver<'a> {
    config: &'a Map,
    lenient: bool,
    known: HashMap<String, Known>,
    /// Lists and maps, by address, that hold no reference.
    plain: HashMap<usize, bool>,
    /// The references being resolved.
    open: Vec<String>,
    faults: &'a mut Vec<Fault>,
    depth: usize,
    left: usize,
}

impl Resolver<'_> {
    fn has_reference(&mut self, value: &Value) -> bool {
        let address = match &value.kind {
            Kind::Reference(_) => return true,
            Kind::List(items) => Arc::as_ptr(items) as usize,
            Kind::Map(map) => Arc::as_ptr(map) as usize,
            _ => return false,
        };
        if let Some(known) = self.plain.get(&address) {
            return *known;
        }
        let found = match &value.kind {
            Kind::List(items) => items.iter().any(|item| self.has_reference(item)),
            Kind::Map(map) => map.iter().any(|entry| self.has_reference(&entry.value)),
            _ => false,
        };
        self.plain.insert(address, found);
        found
    }

    fn value(&mut self, value: &Value, state: &mut State) -> Value {
        if let Kind::Reference(path) = &value.kind {
            return self.reference(value, path, state);
        }
        if self.depth > DEEPEST || !self.has_reference(value) {
            return value.clone();
        }
        self.depth += 1;
        let kind = match &value.kind {
            Kind::List(items) => Kind::List(Arc::new(items.iter().map(|item| self.value(item, state)).collect())),
            Kind::Map(map) => {
                let mut resolved = Map::default();
                for entry in map.iter() {
                    resolved.insert(Entry { value: self.value(&entry.value, state), ..entry.clone() });
                }
                Kind::Map(Arc::new(resolved))
            }
            other => other.clone(),
        };
        self.depth -= 1;
        Value { kind, ..value.clone() }
    }

    fn reference(&mut self, value: &Value, path: &[(String, Span)], state: &mut State) -> Value {
        let shown = shown(path);
        if path.is_empty() {
            self.fault(value.at, "`!reference` must be a list of strings".to_owned(), state);
            return value.clone();
        }
        if self.open.contains(&shown) {
            self.fault(value.at, format!("!reference {shown} is part of a circular chain"), state);
            return value.clone();
        }
        let known = match self.known.get(&shown) {
            Some(known) => known.clone(),
            None => self.resolve(&shown, value, path, state),
        };
        state.unread |= known.unread;
        state.broken |= known.broken;
        match known.value {
            Some(target) => {
                let mut found = target.after(&[Step { kind: StepKind::Reference, at: value.at }]);
                found.shadowed.extend(value.shadowed.iter().cloned());
                found
            }
            None => value.clone(),
        }
    }

    fn resolve(&mut self, shown: &str, value: &Value, path: &[(String, Span)], state: &State) -> Known {
        if self.left == 0 || self.depth > DEEPEST {
            return Known { value: None, unread: true, broken: false };
        }
        let mut inner = State { name: state.name, unread: false, broken: false };
        self.left -= 1;
        self.open.push(shown.to_owned());
        self.depth += 1;
        let found = self.dig(path, &mut inner).map(|target| self.value(&target, &mut inner));
        self.depth -= 1;
        self.open.pop();
        // In Ruby `false` is as absent as `nil`.
        let found = found.filter(|value| !matches!(value.kind, Kind::Null | Kind::Bool(false)));
        if found.is_none() && !inner.broken {
            self.missing(value.at, shown, path, &mut inner);
        }
        let known = Known { value: found, unread: inner.unread, broken: inner.broken };
        self.known.insert(shown.to_owned(), known.clone());
        known
    }

    fn dig(&mut self, path: &[(String, Span)], state: &mut State) -> Option<Value> {
        let mut keys = path.iter();
        let mut value = self.config.get(&keys.next()?.0)?.clone();
        for (key, _) in keys {
            if let Kind::Reference(inner) = &value.kind {
                value = self.reference(&value, inner, state);
            }
            let next = value.as_map()?.get(key)?.after(&value.via);
            value = next;
        }
        Some(value)
    }

    fn missing(&mut self, at: Span, shown: &str, path: &[(String, Span)], state: &mut State) {
        if self.lenient || path.iter().any(|(key, _)| key.contains("$[[")) {
            state.unread = true;
            return;
        }
        let first = &path[0].0;
        let help = if self.config.get(first).is_none() {
            crate::nearest::nearest(first, self.config.iter().map(|entry| &*entry.key))
        } else {
            None
        };
        let help = help.map(|near| format!("did you mean `{near}`?"));
        self.fault(at, format!("!reference {shown} could not be found"), state);
        if let Some(fault) = self.faults.last_mut().filter(|fault| fault.at == at) {
            fault.help = help;
        }
    }

    fn fault(&mut self, at: Span, message: String, state: &mut State) {
        state.broken = true;
        if !self.faults.iter().rev().take(100).any(|fault| fault.at == at) {
            self.faults.push(Fault::new(at, message).of(state.name));
        }
    }
}

/// As GitLab shows it: `["a", "b"]`.
fn shown(path: &[(String, Span)]) -> String {
    let keys: Vec<String> = path.iter().map(|(key, _)| format!("{key:?}")).collect();
    format!("[{}]", keys.join(", "))
}

//! `extends` on the merged configuration (facts A8).

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::load::Fault;
use crate::source::Span;
use crate::value::{Entry, Kind, Map, Step, StepKind, Value, deep_merge};

/// The most levels of `extends`.
const MOST_LEVELS: usize = 11;

/// The names of jobs that are not what they say.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// Something that the job rests on could not be read.
    pub unread: HashSet<Arc<str>>,
    /// GitLab rejects the job.
    pub broken: HashSet<Arc<str>>,
}

/// The configuration with every `extends` done. `lenient`: what is not there may be elsewhere.
pub(super) fn extend(config: &Map, lenient: bool, marks: &mut Marks, faults: &mut Vec<Fault>) -> Map {
    let entries: Vec<&Entry> = config.iter().collect();
    if !entries.iter().any(|entry| bases_value(entry).is_some()) {
        return config.clone();
    }
    let index: HashMap<&str, usize> = entries.iter().enumerate().map(|(at, entry)| (&*entry.key, at)).collect();
    let bases: Vec<Vec<Base>> = entries.iter().map(|entry| bases(entry, &index)).collect();
    let mut extender = Extender {
        entries,
        bases,
        lenient,
        marks,
        faults,
        done: vec![None; index.len()],
        levels: vec![0; index.len()],
        copies: 400_000 + 20 * index.len(),
    };
    for at in extender.order() {
        let value = extender.extended(at);
        extender.done[at] = Some(value);
    }
    let mut extended = Map::default();
    for (entry, value) in extender.entries.iter().zip(extender.done) {
        let value = value.unwrap_or_else(|| entry.value.clone());
        extended.insert(Entry { value, key: entry.key.clone(), key_at: entry.key_at });
    }
    extended
}

/// One target of `extends`.
struct Base {
    name: String,
    at: Span,
    /// Its number among the top-level entries.
    target: Option<usize>,
}

fn bases_value(entry: &Entry) -> Option<&Value> {
    entry.value.as_map()?.get("extends")
}

fn bases(entry: &Entry, index: &HashMap<&str, usize>) -> Vec<Base> {
    let one = |value: &Value| {
        let name = value.scalar().unwrap_or_default();
        Base { target: index.get(name.as_str()).copied(), at: value.at, name }
    };
    match bases_value(entry).map(|value| (value, &value.kind)) {
        None | Some((_, Kind::Null)) => Vec::new(),
        Some((_, Kind::List(items))) => items.iter().map(one).collect(),
        Some((value, _)) => vec![one(value)],
    }
}

struct Extender<'a> {
    entries: Vec<&'a Entry>,
    bases: Vec<Vec<Base>>,
    lenient: bool,
    marks: &'a mut Marks,
    faults: &'a mut Vec<Fault>,
    done: Vec<Option<Value>>,
    levels: Vec<usize>,
    copies: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum Visit {
    New,
    Open,
    Done,
}

impl Extender<'_> {
    /// The entries with each base before what extends it. Cycles are reported on the way.
    fn order(&mut self) -> Vec<usize> {
        let mut visits = vec![Visit::New; self.entries.len()];
        let mut order = Vec::with_capacity(self.entries.len());
        let mut stack: Vec<(usize, usize)> = Vec::new();
        for start in 0..self.entries.len() {
            if visits[start] == Visit::New {
                visits[start] = Visit::Open;
                stack.push((start, 0));
            }
            while let Some((at, next)) = stack.last_mut() {
                let (at, number) = (*at, *next);
                *next += 1;
                let Some(base) = self.bases[at].get(number) else {
                    visits[at] = Visit::Done;
                    order.push(at);
                    stack.pop();
                    continue;
                };
                match base.target.map(|target| (target, visits[target])) {
                    Some((target, Visit::New)) => {
                        visits[target] = Visit::Open;
                        stack.push((target, 0));
                    }
                    Some((target, Visit::Open)) => self.cycle(&stack, target, base.at),
                    _ => {}
                }
            }
        }
        order
    }

    fn cycle(&mut self, stack: &[(usize, usize)], target: usize, at: Span) {
        let from = stack.iter().position(|(open, _)| *open == target).unwrap_or(0);
        let name = &self.entries[target].key;
        let mut fault = Fault::new(at, format!("{name}: circular dependency detected in `extends`")).of(name);
        for (open, _) in stack.iter().skip(from).take(8) {
            fault.labels.push((self.entries[*open].key_at, "part of the circle".to_owned()));
        }
        for (open, _) in &stack[from..] {
            self.marks.broken.insert(self.entries[*open].key.clone());
        }
        self.faults.push(fault);
    }

    fn extended(&mut self, at: usize) -> Value {
        let entry = self.entries[at];
        let own = &entry.value;
        if bases_value(entry).is_none() || self.marks.broken.contains(&entry.key) {
            return own.clone();
        }
        let bases = std::mem::take(&mut self.bases[at]);
        let mut targets = bases.iter().filter_map(|base| base.target);
        if targets.any(|target| self.marks.broken.contains(&self.entries[target].key)) {
            self.marks.broken.insert(entry.key.clone());
            return own.clone();
        }
        self.levels[at] = 1 + bases.iter().filter_map(|base| Some(self.levels[base.target?])).max().unwrap_or(0);
        if self.levels[at] > MOST_LEVELS {
            self.reject(entry, entry.key_at, "nesting too deep in `extends`");
            return own.clone();
        }
        let mut merged: Option<Value> = None;
        for base in &bases {
            let Some(value) = self.base(entry, base) else { continue };
            merged = match merged {
                None => Some(value),
                Some(before) => self.merge(entry, &before, &value),
            };
        }
        match merged {
            None => own.clone(),
            Some(base) => self.merge(entry, &base, own).unwrap_or_else(|| own.clone()),
        }
    }

    /// The value of a base, if it can be merged.
    fn base(&mut self, entry: &Entry, base: &Base) -> Option<Value> {
        let Some(target) = base.target else {
            self.unknown(entry, base);
            return None;
        };
        let key = &self.entries[target].key;
        if self.marks.unread.contains(key) {
            self.marks.unread.insert(entry.key.clone());
        }
        let value = self.done[target].as_ref().unwrap_or(&self.entries[target].value);
        if value.as_map().is_none() {
            self.reject(entry, base.at, &format!("invalid base hashes in `extends` ({})", base.name));
            return None;
        }
        Some(value.after(&[Step { kind: StepKind::Extends, at: base.at }]))
    }

    fn unknown(&mut self, entry: &Entry, base: &Base) {
        if self.lenient || base.name.contains("$[[") {
            self.marks.unread.insert(entry.key.clone());
            return;
        }
        let message = format!("{}: unknown keys in `extends` ({})", entry.key, base.name);
        let names = self.entries.iter().map(|known| &*known.key).filter(|known| **known != *entry.key);
        let fault = Fault::new(base.at, message).of(&entry.key).nearest(&base.name, names);
        self.marks.broken.insert(entry.key.clone());
        self.faults.push(fault);
    }

    fn reject(&mut self, entry: &Entry, at: Span, message: &str) {
        self.marks.broken.insert(entry.key.clone());
        self.faults.push(Fault::new(at, format!("{}: {message}", entry.key)).of(&entry.key));
    }

    /// Past the bound the job is known in part only.
    fn merge(&mut self, entry: &Entry, base: &Value, over: &Value) -> Option<Value> {
        let merged = deep_merge(base, over, &mut self.copies);
        if merged.is_none() {
            self.marks.unread.insert(entry.key.clone());
        }
        merged
    }
}

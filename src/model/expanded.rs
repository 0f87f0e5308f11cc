//! The pipeline as GitLab would see it: every visible job with its defaults, under GitLab's own keys.

use std::sync::Arc;

use super::build::{is_judged, is_keyword};
use super::{Pipeline, script};
use crate::value::{Entry, Kind, Map, Value};

/// The keywords of `default:`, and whether they may stand at top level too.
const DEFAULTS: [(&str, bool); 13] = [
    ("before_script", true),
    ("after_script", true),
    ("image", true),
    ("services", true),
    ("cache", true),
    ("tags", false),
    ("artifacts", false),
    ("retry", false),
    ("timeout", false),
    ("interruptible", false),
    ("hooks", false),
    ("id_tokens", false),
    ("identity", false),
];
/// All that a trigger job inherits: it runs nothing.
const IN_BRIDGES: [&str; 1] = ["interruptible"];
/// Top-level keywords that are no default of the jobs.
const KEPT: [&str; 3] = ["stages", "variables", "workflow"];
/// Lists whose nested lists GitLab lays flat, besides scripts.
const LAID_FLAT: [&str; 3] = ["stages", "rules", "needs"];
/// As deep as it does.
const DEEPEST: usize = 10;
/// The most values that are looked at in one of them.
const MOST: usize = 40_000;

impl Pipeline {
    /// The merged configuration: `stages`, `variables`, `workflow`, and each job with `extends` and
    /// `!reference` done, the defaults applied, scripts as flat lists.
    #[must_use]
    pub fn expanded(&self) -> Map {
        let mut expanded = Map::default();
        for keyword in KEPT {
            if let Some(entry) = self.config.entry(keyword).filter(|entry| is_keyword(entry)) {
                expanded.insert(flat(entry));
            }
        }
        let default = self.config.entry("default").filter(|entry| is_keyword(entry));
        let default = default.and_then(|entry| entry.value.as_map());
        for entry in self.config.iter().filter(|entry| is_judged(entry, self.template)) {
            let Some(job) = entry.value.as_map() else { continue };
            let job = Kind::Map(Arc::new(self.job(job, default)));
            expanded.insert(Entry { value: Value { kind: job, ..entry.value.clone() }, ..entry.clone() });
        }
        expanded
    }

    fn job(&self, job: &Map, default: Option<&Map>) -> Map {
        let mut made = Map::default();
        for (keyword, at_top) in DEFAULTS {
            let given = |entry: &&Entry| !entry.value.is_null();
            let top = || self.config.entry(keyword).filter(|_| at_top);
            let inherited = default.and_then(|map| map.entry(keyword)).filter(given).or_else(|| top().filter(given));
            let own = job.get(keyword).is_some_and(|value| !value.is_null());
            let bridge = job.get("trigger").is_some() && !IN_BRIDGES.contains(&keyword);
            if let Some(entry) = inherited.filter(|_| !own && !bridge && inherits(job, keyword)) {
                made.insert(flat(entry));
            }
        }
        let own = job.iter().filter(|entry| &*entry.key != "extends" && !entry.value.is_null());
        own.for_each(|entry| made.insert(flat(entry)));
        made
    }
}

/// `inherit:default`.
fn inherits(job: &Map, keyword: &str) -> bool {
    let rule = job.get("inherit").and_then(Value::as_map).and_then(|inherit| inherit.get("default"));
    match rule.map(|rule| &rule.kind) {
        Some(Kind::Bool(inherits)) => *inherits,
        Some(Kind::List(names)) => names.iter().any(|name| name.as_text() == Some(keyword)),
        _ => true,
    }
}

/// Scripts are lists of strings, whatever they were written as; `!reference` in a list makes a nested one.
fn flat(entry: &Entry) -> Entry {
    if let Kind::List(list) = &entry.value.kind
        && LAID_FLAT.contains(&&*entry.key)
    {
        let mut items = Vec::new();
        lay_flat(list, 1, &mut items, &mut { MOST });
        return Entry { value: Value { kind: Kind::List(Arc::new(items)), ..entry.value.clone() }, ..entry.clone() };
    }
    if !matches!(&*entry.key, "script" | "before_script" | "after_script") {
        return entry.clone();
    }
    let Ok(items) = script::items(&entry.value, &entry.key) else { return entry.clone() };
    let items = items.into_iter().map(|item| Value::new(item.at, Kind::Text(item.text))).collect();
    Entry { value: Value { kind: Kind::List(Arc::new(items)), ..entry.value.clone() }, ..entry.clone() }
}

fn lay_flat(list: &[Value], depth: usize, items: &mut Vec<Value>, left: &mut usize) {
    for value in list {
        *left = left.saturating_sub(1);
        match &value.kind {
            _ if *left == 0 => return,
            Kind::List(inner) if depth < DEEPEST => lay_flat(inner, depth + 1, items, left),
            _ => items.push(value.clone()),
        }
    }
}

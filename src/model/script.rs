//! Scripts: a string or nested lists of strings, flattened to items (facts A13).

use std::sync::Arc;

use super::{Field, Item, Shadowed};
use crate::load::Fault;
use crate::source::{Mapped, Span};
use crate::value::{Entry, Kind, Map, Step, Value};

/// GitLab flattens lists up to this depth.
const DEEPEST: usize = 10;
/// The most values that are looked at in one script.
const MOST: usize = 40_000;

/// The items of a script; what stands for text that could not be read is left out.
pub(super) fn items(value: &Value, keyword: &str) -> Result<Vec<Item>, Fault> {
    let (mut items, mut left) = (Vec::new(), MOST);
    match flatten(value, 0, &mut items, &mut left) {
        Ok(()) => Ok(items),
        Err(at) => {
            let message =
                format!("{keyword} config should be a string or a nested array of strings up to {DEEPEST} levels deep");
            Err(Fault::new(at, message))
        }
    }
}

fn flatten(value: &Value, depth: usize, items: &mut Vec<Item>, left: &mut usize) -> Result<(), Span> {
    if *left == 0 {
        return Ok(());
    }
    *left -= 1;
    match &value.kind {
        Kind::Text(text) => {
            items.push(Item { text: text.clone(), at: value.at });
            Ok(())
        }
        Kind::Reference(_) => Ok(()),
        Kind::List(list) if depth < DEEPEST => list.iter().try_for_each(|value| flatten(value, depth + 1, items, left)),
        _ => Err(value.at),
    }
}

/// A script keyword of a job, with how it came.
pub(super) fn field(entry: &Entry, outer: &[Step]) -> Result<Field<Vec<Item>>, Fault> {
    let value = items(&entry.value, &entry.key)?;
    let shadowed = entry.value.shadowed.iter().filter_map(|old| {
        let items = items(old, &entry.key).ok()?;
        (!items.is_empty()).then_some(Shadowed { value: items, at: old.at })
    });
    let via = entry.value.via.iter().chain(outer).copied().collect();
    Ok(Field { value, key_at: entry.key_at, at: entry.value.at, via, shadowed: shadowed.collect() })
}

/// The `run:` steps (facts A13), each in a shell of its own with its own `env`. What a step of another
/// kind does is not known: it stands there as the command that its reference would be.
pub(super) fn run_steps(entry: &Entry, outer: &[Step]) -> Field<Vec<Item>> {
    let steps = entry.value.as_list().unwrap_or_default().iter().filter_map(Value::as_map);
    let value = steps.take(MOST).filter_map(step).collect();
    let via = entry.value.via.iter().chain(outer).copied().collect();
    Field { value, key_at: entry.key_at, at: entry.value.at, via, shadowed: Vec::new() }
}

fn step(step: &Map) -> Option<Item> {
    let Some(script) = step.get("script") else {
        let reference = ["step", "func"].into_iter().find_map(|keyword| step.get(keyword))?;
        let Kind::Text(text) = &reference.kind else { return None };
        let plain = |char: char| char.is_ascii_alphanumeric() || "./@_-".contains(char);
        let is_path = text.text().contains('/') && text.text().chars().all(plain);
        return is_path.then(|| Item { text: text.clone(), at: reference.at });
    };
    let items = items(script, "run").ok()?;
    let mut text = Mapped::default();
    text.push_coarse("(\n", script.at);
    for variable in step.get("env").and_then(Value::as_map).into_iter().flat_map(Map::iter) {
        let value = variable.value.scalar().unwrap_or_default().replace('\'', "'\\''");
        text.push_coarse(&format!("export {}='{value}'\n", variable.key), variable.value.at);
    }
    for item in items {
        text.append(&item.text);
        text.push_coarse("\n", item.at);
    }
    text.push_coarse(")", script.at);
    Some(Item { text: Arc::new(text), at: script.at })
}

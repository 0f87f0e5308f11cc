//! Scripts: a string or nested lists of strings, flattened to items (facts A13).

use super::{Field, Item, Shadowed};
use crate::load::Fault;
use crate::source::Span;
use crate::value::{Entry, Kind, Step, Value};

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

/// The `run:` steps that are scripts.
pub(super) fn run_steps(entry: &Entry, outer: &[Step]) -> Field<Vec<Item>> {
    let steps = entry.value.as_list().unwrap_or_default().iter();
    let scripts = steps.filter_map(|step| step.as_map()?.get("script"));
    let value = scripts.filter_map(|script| items(script, "run").ok()).flatten().collect();
    let via = entry.value.via.iter().chain(outer).copied().collect();
    Field { value, key_at: entry.key_at, at: entry.value.at, via, shadowed: Vec::new() }
}

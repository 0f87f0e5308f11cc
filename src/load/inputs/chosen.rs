//! What whoever starts a pipeline may choose (GitLab 17.11): the inputs of its own file are taken at their
//! defaults, and other values may bring other jobs.

use std::collections::BTreeSet;

use super::block::blocks;
use super::spec::{Input, InputKind, Spec};
use crate::load::{Note, NoteKind};
use crate::value::{Kind, Value};

/// The keys of a job that decide whether it exists, and as what.
const DECIDING: [&str; 5] = ["rules", "only", "except", "when", "extends"];
/// The most values that are looked at.
const MOST: usize = 100_000;

/// A note, where an input with a default and other values is asked which jobs there are.
pub(in crate::load) fn chosen(spec: &Spec, content: &Value) -> Option<Note> {
    let map = content.as_map()?;
    let (mut asked, mut left) = (BTreeSet::new(), MOST);
    let jobs = map.iter().filter_map(|entry| entry.value.as_map());
    let deciding = jobs.flat_map(|job| DECIDING.into_iter().filter_map(|key| job.get(key)));
    map.get("include").into_iter().chain(deciding).for_each(|value| ask(value, &mut asked, &mut left));
    let inputs: Vec<&Input> =
        spec.inputs.iter().filter(|input| asked.contains(&*input.name) && has_choice(input)).collect();
    let first = inputs.first()?;
    let names: Vec<String> = inputs.iter().map(|input| format!("`{}`", input.name)).collect();
    let names = names.join(", ");
    let taken = match inputs.len() {
        1 => format!("the input {names} is taken at its default"),
        _ => format!("the inputs {names} are taken at their defaults"),
    };
    let message = format!("{taken}: jobs that only another value brings are not read");
    Some(Note { kind: NoteKind::BoundReached, at: Some(first.name_at), message })
}

fn has_choice(input: &Input) -> bool {
    let several = input.options.as_ref().map_or(input.kind == InputKind::Boolean, |options| options.len() > 1);
    input.default.is_some() && several
}

/// The inputs that a value asks for.
fn ask<'v>(value: &'v Value, asked: &mut BTreeSet<&'v str>, left: &mut usize) {
    if *left == 0 {
        return;
    }
    *left -= 1;
    match &value.kind {
        Kind::Text(text) => {
            let inputs = blocks(text.text()).into_iter().filter_map(|(_, data)| data.strip_prefix("inputs."));
            asked.extend(inputs.filter_map(|data| data.split(['|', ' ', '.', '[']).next()));
        }
        Kind::List(items) => items.iter().for_each(|item| ask(item, asked, left)),
        Kind::Map(map) => map.iter().for_each(|entry| ask(&entry.value, asked, left)),
        _ => {}
    }
}

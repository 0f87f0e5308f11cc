//! Job inputs (GitLab 18.10, `doc/ci/jobs/job_inputs.md`): `${{ job.inputs.NAME }}` in what the runner
//! gets. Each has a default, which holds unless a person gives another value to a job run by hand or
//! again; like a variable's value, it is what the file says. Other expressions stay as they are.

use std::sync::Arc;

use crate::source::Mapped;
use crate::value::{Entry, Kind, Map, Value};

/// The keywords in which job inputs mean something.
const KEYWORDS: [&str; 7] = ["after_script", "artifacts", "before_script", "cache", "image", "script", "services"];
/// The deepest value that is looked through.
const DEEPEST: usize = 100;

/// The job with its inputs put in; `None`: there is nothing to put in.
pub(super) fn filled(job: &Map) -> Option<Map> {
    let inputs = job.get("inputs")?.as_map()?;
    let mut filled: Option<Map> = None;
    for entry in job.iter().filter(|entry| KEYWORDS.contains(&&*entry.key)) {
        if let Some(value) = within(&entry.value, inputs, 0) {
            filled.get_or_insert_with(|| job.clone()).insert(Entry { value, ..entry.clone() });
        }
    }
    filled
}

/// The value, if it changes.
fn within(value: &Value, inputs: &Map, depth: usize) -> Option<Value> {
    let kind = match &value.kind {
        _ if depth > DEEPEST => return None,
        Kind::Text(text) => Kind::Text(Arc::new(put_in(text, value, inputs)?)),
        Kind::List(items) => {
            let changed: Vec<Option<Value>> = items.iter().map(|item| within(item, inputs, depth + 1)).collect();
            changed.iter().any(Option::is_some).then_some(())?;
            let items = items.iter().zip(changed).map(|(old, new)| new.unwrap_or_else(|| old.clone()));
            Kind::List(Arc::new(items.collect()))
        }
        Kind::Map(map) => {
            let mut changed: Option<Map> = None;
            for entry in map.iter() {
                if let Some(value) = within(&entry.value, inputs, depth + 1) {
                    changed.get_or_insert_with(|| (**map).clone()).insert(Entry { value, ..entry.clone() });
                }
            }
            Kind::Map(Arc::new(changed?))
        }
        _ => return None,
    };
    Some(Value { kind, ..value.clone() })
}

fn put_in(text: &Mapped, value: &Value, inputs: &Map) -> Option<Mapped> {
    let written = text.text();
    let (mut filled, mut from, mut at) = (Mapped::default(), 0, 0);
    while let Some(start) = written[at..].find("${{").map(|found| at + found) {
        let Some(end) = written[start..].find("}}").map(|found| start + found + 2) else { break };
        at = end;
        let name = written[start + 3..end - 2].trim().strip_prefix("job.inputs.");
        let default = name.and_then(|name| inputs.get(name)?.as_map()?.get("default")?.scalar());
        let Some(default) = default else { continue };
        filled.append(&text.slice(from..start));
        filled.push_coarse(&default, text.span(start..end).unwrap_or(value.at));
        from = end;
    }
    (from > 0).then(|| {
        filled.append(&text.slice(from..written.len()));
        filled
    })
}

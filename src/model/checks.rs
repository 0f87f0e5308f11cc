//! What GitLab rejects in jobs that are otherwise well formed: conditions that are none, stages and
//! jobs that do not exist, names that are too long (facts A16). Its own words, each place once.

use std::collections::HashSet;

use super::build::is_visible;
use super::extends::Marks;
use crate::load::Fault;
use crate::nearest::nearest;
use crate::rules::invalid_expressions;
use crate::source::Span;
use crate::value::{Entry, Kind, Map, Value};

/// The longest name of a job.
const LONGEST_NAME: usize = 255;
/// The stages where none are given.
const STAGES: [&str; 3] = ["build", "test", "deploy"];
/// The deepest list in `needs`.
const DEEPEST: usize = 10;

/// What is wrong with the jobs. `lenient`: stages and other jobs are not looked for.
pub(super) fn faults(config: &Map, workflow: Option<&Map>, lenient: bool, marks: &Marks) -> Vec<Fault> {
    let mut faults: Vec<Fault> = workflow.into_iter().flat_map(invalid_expressions).map(in_workflow).collect();
    let mut seen: HashSet<Span> = HashSet::new();
    let stages = if lenient { None } else { stages(config) };
    let jobs: HashSet<&str> = config.iter().filter(|entry| is_visible(entry)).map(|entry| &*entry.key).collect();
    for entry in config.iter().filter(|entry| is_visible(entry)) {
        let Some(job) = entry.value.as_map().filter(|_| is_known(entry, marks)) else { continue };
        let mut own: Vec<Fault> = Vec::new();
        let name = &entry.key;
        if name.chars().count() > LONGEST_NAME {
            own.push(Fault::new(
                entry.key_at,
                format!("jobs:{name} name is too long (maximum is {LONGEST_NAME} characters)"),
            ));
        }
        let invalid = |at| Fault::new(at, format!("jobs:{name}:rules:rule if invalid expression syntax"));
        own.extend(invalid_expressions(job).into_iter().map(invalid));
        own.extend(stages.as_deref().and_then(|stages| stage(entry, job, stages)));
        if !lenient {
            own.extend(missing(entry, job, &jobs));
        }
        faults.extend(own.into_iter().filter(|fault| seen.insert(fault.at)).map(|fault| fault.of(name)));
    }
    faults
}

fn in_workflow(at: Span) -> Fault {
    Fault::new(at, "workflow:rules:rule if invalid expression syntax")
}

fn is_known(entry: &Entry, marks: &Marks) -> bool {
    !marks.unread.contains(&entry.key) && !marks.broken.contains(&entry.key)
}

/// The stages; `None` where they cannot be told.
pub(super) fn stages(config: &Map) -> Option<Vec<String>> {
    if config.get("types").is_some() {
        return None;
    }
    let given = match config.get("stages").map(|stages| &stages.kind) {
        None | Some(Kind::Null) => STAGES.map(str::to_owned).to_vec(),
        Some(Kind::List(items)) => items.iter().map(Value::scalar).collect::<Option<Vec<_>>>()?,
        Some(_) => return None,
    };
    if given.is_empty() || given.iter().any(|stage| stage.contains("$[[")) {
        return None;
    }
    let inner = given.into_iter().filter(|stage| stage != ".pre" && stage != ".post");
    Some([".pre".to_owned()].into_iter().chain(inner).chain([".post".to_owned()]).collect())
}

/// A job without `stage` is in `test`.
fn stage(entry: &Entry, job: &Map, stages: &[String]) -> Option<Fault> {
    let (stage, at) = match job.get("stage").filter(|stage| !stage.is_null()) {
        Some(value) => (value.scalar()?, value.at),
        None => ("test".to_owned(), entry.key_at),
    };
    if stages.contains(&stage) || stage.contains("$[[") {
        return None;
    }
    let known = stages.join(", ");
    let message = format!("{} job: chosen stage {stage} does not exist; available stages are {known}", entry.key);
    Some(Fault::new(at, message).nearest(&stage, stages.iter().map(String::as_str)))
}

/// `needs` and `dependencies` that name no job.
fn missing(entry: &Entry, job: &Map, jobs: &HashSet<&str>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (keyword, what) in [("needs", "need"), ("dependencies", "dependency")] {
        let mut named = Vec::new();
        if let Some(value) = job.get(keyword) {
            names(value, 0, &mut named);
        }
        for (name, at) in named.into_iter().filter(|(name, _)| !exists(name, jobs)) {
            let message = format!("{} job: undefined {what}: {name}", entry.key);
            let mut fault = Fault::new(at, message);
            let mut known: Vec<&str> = jobs.iter().copied().collect();
            known.sort_unstable();
            fault.help = nearest(&name, known).map(|near| format!("did you mean `{near}`?"));
            faults.push(fault);
        }
    }
    faults
}

/// The names that must be jobs of this pipeline.
fn names(value: &Value, depth: usize, found: &mut Vec<(String, Span)>) {
    match &value.kind {
        Kind::List(items) if depth <= DEEPEST => items.iter().for_each(|item| names(item, depth + 1, found)),
        Kind::Text(text) => found.push((text.text().to_owned(), value.at)),
        Kind::Map(map) => {
            let elsewhere = ["project", "pipeline", "artifacts_from"].iter().any(|key| map.get(key).is_some());
            let optional = matches!(map.get("optional").map(|value| &value.kind), Some(Kind::Bool(true)));
            if let Some(job) = map.get("job").filter(|_| !elsewhere && !optional)
                && let Some(name) = job.as_text()
            {
                found.push((name.to_owned(), job.at));
            }
        }
        _ => {}
    }
}

/// A job of this name, or one of those that `parallel` makes of it: `NAME: [a, b]`, `NAME 1/3`.
fn exists(name: &str, jobs: &HashSet<&str>) -> bool {
    let base = name.split_once(": [").map(|(base, _)| base);
    let numbered = name.rsplit_once(' ').filter(|(_, rest)| rest.contains('/')).map(|(base, _)| base);
    let made = [base, numbered].into_iter().flatten();
    jobs.contains(name) || name.contains("$[[") || made.into_iter().any(|base| jobs.contains(base))
}

//! Child pipelines: what `trigger:include` names, and what the trigger job hands over (facts A12, A15).
//!
//! A child pipeline runs on its parent's ref, with `parent_pipeline` as its source. The trigger
//! job's YAML variables, expanded, are pipeline variables there: they beat all that its files define.

use std::sync::Arc;

use super::environment::{Environments, Own};
use super::variables::{Definition, Raw};
use super::{Environment, Fault, Job, Note, NoteKind};
use crate::files::{Files, join};
use crate::load::{Loaded, Loader};
use crate::rules::Reach;
use crate::scenario::Scenarios;
use crate::source::{Sources, Span};
use crate::text::{Origin, Symbol, Text};
use crate::value::{Entry, Kind, Map, Value, deep_merge};

/// The most files of one child pipeline.
const MOST_FILES: usize = 3;
/// The most map entries that merging them may copy.
const MERGES: usize = 400_000;
/// The deepest inputs that are compared.
const DEEPEST: usize = 100;

/// A job that starts a child pipeline from files of the project.
#[derive(Clone, Debug)]
pub struct Trigger {
    files: Vec<ChildFile>,
    /// Whether other files, which cannot be read, belong to it too.
    pub partial: bool,
    /// What the child pipeline gets.
    pub parent: Parent,
}

/// A file of the project that belongs to a child pipeline.
#[derive(Clone, Debug)]
struct ChildFile {
    /// Its path from the project's root.
    path: String,
    /// The place that names it.
    at: Span,
    /// What it gets for its inputs.
    inputs: Option<Value>,
}

/// What a child pipeline gets from the job that starts it.
#[derive(Clone, Debug)]
pub struct Parent {
    /// The trigger job.
    pub job: String,
    /// The key `trigger`.
    pub at: Span,
    /// The ways in which the trigger job comes to run.
    pub reach: Vec<Reach>,
    ways: Vec<Forwarded>,
    /// What conditions can know: the values that are the same in all ways.
    common: Vec<Definition>,
}

/// The variables that are handed over in some scenarios.
#[derive(Clone, Debug)]
struct Forwarded {
    scenarios: Scenarios,
    definitions: Vec<Definition>,
}

impl Trigger {
    /// The path of the first file.
    #[must_use]
    pub fn first(&self) -> Option<String> {
        join("", &self.files.first()?.path)
    }

    /// Whether both start the same child pipeline in the same way.
    #[must_use]
    pub fn is_like(&self, other: &Trigger) -> bool {
        let same = |(one, other): (&ChildFile, &ChildFile)| {
            join("", &one.path) == join("", &other.path) && same_inputs(one.inputs.as_ref(), other.inputs.as_ref())
        };
        self.partial == other.partial
            && self.files.len() == other.files.len()
            && self.files.iter().zip(&other.files).all(same)
            && self.parent.is_like(&other.parent)
    }

    /// Reads the files as one configuration, in which a later file wins.
    ///
    /// # Errors
    /// GitLab's reason where a file is not there.
    pub fn load(&self, loader: &mut Loader, files: &dyn Files, sources: &mut Sources) -> Result<Loaded, Fault> {
        let mut whole: Option<Loaded> = None;
        for ChildFile { path: written, at, inputs } in &self.files {
            let path = join("", written).filter(|path| files.read(path).is_ok());
            let Some(path) = path else { return Err(self.missing(written, *at, files)) };
            let next = loader.load_with(&path, *at, inputs.as_ref(), sources);
            whole = Some(match whole {
                Some(before) => merged(before, next),
                None => next,
            });
        }
        let mut loaded = whole.ok_or_else(|| Fault::new(self.parent.at, "the child pipeline has no file"))?;
        loaded.complete &= !self.partial;
        Ok(loaded)
    }

    fn missing(&self, written: &str, at: Span, files: &dyn Files) -> Fault {
        let listed = files.list();
        let fault = Fault::new(at, format!("local file `{written}` does not exist")).of(&self.parent.job);
        fault.nearest(written.trim_start_matches('/'), listed.iter().map(String::as_str))
    }
}

fn merged(before: Loaded, next: Loaded) -> Loaded {
    let value = |config: Map, at: Span| Value::new(at, Kind::Map(Arc::new(config)));
    let (low, high) = (value(before.config, before.at), value(next.config, next.at));
    let both = deep_merge(&low, &high, &mut { MERGES });
    let config = both.as_ref().unwrap_or(&high).as_map().cloned().unwrap_or_default();
    let complete = before.complete && next.complete && both.is_some();
    let mut whole = Loaded { config, complete, ..before };
    whole.unread_includes.extend(next.unread_includes);
    whole.faults.extend(next.faults);
    whole.notes.extend(next.notes);
    whole.read.extend(next.read);
    whole.inputs.join(next.inputs);
    whole
}

impl Parent {
    /// The numbers of the ways in which variables are handed over, with their scenarios.
    pub(super) fn ways(&self) -> Vec<(Option<usize>, Scenarios)> {
        self.ways.iter().enumerate().map(|(number, way)| (Some(number), way.scenarios)).collect()
    }

    /// The variables of one way; without a number, what is known in all.
    pub(super) fn definitions(&self, way: Option<usize>) -> Vec<Definition> {
        way.and_then(|way| self.ways.get(way)).map_or_else(|| self.common.clone(), |way| way.definitions.clone())
    }

    fn hands_over(&self, name: &str) -> bool {
        self.common.iter().any(|definition| *definition.name == *name)
    }

    /// Whether both hand over the same in the same scenarios, so that their children are alike.
    #[must_use]
    pub fn is_like(&self, other: &Parent) -> bool {
        let alike = |one: &Forwarded, other: &Forwarded| {
            one.scenarios == other.scenarios
                && one.definitions.len() == other.definitions.len()
                && one.definitions.iter().zip(&other.definitions).all(|(one, other)| one.same(other))
        };
        self.reach == other.reach
            && self.ways.len() == other.ways.len()
            && self.ways.iter().zip(&other.ways).all(|(one, other)| alike(one, other))
    }
}

/// The child pipeline that a job starts, and what of it cannot be read.
pub(super) fn trigger(
    entry: &Entry,
    job: &Job,
    environments: &Environments,
    parent: Option<&Parent>,
) -> (Option<Trigger>, Vec<Note>) {
    let Some(map) = entry.value.as_map() else { return (None, Vec::new()) };
    let Some((key, trigger)) = map.entry("trigger").and_then(|entry| Some((entry.key_at, entry.value.as_map()?)))
    else {
        return (None, Vec::new());
    };
    let Some(include) = trigger.get("include").filter(|include| !include.is_null()) else { return (None, Vec::new()) };
    let (mut files, mut notes) = (Vec::new(), Vec::new());
    for item in include.as_list().unwrap_or(std::slice::from_ref(include)).iter().take(MOST_FILES) {
        match local(item, trigger.get("inputs")) {
            Some(file) => files.push(file),
            None => notes.push(unread(item)),
        }
    }
    if files.is_empty() || job.reach.is_empty() {
        return (None, notes);
    }
    let ways = ways(&Own::of(map), trigger, job, environments, parent);
    let common = common(&ways, key);
    let parent = Parent { job: job.name.clone(), at: key, reach: job.reach.clone(), ways, common };
    (Some(Trigger { files, partial: !notes.is_empty(), parent }), notes)
}

/// A file of the project: a path, or `local:`.
/// Its inputs stand beside it (`trigger:include:inputs`, GitLab 17.11) or beside the include.
fn local(item: &Value, outer: Option<&Value>) -> Option<ChildFile> {
    let value = item.as_map().map_or(Some(item), |map| map.get("local"))?;
    let path = value.as_text().filter(|path| !path.contains(['$', '*']) && !path.contains("://"))?;
    let given = |inputs: &&Value| inputs.as_map().is_some();
    let own = item.as_map().and_then(|map| map.get("inputs")).filter(given);
    let inputs = own.or_else(|| outer.filter(given)).cloned();
    Some(ChildFile { path: path.to_owned(), at: value.at, inputs })
}

/// Whether both say the same, wherever they were written.
fn same_inputs(one: Option<&Value>, other: Option<&Value>) -> bool {
    match (one, other) {
        (None, None) => true,
        (Some(one), Some(other)) => same(one, other, 0),
        _ => false,
    }
}

fn same(one: &Value, other: &Value, depth: usize) -> bool {
    match (&one.kind, &other.kind) {
        _ if depth > DEEPEST => false,
        (Kind::List(one), Kind::List(other)) => {
            one.len() == other.len() && one.iter().zip(&**other).all(|(one, other)| same(one, other, depth + 1))
        }
        (Kind::Map(one), Kind::Map(other)) => {
            let pairs = |one: &Entry, other: &Entry| one.key == other.key && same(&one.value, &other.value, depth + 1);
            one.len() == other.len() && one.iter().zip(other.iter()).all(|(one, other)| pairs(one, other))
        }
        (Kind::Null, Kind::Null) => true,
        (Kind::Text(_), Kind::Text(_)) | (Kind::Bool(_), Kind::Bool(_)) | (Kind::Number(_), Kind::Number(_)) => {
            one.scalar() == other.scalar()
        }
        _ => false,
    }
}

fn unread(item: &Value) -> Note {
    let given = |kind| item.as_map().and_then(|map| Some((kind, map.get(kind)?.scalar()?)));
    let known = ["artifact", "project", "template", "remote", "component", "local"].into_iter().find_map(given);
    let message = match known.or_else(|| Some(("remote", item.scalar()?))) {
        Some((kind, name)) => format!("the {kind} include `{name}` of a child pipeline is not read"),
        None => "this include of a child pipeline is not read".to_owned(),
    };
    Note { kind: NoteKind::UnresolvedInclude, at: Some(item.at), message }
}

/// What `trigger:forward` lets through, in each of the trigger job's environments.
fn ways(own: &Own, trigger: &Map, job: &Job, environments: &Environments, parent: Option<&Parent>) -> Vec<Forwarded> {
    let forward = trigger.get("forward").and_then(Value::as_map);
    let says = |name: &str, usual: bool| match forward.and_then(|forward| forward.get(name)).map(|value| &value.kind) {
        Some(Kind::Bool(value)) => *value,
        _ => usual,
    };
    let (yaml, pipeline) = (says("yaml_variables", true), says("pipeline_variables", false));
    let goes = |name: &str| {
        let given = parent.is_some_and(|parent| parent.hands_over(name));
        (pipeline && given) || (yaml && (!given || environments.defines(own, name)))
    };
    let source = |at: Span| Definition {
        name: Arc::from("CI_PIPELINE_SOURCE"),
        key_at: at,
        at,
        raw: Raw::Final(Text::literal("parent_pipeline")),
    };
    let way = |environment: &Environment| {
        let variables = environment.variables.iter().filter(|(name, _)| *name != "CI_PIPELINE_SOURCE" && goes(name));
        let mut definitions: Vec<Definition> = variables
            .map(|(name, variable)| Definition {
                name: Arc::from(name),
                key_at: variable.key_at,
                at: variable.at,
                raw: Raw::Final(variable.text.clone()),
            })
            .collect();
        definitions.sort_by(|one, other| one.name.cmp(&other.name));
        definitions.push(source(job.name_at));
        Forwarded { scenarios: environment.scenarios, definitions }
    };
    job.environments.iter().map(way).collect()
}

fn common(ways: &[Forwarded], at: Span) -> Vec<Definition> {
    let mut common: Vec<Definition> = ways.first().map(|way| way.definitions.clone()).unwrap_or_default();
    let mut names: std::collections::HashSet<Arc<str>> = common.iter().map(|known| known.name.clone()).collect();
    for way in ways.iter().skip(1) {
        for definition in way.definitions.iter().filter(|definition| !names.contains(&definition.name)) {
            common.push(definition.clone());
        }
        names.extend(way.definitions.iter().map(|definition| definition.name.clone()));
    }
    for known in &mut common {
        let same = |way: &Forwarded| way.definitions.iter().any(|definition| definition.same(known));
        if !ways.iter().all(same) {
            let shown = format!("${}", known.name);
            let key = format!("forwarded:{}:{}:{}", at.file.0, at.start, known.name);
            known.raw = Raw::Final(Text::symbol(Symbol::unknown(key, shown.clone(), Origin::Opaque(shown))));
        }
    }
    common
}

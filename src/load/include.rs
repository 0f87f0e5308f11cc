//! `include:`: from the entries of a file to the merged configuration.

use crate::files::{ReadError, join};
use crate::rules::{Admission, Reach};
use crate::source::{FileId, Source, Sources, Span};
use crate::text::Inputs;
use crate::value::{Kind, Map, Step, StepKind, Value, deep_merge};

use super::admitted::Admitted;
use super::file::File;
use super::place::Place;
use super::{Fault, Loaded, Loader, inputs};

/// What a file is not that holds a list or a scalar.
const NO_MAPPING: &str = "is not a mapping of jobs and keywords";
/// The most includes of one pipeline.
const MOST: usize = 150;
/// The most map entries that merging may copy.
const MERGES: usize = 4_000_000;
/// The most values and bytes that inputs may touch.
const FILLED: usize = 8_000_000;

/// `started`: what starts the file, with the inputs that it gives; `None`: a person, a push, …
pub(super) fn load(
    loader: &mut Loader,
    path: &str,
    started: Option<(Span, Option<&Value>)>,
    sources: &mut Sources,
) -> Loaded {
    let path = join("", path).unwrap_or_else(|| path.to_owned());
    let file = loader.file(Place::HOME, &path, sources);
    let root = file.id.unwrap_or_else(|| sources.add(Source::new(path.clone(), "")));
    let at = Span::new(root, 0, 0);
    let loaded = Loaded {
        root,
        config: Map::default(),
        at,
        unread_includes: Vec::new(),
        settings: loader.outside.settings.clone(),
        inputs: Inputs::default(),
        faults: Vec::new(),
        notes: Vec::new(),
        read: vec![root],
        admitted: Admitted::default(),
        complete: true,
    };
    let mut walk =
        Walk { loader, sources, loaded, stack: Vec::new(), ways: None, included: 0, merges: MERGES, filled: FILLED };
    if let Some(error) = file.error {
        walk.fault(Fault::new(at, format!("`{path}` {}", reason(error))));
        walk.loaded.complete = false;
        return walk.loaded;
    }
    let ask = started.map(|(at, inputs)| Ask { at, inputs, admission: Admission::Always });
    if let Some(value) = walk.file((Place::HOME, path), &file, at, ask) {
        walk.loaded.at = value.at;
        walk.loaded.config = value.as_map().cloned().unwrap_or_default();
    }
    walk.loaded
}

fn reason(error: ReadError) -> &'static str {
    match error {
        ReadError::Missing => "does not exist",
        ReadError::Outside => "is outside the project",
        ReadError::TooLarge => "is too large",
        ReadError::Refused => "cannot be read",
    }
}

pub(super) struct Walk<'w, 'f> {
    pub loader: &'w mut Loader<'f>,
    pub sources: &'w mut Sources,
    pub loaded: Loaded,
    /// The files that include the one at hand, itself last.
    pub stack: Vec<(Place, String)>,
    /// The ways in which the includes that lead here let it in; `None`: always.
    pub ways: Option<Vec<Reach>>,
    included: usize,
    merges: usize,
    filled: usize,
}

/// One entry of `include:` besides what it names.
#[derive(Clone, Copy)]
pub(super) struct Ask<'v> {
    /// What it names.
    pub at: Span,
    /// Its `inputs:`.
    pub inputs: Option<&'v Value>,
    /// What its `rules:` say.
    pub admission: Admission,
}

impl Walk<'_, '_> {
    /// The merged configuration of a file. `at`: what to point at if there is nothing in it.
    fn file(&mut self, path: (Place, String), file: &File, at: Span, ask: Option<Ask>) -> Option<Value> {
        let first_time = !self.stack.contains(&path);
        for fault in &file.faults {
            if first_time && !self.loaded.faults.contains(fault) {
                self.fault(fault.clone());
            }
        }
        let Some(content) = &file.content else {
            self.loaded.complete = false;
            return None;
        };
        let content = self.filled(file, path.0, content, ask);
        let Some(map) = content.as_map() else {
            // GitLab's "Local file `x` is empty!"; a root without a character counts as none at all.
            let empty = (at, "is empty: it has neither a job nor a keyword");
            let (at, what) = if content.is_null() { empty } else { (content.at, NO_MAPPING) };
            self.fault(Fault::new(at, format!("`{}` {what}", path.1)));
            self.loaded.complete = false;
            return None;
        };
        self.loaded.admitted.add(map, self.ways.as_deref());
        let Some(entry) = map.entry("include") else { return Some(content) };
        let mut own = map.clone();
        own.remove("include");
        let own = Value { kind: Kind::Map(std::sync::Arc::new(own)), ..content.clone() };
        self.stack.push(path);
        let mut merged: Option<Value> = None;
        self.entries(&entry.value, &mut merged, 0);
        self.stack.pop();
        self.merge(merged, own)
    }

    /// The content with the file's inputs filled in.
    fn filled(&mut self, file: &File, place: Place, content: &Value, ask: Option<Ask>) -> Value {
        let given = ask.and_then(|ask| ask.inputs);
        let Some(header) = &file.header else {
            if let Some(given) = given.filter(|given| given.as_map().is_some_and(|map| !map.is_empty())) {
                let mut fault = Fault::new(given.at, "unknown input arguments");
                fault.help = Some("the included file has no `spec:inputs`".to_owned());
                self.fault(fault);
            }
            return content.clone();
        };
        file.id.into_iter().for_each(|id| self.loaded.inputs.add_file(id));
        let mut faults = Vec::new();
        let given = given.and_then(Value::as_map);
        let spec = self.whole(header, place, &mut faults);
        if ask.is_none() {
            self.loaded.notes.extend(inputs::chosen(&spec, content));
        }
        let values = inputs::values(&spec, given, ask.map(|ask| ask.at), &mut faults);
        let open = &mut self.loaded.inputs;
        let content = inputs::fill(content, &values, open, &mut self.filled, &mut faults);
        for fault in faults {
            if !self.loaded.faults.contains(&fault) {
                self.fault(fault);
            }
        }
        content
    }

    fn merge(&mut self, base: Option<Value>, over: Value) -> Option<Value> {
        let Some(base) = base else { return Some(over) };
        let merged = deep_merge(&base, &over, &mut self.merges);
        if merged.is_none() {
            self.fault(Fault::new(over.at, "the parsed YAML is too big"));
        }
        merged.or(Some(over))
    }

    /// Merges a file that exists; `name`: how the include calls it.
    pub(super) fn include(&mut self, place: Place, path: &str, name: &str, ask: Ask, merged: &mut Option<Value>) {
        let at = ask.at;
        let key = (place, path.to_owned());
        if self.stack.contains(&key) {
            self.fault(Fault::new(at, format!("`{path}` is part of a circular chain of includes")));
            return;
        }
        self.included += 1;
        if self.included > MOST {
            if self.included == MOST + 1 {
                self.fault(Fault::new(at, format!("maximum of {MOST} nested includes are allowed")));
            }
            self.loaded.complete = false;
            return;
        }
        let file = self.loader.file(place, path, self.sources);
        if let Some(error) = file.error {
            if ask.admission == Admission::Always {
                let reason = if error == ReadError::Outside { reason(ReadError::Missing) } else { reason(error) };
                self.missing(at, format!("{name} `{path}` {reason}"), Some(path));
            } else {
                // Its rules may ask for the very file.
                self.unread(at, "local", path);
            }
            return;
        }
        if let Some(id) = file.id {
            self.belongs(id);
        }
        let Some(value) = self.file(key, &file, at, Some(ask)) else {
            self.lost(at);
            return;
        };
        let value = with_step(value, Step { kind: StepKind::Include, at });
        *merged = self.merge(merged.take(), value);
    }

    pub(super) fn belongs(&mut self, id: FileId) {
        if !self.loaded.read.contains(&id) {
            self.loaded.read.push(id);
        }
    }

    pub(super) fn fault(&mut self, fault: Fault) {
        self.loaded.faults.push(fault);
    }
}

/// The step goes onto each top-level entry, because the file itself is no value of the result.
fn with_step(value: Value, step: Step) -> Value {
    let Kind::Map(map) = &value.kind else { return value };
    let mut stepped = Map::default();
    for entry in map.iter() {
        stepped.insert(crate::value::Entry { value: entry.value.after(&[step]), ..entry.clone() });
    }
    Value { kind: Kind::Map(std::sync::Arc::new(stepped)), ..value }
}

//! `include:`: from the entries of a file to the merged configuration.

use crate::files::{ReadError, join};
use crate::source::{FileId, Source, Sources, Span};
use crate::value::{Kind, Map, Step, StepKind, Value, deep_merge};

use super::file::File;
use super::{Fault, Loaded, Loader, Note, NoteKind, UnreadInclude, glob};

/// The most includes of one pipeline.
const MOST: usize = 150;
/// The deepest list in `include:`.
const DEEPEST_LIST: usize = 10;
/// The most map entries that merging may copy.
const MERGES: usize = 4_000_000;

pub(super) fn load(loader: &mut Loader, path: &str, sources: &mut Sources) -> Loaded {
    let path = join("", path).unwrap_or_else(|| path.to_owned());
    let file = loader.file(&path, sources);
    let root = file.id.unwrap_or_else(|| sources.add(Source::new(path.clone(), "")));
    let at = Span::new(root, 0, 0);
    let loaded = Loaded {
        root,
        config: Map::default(),
        at,
        unread_includes: Vec::new(),
        faults: Vec::new(),
        notes: Vec::new(),
        read: vec![root],
        complete: true,
    };
    let mut walk = Walk { loader, sources, loaded, stack: Vec::new(), included: 0, merges: MERGES };
    if let Some(error) = file.error {
        walk.fault(Fault::new(at, format!("`{path}` {}", reason(error))));
        walk.loaded.complete = false;
        return walk.loaded;
    }
    if let Some(value) = walk.file(&path, &file, at) {
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

struct Walk<'w, 'f> {
    loader: &'w mut Loader<'f>,
    sources: &'w mut Sources,
    loaded: Loaded,
    /// The files that include the one at hand, itself last.
    stack: Vec<String>,
    included: usize,
    merges: usize,
}

impl Walk<'_, '_> {
    /// The merged configuration of a file. `at`: what to point at if there is nothing in it.
    fn file(&mut self, path: &str, file: &File, at: Span) -> Option<Value> {
        let first_time = !self.stack.iter().any(|open| open == path);
        for fault in &file.faults {
            if first_time && !self.loaded.faults.contains(fault) {
                self.fault(fault.clone());
            }
        }
        let Some(content) = &file.content else {
            self.loaded.complete = false;
            return None;
        };
        let Some(map) = content.as_map() else {
            let at = if content.is_null() { at } else { content.at };
            self.fault(Fault::new(at, format!("`{path}` is not a mapping of jobs and keywords")));
            self.loaded.complete = false;
            return None;
        };
        let Some(entry) = map.entry("include") else { return Some(content.clone()) };
        let mut own = map.clone();
        own.remove("include");
        let own = Value { kind: Kind::Map(std::sync::Arc::new(own)), ..content.clone() };
        self.stack.push(path.to_owned());
        let mut merged: Option<Value> = None;
        self.entries(&entry.value, &mut merged, 0);
        self.stack.pop();
        self.merge(merged, own)
    }

    fn merge(&mut self, base: Option<Value>, over: Value) -> Option<Value> {
        let Some(base) = base else { return Some(over) };
        let merged = deep_merge(&base, &over, &mut self.merges);
        if merged.is_none() {
            self.fault(Fault::new(over.at, "the parsed YAML is too big"));
        }
        merged.or(Some(over))
    }

    fn entries(&mut self, value: &Value, merged: &mut Option<Value>, depth: usize) {
        match &value.kind {
            Kind::List(items) if depth < DEEPEST_LIST => {
                for item in items.iter() {
                    self.entries(item, merged, depth + 1);
                }
            }
            Kind::Text(text) => {
                let text = text.text();
                if text.starts_with("http://") || text.starts_with("https://") {
                    self.unread(value.at, "remote", text);
                } else {
                    self.local(text, value.at, merged);
                }
            }
            Kind::Map(entry) => self.entry(entry, value, merged),
            _ => {}
        }
    }

    fn entry(&mut self, entry: &Map, value: &Value, merged: &mut Option<Value>) {
        if let Some(local) = entry.get("local") {
            if let Some(path) = local.as_text() {
                self.local(path, local.at, merged);
            }
            return;
        }
        for kind in ["project", "remote", "template", "component", "artifact", "file"] {
            if let Some(name) = entry.entry(kind) {
                let shown = name.value.scalar().unwrap_or_default();
                self.unread(name.value.at, kind, &shown);
                return;
            }
        }
        self.unread(value.at, "include", "");
    }

    fn unread(&mut self, at: Span, kind: &str, name: &str) {
        if self.loaded.unread_includes.iter().any(|include| include.at == at) {
            return;
        }
        let message = if name.is_empty() {
            "this include is not read".to_owned()
        } else {
            format!("the {kind} include `{name}` is not read")
        };
        self.loaded.unread_includes.push(UnreadInclude { at, name: name.to_owned() });
        self.loaded.notes.push(Note { kind: NoteKind::UnresolvedInclude, at: Some(at), message });
        self.loaded.complete = false;
    }

    fn local(&mut self, written: &str, at: Span, merged: &mut Option<Value>) {
        if written.contains('$') {
            self.unread(at, "local", written);
        } else if written.contains('*') {
            let pattern = glob::pattern(written);
            for path in self.loader.listed().iter() {
                if pattern.as_ref().is_some_and(|pattern| pattern.is_match(path)) {
                    self.include(path, at, merged);
                }
            }
        } else if !glob::is_yaml(written) {
            self.missing(at, format!("included file `{written}` does not have YAML extension"), None);
        } else {
            match join("", written) {
                Some(path) => self.include(&path, at, merged),
                None => self.missing(at, format!("local file `{written}` does not exist"), Some(written)),
            }
        }
    }

    fn missing(&mut self, at: Span, message: String, path: Option<&str>) {
        let mut fault = Fault::new(at, message);
        if let Some(path) = path {
            fault.help = self.nearest(path).map(|near| format!("did you mean `{near}`?"));
        }
        self.lost(at);
        self.fault(fault);
    }

    /// What an include would bring is not there: it may be anything.
    fn lost(&mut self, at: Span) {
        self.loaded.complete = false;
        if !self.loaded.unread_includes.iter().any(|include| include.at == at) {
            let name = self.sources.slice(at).to_owned();
            self.loaded.unread_includes.push(UnreadInclude { at, name });
        }
    }

    /// A file of the same name in another folder, or one of nearly the same path.
    fn nearest(&mut self, path: &str) -> Option<String> {
        let path = path.trim_start_matches('/');
        let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
        let stem = |path: &str| name(path).trim_end_matches(".yml").trim_end_matches(".yaml").to_owned();
        let listed = self.loader.listed();
        let here = self.stack.last().cloned();
        let others = || listed.iter().map(String::as_str).filter(|other| here.as_deref() != Some(other));
        let wanted = stem(path);
        let same = others().find(|other| stem(other) == wanted);
        same.or_else(|| super::nearest(path, others())).map(str::to_owned)
    }

    fn include(&mut self, path: &str, at: Span, merged: &mut Option<Value>) {
        if self.stack.iter().any(|open| open == path) {
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
        let file = self.loader.file(path, self.sources);
        if let Some(error) = file.error {
            let reason = if error == ReadError::Outside { reason(ReadError::Missing) } else { reason(error) };
            self.missing(at, format!("local file `{path}` {reason}"), Some(path));
            return;
        }
        if let Some(id) = file.id {
            self.belongs(id);
        }
        let Some(value) = self.file(path, &file, at) else {
            self.lost(at);
            return;
        };
        let value = with_step(value, Step { kind: StepKind::Include, at });
        *merged = self.merge(merged.take(), value);
    }

    fn belongs(&mut self, id: FileId) {
        if !self.loaded.read.contains(&id) {
            self.loaded.read.push(id);
        }
    }

    fn fault(&mut self, fault: Fault) {
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

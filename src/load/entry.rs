//! The entries of `include:` (facts A10): which file each names, and what to say of those that
//! cannot be read.

use crate::files::{is_yaml, join};
use crate::rules::{Admission, admission, admitting, within};
use crate::source::Span;
use crate::value::{Kind, Map, Value};

use super::include::{Ask, Walk};
use super::place::{self, Place, Wanted};
use super::{Fault, Note, NoteKind, UnreadInclude, glob};

/// The deepest list in `include:`.
const DEEPEST_LIST: usize = 10;

impl Walk<'_, '_> {
    pub(super) fn entries(&mut self, value: &Value, merged: &mut Option<Value>, depth: usize) {
        match &value.kind {
            Kind::List(items) if depth < DEEPEST_LIST => {
                for item in items.iter() {
                    self.entries(item, merged, depth + 1);
                }
            }
            Kind::Text(text) => {
                let text = &self.loader.outside.expanded(text.text());
                let ask = Ask { at: value.at, inputs: None, admission: Admission::Always };
                if text.starts_with("http://") || text.starts_with("https://") {
                    self.elsewhere("remote", text, |home| place::remote(home, text), ask, merged);
                } else {
                    self.local(text, ask, merged);
                }
            }
            Kind::Map(entry) => self.ruled(entry, value, merged),
            _ => {}
        }
    }

    fn ruled(&mut self, entry: &Map, value: &Value, merged: &mut Option<Value>) {
        let lookup = |name: &str| self.loader.outside.lookup(name);
        let admission = admission(entry, &lookup);
        if admission == Admission::Never {
            return;
        }
        let own = (admission == Admission::Perhaps).then(|| admitting(entry, &lookup));
        let outer = self.ways.clone();
        self.ways = match (&outer, own) {
            (Some(outer), Some(own)) => Some(within(outer, &own)),
            (_, own) => own.or_else(|| outer.clone()),
        };
        self.entry(entry, admission, value, merged);
        self.ways = outer;
    }

    fn entry(&mut self, entry: &Map, admission: Admission, value: &Value, merged: &mut Option<Value>) {
        let inputs = entry.get("inputs").filter(|inputs| !inputs.is_null());
        for kind in ["local", "project", "remote", "template", "component", "artifact", "file"] {
            let Some(named) = entry.get(kind) else { continue };
            let ask = Ask { at: named.at, inputs, admission };
            let name = self.loader.outside.expanded(&named.scalar().unwrap_or_default());
            match kind {
                "local" if named.as_text().is_some() => self.local(&name, ask, merged),
                "local" => {}
                "project" => self.project(&name, entry, ask, merged),
                "remote" => self.elsewhere(kind, &name, |home| place::remote(home, &name), ask, merged),
                "template" => self.elsewhere(kind, &name, |home| place::template(home, &name), ask, merged),
                "component" => self.elsewhere(kind, &name, |home| place::component(home, &name), ask, merged),
                _ => self.unread(ask.at, kind, &name),
            }
            return;
        }
        self.unread(value.at, "include", "");
    }

    /// The files of a project, each at its own place in `file:`.
    fn project(&mut self, name: &str, entry: &Map, ask: Ask, merged: &mut Option<Value>) {
        let Some(file) = entry.get("file").filter(|file| !file.is_null()) else {
            self.lost(ask.at);
            let message = format!("project `{name}` must specify the file where to fetch the config from");
            self.fault(Fault::new(ask.at, message));
            return;
        };
        let files: Vec<&Value> = file.as_list().map_or_else(|| vec![file], |list| list.iter().collect());
        if place::project(self.home(), name, "").is_none() {
            self.unread(ask.at, "project", name);
            return;
        }
        for file in files {
            let path = self.loader.outside.expanded(&file.scalar().unwrap_or_default());
            let found = |home: &dyn crate::files::Files| place::project(home, name, &path);
            self.elsewhere("project", name, found, Ask { at: file.at, ..ask }, merged);
        }
    }

    pub(super) fn home(&self) -> &dyn crate::files::Files {
        self.loader.files
    }

    /// A file of another project, where that is checked out.
    fn elsewhere(
        &mut self,
        kind: &str,
        name: &str,
        find: impl Fn(&dyn crate::files::Files) -> Option<Wanted>,
        ask: Ask,
        merged: &mut Option<Value>,
    ) {
        let home = self.home();
        let Some(wanted) = find(home) else { return self.unread(ask.at, kind, name) };
        let files = wanted.place.files(home);
        let clean = wanted.paths.iter().filter_map(|path| join("", path));
        match clean.into_iter().find(|path| files.read(path).is_ok()) {
            Some(path) => self.include(wanted.place, &path, "file", ask, merged),
            // The checkout may be of another version.
            None => self.unread(ask.at, kind, &format!("{name}: {}", wanted.paths.join(", "))),
        }
    }

    pub(super) fn unread(&mut self, at: Span, kind: &str, name: &str) {
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

    /// A file of the project that holds the include.
    fn local(&mut self, written: &str, ask: Ask, merged: &mut Option<Value>) {
        let place = self.stack.last().map_or(Place::HOME, |(place, _)| *place);
        if written.contains('$') || !place.is_project(self.home()) {
            self.unread(ask.at, "local", written);
        } else if written.contains('*') {
            let pattern = glob::pattern(written);
            for path in self.loader.listed(place).iter() {
                if pattern.as_ref().is_some_and(|pattern| pattern.is_match(path)) {
                    self.include(place, path, "local file", ask, merged);
                }
            }
        } else if !is_yaml(written) {
            self.missing(ask.at, format!("included file `{written}` does not have YAML extension"), None);
        } else {
            match join("", written) {
                Some(path) => self.include(place, &path, "local file", ask, merged),
                None => self.missing(ask.at, format!("local file `{written}` does not exist"), Some(written)),
            }
        }
    }

    pub(super) fn missing(&mut self, at: Span, message: String, path: Option<&str>) {
        let mut fault = Fault::new(at, message);
        if let Some(path) = path {
            fault.help = self.nearest(path).map(|near| format!("did you mean `{near}`?"));
        }
        self.lost(at);
        self.fault(fault);
    }

    /// What an include would bring is not there: it may be anything.
    pub(super) fn lost(&mut self, at: Span) {
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
        let (place, here) = self.stack.last().cloned().unzip();
        let listed = self.loader.listed(place.unwrap_or_default());
        let others = || listed.iter().map(String::as_str).filter(|other| here.as_deref() != Some(other));
        let wanted = stem(path);
        let same = others().find(|other| stem(other) == wanted);
        same.or_else(|| crate::nearest::nearest(path, others())).map(str::to_owned)
    }
}

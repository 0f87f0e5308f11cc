//! `spec:include`: files that hold only `inputs:`, for headers that share them (GitLab 18.6, for all
//! since 18.9; `lib/gitlab/ci/config/external/header/`).

use std::borrow::Cow;

use super::include::Walk;
use super::inputs::{Input, Spec};
use super::place::{self, Place, Wanted};
use super::{Fault, Note, NoteKind};
use crate::files::join;
use crate::source::Span;
use crate::value::Value;

/// The most files that one header includes.
const MOST: usize = 150;

impl Walk<'_, '_> {
    /// The header with the inputs of the files that it includes.
    pub(super) fn whole<'s>(&mut self, header: &'s Spec, place: Place, faults: &mut Vec<Fault>) -> Cow<'s, Spec> {
        let Some(include) = &header.include else { return Cow::Borrowed(header) };
        // What is included comes first, so that rules of the header's own inputs can ask for it.
        let own = header.inputs.clone();
        let mut spec = Spec { inputs: Vec::new(), ..header.clone() };
        for item in include.as_list().unwrap_or(std::slice::from_ref(include)).iter().take(MOST) {
            for (wanted, at) in self.named(item, place) {
                self.add(&mut spec, wanted, at, faults);
            }
        }
        own.into_iter().for_each(|input| put(&mut spec, input, faults));
        Cow::Owned(spec)
    }

    /// The files that one entry names, each with its place in the text; `None`: it is not here.
    fn named(&self, item: &Value, place: Place) -> Vec<(Option<Wanted>, Span)> {
        let text = |value: &Value| value.as_text().map(|text| self.loader.outside.expanded(text));
        let local = |path: String| {
            let here = place.is_project(self.home()) && !path.contains(['$', '*']);
            here.then(|| Wanted { place, paths: vec![path] })
        };
        let Some(map) = item.as_map() else {
            let found = text(item)
                .and_then(|path| if path.contains("://") { place::remote(self.home(), &path) } else { local(path) });
            return vec![(found, item.at)];
        };
        if let Some(path) = map.get("local") {
            return vec![(text(path).and_then(local), path.at)];
        }
        if let Some(address) = map.get("remote") {
            return vec![(text(address).and_then(|address| place::remote(self.home(), &address)), address.at)];
        }
        let Some((project, file)) = map.get("project").zip(map.get("file")) else { return vec![(None, item.at)] };
        let files = file.as_list().unwrap_or(std::slice::from_ref(file)).iter();
        let found = |file: &Value| place::project(self.home(), &text(project)?, &text(file)?);
        files.take(MOST).map(|file| (found(file), file.at)).collect()
    }

    fn add(&mut self, spec: &mut Spec, wanted: Option<Wanted>, at: Span, faults: &mut Vec<Fault>) {
        let Some(wanted) = wanted else { return self.unread_inputs(spec, at) };
        let clean: Vec<String> = wanted.paths.iter().filter_map(|path| join("", path)).collect();
        let files = wanted.place.files(self.home());
        let Some(path) = clean.iter().find(|path| files.read(path).is_ok()) else {
            spec.is_open = true;
            if wanted.place == Place::HOME {
                let written = wanted.paths.first().map_or("", String::as_str);
                faults.push(Fault::new(at, format!("local file `{written}` does not exist")));
            } else {
                self.unread_inputs(spec, at);
            }
            return;
        };
        let file = self.loader.file(wanted.place, path, self.sources);
        file.id.into_iter().for_each(|id| self.belongs(id));
        faults.extend(file.faults.iter().cloned());
        let Some(map) = file.content.as_ref().and_then(Value::as_map) else {
            spec.is_open = true;
            return;
        };
        Spec::inputs(map, faults).into_iter().for_each(|input| put(spec, input, faults));
    }

    /// Such a file brings nothing but inputs: what the jobs do is still known.
    fn unread_inputs(&mut self, spec: &mut Spec, at: Span) {
        spec.is_open = true;
        let message = "this include of a header is not read".to_owned();
        let note = Note { kind: NoteKind::UnresolvedInclude, at: Some(at), message };
        if !self.loaded.notes.iter().any(|known| known.at == Some(at)) {
            self.loaded.notes.push(note);
        }
    }
}

/// Adds an input whose name is new.
fn put(spec: &mut Spec, input: Input, faults: &mut Vec<Fault>) {
    let Some(known) = spec.inputs.iter().find(|known| known.name == input.name) else {
        spec.inputs.push(input);
        return;
    };
    let rule = "input keys must be unique across all included files and inline specifications";
    let message = format!("duplicate input keys found: {}. {rule}", input.name);
    let labels = vec![(known.name_at, "also defined here".to_owned())];
    faults.push(Fault { labels, ..Fault::new(input.name_at, message) });
}

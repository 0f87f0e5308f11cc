//! Which files belong together: a root file, its documents, what it includes, merged in GitLab's
//! order (facts A1, A10); and what could not be read, and why.

mod admitted;
mod entry;
mod file;
mod glob;
mod header;
mod include;
mod inputs;
mod notice;
mod outside;
mod place;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::Arc;

pub use admitted::Admitted;
pub use notice::{Fault, Note, NoteKind, UnreadInclude};

use crate::files::{Files, is_yaml};
use crate::source::{FileId, Sources, Span};
use crate::text::Inputs;
use crate::value::{Map, Value};
use file::File;
use place::Place;

/// A root file with all that it includes.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The root file.
    pub root: FileId,
    /// The merged configuration, without `include`.
    pub config: Map,
    /// Where the root's content stands.
    pub at: Span,
    /// Includes that could not be read.
    pub unread_includes: Vec<UnreadInclude>,
    /// Variables of the project's settings.
    pub settings: Map,
    /// What is known of `$[[ … ]]`.
    pub inputs: Inputs,
    /// What GitLab rejects.
    pub faults: Vec<Fault>,
    /// What could not be read.
    pub notes: Vec<Note>,
    /// The files that belong to it, in the order of reading, the root first.
    pub read: Vec<FileId>,
    /// The jobs that only includes with `rules:` bring, and the ways in which those let them in.
    pub admitted: Admitted,
    /// Whether the root and all that it includes were read, so that what is not there does not exist.
    pub complete: bool,
}

/// Reads root files; each file is read and parsed once, however many roots include it.
pub struct Loader<'a> {
    files: &'a dyn Files,
    known: HashMap<String, Arc<File>>,
    listed: HashMap<Place, Arc<Vec<String>>>,
    outside: Outside,
}

/// What is known before there is a pipeline.
#[derive(Clone, Debug, Default)]
pub struct Outside {
    /// Variables of the project's settings.
    pub settings: Map,
    /// The project's full path.
    pub project: Option<String>,
}

impl<'a> Loader<'a> {
    /// A loader of these files.
    #[must_use]
    pub fn new(files: &'a dyn Files) -> Self {
        Loader { files, known: HashMap::new(), listed: HashMap::new(), outside: Outside::default() }
    }

    /// The same loader with what is known besides the files.
    #[must_use]
    pub fn knowing(mut self, outside: Outside) -> Self {
        self.outside = outside;
        self
    }

    /// Loads the root file at `path`, relative to the analysis' root.
    pub fn load(&mut self, path: &str, sources: &mut Sources) -> Loaded {
        include::load(self, path, None, sources)
    }

    /// The same for the file of a child pipeline, which `at` names; `inputs`: what it gets.
    pub fn load_with(&mut self, path: &str, at: Span, inputs: Option<&Value>, sources: &mut Sources) -> Loaded {
        include::load(self, path, Some((at, inputs)), sources)
    }

    /// The file at a cleaned path of a place.
    fn file(&mut self, place: Place, path: &str, sources: &mut Sources) -> Arc<File> {
        let shown = place.shown(self.files, path);
        if let Some(file) = self.known.get(&shown) {
            return file.clone();
        }
        let file = Arc::new(file::read(place.files(self.files), path, &shown, sources));
        self.known.insert(shown, file.clone());
        file
    }

    /// The paths of all YAML files of a place.
    fn listed(&mut self, place: Place) -> Arc<Vec<String>> {
        let files = place.files(self.files);
        let list = || Arc::new(files.list().into_iter().filter(|path| is_yaml(path)).collect());
        self.listed.entry(place).or_insert_with(list).clone()
    }
}

/// Loads one root file.
pub fn load(files: &dyn Files, path: &str, sources: &mut Sources) -> Loaded {
    Loader::new(files).load(path, sources)
}

impl Fault {
    /// A fault of the whole configuration.
    #[must_use]
    pub fn new(at: Span, message: impl Into<String>) -> Self {
        Fault { at, message: message.into(), help: None, labels: Vec::new(), job: None }
    }

    /// The same fault with the nearest known name as its help.
    #[must_use]
    pub fn nearest<'n>(mut self, name: &str, known: impl IntoIterator<Item = &'n str>) -> Self {
        self.help = crate::nearest::nearest(name, known).map(|known| format!("did you mean `{known}`?"));
        self
    }

    /// The same fault, of one job.
    #[must_use]
    pub fn of(mut self, job: &str) -> Self {
        self.job = Some(job.to_owned());
        self
    }
}

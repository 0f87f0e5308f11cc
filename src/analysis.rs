//! What is known of a set of files after all of it was read: [`Analysis`]. Nothing is judged here.

use std::collections::HashSet;

use crate::facts::Facts;
use crate::files::Files;
use crate::load::{Loader, Outside};
use crate::model::{self, Fault, Note, NoteKind, Pipeline};
use crate::source::{FileId, Mapped, Sources, Span};
use crate::trace::{self, Traces};
use crate::value::{Entry, Kind, Map, Value};

/// All that the rooms above need; owned, without lifetimes.
#[derive(Clone, Debug, Default)]
pub struct Analysis {
    /// Every text that was read.
    pub sources: Sources,
    /// One for each root.
    pub pipelines: Vec<Checked>,
    /// What GitLab rejects.
    pub faults: Vec<Fault>,
    /// What could not be read.
    pub notes: Vec<Note>,
}

/// A pipeline and what its jobs do.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The jobs.
    pub pipeline: Pipeline,
    /// Their traces, in the same order.
    pub traces: Traces,
}

impl Analysis {
    /// Puts the notes in the order of the files, each once: two roots may include the same file.
    fn tidy(&mut self) {
        self.notes
            .sort_by(|left, right| (left.at, left.kind, &left.message).cmp(&(right.at, right.kind, &right.message)));
        self.notes.dedup();
    }

    /// The number of jobs in all pipelines.
    #[must_use]
    pub fn jobs(&self) -> usize {
        self.pipelines.iter().map(|checked| checked.pipeline.jobs.len()).sum()
    }

    /// The number of pushes of all jobs.
    #[must_use]
    pub fn pushes(&self) -> usize {
        self.pipelines.iter().flat_map(|checked| &checked.traces.jobs).map(|trace| trace.pushes.len()).sum()
    }
}

/// Reads the roots with all that they include, builds their jobs and follows what they do.
#[must_use]
pub fn analyse(files: &dyn Files, roots: &[String], facts: &Facts) -> Analysis {
    let mut analysis = Analysis::default();
    let mut told = HashSet::new();
    let settings = settings(facts, &mut analysis.sources);
    let project = facts.project.as_ref().map(|fact| fact.value.clone());
    let mut loader = Loader::new(files).knowing(Outside { settings, project });
    for root in roots {
        let mut loaded = loader.load(root, &mut analysis.sources);
        // What a template or a fragment extends may be in the file that includes it.
        loaded.complete &= root.rsplit('/').next() == Some(".gitlab-ci.yml");
        let (pipeline, faults, notes) = model::build(loaded);
        let traces = trace::trace(&pipeline, facts, files, &mut analysis.sources);
        notes.into_iter().chain(unread(&pipeline, &traces)).for_each(|note| analysis.notes.push(note));
        faults.into_iter().for_each(|fault| analysis.fault(fault, &mut told));
        analysis.pipelines.push(Checked { pipeline, traces });
    }
    analysis.tidy();
    analysis
}

impl Analysis {
    fn fault(&mut self, fault: Fault, told: &mut HashSet<(Span, String)>) {
        if told.insert((fault.at, fault.message.clone())) {
            self.faults.push(fault);
        }
    }
}

/// The variables that a configuration declares, as the files would write them.
fn settings(facts: &Facts, sources: &mut Sources) -> Map {
    let mut map = Map::default();
    let Some(configuration) = &facts.configuration else { return map };
    let file: FileId = sources.add(configuration.clone());
    for setting in &facts.variables {
        let span = |range: &std::ops::Range<usize>| Span::new(file, range.start, range.end);
        let (key_at, at) = (span(&setting.name_at), span(&setting.value_at));
        let text = Kind::Text(std::sync::Arc::new(Mapped::coarse(setting.value.as_str(), at)));
        map.insert(Entry { key: setting.name.as_str().into(), key_at, value: Value::new(at, text) });
    }
    map
}

/// What the jobs call and what could not be read, as notes.
fn unread(pipeline: &Pipeline, traces: &Traces) -> Vec<Note> {
    let mut notes = Vec::new();
    for trace in &traces.jobs {
        let job = &pipeline.jobs[trace.job];
        for unread in &trace.unread {
            let message = match unread.kind {
                NoteKind::UnreadShell => format!("the scripts of `{}` are not read: {}", job.name, unread.name),
                _ => format!("`{}` is not read: it may log in or push", unread.name),
            };
            notes.push(Note { kind: unread.kind, at: Some(unread.at), message });
        }
        if trace.bound_reached {
            let message = format!("`{}` does too much to be followed to its end", job.name);
            notes.push(Note { kind: NoteKind::BoundReached, at: Some(job.name_at), message });
        }
    }
    notes
}

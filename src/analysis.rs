//! What is known of a set of files after all of it was read: [`Analysis`]. Nothing is judged here.

mod elsewhere;
mod scope;

use std::collections::{BTreeSet, HashMap, HashSet};

pub use scope::{Aim, Scope};

use crate::facts::Facts;
use crate::files::Files;
use crate::load::{Loader, Outside};
use crate::model::{self, Fault, Note, NoteKind, Pipeline, Trigger, UnreadInclude};
use crate::repository::CONFIG;
use crate::source::{FileId, Mapped, Sources, Span};
use crate::trace::{self, Traces};
use crate::value::{Entry, Kind, Map, Value};

/// GitLab starts child pipelines of child pipelines, and no deeper.
const DEEPEST: usize = 2;
/// The most jobs of child pipelines.
const MOST_CHILD_JOBS: usize = 2_000;

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
    /// What of all this was asked for.
    pub scope: Scope,
}

/// A pipeline and what its jobs do.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The jobs.
    pub pipeline: Pipeline,
    /// Their traces, in the same order; none before [`Analysis::follow`].
    pub traces: Traces,
    /// The files that it was put together from.
    pub files: BTreeSet<FileId>,
    /// The root: its own, or that of the pipeline which starts it.
    pub top: FileId,
}

impl Analysis {
    /// Follows what the jobs do.
    pub fn follow(&mut self, files: &dyn Files, facts: &Facts) {
        for checked in &mut self.pipelines {
            checked.traces = trace::trace(&checked.pipeline, facts, files, &mut self.sources);
            self.notes.extend(unread(&checked.pipeline, &checked.traces));
        }
        self.tidy();
    }

    /// Puts the notes in the order of the files, each once: two roots may include the same file.
    fn tidy(&mut self) {
        self.notes
            .sort_by(|left, right| (left.at, left.kind, &left.message).cmp(&(right.at, right.kind, &right.message)));
        self.notes.dedup();
    }

    /// Leaves only what was asked for to be told.
    pub fn narrow(&mut self, scope: Scope) {
        self.notes.retain(|note| note.at.is_none_or(|at| scope.is_told(at)));
        self.scope = scope;
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

/// Reads the roots, and follows what their jobs do.
#[must_use]
pub fn analyse(files: &dyn Files, roots: &[String], facts: &Facts) -> Analysis {
    let mut analysis = read(files, roots, &BTreeSet::new(), facts);
    analysis.follow(files, facts);
    analysis
}

/// Reads the roots with all that they include and builds their jobs; so too the child pipelines that
/// they start. A root that an earlier one includes or starts is no pipeline of its own; something may
/// include an `unsure` one in a way that could not be read. [`Analysis::follow`] brings the notes in order.
#[must_use]
pub fn read(files: &dyn Files, roots: &[String], unsure: &BTreeSet<String>, facts: &Facts) -> Analysis {
    let mut analysis = Analysis::default();
    let settings = settings(facts, &mut analysis.sources);
    let project = facts.project.as_ref().map(|fact| fact.value.clone());
    let loader = Loader::new(files).knowing(Outside { settings, project });
    let (told, children) = (HashSet::new(), HashMap::new());
    let mut work = Work { files, loader, analysis, told, children, jobs: 0, read: BTreeSet::new(), top: FileId(0) };
    for root in roots {
        work.root(root, unsure.contains(root));
    }
    work.analysis
}

/// The analysis while it grows.
struct Work<'a> {
    files: &'a dyn Files,
    loader: Loader<'a>,
    analysis: Analysis,
    told: HashSet<(Span, String)>,
    /// What each file was started with as the first one of a child pipeline.
    children: HashMap<String, Vec<Trigger>>,
    /// The jobs of all child pipelines.
    jobs: usize,
    /// The files that belong to the pipelines so far.
    read: BTreeSet<FileId>,
    /// The root at hand.
    top: FileId,
}

/// A pipeline with what GitLab rejects and what could not be read.
type Built = (Pipeline, Vec<Fault>, Vec<Note>);

impl Work<'_> {
    /// Reads a root, unless it is known as a part of another one.
    fn root(&mut self, root: &str, unsure: bool) {
        let sources = &self.analysis.sources;
        let included = || self.read.iter().any(|file| sources.get(*file).path == root);
        if root != CONFIG && (self.children.contains_key(root) || included()) {
            return;
        }
        let mut loaded = self.loader.load(root, &mut self.analysis.sources);
        self.top = loaded.root;
        if root != CONFIG {
            // What a template, a fragment or a nested sample rests on may be in the file that includes it.
            loaded.complete = false;
            elsewhere::excuse(&mut loaded, root, self.files, &self.analysis.sources);
        }
        if unsure {
            loaded.unread_includes.push(UnreadInclude { at: loaded.at, name: root.to_owned() });
        }
        let files = loaded.read.iter().copied().collect();
        let triggers = self.pipeline(files, model::build(loaded));
        self.start(triggers, &mut vec![root.to_owned()]);
    }

    /// Takes in a pipeline; what it starts.
    fn pipeline(&mut self, files: BTreeSet<FileId>, (pipeline, faults, notes): Built) -> Vec<Trigger> {
        self.analysis.notes.extend(notes);
        faults.into_iter().for_each(|fault| self.fault(fault));
        let triggers = pipeline.children.clone();
        self.read.extend(&files);
        self.analysis.pipelines.push(Checked { pipeline, traces: Traces::default(), files, top: self.top });
        triggers
    }

    /// Reads child pipelines. `open`: the first files of those that lead to them.
    fn start(&mut self, triggers: Vec<Trigger>, open: &mut Vec<String>) {
        for trigger in triggers {
            let Some(first) = trigger.first().filter(|first| open.len() <= DEEPEST && !open.contains(first)) else {
                continue;
            };
            let known = self.children.entry(first.clone()).or_default();
            if known.iter().any(|other| trigger.is_like(other)) {
                continue;
            }
            known.push(trigger.clone());
            if self.jobs > MOST_CHILD_JOBS {
                let message = "too many child pipelines: some are not read".to_owned();
                self.analysis.notes.push(Note { kind: NoteKind::BoundReached, at: Some(trigger.parent.at), message });
                return;
            }
            let loaded = trigger.load(&mut self.loader, self.files, &mut self.analysis.sources);
            let root = self.analysis.sources.get(self.top).path.clone();
            let mut loaded = match loaded {
                Ok(loaded) => loaded,
                Err(fault) => {
                    match elsewhere::missing(&fault, &root, self.files, &self.analysis.sources) {
                        Some(note) => self.analysis.notes.push(note),
                        None => self.fault(fault),
                    }
                    continue;
                }
            };
            elsewhere::excuse(&mut loaded, &root, self.files, &self.analysis.sources);
            let files = loaded.read.iter().copied().collect();
            let built = model::build_child(loaded, &trigger.parent);
            self.jobs += built.0.jobs.len();
            let next = self.pipeline(files, built);
            open.push(first);
            self.start(next, open);
            open.pop();
        }
    }

    fn fault(&mut self, fault: Fault) {
        if self.told.insert((fault.at, fault.message.clone())) {
            self.analysis.faults.push(fault);
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
        for unread in &trace.walk.unread {
            let message = match unread.kind {
                NoteKind::UnreadShell => format!("the scripts of `{}` are not read: {}", job.name, unread.name),
                _ => format!("`{}` is not read: it may log in or push", unread.name),
            };
            notes.push(Note { kind: unread.kind, at: Some(unread.at), message });
        }
        if trace.walk.bound_reached {
            let message = format!("`{}` does too much to be followed to its end", job.name);
            notes.push(Note { kind: NoteKind::BoundReached, at: Some(job.name_at), message });
        }
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::analyse;
    use crate::facts::Facts;
    use crate::files::Memory;

    fn jobs(files: &[(&str, &str)], roots: &[&str]) -> Vec<String> {
        let roots: Vec<String> = roots.iter().map(|root| (*root).to_owned()).collect();
        let analysis = analyse(&Memory::new(files), &roots, &Facts::default());
        let jobs = analysis.pipelines.iter().flat_map(|checked| &checked.pipeline.jobs);
        jobs.map(|job| job.name.clone()).collect()
    }

    #[test]
    fn a_root_that_another_one_starts_is_read_once() {
        let files = [
            (".gitlab-ci.yml", "t: {trigger: {include: b/.gitlab-ci.yml}}\n"),
            ("b/.gitlab-ci.yml", "j: {script: [x]}\n"),
        ];
        assert_eq!(jobs(&files, &[".gitlab-ci.yml", "b/.gitlab-ci.yml"]), ["t", "j"]);
    }

    #[test]
    fn circles_end_and_children_of_children_are_the_deepest() {
        let files = [
            (".gitlab-ci.yml", "t: {trigger: {include: a.yml}}\n"),
            ("a.yml", "a: {trigger: {include: b.yml}}\nagain: {trigger: {include: .gitlab-ci.yml}}\n"),
            ("b.yml", "b: {trigger: {include: c.yml}}\n"),
            ("c.yml", "c: {script: [x]}\n"),
        ];
        assert_eq!(jobs(&files, &[".gitlab-ci.yml"]), ["t", "a", "again", "b"]);
    }

    #[test]
    fn what_is_missing_of_a_root_in_a_folder_is_a_note() {
        let told = |root: &str, text: &str, other: &str| {
            let analysis = analyse(
                &Memory::new(&[(root, text), (other, "b: {script: [x]}\n")]),
                &[root.to_owned()],
                &Facts::default(),
            );
            let faults = analysis.faults.into_iter().map(|fault| format!("fault: {}", fault.message));
            faults.chain(analysis.notes.into_iter().map(|note| note.message)).collect::<Vec<_>>()
        };
        let (include, child) = ("include: [/b.yml]\nj: {script: [x]}\n", "t: {trigger: {include: ['/b.yml']}}\n");
        let lost = "local file `/b.yml` does not exist";
        let included = "local file `b.yml` does not exist";
        let there = ", but `app/b.yml` does: `--root` says where the project begins";
        for root in ["app/.gitlab-ci.yml", "app/ci/easy.yml"] {
            assert_eq!(told(root, include, "app/b.yml"), [format!("{included}{there}")], "{root}");
            assert_eq!(told(root, child, "app/b.yml"), [format!("{lost}{there}")], "{root}");
        }
        assert_eq!(told("app/.gitlab-ci.yml", child, "x.yml"), [lost]);
        for root in [".gitlab-ci.yml", "easy.yml", "app/easy.yml"] {
            assert_eq!(told(root, child, "x/b.yml"), [format!("fault: {lost}")], "{root}");
            assert_eq!(told(root, include, "x/b.yml"), [format!("fault: {included}")], "{root}");
        }
    }

    #[test]
    fn a_file_is_read_again_only_where_it_gets_something_else() {
        let one = "{trigger: {include: a.yml}}";
        let root = format!("t: {one}\nu: {one}\nv: {{variables: {{X: x}}, trigger: {{include: a.yml}}}}\n");
        let files = [(".gitlab-ci.yml", root.as_str()), ("a.yml", "a: {script: [x]}\n")];
        assert_eq!(jobs(&files, &[".gitlab-ci.yml"]), ["t", "u", "v", "a", "a"]);
    }
}

//! The merged configuration to a [`Pipeline`], in GitLab's order: `extends`, `!reference`, defaults, jobs.

use std::collections::HashSet;

use super::checks;
use super::child::{self, Parent, Trigger};
use super::circular::Circles;
use super::dotenv::Dotenv;
use super::environment::{Environments, Outside};
use super::extends::{Marks, extend};
use super::job::{self, Defaults, Shared};
use super::reach::Reaches;
use super::reference::dereference;
use super::shapes;
use super::{Job, Pipeline};
use crate::load::{Admitted, Fault, Loaded, Note};
use crate::source::Span;
use crate::value::{Entry, Map};

/// Top-level keys that can never be a job.
const RESERVED: [&str; 11] = [
    "include",
    "before_script",
    "image",
    "services",
    "after_script",
    "variables",
    "stages",
    "cache",
    // Accepted by some versions, or by the editor.
    "types",
    "$schema",
    "spec",
];

/// Makes the pipeline of a root file, with what GitLab rejects and what could not be read.
#[must_use]
pub fn build(loaded: Loaded) -> (Pipeline, Vec<Fault>, Vec<Note>) {
    build_in(loaded, None)
}

/// The same for a child pipeline.
#[must_use]
pub fn build_child(loaded: Loaded, parent: &Parent) -> (Pipeline, Vec<Fault>, Vec<Note>) {
    build_in(loaded, Some(parent))
}

fn build_in(loaded: Loaded, parent: Option<&Parent>) -> (Pipeline, Vec<Fault>, Vec<Note>) {
    let Loaded { root, config, unread_includes, mut faults, mut notes, complete, settings, inputs, admitted, .. } =
        loaded;
    let template = !config.iter().any(is_visible);
    let lenient = !complete || template;
    let mut marks = Marks::default();
    let config = extend(&config, lenient, &mut marks, &mut faults);
    let config = dereference(config, lenient, &mut marks, &mut faults);
    let keyword = |name: &str| config.entry(name).filter(|entry| is_keyword(entry));
    let outside = Outside { settings: &settings, inputs: &inputs, parent };
    let workflow = keyword("workflow").and_then(|entry| entry.value.as_map());
    let mut shared = Shared {
        defaults: Defaults::of(&config, keyword("default"), &mut faults),
        workflow,
        environments: Environments::new(&config, workflow, outside),
        reaches: Reaches::new(parent),
        // What starts a child is not what its includes are asked about.
        admitted: if parent.is_none() { admitted } else { Admitted::default() },
        dotenv: Dotenv::of(&config),
    };
    let shaken = is_shaken(&config, &marks);
    let judged = Judged { config: &config, marks: &marks, template, complete, shaken };
    let read = judged.jobs(&mut shared, parent);
    faults.extend(read.faults);
    notes.extend(read.notes);
    // GitLab looks for stages and needs only where each job is sound in itself.
    let only_expressions = lenient || shaken || !faults.is_empty();
    faults.extend(shapes::faults(&config, &marks, lenient));
    faults.extend(checks::faults(&config, workflow, only_expressions, &marks));
    faults.extend(read.circular);
    notes.extend(shared.environments.bound());
    drop(shared);
    let (jobs, children, defined) = (read.jobs, read.children, defined(&config));
    let pipeline = Pipeline { root, jobs, unread_includes, inputs, defined, template, children, config };
    (pipeline, faults, notes)
}

/// The configuration whose jobs are read.
struct Judged<'a> {
    config: &'a Map,
    marks: &'a Marks,
    template: bool,
    complete: bool,
    /// What every job inherits is known in part only.
    shaken: bool,
}

/// What became of the jobs.
#[derive(Default)]
struct Read {
    jobs: Vec<Job>,
    children: Vec<Trigger>,
    faults: Vec<Fault>,
    /// Variables in a circle: GitLab looks for them last.
    circular: Vec<Fault>,
    notes: Vec<Note>,
}

impl<'a> Judged<'a> {
    fn jobs(&self, shared: &mut Shared<'a>, parent: Option<&Parent>) -> Read {
        let (mut read, mut circles) = (Read::default(), Circles::new(self.config, shared.workflow));
        let sound = |entry: &&Entry| !self.marks.broken.contains(&entry.key);
        let lenient = !self.complete || self.template;
        for entry in self.config.iter().filter(|entry| is_judged(entry, self.template)).filter(sound) {
            let unread = self.shaken || self.marks.unread.contains(&entry.key) || (lenient && !has_script(entry));
            match job::read(entry, unread, shared) {
                Ok(job) => {
                    // Where not all is read, another file may break the circle.
                    if let Some(map) = entry.value.as_map().filter(|_| !lenient && !job.reach.is_empty()) {
                        read.circular.extend(circles.fault(entry, map));
                    }
                    let (child, unread) = child::trigger(entry, &job, &shared.environments, parent);
                    read.children.extend(child);
                    read.notes.extend(unread);
                    read.jobs.push(job);
                }
                // The scripts of a hidden job are whatever they become where it is extended.
                Err(_) if self.template => {}
                // A fragment, or a file that is no pipeline at all.
                Err(_) if !self.complete && entry.value.as_map().is_none() => {}
                Err(fault) => read.faults.push(fault),
            }
        }
        read
    }
}

/// Whether what every job inherits is known in part only.
fn is_shaken(config: &Map, marks: &Marks) -> bool {
    let mut keywords = config.iter().filter(|entry| is_keyword(entry)).map(|entry| &entry.key);
    keywords.any(|key| marks.unread.contains(key) || marks.broken.contains(key))
}

fn has_script(entry: &Entry) -> bool {
    entry.value.as_map().is_some_and(|map| map.get("script").is_some() || map.get("run").is_some())
}

/// `default` and `workflow` are keywords unless they look like a job.
pub(super) fn is_keyword(entry: &Entry) -> bool {
    RESERVED.contains(&&*entry.key) || (matches!(&*entry.key, "default" | "workflow") && !has_script(entry))
}

pub(super) fn is_visible(entry: &Entry) -> bool {
    !entry.key.starts_with('.') && !is_keyword(entry)
}

pub(super) fn is_judged(entry: &Entry, template: bool) -> bool {
    if template { entry.key.starts_with('.') && has_script(entry) } else { is_visible(entry) }
}

/// The variables of the files, each with its first definition.
fn defined(config: &Map) -> Vec<(String, Span)> {
    let top = config.get("variables").and_then(|variables| variables.as_map()).into_iter().flat_map(Map::iter);
    let jobs = config.iter().filter(|entry| !is_keyword(entry) || *entry.key == *"workflow");
    let jobs = jobs.filter_map(|entry| entry.value.as_map()).flat_map(job::defined);
    let mut seen: HashSet<&str> = HashSet::new();
    let new = top.chain(jobs).filter(|entry| seen.insert(&entry.key));
    new.map(|entry| (entry.key.to_string(), entry.key_at)).collect()
}

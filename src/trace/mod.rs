//! What a job does to registries, in order: the heart of the product, computed once. The walk knows
//! no client's name, only actions; `verdict` decides each push once, and every lint asks it.

mod arithmetic;
mod around;
mod atoms;
mod body;
mod budget;
mod calls;
mod client;
mod concern;
mod condition;
mod coverage;
mod credential;
mod dispatch;
mod elsewhere;
mod events;
mod expand;
mod fields;
mod filters;
mod flaw;
mod folders;
mod given;
mod glob;
mod hard_coded;
mod hidden;
mod ignored;
mod job;
mod lines;
mod local;
mod login_fault;
mod loops;
mod machines;
mod open;
mod operate;
mod options;
mod output;
mod place;
mod powershell;
mod printf;
mod push;
mod race;
mod reading;
mod recipe;
mod refs;
mod script;
mod sed;
mod simple;
mod splice;
mod states;
mod stores;
mod stray;
mod tag_rule;
mod tasks;
#[cfg(test)]
mod tests;
mod traps;
mod verdict;
mod walker;
mod widen;
mod world;
mod xargs;

pub use atoms::{Atom, Atoms};
pub use coverage::{Doubt, Missing};
pub use events::{Ignored, LoginEvent, Push, Sighting, Site, Trace, Traces, Unread};
pub use flaw::{Flaw, FlawKind};
pub use hard_coded::HardCoded;
pub use local::Absent;
pub use login_fault::LoginDefect;
pub use open::Open;
pub use race::{Between, Race, races};
pub use tag_rule::{TagRule, TagRuleKind};
pub use verdict::{Denial, Stray};

use std::sync::Arc;

use crate::facts::Facts;
use crate::files::Files;
use crate::model::Pipeline;
use crate::source::{Sources, Span};
use crate::text::Text;

/// What stands on a command's standard input during the walk.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Input {
    /// The job's own: `/dev/null`.
    Inherited,
    /// This text.
    Text(Text),
    /// `<<<`, at this place.
    HereString(Text, Span),
    /// This file of the repository, or one that the script wrote; nobody has looked into it.
    File(Text),
    /// A file or a process that is not followed.
    Unknown,
}

/// Walks every job of a pipeline and decides each push. Scripts of the repository that are read are
/// added to `sources`.
#[must_use]
pub fn trace(pipeline: &Pipeline, facts: &Facts, files: &dyn Files, sources: &mut Sources) -> Traces {
    let mut bodies = body::Bodies::new(pipeline.inputs.clone());
    let jobs = pipeline.jobs.iter().enumerate();
    let mut budget = budget::Budget::new(sources);
    let jobs =
        jobs.map(|(number, job)| Trace { job: number, ..job::trace(job, files, sources, &mut bodies, &mut budget) });
    let jobs = jobs.collect();
    Traces { _scripts: Arc::new(bodies), ..verdict::decide(pipeline, facts, jobs, sources) }
}

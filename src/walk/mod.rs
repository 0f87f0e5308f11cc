//! Follows a job's scripts and writes down what they do to registries, in order: logins, and pushes with
//! every state that reaches them. The walk knows no client's name, only actions; what it means is
//! decided in `trace`.

mod arithmetic;
mod around;
mod atoms;
mod body;
mod budget;
mod calls;
mod client;
mod concern;
mod condition;
mod dispatch;
mod environment;
mod events;
mod expand;
mod fields;
mod filters;
mod folders;
mod given;
mod glob;
mod hidden;
mod ignored;
mod job;
mod lines;
mod loops;
mod machines;
mod operate;
mod options;
mod output;
mod pattern;
mod powershell;
mod printf;
mod reading;
mod recipe;
mod refs;
mod script;
mod sed;
mod setup;
mod simple;
mod splice;
mod states;
mod stores;
mod tasks;
mod traps;
mod walker;
mod widen;
mod wildcard;
mod world;
mod written;
mod xargs;

pub use atoms::{Atom, Atoms};
pub use events::{Ignored, LoginEvent, Sighting, Site, Unread, Walk};
pub use script::speaks_of_push;
pub use world::{Entry, Past, Variable};

use std::sync::Arc;

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

/// The scripts that were walked, kept to the end: giving their trees back is work that a program about
/// to end can spare.
#[derive(Clone, Debug, Default)]
pub struct Scripts {
    _bodies: Arc<body::Bodies>,
}

/// Walks every job of a pipeline, in the order of [`Pipeline::jobs`]. Scripts of the repository that
/// are read are added to `sources`.
#[must_use]
pub fn walk(pipeline: &Pipeline, files: &dyn Files, sources: &mut Sources) -> (Vec<Walk>, Scripts) {
    let mut bodies = body::Bodies::new(pipeline.inputs.clone());
    let mut budget = budget::Budget::new(sources);
    let mut scripts: Vec<_> = pipeline.jobs.iter().map(job::Scripts::of).enumerate().collect();
    // What surely matters comes first: no test suite is to take the work that a push is worth.
    scripts.sort_by_key(|(_, scripts)| std::cmp::Reverse(scripts.concern));
    let mut walks = vec![Walk::default(); scripts.len()];
    for (job, scripts) in scripts {
        walks[job] = scripts.walk(files, sources, &mut bodies, &mut budget);
    }
    (walks, Scripts { _bodies: Arc::new(bodies) })
}

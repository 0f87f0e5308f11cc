//! The push plan: every push of every job, as JSON; `table` and `mermaid` write it for people.

mod mermaid;
mod table;

pub use mermaid::write_mermaid;
pub use table::write_table;

use std::io::{self, Write};

use serde::Serialize;

use super::json::{Noted, Place, dump, notes};
use crate::analysis::{Analysis, Checked, Scope};
use crate::clients::Uploaded;
use crate::model::Job;
use crate::scenario::Scenarios;
use crate::trace::Push;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    pushes: Vec<Row<'a>>,
    notes: Vec<Noted<'a>>,
    root: &'a str,
}

#[derive(Serialize)]
struct Row<'a> {
    job: &'a str,
    #[serde(flatten)]
    at: Place<'a>,
    client: &'static str,
    reference: Option<String>,
    place: &'static str,
    credential: &'static str,
    login: Option<Place<'a>>,
    tag: &'static str,
    cache: bool,
    scenarios: Vec<&'static str>,
    denial: Option<&'static str>,
    unknown: Vec<String>,
}

/// A push of a job as a reader tells it from others.
struct Planned<'a> {
    job: &'a Job,
    push: &'a Push,
    scenarios: Scenarios,
}

impl Planned<'_> {
    /// The walk keeps apart what a reader does not: values that are shown alike, functions called twice.
    fn is_told_as(&self, other: &Self) -> bool {
        let (one, two) = (self.push, other.push);
        let shown = |push: &Push| push.reference.as_ref().map(|reference| reference.text.shown());
        let words = |push: &Push| (push.place.name(), push.credential.name(), push.denied_by(), tag(push));
        std::ptr::eq(self.job, other.job)
            && (one.at, one.login, one.upload.client, is_cache(one))
                == (two.at, two.login, two.upload.client, is_cache(two))
            && words(one) == words(two)
            && shown(one) == shown(two)
            && one.unknown() == two.unknown()
    }
}

/// The pushes that were asked for with their jobs, in the order of job, file, line.
fn all(analysis: &Analysis) -> Vec<Planned<'_>> {
    let mut planned: Vec<Planned> = Vec::new();
    for (job, push) in sorted(analysis) {
        let new = Planned { job, push, scenarios: push.scenarios };
        // Those that can be told alike stand at one place, and so one after the other.
        let mut here = planned.iter_mut().rev().take_while(|known| known.push.at == push.at);
        match here.find(|known| known.is_told_as(&new)) {
            Some(known) => known.scenarios = known.scenarios.or(push.scenarios),
            None => planned.push(new),
        }
    }
    planned
}

fn sorted(analysis: &Analysis) -> impl Iterator<Item = (&Job, &Push)> {
    analysis.pipelines.iter().flat_map(move |checked| {
        let jobs = checked.traces.jobs.iter();
        let jobs = jobs.filter_map(|trace| Some((checked.pipeline.jobs.get(trace.job)?, trace)));
        jobs.flat_map(move |(job, trace)| {
            let mut pushes: Vec<&Push> = trace.pushes.iter().collect();
            pushes.retain(|push| is_asked_for(&analysis.scope, checked, job, push));
            pushes.sort_by_key(|push| push.at);
            pushes.into_iter().map(move |push| (job, push))
        })
    })
}

fn is_asked_for(scope: &Scope, checked: &Checked, job: &Job, push: &Push) -> bool {
    scope.is_whole(checked) || scope.touches(job.at) || scope.touches(push.at)
}

/// Writes the plan as one document.
///
/// # Errors
/// When `out` refuses.
pub fn write_json(out: &mut dyn Write, analysis: &Analysis, root: &str) -> io::Result<()> {
    let planned = all(analysis);
    let rows = planned.iter().map(|Planned { job, push, scenarios }| Row {
        job: &job.name,
        at: Place::of(&analysis.sources, push.at),
        client: push.upload.client,
        reference: push.reference.as_ref().map(|reference| reference.text.shown()),
        place: push.place.name(),
        credential: push.credential.name(),
        login: push.login.map(|login| Place::of(&analysis.sources, login)),
        tag: tag(push),
        cache: is_cache(push),
        scenarios: scenarios.names(),
        denial: push.denied_by(),
        unknown: push.unknown(),
    });
    dump(out, &Document { version: 1, pushes: rows.collect(), notes: notes(analysis), root })
}

/// It uploads a build cache, which is there to be overwritten.
fn is_cache(push: &Push) -> bool {
    push.upload.what == Uploaded::Cache
}

/// How the tag differs between runs.
fn tag(push: &Push) -> &'static str {
    push.tag_class().name()
}

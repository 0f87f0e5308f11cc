//! From findings to reports, in one room: silences them, joins those with one cause, gives them
//! their levels and fingerprints. Writes nothing.

mod fingerprint;
mod group;
mod ignore;

use std::collections::HashSet;

use crate::analysis::{Analysis, Scope};
use crate::finding::{Cause, Certainty, Finding, Label};
use crate::lint::{Level, Levels, Lint};
use crate::model::Fault;
use crate::scenario::Scenarios;
use crate::source::Sources;

/// The lint under which the faults of the files are said. Nothing switches it off.
pub const UNREADABLE: &str = "unreadable-config";
/// The lint under which comments are said that silence nothing.
pub const UNUSED: &str = "unused-suppression";

/// What the reader wants to hear.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Advice too.
    pub pedantic: bool,
    /// Nothing that is only likely.
    pub certain_only: bool,
    /// Levels in place of the lints' own.
    pub levels: Levels,
    /// What comments silence too.
    pub no_ignores: bool,
}

impl Wanted {
    /// The level of a lint; `None`: it is off.
    fn level(&self, lint: &Lint) -> Option<Level> {
        self.levels.get(lint.id).copied().unwrap_or(Some(lint.level))
    }
}

/// A finding as it is told.
#[derive(Clone, Debug)]
pub struct Reported {
    /// The lint's id.
    pub lint: &'static str,
    /// Its level.
    pub level: Level,
    /// The finding, joined with those of the same cause.
    pub finding: Finding,
    /// The same for the same finding as long as its line's text and its place in the tree stay.
    pub fingerprint: String,
}

/// A finding with its lint, before it is judged.
struct Raised {
    lint: &'static Lint,
    finding: Finding,
    /// It is of a pipeline of which only parts were asked for.
    aside: bool,
}

impl Raised {
    fn is_asked_for(&self, scope: &Scope) -> bool {
        let finding = &self.finding;
        let mut places = [finding.at, finding.cause.at].into_iter().chain(finding.labels.iter().map(|label| label.at));
        // A root that GitLab rejects as a whole concerns all its parts.
        let whole = self.lint.id == UNREADABLE && finding.jobs.is_empty();
        whole || places.any(|at| if self.aside { scope.touches(at) } else { scope.is_told(at) })
    }
}

/// Asks all lints and judges what they say. Order: path, line, column, lint.
#[must_use]
pub fn judge(analysis: &Analysis, lints: &[&'static Lint], wanted: Wanted) -> Vec<Reported> {
    let raised = ask(analysis, lints);
    let mut spoken = if wanted.no_ignores { raised } else { ignore::silence(analysis, lints, raised) };
    spoken.retain(|raised| raised.is_asked_for(&analysis.scope));
    let mut joined = group::join(spoken);
    joined.retain(|raised| is_wanted(raised, &wanted));
    sort(&analysis.sources, &mut joined);
    let mut reported = fingerprint::mark(&analysis.sources, joined);
    for one in &mut reported {
        one.level = wanted.levels.get(one.lint).copied().flatten().unwrap_or(one.level);
    }
    reported
}

/// Everything that the lints and the model say.
fn ask(analysis: &Analysis, lints: &[&'static Lint]) -> Vec<Raised> {
    let mut raised = Vec::new();
    if let Some(lint) = lints.iter().find(|lint| lint.id == UNREADABLE) {
        raised.extend(analysis.faults.iter().map(|fault| Raised { lint, finding: said(fault), aside: false }));
    }
    for checked in &analysis.pipelines {
        let own = analysis.faults.iter().filter(|fault| checked.files.contains(&fault.at.file));
        let faulty: HashSet<&str> = own.filter_map(|fault| fault.job.as_deref()).collect();
        let aside = !analysis.scope.is_whole(checked);
        for lint in lints {
            let found = (lint.check)(&checked.pipeline, &checked.traces).into_iter();
            let sound = found.filter(|finding| {
                finding.jobs.is_empty() || !finding.jobs.iter().all(|job| faulty.contains(job.as_str()))
            });
            raised.extend(sound.map(|finding| Raised { lint, finding, aside }));
        }
    }
    raised
}

fn said(fault: &Fault) -> Finding {
    let labels = fault.labels.iter().map(|(at, message)| Label { at: *at, message: message.clone() });
    Finding {
        message: fault.message.clone(),
        at: fault.at,
        label: "GitLab rejects this".to_owned(),
        help: fault.help.clone(),
        certainty: Certainty::Certain,
        labels: labels.collect(),
        jobs: fault.job.iter().cloned().collect(),
        scenarios: Scenarios::ALL,
        cause: Cause { at: fault.at, kind: "fault" },
    }
}

fn is_wanted(raised: &Raised, wanted: &Wanted) -> bool {
    raised.lint.id == UNREADABLE
        || (wanted.level(raised.lint).is_some_and(|level| wanted.pedantic || level > Level::Advice)
            && (!wanted.certain_only || raised.finding.certainty == Certainty::Certain))
}

fn sort(sources: &Sources, raised: &mut [Raised]) {
    raised.sort_by(|left, right| key(sources, left).cmp(&key(sources, right)));
}

fn key<'a>(sources: &'a Sources, raised: &'a Raised) -> (&'a str, u32, &'static str, u32, &'a str) {
    let at = raised.finding.at;
    (&sources.get(at.file).path, at.start, raised.lint.id, at.end, &raised.finding.message)
}

#[cfg(test)]
mod tests;

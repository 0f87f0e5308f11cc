#![doc = include_str!("mutable_tag.md")]

use pushlint::finding::{Cause, Certainty, Finding, Label};
use pushlint::lint::{Level, Lint};
use pushlint::model::{Job, Pipeline};
use pushlint::rules::Reach;
use pushlint::scenario::{Scenario, Scenarios};
use pushlint::trace::{Push, Sighting, Traces};

/// A constant tag that any branch overwrites.
pub static LINT: Lint = Lint { id: "mutable-tag", level: Level::Warning, page: include_str!("mutable_tag.md"), check };

fn check(pipeline: &Pipeline, traces: &Traces) -> Vec<Finding> {
    let constant = traces.pushes().filter(|(_, push)| push.constant && push.flaw.is_none() && !push.blurred);
    let found = constant.filter_map(|(trace, push)| {
        let job = &pipeline.jobs[trace.job];
        let (scenarios, opaque) = overwriting(job, push)?;
        let alike = |other: &&Push| other.constant && other.flaw.is_none() && overwriting(job, other).is_some();
        let cause = trace.pushes.iter().find(alike).map_or(push.at, |first| first.at);
        Some(Finding {
            cause: Cause { at: cause, kind: "constant-tag" },
            ..finding(pipeline, job, push, scenarios, opaque)
        })
    });
    found.collect()
}

/// What to do about it.
const HELP: &str = "put `$CI_COMMIT_SHORT_SHA` or `$CI_COMMIT_REF_SLUG` into the tag, or let the push run on the default \
                    branch only: `if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH`";

/// The scenarios in which code that is not the default branch's overwrites the tag, and whether
/// something that is not followed decides it.
fn overwriting(job: &Job, push: &Push) -> Option<(Scenarios, bool)> {
    let risky = Scenarios::of(&[Scenario::Branch, Scenario::MergeRequest]);
    let open = job.reach.iter().filter(|reach| is_open(reach)).map(|reach| reach.scenario).collect::<Vec<_>>();
    let open = Scenarios::of(&open).and(risky);
    let free: Vec<&Sighting> = push
        .sightings
        .iter()
        .filter(|sighting| is_free(sighting) && !sighting.scenarios.and(open).is_empty())
        .collect();
    let scenarios = free.iter().fold(Scenarios::NONE, |all, sighting| all.or(sighting.scenarios.and(open)));
    let opaque = free
        .iter()
        .all(|sighting| sighting.guards.iter().any(|(atom, _)| matches!(atom, pushlint::trace::Atom::Command(_))));
    (!scenarios.is_empty()).then_some((scenarios, opaque))
}

/// Any branch or merge request comes this way, without anybody's decision.
fn is_open(reach: &Reach) -> bool {
    reach.admits_any_name() && !reach.manual && !reach.is_decided()
}

/// No test of the ref confines the push, and no condition on what somebody decides.
fn is_free(sighting: &Sighting) -> bool {
    sighting.guards.iter().all(|(atom, holds)| {
        let confined = atom.is_decision() || atom.names_ref() && *holds;
        // Only an image that is not there yet is pushed.
        !confined && (*holds || !atom.asks_for_image())
    })
}

fn finding(pipeline: &Pipeline, job: &Job, push: &Push, scenarios: Scenarios, opaque: bool) -> Finding {
    let workflow_unread = !job.own_rules && !pipeline.unread_includes.is_empty();
    let certain = push.place != pushlint::registry::Place::Unknown && !workflow_unread && !opaque && !job.unread_base;
    let tag = push
        .reference
        .as_ref()
        .and_then(|reference| reference.tag.as_ref())
        .map_or_else(|| "latest".to_owned(), pushlint::text::Text::shown);
    let who = match (scenarios.has(Scenario::Branch), scenarios.has(Scenario::MergeRequest)) {
        (true, true) => "every branch and every merge request",
        (true, false) => "every branch",
        _ => "every merge request",
    };
    let definition =
        push.written_at(&tag).filter(|_| push.reference.as_ref().is_some_and(|reference| reference.tag.is_some()));
    let mut labels: Vec<Label> = definition.map(|at| Label::new(at, "the tag comes from here")).into_iter().collect();
    labels.extend(push.called_from.iter().map(|at| Label::new(*at, "called from here")));
    Finding {
        message: format!("{who} overwrites the tag `{tag}`"),
        at: push.at,
        label: "the same tag in every pipeline".to_owned(),
        help: Some(HELP.to_owned()),
        certainty: if certain { Certainty::Certain } else { Certainty::Likely },
        labels,
        jobs: vec![job.name.clone()],
        scenarios,
        cause: Cause { at: push.at, kind: "constant-tag" },
    }
}

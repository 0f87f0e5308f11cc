#![doc = include_str!("mutable_tag.md")]

use pushlint::finding::{Cause, Certainty, Finding, Label};
use pushlint::lint::{Level, Lint};
use pushlint::model::{Job, Pipeline};
use pushlint::trace::{Open, Push, Traces};

/// A constant tag that any branch overwrites.
pub static LINT: Lint = Lint { id: "mutable-tag", level: Level::Warning, page: include_str!("mutable_tag.md"), check };

fn check(pipeline: &Pipeline, traces: &Traces) -> Vec<Finding> {
    let shared = traces.shared();
    let found = traces.pushes().filter_map(|(trace, push)| {
        let open = overwriting(push)?;
        let alike = |other: &&Push| overwriting(other).is_some();
        let cause = trace.pushes.iter().find(alike).unwrap_or(push).tag_cause(&shared);
        let finding = finding(pipeline, &pipeline.jobs[trace.job], push, open);
        Some(Finding { cause: Cause { at: cause, kind: "constant-tag" }, ..finding })
    });
    found.collect()
}

/// Who overwrites a constant tag, where nothing that is certain is in the way.
fn overwriting(push: &Push) -> Option<Open> {
    let overwrites = push.constant && push.flaw.is_none() && push.tag_rule.is_none();
    push.open.filter(|_| overwrites && !push.upload.spares && !push.blurred && !push.is_surely_refused())
}

/// What to do about it.
const HELP: &str = "put `$CI_COMMIT_SHORT_SHA` or `$CI_COMMIT_REF_SLUG` into the tag, or let the push run on the default \
                    branch only: `if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH`";

fn finding(pipeline: &Pipeline, job: &Job, push: &Push, open: Open) -> Finding {
    let workflow_unread = !job.own_rules && !pipeline.unread_includes.is_empty();
    let certain =
        push.place != pushlint::registry::Place::Unknown && !workflow_unread && !open.opaque && !job.unread_base;
    let tag = push.tag_shown();
    let mut labels: Vec<Label> =
        push.tag_written_at().map(|at| Label::new(at, "the tag comes from here")).into_iter().collect();
    labels.extend(super::changes(open).into_iter().chain(super::callers(push)));
    Finding {
        message: format!("{} overwrites the tag `{tag}`", open.who()),
        at: push.at,
        label: "the same tag in every pipeline".to_owned(),
        help: Some(HELP.to_owned()),
        certainty: if certain { Certainty::Certain } else { Certainty::Likely },
        labels,
        jobs: vec![job.name.clone()],
        scenarios: open.scenarios,
        cause: Cause { at: push.at, kind: "constant-tag" },
    }
}

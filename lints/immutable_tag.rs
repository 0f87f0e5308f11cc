#![doc = include_str!("immutable_tag.md")]

use pushlint::finding::{Cause, Finding, Label};
use pushlint::lint::{Level, Lint};
use pushlint::model::Pipeline;
use pushlint::trace::{Push, TagRule, Traces};

/// A tag that nobody may push again, and that the next run pushes again.
pub static LINT: Lint =
    Lint { id: "immutable-tag", level: Level::Error, page: include_str!("immutable_tag.md"), check };

fn check(pipeline: &Pipeline, traces: &Traces) -> Vec<Finding> {
    let shared = traces.shared();
    let found = traces.pushes().filter_map(|(trace, push)| {
        let rule = refused(push)?;
        let cause = trace.pushes.iter().find(|other| refused(other).is_some()).unwrap_or(push).tag_cause(&shared);
        Some(finding(&pipeline.jobs[trace.job].name, push, rule, Cause { at: cause, kind: "immutable" }))
    });
    found.collect()
}

fn refused(push: &Push) -> Option<&TagRule> {
    push.tag_rule.as_ref().filter(|_| push.denied_by() == Some(LINT.id))
}

fn finding(job: &str, push: &Push, rule: &TagRule, cause: Cause) -> Finding {
    let tag = push.tag_shown();
    let mut labels: Vec<Label> =
        push.tag_written_at().map(|at| Label::new(at, "the tag comes from here")).into_iter().collect();
    labels.extend(super::callers(push));
    Finding {
        message: format!("the next run pushes the tag `{tag}` again, which the rule `{}` makes immutable", rule.pattern),
        at: push.at,
        label: "refused from the second push on, whoever pushes".to_owned(),
        help: Some(
            "put `$CI_COMMIT_SHORT_SHA` or `$CI_PIPELINE_IID` into the tag, or push it for a git tag only: `$CI_COMMIT_TAG`"
                .to_owned(),
        ),
        certainty: rule.certainty,
        labels,
        jobs: vec![job.to_owned()],
        scenarios: rule.scenarios,
        cause,
    }
}

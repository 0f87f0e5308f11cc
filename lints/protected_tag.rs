#![doc = include_str!("protected_tag.md")]

use pushlint::finding::{Cause, Finding, Label};
use pushlint::lint::{Level, Lint};
use pushlint::model::Pipeline;
use pushlint::trace::{Open, Push, TagRule, Traces};

/// A tag that only some roles may push, from a pipeline that anybody starts.
pub static LINT: Lint =
    Lint { id: "protected-tag", level: Level::Error, page: include_str!("protected_tag.md"), check };

fn check(pipeline: &Pipeline, traces: &Traces) -> Vec<Finding> {
    let shared = traces.shared();
    let found = traces.pushes().filter_map(|(trace, push)| {
        let (open, rule) = (push.open?, refused(push)?);
        let cause = trace.pushes.iter().find(|other| refused(other).is_some()).unwrap_or(push).tag_cause(&shared);
        Some(finding(&pipeline.jobs[trace.job].name, push, (open, rule), Cause { at: cause, kind: "protected" }))
    });
    found.collect()
}

fn refused(push: &Push) -> Option<&TagRule> {
    push.tag_rule.as_ref().filter(|_| push.denied_by() == Some(LINT.id))
}

fn finding(job: &str, push: &Push, (open, rule): (Open, &TagRule), cause: Cause) -> Finding {
    let tag = push.tag_shown();
    let mut labels: Vec<Label> =
        push.login.map(|at| Label::new(at, "logs in as whoever starts the pipeline")).into_iter().collect();
    labels.extend(push.tag_written_at().map(|at| Label::new(at, "the tag comes from here")));
    labels.extend(super::changes(open).into_iter().chain(super::callers(push)));
    Finding {
        message: format!("{} pushes the tag `{tag}`, which the rule `{}` keeps for Maintainers", open.who(), rule.pattern),
        at: push.at,
        label: "refused where a Developer starts the pipeline".to_owned(),
        help: Some(
            "push the tag on the default branch, on protected refs or git tags, or by hand only: `if: $CI_COMMIT_REF_PROTECTED == \"true\"`"
                .to_owned(),
        ),
        certainty: rule.certainty,
        labels,
        jobs: vec![job.to_owned()],
        scenarios: rule.scenarios,
        cause,
    }
}

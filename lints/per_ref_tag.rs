#![doc = include_str!("per_ref_tag.md")]

use pushlint::clients::Uploaded;
use pushlint::finding::{Cause, Certainty, Finding, Label};
use pushlint::lint::{Level, Lint};
use pushlint::model::Pipeline;
use pushlint::registry::{Place, TagClass};
use pushlint::text::Class;
use pushlint::trace::{Open, Push, Trace, Traces};

/// A tag that each commit of a branch overwrites.
pub static LINT: Lint = Lint { id: "per-ref-tag", level: Level::Advice, page: include_str!("per_ref_tag.md"), check };

fn check(pipeline: &Pipeline, traces: &Traces) -> Vec<Finding> {
    let shared = traces.shared();
    let found = traces.pushes().filter_map(|(trace, push)| {
        let open = overwritten(trace, push)?;
        let cause =
            trace.pushes.iter().find(|other| overwritten(trace, other).is_some()).unwrap_or(push).tag_cause(&shared);
        Some(finding(&pipeline.jobs[trace.job].name, push, open, Cause { at: cause, kind: "per-ref" }))
    });
    found.collect()
}

/// Who overwrites a tag per branch that is the image's only one.
fn overwritten(trace: &Trace, push: &Push) -> Option<Open> {
    let sound = push.flaw.is_none() && !push.blurred && push.tag_rule.is_none() && push.place != Place::Local;
    let image = push.upload.what == Uploaded::Image && push.tag_class() == TagClass::Varies(Class::PerRef);
    let unique = |other: &Push| matches!(other.tag_class(), TagClass::Varies(class) if class >= Class::PerTag);
    let beside = |other: &Push| unique(other) && repository(other) == repository(push);
    push.open.filter(|_| sound && image && !trace.pushes.iter().any(beside))
}

fn repository(push: &Push) -> Option<&pushlint::text::Text> {
    push.reference.as_ref().map(|reference| &reference.path)
}

fn finding(job: &str, push: &Push, open: Open, cause: Cause) -> Finding {
    Finding {
        message: format!("each commit of a branch overwrites the tag `{}`", push.tag_shown()),
        at: push.at,
        label: "no tag of the image stays".to_owned(),
        help: Some("push `$CI_COMMIT_SHORT_SHA` too, or put it into the tag, and let what runs name that".to_owned()),
        certainty: Certainty::Certain,
        labels: push.tag_written_at().map(|at| Label::new(at, "the tag comes from here")).into_iter().collect(),
        jobs: vec![job.to_owned()],
        scenarios: open.scenarios,
        cause,
    }
}

#![doc = include_str!("pushed_image_missing.md")]

use std::collections::HashMap;

use pushlint::finding::{Cause, Certainty, Finding, Label};
use pushlint::lint::{Level, Lint};
use pushlint::model::Pipeline;
use pushlint::source::Span;
use pushlint::trace::{Absent, Push, Traces};

/// A push of an image that the job's daemon does not hold.
pub static LINT: Lint =
    Lint { id: "pushed-image-missing", level: Level::Warning, page: include_str!("pushed_image_missing.md"), check };

fn check(pipeline: &Pipeline, traces: &Traces) -> Vec<Finding> {
    // What was built in another job is missing under each of its tags.
    let mut first: HashMap<_, Span> = HashMap::new();
    let absent = traces.pushes().filter_map(|(trace, push)| {
        let absent = push.absent.as_ref()?;
        let repository = push.reference.as_ref().map(|reference| (&reference.host, &reference.path));
        let cause = *first.entry((trace.job, repository)).or_insert(absent.at);
        Some(finding(&pipeline.jobs[trace.job].name, push, absent, cause))
    });
    absent.collect()
}

fn finding(job: &str, push: &Push, absent: &Absent, cause: Span) -> Finding {
    let push_label =
        (absent.at != push.at).then(|| Label { at: push.at, message: "so this push has nothing to send".to_owned() });
    Finding {
        message: format!("the job never builds, tags or pulls `{}`", absent.image),
        at: absent.at,
        label: "not in the job's own docker daemon".to_owned(),
        help: Some(
            "build or pull it in this job: each job's docker:dind service starts empty, whatever another job built"
                .to_owned(),
        ),
        certainty: Certainty::Likely,
        labels: push_label.into_iter().collect(),
        jobs: vec![job.to_owned()],
        scenarios: push.scenarios,
        cause: Cause { at: cause, kind: "absent" },
    }
}

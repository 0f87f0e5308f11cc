#![doc = include_str!("ignored_push_failure.md")]

use pushlint::clients::Uploaded;
use pushlint::finding::{Cause, Certainty, Finding, Label};
use pushlint::lint::{Level, Lint};
use pushlint::model::Pipeline;
use pushlint::registry::Place;
use pushlint::trace::{Ignored, Push, Traces};

/// A push whose failure leaves the job green.
pub static LINT: Lint =
    Lint { id: "ignored-push-failure", level: Level::Advice, page: include_str!("ignored_push_failure.md"), check };

fn check(pipeline: &Pipeline, traces: &Traces) -> Vec<Finding> {
    // Without a cache or a signature the image is there all the same.
    let matters =
        |push: &Push| !matches!(push.upload.what, Uploaded::Cache | Uploaded::Signature) && push.place != Place::Local;
    let found = traces
        .pushes()
        .filter(|(_, push)| matters(push))
        .filter_map(|(trace, push)| Some(finding(&pipeline.jobs[trace.job].name, push, push.ignored?)));
    found.collect()
}

fn finding(job: &str, push: &Push, why: Ignored) -> Finding {
    let (at, label, help, kind) = match why {
        Ignored::Or(at) => {
            (at, "hides that the push failed", "leave it out, or try again: `docker push … || docker push …`", "or")
        }
        Ignored::Background => (
            push.upload.at,
            "nobody asks for its exit code",
            "keep its number and ask for its end: `push=$!`, then `wait \"$push\"`",
            "background",
        ),
        Ignored::AfterScript => {
            (push.upload.at, "`after_script` never fails a job", "push in `script`", "after-script")
        }
    };
    let pushes = (at != push.upload.at).then(|| Label::new(push.upload.at, "this push"));
    Finding {
        message: "the job succeeds although the push fails, and what pulls the tag gets the old image".to_owned(),
        at,
        label: label.to_owned(),
        help: Some(help.to_owned()),
        certainty: Certainty::Certain,
        labels: pushes.into_iter().collect(),
        jobs: vec![job.to_owned()],
        scenarios: push.scenarios,
        cause: Cause { at, kind },
    }
}

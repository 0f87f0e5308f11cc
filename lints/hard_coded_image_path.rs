#![doc = include_str!("hard_coded_image_path.md")]

use pushlint::finding::{Cause, Certainty, Finding, Label};
use pushlint::lint::{Level, Lint};
use pushlint::model::Pipeline;
use pushlint::source::Span;
use pushlint::trace::{HardCoded, Push, Traces};

/// The project's own path, written out.
pub static LINT: Lint =
    Lint { id: "hard-coded-image-path", level: Level::Advice, page: include_str!("hard_coded_image_path.md"), check };

fn check(pipeline: &Pipeline, traces: &Traces) -> Vec<Finding> {
    let hard_coded = || traces.pushes().filter_map(|(trace, push)| Some((trace, push, push.hard_coded?)));
    let found = hard_coded().map(|(trace, push, whose)| {
        let alike = |other: &&Push| other.hard_coded.is_some() && project(other) == project(push);
        let cause = hard_coded().map(|(_, other, _)| other).find(alike).map_or(push.at, written);
        finding(&pipeline.jobs[trace.job].name, push, whose, cause)
    });
    found.collect()
}

/// Host, and the path's first two parts: what the paths of one project share.
fn project(push: &Push) -> Option<(String, Vec<String>)> {
    let reference = push.reference.as_ref()?;
    let path = reference.path.as_literal()?.to_lowercase();
    Some((reference.host.as_ref()?.shown(), path.split('/').take(2).map(str::to_owned).collect()))
}

/// The definition that gives the path, or the word itself.
fn written(push: &Push) -> Span {
    push.from.last().copied().unwrap_or(push.at)
}

fn finding(job: &str, push: &Push, whose: HardCoded, cause: Span) -> Finding {
    let (message, help, certainty) = match whose {
        HardCoded::Own { hearsay } => (
            "the project's own path is written out, and does not follow forks, renames or another GitLab",
            "write `$CI_REGISTRY_IMAGE`, which GitLab sets to this path",
            if hearsay { Certainty::Likely } else { Certainty::Certain },
        ),
        HardCoded::Perhaps => (
            "the path of a project is written out: right in that project only, not in a fork or after a rename",
            "write `$CI_REGISTRY_IMAGE` if this is the project itself; the job token may not push to another",
            Certainty::Likely,
        ),
    };
    let definition = push.from.last().filter(|at| **at != push.at);
    Finding {
        message: message.to_owned(),
        at: push.at,
        label: "always this path".to_owned(),
        help: Some(help.to_owned()),
        certainty,
        labels: definition.map(|at| Label::new(*at, "the path comes from here")).into_iter().collect(),
        jobs: vec![job.to_owned()],
        scenarios: push.scenarios,
        cause: Cause { at: cause, kind: "hard-coded" },
    }
}

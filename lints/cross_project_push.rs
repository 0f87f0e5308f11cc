#![doc = include_str!("cross_project_push.md")]

use pushlint::finding::{Cause, Certainty, Finding, Label};
use pushlint::lint::{Level, Lint};
use pushlint::model::Pipeline;
use pushlint::source::Span;
use pushlint::trace::{Denial, Push, Traces};

/// A push into another project with the job token.
pub static LINT: Lint =
    Lint { id: "cross-project-push", level: Level::Error, page: include_str!("cross_project_push.md"), check };

fn check(pipeline: &Pipeline, traces: &Traces) -> Vec<Finding> {
    let crossing = traces.pushes().filter_map(|(trace, push)| match &push.denial {
        Some(Denial::OtherProject { beside, project, certainty }) => {
            Some(finding(&pipeline.jobs[trace.job].name, push, *beside, project.as_deref(), *certainty))
        }
        _ => None,
    });
    crossing.collect()
}

fn finding(job: &str, push: &Push, beside: Option<Span>, project: Option<&str>, certainty: Certainty) -> Finding {
    let mut labels = Vec::new();
    let mut label =
        |at: Option<Span>, message: &str| labels.extend(at.map(|at| Label { at, message: message.to_owned() }));
    label(beside, "the same job token pushes to this project");
    label(push.login, "logs in with the job token");
    let definition = push.from.last().copied().filter(|at| *at != push.at);
    label(definition, "the reference comes from here");
    labels.extend(super::callers(push));
    let message = match project {
        Some(project) => format!(
            "push into another project than {project} with the job token, which may write to its own project only"
        ),
        None => "push into another project with the job token, which may write to its own project only".to_owned(),
    };
    Finding {
        message,
        at: push.at,
        label: "another project".to_owned(),
        help: Some("push below `$CI_REGISTRY_IMAGE`, or log in with a deploy token of the other project; no allowlist lets a job token push there".to_owned()),
        certainty,
        labels,
        jobs: vec![job.to_owned()],
        scenarios: push.scenarios,
        cause: Cause { at: definition.unwrap_or(push.at), kind: "other-project" },
    }
}

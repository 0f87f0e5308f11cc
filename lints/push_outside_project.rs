#![doc = include_str!("push_outside_project.md")]

use pushlint::finding::{Cause, Certainty, Finding, Label};
use pushlint::lint::{Level, Lint};
use pushlint::model::Pipeline;
use pushlint::trace::{Denial, Push, Stray, Traces};

/// A push to a path that is nobody's, or not meant.
pub static LINT: Lint =
    Lint { id: "push-outside-project", level: Level::Error, page: include_str!("push_outside_project.md"), check };

fn check(pipeline: &Pipeline, traces: &Traces) -> Vec<Finding> {
    let strays = traces.pushes().filter_map(|(trace, push)| match push.denial {
        Some(Denial::Stray { stray, certainty }) => Some((trace, push, stray, certainty)),
        _ => None,
    });
    strays
        .map(|(trace, push, stray, certainty)| finding(&pipeline.jobs[trace.job].name, push, stray, certainty))
        .collect()
}

fn finding(job: &str, push: &Push, stray: Stray, certainty: Certainty) -> Finding {
    let (message, label, help, kind) = words(stray);
    let definition = push.from.last().filter(|at| **at != push.at);
    let labels = definition.map(|at| Label::new(*at, "the reference comes from here"));
    Finding {
        message: message.to_owned(),
        at: push.at,
        label: label.to_owned(),
        help: Some(help.to_owned()),
        certainty,
        labels: labels.into_iter().chain(super::callers(push)).collect(),
        jobs: vec![job.to_owned()],
        scenarios: push.scenarios,
        cause: Cause { at: definition.copied().unwrap_or(push.at), kind },
    }
}

fn words(stray: Stray) -> (&'static str, &'static str, &'static str, &'static str) {
    match stray {
        Stray::Glued => (
            "push to another project's name: `$CI_REGISTRY_IMAGE` is followed by other characters than `/`, `:` or `@`",
            "names another project",
            "put a `/` between `$CI_REGISTRY_IMAGE` and the name",
            "glued",
        ),
        Stray::NoNamespace => (
            "push to a path without a namespace, which no project has",
            "one component only",
            "build the reference from `$CI_REGISTRY_IMAGE`",
            "no-namespace",
        ),
        Stray::HostTwice => (
            "push to a path that begins with the registry's host: `$CI_REGISTRY_IMAGE` already holds it",
            "names the host twice",
            "leave out what stands before `$CI_REGISTRY_IMAGE`",
            "host-twice",
        ),
        Stray::TooDeep => (
            "push more than two levels below the project, where GitLab finds no project",
            "too many levels",
            "keep at most two levels behind `$CI_REGISTRY_IMAGE`",
            "too-deep",
        ),
        Stray::NoHost => (
            "push to Docker Hub, but the job logs in to this GitLab's registry only",
            "names no registry, so it goes to Docker Hub",
            "build the reference from `$CI_REGISTRY_IMAGE`",
            "no-host",
        ),
        Stray::HostAlone => (
            "push to Docker Hub: without a `/` the registry's host is taken for the image's name",
            "no path behind the host",
            "write `$CI_REGISTRY_IMAGE`, which is host and path",
            "host-alone",
        ),
    }
}

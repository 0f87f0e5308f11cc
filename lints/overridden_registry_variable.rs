#![doc = include_str!("overridden_registry_variable.md")]

use pushlint::finding::{Cause, Certainty, Finding, Label};
use pushlint::lint::{Level, Lint};
use pushlint::model::{Job, Pipeline, Variable};
use pushlint::scenario::Scenarios;
use pushlint::trace::{Denial, Missing, Push, Trace, Traces};

/// A predefined registry variable that the files set.
pub static LINT: Lint = Lint {
    id: "overridden-registry-variable",
    level: Level::Warning,
    page: include_str!("overridden_registry_variable.md"),
    check,
};

/// The variables whose meaning everything rests on.
const MEANT: [&str; 6] =
    ["CI_JOB_TOKEN", "CI_PROJECT_PATH", "CI_REGISTRY", "CI_REGISTRY_IMAGE", "CI_REGISTRY_PASSWORD", "CI_REGISTRY_USER"];

fn check(pipeline: &Pipeline, traces: &Traces) -> Vec<Finding> {
    let mut findings = Vec::new();
    for trace in traces.jobs.iter().filter(|trace| !trace.pushes.is_empty() && !is_said(trace)) {
        let job = &pipeline.jobs[trace.job];
        for name in MEANT {
            let set = job.environments.iter().find_map(|environment| environment.variables.get(name));
            findings.extend(
                set.filter(|variable| !is_same(name, variable)).map(|variable| finding(job, trace, name, variable)),
            );
        }
    }
    findings
}

/// `CI_REGISTRY: registry.gitlab.com`, or the variable itself: what GitLab.com sets anyway.
fn is_same(name: &str, variable: &Variable) -> bool {
    let itself = variable.text.as_symbol().and_then(|symbol| symbol.predefined());
    itself == Some(name) || variable.text.as_literal() == Some("registry.gitlab.com")
}

/// A missing login tells of the override already.
fn is_said(trace: &Trace) -> bool {
    let overridden =
        |push: &Push| matches!(&push.denial, Some(Denial::NotLoggedIn { why: Missing::Overridden { .. }, .. }));
    trace.pushes.iter().any(overridden)
}

fn finding(job: &Job, trace: &Trace, name: &str, variable: &Variable) -> Finding {
    let push = trace.pushes.first().map(|push| Label::new(push.at, "this push is read with the override"));
    Finding {
        message: format!("`{name}` is GitLab's own variable, and the files override it"),
        at: variable.at,
        label: "replaces the predefined value".to_owned(),
        help: Some(
            "give the value a name of its own: the other predefined variables keep the server's values".to_owned(),
        ),
        certainty: Certainty::Certain,
        labels: push.into_iter().collect(),
        jobs: vec![job.name.clone()],
        scenarios: trace.pushes.iter().fold(Scenarios::NONE, |all, push| all.or(push.scenarios)),
        cause: Cause { at: variable.at, kind: "override" },
    }
}

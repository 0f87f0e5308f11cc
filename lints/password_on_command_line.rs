#![doc = include_str!("password_on_command_line.md")]

use std::collections::HashMap;

use pushlint::finding::{Cause, Certainty, Finding};
use pushlint::lint::{Level, Lint};
use pushlint::model::Pipeline;
use pushlint::source::Span;
use pushlint::trace::Traces;

/// A login whose password every process of the machine can read.
pub static LINT: Lint = Lint {
    id: "password-on-command-line",
    level: Level::Advice,
    page: include_str!("password_on_command_line.md"),
    check,
};

fn check(pipeline: &Pipeline, traces: &Traces) -> Vec<Finding> {
    // A line that was copied from job to job, or from registry to registry, is one habit.
    let mut first: HashMap<_, Span> = HashMap::new();
    let logins = traces.jobs.iter().flat_map(|trace| trace.walk.logins.iter().map(move |event| (trace.job, event)));
    let exposed = logins.filter_map(|(job, event)| Some((job, event, event.login.exposed?)));
    let found = exposed.map(|(job, event, at)| {
        let login = &event.login;
        let cause = *first.entry((login.tool, event.credential)).or_insert(at);
        Finding {
            message: format!("`{}` with the password on the command line", login.tool),
            at,
            label: "other processes and traces of the shell show it".to_owned(),
            help: Some("pipe it: `echo \"$CI_REGISTRY_PASSWORD\" | … --password-stdin`".to_owned()),
            certainty: Certainty::Certain,
            labels: Vec::new(),
            jobs: vec![pipeline.jobs[job].name.clone()],
            scenarios: event.scenarios,
            cause: Cause { at: cause, kind: "exposed" },
        }
    });
    found.collect()
}

#![doc = include_str!("racing_pushes.md")]

use std::collections::HashMap;

use pushlint::finding::{Cause, Certainty, Finding, Label};
use pushlint::lint::{Level, Lint};
use pushlint::model::Pipeline;
use pushlint::scenario::Scenarios;
use pushlint::source::Span;
use pushlint::trace::{Between, Race, Traces, races};

/// Pushes of one tag, of which the last one wins.
pub static LINT: Lint =
    Lint { id: "racing-pushes", level: Level::Advice, page: include_str!("racing_pushes.md"), check };

fn check(pipeline: &Pipeline, traces: &Traces) -> Vec<Finding> {
    // The same jobs, or the same branches, race for all their tags for one reason.
    let mut first: HashMap<(Vec<usize>, &'static str), Span> = HashMap::new();
    let found = races(pipeline, traces).into_iter().filter_map(|race| {
        let at = race.pushes.first()?.1.at;
        let mut jobs: Vec<usize> = race.pushes.iter().map(|(trace, _)| trace.job).collect();
        jobs.dedup();
        let names = jobs.iter().map(|job| pipeline.jobs[*job].name.clone()).collect();
        let cause = *first.entry((jobs, kind(&race.between))).or_insert(at);
        Some(finding(&race, names, at, cause))
    });
    found.collect()
}

fn kind(between: &Between) -> &'static str {
    match between {
        Between::Jobs => "jobs",
        Between::Instances => "instances",
        Between::Branches(_) => "branches",
    }
}

fn finding(race: &Race, jobs: Vec<String>, at: Span, cause: Span) -> Finding {
    let tag = race.pushes.first().map(|(_, push)| push.tag_shown()).unwrap_or_default();
    let (message, label, help) = match &race.between {
        Between::Jobs => (
            format!("jobs that run at once push the tag `{tag}`: the last one wins"),
            "pushed by several jobs".to_owned(),
            "give each its own tag, let one wait for the other (`needs`), or give them one `resource_group`",
        ),
        Between::Instances => (
            format!("each instance of the job pushes the tag `{tag}`: the last one wins"),
            "the same in all instances".to_owned(),
            "put a variable of the matrix, or `$CI_NODE_INDEX`, into the tag",
        ),
        Between::Branches(names) => (
            format!("several branches push the tag `{tag}`: the last one wins"),
            format!("pushed by {}", names.join(", ")),
            "give each branch its own tag, such as `$CI_COMMIT_REF_SLUG`",
        ),
    };
    let others = race.pushes.iter().skip(1).filter(|(_, push)| push.at != at);
    Finding {
        message,
        at,
        label,
        help: Some(help.to_owned()),
        certainty: if race.certain { Certainty::Certain } else { Certainty::Likely },
        labels: others.map(|(_, push)| Label::new(push.at, "pushes it too")).collect(),
        jobs,
        scenarios: race.pushes.iter().fold(Scenarios::NONE, |all, (_, push)| all.or(push.scenarios)),
        cause: Cause { at: cause, kind: kind(&race.between) },
    }
}

//! What is decided before there is a pipeline: `include:rules`, whether a file is included at all, and
//! the conditions over inputs.

use super::expression::parse;
use super::guard::Guard;
use super::ordered;
use super::{Conditions, Lookup, Reach, reach};
use crate::rules::evaluate::World;
use crate::scenario::Scenario;
use crate::source::{Mapped, Span};
use crate::value::Map;

/// In which pipelines an include's rules let it in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// In none.
    Never,
    /// In some, or it is not decided.
    Perhaps,
    /// In all.
    Always,
}

/// What the `rules:` of an include decide before there is a pipeline: its variables are not there
/// yet, so only what GitLab predefines and what the settings give is asked (facts A10). No rules:
/// always; no rule matches: never.
#[must_use]
pub fn admission(include: &Map, lookup: &dyn Fn(&str) -> Lookup) -> Admission {
    let Some(rules) = ordered::rules(include) else { return Admission::Always };
    let conditions = Conditions { job: include, workflow: None, lookup };
    let (mut never, mut always) = (true, true);
    for scenario in Scenario::ALL {
        let ways = ordered::walk(&rules, "always", World { scenario, conditions: &conditions });
        never &= ways.is_empty();
        always &= ways.iter().any(|way| way.guard == Guard::OPEN);
    }
    match (never, always) {
        (true, _) => Admission::Never,
        (_, true) => Admission::Always,
        _ => Admission::Perhaps,
    }
}

/// The ways in which an include's rules let it in, as those of a job: its jobs are in no other pipeline.
#[must_use]
pub fn admitting(include: &Map, lookup: &dyn Fn(&str) -> Lookup) -> Vec<Reach> {
    let mut rules = Map::default();
    include.entry("rules").cloned().into_iter().for_each(|entry| rules.insert(entry));
    let ways = reach(&Conditions { job: &rules, workflow: None, lookup });
    ways.into_iter().map(|way| Reach { rule: None, workflow_rule: None, manual: false, ..way }).collect()
}

/// Whether a condition that asks for no variable holds; `None`: it cannot be told.
#[must_use]
pub fn decide(condition: &Mapped, at: Span) -> Option<bool> {
    let expression = parse(condition, at)?;
    let (nothing, lookup) = (Map::default(), |_: &str| Lookup::Unknown);
    let conditions = Conditions { job: &nothing, workflow: None, lookup: &lookup };
    let outcome = World { scenario: Scenario::Other, conditions: &conditions }.outcome(&expression);
    match (outcome.yes.as_slice(), outcome.no.as_slice()) {
        ([yes], []) if *yes == Guard::OPEN => Some(true),
        ([], [no]) if *no == Guard::OPEN => Some(false),
        _ => None,
    }
}

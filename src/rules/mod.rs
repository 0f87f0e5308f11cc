//! When a job runs: `workflow:rules`, `rules`, `only`/`except`, evaluated over the scenarios with
//! three-valued logic.

mod admission;
mod evaluate;
mod expression;
mod guard;
mod only;
mod ordered;
mod project;
#[cfg(test)]
mod tests;
mod world;

pub use admission::{Admission, admission, admitting, decide};
pub use project::confined_project;

use crate::scenario::Scenario;
use crate::source::Span;
use crate::value::{Kind, Map, Value};

use evaluate::World;
use guard::{Guard, product};
use only::Policy;
use ordered::{Rule, flat};

/// One way in which a job comes to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// The kind of pipeline.
    pub scenario: Scenario,
    /// Which refs of that kind.
    pub branch: Branch,
    /// `when: manual`: somebody decides.
    pub manual: bool,
    /// Conditions on this way that the files do not decide.
    pub undecided: Vec<Why>,
    /// Index of the rule that lets the job run, for its `rules:variables`.
    pub rule: Option<usize>,
    /// Index of the workflow rule that lets the pipeline run, for its `variables`.
    pub workflow_rule: Option<usize>,
}

impl Reach {
    /// Ordinary branch names such as `feature/x` come this way.
    #[must_use]
    pub fn admits_any_name(&self) -> bool {
        match &self.branch {
            Branch::Any => true,
            Branch::Matching(pattern) => matches_feature_names(pattern),
            Branch::Named(_) | Branch::Protected => false,
        }
    }

    /// Somebody's decision, or a condition that is not understood, stands on this way.
    #[must_use]
    pub fn is_decided(&self) -> bool {
        self.undecided.iter().any(|why| matches!(why, Why::Decision(..) | Why::Unread(_)))
    }
}

/// Which refs of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Branch {
    /// Any.
    Any,
    /// These names only.
    Named(Vec<String>),
    /// Names that match this pattern (RE2, as written between the slashes).
    Matching(String),
    /// Protected refs only.
    Protected,
}

/// A condition that the files do not decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// It asks for a variable that the files do not define (or the commit's message, or the user).
    Decision(String, Span),
    /// `changes:`.
    Changes(Span),
    /// `exists:`.
    Exists(Span),
    /// It was not understood.
    Unread(Span),
}

/// What a condition can know of a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// The files give it this value.
    Known(String),
    /// The files do not define it (it may be predefined: that is for this room to know).
    Undefined,
    /// The files define it, but its value is not a known text.
    Unknown,
}

/// The most ways of a job of a child pipeline.
const MOST_WAYS: usize = 200;

/// All that decides when a job runs.
pub struct Conditions<'a> {
    /// The job, merged.
    pub job: &'a Map,
    /// `workflow:`, merged.
    pub workflow: Option<&'a Map>,
    /// The job's variables before `rules:variables` (those of the workflow rule are not asked).
    pub lookup: &'a dyn Fn(&str) -> Lookup,
}

impl Why {
    /// Where the condition was written.
    #[must_use]
    pub fn at(&self) -> Span {
        match self {
            Why::Decision(_, at) | Why::Changes(at) | Why::Exists(at) | Why::Unread(at) => *at,
        }
    }
}

/// Every way in which the job comes to run, in the order of [`Scenario::ALL`]; empty if it never
/// does. `rule` and `workflow_rule` count the rules with nested lists laid flat.
#[must_use]
pub fn reach(conditions: &Conditions) -> Vec<Reach> {
    let workflow = conditions.workflow.and_then(ordered::rules);
    let selection = Selection::of(conditions, workflow.is_some());
    let when = conditions.job.get("when").and_then(Value::scalar).unwrap_or_else(|| "on_success".to_owned());
    let mut found = Vec::new();
    for scenario in Scenario::ALL {
        let world = World { scenario, conditions };
        let pipelines = pipelines(workflow.as_deref(), world);
        if pipelines.is_empty() {
            continue;
        }
        let mut ways = Vec::new();
        for job in selection.jobs(&when, world) {
            for pipeline in &pipelines {
                let Some(guard) = pipeline.guard.and(&job.guard) else { continue };
                keep(&mut ways, RunWay { guard, manual: job.when == "manual", job: job.rule, pipeline: pipeline.rule });
            }
        }
        found.extend(ways.into_iter().map(|way| way.reach(scenario)));
    }
    found
}

/// The ways in which a job of a child pipeline comes to run: its own ways, each in those of the
/// trigger job (a child runs on its parent's ref).
#[must_use]
pub fn within(outer: &[Reach], inner: &[Reach]) -> Vec<Reach> {
    let guard = |way: &Reach| Guard { branch: way.branch.clone(), undecided: way.undecided.clone() };
    let mut found: Vec<Reach> = Vec::new();
    for own in inner {
        for way in outer.iter().filter(|way| way.scenario == own.scenario) {
            let Some(Guard { branch, undecided }) = guard(way).and(&guard(own)) else { continue };
            let way = Reach { branch, undecided, manual: own.manual || way.manual, ..own.clone() };
            if !found.contains(&way) && found.len() < MOST_WAYS {
                found.push(way);
            }
        }
    }
    found
}

/// One way in which the job runs in one scenario.
struct RunWay {
    guard: Guard,
    manual: bool,
    job: Option<Matched>,
    pipeline: Option<Matched>,
}

/// The rule that matched.
#[derive(Clone, Copy)]
struct Matched {
    index: usize,
    sets_variables: bool,
}

impl RunWay {
    /// Whether the other one tells nothing new.
    fn covers(&self, other: &RunWay) -> bool {
        let setting = |rule: Option<Matched>| rule.filter(|rule| rule.sets_variables).map(|rule| rule.index);
        self.manual == other.manual
            && setting(self.job) == setting(other.job)
            && setting(self.pipeline) == setting(other.pipeline)
            && self.guard.covers(&other.guard)
    }

    fn reach(self, scenario: Scenario) -> Reach {
        let Guard { branch, undecided } = self.guard;
        let rule = self.job.map(|rule| rule.index);
        let workflow_rule = self.pipeline.map(|rule| rule.index);
        Reach { scenario, branch, manual: self.manual, undecided, rule, workflow_rule }
    }
}

fn keep(ways: &mut Vec<RunWay>, way: RunWay) {
    if !ways.iter().any(|other| other.covers(&way)) {
        ways.retain(|other| !way.covers(other));
        ways.push(way);
    }
}

/// The rule of a way through these rules.
fn matched(rules: &[Rule], index: usize) -> Option<Matched> {
    rules.get(index).map(|rule| Matched { index, sets_variables: rule.sets_variables })
}

/// The pipelines that `workflow:rules` lets run, each with the rule that does.
fn pipelines(workflow: Option<&[Rule]>, world: World) -> Vec<Selected> {
    let Some(rules) = workflow else {
        return vec![Selected { guard: Guard::OPEN, rule: None, when: "always".to_owned() }];
    };
    through(rules, "always", world)
}

fn through(rules: &[Rule], when: &str, world: World) -> Vec<Selected> {
    let ways = ordered::walk(rules, when, world).into_iter();
    ways.map(|way| Selected { guard: way.guard, rule: matched(rules, way.rule), when: way.when }).collect()
}

/// What selects a job.
enum Selection {
    Rules(Vec<Rule>),
    Policies { only: Option<Policy>, except: Option<Policy> },
}

/// One way in which a job, or a pipeline, is selected.
struct Selected {
    guard: Guard,
    rule: Option<Matched>,
    when: String,
}

impl Selection {
    fn of(conditions: &Conditions, has_workflow_rules: bool) -> Self {
        if let Some(rules) = ordered::rules(conditions.job) {
            return Selection::Rules(rules);
        }
        let given = |key: &str| conditions.job.get(key).filter(|value| !value.is_null());
        let only = match given("only") {
            Some(value) => Some(Policy::read(value).with_default_refs()),
            None => (!has_workflow_rules).then(Policy::branches_and_tags),
        };
        Selection::Policies { only, except: given("except").map(Policy::read) }
    }

    fn jobs(&self, when: &str, world: World) -> Vec<Selected> {
        match self {
            Selection::Rules(rules) => through(rules, when, world),
            Selection::Policies { .. } if when == "never" => Vec::new(),
            Selection::Policies { only, except } => {
                let admitted = only.as_ref().map_or_else(|| vec![Guard::OPEN], |only| only.all(world).yes);
                let kept = except.as_ref().map_or_else(|| vec![Guard::OPEN], |except| except.any(world).no);
                let selected = product(&admitted, &kept);
                selected.into_iter().map(|guard| Selected { guard, rule: None, when: when.to_owned() }).collect()
            }
        }
    }
}

/// The `if:` expressions of a job or of `workflow` that GitLab refuses as "invalid expression
/// syntax". A `!reference` that was not resolved is none.
#[must_use]
pub fn invalid_expressions(map: &Map) -> Vec<Span> {
    let in_rules = map.get("rules").map(flat).unwrap_or_default().into_iter();
    let ifs = in_rules.filter_map(|rule| rule.as_map()?.get("if")).filter(|value| !value.is_null());
    let policies = ["only", "except"].into_iter().filter_map(|key| map.get(key)?.as_map()?.get("variables"));
    ifs.chain(policies.flat_map(flat))
        .filter(|value| match &value.kind {
            Kind::Text(text) => expression::parse(text, value.at).is_none(),
            Kind::Reference(_) => false,
            _ => true,
        })
        .map(|value| value.at)
        .collect()
}

/// Whether a pattern matches the names that branches of ordinary work have, so that it confines
/// nothing. A pattern that is not valid confines nothing either.
#[must_use]
pub fn matches_feature_names(pattern: &str) -> bool {
    const ORDINARY: [&str; 6] =
        ["feature/x", "fix-1", "my-branch", "feature/login-form", "1234-fix-typo", "bugfix/JIRA-12_crash"];
    expression::compile(pattern).is_none_or(|regex| ORDINARY.iter().any(|name| regex.is_match(name)))
}

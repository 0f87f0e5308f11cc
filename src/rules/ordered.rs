//! `rules:`, of a job and of `workflow`: read once, then walked in each scenario, first match first.

use super::Why;
use super::evaluate::World;
use super::expression::{Expression, parse};
use super::guard::{Guard, Outcome, product};
use crate::source::Span;
use crate::value::{Kind, Map, Value};

/// GitLab flattens nested lists up to this depth.
const DEEPEST: usize = 10;

/// One rule.
pub(super) struct Rule {
    clauses: Vec<Clause>,
    /// `when:`, if the rule says so itself.
    when: Option<String>,
    /// Whether it has `variables:`, so that it matters which rule matched.
    pub sets_variables: bool,
}

/// What a rule asks; all of it must hold.
pub(super) enum Clause {
    If(Expression),
    Changes(Span),
    Exists(Span),
    Unread(Span),
}

/// One way through the rules.
pub(super) struct Way {
    pub guard: Guard,
    /// The rule that matched.
    pub rule: usize,
    pub when: String,
}

impl Clause {
    /// Reads an `if:`.
    pub(super) fn condition(value: &Value) -> Clause {
        let tree = if let Kind::Text(text) = &value.kind { parse(text, value.at) } else { None };
        tree.map_or(Clause::Unread(value.at), Clause::If)
    }

    pub(super) fn outcome(&self, world: World) -> Outcome {
        match self {
            Clause::If(expression) => world.outcome(expression),
            Clause::Changes(at) => Outcome::changes(*at),
            Clause::Exists(at) => Outcome::open(Why::Exists(*at)),
            Clause::Unread(at) => Outcome::open(Why::Unread(*at)),
        }
    }
}

impl Rule {
    fn read(value: &Value) -> Rule {
        let Some(map) = value.as_map() else {
            return Rule { clauses: vec![Clause::Unread(value.at)], when: None, sets_variables: false };
        };
        let given = |key: &str| map.get(key).filter(|value| !value.is_null());
        let mut clauses: Vec<Clause> = given("if").map(Clause::condition).into_iter().collect();
        clauses.extend(given("changes").map(|value| Clause::Changes(value.at)));
        clauses.extend(given("exists").map(|value| Clause::Exists(value.at)));
        Rule { clauses, when: given("when").and_then(Value::scalar), sets_variables: given("variables").is_some() }
    }

    /// The expression of the rule.
    pub(super) fn expression(&self) -> Option<&Expression> {
        self.clauses.iter().find_map(|clause| if let Clause::If(tree) = clause { Some(tree) } else { None })
    }

    pub(super) fn is_never(&self) -> bool {
        self.when.as_deref() == Some("never")
    }

    /// Whether it asks for nothing but its expression.
    pub(super) fn is_only_expression(&self) -> bool {
        self.clauses.len() == 1 && self.expression().is_some()
    }
}

/// The `rules:` of a job or of `workflow`; `None` if there are none.
pub(super) fn rules(map: &Map) -> Option<Vec<Rule>> {
    let value = map.get("rules").filter(|value| !value.is_null())?;
    let values = flat(value);
    (!values.is_empty()).then(|| values.into_iter().map(Rule::read).collect())
}

/// The values of a list and of the lists in it, in order. A value that is no list is its own only one.
pub(super) fn flat(value: &Value) -> Vec<&Value> {
    let mut found = Vec::new();
    gather(value, DEEPEST, &mut found);
    found
}

fn gather<'a>(value: &'a Value, left: usize, found: &mut Vec<&'a Value>) {
    match value.as_list() {
        Some(list) if left > 0 => list.iter().for_each(|value| gather(value, left - 1, found)),
        _ => found.push(value),
    }
}

/// The ways on which some rule that is not `never` decides.
pub(super) fn walk(rules: &[Rule], default_when: &str, world: World) -> Vec<Way> {
    let (mut pending, mut ways) = (vec![Guard::OPEN], Vec::new());
    for (index, rule) in rules.iter().enumerate() {
        let outcome = rule.clauses.iter().map(|clause| clause.outcome(world)).fold(Outcome::of(true), Outcome::and);
        let when = rule.when.as_deref().unwrap_or(default_when);
        if when != "never" {
            let matched = product(&pending, &outcome.yes);
            ways.extend(matched.into_iter().map(|guard| Way { guard, rule: index, when: when.to_owned() }));
        }
        pending = product(&pending, &outcome.no);
        if pending.is_empty() {
            break;
        }
    }
    ways
}

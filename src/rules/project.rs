//! The project that a job is confined to.

use super::Conditions;
use super::expression::{Comparison, Expression, Leaf};
use super::only::Policy;
use super::ordered::{Rule, rules};

/// The path of the one project in which the job can run: every rule that lets it run asks for
/// `$CI_PROJECT_PATH == "…"`, or `only:` names it behind an `@`.
#[must_use]
pub fn confined_project(conditions: &Conditions) -> Option<String> {
    let given = |key: &str| conditions.job.get(key).filter(|value| !value.is_null());
    let job = match rules(conditions.job) {
        Some(rules) => by_rules(&rules),
        None => given("only").and_then(|value| Policy::read(value).project().map(str::to_owned)),
    };
    job.or_else(|| conditions.workflow.and_then(rules).and_then(|rules| by_rules(&rules)))
}

fn by_rules(rules: &[Rule]) -> Option<String> {
    let mut found: Option<String> = None;
    for rule in rules {
        if rule.is_never() {
            // all that passes it is of one project
            if let Some(path) = rule.expression().filter(|_| rule.is_only_expression()).and_then(|it| asked(it, false))
            {
                return if found.as_deref().is_none_or(|found| found == path) { Some(path.to_owned()) } else { None };
            }
            continue;
        }
        let path = asked(rule.expression()?, true)?;
        if found.as_deref().is_some_and(|found| found != path) {
            return None;
        }
        found = Some(path.to_owned());
    }
    found
}

/// The path that `$CI_PROJECT_PATH` has whenever the expression is `truth`.
fn asked(expression: &Expression, truth: bool) -> Option<&str> {
    match (expression, truth) {
        (Expression::Not(inner), _) => asked(inner, !truth),
        (Expression::And(left, right), true) | (Expression::Or(left, right), false) => {
            asked(left, truth).or_else(|| asked(right, truth))
        }
        (Expression::Or(left, right), true) | (Expression::And(left, right), false) => {
            asked(left, truth).filter(|path| asked(right, truth) == Some(path))
        }
        (Expression::Compare(Comparison::Equal, left, right), true)
        | (Expression::Compare(Comparison::Differs, left, right), false) => {
            path_of(left, right).or_else(|| path_of(right, left))
        }
        _ => None,
    }
}

fn path_of<'a>(variable: &Expression, path: &'a Expression) -> Option<&'a str> {
    match (variable, path) {
        (Expression::Leaf(Leaf::Variable(name), _), Expression::Leaf(Leaf::Text(path), _))
            if name == "CI_PROJECT_PATH" =>
        {
            Some(path)
        }
        _ => None,
    }
}

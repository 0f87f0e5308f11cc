//! An `if:` in one scenario.

use super::expression::{Comparison, Expression, Leaf, Pattern};
use super::guard::{Guard, Outcome};
use super::world::{Held, RefName, variable};
use super::{Branch, Conditions, Why};
use crate::scenario::Scenario;
use crate::source::{Span, is_undecoded};

/// Where a condition is evaluated.
#[derive(Clone, Copy)]
pub(super) struct World<'a> {
    pub scenario: Scenario,
    pub conditions: &'a Conditions<'a>,
}

impl World<'_> {
    /// When an expression is true.
    pub(super) fn outcome(self, expression: &Expression) -> Outcome {
        match expression {
            Expression::Or(left, right) => self.outcome(left).or(self.outcome(right)),
            Expression::And(left, right) => self.outcome(left).and(self.outcome(right)),
            Expression::Not(inner) => self.outcome(inner).not(),
            Expression::Leaf(leaf, at) => self.held(leaf).map_or_else(|| unread(*at), |held| truth(&held, *at)),
            Expression::Compare(sign, left, right) => self.compare(*sign, left, right),
        }
    }

    fn compare(self, sign: Comparison, left: &Expression, right: &Expression) -> Outcome {
        let (Expression::Leaf(one, at), Expression::Leaf(other, end)) = (left, right) else {
            return unread(first_span(left));
        };
        let at = if at.file == end.file { at.join(*end) } else { *at };
        let Some(held) = self.held(one) else { return unread(at) };
        match sign {
            Comparison::Equal => self.held(other).map_or_else(|| unread(at), |other| equal(&held, &other, at)),
            Comparison::Differs => self.held(other).map_or_else(|| unread(at), |other| equal(&held, &other, at).not()),
            Comparison::Matches => self.matches(&held, other, at),
            Comparison::Misses => self.matches(&held, other, at).not(),
        }
    }

    /// The value of a word; `None` for a pattern that stands alone and for what was not filled in or decoded.
    fn held(self, leaf: &Leaf) -> Option<Held> {
        let held = match leaf {
            Leaf::Variable(name) => variable(name, self.scenario, self.conditions),
            Leaf::Text(text) => Held::Text(text.clone()),
            Leaf::Null => Held::Null,
            Leaf::Bool(value) => Held::Bool(*value),
            Leaf::Pattern(_) | Leaf::Input => return None,
        };
        let is_known = !matches!(&held, Held::Text(text) if text.contains(is_undecoded));
        is_known.then_some(held)
    }

    fn matches(self, held: &Held, right: &Leaf, at: Span) -> Outcome {
        if let Leaf::Pattern(pattern) = right {
            return matching(held, pattern, at);
        }
        match self.held(right) {
            Some(Held::Text(text)) => Pattern::of(&text).map_or_else(|| unread(at), |it| matching(held, &it, at)),
            Some(Held::Null) => Outcome::of(false),
            Some(Held::Undefined(name)) => Outcome::of(false).unless(&Why::Decision(name, at)),
            Some(Held::Unknown(name) | Held::Said(name)) => Outcome::open(Why::Decision(name, at)),
            _ => unread(at),
        }
    }
}

fn unread(at: Span) -> Outcome {
    Outcome::open(Why::Unread(at))
}

fn first_span(expression: &Expression) -> Span {
    match expression {
        Expression::Leaf(_, at) => *at,
        Expression::Or(inner, _) | Expression::And(inner, _) | Expression::Compare(_, inner, _) => first_span(inner),
        Expression::Not(inner) => first_span(inner),
    }
}

/// A test that is true only by somebody's words.
fn said(name: &str, at: Span) -> Outcome {
    Outcome { yes: vec![Guard::because(Why::Decision(name.to_owned(), at))], no: vec![Guard::OPEN] }
}

/// A value that stands alone is true if it is set and not empty.
fn truth(held: &Held, at: Span) -> Outcome {
    match held {
        Held::Null => Outcome::of(false),
        Held::Bool(value) => Outcome::of(*value),
        Held::Text(text) => Outcome::of(!text.trim().is_empty()),
        Held::OneOf(_) | Held::DefaultBranch | Held::Ref(_) | Held::Target | Held::Protected | Held::Some => {
            Outcome::of(true)
        }
        Held::Optional => Outcome::both(),
        Held::Said(name) => said(name, at),
        Held::Undefined(name) => Outcome::of(false).unless(&Why::Decision(name.clone(), at)),
        Held::Unknown(name) => Outcome::open(Why::Decision(name.clone(), at)),
    }
}

fn equal(one: &Held, other: &Held, at: Span) -> Outcome {
    match (one, other) {
        (Held::Unknown(name), _) | (_, Held::Unknown(name)) => Outcome::open(Why::Decision(name.clone(), at)),
        (Held::Undefined(name), other) | (other, Held::Undefined(name)) => {
            equal(&Held::Null, &unset(other), at).unless(&Why::Decision(name.clone(), at))
        }
        (Held::Said(_), Held::Null) | (Held::Null, Held::Said(_)) => Outcome::of(false),
        (Held::Said(name), _) | (_, Held::Said(name)) => said(name, at),
        (Held::Text(one), Held::Text(other)) => Outcome::of(one == other),
        (Held::Bool(one), Held::Bool(other)) => Outcome::of(one == other),
        (Held::Null, Held::Null) => Outcome::of(true),
        (Held::Bool(_), _) | (_, Held::Bool(_)) => Outcome::of(false),
        (Held::Optional, _) | (_, Held::Optional) => Outcome::both(),
        (Held::Null, _) | (_, Held::Null) => Outcome::of(false),
        (Held::OneOf(texts), Held::Text(text)) | (Held::Text(text), Held::OneOf(texts)) => {
            if texts.contains(&text.as_str()) { Outcome::both() } else { Outcome::of(false) }
        }
        (Held::Protected, Held::Text(text)) | (Held::Text(text), Held::Protected) => {
            protected(text == "true", text == "false")
        }
        (Held::Ref(_), Held::Text(text)) | (Held::Text(text), Held::Ref(_)) if text.is_empty() => Outcome::of(false),
        (Held::Ref(_), Held::Text(text)) | (Held::Text(text), Held::Ref(_)) => {
            Outcome::refs(Branch::Named(vec![text.clone()]))
        }
        (Held::Ref(name), Held::DefaultBranch) | (Held::DefaultBranch, Held::Ref(name)) => default_branch(*name),
        (Held::DefaultBranch, Held::DefaultBranch) | (Held::Protected, Held::Protected) => Outcome::of(true),
        (Held::Ref(one), Held::Ref(other)) => same_ref(*one, *other),
        _ => Outcome::both(),
    }
}

/// An undefined variable beside another one: both unset.
fn unset(held: &Held) -> Held {
    if matches!(held, Held::Undefined(_)) { Held::Null } else { held.clone() }
}

/// `$CI_COMMIT_REF_PROTECTED` against a text, as that text reads.
fn protected(is_true: bool, is_false: bool) -> Outcome {
    match (is_true, is_false) {
        (true, _) => Outcome::refs(Branch::Protected),
        (_, true) => Outcome::refs(Branch::Protected).not(),
        _ => Outcome::of(false),
    }
}

fn default_branch(name: RefName) -> Outcome {
    match name.is_default() {
        Some(is) => Outcome::of(is),
        None => Outcome::refs(Branch::Named(vec!["$CI_DEFAULT_BRANCH".to_owned()])),
    }
}

fn same_ref(one: RefName, other: RefName) -> Outcome {
    if one == other { Outcome::of(true) } else { Outcome::both() }
}

fn matching(held: &Held, pattern: &Pattern, at: Span) -> Outcome {
    let literal = |text: &str| pattern.matches(text).map_or_else(|| unread(at), Outcome::of);
    match held {
        // GitLab scans `nil.to_s`
        Held::Null => literal(""),
        Held::Bool(value) => literal(if *value { "true" } else { "false" }),
        Held::Text(text) => literal(text),
        Held::OneOf(texts) => one_of(texts, pattern, at),
        Held::Ref(_) => Outcome::refs(Branch::Matching(pattern.source.clone())),
        Held::Protected => match (pattern.matches("true"), pattern.matches("false")) {
            (Some(yes), Some(no)) if yes == no => Outcome::of(yes),
            (Some(yes), Some(no)) => protected(yes, no),
            _ => unread(at),
        },
        Held::DefaultBranch | Held::Target | Held::Some | Held::Optional => Outcome::both(),
        Held::Said(name) => said(name, at),
        Held::Undefined(name) => literal("").unless(&Why::Decision(name.clone(), at)),
        Held::Unknown(name) => Outcome::open(Why::Decision(name.clone(), at)),
    }
}

fn one_of(texts: &[&str], pattern: &Pattern, at: Span) -> Outcome {
    let hits: Option<Vec<bool>> = texts.iter().map(|text| pattern.matches(text)).collect();
    match hits {
        None => unread(at),
        Some(hits) if hits.iter().all(|hit| *hit) => Outcome::of(true),
        Some(hits) if hits.iter().any(|hit| *hit) => Outcome::both(),
        Some(_) => Outcome::of(false),
    }
}

//! What a world assumes: [`Atom`], a question about a value that the files do not answer.

use crate::clients;
use crate::predefined;
use crate::scenario::{Scenario, Scenarios};
use crate::text::{Origin, Symbol, Text};

/// A question with yes and no for answers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Atom {
    /// The text is not empty.
    NotEmpty(Text),
    /// The two texts are equal.
    Equal(Text, Text),
    /// The text matches the pattern: a shell pattern, or a regular expression.
    Matches {
        /// The text.
        text: Text,
        /// The pattern, as far as it is known.
        pattern: Text,
        /// A regular expression in place of a shell pattern.
        regex: bool,
    },
    /// The command, as written after expansion, succeeds.
    Command(String),
    /// One of two answers that confine, where the states that assumed them became one.
    Either,
}

/// Answers that are assumed, in the order of asking.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Atoms {
    list: Vec<(Atom, bool)>,
}

impl Atoms {
    /// The answers.
    pub fn iter(&self) -> impl Iterator<Item = &(Atom, bool)> {
        self.list.iter()
    }

    /// Whether this answer is assumed.
    #[must_use]
    pub fn contains(&self, answer: &(Atom, bool)) -> bool {
        self.list.contains(answer)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether nothing is assumed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub(super) fn add(&mut self, atom: Atom, holds: bool) {
        self.list.push((atom, holds));
    }

    pub(super) fn common(&self, other: &Atoms) -> Atoms {
        Atoms { list: self.list.iter().filter(|answer| other.list.contains(answer)).cloned().collect() }
    }

    /// What two states that become one assume: the answers that they share. Where each had another one
    /// that confines it, the one is confined too, unless the two are yes and no to one question.
    pub(super) fn joined(&self, other: &Atoms) -> Atoms {
        let own = |one: &Atoms, two: &Atoms| -> Vec<(Atom, bool)> {
            one.list.iter().filter(|answer| !two.contains(answer)).cloned().collect()
        };
        let (left, right) = (own(self, other), own(other, self));
        let opposite = matches!((&*left, &*right), ([(one, yes)], [(two, no)]) if one == two && yes != no);
        let confines = |answers: &[(Atom, bool)]| answers.iter().any(|(atom, holds)| atom.confines(*holds));
        let mut joined = self.common(other);
        if !opposite && confines(&left) && confines(&right) {
            joined.add(Atom::Either, true);
        }
        joined
    }

    /// Whether the one answer that is not common is the opposite of the other's.
    pub(super) fn answer_both(&self, other: &Atoms) -> bool {
        let own = self.list.iter().find(|answer| !other.list.contains(answer));
        let others = other.list.iter().find(|answer| !self.list.contains(answer));
        matches!((own, others), (Some((one, yes)), Some((two, no))) if one == two && yes != no)
    }

    /// The answer, if it is assumed or follows from what is.
    #[must_use]
    pub fn answer(&self, question: &Atom) -> Option<bool> {
        self.list.iter().find_map(|(known, holds)| implied(known, *holds, question))
    }
}

/// What a known answer says of a question.
fn implied(known: &Atom, holds: bool, question: &Atom) -> Option<bool> {
    if known == question {
        return Some(holds);
    }
    match (known, question) {
        (Atom::Equal(a, b), Atom::Equal(c, d)) => equal_implies(a, b, holds, c, d),
        (Atom::Equal(a, b), Atom::NotEmpty(text)) if holds && a == text => b.surely_not_empty().then_some(true),
        (Atom::NotEmpty(text), Atom::Equal(a, b)) if a == text && b.surely_not_empty() && !holds => Some(false),
        (Atom::NotEmpty(text), Atom::Matches { text: other, .. }) if text == other && !holds => Some(false),
        (Atom::Matches { text, .. }, Atom::NotEmpty(other)) if text == other && holds => Some(true),
        _ => None,
    }
}

fn equal_implies(a: &Text, b: &Text, holds: bool, c: &Text, d: &Text) -> Option<bool> {
    if (a, b) == (d, c) {
        return Some(holds);
    }
    let differ = b.as_literal().zip(d.as_literal()).is_some_and(|(one, other)| one != other);
    (holds && a == c && differ).then_some(false)
}

impl Atom {
    /// The scenarios among `all` in which the answer can be `holds`.
    #[must_use]
    pub fn scenarios(&self, holds: bool, all: Scenarios) -> Scenarios {
        let (yes, no) = match self {
            Atom::NotEmpty(text) => not_empty(text, all),
            Atom::Equal(a, b) => equal(a, b, all),
            Atom::Matches { text, .. } => (not_empty(text, all).0, all),
            Atom::Command(_) | Atom::Either => (all, all),
        };
        if holds { yes } else { no }
    }

    /// `$CI_COMMIT_BRANCH` (or the like) equals a known name: the variable, and the name.
    pub(super) fn ref_and_name(&self) -> Option<(&'static str, &str)> {
        let Atom::Equal(one, other) = self else { return None };
        let pair = |variable_text: &Text, literal: &'_ Text| {
            let name =
                variable(variable_text).filter(|name| matches!(*name, "CI_COMMIT_BRANCH" | "CI_COMMIT_REF_NAME"))?;
            literal.as_literal().map(|_| name)
        };
        match (pair(one, other), pair(other, one)) {
            (Some(name), _) => Some((name, other.as_literal()?)),
            (_, Some(name)) => Some((name, one.as_literal()?)),
            _ => None,
        }
    }

    /// It asks which branch, tag or ref this is, and the answer confines it.
    #[must_use]
    pub fn names_ref(&self) -> bool {
        const REFS: [&str; 7] = [
            "CI_COMMIT_BRANCH",
            "CI_COMMIT_REF_NAME",
            "CI_COMMIT_REF_SLUG",
            "CI_COMMIT_TAG",
            "CI_COMMIT_REF_PROTECTED",
            "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME",
            "CI_MERGE_REQUEST_TARGET_BRANCH_NAME",
        ];
        self.texts().iter().flat_map(|text| text.symbols()).any(|symbol| match symbol.data().origin {
            Origin::Predefined(name) => REFS.contains(&name),
            _ => false,
        })
    }

    /// It asks for a value that somebody decides: a settings variable, the commit's message, the user.
    #[must_use]
    pub fn is_decision(&self) -> bool {
        self.texts().iter().flat_map(|text| text.symbols()).any(|symbol| match &symbol.data().origin {
            Origin::Setting(_) | Origin::Input(_) => true,
            Origin::Predefined(name) => predefined::find(name).is_some_and(|row| row.set_by == predefined::By::Person),
            _ => false,
        })
    }

    /// With this answer not every branch and merge request comes this way: a test of the ref, a condition on
    /// what somebody decides, or an image that is not there yet.
    #[must_use]
    pub fn confines(&self, holds: bool) -> bool {
        *self == Atom::Either || self.is_decision() || self.names_ref() && holds || self.asks_for_image() && !holds
    }

    /// It asks whether an image is in its registry: `docker manifest inspect`, `docker pull`, …
    #[must_use]
    pub fn asks_for_image(&self) -> bool {
        matches!(self, Atom::Command(command) if clients::asks_for_image(command))
    }

    /// The texts that it asks about.
    #[must_use]
    pub fn texts(&self) -> Vec<&Text> {
        match self {
            Atom::NotEmpty(text) => vec![text],
            Atom::Equal(a, b) => vec![a, b],
            Atom::Matches { text, pattern, .. } => vec![text, pattern],
            Atom::Command(_) | Atom::Either => Vec::new(),
        }
    }
}

/// In which scenarios a text can be not empty, and in which empty.
fn not_empty(text: &Text, all: Scenarios) -> (Scenarios, Scenarios) {
    if text.parts().iter().any(|part| matches!(part, crate::text::Part::Lit(_))) {
        return (all, Scenarios::NONE);
    }
    let (mut filled, mut empty) = (Scenarios::NONE, all);
    for symbol in text.symbols() {
        filled = filled.or(all.without(symbol.data().unset_in));
        empty = empty.and(symbol.data().unset_in.or(symbol.may_be_empty_in(all)));
    }
    (filled, empty)
}

/// In which scenarios two texts can be equal, and in which not.
fn equal(a: &Text, b: &Text, all: Scenarios) -> (Scenarios, Scenarios) {
    match (variable(a), variable(b), a.as_literal(), b.as_literal()) {
        (Some(name), Some(other), _, _) if is_ref(name) && other == "CI_DEFAULT_BRANCH" => default_branch(a, all),
        (Some(name), Some(other), _, _) if is_ref(other) && name == "CI_DEFAULT_BRANCH" => default_branch(b, all),
        (Some(name), _, _, Some(value)) => equal_literal(a, name, value, all),
        (_, Some(name), Some(value), _) => equal_literal(b, name, value, all),
        (_, _, _, Some("")) => swap(not_empty(a, all)),
        (_, _, Some(""), _) => swap(not_empty(b, all)),
        _ => (all, all),
    }
}

fn swap((yes, no): (Scenarios, Scenarios)) -> (Scenarios, Scenarios) {
    (no, yes)
}

fn variable(text: &Text) -> Option<&'static str> {
    text.as_symbol().and_then(Symbol::predefined)
}

fn is_ref(name: &str) -> bool {
    matches!(name, "CI_COMMIT_BRANCH" | "CI_COMMIT_REF_NAME" | "CI_COMMIT_REF_SLUG")
}

/// `$CI_COMMIT_BRANCH` against `$CI_DEFAULT_BRANCH`.
fn default_branch(reference: &Text, all: Scenarios) -> (Scenarios, Scenarios) {
    let may = Scenarios::of(&[Scenario::DefaultBranch, Scenario::Schedule, Scenario::Other]);
    let surely = Scenarios::of(&[Scenario::DefaultBranch]);
    (not_empty(reference, all).0.and(may), all.without(surely))
}

fn equal_literal(text: &Text, name: &str, value: &str, all: Scenarios) -> (Scenarios, Scenarios) {
    let (filled, empty) = not_empty(text, all);
    if value.is_empty() {
        return (empty, filled);
    }
    if name == "CI_PIPELINE_SOURCE" {
        let same = of_source(value).and(all);
        return (same, all.without(same).or(all.and(Scenarios::OTHERS)));
    }
    if name == "CI" || name == "GITLAB_CI" {
        return if value == "true" { (all, Scenarios::NONE) } else { (Scenarios::NONE, all) };
    }
    (filled, all)
}

/// Pipelines whose source is `push`.
const PUSHED: Scenarios = Scenarios::of(&[Scenario::DefaultBranch, Scenario::Branch, Scenario::Tag]);

fn of_source(source: &str) -> Scenarios {
    match source {
        "push" => PUSHED,
        "merge_request_event" => Scenarios::of(&[Scenario::MergeRequest]),
        "schedule" => Scenarios::SCHEDULES,
        _ => Scenarios::OTHERS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::testing::text;

    fn atoms(answers: &[(&str, bool)]) -> Atoms {
        let list = answers.iter().map(|(asked, holds)| (Atom::NotEmpty(text(asked)), *holds)).collect();
        Atoms { list }
    }

    #[test]
    fn states_that_were_confined_differently_stay_confined() {
        let confined = |one: &[(&str, bool)], other: &[(&str, bool)]| {
            atoms(one).joined(&atoms(other)).contains(&(Atom::Either, true))
        };
        assert!(confined(&[("$CI_COMMIT_TAG", true)], &[("$CI_COMMIT_TAG", false), ("$FORCE", true)]));
        assert!(!confined(&[("$FORCE", true)], &[("$FORCE", false)]));
        assert!(!confined(&[("$FORCE", true)], &[]));
        assert!(!confined(&[("$CI_COMMIT_TAG", true)], &[("$CI_COMMIT_TAG", false)]));
        let joined = atoms(&[("$A", true), ("$FORCE", true)]).joined(&atoms(&[("$A", false), ("$FORCE", true)]));
        assert_eq!(joined, atoms(&[("$FORCE", true)]));
    }
}

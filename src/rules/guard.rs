//! What holds when a condition does, and when it does not: the algebra of three-valued logic that
//! remembers which refs are left and what was not decided.

use super::expression::compile;
use super::{Branch, Why};
use crate::source::Span;

/// More alternatives than this are not told apart.
const MOST_GUARDS: usize = 8;

/// One way in which a condition can hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Guard {
    pub branch: Branch,
    pub undecided: Vec<Why>,
}

/// The ways in which a condition can be true, and those in which it can be false. An empty list:
/// it never is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    pub yes: Vec<Guard>,
    pub no: Vec<Guard>,
}

impl Guard {
    pub(super) const OPEN: Guard = Guard { branch: Branch::Any, undecided: Vec::new() };

    pub(super) fn on(branch: Branch) -> Self {
        Guard { branch, undecided: Vec::new() }
    }

    pub(super) fn because(why: Why) -> Self {
        Guard { branch: Branch::Any, undecided: vec![why] }
    }

    /// Both; `None` if no ref meets both.
    pub(super) fn and(&self, other: &Guard) -> Option<Guard> {
        let branch = meet(&self.branch, &other.branch)?;
        let mut undecided = self.undecided.clone();
        undecided.extend(other.undecided.iter().filter(|why| !self.undecided.contains(why)).cloned());
        Some(Guard { branch, undecided })
    }

    /// Whether every run that the other admits is admitted by this one too.
    pub(super) fn covers(&self, other: &Guard) -> bool {
        (self.branch == Branch::Any || self.branch == other.branch)
            && self.undecided.iter().all(|why| other.undecided.contains(why))
    }
}

fn meet(one: &Branch, other: &Branch) -> Option<Branch> {
    match (one, other) {
        (Branch::Any, branch) | (branch, Branch::Any) => Some(branch.clone()),
        // a name that is itself a variable may be any of the others
        (Branch::Named(names), Branch::Named(others)) if others.iter().any(|name| name.starts_with('$')) => {
            Some(Branch::Named(names.clone()))
        }
        (Branch::Named(names), Branch::Named(others)) => {
            kept(others, |name| names.iter().any(|other| other == name || other.starts_with('$')))
        }
        (Branch::Named(names), Branch::Matching(pattern)) | (Branch::Matching(pattern), Branch::Named(names)) => {
            let regex = compile(pattern);
            kept(names, |name| regex.as_ref().is_none_or(|regex| name.starts_with('$') || regex.is_match(name)))
        }
        (Branch::Named(names), Branch::Protected) | (Branch::Protected, Branch::Named(names)) => {
            Some(Branch::Named(names.clone()))
        }
        (Branch::Protected, _) | (_, Branch::Protected) => Some(Branch::Protected),
        (Branch::Matching(pattern), Branch::Matching(_)) => Some(Branch::Matching(pattern.clone())),
    }
}

fn kept(names: &[String], keep: impl Fn(&str) -> bool) -> Option<Branch> {
    let names: Vec<String> = names.iter().filter(|name| keep(name)).cloned().collect();
    (!names.is_empty()).then_some(Branch::Named(names))
}

impl Outcome {
    pub(super) fn of(truth: bool) -> Self {
        let (held, not) = (vec![Guard::OPEN], Vec::new());
        if truth { Outcome { yes: held, no: not } } else { Outcome { yes: not, no: held } }
    }

    /// True on some runs and false on others, both ordinary.
    pub(super) fn both() -> Self {
        Outcome { yes: vec![Guard::OPEN], no: vec![Guard::OPEN] }
    }

    /// Not decided, whichever way it goes.
    pub(super) fn open(why: Why) -> Self {
        Outcome { yes: vec![Guard::because(why.clone())], no: vec![Guard::because(why)] }
    }

    /// `changes:`. Some commit surely changes none of the files, so that side is open to all.
    pub(super) fn changes(at: Span) -> Self {
        Outcome { yes: vec![Guard::because(Why::Changes(at))], no: vec![Guard::OPEN] }
    }

    /// True of these refs. That it is false of the others confines nothing.
    pub(super) fn refs(branch: Branch) -> Self {
        Outcome { yes: vec![Guard::on(branch)], no: vec![Guard::OPEN] }
    }

    pub(super) fn not(self) -> Self {
        Outcome { yes: self.no, no: self.yes }
    }

    pub(super) fn and(self, other: Outcome) -> Self {
        Outcome { yes: product(&self.yes, &other.yes), no: union(self.no, other.no) }
    }

    pub(super) fn or(self, other: Outcome) -> Self {
        self.not().and(other.not()).not()
    }

    /// It usually goes as it is; the other way too, but then for this reason.
    pub(super) fn unless(self, why: &Why) -> Self {
        let or = |side: Vec<Guard>| if side.is_empty() { vec![Guard::because(why.clone())] } else { side };
        Outcome { yes: or(self.yes), no: or(self.no) }
    }
}

/// Every pair that can hold together.
pub(super) fn product(one: &[Guard], other: &[Guard]) -> Vec<Guard> {
    one.iter()
        .flat_map(|guard| other.iter().filter_map(move |other| guard.and(other)))
        .fold(Vec::new(), |all, guard| union(all, vec![guard]))
}

fn union(mut all: Vec<Guard>, more: Vec<Guard>) -> Vec<Guard> {
    for guard in more {
        if all.iter().any(|other| other.covers(&guard)) {
            continue;
        }
        all.retain(|other| !guard.covers(other));
        if let Some(twin) = all.iter_mut().find(|other| both_named(other, &guard)) {
            join_names(&mut twin.branch, guard.branch);
        } else {
            all.push(guard);
        }
    }
    if all.len() > MOST_GUARDS { merged(&all) } else { all }
}

fn both_named(one: &Guard, other: &Guard) -> bool {
    matches!((&one.branch, &other.branch), (Branch::Named(_), Branch::Named(_))) && one.undecided == other.undecided
}

fn join_names(branch: &mut Branch, other: Branch) {
    if let (Branch::Named(names), Branch::Named(more)) = (branch, other) {
        let new: Vec<String> = more.into_iter().filter(|name| !names.contains(name)).collect();
        names.extend(new);
    }
}

/// Too many ways to tell apart: what they share, and an honest "not understood" where they share nothing.
fn merged(all: &[Guard]) -> Vec<Guard> {
    let Some(first) = all.first() else { return Vec::new() };
    let branch = if all.iter().all(|guard| guard.branch == first.branch) { first.branch.clone() } else { Branch::Any };
    let why = all.iter().flat_map(|guard| &guard.undecided).next().map(|why| Why::Unread(why.at()));
    vec![Guard { branch, undecided: why.into_iter().collect() }]
}

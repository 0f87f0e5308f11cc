//! Who makes a push run: whether any branch or merge request does, without a person's decision
//! (lints.md 3.4), and whether it runs again without one.

use super::push::Push;
use crate::model::Job;
use crate::rules::{Reach, Why};
use crate::scenario::{Scenario, Scenarios};
use crate::source::Span;
use crate::walk::{Atom, Sighting};

/// Any branch or merge request makes the push.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Open {
    /// In which of the two scenarios.
    pub scenarios: Scenarios,
    /// Something that is not followed decides whether it runs.
    pub opaque: bool,
    /// The files of `changes:`, where each way to the job asks for some; those of the first way.
    pub changes: Option<Span>,
}

impl Open {
    /// Who it is, to begin a sentence with.
    #[must_use]
    pub fn who(self) -> &'static str {
        let has = |scenario| self.scenarios.has(scenario);
        match (has(Scenario::Branch), has(Scenario::MergeRequest), self.changes.is_some()) {
            (true, true, false) => "every branch and every merge request",
            (true, false, false) => "every branch",
            (_, _, false) => "every merge request",
            (true, true, true) => "every branch and every merge request that changes certain files",
            (true, false, true) => "every branch that changes certain files",
            (_, _, true) => "every merge request that changes certain files",
        }
    }
}

/// The scenarios in which code that is not the default branch's makes the push.
pub(super) fn open(push: &Push, job: &Job) -> Option<Open> {
    let risky = Scenarios::of(&[Scenario::Branch, Scenario::MergeRequest]);
    let is_open = |way: &Reach| way.admits_any_name() && !way.manual && !way.is_decided();
    let ways = scenarios(job, is_open).and(risky);
    let free: Vec<&Sighting> = push
        .sightings
        .iter()
        .filter(|sighting| is_free(sighting) && !sighting.scenarios.and(ways).is_empty())
        .collect();
    let scenarios = free.iter().fold(Scenarios::NONE, |all, sighting| all.or(sighting.scenarios.and(ways)));
    let opaque = free.iter().all(|sighting| sighting.guards.iter().any(|(atom, _)| matches!(atom, Atom::Command(_))));
    let ways = job.reach.iter().filter(|way| is_open(way) && scenarios.has(way.scenario));
    let changes: Option<Vec<Span>> = ways.map(changes).collect();
    let changes = changes.and_then(|files| files.first().copied());
    (!scenarios.is_empty()).then_some(Open { scenarios, opaque, changes })
}

/// The scenarios in which the push runs again and again. `by_itself`: without anybody's act, such as a
/// click, a git tag or a changed file.
pub(super) fn repeated(push: &Push, job: &Job, by_itself: bool) -> Scenarios {
    let acts = Scenarios::of(&[Scenario::Tag]).or(Scenarios::OTHERS);
    let ways = scenarios(job, |way| !by_itself || !way.manual && way.undecided.is_empty());
    let ways = if by_itself { ways.without(acts) } else { ways };
    let again = |sighting: &&Sighting| {
        let acted = |atom: &Atom| by_itself && (atom.is_decision() || matches!(atom, Atom::Command(_)));
        sighting.guards.iter().all(|(atom, holds)| !acted(atom) && (*holds || !atom.asks_for_image()))
    };
    push.sightings.iter().filter(again).fold(Scenarios::NONE, |all, sighting| all.or(sighting.scenarios.and(ways)))
}

/// The files that a way asks to be changed.
fn changes(way: &Reach) -> Option<Span> {
    way.undecided.iter().find_map(|why| if let Why::Changes(at) = why { Some(*at) } else { None })
}

fn scenarios(job: &Job, admits: impl Fn(&Reach) -> bool) -> Scenarios {
    let ways: Vec<Scenario> = job.reach.iter().filter(|way| admits(way)).map(|way| way.scenario).collect();
    Scenarios::of(&ways)
}

/// No test of the ref confines the push, and no condition on what somebody decides.
fn is_free(sighting: &Sighting) -> bool {
    !sighting.guards.iter().any(|(atom, holds)| atom.confines(*holds))
}

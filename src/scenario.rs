//! The kinds of pipelines that a job can be in. A pipeline runs on a branch or on a git tag, never on both: where a
//! kind of pipeline may do either, it has two scenarios of one name.

use std::fmt;

/// One kind of pipeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scenario {
    /// A push to the default branch.
    DefaultBranch,
    /// A push to another branch.
    Branch,
    /// A git tag.
    Tag,
    /// A merge request pipeline.
    MergeRequest,
    /// A schedule on a branch, the default one or another.
    Schedule,
    /// A schedule on a git tag.
    TagSchedule,
    /// Started by hand, by the API, a trigger, another pipeline, on a branch.
    Other,
    /// The same on a git tag.
    TagOther,
}

impl Scenario {
    /// All of them, in the order in which they are told.
    pub const ALL: [Scenario; 8] = [
        Scenario::DefaultBranch,
        Scenario::Branch,
        Scenario::Tag,
        Scenario::MergeRequest,
        Scenario::Schedule,
        Scenario::TagSchedule,
        Scenario::Other,
        Scenario::TagOther,
    ];

    /// The name in the JSON contract.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Scenario::DefaultBranch => "default-branch",
            Scenario::Branch => "branch",
            Scenario::Tag => "tag",
            Scenario::MergeRequest => "merge-request",
            Scenario::Schedule | Scenario::TagSchedule => "schedule",
            Scenario::Other | Scenario::TagOther => "other",
        }
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// A set of scenarios.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Scenarios(u8);

impl Scenarios {
    /// None.
    pub const NONE: Scenarios = Scenarios(0);
    /// All of them.
    pub const ALL: Scenarios = Scenarios(u8::MAX);
    /// Those on a git tag.
    pub const TAGS: Scenarios = Scenarios::of(&[Scenario::Tag, Scenario::TagSchedule, Scenario::TagOther]);
    /// Schedules.
    pub const SCHEDULES: Scenarios = Scenarios::of(&[Scenario::Schedule, Scenario::TagSchedule]);
    /// Pipelines that a person, the API or another pipeline starts.
    pub const OTHERS: Scenarios = Scenarios::of(&[Scenario::Other, Scenario::TagOther]);

    /// The set of these.
    #[must_use]
    pub const fn of(scenarios: &[Scenario]) -> Self {
        let (mut bits, mut at) = (0, 0);
        while at < scenarios.len() {
            bits |= scenarios[at].bit();
            at += 1;
        }
        Scenarios(bits)
    }

    /// Whether it holds this one.
    #[must_use]
    pub fn has(self, scenario: Scenario) -> bool {
        self.0 & scenario.bit() != 0
    }

    /// Both.
    #[must_use]
    pub fn and(self, other: Scenarios) -> Self {
        Scenarios(self.0 & other.0)
    }

    /// Either.
    #[must_use]
    pub const fn or(self, other: Scenarios) -> Self {
        Scenarios(self.0 | other.0)
    }

    /// Without these.
    #[must_use]
    pub const fn without(self, other: Scenarios) -> Self {
        Scenarios(self.0 & !other.0)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Those of which the set has all that `among` has of the name: whether a schedule, or a pipeline that
    /// somebody starts, runs on a branch or on a tag is that person's choice.
    #[must_use]
    pub fn whole(self, among: Scenarios) -> Self {
        let pairs = [Scenarios::SCHEDULES, Scenarios::OTHERS];
        let broken = pairs.into_iter().filter(|pair| self.and(*pair) != among.and(*pair));
        broken.fold(self, Scenarios::without)
    }

    /// The names, each once, in the order of [`Scenario::ALL`].
    #[must_use]
    pub fn names(self) -> Vec<&'static str> {
        let mut names: Vec<&str> = self.iter().map(Scenario::name).collect();
        names.dedup();
        names
    }

    /// Those in the set, in the order of [`Scenario::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Scenario> {
        Scenario::ALL.into_iter().filter(move |scenario| self.has(*scenario))
    }
}

impl fmt::Debug for Scenarios {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_of_one_name_are_told_as_one() {
        let all = ["default-branch", "branch", "tag", "merge-request", "schedule", "other"];
        assert_eq!(Scenarios::ALL.names(), all);
        assert_eq!(Scenarios::TAGS.names(), ["tag", "schedule", "other"]);
    }

    #[test]
    fn what_one_of_two_does_is_not_said_of_their_name() {
        let tags = Scenarios::TAGS;
        assert_eq!(tags.whole(Scenarios::ALL), Scenarios::of(&[Scenario::Tag]));
        assert_eq!(tags.whole(tags), tags);
        let started = tags.or(Scenarios::OTHERS);
        assert_eq!(tags.whole(started), Scenarios::of(&[Scenario::Tag, Scenario::TagSchedule]));
    }
}

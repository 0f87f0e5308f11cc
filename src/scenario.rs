//! The kinds of pipelines that a job can be in.

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
    /// A schedule (on a branch nearly always; a tag is possible).
    Schedule,
    /// Started by hand, by the API, a trigger, another pipeline: on a branch or a tag.
    Other,
}

impl Scenario {
    /// All of them, in the order in which they are told.
    pub const ALL: [Scenario; 6] = [
        Scenario::DefaultBranch,
        Scenario::Branch,
        Scenario::Tag,
        Scenario::MergeRequest,
        Scenario::Schedule,
        Scenario::Other,
    ];

    /// The name in the JSON contract.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Scenario::DefaultBranch => "default-branch",
            Scenario::Branch => "branch",
            Scenario::Tag => "tag",
            Scenario::MergeRequest => "merge-request",
            Scenario::Schedule => "schedule",
            Scenario::Other => "other",
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
    /// All six.
    pub const ALL: Scenarios = Scenarios(0b11_1111);

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
    pub fn or(self, other: Scenarios) -> Self {
        Scenarios(self.0 | other.0)
    }

    /// Without these.
    #[must_use]
    pub fn without(self, other: Scenarios) -> Self {
        Scenarios(self.0 & !other.0)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
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

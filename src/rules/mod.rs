//! When a job runs: `workflow:rules`, `rules`, `only`/`except`, evaluated over the scenarios with
//! three-valued logic.

use crate::scenario::Scenario;
use crate::source::Span;
use crate::value::Map;

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
    /// `changes:` or `exists:`.
    Files(Span),
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

/// All that decides when a job runs.
pub struct Conditions<'a> {
    /// The job, merged.
    pub job: &'a Map,
    /// `workflow:`, merged.
    pub workflow: Option<&'a Map>,
    /// The job's variables before `rules:variables` (those of the workflow rule are not asked).
    pub lookup: &'a dyn Fn(&str) -> Lookup,
}

//! What a lint hands back: [`Finding`]. It names no lint and no level: the judge adds them.

use crate::scenario::Scenarios;
use crate::source::Span;

/// Something to tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong: lower case, no full stop; names neither jobs nor counts.
    pub message: String,
    /// The word that a person would change.
    pub at: Span,
    /// The words at that place: why here.
    pub label: String,
    /// What to do.
    pub help: Option<String>,
    /// How sure.
    pub certainty: Certainty,
    /// The other places that matter.
    pub labels: Vec<Label>,
    /// The jobs, in the order of the file.
    pub jobs: Vec<String>,
    /// The scenarios in which it happens.
    pub scenarios: Scenarios,
    /// What makes two findings of one lint the same: the judge joins equal causes.
    pub cause: Cause,
}

/// Another place that matters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub at: Span,
    /// The words at it.
    pub message: String,
}

impl Label {
    /// A place and the words at it.
    #[must_use]
    pub fn new(at: Span, message: &str) -> Self {
        Label { at, message: message.to_owned() }
    }
}

/// How sure a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// Unless something that the files do not show says otherwise.
    Likely,
    /// It follows from the files.
    Certain,
}

impl Certainty {
    /// The word in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Certainty::Likely => "likely",
            Certainty::Certain => "certain",
        }
    }
}

/// The cause of a finding: findings of one lint with equal causes are one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cause {
    /// The word to change, wherever the findings point.
    pub at: Span,
    /// What kind of cause it is, one word of the lint's own.
    pub kind: &'static str,
}

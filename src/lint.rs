//! A lint as a value.

use std::collections::BTreeMap;

use crate::finding::Finding;
use crate::model::Pipeline;
use crate::trace::Traces;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Works, could be safer; off by default.
    Advice,
    /// Works, but not as meant.
    Warning,
    /// The run fails or writes where it must not.
    Error,
}

/// The levels that somebody gave to lints, by id; `None`: off.
pub type Levels = BTreeMap<String, Option<Level>>;

impl Level {
    /// The level of a word in reports.
    #[must_use]
    pub fn named(name: &str) -> Option<Level> {
        [Level::Advice, Level::Warning, Level::Error].into_iter().find(|level| level.name() == name)
    }

    /// The word in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Level::Advice => "advice",
            Level::Warning => "warning",
            Level::Error => "error",
        }
    }
}

/// One lint.
pub struct Lint {
    /// Its name in reports and ignore comments.
    pub id: &'static str,
    /// Its level by default.
    pub level: Level,
    /// Its page, Markdown.
    pub page: &'static str,
    /// Its question to the model and the traces.
    pub check: fn(&Pipeline, &Traces) -> Vec<Finding>,
}

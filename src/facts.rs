//! What is known besides the pipeline's files: the project's path, the registry's host, and what a
//! configuration declares.

use std::ops::Range;

use crate::source::Source;

/// Facts, each with where it is from.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The project's full path, `group/project`.
    pub project: Option<Fact>,
    /// This GitLab's registry, `host[:port]`.
    pub registry: Option<Fact>,
    /// Hosts to which the runners are logged in.
    pub logged_in: Vec<String>,
    /// Patterns (RE2) of tags that only some roles may push.
    pub protected_tags: Vec<String>,
    /// Patterns (RE2) of tags that nobody can overwrite.
    pub immutable_tags: Vec<String>,
    /// Variables of the project's settings.
    pub variables: Vec<Setting>,
    /// The configuration that declares them.
    pub configuration: Option<Source>,
}

/// A variable of the project's settings; the places are those of the configuration's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its name.
    pub name: String,
    /// Where the name stands.
    pub name_at: Range<usize>,
    /// Its value.
    pub value: String,
    /// Where the value stands.
    pub value_at: Range<usize>,
}

/// One fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The value.
    pub value: String,
    /// Who says so.
    pub from: FactSource,
}

/// Who says a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactSource {
    /// The command line.
    Option,
    /// The configuration file.
    Configuration,
    /// The environment of a CI job.
    Environment,
    /// A git remote: what rests on it is at most likely (a fork's clone, a mirror).
    Remote,
}

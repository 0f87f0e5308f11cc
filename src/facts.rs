//! What is known besides the pipeline's files: the project's path, the registry's host.

/// Facts, each with where it is from.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The project's full path, `group/project`.
    pub project: Option<Fact>,
    /// This GitLab's registry, `host[:port]`.
    pub registry: Option<Fact>,
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
    /// The environment of a CI job.
    Environment,
    /// A git remote: what rests on it is at most likely (a fork's clone, a mirror).
    Remote,
}

//! What a job does to registries, in order: the heart of the product, computed once.

use crate::clients::Uploaded;
use crate::registry::{Credential, Place, Reference};
use crate::scenario::Scenarios;
use crate::source::Span;

/// The traces of all jobs of a pipeline, in the order of [`crate::model::Pipeline::jobs`].
#[derive(Clone, Debug, Default)]
pub struct Traces {
    /// One for each job.
    pub jobs: Vec<Trace>,
}

/// What one job does.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// The job's number in the pipeline.
    pub job: usize,
    /// Every push that some world reaches, one for each place and reference.
    pub pushes: Vec<Push>,
}

/// A push of a job.
#[derive(Clone, Debug)]
pub struct Push {
    /// The tool.
    pub client: &'static str,
    /// The command.
    pub command_at: Span,
    /// The word that names the reference; the command where none does.
    pub at: Span,
    /// Definitions of variables that went into the reference.
    pub from: Vec<Span>,
    /// The reference; `None`: the command names none.
    pub reference: Option<Reference>,
    /// What it uploads.
    pub what: Uploaded,
    /// Where to.
    pub place: Place,
    /// With which credential.
    pub credential: Credential,
    /// The login that covers it.
    pub login: Option<Span>,
    /// In which scenarios it runs.
    pub scenarios: Scenarios,
    /// What is not known, and why.
    pub unknown: Vec<String>,
}

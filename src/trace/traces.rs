//! What the jobs of a pipeline do to registries: each job's walk, and its pushes, decided.

use std::collections::{HashMap, HashSet};

use super::login_fault::LoginDefect;
use super::push::Push;
use crate::source::Span;
use crate::walk::{Scripts, Walk};

/// The traces of all jobs of a pipeline, in the order of [`crate::model::Pipeline::jobs`].
#[derive(Clone, Debug, Default)]
pub struct Traces {
    /// One for each job.
    pub jobs: Vec<Trace>,
    /// The scripts, kept to the end: giving their trees back is work that a program about to end can spare.
    pub(super) _scripts: Scripts,
}

/// What one job does.
#[derive(Clone, Debug)]
pub struct Trace {
    /// The job's number in the pipeline.
    pub job: usize,
    /// What the walk through its scripts met.
    pub walk: Walk,
    /// What is wrong with each login of the walk, in their order.
    pub defects: Vec<Option<LoginDefect>>,
    /// Its pushes, one for each place and reference.
    pub pushes: Vec<Push>,
}

impl Traces {
    /// Every push of every job.
    pub fn pushes(&self) -> impl Iterator<Item = (&Trace, &Push)> {
        self.jobs.iter().flat_map(|trace| trace.pushes.iter().map(move |push| (trace, push)))
    }

    /// The places of pushes that several jobs reach: a line that they inherit.
    #[must_use]
    pub fn shared(&self) -> HashSet<Span> {
        let mut first: HashMap<Span, usize> = HashMap::new();
        let places = self.pushes().map(|(trace, push)| (push.at, trace.job));
        places.filter(|(at, job)| first.entry(*at).or_insert(*job) != job).map(|(at, _)| at).collect()
    }
}

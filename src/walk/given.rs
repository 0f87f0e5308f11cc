//! The variables that the files set for a job, told apart only as far as its script asks for them.
//!
//! A job has an environment for each rule that sets variables, each combination of its matrix, each way of
//! being started. Most scripts ask for little of what differs, so the walk begins with one state for all
//! of them, and is told which names it asked for; where the environments disagree on such a name, it walks
//! again with one state for each answer.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::model::{Environment, Job, Variable, Variables};
use crate::scenario::Scenarios;

/// The variables of one state, with a watch on those that differ between environments.
#[derive(Clone, Debug, Default)]
pub(super) struct Given {
    variables: Variables,
    watch: Arc<Watch>,
    /// The job is a template's: what is empty there waits for a value of the job that extends it.
    template: bool,
}

/// Names, and whether somebody asked for them.
type Watch = HashMap<Arc<str>, AtomicBool>;

impl Given {
    /// The variable of a name.
    pub fn get(&self, name: &str) -> Option<&Variable> {
        if let Some(asked) = self.watch.get(name) {
            asked.store(true, Ordering::Relaxed);
        }
        self.variables.get(name).filter(|variable| !self.template || !variable.text.is_empty())
    }

    /// Whether both hold the same values.
    pub fn same(&self, other: &Given) -> bool {
        self.variables.same(&other.variables)
    }
}

/// Environments that go on alike: the scenarios of all, the variables of the first.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub scenarios: Scenarios,
    pub given: Given,
}

impl Group {
    /// The first environment alone.
    pub fn first(job: &Job, reached: Scenarios) -> Option<Group> {
        let groups = job.environments.iter().map(|one| Group {
            scenarios: one.scenarios.and(reached),
            given: Given { variables: one.variables.clone(), watch: Arc::default(), template: job.is_template() },
        });
        groups.into_iter().find(|group| !group.scenarios.is_empty())
    }
}

/// The environments of a job, and what the walk asked for so far.
pub(super) struct Environments<'a> {
    all: Vec<&'a Environment>,
    template: bool,
    watch: Arc<Watch>,
    asked: BTreeSet<Arc<str>>,
}

impl<'a> Environments<'a> {
    /// The environments in which the job can be in one of these scenarios.
    pub fn new(job: &'a Job, reached: Scenarios) -> Self {
        let all = job.environments.iter().filter(|one| !one.scenarios.and(reached).is_empty());
        let all: Vec<&Environment> = all.collect();
        let names = all.split_first().map(|(first, rest)| differing(first, rest)).unwrap_or_default();
        let watch = names.into_iter().map(|name| (name, AtomicBool::new(false))).collect();
        Environments { all, template: job.is_template(), watch: Arc::new(watch), asked: BTreeSet::new() }
    }

    /// One group for each set of values of the names that were asked for.
    pub fn groups(&self, reached: Scenarios) -> Vec<Group> {
        let mut groups: Vec<(&Environment, Scenarios)> = Vec::new();
        for one in &self.all {
            let alike = |other: &Environment| {
                self.asked.iter().all(|name| one.variables.get(name) == other.variables.get(name))
            };
            match groups.iter_mut().find(|(other, _)| alike(other)) {
                Some((_, scenarios)) => *scenarios = scenarios.or(one.scenarios),
                None => groups.push((one, one.scenarios)),
            }
        }
        let group = |(one, scenarios): (&Environment, Scenarios)| Group {
            scenarios: scenarios.and(reached),
            given: Given { variables: one.variables.clone(), watch: self.watch.clone(), template: self.template },
        };
        groups.into_iter().map(group).collect()
    }

    /// Takes note of the names that were asked for; `false`: the groups that were walked stand for all.
    pub fn learn(&mut self) -> bool {
        let before = self.asked.len();
        let asked = self.watch.iter().filter(|(_, asked)| asked.load(Ordering::Relaxed));
        self.asked.extend(asked.map(|(name, _)| name.clone()));
        self.asked.len() > before
    }

    /// Takes every name for asked for.
    pub fn tell_all_apart(&mut self) {
        self.asked.extend(self.watch.keys().cloned());
    }
}

/// The names whose variables are not the same in all environments.
fn differing(first: &Environment, rest: &[&Environment]) -> BTreeSet<Arc<str>> {
    let mut names = BTreeSet::new();
    for other in rest.iter().filter(|other| !other.variables.same(&first.variables)) {
        other.variables.differing(&first.variables, &mut names);
    }
    names
}

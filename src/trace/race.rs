//! Pushes that overwrite each other's tag: jobs or instances of a job that run at once, and branches that
//! share a tag (lints.md 3.4): [`Race`].

use std::collections::{BTreeSet, HashMap};

use super::push::Push;
use super::traces::{Trace, Traces};
use crate::clients::Uploaded;
use crate::model::{Job, Order, Pipeline};
use crate::registry::Place;
use crate::rules::{Branch, Reach};
use crate::scenario::{Scenario, Scenarios};
use crate::text::{Class, Origin, Symbol, Text};
use crate::walk::{Atom, Sighting};

/// Pushes of one reference, of which the last one wins.
pub struct Race<'t> {
    /// Who runs.
    pub between: Between,
    /// The pushes, in the order of the jobs.
    pub pushes: Vec<(&'t Trace, &'t Push)>,
    /// Nothing that the files do not show is between them.
    pub certain: bool,
}

/// Who runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Between {
    /// Jobs of one pipeline that do not wait for each other.
    Jobs,
    /// The instances that `parallel:` makes of one job.
    Instances,
    /// Pipelines of these branches.
    Branches(Vec<String>),
}

/// The most pushes of one reference that are compared with each other.
const MOST: usize = 32;

/// The races of a pipeline. A template's jobs are in no pipeline together.
#[must_use]
pub fn races<'t>(pipeline: &Pipeline, traces: &'t Traces) -> Vec<Race<'t>> {
    if pipeline.template {
        return Vec::new();
    }
    let mut groups: Vec<Vec<(&Trace, &Push)>> = Vec::new();
    let mut known: HashMap<&Text, usize> = HashMap::new();
    for (trace, push) in traces.pushes().filter(|(_, push)| counts(push)) {
        let Some(reference) = &push.reference else { continue };
        let at = *known.entry(&reference.text).or_insert(groups.len());
        if at == groups.len() {
            groups.push(Vec::new());
        }
        groups[at].push((trace, push));
    }
    let ground = Ground { pipeline, order: Order::of(&pipeline.config) };
    let found = groups.iter().flat_map(|group| {
        let instances = group.iter().filter(|(trace, push)| ground.has_instances(trace, push));
        let instances = instances.map(|one| Race { between: Between::Instances, ..ground.race(vec![*one]) });
        let others = [ground.jobs(group), ground.branches(group)];
        instances.chain(others.into_iter().flatten()).collect::<Vec<_>>()
    });
    found.collect()
}

/// A push of an image under a tag, to where others pull it from.
fn counts(push: &Push) -> bool {
    let sound = push.denied_by().is_none() && !push.blurred && !push.upload.spares;
    let tagged = push.reference.as_ref().is_some_and(|reference| reference.digest.is_none() && !reference.hides_tag());
    sound && tagged && push.upload.what == Uploaded::Image && push.place != Place::Local
}

struct Ground<'p> {
    pipeline: &'p Pipeline,
    order: Order<'p>,
}

impl Ground<'_> {
    fn job(&self, trace: &Trace) -> &Job {
        &self.pipeline.jobs[trace.job]
    }

    fn race<'t>(&self, pushes: Vec<(&'t Trace, &'t Push)>) -> Race<'t> {
        let reference =
            |push: &Push| push.reference.as_ref().map(|reference| reference.text.clone()).unwrap_or_default();
        let set = |symbol: &Symbol| matches!(symbol.data().origin, Origin::Setting(_));
        let guarded = |push: &Push| push.sightings.iter().all(|sighting| !sighting.guards.is_empty());
        let certain = !pushes.iter().any(|(_, push)| guarded(push) || reference(push).symbols().any(set));
        Race { between: Between::Jobs, pushes, certain }
    }

    /// `parallel:`, and nothing in the reference tells the instances apart.
    fn has_instances(&self, trace: &Trace, push: &Push) -> bool {
        let job = self.job(trace);
        let same = push.reference.as_ref().is_some_and(|reference| is_same_in_pipeline(&reference.text));
        let one = self.pipeline.config.get(&job.name).and_then(|value| value.as_map()?.get("parallel")?.scalar());
        if !same || one.as_deref() == Some("1") || self.order.resource_group(&job.name).is_some() {
            return false;
        }
        let mut seen: Vec<(&Text, Scenarios)> = Vec::new();
        for sighting in push.sightings.iter().filter(|sighting| sighting.guards.iter().all(|(atom, _)| is_plain(atom)))
        {
            let Some(instance) = &sighting.instance else { continue };
            let meets = |(other, scenarios): &(&Text, Scenarios)| {
                *other != instance && !scenarios.and(sighting.scenarios).is_empty()
            };
            if instance.as_literal().is_none() || seen.iter().any(meets) {
                return true;
            }
            seen.push((instance, sighting.scenarios));
        }
        false
    }

    /// The jobs of a group that run at once with another one of it.
    fn jobs<'t>(&self, group: &[(&'t Trace, &'t Push)]) -> Option<Race<'t>> {
        let text = &group.first()?.1.reference.as_ref()?.text;
        let unread = !self.pipeline.unread_includes.is_empty() && self.pipeline.config.get("stages").is_none();
        if unread || !is_same_in_pipeline(text) {
            return None;
        }
        let group = &group[..group.len().min(MOST)];
        let racing = |(trace, push): &&(&'t Trace, &'t Push)| {
            let mut others = group.iter().filter(|(other, _)| other.job != trace.job);
            others.any(|(other, second)| self.at_once((trace, push), (other, second)))
        };
        let racing: Vec<_> = group.iter().filter(racing).copied().collect();
        (!racing.is_empty()).then(|| self.race(racing))
    }

    fn at_once(&self, (trace, push): (&Trace, &Push), (other, second): (&Trace, &Push)) -> bool {
        let (one, two) = (self.job(trace), self.job(other));
        let met = |a: &Sighting| {
            let alike = push_like(a, second);
            alike.is_some_and(|scenarios| ways_meet(one, two, a.scenarios.and(scenarios)))
        };
        !one.unread_base
            && !two.unread_base
            && self.order.at_once(&one.name, &two.name)
            && push.sightings.iter().any(met)
    }

    /// A constant tag that pipelines of several named branches push.
    fn branches<'t>(&self, group: &[(&'t Trace, &'t Push)]) -> Option<Race<'t>> {
        let mut names: BTreeSet<String> = BTreeSet::new();
        let mut pushes = Vec::new();
        for (trace, push) in group.iter().filter(|(_, push)| push.constant) {
            let job = self.job(trace);
            let mut seen = Scenarios::NONE;
            // Rules with variables of their own, and a matrix, give one branch another reference than the other.
            let apart = job.environments.iter().all(|environment| {
                let free = seen.and(environment.scenarios).is_empty();
                seen = seen.or(environment.scenarios);
                free
            });
            let free = push.sightings.iter().any(|sighting| sighting.guards.is_empty());
            let named: Vec<&String> = job.reach.iter().flat_map(named).collect();
            if apart && free && !named.is_empty() {
                names.extend(named.into_iter().cloned());
                pushes.push((*trace, *push));
            }
        }
        // Of these two a project has one.
        if names.contains("main") {
            names.remove("master");
        }
        let race = Race { between: Between::Branches(names.iter().cloned().collect()), ..self.race(pushes) };
        (names.len() > 1).then_some(race)
    }
}

/// The scenarios in which a push runs under the assumptions of a sighting of another one.
fn push_like(sighting: &Sighting, other: &Push) -> Option<Scenarios> {
    let like = |second: &&Sighting| {
        second.guards.len() == sighting.guards.len()
            && second.guards.iter().all(|guard| sighting.guards.contains(guard))
    };
    other.sightings.iter().find(like).map(|second| second.scenarios)
}

/// Both jobs run in one pipeline, without a person's act or a condition that may keep one of them away.
fn ways_meet(one: &Job, other: &Job, scenarios: Scenarios) -> bool {
    let by_itself = |way: &&Reach| !way.manual && way.undecided.is_empty() && scenarios.has(way.scenario);
    // `Any` may be all but some names, where the job has rules of its own.
    let everywhere = |job: &Job, way: &Reach| way.branch == Branch::Any && !job.own_rules;
    let meet = |a: &Reach, b: &Reach| {
        a.scenario == b.scenario && (a.branch == b.branch || everywhere(one, a) || everywhere(other, b))
    };
    one.confined_to == other.confined_to
        && one.reach.iter().filter(by_itself).any(|a| other.reach.iter().filter(by_itself).any(|b| meet(a, b)))
}

/// Plain names of branches to which a way that nobody decides leads; one with `$` in front may be any. The
/// default branch is one, whatever it is called.
fn named(way: &Reach) -> &[String] {
    let plain = way.scenario == Scenario::Branch && !way.manual && !way.is_decided();
    match &way.branch {
        Branch::Named(names) if plain && names.iter().all(|name| !name.starts_with('$')) => names,
        _ => &[],
    }
}

/// Not a question that tells instances apart, or that only the run answers.
fn is_plain(atom: &Atom) -> bool {
    let matrix = |text: &&Text| text.symbols().any(|symbol| matches!(symbol.data().origin, Origin::Matrix(_)));
    !matches!(atom, Atom::Command(_)) && !atom.texts().iter().any(matrix)
}

/// One value in all jobs of a pipeline, whatever it is.
fn is_same_in_pipeline(text: &Text) -> bool {
    text.symbols().all(|symbol| match &symbol.data().origin {
        Origin::Setting(_) => true,
        Origin::Predefined(name) => {
            let of_job = ["CI_JOB_", "CI_NODE_", "CI_ENVIRONMENT_", "CI_CONCURRENT_", "CI_RUNNER_"];
            symbol.data().class < Some(Class::PerJob) && !of_job.iter().any(|start| name.starts_with(start))
        }
        _ => false,
    })
}

//! When jobs run, worked out once for jobs that share their rules and what those ask.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use super::child::Parent;
use super::environment::lookup;
use super::variables::Variables;
use crate::rules::{Conditions, Lookup, Reach, confined_project, reach, within};
use crate::value::{Kind, Map, Value};

/// The most answers that are remembered for one set of rules.
const REMEMBERED: usize = 8;

/// What was worked out before.
pub(super) struct Reaches<'a> {
    known: HashMap<Key, Vec<Known>>,
    parent: Option<&'a Parent>,
}

/// The addresses of `rules`, `only` and `except`, and `when`.
type Key = ([usize; 3], Option<String>);

struct Known {
    /// The variables that were asked for, and what they held.
    asked: Vec<(String, Lookup)>,
    ways: Ways,
}

/// The ways in which a job comes to run, and the project that they confine it to.
pub(super) type Ways = (Vec<Reach>, Option<String>);

impl<'a> Reaches<'a> {
    pub(super) fn new(parent: Option<&'a Parent>) -> Self {
        Reaches { known: HashMap::new(), parent }
    }

    /// The ways in which a job comes to run; in a child pipeline, where its trigger job does too.
    pub(super) fn of(&mut self, job: &Map, workflow: Option<&Map>, variables: &Variables) -> Ways {
        let (reach, confined_to) = self.own(job, workflow, variables);
        match self.parent {
            Some(parent) => (within(&parent.reach, &reach), confined_to),
            None => (reach, confined_to),
        }
    }

    fn own(&mut self, job: &Map, workflow: Option<&Map>, variables: &Variables) -> Ways {
        let key = key(job);
        let known = key.as_ref().and_then(|key| self.known.get(key)).into_iter().flatten();
        let same = |known: &&Known| known.asked.iter().all(|(name, held)| lookup(variables, name) == *held);
        if let Some(known) = known.into_iter().find(same) {
            return known.ways.clone();
        }
        let asked: RefCell<Vec<(String, Lookup)>> = RefCell::default();
        let find = |name: &str| {
            let held = lookup(variables, name);
            let mut asked = asked.borrow_mut();
            if !asked.iter().any(|(known, _)| known == name) {
                asked.push((name.to_owned(), held.clone()));
            }
            held
        };
        let conditions = Conditions { job, workflow, lookup: &find };
        let ways = (reach(&conditions), confined_project(&conditions));
        if let Some(key) = key {
            let known = self.known.entry(key).or_default();
            if known.len() < REMEMBERED {
                known.push(Known { asked: asked.into_inner(), ways: ways.clone() });
            }
        }
        ways
    }
}

/// `None` where the conditions have no body of their own that could be shared.
fn key(job: &Map) -> Option<Key> {
    let address = |keyword: &str| match job.get(keyword).map(|value| &value.kind) {
        None | Some(Kind::Null) => Some(0),
        Some(Kind::List(items)) => Some(Arc::as_ptr(items) as usize),
        Some(Kind::Map(map)) => Some(Arc::as_ptr(map) as usize),
        Some(_) => None,
    };
    let addresses = [address("rules")?, address("only")?, address("except")?];
    Some((addresses, job.get("when").and_then(Value::scalar)))
}

//! Which jobs of a pipeline run before which: stages and `needs` (facts A14), and what keeps two from
//! running at once.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::checks::stages;
use crate::value::{Kind, Map, Value};

/// The deepest list in `needs`.
const DEEPEST: usize = 10;
/// The most jobs whose needs are followed.
const MOST: usize = 256;

/// The order of a pipeline's jobs.
pub struct Order<'a> {
    config: &'a Map,
    /// The number of each stage; `None`: they cannot be told.
    stages: Option<HashMap<String, usize>>,
    /// All jobs that a job waits for, by its name; `None`: not known.
    followed: RefCell<HashMap<String, Option<Rc<HashSet<String>>>>>,
}

/// What a job waits for.
enum Waits {
    /// All jobs of earlier stages.
    Stages,
    /// These jobs.
    Jobs(Vec<String>),
    /// It cannot be told.
    Unknown,
}

impl<'a> Order<'a> {
    /// The order of the merged configuration's jobs.
    #[must_use]
    pub fn of(config: &'a Map) -> Self {
        let numbered = |stages: Vec<String>| stages.into_iter().enumerate().map(|(at, name)| (name, at)).collect();
        Order { config, stages: stages(config).map(numbered), followed: RefCell::default() }
    }

    /// Whether two jobs can run at the same time: neither waits for the other, and no `resource_group`
    /// keeps them apart. `false` where that cannot be told.
    #[must_use]
    pub fn at_once(&self, one: &str, other: &str) -> bool {
        let free = |first: &str, second: &str| self.waits(second, first) == Some(false);
        let group = self.resource_group(one);
        let apart = group.is_some() && group == self.resource_group(other);
        !apart && free(one, other) && free(other, one)
    }

    /// `resource_group:` of a job.
    #[must_use]
    pub fn resource_group(&self, job: &str) -> Option<String> {
        self.job(job)?.get("resource_group").and_then(Value::scalar)
    }

    fn job(&self, name: &str) -> Option<&'a Map> {
        self.config.get(name).and_then(Value::as_map)
    }

    fn stage(&self, job: &str) -> Option<usize> {
        let stage = match self.job(job)?.get("stage").filter(|stage| !stage.is_null()) {
            Some(value) => value.scalar()?,
            None => "test".to_owned(),
        };
        self.stages.as_ref()?.get(&stage).copied()
    }

    /// Whether a job waits for another one.
    fn waits(&self, job: &str, other: &str) -> Option<bool> {
        match self.waits_for(job) {
            Waits::Stages => Some(self.stage(other)? < self.stage(job)?),
            Waits::Unknown => None,
            Waits::Jobs(_) => {
                if let Some(known) = self.followed.borrow().get(job) {
                    return known.as_ref().map(|all| all.contains(other));
                }
                let all = self.follow(job).map(Rc::new);
                let mut followed = self.followed.borrow_mut();
                if followed.len() >= MOST {
                    return None;
                }
                let all = followed.entry(job.to_owned()).or_insert(all).clone();
                all.map(|all| all.contains(other))
            }
        }
    }

    /// All jobs that a job with `needs` waits for; where one of those waits for stages, what is before that.
    fn follow(&self, job: &str) -> Option<HashSet<String>> {
        let (mut all, mut open) = (HashSet::new(), vec![job.to_owned()]);
        while let Some(next) = open.pop() {
            match self.waits_for(&next) {
                Waits::Unknown => return None,
                Waits::Jobs(names) => open.extend(names.into_iter().filter(|name| all.insert(name.clone()))),
                Waits::Stages => {
                    let before = self.stage(&next)?;
                    let names = self.config.iter().map(|entry| &*entry.key);
                    let earlier = names.filter(|name| self.stage(name).is_some_and(|stage| stage < before));
                    all.extend(earlier.map(str::to_owned));
                }
            }
        }
        Some(all)
    }

    fn waits_for(&self, job: &str) -> Waits {
        let Some(needs) = self.job(job).and_then(|job| job.get("needs")).filter(|needs| !needs.is_null()) else {
            return Waits::Stages;
        };
        let mut names = Vec::new();
        if add_names(needs, 0, &mut names) { Waits::Jobs(names) } else { Waits::Unknown }
    }
}

/// The jobs of this pipeline that `needs` names; `false`: something in it is not known.
fn add_names(value: &Value, depth: usize, found: &mut Vec<String>) -> bool {
    match &value.kind {
        Kind::List(items) if depth <= DEEPEST => items.iter().all(|item| add_names(item, depth + 1, found)),
        Kind::Text(text) => add_name(text.text(), found),
        Kind::Map(map) => {
            let elsewhere = ["project", "pipeline"].iter().any(|key| map.get(key).is_some());
            elsewhere || map.get("job").and_then(Value::as_text).is_some_and(|name| add_name(name, found))
        }
        _ => false,
    }
}

/// A job's name, without what `parallel` adds to it.
fn add_name(name: &str, found: &mut Vec<String>) -> bool {
    found.extend([Some(name), name.split_once(": [").map(|(base, _)| base)].into_iter().flatten().map(str::to_owned));
    !name.contains("$[[")
}

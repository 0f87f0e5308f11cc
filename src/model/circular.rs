//! Variables that name each other in a circle. GitLab sorts a job's variables before the pipeline is
//! made, those of the files with those of the job and its matrix, not yet those of its rules; a circle
//! of two or more refuses each job that is in the pipeline, and a variable that names itself is none
//! (`variable_expansion_errors` in `lib/gitlab/ci/pipeline/seed/build.rb`, `collection/sort.rb`).

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::matrix;
use super::variables::{Definition, definitions};
use crate::load::Fault;
use crate::source::Span;
use crate::value::{Entry, Kind, Map, Value};

/// The most variables that are looked at for all jobs together.
const MOST: usize = 500_000;
/// The longest chain that is followed.
const DEEPEST: usize = 200;

/// The variables at top level, and what was found of them.
pub(super) struct Circles {
    globals: HashMap<Arc<str>, Definition>,
    /// The circle among them.
    own: Option<Vec<Arc<str>>>,
    /// Names that a rule of the workflow sets: their values differ between pipelines.
    open: HashSet<Arc<str>>,
    said: HashSet<Span>,
    left: usize,
}

/// The variables of one job.
struct Scope<'c> {
    globals: &'c HashMap<Arc<str>, Definition>,
    open: &'c HashSet<Arc<str>>,
    own: HashMap<Arc<str>, Definition>,
    /// Names whose values differ between the job's instances.
    matrix: HashSet<Arc<str>>,
    inherits: Inherits,
}

enum Inherits {
    All,
    None,
    Some(HashSet<String>),
}

impl Circles {
    pub(super) fn new(config: &Map, workflow: Option<&Map>) -> Self {
        let globals: HashMap<Arc<str>, Definition> = by_name(config.get("variables").and_then(Value::as_map));
        let rules = workflow.map(super::environment::flat_rules).unwrap_or_default();
        let of_rules = rules.into_iter().filter_map(|rule| rule.as_map()?.get("variables")?.as_map());
        let open = of_rules.flat_map(Map::iter).map(|entry| entry.key.clone()).collect();
        let mut circles = Circles { globals, own: None, open, said: HashSet::new(), left: MOST };
        let scope = Scope {
            globals: &circles.globals,
            open: &circles.open,
            own: HashMap::new(),
            matrix: HashSet::new(),
            inherits: Inherits::All,
        };
        let mut names: Vec<&Definition> = circles.globals.values().collect();
        names.sort_unstable_by_key(|definition| definition.key_at);
        let names: Vec<Arc<str>> = names.into_iter().map(|definition| definition.name.clone()).collect();
        circles.own = scope.circle(&names, &mut circles.left);
        circles
    }

    /// The fault of a job that is in some pipeline; each circle is said once.
    pub(super) fn fault(&mut self, entry: &Entry, job: &Map) -> Option<Fault> {
        let own = by_name(job.get("variables").and_then(Value::as_map));
        let scope = Scope {
            globals: &self.globals,
            open: &self.open,
            matrix: matrix::definitions(job).into_iter().map(|definition| definition.name).collect(),
            inherits: Inherits::of(job),
            own,
        };
        let mut names: Vec<&Definition> = scope.own.values().collect();
        names.sort_unstable_by_key(|definition| definition.key_at);
        let names: Vec<Arc<str>> = names.into_iter().map(|definition| definition.name.clone()).collect();
        let is_kept = |circle: &&Vec<Arc<str>>| circle.iter().all(|name| scope.inherited(name).is_some());
        let circle = scope.circle(&names, &mut self.left).or_else(|| self.own.as_ref().filter(is_kept).cloned())?;
        let places: Vec<Span> = circle.iter().filter_map(|name| Some(scope.definition(name)?.at)).collect();
        if !self.said.insert(*places.first()?) {
            return None;
        }
        let message = format!("{}: circular variable reference detected: {circle:?}", entry.key);
        let mut fault = Fault::new(places[0], message).of(&entry.key);
        fault.labels.extend(places[1..].iter().take(8).map(|at| (*at, "part of the circle".to_owned())));
        Some(fault)
    }
}

fn by_name(map: Option<&Map>) -> HashMap<Arc<str>, Definition> {
    let list = map.map(definitions).unwrap_or_default();
    list.into_iter().map(|definition| (definition.name.clone(), definition)).collect()
}

impl Inherits {
    fn of(job: &Map) -> Self {
        let rule = job.get("inherit").and_then(Value::as_map).and_then(|inherit| inherit.get("variables"));
        match rule.map(|rule| &rule.kind) {
            Some(Kind::Bool(false)) => Inherits::None,
            Some(Kind::List(names)) => Inherits::Some(names.iter().filter_map(Value::scalar).collect()),
            _ => Inherits::All,
        }
    }
}

impl Scope<'_> {
    /// A top-level variable that reaches the job as it is.
    fn inherited(&self, name: &str) -> Option<&Definition> {
        let admitted = match &self.inherits {
            Inherits::All => true,
            Inherits::None => false,
            Inherits::Some(names) => names.contains(name),
        };
        let replaced = self.own.contains_key(name) || self.matrix.contains(name) || self.open.contains(name);
        self.globals.get(name).filter(|_| admitted && !replaced)
    }

    fn definition(&self, name: &str) -> Option<&Definition> {
        self.own.get(name).filter(|_| !self.matrix.contains(name)).or_else(|| self.inherited(name))
    }

    /// A circle that begins at one of these names, in the order in which it is met.
    fn circle(&self, names: &[Arc<str>], left: &mut usize) -> Option<Vec<Arc<str>>> {
        let mut done: HashSet<Arc<str>> = HashSet::new();
        for start in names {
            // The path from the start, each with the names that are still to be followed.
            let mut path: Vec<(Arc<str>, Vec<&str>)> = Vec::new();
            self.enter(start, &mut path, &done, left);
            while let Some((name, rest)) = path.last_mut() {
                let Some(next) = rest.pop() else {
                    done.insert(name.clone());
                    path.pop();
                    continue;
                };
                if *next == **name {
                    continue;
                }
                match path.iter().position(|(open, _)| **open == *next) {
                    Some(from) => return Some(path[from..].iter().map(|(name, _)| name.clone()).collect()),
                    None => self.enter(next, &mut path, &done, left),
                }
            }
        }
        None
    }

    fn enter<'s>(
        &'s self,
        name: &str,
        path: &mut Vec<(Arc<str>, Vec<&'s str>)>,
        done: &HashSet<Arc<str>>,
        left: &mut usize,
    ) {
        if done.contains(name) || path.len() > DEEPEST {
            return;
        }
        let Some(definition) = self.definition(name) else { return };
        let Some(rest) = left.checked_sub(1) else { return };
        *left = rest;
        let mut mentions = definition.mentions();
        mentions.reverse();
        path.push((definition.name.clone(), mentions));
    }
}

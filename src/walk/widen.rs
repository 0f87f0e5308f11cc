//! Fewer worlds, each knowing less: where a script has more states than are kept, two states that hold
//! the same credentials become one in which what differs is unknown. Nothing is claimed that was not
//! true in both.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use super::atoms::Atom;
use super::world::{Status, Variable, World};
use crate::text::{Origin, Symbol, Text};

/// Joins worlds until at most `most` are left; `false` where more than that hold different credentials.
pub(super) fn widen(worlds: &mut Vec<World>, most: usize) -> bool {
    let mut pairs = Pairs::of(worlds);
    while worlds.len() > most {
        let Some((keep, drop)) = pairs.nearest() else { return false };
        let dropped = worlds.remove(drop);
        worlds[keep] = both(&worlds[keep], &dropped);
        pairs.joined(worlds, keep, drop);
    }
    true
}

/// How far apart worlds are, kept while they are joined: each pair is compared once.
struct Pairs {
    prints: Prints,
    /// For each world, the distances to those behind it.
    rows: Vec<Vec<usize>>,
    /// For each world, the nearest behind it: distance and number.
    nearest: Vec<(usize, usize)>,
}

/// Worlds that are never joined.
const APART: usize = usize::MAX;
/// What it counts, in variables, that worlds happen in different pipelines: a test on the ref has told
/// them apart, and what the script does by it matters more than any variable.
const WHEN: usize = 1_000;

impl Pairs {
    fn of(worlds: &[World]) -> Self {
        let prints = Prints::of(worlds);
        let row = |one: usize| (one + 1..worlds.len()).map(|other| prints.distance(worlds, one, other)).collect();
        let rows: Vec<Vec<usize>> = (0..worlds.len()).map(row).collect();
        let nearest = rows.iter().enumerate().map(|(one, row)| least(one, row)).collect();
        Pairs { prints, rows, nearest }
    }

    /// The two worlds with the same credentials that differ in the fewest variables.
    fn nearest(&self) -> Option<(usize, usize)> {
        let (one, (distance, other)) = self.nearest.iter().enumerate().min_by_key(|(_, (distance, _))| *distance)?;
        (*distance != APART).then_some((one, *other))
    }

    /// World `drop` is gone, `keep` in front of it changed.
    fn joined(&mut self, worlds: &[World], keep: usize, drop: usize) {
        self.prints.joined(&worlds[keep], keep, drop);
        self.rows.remove(drop);
        self.nearest.remove(drop);
        self.nearest[drop..].iter_mut().for_each(|(_, other)| *other -= 1);
        for one in 0..drop {
            self.rows[one].remove(drop - one - 1);
            if self.nearest[one].1 > drop {
                self.nearest[one].1 -= 1;
            } else if self.nearest[one].1 == drop {
                self.nearest[one] = least(one, &self.rows[one]);
            }
        }
        for one in 0..keep {
            let distance = self.prints.distance(worlds, one, keep);
            self.rows[one][keep - one - 1] = distance;
            if self.nearest[one].1 == keep {
                self.nearest[one] = least(one, &self.rows[one]);
            } else {
                self.nearest[one] = self.nearest[one].min((distance, keep));
            }
        }
        self.rows[keep] = (keep + 1..worlds.len()).map(|other| self.prints.distance(worlds, keep, other)).collect();
        self.nearest[keep] = least(keep, &self.rows[keep]);
    }
}

/// The least distance of a row, with the world that it leads to.
fn least(one: usize, row: &[usize]) -> (usize, usize) {
    row.iter().enumerate().map(|(at, distance)| (*distance, one + 1 + at)).min().unwrap_or((APART, one))
}

/// The variables of each world as numbers in one order of names: to compare two worlds is to compare numbers.
struct Prints {
    columns: HashMap<Arc<str>, usize>,
    rows: Vec<Vec<u64>>,
    /// The number of a variable that worlds share.
    known: HashMap<*const Variable, u64>,
    hasher: RandomState,
}

impl Prints {
    fn of(worlds: &[World]) -> Self {
        let mut prints =
            Prints { columns: HashMap::new(), rows: Vec::new(), known: HashMap::new(), hasher: RandomState::new() };
        for name in worlds.iter().flat_map(|world| world.variables.keys()) {
            let column = prints.columns.len();
            prints.columns.entry(name.clone()).or_insert(column);
        }
        for world in worlds {
            let row = prints.row(world);
            prints.rows.push(row);
        }
        prints
    }

    fn row(&mut self, world: &World) -> Vec<u64> {
        let mut row = vec![0; self.columns.len()];
        for (name, variable) in world.variables.iter() {
            let hasher = &self.hasher;
            let number = *self.known.entry(Arc::as_ptr(variable)).or_insert_with(|| hasher.hash_one(&**variable));
            if let Some(column) = self.columns.get(name) {
                row[*column] = number;
            }
        }
        row
    }

    /// World `drop` is gone, `keep` holds what was true in both.
    fn joined(&mut self, world: &World, keep: usize, drop: usize) {
        self.rows.remove(drop);
        // A variable that was dropped may have left its address to another one.
        self.known.clear();
        self.rows[keep] = self.row(world);
    }

    /// The number of variables that differ.
    fn distance(&self, worlds: &[World], one: usize, other: usize) -> usize {
        let (left, right) = (&worlds[one], &worlds[other]);
        let alike = left.flow == right.flow
            && same_outcome(&left.status, &right.status)
            && left.hidden == right.hidden
            && left.capture.is_some() == right.capture.is_some()
            && (Arc::ptr_eq(&left.credentials, &right.credentials) || left.credentials == right.credentials);
        if !alike {
            return APART;
        }
        let when = if left.scenarios == right.scenarios { 0 } else { WHEN };
        if Arc::ptr_eq(&left.variables, &right.variables) {
            return when;
        }
        when + self.rows[one].iter().zip(&self.rows[other]).filter(|(one, other)| one != other).count()
    }
}

/// Whether a test on the last command sends both the same way.
fn same_outcome(one: &Status, other: &Status) -> bool {
    one == other || matches!((one, other), (Status::Unknown { .. }, Status::Unknown { .. }))
}

/// What is true in both.
fn both(one: &World, other: &World) -> World {
    let mut world = one.clone();
    world.scenarios = one.scenarios.or(other.scenarios);
    world.atoms = Arc::new(one.atoms.joined(&other.atoms));
    world.clock = one.clock.max(other.clock);
    world.variables = Arc::new(variables(one, other));
    world.keep_common_files(other);
    other.past.iter().for_each(|past| world.happened(past.clone()));
    world.errexit = one.errexit && other.errexit;
    if one.status != other.status {
        world.status = Status::Unknown { key: EITHER.into(), test: false, negated: false };
    }
    if one.folder != other.folder {
        world.folder = None;
    }
    if one.positional != other.positional {
        world.positional = None;
    }
    if one.capture != other.capture {
        world.capture = Some(Text::symbol(either("output", world.clock)));
    }
    world
}

fn variables(one: &World, other: &World) -> BTreeMap<Arc<str>, Arc<Variable>> {
    let clock = one.clock.max(other.clock);
    let unknown = |name: &str| Arc::new(Variable::new(Text::symbol(either(name, clock)), Vec::new()));
    let value = |world: &World, name: &str| world.variables.get(name).cloned();
    let value = |world: &World, name: &str| value(world, name).unwrap_or_else(|| Arc::new(world.variable(name)));
    let mut joined = BTreeMap::new();
    for name in one.variables.keys().chain(other.variables.keys().filter(|name| !one.variables.contains_key(*name))) {
        let (a, b) = (value(one, name), value(other, name));
        let variable = if Arc::ptr_eq(&a, &b) || a == b { a } else { unknown(name) };
        joined.insert(name.clone(), variable);
    }
    joined
}

/// What the keys of values begin with that the walk no longer tells apart.
const EITHER: &str = "either#";

impl Atom {
    /// Whether the walk could have answered the question with more states: when the one answer holds and
    /// when the other is not known.
    #[must_use]
    pub fn was_told_apart(&self) -> bool {
        match self {
            Atom::Command(command) => command.contains(EITHER),
            _ => self.texts().iter().any(|text| text.identity().contains(EITHER)),
        }
    }
}

/// One of several values.
fn either(name: &str, clock: u32) -> Symbol {
    Symbol::unknown(format!("{EITHER}{clock} {name}"), format!("${name}"), Origin::Opaque(name.to_owned()))
}

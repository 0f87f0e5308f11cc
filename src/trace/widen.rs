//! Fewer worlds, each knowing less: where a script has more states than are kept, two states that hold
//! the same credentials become one in which what differs is unknown. Nothing is claimed that was not
//! true in both.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::world::{Variable, World};
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
    /// For each world, the distances to those behind it.
    rows: Vec<Vec<usize>>,
    /// For each world, the nearest behind it: distance and number.
    nearest: Vec<(usize, usize)>,
}

/// Worlds that are never joined.
const APART: usize = usize::MAX;

impl Pairs {
    fn of(worlds: &[World]) -> Self {
        let row = |one: usize| worlds[one + 1..].iter().map(|other| distance(&worlds[one], other)).collect();
        let rows: Vec<Vec<usize>> = (0..worlds.len()).map(row).collect();
        let nearest = rows.iter().enumerate().map(|(one, row)| least(one, row)).collect();
        Pairs { rows, nearest }
    }

    /// The two worlds with the same credentials that differ in the fewest variables.
    fn nearest(&self) -> Option<(usize, usize)> {
        let (one, (distance, other)) = self.nearest.iter().enumerate().min_by_key(|(_, (distance, _))| *distance)?;
        (*distance != APART).then_some((one, *other))
    }

    /// World `drop` is gone, `keep` in front of it changed.
    fn joined(&mut self, worlds: &[World], keep: usize, drop: usize) {
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
            let distance = distance(&worlds[one], &worlds[keep]);
            self.rows[one][keep - one - 1] = distance;
            if self.nearest[one].1 == keep {
                self.nearest[one] = least(one, &self.rows[one]);
            } else {
                self.nearest[one] = self.nearest[one].min((distance, keep));
            }
        }
        self.rows[keep] = worlds[keep + 1..].iter().map(|other| distance(&worlds[keep], other)).collect();
        self.nearest[keep] = least(keep, &self.rows[keep]);
    }
}

/// The least distance of a row, with the world that it leads to.
fn least(one: usize, row: &[usize]) -> (usize, usize) {
    row.iter().enumerate().map(|(at, distance)| (*distance, one + 1 + at)).min().unwrap_or((APART, one))
}

fn distance(one: &World, other: &World) -> usize {
    let alike = one.flow == other.flow
        && one.capture.is_some() == other.capture.is_some()
        && (Arc::ptr_eq(&one.credentials, &other.credentials) || one.credentials == other.credentials);
    if alike { differing(one, other) } else { APART }
}

/// The number of variables that differ, counted along both sorted lists.
fn differing(one: &World, other: &World) -> usize {
    if Arc::ptr_eq(&one.variables, &other.variables) {
        return 0;
    }
    let (mut left, mut right) = (one.variables.iter().peekable(), other.variables.iter().peekable());
    let mut count = 0;
    while let (Some((a, variable)), Some((b, held))) = (left.peek(), right.peek()) {
        let order = if Arc::ptr_eq(a, b) { Ordering::Equal } else { a.cmp(b) };
        count += usize::from(order != Ordering::Equal || !(Arc::ptr_eq(variable, held) || variable == held));
        if order != Ordering::Greater {
            left.next();
        }
        if order != Ordering::Less {
            right.next();
        }
    }
    count + left.count() + right.count()
}

/// What is true in both.
fn both(one: &World, other: &World) -> World {
    let mut world = one.clone();
    world.scenarios = one.scenarios.or(other.scenarios);
    world.atoms = Arc::new(one.atoms.common(&other.atoms));
    world.clock = one.clock.max(other.clock);
    world.variables = Arc::new(variables(one, other));
    world.keep_common_files(other);
    other.past.iter().for_each(|past| world.happened(past.clone()));
    world.errexit = one.errexit && other.errexit;
    if one.status != other.status {
        world.status = super::world::Status::Unknown { key: "either".into(), test: false, negated: false };
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

/// One of several values.
fn either(name: &str, clock: u32) -> Symbol {
    Symbol::unknown(format!("either {name}#{clock}"), format!("${name}"), Origin::Opaque(name.to_owned()))
}

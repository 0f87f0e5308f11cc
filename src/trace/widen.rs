//! Fewer worlds, each knowing less: where a script has more states than are kept, two states that hold
//! the same credentials become one in which what differs is unknown. Nothing is claimed that was not
//! true in both.

use std::collections::HashMap;
use std::sync::Arc;

use super::world::{Variable, World};
use crate::text::{Origin, Symbol, Text};

/// Joins worlds until at most `most` are left; `false` where more than that hold different credentials.
pub(super) fn widen(worlds: &mut Vec<World>, most: usize) -> bool {
    while worlds.len() > most {
        let Some((keep, drop)) = nearest(worlds) else { return false };
        let dropped = worlds.remove(drop);
        let kept = &mut worlds[keep];
        *kept = both(kept, &dropped);
    }
    true
}

/// The two worlds with the same credentials that differ in the fewest variables.
fn nearest(worlds: &[World]) -> Option<(usize, usize)> {
    let pairs = (0..worlds.len()).flat_map(|one| (one + 1..worlds.len()).map(move |other| (one, other)));
    let alike = pairs.filter(|(one, other)| {
        let (one, other) = (&worlds[*one], &worlds[*other]);
        one.flow == other.flow
            && one.credentials == other.credentials
            && one.capture.is_some() == other.capture.is_some()
    });
    alike.min_by_key(|(one, other)| differing(&worlds[*one], &worlds[*other]))
}

fn differing(one: &World, other: &World) -> usize {
    if Arc::ptr_eq(&one.variables, &other.variables) {
        return 0;
    }
    let changed = one.variables.iter().filter(|(name, variable)| other.variables.get(*name) != Some(*variable)).count();
    changed + other.variables.keys().filter(|name| !one.variables.contains_key(*name)).count()
}

/// What is true in both.
fn both(one: &World, other: &World) -> World {
    let mut world = one.clone();
    world.scenarios = one.scenarios.or(other.scenarios);
    world.atoms = Arc::new(one.atoms.common(&other.atoms));
    world.clock = one.clock.max(other.clock);
    world.variables = Arc::new(variables(one, other));
    let files = one.files.iter().filter(|(path, text)| other.files.get(*path) == Some(*text));
    world.files = Arc::new(files.map(|(path, text)| (path.clone(), text.clone())).collect());
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

fn variables(one: &World, other: &World) -> HashMap<String, Variable> {
    let clock = one.clock.max(other.clock);
    let mut joined = HashMap::with_capacity(one.variables.len());
    for name in one.variables.keys().chain(other.variables.keys().filter(|name| !one.variables.contains_key(*name))) {
        let (a, b) = (one.variable(name), other.variable(name));
        let variable = if a == b { a } else { Variable::new(Text::symbol(either(name, clock)), Vec::new()) };
        joined.insert(name.clone(), variable);
    }
    joined
}

/// One of several values.
fn either(name: &str, clock: u32) -> Symbol {
    Symbol::unknown(format!("either {name}#{clock}"), format!("${name}"), Origin::Opaque(name.to_owned()))
}

//! One cause is said once: findings of one lint with one cause become one.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use super::{Raised, UNREADABLE};
use crate::finding::Label;

/// Joins the findings of one lint with one cause, then those that say one thing of one place: a line may
/// reach its jobs through several templates, each with a cause of its own. The first of the surest leads;
/// the places of the others become its labels.
pub(super) fn join(raised: Vec<Raised>) -> Vec<Raised> {
    let by_cause = joined(raised, |one| {
        let words = (one.lint.id == UNREADABLE).then(|| one.finding.message.clone());
        (one.lint.id, one.finding.cause.clone(), words)
    });
    joined(by_cause, |one| (one.lint.id, one.finding.at, one.finding.message.clone()))
}

/// Joins those with one key, in the order of the first.
fn joined<K: Hash + Eq>(raised: Vec<Raised>, key: impl Fn(&Raised) -> K) -> Vec<Raised> {
    let mut order: Vec<Vec<Raised>> = Vec::new();
    let mut known: HashMap<K, usize> = HashMap::new();
    for one in raised {
        let at = *known.entry(key(&one)).or_insert(order.len());
        if at == order.len() {
            order.push(Vec::new());
        }
        order[at].push(one);
    }
    order.into_iter().filter_map(merge).collect()
}

fn merge(mut group: Vec<Raised>) -> Option<Raised> {
    let surest = group.iter().map(|raised| raised.finding.certainty).max()?;
    let lead = group.iter().position(|raised| raised.finding.certainty == surest)?;
    let jobs = ordered(group.iter().flat_map(|raised| raised.finding.jobs.iter().cloned()));
    let mut leader = group.remove(lead);
    let finding = &mut leader.finding;
    // Two labels at one place are drawn as one with nothing under it.
    let mut told = HashSet::from([finding.at]);
    finding.labels.retain(|label| told.insert(label.at));
    finding.jobs = jobs;
    for other in group {
        finding.scenarios = finding.scenarios.or(other.finding.scenarios);
        let here = Label { at: other.finding.at, message: "also here".to_owned() };
        for label in std::iter::once(here).chain(other.finding.labels) {
            if told.insert(label.at) {
                finding.labels.push(label);
            }
        }
    }
    Some(leader)
}

/// Each once, in the order of the first.
fn ordered(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = HashSet::new();
    names.filter(|name| seen.insert(name.clone())).collect()
}

//! One cause is said once: findings of one lint with one cause become one.

use std::collections::{HashMap, HashSet};

use super::{Raised, UNREADABLE};
use crate::finding::{Cause, Label};

/// What is said once: the lint, the cause and, for faults, the words.
type Key = (&'static str, Cause, Option<String>);

/// Joins the findings of one lint with one cause. The first of the surest leads; the places of the
/// others become its labels.
pub(super) fn join(raised: Vec<Raised>) -> Vec<Raised> {
    let mut order: Vec<Vec<Raised>> = Vec::new();
    let mut known: HashMap<Key, usize> = HashMap::new();
    for one in raised {
        let words = (one.lint.id == UNREADABLE).then(|| one.finding.message.clone());
        let at = *known.entry((one.lint.id, one.finding.cause.clone(), words)).or_insert(order.len());
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
    let mut told: HashSet<_> = finding.labels.iter().map(|label| label.at).collect();
    told.insert(finding.at);
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

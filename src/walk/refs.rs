//! The refs to which a job's rules confine it, by scenario: what a test of the branch's name can find.

use crate::rules::{Branch, Reach};
use crate::scenario::Scenario;

/// Names by scenario; a scenario that some way reaches with other names is not in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Refs {
    named: Vec<(Scenario, Vec<String>)>,
}

impl Refs {
    /// The names that all ways to a job allow.
    pub fn of(reach: &[Reach]) -> Self {
        let mut named = Vec::new();
        for scenario in [Scenario::DefaultBranch, Scenario::Branch] {
            let ways: Vec<&Reach> = reach.iter().filter(|way| way.scenario == scenario).collect();
            let names: Option<Vec<&Vec<String>>> = ways.iter().map(|way| names(&way.branch)).collect();
            if let Some(names) = names.filter(|names| !names.is_empty()) {
                named.push((scenario, names.into_iter().flatten().cloned().collect()));
            }
        }
        Refs { named }
    }

    /// The names that a ref variable can have in a scenario, where the rules say so.
    pub fn names(&self, scenario: Scenario, variable: &str) -> Option<Names<'_>> {
        let branch = matches!(variable, "CI_COMMIT_BRANCH" | "CI_COMMIT_REF_NAME");
        let (_, names) = self.named.iter().find(|(known, _)| branch && *known == scenario)?;
        Some(Names(names))
    }
}

/// A few names.
pub(super) struct Names<'a>(&'a [String]);

impl Names<'_> {
    pub fn contains(&self, name: &str) -> bool {
        self.0.iter().any(|known| known == name)
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }
}

/// Plain names; one with `$` in front may be any name.
fn names(branch: &Branch) -> Option<&Vec<String>> {
    match branch {
        Branch::Named(names) if names.iter().all(|name| !name.starts_with('$')) => Some(names),
        _ => None,
    }
}

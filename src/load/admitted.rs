//! In which pipelines the jobs of includes with `rules:` are at all (facts A10).

use std::collections::HashMap;
use std::sync::Arc;

use crate::rules::{Reach, within};
use crate::value::Map;

/// The most ways that are kept for one job; with more, it is taken for one that is always there.
const MOST_WAYS: usize = 100;

/// The top-level keys of the files, each with the ways in which some file that has it is let in.
#[derive(Clone, Debug, Default)]
pub struct Admitted {
    /// `None`: always.
    ways: HashMap<Arc<str>, Option<Vec<Reach>>>,
}

impl Admitted {
    /// A file with these keys is let in on these ways; `None`: always.
    pub(super) fn add(&mut self, file: &Map, ways: Option<&[Reach]>) {
        for entry in file.iter() {
            let Some(known) = self.ways.get_mut(&entry.key) else {
                self.ways.insert(entry.key.clone(), ways.map(<[Reach]>::to_vec));
                continue;
            };
            let (Some(before), Some(more)) = (known.as_mut(), ways) else {
                *known = None;
                continue;
            };
            for way in more {
                if !before.contains(way) {
                    before.push(way.clone());
                }
            }
            if before.len() > MOST_WAYS {
                *known = None;
            }
        }
    }

    /// The ways in which a job runs, of those in which it would where it is there.
    #[must_use]
    pub fn confine(&self, job: &str, reach: Vec<Reach>) -> Vec<Reach> {
        match self.ways.get(job) {
            Some(Some(ways)) => within(ways, &reach),
            _ => reach,
        }
    }
}

//! Which logins the files hold for a host, whichever job makes them: an index, so that no question
//! about a push looks at every login of every job.

use std::collections::HashMap;

use super::place::Ground;
use super::traces::Trace;
use crate::clients::LoginHost;
use crate::registry::host;
use crate::text::Text;
use crate::walk::LoginEvent;

/// A login's place in the traces: the trace's and its own number.
pub(super) type Numbers = (usize, usize);

/// The logins of all jobs by host; of equal ones the first in each of the first two jobs.
#[derive(Default)]
pub(super) struct Elsewhere {
    hosts: HashMap<Text, Vec<Numbers>>,
    /// Those to this GitLab's registry, whatever they call it.
    gitlab: Vec<Numbers>,
    /// Those for some paths of a host, and for hosts of some endings.
    narrow: HashMap<String, Vec<Numbers>>,
}

impl Elsewhere {
    /// The index of these logins.
    pub fn new<'a>(ground: &Ground, logins: impl Iterator<Item = (Numbers, &'a LoginEvent)>) -> Self {
        let mut index = Elsewhere::default();
        for (numbers, event) in logins {
            let login = &event.login;
            match (&login.scope, event.host()) {
                (None, Some(to)) => {
                    let to = host::canonical(&to);
                    if ground.is_gitlab(&to) == Some(true) {
                        keep(&mut index.gitlab, numbers);
                    }
                    keep(index.hosts.entry(to).or_default(), numbers);
                }
                (None, None) if login.host == LoginHost::Any => {}
                (scope, _) => {
                    let key = format!("{:?} {}", login.host, scope.as_ref().map(Text::identity).unwrap_or_default());
                    keep(index.narrow.entry(key).or_default(), numbers);
                }
            }
        }
        index
    }

    /// The logins that may be for a host.
    pub fn candidates<'a>(&'a self, ground: &Ground, to: &Text) -> impl Iterator<Item = Numbers> + 'a {
        let to = host::canonical(to);
        let gitlab: &[Numbers] = if ground.is_gitlab(&to) == Some(true) { &self.gitlab } else { &[] };
        let same = self.hosts.get(&to).map(Vec::as_slice).unwrap_or_default();
        same.iter().chain(gitlab).chain(self.narrow.values().flatten()).copied()
    }
}

/// Keeps the first login of each of the first two jobs.
fn keep(kept: &mut Vec<Numbers>, numbers: Numbers) {
    if kept.len() < 2 && kept.last().is_none_or(|last| last.0 != numbers.0) {
        kept.push(numbers);
    }
}

/// The logins of the jobs.
pub(super) fn made(traces: &[Trace]) -> impl Iterator<Item = (Numbers, &LoginEvent)> {
    let numbered = traces.iter().enumerate();
    numbered
        .flat_map(|(at, trace)| trace.walk.logins.iter().enumerate().map(move |(number, event)| ((at, number), event)))
}

/// The logins that other keys replace.
pub(super) fn lost(traces: &[Trace]) -> impl Iterator<Item = (Numbers, &LoginEvent)> {
    let numbered = traces.iter().enumerate();
    numbered.flat_map(|(at, trace)| {
        trace.walk.lost.iter().enumerate().map(move |(number, (event, _))| ((at, number), event))
    })
}

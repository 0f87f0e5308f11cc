//! Walks one job: its worlds at the start, `before_script` and `script` in one shell, `after_script`
//! in another on the same files (facts A13).

use std::collections::HashMap;
use std::sync::Arc;

use super::atoms::Atoms;
use super::body::{Bodies, Body};
use super::budget::Budget;
use super::concern::{self, Concern};
use super::given::{Environments, Group};
use super::refs::Refs;
use super::walker::Walker;
use super::world::{Flow, Status, World, join};
use super::{Ignored, LoginEvent, Trace, Unread};
use crate::files::Files;
use crate::model::{Item, Job, NoteKind};
use crate::scenario::Scenarios;
use crate::source::{Mapped, Sources, Span};

/// The most states in which a job is begun.
const STARTS: usize = 64;
/// Worlds kept at once where a job is not likely to matter.
const FEW: usize = 4;
/// How often a job is begun again because its script asked for something that differs.
const ROUNDS: usize = 3;

/// The trace of a job.
pub(super) fn trace(
    job: &Job,
    files: &dyn Files,
    sources: &mut Sources,
    bodies: &mut Bodies,
    budget: &mut Budget,
) -> Trace {
    let shells = [shell(&[job.before_script.as_ref(), job.script.as_ref()]), shell(&[job.after_script.as_ref()])];
    if let Some(reason) = &job.foreign_shell {
        let unread = Unread { kind: NoteKind::UnreadShell, at: job.name_at, name: reason.clone() };
        return Trace { unread: vec![unread], ..Trace::default() };
    }
    let concern = shells.iter().flatten().map(|(text, _)| concern::of(text.text())).max();
    let Some(concern) = concern.filter(|concern| *concern != Concern::None) else { return Trace::default() };
    let reached = Scenarios::of(&job.reach.iter().map(|reach| reach.scenario).collect::<Vec<_>>());
    if concern == Concern::Calls {
        // What no word of its own gives away shows in a few states, or not at all.
        let first = Group::first(&job.environments, reached).map(|group| start(job, group));
        let mut walker = Walker { most: FEW, ..Walker::new(job, files, sources, bodies, budget) };
        walk(&mut walker, &shells, first.as_slice());
        let trace = walker.trace;
        if trace.sites.is_empty() && trace.logins.is_empty() && !trace.bound_reached {
            return trace;
        }
    }
    let mut environments = Environments::new(&job.environments, reached);
    let mut round = 0;
    loop {
        budget.next_job();
        let starts = starts(job, &environments, reached);
        let mut walker = Walker::new(job, files, sources, bodies, budget);
        walk(&mut walker, &shells, &starts);
        let mut trace = walker.trace;
        if !environments.learn() {
            if !trace.sites.is_empty() {
                trace.lost = lost(job, &starts, files, sources, (bodies, budget));
            }
            return trace;
        }
        round += 1;
        if round == ROUNDS {
            environments.tell_all_apart();
        }
    }
}

/// The states in which the job begins.
fn starts(job: &Job, environments: &Environments, reached: Scenarios) -> Vec<World> {
    environments.groups(reached).into_iter().map(|group| start(job, group)).collect()
}

/// Walks `before_script` with `script`, then `after_script`, from these states: one by one, because
/// states with different variables never become one again.
fn walk(walker: &mut Walker<'_>, shells: &[Option<(Mapped, Span)>; 2], starts: &[World]) {
    walker.trace.bound_reached |= starts.len() > STARTS;
    let starts = &starts[..starts.len().min(STARTS)];
    let [main, after] = shells.each_ref().map(|text| text.clone().map(|(text, at)| walker.body(text, at)));
    let ends: Vec<World> = match &main {
        Some(body) => starts.iter().flat_map(|start| run(walker, vec![start.clone()], body)).collect(),
        None => starts.to_vec(),
    };
    if let Some(body) = &after {
        let again = ends.into_iter().map(|end| fresh_shell(end, starts)).collect();
        walker.ignoring(Some(Ignored::AfterScript), |walker| run(walker, join(again), body));
    }
}

/// The logins of every `before_script` that another one replaced, with the key that did it.
fn lost(
    job: &Job,
    starts: &[World],
    files: &dyn Files,
    sources: &mut Sources,
    (bodies, budget): (&mut Bodies, &mut Budget),
) -> Vec<(LoginEvent, Span)> {
    let default = job.lost_before_script.iter().map(|(items, key)| (items, *key));
    let own = job.before_script.iter();
    let replaced = own.flat_map(|field| field.shadowed.iter().map(|shadowed| (&shadowed.value, field.key_at)));
    let mut found = Vec::new();
    for (items, key) in default.chain(replaced) {
        let Some((text, at)) = joined(items.iter()) else { continue };
        budget.next_job();
        let mut walker = Walker::new(job, files, sources, bodies, budget);
        let body = walker.body(text, at);
        run(&mut walker, starts.to_vec(), &body);
        found.extend(walker.trace.logins.into_iter().map(|event| (event, key)));
    }
    found
}

fn run(walker: &mut Walker<'_>, worlds: Vec<World>, body: &Arc<Body>) -> Vec<World> {
    let list = &body.script.list;
    let ends = walker.list(worlds, body, list);
    walker.at_exit(ends)
}

/// The items as one text, each on lines of its own, as the runner joins them.
fn shell(fields: &[Option<&crate::model::Field<Vec<Item>>>]) -> Option<(Mapped, Span)> {
    joined(fields.iter().flatten().flat_map(|field| &field.value))
}

fn joined<'a>(items: impl Iterator<Item = &'a Item>) -> Option<(Mapped, Span)> {
    let mut text = Mapped::default();
    let mut at = None;
    for item in items {
        text.append(&item.text);
        text.push_coarse("\n", Span { start: item.at.end, ..item.at });
        at = at.or(Some(item.at));
    }
    at.map(|at| (text, at))
}

fn start(job: &Job, group: Group) -> World {
    World {
        scenarios: group.scenarios,
        atoms: Arc::new(Atoms::default()),
        refs: Arc::new(Refs::of(&job.reach)),
        given: group.given,
        variables: Arc::default(),
        functions: Arc::new(HashMap::new()),
        credentials: Arc::new(Vec::new()),
        files: Arc::new(HashMap::new()),
        past: Arc::new(Vec::new()),
        positional: Some(Arc::new(Vec::new())),
        folder: Some(String::new()),
        stdin: super::Input::Inherited,
        hidden: Vec::new(),
        errexit: true,
        status: Status::Success,
        flow: Flow::Normal,
        clock: 0,
        capture: None,
    }
}

/// The shell of `after_script`: its own variables, folder and options; the files stay.
fn fresh_shell(end: World, starts: &[World]) -> World {
    let start = starts.iter().find(|start| start.given.same(&end.given)).or(starts.first());
    match start.cloned() {
        Some(start) => end.in_shell(start),
        None => end,
    }
}

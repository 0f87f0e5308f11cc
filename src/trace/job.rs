//! Walks one job: its worlds at the start, `before_script` and `script` in one shell, `after_script`
//! in another on the same files (facts A13).

use std::collections::HashMap;
use std::sync::Arc;

use super::atoms::Atoms;
use super::body::{Bodies, Body};
use super::budget::Budget;
use super::concern::{self, Concern};
use super::refs::Refs;
use super::walker::Walker;
use super::world::{Flow, Status, World, join};
use super::{LoginEvent, Trace, Unread};
use crate::files::Files;
use crate::model::{Environment, Item, Job, NoteKind, Shell};
use crate::scenario::Scenarios;
use crate::source::{Mapped, Sources, Span};

/// The most environments in which a job is followed.
const STARTS: usize = 64;

/// The trace of a job.
pub(super) fn trace(
    job: &Job,
    files: &dyn Files,
    sources: &mut Sources,
    bodies: &mut Bodies,
    budget: &mut Budget,
) -> Trace {
    budget.next_job();
    let mut walker = Walker::new(job, files, sources, bodies, budget);
    if let Shell::Unread(reason) = &job.shell {
        return unread_shell(job, walker.trace, reason.clone());
    }
    let shells = [shell(&[job.before_script.as_ref(), job.script.as_ref()]), shell(&[job.after_script.as_ref()])];
    let concern = shells.iter().flatten().map(|(text, _)| concern::of(text.text())).max();
    if concern.is_none_or(|concern| concern == Concern::None) {
        return walker.trace;
    }
    let starts = job.environments.iter().filter_map(|environment| start(job, environment));
    let starts: Vec<World> = starts.take(STARTS).collect();
    walker.trace.bound_reached = job.environments.len() > STARTS;
    let bodies_of = shells.map(|text| text.map(|(text, at)| walker.own_body(text, at)));
    if let Some(reason) = bodies_of.iter().flatten().find_map(|body| body.misread()) {
        return unread_shell(job, walker.trace, reason);
    }
    // What no word of its own gives away shows in the first state, or not at all.
    let (first, rest) = starts.split_at(starts.len().min(1));
    follow(&mut walker, first, &bodies_of);
    if concern == Some(Concern::Registries) || !walker.trace.sites.is_empty() || !walker.trace.logins.is_empty() {
        follow(&mut walker, rest, &bodies_of);
    }
    let mut trace = walker.trace;
    if !trace.sites.is_empty() {
        trace.lost = lost(job, &starts, files, sources, (bodies, budget));
    }
    trace
}

/// The trace of a job whose scripts are not followed.
fn unread_shell(job: &Job, mut trace: Trace, reason: String) -> Trace {
    trace.unread.push(Unread { kind: NoteKind::UnreadShell, at: job.name_at, name: reason });
    trace
}

/// Walks `before_script` with `script`, then `after_script`, from these states: one by one, because
/// states with different variables never become one again.
fn follow(walker: &mut Walker<'_>, starts: &[World], [main, after]: &[Option<Arc<Body>>; 2]) {
    let ends: Vec<World> = match main {
        Some(body) => starts.iter().flat_map(|start| run(walker, vec![start.clone()], body)).collect(),
        None => starts.to_vec(),
    };
    if let Some(body) = after {
        let again = ends.into_iter().map(|end| fresh_shell(end, starts)).collect();
        run(walker, join(again), body);
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
        let body = walker.own_body(text, at);
        run(&mut walker, starts.to_vec(), &body);
        found.extend(walker.trace.logins.into_iter().map(|event| (event, key)));
    }
    found
}

fn run(walker: &mut Walker<'_>, worlds: Vec<World>, body: &Arc<Body>) -> Vec<World> {
    let list = &body.script.list;
    walker.list(worlds, body, list)
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

fn start(job: &Job, environment: &Environment) -> Option<World> {
    let reached = job.reach.iter().map(|reach| reach.scenario).collect::<Vec<_>>();
    let scenarios = environment.scenarios.and(Scenarios::of(&reached));
    if scenarios.is_empty() {
        return None;
    }
    Some(World {
        scenarios,
        atoms: Arc::new(Atoms::default()),
        refs: Arc::new(Refs::of(&job.reach)),
        given: environment.variables.clone(),
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
    })
}

/// The shell of `after_script`: its own variables, folder and options; the files stay.
fn fresh_shell(end: World, starts: &[World]) -> World {
    let start = starts.iter().find(|start| start.scenarios.and(end.scenarios) == end.scenarios).or(starts.first());
    match start.cloned() {
        Some(start) => end.in_shell(start),
        None => end,
    }
}

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
use super::{Ignored, LoginEvent, Unread, Walk};
use crate::files::Files;
use crate::model::{Item, Job, NoteKind, Shell};
use crate::scenario::Scenarios;
use crate::source::{Mapped, Sources, Span};

/// The most states in which a job is begun.
const STARTS: usize = 64;
/// Worlds kept at once where a job is not likely to matter.
const FEW: usize = 4;
/// How often a job is begun again because its script asked for something that differs.
const ROUNDS: usize = 3;

/// A job's scripts, before they are walked.
pub(super) struct Scripts<'a> {
    job: &'a Job,
    /// `before_script` with `script`, and `after_script`: the text of each shell.
    shells: [Option<(Mapped, Span)>; 2],
    pub concern: Concern,
}

impl<'a> Scripts<'a> {
    pub fn of(job: &'a Job) -> Self {
        let shells = [shell(&[job.before_script.as_ref(), job.script.as_ref()]), shell(&[job.after_script.as_ref()])];
        let concern = shells.iter().flatten().map(|(text, _)| concern::of(text.text())).max();
        Scripts { job, shells, concern: concern.unwrap_or(Concern::None) }
    }

    /// Walks them.
    pub fn walk(self, files: &dyn Files, sources: &mut Sources, bodies: &mut Bodies, budget: &mut Budget) -> Walk {
        let job = self.job;
        if let Shell::Unread(reason) = &job.shell {
            return unread_shell(job, reason.clone());
        }
        if self.concern == Concern::None {
            return Walk::default();
        }
        budget.next_job();
        let reached = Scenarios::of(&job.reach.iter().map(|reach| reach.scenario).collect::<Vec<_>>());
        let mut walks = Walks { job, reached, files, sources, bodies, budget };
        let mut walker = walks.walker();
        let shells = self.shells.map(|text| text.map(|(text, at)| walker.own_body(text, at)));
        if let Some(reason) = shells.iter().flatten().find_map(|body| body.misread()) {
            return unread_shell(job, reason);
        }
        if walker.walk.bound_reached {
            return walker.walk;
        }
        let rehearsed = if self.concern == Concern::Calls { walks.rehearsal(&shells) } else { None };
        rehearsed.unwrap_or_else(|| walks.in_full(&shells))
    }
}

/// What the walks through one job share.
struct Walks<'a> {
    job: &'a Job,
    /// The scenarios in which the job runs.
    reached: Scenarios,
    files: &'a dyn Files,
    sources: &'a mut Sources,
    bodies: &'a mut Bodies,
    budget: &'a mut Budget,
}

impl Walks<'_> {
    fn walker(&mut self) -> Walker<'_> {
        Walker::new(self.job, self.files, self.sources, self.bodies, self.budget)
    }

    /// A walk in a few states: what no word of its own gives away shows there, or not at all. `None`:
    /// the job does something that matters.
    fn rehearsal(&mut self, shells: &[Option<Arc<Body>>; 2]) -> Option<Walk> {
        let first = Group::first(self.job, self.reached).map(|group| start(self.job, group));
        let mut walker = Walker { most: FEW, ..self.walker() };
        walk_from(&mut walker, shells, first.as_slice());
        let walk = walker.walk;
        let idle = walk.sites.is_empty() && walk.logins.is_empty() && !walk.bound_reached;
        idle.then_some(walk)
    }

    /// Walks that tell the job's environments apart as far as its script does.
    fn in_full(&mut self, shells: &[Option<Arc<Body>>; 2]) -> Walk {
        let job = self.job;
        let mut environments = Environments::new(job, self.reached);
        let mut round = 0;
        loop {
            self.budget.again();
            let starts: Vec<World> =
                environments.groups(self.reached).into_iter().map(|group| start(job, group)).collect();
            let mut walker = self.walker();
            walk_from(&mut walker, shells, &starts);
            let mut walk = walker.walk;
            if !environments.learn() {
                if !walk.sites.is_empty() {
                    walk.lost = self.lost(&starts);
                }
                return walk;
            }
            round += 1;
            if round == ROUNDS {
                environments.tell_all_apart();
            }
        }
    }

    /// The logins of every `before_script` that another one replaced, with the key that did it.
    fn lost(&mut self, starts: &[World]) -> Vec<(LoginEvent, Span)> {
        let job = self.job;
        let default = job.lost_before_script.iter().map(|(items, key)| (items, *key));
        let own = job.before_script.iter();
        let replaced = own.flat_map(|field| field.shadowed.iter().map(|shadowed| (&shadowed.value, field.key_at)));
        let mut found = Vec::new();
        for (items, key) in default.chain(replaced) {
            let Some((text, at)) = joined(items.iter()) else { continue };
            self.budget.again();
            let mut walker = self.walker();
            let body = walker.own_body(text, at);
            run(&mut walker, starts.to_vec(), &body);
            found.extend(walker.walk.logins.into_iter().map(|event| (event, key)));
        }
        found
    }
}

/// The walk of a job whose scripts are not followed.
fn unread_shell(job: &Job, reason: String) -> Walk {
    let unread = Unread { kind: NoteKind::UnreadShell, at: job.name_at, name: reason };
    Walk { unread: vec![unread], ..Walk::default() }
}

/// Walks `before_script` with `script`, then `after_script`, from these states: one by one, because
/// states with different variables never become one again.
fn walk_from(walker: &mut Walker<'_>, [main, after]: &[Option<Arc<Body>>; 2], starts: &[World]) {
    walker.walk.bound_reached |= starts.len() > STARTS;
    let starts = &starts[..starts.len().min(STARTS)];
    let ends: Vec<World> = match main {
        Some(body) => starts.iter().flat_map(|start| run(walker, vec![start.clone()], body)).collect(),
        None => starts.to_vec(),
    };
    if let Some(body) = after {
        let again = ends.into_iter().map(|end| fresh_shell(end, starts)).collect();
        walker.ignoring(Some(Ignored::AfterScript), |walker| run(walker, join(again), body));
    }
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
        frame: 0,
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

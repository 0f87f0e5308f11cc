//! Walks a shell tree over worlds: lists, pipelines, compound commands. Simple commands are in
//! `simple.rs`, conditions in `condition.rs`.

use std::sync::Arc;

use super::body::{Bodies, Body, Function};
use super::budget::Budget;
use super::calls::in_subshell;
use super::ignored::goes_on;
use super::states::WORLDS;
use super::world::{Flow, Status, World, join};
use super::{Ignored, Walk};
use crate::files::Files;
use crate::model::Job;
use crate::shell::ast::{Command, CommandKind, Connector, Item, List, Pipeline};
use crate::source::{Sources, Span};
use crate::text::Text;

/// The walk through one job.
pub(super) struct Walker<'a> {
    pub job: &'a Job,
    pub files: &'a dyn Files,
    pub sources: &'a mut Sources,
    pub bodies: &'a mut Bodies,
    pub budget: &'a mut Budget,
    pub walk: Walk,
    /// A failure here does not end the job: conditions, the left side of `||`, substitutions.
    pub guarded: bool,
    /// The same, as far as this shell itself is concerned: a script that is called heeds its own `set -e`.
    pub guarded_here: bool,
    /// Why a failure here does not fail the job, whatever it does in the shell.
    pub ignored: Option<Ignored>,
    /// How the last command substitution failed, where that is known.
    pub substituted: Status,
    /// Worlds kept at once.
    pub most: usize,
    pub calls: u32,
    /// The functions in which the walk stands.
    pub functions: Vec<Arc<Command>>,
    /// The push that ran last, and when: an option on a line of its own after it never reached it.
    pub last_push: Option<(u32, Span)>,
    /// The calls in which the walk stands, the outermost first.
    pub called_from: Vec<Span>,
    /// What the makes in which the walk stands were given on their command lines.
    pub overrides: Vec<(String, crate::recipes::Value)>,
}

impl<'a> Walker<'a> {
    /// A walk at its start.
    pub(super) fn new(
        job: &'a Job,
        files: &'a dyn Files,
        sources: &'a mut Sources,
        bodies: &'a mut Bodies,
        budget: &'a mut Budget,
    ) -> Self {
        let walk = Walk::default();
        Walker {
            job,
            files,
            sources,
            bodies,
            budget,
            walk,
            guarded: false,
            guarded_here: false,
            ignored: None,
            substituted: Status::Success,
            most: WORLDS,
            calls: 0,
            functions: Vec::new(),
            last_push: None,
            called_from: Vec::new(),
            overrides: Vec::new(),
        }
    }

    /// Runs a list.
    pub(super) fn list(&mut self, mut worlds: Vec<World>, body: &Arc<Body>, list: &List) -> Vec<World> {
        for item in &list.items {
            if worlds.iter().all(|world| world.flow != Flow::Normal) || self.is_spent() {
                break;
            }
            worlds = self.item(worlds, body, item);
        }
        worlds
    }

    /// Runs in the worlds that go on, and keeps the others.
    pub(super) fn running(
        &mut self,
        worlds: Vec<World>,
        run: impl FnOnce(&mut Self, Vec<World>) -> Vec<World>,
    ) -> Vec<World> {
        if worlds.iter().all(|world| world.flow == Flow::Normal) {
            return if worlds.is_empty() { worlds } else { run(self, worlds) };
        }
        let (going, mut ended): (Vec<_>, Vec<_>) = worlds.into_iter().partition(|world| world.flow == Flow::Normal);
        if !going.is_empty() {
            ended.extend(run(self, going));
        }
        ended
    }

    /// `a && b || c`, `a &`.
    fn item(&mut self, worlds: Vec<World>, body: &Arc<Body>, item: &Item) -> Vec<World> {
        let ends = self.running(worlds, |walker, going| {
            if !item.background {
                return walker.and_or(going, body, item);
            }
            let each = |world| in_subshell(walker, world, |walker, inner| walker.and_or(vec![inner], body, item));
            let ends = going.into_iter().flat_map(each);
            ends.map(|end| with_status(end, Status::Success)).collect()
        });
        let ends = join(ends);
        self.bounded(ends)
    }

    /// `a && b || c`
    fn and_or(&mut self, going: Vec<World>, body: &Arc<Body>, item: &Item) -> Vec<World> {
        let alone = item.rest.is_empty();
        let ignored = |from: usize| goes_on(body, item, from);
        let mut going = self
            .ignoring(ignored(0), |walker| walker.under(!alone, |walker| walker.pipeline(going, body, &item.first)));
        if alone {
            return self.end_all(going, &item.first);
        }
        for (index, (connector, pipeline)) in item.rest.iter().enumerate() {
            let last = index + 1 == item.rest.len();
            going = self.connect(going, *connector, |walker, worlds| {
                let ends = walker.ignoring(ignored(index + 1), |walker| {
                    walker.under(!last, |walker| walker.pipeline(worlds, body, pipeline))
                });
                if last { walker.end_all(ends, pipeline) } else { ends }
            });
        }
        going
    }

    /// What `set -e` does after the last pipeline of a statement.
    fn end_all(&self, worlds: Vec<World>, pipeline: &Pipeline) -> Vec<World> {
        // A compound command in this shell fails by what ended in it, and that was looked at there.
        let looked_at = match pipeline.commands.as_slice() {
            [command] => !matches!(
                command.kind,
                CommandKind::Simple(_) | CommandKind::Subshell(_) | CommandKind::Test(_) | CommandKind::Arithmetic
            ),
            _ => false,
        };
        let exempt = pipeline.negated || looked_at;
        worlds.into_iter().map(|world| self.end_statement(world, exempt)).collect()
    }

    fn end_statement(&self, mut world: World, exempt: bool) -> World {
        if world.flow != Flow::Normal || !world.errexit {
            return world;
        }
        match world.status {
            Status::Failure if !exempt && !self.guarded_here => world.flow = Flow::Exit,
            Status::Unknown { .. } if !self.guarded => world.status = Status::Success,
            _ => {}
        }
        world
    }

    /// Runs with failures guarded or not.
    pub(super) fn under<T>(&mut self, guarded: bool, run: impl FnOnce(&mut Self) -> T) -> T {
        let outer = (self.guarded, self.guarded_here);
        self.guarded |= guarded;
        self.guarded_here |= guarded;
        let result = run(self);
        (self.guarded, self.guarded_here) = outer;
        result
    }

    /// Runs where a failure does not fail the job for this reason, if there is one.
    pub(super) fn ignoring<T>(&mut self, why: Option<Ignored>, run: impl FnOnce(&mut Self) -> T) -> T {
        let outer = self.ignored;
        self.ignored = outer.or(why);
        let result = run(self);
        self.ignored = outer;
        result
    }

    fn connect(
        &mut self,
        worlds: Vec<World>,
        connector: Connector,
        run: impl FnOnce(&mut Self, Vec<World>) -> Vec<World>,
    ) -> Vec<World> {
        self.running(worlds, |walker, going| {
            let (mut goes_on, mut skips, mut unlikely) = (Vec::new(), Vec::new(), Vec::new());
            for world in going {
                let assumed =
                    connector == Connector::And && matches!(world.status, Status::Unknown { test: false, .. });
                let (success, failure) = walker.decide(world);
                let (go, skip) = if connector == Connector::And { (success, failure) } else { (failure, success) };
                goes_on.extend(go);
                if assumed { unlikely.extend(skip) } else { skips.extend(skip) }
            }
            if !goes_on.is_empty() {
                let ends = run(walker, goes_on);
                // `apk add x && docker login` is a login; `docker pull x && exit` is not the end of every run.
                if ends.iter().any(|end| end.flow != Flow::Normal) {
                    skips.append(&mut unlikely);
                }
                skips.extend(ends);
            } else {
                skips.append(&mut unlikely);
            }
            walker.bounded(join(skips))
        })
    }

    /// `a | b`: each side in its own shell, what the left prints on the right's standard input.
    fn pipeline(&mut self, worlds: Vec<World>, body: &Arc<Body>, pipeline: &Pipeline) -> Vec<World> {
        let mut ends = if let [command] = pipeline.commands.as_slice() {
            self.command(worlds, body, command, &super::Input::Inherited)
        } else {
            worlds.into_iter().flat_map(|world| self.piped(world, body, &pipeline.commands)).collect()
        };
        if pipeline.negated {
            ends.iter_mut().for_each(|world| world.status = world.status.not());
        }
        ends
    }

    fn piped(&mut self, world: World, body: &Arc<Body>, commands: &[Command]) -> Vec<World> {
        let outer = world.clone();
        let mut runs = vec![(world, super::Input::Inherited)];
        for (index, command) in commands.iter().enumerate() {
            let last = index + 1 == commands.len();
            let mut next = Vec::new();
            for (mut world, input) in runs {
                world.capture = if last { outer.capture.clone() } else { Some(Text::empty()) };
                let ends = in_subshell(self, world, |walker, inner| {
                    let ends = walker.command(vec![inner], body, command, &input);
                    if is_flow(command) { ends.into_iter().map(untrapped).collect() } else { ends }
                });
                for mut end in ends {
                    let printed = if last { None } else { end.capture.take() };
                    next.push((end, super::Input::Text(printed.unwrap_or_default())));
                }
            }
            if next.len() > WORLDS {
                self.walk.bound_reached = true;
                next.truncate(WORLDS);
            }
            runs = next;
        }
        runs.into_iter().map(|(end, _)| end).collect()
    }

    /// One command of a pipeline.
    pub(super) fn command(
        &mut self,
        worlds: Vec<World>,
        body: &Arc<Body>,
        command: &Command,
        input: &super::Input,
    ) -> Vec<World> {
        self.budget.command(&worlds);
        if self.is_spent() {
            return worlds;
        }
        match &command.kind {
            CommandKind::Simple(simple) => self.simple(worlds, body, command, simple, input),
            _ => self.redirected(worlds, body, command, input),
        }
    }

    /// A compound command, without its redirections.
    pub(super) fn compound(&mut self, worlds: Vec<World>, body: &Arc<Body>, command: &Command) -> Vec<World> {
        match &command.kind {
            CommandKind::Brace(list) => self.list(worlds, body, list),
            CommandKind::Subshell(list) => self.subshell(worlds, body, list),
            CommandKind::If { branches, otherwise } => self.if_command(worlds, body, branches, otherwise.as_ref()),
            CommandKind::For { name, words, body: list, select, .. } if !select => {
                self.for_loop(worlds, body, name, words.as_deref(), list)
            }
            CommandKind::For { body: list, .. } => self.round(worlds, body, list),
            CommandKind::ArithmeticFor { head, body: list } => self.arithmetic_for(worlds, body, *head, list),
            CommandKind::While { until, condition, body: list } => {
                self.while_loop(worlds, body, condition, (*until, list))
            }
            CommandKind::Case { word, arms } => self.case_command(worlds, body, word, arms),
            CommandKind::Function { name, body: inner } => {
                let function = Function { body: body.clone(), command: Arc::new((**inner).clone()) };
                define(worlds, name, &function)
            }
            CommandKind::Test(condition) => self.test_command(worlds, body, condition),
            CommandKind::Arithmetic => worlds
                .into_iter()
                .map(|world| arithmetic_command(world, body.source(command.at), body.span(command.at)))
                .collect(),
            CommandKind::Broken | CommandKind::Simple(_) => {
                let key: Arc<str> = body.source(command.at).into();
                worlds.into_iter().map(|world| with_status(world, unknown(&key, true))).collect()
            }
        }
    }

    fn subshell(&mut self, worlds: Vec<World>, body: &Arc<Body>, list: &List) -> Vec<World> {
        let each = |world| in_subshell(self, world, |walker, inner| walker.list(vec![inner], body, list));
        worlds.into_iter().flat_map(each).collect()
    }

    fn if_command(
        &mut self,
        worlds: Vec<World>,
        body: &Arc<Body>,
        branches: &[(List, List)],
        otherwise: Option<&List>,
    ) -> Vec<World> {
        let mut ends = Vec::new();
        let mut asking = worlds;
        for (condition, list) in branches {
            let tested = self.under(true, |walker| walker.list(asking, body, condition));
            let (mut taken, mut refused) = (Vec::new(), Vec::new());
            for world in tested {
                if world.flow != Flow::Normal {
                    ends.push(world);
                    continue;
                }
                let (success, failure) = self.decide(world);
                taken.extend(success);
                refused.extend(failure);
            }
            ends.extend(self.list(taken, body, list));
            asking = refused;
        }
        let settle = |world| with_status(world, Status::Success);
        ends.extend(match otherwise {
            Some(list) => self.list(asking, body, list),
            None => asking.into_iter().map(settle).collect(),
        });
        self.bounded(join(ends))
    }
}

/// Whether a side of a pipe is a loop or a choice: bash runs no trap at its end.
fn is_flow(command: &Command) -> bool {
    use CommandKind::{ArithmeticFor, Case, For, If, While};
    matches!(command.kind, ArithmeticFor { .. } | Case { .. } | For { .. } | If { .. } | While { .. })
}

fn untrapped(mut world: World) -> World {
    if world.flow == Flow::Normal {
        super::traps::forget(&mut world);
    }
    world
}

fn define(worlds: Vec<World>, name: &str, function: &Function) -> Vec<World> {
    let set = |mut world: World| {
        Arc::make_mut(&mut world.functions).insert(name.to_owned(), function.clone());
        with_status(world, Status::Success)
    };
    worlds.into_iter().map(set).collect()
}

/// `(( … ))`
fn arithmetic_command(mut world: World, source: &str, at: Span) -> World {
    world.clock += 1;
    let inner = source.strip_prefix("((").and_then(|rest| rest.split_once("))")).map(|(inner, _)| inner);
    let status = match inner.and_then(|text| super::arithmetic::run(&mut world, text, at)) {
        Some(value) => Status::of(value != 0),
        None => unknown(&source.into(), true),
    };
    with_status(world, status)
}

/// A status of which only the question is known.
pub(super) fn unknown(key: &Arc<str>, test: bool) -> Status {
    Status::Unknown { key: key.clone(), test, negated: false }
}

pub(super) fn with_status(mut world: World, status: Status) -> World {
    world.status = status;
    world
}

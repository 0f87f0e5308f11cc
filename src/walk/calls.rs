//! Calls: functions, scripts, subshells: what comes back from them.

use std::sync::Arc;

use super::body::{Body, Function};
use super::walker::{Walker, unknown, with_status};
use super::world::{Flow, World, join};
use crate::text::Text;

/// In which shell a piece of shell runs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shell {
    /// In the caller's.
    Same,
    /// In a new one, with `-e` or without.
    Own { errexit: bool },
}

/// Calls within calls.
const CALLS: u32 = 16;
/// Calls of one function within itself that are followed where an argument is not known: what it does with
/// one unknown value it does with the next.
const RECURSIONS: usize = 2;

impl Walker<'_> {
    /// Calls a function.
    pub(super) fn call(&mut self, world: World, function: &Function, arguments: Vec<Text>) -> Vec<World> {
        if self.calls >= CALLS {
            self.walk.bound_reached = true;
            return vec![world];
        }
        let within = self.functions.iter().filter(|open| Arc::ptr_eq(open, &function.command)).count();
        if within >= RECURSIONS && arguments.iter().any(|text| text.as_literal().is_none()) {
            return vec![with_status(world, unknown(&"recursion".into(), false))];
        }
        self.calls += 1;
        self.functions.push(function.command.clone());
        let outer = world.positional.clone();
        let mut inner = world;
        let outer_frame = std::mem::replace(&mut inner.frame, inner.hidden.len());
        inner.positional = Some(Arc::new(arguments));
        let mut ends = self.command(vec![inner], &function.body, &function.command, &super::Input::Inherited);
        self.calls -= 1;
        self.functions.pop();
        for end in &mut ends {
            end.positional.clone_from(&outer);
            end.end_function();
            end.frame = outer_frame;
            if end.flow == Flow::Return {
                end.flow = Flow::Normal;
            }
        }
        ends
    }

    /// Runs a piece of shell: a sourced file, or a script in a shell of its own.
    pub(super) fn run_body(
        &mut self,
        world: World,
        body: &Arc<Body>,
        arguments: Option<Vec<Text>>,
        shell: Shell,
    ) -> Vec<World> {
        if self.calls >= CALLS {
            self.walk.bound_reached = true;
            return vec![world];
        }
        self.calls += 1;
        let outer = world.clone();
        let mut inner = world;
        if let Some(arguments) = arguments {
            inner.positional = Some(Arc::new(arguments));
        }
        if let Shell::Own { errexit } = shell {
            inner.errexit = errexit;
            super::traps::forget(&mut inner);
        }
        let guarded_here = self.guarded_here;
        self.guarded_here &= shell == Shell::Same;
        let mut ends = self.list(vec![inner], body, &body.script.list);
        if shell != Shell::Same {
            ends = self.at_exit(ends);
        }
        self.guarded_here = guarded_here;
        self.calls -= 1;
        let leave = |mut end: World| {
            if shell == Shell::Same {
                end.positional.clone_from(&outer.positional);
                end.flow = if end.flow == Flow::Return { Flow::Normal } else { end.flow };
                return end;
            }
            end.flow = if end.flow == Flow::Return { Flow::Exit } else { end.flow };
            leave_subshell(end, &outer)
        };
        join(ends.into_iter().map(leave).collect())
    }
}

/// Runs something in a subshell: it has no trap of the outer shell, and runs its own when it ends.
pub(super) fn in_subshell<'a>(
    walker: &mut Walker<'a>,
    world: World,
    run: impl FnOnce(&mut Walker<'a>, World) -> Vec<World>,
) -> Vec<World> {
    let outer = world.clone();
    let mut inner = world;
    super::traps::forget(&mut inner);
    let ends = run(walker, inner);
    let ends = walker.at_exit(ends);
    ends.into_iter().map(|end| leave_subshell(end, &outer)).collect()
}

/// Back from a subshell: files and what happened stay, the shell's own state does not.
pub(super) fn leave_subshell(mut end: World, outer: &World) -> World {
    let (capture, status) = (end.capture.take(), end.status.clone());
    World { capture, status, ..end.in_shell(outer.clone()) }
}

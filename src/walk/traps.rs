//! `trap … EXIT`: what a shell runs at its end.

use std::sync::Arc;

use super::walker::{Walker, with_status};
use super::world::{Flow, Status, Variable, World};
use crate::clients::Arg;
use crate::text::Text;

/// Under which name, that no variable can have, a world keeps it.
const KEPT: &str = "trap EXIT";

/// `trap text EXIT`, `trap - EXIT`.
pub(super) fn set(world: &mut World, args: &[Arg]) -> Status {
    let at_exit = args.iter().skip(1).any(|arg| matches!(arg.text.as_literal(), Some("EXIT" | "0")));
    let Some(first) = args.first().filter(|_| at_exit) else { return Status::Success };
    forget(world);
    if !matches!(first.text.as_literal(), Some("-" | "")) {
        world.set(KEPT, Variable::new(first.text.clone(), vec![first.at]));
    }
    Status::Success
}

/// A new shell has no traps.
pub(super) fn forget(world: &mut World) {
    if world.variables.contains_key(KEPT) {
        Arc::make_mut(&mut world.variables).remove(KEPT);
    }
}

impl Walker<'_> {
    /// Runs what the shell is to run at its end.
    pub(super) fn at_exit(&mut self, ends: Vec<World>) -> Vec<World> {
        if ends.iter().all(|end| !end.variables.contains_key(KEPT)) {
            return ends;
        }
        let run = |mut end: World| {
            let Some(trap) = end.variables.get(KEPT).cloned() else { return vec![end] };
            let (flow, status) = (std::mem::replace(&mut end.flow, Flow::Normal), end.status.clone());
            forget(&mut end);
            let Some(at) = trap.from.first().copied() else { return vec![end] };
            let text: &Text = &trap.text;
            let (end, body) = self.embedded(end, text, at);
            // `( trap … ) || true` guards the subshell, not what runs when that is over.
            let guarded_here = std::mem::replace(&mut self.guarded_here, false);
            let ends = self.list(vec![end], &body, &body.script.list);
            self.guarded_here = guarded_here;
            let left = |end: World| if end.flow == Flow::Exit { end } else { with_status(end, status.clone()) };
            ends.into_iter().map(|end| World { flow, ..left(end) }).collect()
        };
        ends.into_iter().flat_map(run).collect()
    }
}

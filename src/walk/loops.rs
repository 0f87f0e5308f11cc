//! Loops: over words, on conditions, with `break` and `continue`.

use std::sync::Arc;

use super::arithmetic;
use super::body::Body;
use super::walker::{Walker, with_status};
use super::world::{Flow, Status, Variable, World, join};
use crate::shell::ast::{At, List, Word};
use crate::text::Text;

/// Rounds of a loop that are followed.
const ROUNDS: usize = 64;

impl Walker<'_> {
    pub(super) fn for_loop(
        &mut self,
        worlds: Vec<World>,
        body: &Arc<Body>,
        name: &str,
        words: Option<&[Word]>,
        list: &List,
    ) -> Vec<World> {
        let expanded = self.each(worlds, |walker, world| {
            let Some(words) = words else {
                return Ok(world
                    .positional
                    .as_ref()
                    .map(|texts| texts.iter().map(|text| (text.clone(), Vec::new())).collect())
                    .unwrap_or_default());
            };
            let mut texts = Vec::new();
            for word in words {
                texts.extend(walker.fields(world, body, word)?.into_iter().map(|arg| (arg.text, arg.from)));
            }
            Ok(texts)
        });
        let mut ends = Vec::new();
        for (world, texts) in expanded {
            let mut worlds = vec![world];
            self.walk.bound_reached |= texts.len() > ROUNDS;
            for (text, from) in texts.into_iter().take(ROUNDS) {
                if self.is_spent() {
                    break;
                }
                let variable = Variable::new(Self::loop_value(name, text), from);
                worlds = self.running(worlds, |walker, mut going| {
                    going.iter_mut().for_each(|world| world.set(name, variable.clone()));
                    walker.round(going, body, list)
                });
            }
            ends.extend(settle_loop(worlds));
        }
        self.bounded(join(ends))
    }

    /// `for ((a; b; c))`: while the numbers are known they decide; then the body is taken to run once.
    pub(super) fn arithmetic_for(&mut self, worlds: Vec<World>, body: &Arc<Body>, head: At, list: &List) -> Vec<World> {
        let at = body.span(head);
        let inner = body.source(head).strip_prefix("((").and_then(|rest| rest.strip_suffix("))")).unwrap_or("");
        let mut parts = inner.splitn(3, ';').map(str::trim);
        let (first, condition, step) = (parts.next(), parts.next().unwrap_or(""), parts.next());
        let run = |world: &mut World, text: Option<&str>| {
            let text = text.filter(|text| !text.is_empty())?;
            world.clock += 1;
            arithmetic::run(world, text, at)
        };
        let (mut going, mut ends) = (worlds, Vec::new());
        for world in &mut going {
            run(world, first);
        }
        for _ in 0..ROUNDS {
            let (mut rounds, mut once) = (Vec::new(), Vec::new());
            for mut world in going {
                match if condition.is_empty() { Some(1) } else { run(&mut world, Some(condition)) } {
                    Some(0) => ends.push(with_status(world, Status::Success)),
                    Some(_) => rounds.push(world),
                    None => once.push(world),
                }
            }
            ends.extend(self.round(once, body, list));
            let after = self.round(rounds, body, list);
            let (more, over): (Vec<_>, Vec<_>) = after.into_iter().partition(|world| world.flow == Flow::Normal);
            ends.extend(over);
            going = more;
            for world in &mut going {
                run(world, step);
            }
            if going.is_empty() || self.is_spent() {
                break;
            }
        }
        ends.append(&mut going);
        self.bounded(join(settle_loop(ends)))
    }

    /// A word of a loop: an unknown text may hold several words, so the variable is one of them.
    fn loop_value(name: &str, text: Text) -> Text {
        let many = text.as_literal().is_some_and(super::glob::is_pattern)
            || text.symbols().any(|symbol| symbol.data().form.space);
        if !many {
            return text;
        }
        let shown = format!("${name}");
        super::operate::map(&text, &shown, |form| form.space = false)
    }

    /// One run of a loop's body.
    pub(super) fn round(&mut self, worlds: Vec<World>, body: &Arc<Body>, list: &List) -> Vec<World> {
        let mut ends = self.list(worlds, body, list);
        for world in &mut ends {
            world.flow = match world.flow {
                Flow::Continue(1) => Flow::Normal,
                Flow::Continue(depth) => Flow::Continue(depth - 1),
                flow => flow,
            };
        }
        self.bounded(join(ends))
    }

    /// While the condition is known it decides; then the body is taken to run once: what it does is
    /// what the loop is for.
    pub(super) fn while_loop(
        &mut self,
        worlds: Vec<World>,
        body: &Arc<Body>,
        condition: &List,
        (until, list): (bool, &List),
    ) -> Vec<World> {
        let (mut going, mut ends) = (worlds, Vec::new());
        for _ in 0..ROUNDS {
            let tested = self.under(true, |walker| walker.list(going, body, condition));
            let (mut rounds, mut once) = (Vec::new(), Vec::new());
            for world in tested {
                match &world.status {
                    _ if world.flow != Flow::Normal => ends.push(world),
                    Status::Unknown { .. } => once.push(world),
                    status if (*status == Status::Success) != until => rounds.push(world),
                    _ => ends.push(with_status(world, Status::Success)),
                }
            }
            let after = self.round(once, body, list);
            ends.extend(after.into_iter().map(|world| with_status(world, Status::Success)));
            let after = self.round(rounds, body, list);
            let (more, over): (Vec<_>, Vec<_>) = after.into_iter().partition(|world| world.flow == Flow::Normal);
            ends.extend(over);
            going = more;
            if going.is_empty() || self.is_spent() {
                break;
            }
        }
        ends.append(&mut going);
        let ends = settle_loop(ends);
        self.bounded(join(ends))
    }
}

/// Ends `break` at the end of a loop.
fn settle_loop(mut worlds: Vec<World>) -> Vec<World> {
    for world in &mut worlds {
        world.flow = match world.flow {
            Flow::Break(1) => Flow::Normal,
            Flow::Break(depth) => Flow::Break(depth - 1),
            flow => flow,
        };
    }
    worlds
}

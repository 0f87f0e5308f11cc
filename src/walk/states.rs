//! How many states a walk keeps, and where it splits one: bounds, questions, decisions.

use std::collections::VecDeque;
use std::sync::Arc;

use super::Atom;
use super::body::{Body, Language};
use super::expand::Asked;
use super::walker::Walker;
use super::widen::widen;
use super::world::{Status, World};
use crate::source::{Mapped, Span};

/// Worlds kept at once, where a job can matter.
pub(super) const WORLDS: usize = 32;
/// Questions that are answered on the way to one world.
const QUESTIONS: usize = 64;

impl Walker<'_> {
    /// Whether a bound was reached that ends the walk.
    pub(super) fn is_spent(&mut self) -> bool {
        self.walk.bound_reached |= self.budget.is_spent();
        self.budget.is_spent()
    }

    /// Ends the walk: what it would find is more than can be followed.
    pub(super) fn give_up(&mut self) {
        self.budget.stop();
        self.walk.bound_reached = true;
    }

    /// The body of a text of the job's own.
    pub(super) fn own_body(&mut self, text: Mapped, at: Span) -> Arc<Body> {
        self.body(text, self.language(), at)
    }

    /// The body of a text; an empty one where there is too much to read.
    pub(super) fn body(&mut self, text: Mapped, language: Language, at: Span) -> Arc<Body> {
        match self.bodies.get(text, language, at, self.budget) {
            Some(body) => body,
            None => {
                self.give_up();
                Arc::new(Body::empty(at))
            }
        }
    }

    /// At most as many worlds as are kept.
    pub(super) fn bounded(&mut self, mut worlds: Vec<World>) -> Vec<World> {
        if worlds.len() > self.most && !widen(&mut worlds, self.most) {
            self.walk.bound_reached = true;
            worlds.truncate(self.most * 2);
        }
        worlds
    }

    /// The world after success and after failure of its last command.
    pub(super) fn decide(&mut self, mut world: World) -> (Option<World>, Option<World>) {
        let (atom, negated) = match &world.status {
            Status::Success => return (Some(world), None),
            Status::Failure => return (None, Some(world)),
            Status::Unknown { key, negated, .. } => (Atom::Command(key.to_string()), *negated),
        };
        world.status = Status::Success;
        if world.atoms.len() >= QUESTIONS {
            self.give_up();
        }
        let split = |succeeds: bool| {
            let holds = succeeds != negated;
            let mut found = match world.atoms.answer(&atom) {
                Some(known) => (known == holds).then(|| world.clone()),
                None => world.assume(&atom, holds),
            }?;
            found.status = if succeeds { Status::Success } else { Status::Failure };
            Some(found)
        };
        (split(true), split(false))
    }

    /// Runs `step` in each world; where it asks, in the world split by the answer.
    pub(super) fn each<T>(
        &mut self,
        worlds: Vec<World>,
        mut step: impl FnMut(&mut Self, &mut World) -> Asked<T>,
    ) -> Vec<(World, T)> {
        let mut waiting: VecDeque<World> = worlds.into();
        let mut done: Vec<(World, T)> = Vec::with_capacity(waiting.len());
        while let Some(world) = waiting.pop_front() {
            let mut attempt = world.clone();
            let atom = match step(self, &mut attempt) {
                Ok(result) => {
                    done.push((attempt, result));
                    continue;
                }
                Err(atom) => atom,
            };
            if world.atoms.len() >= QUESTIONS {
                self.give_up();
            }
            if self.is_spent() {
                break;
            }
            let both = [world.assume(&atom, true), world.assume(&atom, false)];
            if done.len() + waiting.len() < WORLDS * 4 {
                waiting.extend(both.into_iter().flatten());
            } else {
                self.walk.bound_reached = true;
                waiting.extend(both.into_iter().flatten().next());
            }
        }
        done
    }
}

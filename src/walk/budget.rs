//! How much work the walk may do: for one job, and for all jobs together. Past a bound the walk
//! stops, and what the job does is known only in part.

use super::world::World;
use crate::source::Sources;

/// Commands run for one job.
const STEPS: usize = 20_000;
/// How much of a world's state is copied at the price of one command.
const STATE: usize = 64;
/// How much expanded text is made at the price of one command.
const TEXT: usize = 256;
/// What one command costs, in bytes of a script that is read.
const COMMAND: usize = 64;
/// Work for each byte of the input.
const FACTOR: usize = 50;
/// Work that even the smallest input may ask for.
const LEAST: usize = 16 << 20;
/// The part of the work that is left which one job may take: one of so many.
const SHARE: usize = 4;
/// The longest text that expansions may make, in bytes.
pub(super) const LONGEST: usize = 1 << 16;

/// What is left of the bounds.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Budget {
    /// Commands of the job at hand.
    steps: usize,
    /// Work of all jobs.
    work: usize,
    /// What the job at hand has to leave of it for the others.
    floor: usize,
}

impl Budget {
    /// The budget for these files.
    pub fn new(sources: &Sources) -> Self {
        let bytes: usize = sources.iter().map(|(_, source)| source.text.len()).sum();
        Budget { steps: STEPS, work: (bytes * FACTOR).max(LEAST), floor: 0 }
    }

    /// The budget for the next job: a part of what the ones before it left.
    pub fn next_job(&mut self) {
        self.steps = STEPS;
        self.floor = self.work - self.work / SHARE;
    }

    /// As many steps again for another walk through the same job.
    pub fn again(&mut self) {
        self.steps = STEPS;
    }

    /// Takes what a command costs that runs in these worlds.
    pub fn command(&mut self, worlds: &[World]) {
        let steps: usize = worlds.iter().map(|world| 1 + world.size() / STATE).sum();
        self.steps = self.steps.saturating_sub(steps);
        self.work = self.work.saturating_sub(steps * COMMAND);
    }

    /// Takes what a text costs that expansions made.
    pub fn text(&mut self, weight: usize) {
        self.steps = self.steps.saturating_sub(weight / TEXT);
        self.work = self.work.saturating_sub(weight);
    }

    /// Takes what reading a script of so many bytes costs.
    pub fn read(&mut self, bytes: usize) {
        self.work = self.work.saturating_sub(bytes);
    }

    /// Leaves nothing for the job at hand.
    pub fn stop(&mut self) {
        self.steps = 0;
    }

    /// Whether nothing is left.
    pub fn is_spent(&self) -> bool {
        self.steps == 0 || self.work <= self.floor
    }
}

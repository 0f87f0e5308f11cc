//! Builds a [`Mapped`] text in as few segments as the places allow.

use std::ops::Range;

use super::Raw;
use crate::source::Mapped;

/// A mapped text under construction; neighbouring bytes become one segment.
pub(super) struct Runs<'t> {
    raw: Raw<'t>,
    mapped: Mapped,
    run: Range<usize>,
}

impl<'t> Runs<'t> {
    pub(super) fn new(raw: Raw<'t>) -> Self {
        Runs { raw, mapped: Mapped::default(), run: 0..0 }
    }

    /// Appends bytes that were written as they are.
    pub(super) fn copy(&mut self, range: Range<usize>) {
        if self.run.end == range.start && !self.run.is_empty() {
            self.run.end = range.end;
        } else {
            self.flush();
            self.run = range;
        }
    }

    /// Appends text that `range` stands for.
    pub(super) fn stand_for(&mut self, range: Range<usize>, text: &str) {
        self.flush();
        self.mapped.push_coarse(text, self.raw.span(range));
    }

    fn flush(&mut self) {
        let run = std::mem::replace(&mut self.run, 0..0);
        self.mapped.push_exact(self.raw.text.get(run.clone()).unwrap_or(""), self.raw.span(run));
    }

    pub(super) fn finish(mut self) -> Mapped {
        self.flush();
        self.mapped
    }
}

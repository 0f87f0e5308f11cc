//! One run of the linter over some roots, and lines in place of spans.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use pushlint::analysis::{Analysis, analyse};
use pushlint::facts::Facts;
use pushlint::files::Disk;
use pushlint::judge::{Reported, Wanted, judge};
use pushlint::lints;
use pushlint::source::{Sources, Span};

/// What came of it.
pub struct Run {
    pub analysis: Analysis,
    pub reported: Vec<Reported>,
    pub took: Duration,
}

/// Checks one root below `folder`, knowing nothing else; `None`: it panicked.
pub fn run(folder: &Path, root: &str) -> Option<Run> {
    catch_unwind(AssertUnwindSafe(|| {
        let begin = Instant::now();
        let analysis = analyse(&Disk::new(folder.to_path_buf()), &[root.to_owned()], &Facts::default());
        let reported = judge(&analysis, lints::ALL, Wanted::default());
        Run { analysis, reported, took: begin.elapsed() }
    }))
    .ok()
}

/// The file of a span and the lines that it covers.
pub fn lines(sources: &Sources, span: Span) -> BTreeSet<(String, usize)> {
    let source = sources.get(span.file);
    let range = span.range();
    let last = source.line_of(range.end.saturating_sub(1).max(range.start));
    (source.line_of(range.start)..=last).map(|line| (source.path.clone(), line)).collect()
}

impl Run {
    /// The lines of a finding's own place.
    pub fn own(&self, one: &Reported) -> BTreeSet<(String, usize)> {
        lines(&self.analysis.sources, one.finding.at)
    }

    /// The lines of a finding's other places.
    pub fn others(&self, one: &Reported) -> BTreeSet<(String, usize)> {
        one.finding.labels.iter().flat_map(|label| lines(&self.analysis.sources, label.at)).collect()
    }

    /// `file:line lint (certainty) message`.
    pub fn told(&self, one: &Reported) -> String {
        let source = self.analysis.sources.get(one.finding.at.file);
        let line = source.line_of(one.finding.at.range().start);
        let certainty = one.finding.certainty.name();
        format!("{}:{line} {} ({certainty}) {}", source.path, one.lint, one.finding.message)
    }
}

/// A share in percent; all of nothing is all.
pub fn percent(part: usize, whole: usize) -> f64 {
    let narrow = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    if whole == 0 { 100.0 } else { 100.0 * narrow(part) / narrow(whole) }
}

/// `12/13 92%`.
pub fn share(part: usize, whole: usize) -> String {
    format!("{part}/{whole} {:.0}%", percent(part, whole))
}

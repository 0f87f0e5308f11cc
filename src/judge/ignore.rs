//! Comments that silence: `# pushlint: ignore[lint, …] reason` and `ignore-file[…]`.

mod comment;

use std::collections::{BTreeMap, BTreeSet};

use super::{Raised, UNREADABLE, UNUSED};
use crate::analysis::Analysis;
use crate::finding::{Cause, Certainty, Finding};
use crate::lint::Lint;
use crate::nearest::nearest;
use crate::scenario::Scenarios;
use crate::source::{FileId, Sources, Span};
use comment::{Comment, Covers};

/// One id of one comment.
struct Silence<'a> {
    /// Where the id stands.
    at: Span,
    id: &'a str,
    covers: Covers,
    used: bool,
}

/// Drops what comments silence, and adds what is wrong with the comments themselves.
pub(super) fn silence(analysis: &Analysis, lints: &[&'static Lint], raised: Vec<Raised>) -> Vec<Raised> {
    let comments = comments(&analysis.sources);
    if comments.is_empty() {
        return raised;
    }
    let mut silences = Silences::of(analysis, &comments);
    let mut spoken: Vec<Raised> = raised.into_iter().filter_map(|one| silences.pass(&analysis.sources, one)).collect();
    let Some(lint) = lints.iter().find(|lint| lint.id == UNUSED) else { return spoken };
    // A file with faults has jobs that were not judged: their comments may well silence something.
    let whole = analysis.faults.is_empty();
    let mut wrong: Vec<Raised> = comments.iter().filter_map(|comment| misplaced(lint, comment)).collect();
    wrong.extend(silences.complaints(lint, lints, whole, false));
    spoken.extend(wrong.into_iter().filter_map(|one| silences.pass(&analysis.sources, one)));
    spoken.extend(silences.complaints(lint, lints, whole, true));
    spoken
}

fn comments(sources: &Sources) -> Vec<Comment<'_>> {
    sources.iter().flat_map(|(file, source)| comment::find(file, source)).collect()
}

/// All silences, found by what they cover.
#[derive(Default)]
struct Silences<'a> {
    all: Vec<Silence<'a>>,
    by_line: BTreeMap<(FileId, usize), Vec<usize>>,
    /// By the first line of the block.
    by_block: BTreeMap<(FileId, usize), Vec<usize>>,
    by_file: BTreeMap<FileId, Vec<usize>>,
    by_job: BTreeMap<&'a str, Vec<usize>>,
}

impl<'a> Silences<'a> {
    fn of(analysis: &'a Analysis, comments: &[Comment<'a>]) -> Self {
        let jobs = jobs_by_line(analysis);
        let mut made = Silences::default();
        for comment in comments {
            let file = comment.at.file;
            for (id, at) in &comment.ids {
                let number = made.all.len();
                made.all.push(Silence { at: *at, id, covers: comment.covers.clone(), used: false });
                match &comment.covers {
                    Covers::Line(line) => made.by_line.entry((file, *line)).or_default().push(number),
                    Covers::File => made.by_file.entry(file).or_default().push(number),
                    Covers::Nothing => {}
                    Covers::Block(lines) => {
                        made.by_block.entry((file, lines.start)).or_default().push(number);
                        if let Some(job) = jobs.get(&(file, lines.start)) {
                            made.by_job.entry(job).or_default().push(number);
                        }
                    }
                }
            }
        }
        made
    }

    /// The finding, if something of it is left: a comment above a job silences that job's part.
    fn pass(&mut self, sources: &Sources, mut raised: Raised) -> Option<Raised> {
        let id = raised.lint.id;
        if id == UNREADABLE {
            return Some(raised);
        }
        let hits = self.hits(sources, &raised.finding, id);
        for hit in &hits {
            self.all[*hit].used = true;
        }
        (hits.is_empty() && self.concerns_others(id, &mut raised.finding.jobs)).then_some(raised)
    }

    /// The silences of a lint that cover a finding: its own place, or for those of one line any place that it points at.
    fn hits(&self, sources: &Sources, finding: &Finding, id: &str) -> Vec<usize> {
        let at = finding.at;
        let line = sources.get(at.file).line_of(at.range().start);
        let inside = |covers: &Covers| matches!(covers, Covers::Block(lines) if lines.contains(&line));
        let block = self.by_block.range((at.file, 0)..=(at.file, line)).next_back().into_iter();
        let block = block.flat_map(|(_, numbers)| numbers).filter(|number| inside(&self.all[**number].covers));
        let lines = places(sources, finding);
        let lines = lines.iter().filter_map(|place| self.by_line.get(place)).flatten();
        let wide = self.by_file.get(&at.file).into_iter().flatten().chain(block);
        lines.chain(wide).copied().filter(|hit| self.all[*hit].id == id).collect()
    }

    /// Takes away the jobs that a comment above them silences; whether any is left, or none was named.
    fn concerns_others(&mut self, id: &str, jobs: &mut Vec<String>) -> bool {
        let named = jobs.len();
        jobs.retain(|job| {
            let numbers = self.by_job.get(job.as_str()).into_iter().flatten();
            let hits: Vec<usize> = numbers.copied().filter(|number| self.all[*number].id == id).collect();
            for hit in &hits {
                self.all[*hit].used = true;
            }
            hits.is_empty()
        });
        named == 0 || !jobs.is_empty()
    }

    /// What is wrong with ids: unknown, never silenced, or without any effect.
    fn complaints(&self, lint: &'static Lint, lints: &[&'static Lint], whole: bool, own: bool) -> Vec<Raised> {
        let asked = self.all.iter().filter(|silence| (silence.id == UNUSED) == own);
        let unused = asked.filter(|silence| !silence.used && !matches!(silence.covers, Covers::Nothing));
        unused.filter_map(|silence| complaint(lint, lints, silence, whole)).collect()
    }
}

/// The lines that a finding points at: first and last of each place.
fn places(sources: &Sources, finding: &Finding) -> BTreeSet<(FileId, usize)> {
    let spans = [finding.at, finding.cause.at].into_iter().chain(finding.labels.iter().map(|label| label.at));
    let lines = spans.flat_map(|span| {
        let source = sources.get(span.file);
        let last = span.range().end.saturating_sub(1).max(span.range().start);
        [(span.file, source.line_of(span.range().start)), (span.file, source.line_of(last))]
    });
    lines.collect()
}

/// The visible jobs by the line of their name.
fn jobs_by_line(analysis: &Analysis) -> BTreeMap<(FileId, usize), &str> {
    let jobs = analysis.pipelines.iter().flat_map(|checked| &checked.pipeline.jobs);
    let lines = jobs.map(|job| {
        let at = job.name_at;
        ((at.file, analysis.sources.get(at.file).line_of(at.range().start)), job.name.as_str())
    });
    lines.collect()
}

fn misplaced(lint: &'static Lint, comment: &Comment<'_>) -> Option<Raised> {
    if comment.ids.is_empty() {
        let help = "name the lint in the brackets: `ignore[mutable-tag]`".to_owned();
        return Some(raise(
            lint,
            comment.at,
            "nothing to silence",
            "this comment names no lint".to_owned(),
            Some(help),
        ));
    }
    let help = || Some("move it above the first key".to_owned());
    matches!(comment.covers, Covers::Nothing).then(|| {
        raise(
            lint,
            comment.at,
            "below the first key",
            "`ignore-file` works at the top of a file only".to_owned(),
            help(),
        )
    })
}

fn complaint(lint: &'static Lint, lints: &[&'static Lint], silence: &Silence<'_>, whole: bool) -> Option<Raised> {
    let id = silence.id;
    if id == UNREADABLE {
        return Some(raise(
            lint,
            silence.at,
            "nothing switches it off",
            format!("`{UNREADABLE}` cannot be silenced"),
            None,
        ));
    }
    if !lints.iter().any(|lint| lint.id == id) {
        let near = nearest(id, lints.iter().map(|lint| lint.id)).map(|name| format!("did you mean `{name}`?"));
        return Some(raise(lint, silence.at, "not a lint's name", format!("there is no lint `{id}`"), near));
    }
    let help = Some("remove it, or move it to the line of the finding".to_owned());
    whole.then(|| raise(lint, silence.at, "no such finding here", format!("this comment silences no `{id}`"), help))
}

fn raise(lint: &'static Lint, at: Span, label: &str, message: String, help: Option<String>) -> Raised {
    let finding = Finding {
        message,
        at,
        label: label.to_owned(),
        help,
        certainty: Certainty::Certain,
        labels: Vec::new(),
        jobs: Vec::new(),
        scenarios: Scenarios::ALL,
        cause: Cause { at, kind: "suppression" },
    };
    Raised { lint, finding, aside: false }
}

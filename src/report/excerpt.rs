//! The lines that one finding shows, from all its files, as one small text: made harmless, long
//! lines cut to a window, each line with its number. What it costs depends on the finding alone.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{Shown, printable};
use crate::source::{FileId, Source, Sources, Span};

/// Lines of more bytes are cut.
const LONGEST: usize = 400;
/// What is left of the first place in a cut line.
const BEFORE: usize = 80;
/// A place over more lines is shown by its first.
const TALLEST: usize = 5;
/// Stands for what was cut.
const CUT: &str = "…";

/// The excerpt of a finding.
#[derive(Debug, Default)]
pub(super) struct Excerpt {
    /// The lines, each ended by `\n`.
    pub(super) text: String,
    /// What is known of each line.
    pub(super) lines: Vec<Line>,
    /// Each place in `text`, in the order given.
    pub(super) places: Vec<Range<usize>>,
    /// The files, as shown.
    pub(super) names: Vec<String>,
}

/// A line of an excerpt.
#[derive(Debug)]
pub(super) struct Line {
    /// The file, among [`Excerpt::names`].
    pub(super) name: usize,
    /// Its 1-based number in the file.
    pub(super) number: usize,
    /// Where it begins in the excerpt.
    pub(super) start: usize,
    /// The 0-based column, in characters, at which its window begins.
    pub(super) column: usize,
}

/// Where a line's window lies: bytes of the file, and of the excerpt.
struct Window {
    file: Range<usize>,
    start: usize,
}

impl Excerpt {
    /// The excerpt for these places, the first being the one that matters.
    pub(super) fn of(sources: &Sources, spans: &[Span], shown: Shown<'_>) -> Self {
        let mut excerpt = Excerpt::default();
        let mut wanted: Vec<(FileId, BTreeMap<usize, Option<usize>>)> = Vec::new();
        let cut: Vec<Span> = spans.iter().map(|span| lowered(sources.get(span.file), *span)).collect();
        for span in &cut {
            let at = wanted.iter().position(|(file, _)| *file == span.file).unwrap_or_else(|| {
                wanted.push((span.file, BTreeMap::new()));
                wanted.len() - 1
            });
            ask(sources.get(span.file), *span, &mut wanted[at].1);
        }
        let mut windows = BTreeMap::new();
        for (file, lines) in wanted {
            let source = sources.get(file);
            excerpt.names.push(printable(&shown(&source.path)).into_owned());
            for (number, focus) in lines {
                windows.insert((file, number), excerpt.add(source, number, focus));
            }
        }
        excerpt.places = cut.iter().map(|span| place(sources.get(span.file), *span, &windows)).collect();
        excerpt
    }

    /// Appends a line, cut to a window around `focus`.
    fn add(&mut self, source: &Source, number: usize, focus: Option<usize>) -> Window {
        let line = source.line(number);
        let window = window(source, line.clone(), focus.unwrap_or(line.start));
        let column = source.text.get(line.start..window.start).map_or(0, |text| text.chars().count());
        let start = self.text.len();
        let mut column_of_text = column;
        if window.start > line.start {
            self.text.push_str(CUT);
            column_of_text = column.saturating_sub(1);
        }
        let shown_from = self.text.len();
        self.text.push_str(&printable(source.text.get(window.clone()).unwrap_or("")));
        if window.end < line.end {
            self.text.push_str(CUT);
        }
        self.text.push('\n');
        self.lines.push(Line { name: self.names.len() - 1, number, start, column: column_of_text });
        Window { file: window, start: shown_from }
    }

    /// The index of the line at an offset of the excerpt.
    pub(super) fn line_at(&self, offset: usize) -> usize {
        self.lines.partition_point(|line| line.start <= offset).saturating_sub(1)
    }
}

/// A place of many lines is shown by its first.
fn lowered(source: &Source, span: Span) -> Span {
    let range = span.range();
    let end = range.end.min(source.text.len());
    let first = source.line_of(range.start);
    if source.line_of(end.saturating_sub(1).max(range.start)) - first < TALLEST {
        return Span::new(span.file, range.start, end);
    }
    Span::new(span.file, range.start, source.line(first).end)
}

/// Asks for the lines of a place and one on each side; the first to ask for a line has its window.
fn ask(source: &Source, span: Span, lines: &mut BTreeMap<usize, Option<usize>>) {
    let range = span.range();
    let first = source.line_of(range.start);
    let last = source.line_of(range.end.saturating_sub(1).max(range.start));
    // What stands after the last line break is a line to show only where a place is in it.
    let count = source.line_count();
    let end = if source.line(count).is_empty() { last.max(count - 1) } else { count };
    for number in first.saturating_sub(1).max(1)..=(last + 1).min(end) {
        let focus = lines.entry(number).or_default();
        if (first..=last).contains(&number) && focus.is_none() {
            *focus = Some(range.start.max(source.line(number).start));
        }
    }
}

fn window(source: &Source, line: Range<usize>, focus: usize) -> Range<usize> {
    if line.len() <= LONGEST {
        return line;
    }
    let start = focus.saturating_sub(BEFORE).clamp(line.start, line.end.saturating_sub(LONGEST));
    let end = (start + LONGEST).min(line.end);
    boundary(&source.text, start)..boundary(&source.text, end)
}

/// The start of the character that holds this byte.
fn boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// A place of the file in the excerpt; moved to the window's edge where it lies outside.
fn place(source: &Source, span: Span, windows: &BTreeMap<(FileId, usize), Window>) -> Range<usize> {
    let find = |offset: usize, number: usize| {
        windows.get(&(span.file, number)).map_or(0, |window| {
            let offset = boundary(&source.text, offset.clamp(window.file.start, window.file.end));
            window.start + offset - window.file.start
        })
    };
    let range = span.range();
    let start = find(range.start, source.line_of(range.start));
    let end = find(range.end, source.line_of(range.end.saturating_sub(1).max(range.start)));
    start..end.max(start)
}

//! Reports for people. The only file that knows miette.

use std::fmt;
use std::io::{self, Write};

use miette::{
    Diagnostic, GraphicalTheme, LabeledSpan, MietteError, MietteHandler, MietteHandlerOpts, MietteSpanContents,
    ReportHandler, Severity, SourceCode, SourceSpan, SpanContents,
};

use super::excerpt::Excerpt;
use super::{Shown, counted, printable};
use crate::finding::{Certainty, Finding};
use crate::judge::Reported;
use crate::lint::Level;
use crate::source::{Sources, Span};

/// Places beyond these are counted, not shown.
const MOST_PLACES: usize = 10;

/// How to draw.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// With colours.
    pub color: bool,
    /// Columns; `None`: those of the terminal.
    pub width: Option<usize>,
}

/// Writes all findings and, where there are any, their number.
///
/// # Errors
/// When `out` refuses.
pub fn write(
    out: &mut dyn Write,
    sources: &Sources,
    reported: &[Reported],
    shown: Shown<'_>,
    style: Style,
) -> io::Result<()> {
    let handler = handler(style);
    for one in reported {
        let drawing = Drawing::of(sources, one, shown);
        writeln!(out, "{}", Drawn { handler: &handler, drawing: &drawing })?;
    }
    if !reported.is_empty() {
        writeln!(out, "{}", counted(reported.iter().map(|one| one.level)))?;
    }
    Ok(())
}

fn handler(style: Style) -> MietteHandler {
    let theme = if style.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let options = MietteHandlerOpts::new()
        .force_graphical(true)
        .graphical_theme(theme)
        .terminal_links(false)
        .without_syntax_highlighting()
        .context_lines(1);
    match style.width {
        Some(width) => options.width(width.max(80)).build(),
        None => options.build(),
    }
}

struct Drawn<'a> {
    handler: &'a MietteHandler,
    drawing: &'a Drawing<'a>,
}

impl fmt::Display for Drawn<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.handler.debug(self.drawing, out)
    }
}

/// One finding as miette sees it.
#[derive(Debug)]
struct Drawing<'a> {
    reported: &'a Reported,
    excerpt: Excerpt,
    words: Vec<String>,
    help: Option<String>,
}

impl<'a> Drawing<'a> {
    fn of(sources: &Sources, reported: &'a Reported, shown: Shown<'_>) -> Self {
        let finding = &reported.finding;
        let others = finding.labels.iter().map(|label| (label.at, label.message.as_str()));
        let all = std::iter::once((finding.at, finding.label.as_str())).chain(others);
        let (spans, words): (Vec<Span>, Vec<&str>) = all.take(MOST_PLACES).unzip();
        Drawing {
            reported,
            excerpt: Excerpt::of(sources, &spans, shown),
            words: words.into_iter().map(|word| printable(word).into_owned()).collect(),
            help: help(finding),
        }
    }
}

/// What to do, in which jobs it happens, and what was not shown.
fn help(finding: &Finding) -> Option<String> {
    let mut lines: Vec<String> = finding.help.iter().map(|help| printable(help).into_owned()).collect();
    if !finding.jobs.is_empty() {
        let word = if finding.jobs.len() == 1 { "job" } else { "jobs" };
        lines.push(format!("{word}: {}", printable(&finding.jobs.join(", "))));
    }
    if finding.labels.len() >= MOST_PLACES {
        lines.push(format!("and at {} more places", finding.labels.len() + 1 - MOST_PLACES));
    }
    (!lines.is_empty()).then(|| lines.join("\n"))
}

impl fmt::Display for Drawing<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&printable(&self.reported.finding.message))
    }
}

impl std::error::Error for Drawing<'_> {}

impl Diagnostic for Drawing<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let likely = if self.reported.finding.certainty == Certainty::Likely { ", likely" } else { "" };
        Some(Box::new(format!("{}[{}]{likely}", self.reported.level.name(), self.reported.lint)))
    }

    fn severity(&self) -> Option<Severity> {
        Some(match self.reported.level {
            Level::Error => Severity::Error,
            Level::Warning => Severity::Warning,
            Level::Advice => Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.excerpt)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let places = self.excerpt.places.iter().zip(&self.words).enumerate();
        Some(Box::new(places.map(|(index, (place, word))| {
            let (word, span) = (Some(word.clone()), (place.start, place.len()));
            if index == 0 {
                LabeledSpan::new_primary_with_span(word, span)
            } else {
                LabeledSpan::new_with_span(word, span)
            }
        })))
    }
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let end = span.offset() + span.len();
        let (first, last) = (self.line_at(span.offset()), self.line_at(end.saturating_sub(1).max(span.offset())));
        if end > self.text.len() || !self.is_one_piece(first, last) {
            return Err(MietteError::OutOfBounds);
        }
        let first = (0..before).fold(first, |at, _| if at > 0 && self.is_one_piece(at - 1, at) { at - 1 } else { at });
        let last = (0..after).fold(last, |at, _| if self.is_one_piece(at, at + 1) { at + 1 } else { at });
        let (line, start) = (&self.lines[first], self.lines[first].start);
        let stop = self.lines.get(last + 1).map_or(self.text.len(), |next| next.start);
        // With no context asked for, miette wants the position of the place itself.
        let (from, column) = if before + after == 0 {
            (span.offset(), line.column + self.text[start..span.offset()].chars().count())
        } else {
            (start, 0)
        };
        let data = self.text.as_bytes().get(from..stop).ok_or(MietteError::OutOfBounds)?;
        let whole = SourceSpan::from((from, stop - from));
        let (name, number) = (self.names[line.name].clone(), line.number - 1);
        Ok(Box::new(MietteSpanContents::new_named(name, data, whole, number, column, last - first + 1)))
    }
}

impl Excerpt {
    /// Whether these lines stand below each other in one file.
    fn is_one_piece(&self, first: usize, last: usize) -> bool {
        let (Some(left), Some(right)) = (self.lines.get(first), self.lines.get(last)) else { return false };
        left.name == right.name && right.number - left.number == last - first
    }
}

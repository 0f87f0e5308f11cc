//! The JSON contract, version 1; its schema is `schemas/findings.schema.json`.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};

use super::page_url;
use super::printable::is_harmful;
use crate::analysis::Analysis;
use crate::judge::Reported;
use crate::model::Note;
use crate::source::{Source, Sources, Span};

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    tool: Tool,
    findings: Vec<Finding<'a>>,
    notes: Vec<Noted<'a>>,
    files: Vec<&'a str>,
    root: &'a str,
    jobs: usize,
    pushes: usize,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Finding<'a> {
    lint: &'static str,
    level: &'static str,
    certainty: &'static str,
    message: &'a str,
    label: &'a str,
    help: Option<&'a str>,
    url: String,
    jobs: &'a [String],
    scenarios: Vec<&'static str>,
    #[serde(flatten)]
    at: Place<'a>,
    labels: Vec<Label<'a>>,
    fingerprint: &'a str,
    fixes: [(); 0],
}

#[derive(Serialize)]
struct Label<'a> {
    #[serde(flatten)]
    at: Place<'a>,
    message: &'a str,
}

#[derive(Serialize)]
pub(super) struct Noted<'a> {
    kind: &'static str,
    file: Option<&'a str>,
    start: Option<Position>,
    end: Option<Position>,
    message: &'a str,
}

/// A piece of a file.
#[derive(Serialize)]
pub(super) struct Place<'a> {
    file: &'a str,
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Position {
    line: usize,
    column: usize,
    offset: usize,
}

impl Position {
    fn of(source: &Source, offset: usize) -> Self {
        let (line, column) = source.position(offset);
        Position { line, column, offset }
    }
}

impl<'a> Place<'a> {
    pub(super) fn of(sources: &'a Sources, span: Span) -> Self {
        let source = sources.get(span.file);
        let range = span.range();
        Place { file: &source.path, start: Position::of(source, range.start), end: Position::of(source, range.end) }
    }
}

pub(super) fn notes(analysis: &Analysis) -> Vec<Noted<'_>> {
    analysis.notes.iter().map(|note| noted(&analysis.sources, note)).collect()
}

fn noted<'a>(sources: &'a Sources, note: &'a Note) -> Noted<'a> {
    let place = note.at.map(|span| Place::of(sources, span));
    let (file, start, end) = match place {
        Some(place) => (Some(place.file), Some(place.start), Some(place.end)),
        None => (None, None, None),
    };
    Noted { kind: note.kind.name(), file, start, end, message: &note.message }
}

fn finding<'a>(sources: &'a Sources, reported: &'a Reported) -> Finding<'a> {
    let finding = &reported.finding;
    let labels = finding.labels.iter().map(|label| Label { at: Place::of(sources, label.at), message: &label.message });
    Finding {
        lint: reported.lint,
        level: reported.level.name(),
        certainty: finding.certainty.name(),
        message: &finding.message,
        label: &finding.label,
        help: finding.help.as_deref(),
        url: page_url(reported.lint),
        jobs: &finding.jobs,
        scenarios: finding.scenarios.names(),
        at: Place::of(sources, finding.at),
        labels: labels.collect(),
        fingerprint: &reported.fingerprint,
        fixes: [],
    }
}

/// Writes the findings as one document.
///
/// # Errors
/// When `out` refuses.
pub fn write(out: &mut dyn Write, analysis: &Analysis, reported: &[Reported], root: &str) -> io::Result<()> {
    let document = Document {
        version: 1,
        tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        findings: reported.iter().map(|one| finding(&analysis.sources, one)).collect(),
        notes: notes(analysis),
        files: analysis.sources.iter().map(|(_, source)| source.path.as_str()).collect(),
        root,
        jobs: analysis.jobs(),
        pushes: analysis.pushes(),
    };
    dump(out, &document)
}

/// Writes any document, harmless for a terminal.
pub(super) fn dump(out: &mut dyn Write, document: &impl Serialize) -> io::Result<()> {
    let mut serializer = Serializer::with_formatter(&mut *out, Harmless(PrettyFormatter::new()));
    document.serialize(&mut serializer)?;
    writeln!(out)
}

/// Pretty JSON in which no character of the input can reach the terminal as a control sequence.
struct Harmless(PrettyFormatter<'static>);

impl Formatter for Harmless {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some((at, char)) = rest.char_indices().find(|(_, char)| is_harmful(*char)) {
            out.write_all(&rest.as_bytes()[..at])?;
            write!(out, "\\u{:04x}", char as u32)?;
            rest = &rest[at + char.len_utf8()..];
        }
        out.write_all(rest.as_bytes())
    }

    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_array(out)
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array(out)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array_value(out)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object(out)
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object(out)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object_value(out)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_value(out)
    }
}

//! Literal and folded block scalars. Indentation and chomping are read off the parser's value, so
//! that the header need not be understood twice.

use std::ops::Range;

use super::Raw;
use super::runs::Runs;
use crate::source::Mapped;
use crate::yaml::place::{line_break, line_end};

/// Where a block scalar's header is.
#[derive(Clone, Copy)]
pub(crate) enum Header {
    /// `|` or `>` is at this byte.
    At(usize),
    /// This byte is on the first content line, or behind the scalar if it has none.
    Above(usize),
}

/// The first byte of the line after the header, and the end of the header's line.
pub(crate) fn body(text: &str, header: Header) -> (usize, usize) {
    let end = match header {
        Header::At(at) => line_end(text, at),
        Header::Above(at) => text[..at].trim_end_matches([' ', '\t', '\r', '\n']).len(),
    };
    let end = line_end(text, end);
    (line_break(text, end).map_or(end, |found| found.end), end)
}

/// One line: its content behind the indentation, and its line break.
struct Line {
    content: Range<usize>,
    end: Range<usize>,
}

/// A block scalar, decoded.
pub(super) struct Decoded {
    /// From its first content line to the end of its last.
    pub(super) range: Range<usize>,
    /// `None` where source and value do not agree.
    pub(super) text: Option<Mapped>,
    /// The value ends in a line break that is not in the text.
    pub(super) unwritten: bool,
}

/// Decodes a block scalar.
pub(super) fn decode(raw: Raw<'_>, body: (usize, usize), value: &str) -> Decoded {
    let leading = value.bytes().take_while(|byte| *byte == b'\n').count();
    let indent = indentation(raw.text, body.0, leading, value);
    let mut walk = Walk {
        raw,
        value,
        at: body.0,
        done: 0,
        range: body.1..body.1,
        runs: Runs::new(raw),
        indent: indent.unwrap_or(0),
        unwritten: false,
    };
    let complete = indent.is_some() && walk.all();
    Decoded { range: walk.range, unwritten: walk.unwritten, text: complete.then(|| walk.runs.finish()) }
}

/// The indentation: what the first content line has more in the source than in the value. `None`
/// where that line is not found.
fn indentation(text: &str, start: usize, leading: usize, value: &str) -> Option<usize> {
    let first = &value[leading..];
    if first.is_empty() {
        return Some(usize::MAX);
    }
    let mut at = start;
    for _ in 0..leading {
        at = line_break(text, line_end(text, at))?.end;
    }
    spaces(&text[at..]).checked_sub(spaces(first))
}

fn spaces(text: &str) -> usize {
    text.bytes().take_while(|byte| *byte == b' ').count()
}

/// Goes through source and value side by side.
struct Walk<'t, 'v> {
    raw: Raw<'t>,
    value: &'v str,
    at: usize,
    done: usize,
    range: Range<usize>,
    runs: Runs<'t>,
    indent: usize,
    /// The value has a line break where the text ends without one.
    unwritten: bool,
}

impl Walk<'_, '_> {
    /// Whether the whole value was found.
    fn all(&mut self) -> bool {
        let mut breaks: Vec<Range<usize>> = Vec::new();
        while self.done < self.value.len() {
            let line = self.line();
            if !line.content.is_empty() {
                self.join(&breaks, line.content.start);
                breaks.clear();
                if !self.content(line.content) {
                    return false;
                }
            }
            let last = line.end.is_empty();
            self.at = line.end.end;
            breaks.push(line.end);
            if last || self.rest_is_breaks(breaks.len()) {
                self.tail(&breaks);
                break;
            }
        }
        self.done == self.value.len()
    }

    /// The line at `self.at`. One with less than the indentation has no content.
    fn line(&self) -> Line {
        let text = self.raw.text;
        let end = line_end(text, self.at);
        let start = self.at.saturating_add(self.indent).min(end);
        Line { content: start..end, end: line_break(text, end).unwrap_or(end..end) }
    }

    fn content(&mut self, content: Range<usize>) -> bool {
        let Some(text) = self.raw.text.get(content.clone()) else { return false };
        if !self.value[self.done..].starts_with(text) {
            return false;
        }
        if self.range.is_empty() {
            self.range.start = self.at;
        }
        self.range.end = content.end;
        self.done += text.len();
        self.runs.copy(content);
        true
    }

    /// The line breaks between two content lines: kept, folded to a space, or all but the first kept.
    fn join(&mut self, breaks: &[Range<usize>], next: usize) {
        let rest = &self.value[self.done..];
        let kept = rest.bytes().take_while(|byte| *byte == b'\n').count().min(breaks.len());
        for at in &breaks[breaks.len() - kept..] {
            self.line_break(at.clone());
        }
        if let Some(first) =
            breaks.first().filter(|_| kept == 0 && self.range.end > self.range.start && rest.starts_with(' '))
        {
            self.runs.stand_for(first.start..next, " ");
            self.done += 1;
        }
    }

    /// Whether the value ends within these line breaks.
    fn rest_is_breaks(&self, count: usize) -> bool {
        let rest = &self.value.as_bytes()[self.done..];
        rest.len() <= count && rest.iter().all(|byte| *byte == b'\n')
    }

    /// The line breaks after the last content line.
    fn tail(&mut self, breaks: &[Range<usize>]) {
        let breaks = if self.is_clipped_by_the_end(breaks.len()) { &breaks[..1] } else { breaks };
        for at in breaks {
            if self.done < self.value.len() {
                self.line_break(at.clone());
            }
        }
    }

    /// Whether the second of two last line breaks is the parser's own: it adds one where the text
    /// ends in an unfinished line of spaces. Where all line breaks are kept, there would be a third.
    fn is_clipped_by_the_end(&mut self, count: usize) -> bool {
        let rest = &self.raw.text[self.at..];
        let clipped = count == 2
            && self.value.len() - self.done == 2
            && rest.trim_start_matches([' ', '\r', '\n']).is_empty()
            && rest.len() - rest.trim_end_matches(' ').len() >= self.indent.max(1);
        self.unwritten |= clipped;
        self.done += usize::from(clipped);
        clipped
    }

    fn line_break(&mut self, at: Range<usize>) {
        if at.is_empty() {
            self.unwritten = true;
        } else if self.raw.text.get(at.clone()) == Some("\n") {
            self.runs.copy(at);
        } else {
            self.runs.stand_for(at, "\n");
        }
        self.done += 1;
    }
}

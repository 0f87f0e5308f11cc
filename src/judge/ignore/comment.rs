//! Finds the comments in a text, line by line: they work in block scalars and scripts too, where
//! YAML sees no comment.

use std::ops::Range;

use crate::source::{FileId, Source, Span};

const MARK: &str = "pushlint:";

/// One silencing comment.
#[derive(Clone, Debug)]
pub(super) struct Comment<'a> {
    /// From `pushlint:` to the closing bracket.
    pub(super) at: Span,
    /// The ids with their places.
    pub(super) ids: Vec<(&'a str, Span)>,
    /// What it covers.
    pub(super) covers: Covers,
}

/// What a comment covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Covers {
    /// One line.
    Line(usize),
    /// The lines of a top-level key.
    Block(Range<usize>),
    /// The whole file.
    File,
    /// Nothing: `ignore-file` below the top.
    Nothing,
}

/// All silencing comments of a file.
pub(super) fn find(file: FileId, source: &Source) -> Vec<Comment<'_>> {
    if !source.text.contains(MARK) {
        return Vec::new();
    }
    let lines: Vec<&str> = source.text.lines().collect();
    let top = lines.iter().position(|line| !is_preface(line)).unwrap_or(lines.len());
    let mut found = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let Some((hash, directive)) = directive(line) else { continue };
        let start = source.line(index + 1).start;
        let Some((whole_file, ids, end)) = ids(line, directive) else { continue };
        let place = |range: Range<usize>| Span::new(file, start + range.start, start + range.end);
        let covers = match whole_file {
            true if index < top => Covers::File,
            true => Covers::Nothing,
            false if line[..hash].trim().is_empty() => below(&lines, index),
            false => Covers::Line(index + 1),
        };
        let ids = ids.into_iter().map(|(id, at)| (id, place(at))).collect();
        found.push(Comment { at: place(directive..end), ids, covers });
    }
    found
}

/// Comments, blank lines and document markers may stand above the first key.
fn is_preface(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || line.starts_with('#') || line == "---" || line.starts_with('%')
}

/// Where the comment begins and where `pushlint:` stands in it.
fn directive(line: &str) -> Option<(usize, usize)> {
    let mark = line.find(MARK)?;
    let hash = line[..mark].trim_end().strip_suffix('#')?.trim_end_matches('#').len();
    line[..hash].chars().next_back().is_none_or(char::is_whitespace).then_some((hash, mark))
}

/// An id and its bytes in the line.
type Id<'a> = (&'a str, Range<usize>);

/// Whether it is `ignore-file`, the ids, and the end of the brackets.
fn ids(line: &str, directive: usize) -> Option<(bool, Vec<Id<'_>>, usize)> {
    let rest = line[directive + MARK.len()..].trim_start();
    let (whole_file, rest) = match (rest.strip_prefix("ignore-file"), rest.strip_prefix("ignore")) {
        (Some(rest), _) => (true, rest),
        (None, Some(rest)) => (false, rest),
        (None, None) => return None,
    };
    let Some((inside, after)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) else {
        return Some((whole_file, Vec::new(), line.len() - rest.len()));
    };
    let end = line.len() - after.len();
    let mut ids = Vec::new();
    let mut at = end - 1 - inside.len();
    for part in inside.split(',') {
        let id = part.trim();
        let start = at + part.len() - part.trim_start().len();
        if !id.is_empty() {
            ids.push((id, start..start + id.len()));
        }
        at += part.len() + 1;
    }
    Some((whole_file, ids, end))
}

/// What a comment on a line of its own covers: the next line that is no comment, or all of a
/// top-level key if that is one.
fn below(lines: &[&str], index: usize) -> Covers {
    let Some(next) = (index + 1..lines.len()).find(|at| !lines[*at].trim_start().starts_with('#')) else {
        return Covers::Line(index + 1);
    };
    if !is_key(lines[next]) || lines[index].starts_with(char::is_whitespace) {
        return Covers::Line(next + 1);
    }
    let inside =
        |line: &&str| line.is_empty() || line.starts_with([' ', '\t', '#', '-', '\r']) && !line.starts_with("---");
    let length = lines[next + 1..].iter().take_while(|line| inside(line)).count();
    Covers::Block(next + 1..next + 2 + length)
}

fn is_key(line: &str) -> bool {
    !line.starts_with([' ', '\t', '-', '#', '{', '[']) && line.contains(':')
}

//! Plain and quoted scalars: line folding, doubled quotes, escapes.

use std::ops::Range;

use super::runs::Runs;
use super::{Raw, Style};
use crate::source::Mapped;
use crate::yaml::place::line_end;

/// The end of the quoted scalar that starts at `start`, its closing quote included.
pub(super) fn closing_quote(text: &str, start: usize, style: Style) -> usize {
    let bytes = text.as_bytes();
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match (style, byte) {
            (Style::Double, b'\\') => at += 2,
            (Style::Single, b'\'') if bytes.get(at + 1) == Some(&b'\'') => at += 2,
            (Style::Double, b'"') | (Style::Single, b'\'') => return at + 1,
            _ => at += 1,
        }
    }
    text.len()
}

/// Decodes the content of a plain or quoted scalar, quotes excluded.
pub(super) fn decode(raw: Raw<'_>, range: Range<usize>, style: Style) -> Mapped {
    let text = raw.text.get(..range.end).unwrap_or(raw.text);
    let mut runs = Runs::new(raw);
    let mut at = range.start;
    while let Some(byte) = text.as_bytes().get(at) {
        at = match byte {
            b' ' | b'\t' | b'\r' | b'\n' => white(text, at, style, &mut runs),
            b'\'' if style == Style::Single => {
                let end = (at + 2).min(text.len());
                runs.stand_for(at..end, "'");
                end
            }
            b'\\' if style == Style::Double => escape(text, at, &mut runs),
            _ => {
                let rest = &text.as_bytes()[at + 1..];
                let special = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'\'' | b'\\');
                let end = rest.iter().position(special).map_or(text.len(), |length| at + 1 + length);
                runs.copy(at..end);
                end
            }
        };
    }
    runs.finish()
}

/// White space: kept inside a line; around line breaks folded, one to a space, more to all but the first.
fn white(text: &str, start: usize, style: Style, runs: &mut Runs<'_>) -> usize {
    let (mut end, mut breaks) = white_run(text, start);
    // To the parser a line of a tab and a comment, indented less than the plain scalar, is an empty one.
    while style == Style::Plain && breaks > 0 && text[end..].starts_with('#') {
        let (after, more) = white_run(text, line_end(text, end));
        (end, breaks) = (after, breaks + more);
    }
    match breaks {
        0 => runs.copy(start..end),
        1 => runs.stand_for(start..end, " "),
        more => runs.stand_for(start..end, &"\n".repeat(more - 1)),
    }
    end
}

/// The end of the white space at `start`, and the number of line breaks in it.
fn white_run(text: &str, start: usize) -> (usize, usize) {
    let bytes = text.as_bytes();
    let (mut at, mut breaks) = (start, 0);
    while let Some(b' ' | b'\t' | b'\r' | b'\n') = bytes.get(at) {
        let lone = bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n');
        breaks += usize::from(lone || bytes[at] == b'\n');
        at += 1;
    }
    (at, breaks)
}

/// A backslash in a double-quoted scalar: an escaped line break, or a character.
fn escape(text: &str, at: usize, runs: &mut Runs<'_>) -> usize {
    if let Some(b'\r' | b'\n') = text.as_bytes().get(at + 1) {
        let (end, breaks) = white_run(text, at + 1);
        runs.stand_for(at..end, &"\n".repeat(breaks - 1));
        return end;
    }
    let (length, char) = escaped(&text[at + 1..]);
    let end = (at + 1 + length).min(text.len());
    let mut buffer = [0; 4];
    runs.stand_for(at..end, char.map_or("", |char| char.encode_utf8(&mut buffer)));
    end
}

/// The number of bytes after the backslash, and the character that they mean.
fn escaped(rest: &str) -> (usize, Option<char>) {
    let Some(letter) = rest.chars().next() else { return (0, None) };
    let digits = match letter {
        'x' => 2,
        'u' => 4,
        'U' => 8,
        _ => return (letter.len_utf8(), named(letter)),
    };
    let Some(hex) = rest.get(1..=digits) else { return (1, None) };
    (1 + digits, u32::from_str_radix(hex, 16).ok().and_then(char::from_u32))
}

/// The escapes of one letter.
fn named(letter: char) -> Option<char> {
    Some(match letter {
        '0' => '\0',
        'a' => '\x07',
        'b' => '\x08',
        't' | '\t' => '\t',
        'n' => '\n',
        'v' => '\x0b',
        'f' => '\x0c',
        'r' => '\r',
        'e' => '\x1b',
        ' ' | '"' | '/' | '\\' => letter,
        'N' => '\u{85}',
        '_' => '\u{a0}',
        'L' => '\u{2028}',
        'P' => '\u{2029}',
        _ => return None,
    })
}

//! Places in a text that the parser's marks leave out: bytes for characters, the content behind an
//! anchor or tag, the place of a value that is not there.

use std::ops::Range;

/// Turns the parser's character counts into bytes. It moves from the last answer, which is near.
pub(super) struct Cursor<'t> {
    text: &'t str,
    ascii: bool,
    chars: usize,
    byte: usize,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Cursor { text, ascii: text.is_ascii(), chars: 0, byte: 0 }
    }

    /// The byte at which character `index` starts; the text's end for one past it.
    pub(super) fn byte(&mut self, index: usize) -> usize {
        if self.ascii {
            return index.min(self.text.len());
        }
        let bytes = self.text.as_bytes();
        while self.chars > index {
            self.byte -= 1;
            self.chars -= usize::from(is_char_start(bytes[self.byte]));
        }
        while self.chars < index && self.byte < bytes.len() {
            self.byte += 1;
            while self.byte < bytes.len() && !is_char_start(bytes[self.byte]) {
                self.byte += 1;
            }
            self.chars += 1;
        }
        self.byte
    }
}

fn is_char_start(byte: u8) -> bool {
    byte & 0xc0 != 0x80
}

/// The first character that libyaml's reader refuses.
pub(super) fn unprintable(text: &str) -> Option<(usize, char)> {
    // One branch-free look at all bytes, since there is nearly never anything to find.
    let suspicious = |byte: u8| (byte < b' ') & (byte != b'\n') | (byte == 0x7f) | (byte == 0xc2) | (byte == 0xef);
    if !text.bytes().fold(false, |any, byte| any | suspicious(byte)) {
        return None;
    }
    text.char_indices().find(|(_, char)| match char {
        '\t' | '\n' | '\r' | '\u{85}' => false,
        '\u{fffe}' | '\u{ffff}' => true,
        char => char.is_control(),
    })
}

/// What stands before a node's content.
pub(super) struct Properties<'t> {
    /// The anchor's name.
    pub(super) anchor: Option<&'t str>,
    /// The end of the last of them; where they start if there is none.
    pub(super) end: usize,
    /// The content's first byte.
    pub(super) content: usize,
}

/// Reads `count` properties (an anchor, a tag) at `start`.
pub(super) fn properties(text: &str, start: usize, count: usize) -> Properties<'_> {
    let mut found = Properties { anchor: None, end: start, content: start };
    for _ in 0..count {
        found.content = skip_separation(text, found.content);
        let rest = &text[found.content..];
        let length = if rest.starts_with("!<") {
            rest.find('>').map_or(rest.len(), |at| at + 1)
        } else {
            rest.find([' ', '\t', '\r', '\n', ',', '[', ']', '{', '}']).unwrap_or(rest.len())
        };
        found.anchor = rest[..length].strip_prefix('&').or(found.anchor);
        found.end = found.content + length;
        found.content = found.end;
    }
    if count > 0 {
        found.content = skip_separation(text, found.end);
    }
    found
}

/// The alias at `start`: `*name`.
pub(super) fn alias(text: &str, start: usize) -> Range<usize> {
    let rest = &text[start..];
    let end = rest.find([' ', '\t', '\r', '\n', ',', '[', ']', '{', '}']).unwrap_or(rest.len());
    start..start + end
}

/// Behind white space, line breaks and comments.
fn skip_separation(text: &str, from: usize) -> usize {
    let mut at = from;
    loop {
        at = skip_white(text, at);
        if text.as_bytes().get(at) != Some(&b'#') {
            return at;
        }
        at += text[at..].find(['\r', '\n']).unwrap_or(text.len() - at);
    }
}

fn skip_white(text: &str, at: usize) -> usize {
    text.len() - text[at..].trim_start_matches([' ', '\t', '\r', '\n']).len()
}

/// Behind the `indicator` (`:`, `?` or `-`) that follows `last_end`, if it does.
pub(super) fn behind(text: &str, last_end: usize, indicator: u8) -> Option<usize> {
    let next = skip_separation(text, last_end);
    (text.as_bytes().get(next) == Some(&indicator)).then_some(next + 1)
}

/// The `-` of a list that follows `last_end` and `indicator`. The parser marks such a list, not
/// indented below its key, behind the `-`.
pub(super) fn list_below(text: &str, last_end: usize, indicator: u8) -> Option<usize> {
    let next = skip_separation(text, behind(text, last_end, indicator)?);
    (text.as_bytes().get(next) == Some(&b'-')).then_some(next)
}

/// The line break at `at`, if there is one.
pub(super) fn line_break(text: &str, at: usize) -> Option<Range<usize>> {
    match text.as_bytes().get(at..) {
        Some([b'\r', b'\n', ..]) => Some(at..at + 2),
        Some([b'\r' | b'\n', ..]) => Some(at..at + 1),
        _ => None,
    }
}

/// The end of the line that holds `at`, before its line break.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    at + text[at..].find(['\r', '\n']).unwrap_or(text.len() - at)
}

/// The text with the line at byte `at` brought up to the line before it, if it begins with a closing
/// bracket: inside a flow collection indentation does not count for libyaml, for this parser it does.
/// The length stays, so that places do; what is a comment before the bracket becomes blanks.
pub(super) fn close_up(text: &str, at: usize) -> Option<String> {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let start = text[..at].rfind('\n')? + 1;
    if !text[start..].trim_start_matches([' ', '\t']).starts_with([']', '}']) {
        return None;
    }
    let before = text[..start - 1].rfind('\n').map_or(0, |end| end + 1);
    let line = &text[before..start - 1];
    let comment = line.rfind(" #").filter(|comment| !line[*comment..].contains(['"', '\''])).unwrap_or(line.len());
    let mut closed = String::with_capacity(text.len());
    closed.push_str(&text[..before + comment]);
    closed.extend(std::iter::repeat_n(' ', start - before - comment));
    closed.push_str(&text[start..]);
    Some(closed)
}

//! Here-documents: their delimiters, and their bodies, which start after the next newline.

use super::ast::{At, Redirect, RedirectKind, Word, WordPart};
use super::cursor::{Parse, Parser, at, is_break};
use super::words::Until;

/// A here-document whose body has not come yet.
pub(super) struct Pending {
    /// Where its redirection starts.
    pub start: u32,
    delimiter: String,
    quoted: bool,
    tabs: bool,
}

impl Parser<'_> {
    /// After `<<`: the delimiter. The body is put in its place when the script is parsed.
    pub fn here_document(&mut self, start: usize, fd: Option<u32>, tabs: bool) -> Parse<Redirect> {
        let begin = self.at;
        let (delimiter, quoted) = self.delimiter();
        if self.at == begin {
            return Err(self.trouble(start, self.at, "this here-document has no delimiter"));
        }
        let span = self.span(start);
        self.pending.push(Pending { start: span.start, delimiter, quoted, tabs });
        let body = Word { parts: Vec::new(), at: At { start: span.end, end: span.end } };
        Ok(Redirect { fd, kind: RedirectKind::HereDocument { body, quoted }, at: span })
    }

    /// The delimiter without its quotes, and whether there were any. Nothing is expanded in it.
    fn delimiter(&mut self) -> (String, bool) {
        let mut quote = None;
        let mut quoted = false;
        let mut delimiter = String::new();
        while let Some(next) = self.text[self.at..self.end].chars().next() {
            let byte = self.bytes[self.at];
            match (byte, quote) {
                (b'\n', _) => break,
                (_, None) if is_break(byte) || self.line_end_return() => break,
                (b'\'' | b'"', None) => {
                    quoted = true;
                    quote = Some(byte);
                }
                (_, Some(open)) if open == byte => quote = None,
                (b'\\', None) if self.byte(1).is_some() => {
                    if self.continuation() > 0 {
                        self.at += self.continuation();
                        continue;
                    }
                    quoted = true;
                    self.at += 1;
                    delimiter.extend(self.text[self.at..self.end].chars().next());
                    self.at += self.text[self.at..self.end].chars().next().map_or(0, char::len_utf8);
                    continue;
                }
                _ => delimiter.push(next),
            }
            self.at += next.len_utf8();
        }
        (delimiter, quoted)
    }

    /// At the start of a line: reads the bodies that wait.
    pub fn read_bodies(&mut self) {
        for pending in std::mem::take(&mut self.pending) {
            let start = self.at;
            let end = self.body_end(&pending);
            let next = self.at;
            let body = self.body(&pending, start, end);
            self.at = next;
            self.bodies.insert(pending.start, body);
        }
    }

    /// Bodies that wait when the text ends are empty; bash accepts that.
    pub fn bodies_at_end(&mut self) {
        self.at = self.end;
        self.read_bodies();
    }

    /// Moves after the body's delimiter, and says where the body ends. Without one it is all the rest.
    fn body_end(&mut self, pending: &Pending) -> usize {
        let mut continued = false;
        while self.at < self.end {
            let line = self.at;
            let rest = &self.bytes[line..self.end];
            let length = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
            let text = &self.text[line..line + length];
            let trimmed = if pending.tabs { text.trim_start_matches('\t') } else { text };
            let bare = trimmed.strip_suffix('\r').unwrap_or(trimmed);
            if !continued {
                if bare == pending.delimiter {
                    self.at = (line + length + 1).min(self.end);
                    return line;
                }
                let after = trimmed.strip_prefix(pending.delimiter.as_str());
                if self.substituted && after.is_some_and(|after| after.starts_with(')')) {
                    self.at = line + (text.len() - trimmed.len()) + pending.delimiter.len();
                    return line;
                }
            }
            let slashes = bare.bytes().rev().take_while(|byte| *byte == b'\\').count();
            continued = !pending.quoted && slashes % 2 == 1;
            self.at = (line + length + 1).min(self.end);
        }
        self.end
    }

    fn body(&mut self, pending: &Pending, start: usize, end: usize) -> Word {
        let at = at(start, end);
        let text = &self.text[start..end];
        let literal = |text: String| if text.is_empty() { Vec::new() } else { vec![WordPart::Literal(text, at)] };
        if pending.quoted {
            let parts = if pending.tabs { literal(without_tabs(text)) } else { literal(text.to_owned()) };
            return Word { parts, at };
        }
        self.at = start;
        if pending.tabs {
            self.skip_tabs();
        }
        let parsed = self.within(end, |parser| parser.word(Until::Body { tabs: pending.tabs }));
        Word { parts: parsed.map_or_else(|| literal(text.to_owned()), |word| word.parts), at }
    }

    /// Runs `parse` as if the text ended at `end`, one level deeper. What bash looks at only when it runs
    /// gives no fault: `bash -n` accepts it, and at worst this one expansion fails.
    pub fn within<T>(&mut self, end: usize, parse: impl FnOnce(&mut Self) -> Parse<T>) -> Option<T> {
        let outer_end = std::mem::replace(&mut self.end, end);
        let outer_closers = std::mem::replace(&mut self.closers, 0);
        let outer_depth = self.depth;
        let substituted = std::mem::replace(&mut self.substituted, false);
        let pending = std::mem::take(&mut self.pending);
        let faults = self.faults.len();
        let start = self.at;
        let parsed = self.deeper(start, parse);
        self.bodies_at_end();
        self.faults.truncate(faults);
        self.end = outer_end;
        self.closers = outer_closers;
        self.depth = outer_depth;
        self.substituted = substituted;
        self.pending = pending;
        parsed.ok()
    }
}

fn without_tabs(text: &str) -> String {
    text.split_inclusive('\n').map(|line| line.trim_start_matches('\t')).collect()
}

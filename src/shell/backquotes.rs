//! `` `…` ``: a substitution whose text has one more layer of escapes.

use super::ast::{At, List, WordPart};
use super::cursor::{MAX_DEPTH, Parse, Parser, at};
use super::edit::{self, Edit};

impl Parser<'_> {
    /// At a backquote; in `double` quotes `\"` is an escape too.
    pub fn backquotes(&mut self, double: bool) -> Parse<WordPart> {
        let start = self.at;
        let (end, escaped) = self.closing_backquote(double)?;
        self.at = start + 1;
        let list = if escaped {
            self.unescaped(start + 1, end, double)
        } else {
            self.within(end, |parser| parser.list(0)).unwrap_or_default()
        };
        self.at = end + 1;
        Ok(WordPart::Substitution(list, self.span(start)))
    }

    /// Where it is closed, and whether anything in it is escaped.
    fn closing_backquote(&mut self, double: bool) -> Parse<(usize, bool)> {
        let start = self.at;
        let mut escaped = false;
        let mut index = start + 1;
        while index < self.end {
            match self.bytes[index] {
                b'`' => return Ok((index, escaped)),
                b'\\' => {
                    escaped |= self.bytes.get(index + 1).is_some_and(|byte| is_escaped(*byte, double));
                    index += 1;
                }
                _ => {}
            }
            index += 1;
        }
        self.at = self.end;
        Err(self.trouble(start, start + 1, "this backquote is not closed"))
    }

    /// Parses the text without its escapes, and gives every range its place in the text as written.
    fn unescaped(&mut self, start: usize, end: usize, double: bool) -> List {
        let mut text = String::with_capacity(end - start);
        // For each dropped backslash, the offset in `text` after which everything moves by one more.
        let mut dropped = Vec::new();
        let mut index = start;
        while let Some(length) = self.text[index..end].find('\\') {
            let slash = index + length;
            text.push_str(&self.text[index..slash]);
            let next = self.text[slash + 1..end].chars().next();
            let escape = next.is_some_and(|next| u8::try_from(next).is_ok_and(|byte| is_escaped(byte, double)));
            if escape {
                dropped.push(text.len());
            } else {
                text.push('\\');
            }
            text.extend(next);
            index = slash + 1 + next.map_or(0, char::len_utf8);
        }
        text.push_str(&self.text[index..end]);
        if self.depth >= MAX_DEPTH {
            return List::default();
        }
        let mut inner = Parser::new(&text);
        inner.depth = self.depth + 1;
        let mut list = inner.script().list;
        edit::list(&mut list, &mut Moved { by: start, dropped });
        list
    }
}

fn is_escaped(byte: u8, double: bool) -> bool {
    matches!(byte, b'$' | b'`' | b'\\') || double && byte == b'"'
}

struct Moved {
    by: usize,
    dropped: Vec<usize>,
}

impl Edit for Moved {
    fn at(&mut self, range: &mut At) {
        let start = range.start as usize;
        let end = range.end as usize;
        // A range that starts at an escaped character starts at its backslash.
        let before_start = self.dropped.partition_point(|offset| *offset < start);
        let before_end = self.dropped.partition_point(|offset| *offset < end);
        *range = at(start + before_start + self.by, end + before_end + self.by);
    }
}

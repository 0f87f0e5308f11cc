//! Strings and what is expanded in them: quotes, here-strings, arguments without quotes.

use super::ast::{Expression, ExpressionKind};
use super::cursor::{Parse, Parser};

/// What ends a text in which variables are expanded.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// `"`
    Quote,
    /// A newline, then `"@`.
    Here,
    /// What ends an argument without quotes.
    Argument,
}

/// Text and expansions as they are collected.
#[derive(Default)]
struct Pieces {
    done: Vec<Expression>,
    text: Vec<u8>,
    start: usize,
}

impl Parser<'_> {
    /// A quoted string.
    pub(super) fn string(&mut self) -> Parse<Expression> {
        let start = self.at;
        self.at += 1;
        let kind = if self.bytes[start] == b'\'' {
            ExpressionKind::Text(self.single(start)?)
        } else {
            let kind = self.expandable(End::Quote, start)?;
            self.at += 1;
            kind
        };
        Ok(Expression { kind, at: self.span(start) })
    }

    /// The rest of a `'…'`; a doubled quote is one.
    fn single(&mut self, start: usize) -> Parse<String> {
        let mut text = String::new();
        loop {
            let rest = &self.bytes[self.at..];
            let Some(length) = rest.iter().position(|byte| *byte == b'\'') else {
                self.at = self.bytes.len();
                return Err(self.unclosed(start));
            };
            text.push_str(self.slice(self.at, self.at + length));
            self.at += length + 1;
            if self.peek() != Some(b'\'') {
                return Ok(text);
            }
            text.push('\'');
            self.at += 1;
        }
    }

    /// `@'…'@`, `@"…"@`: the lines between the first and the last.
    pub(super) fn here_string(&mut self) -> Parse<Expression> {
        let start = self.at;
        let quote = self.byte(1);
        self.at += 2;
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r')) {
            self.at += 1;
        }
        if self.peek() != Some(b'\n') {
            return self.trouble("a here-string begins on the next line");
        }
        self.at += 1;
        let empty = if quote == Some(b'"') { "\"@" } else { "'@" };
        if self.take(empty) {
            return Ok(Expression { kind: ExpressionKind::Text(String::new()), at: self.span(start) });
        }
        let kind = if quote == Some(b'"') {
            self.expandable(End::Here, start)?
        } else {
            let rest = &self.bytes[self.at..];
            let Some(length) = rest.windows(3).position(|window| window == b"\n'@") else {
                self.at = self.bytes.len();
                return Err(self.unclosed(start));
            };
            let text = self.slice(self.at, self.at + length).trim_end_matches('\r').to_owned();
            self.at += length;
            ExpressionKind::Text(text)
        };
        self.at += 3;
        Ok(Expression { kind, at: self.span(start) })
    }

    /// An argument without quotes, from pieces that were read already.
    pub(super) fn bare(&mut self, start: usize, first: Option<Expression>) -> Parse<Expression> {
        let before = first.is_none();
        let mut pieces = Pieces { start: self.at, done: first.into_iter().collect(), ..Pieces::default() };
        self.collect(End::Argument, start, &mut pieces)?;
        let kind = match pieces.done.as_mut_slice() {
            [Expression { kind: ExpressionKind::Text(text), .. }] if before => {
                let text = std::mem::take(text);
                let number = text.bytes().all(|byte| byte.is_ascii_digit());
                if number { ExpressionKind::Number(text) } else { ExpressionKind::Text(text) }
            }
            _ => ExpressionKind::Expandable(pieces.done),
        };
        Ok(Expression { kind, at: self.span(start) })
    }

    fn expandable(&mut self, end: End, open: usize) -> Parse<ExpressionKind> {
        let mut pieces = Pieces { start: self.at, ..Pieces::default() };
        self.deeper(open, |parser| parser.collect(end, open, &mut pieces))?;
        Ok(ExpressionKind::Expandable(pieces.done))
    }

    fn collect(&mut self, end: End, open: usize, pieces: &mut Pieces) -> Parse<()> {
        loop {
            let Some(byte) = self.peek() else {
                if end == End::Argument {
                    break;
                }
                return Err(self.unclosed(open));
            };
            match (end, byte) {
                (End::Argument, byte) if ends_argument(byte) => break,
                (End::Quote, b'"') if self.byte(1) == Some(b'"') => {
                    pieces.text.push(b'"');
                    self.at += 2;
                }
                (End::Quote, b'"') => break,
                (End::Here, b'\n' | b'\r') if self.looking_at("\n\"@") || self.looking_at("\r\n\"@") => {
                    self.at += usize::from(byte == b'\r');
                    break;
                }
                (End::Argument, b'\'' | b'"') => {
                    self.finish(pieces);
                    let string = self.string()?;
                    pieces.done.push(string);
                    pieces.start = self.at;
                }
                (_, b'`') => self.escape(&mut pieces.text),
                (_, b'$') => {
                    self.finish(pieces);
                    let found = self.dollar()?;
                    pieces.done.push(found);
                    pieces.start = self.at;
                }
                (_, byte) => {
                    pieces.text.push(byte);
                    self.at += 1;
                }
            }
        }
        self.finish(pieces);
        Ok(())
    }

    fn finish(&self, pieces: &mut Pieces) {
        let text = std::mem::take(&mut pieces.text);
        if !text.is_empty() {
            let kind = ExpressionKind::Text(String::from_utf8_lossy(&text).into_owned());
            pieces.done.push(Expression { kind, at: self.span(pieces.start) });
        }
        pieces.start = self.at;
    }

    /// A backtick and what it escapes (`about_Special_Characters`).
    fn escape(&mut self, text: &mut Vec<u8>) {
        self.at += 1;
        let Some(byte) = self.peek() else { return };
        self.at += 1;
        text.push(match byte {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'0' => 0,
            b'a' => 7,
            b'b' => 8,
            b'e' => 27,
            b'f' => 12,
            b'v' => 11,
            byte => byte,
        });
    }
}

/// Characters at which an argument without quotes ends (`ForceStartNewToken` of `CharTraits.cs`).
pub(super) fn ends_argument(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'\x0b' | b'&' | b'(' | b')' | b',' | b';' | b'{' | b'|' | b'}')
}

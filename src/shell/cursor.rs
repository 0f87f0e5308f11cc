//! The parser's place in the text: looking, blanks, newlines, depth, and the words that the
//! grammar reserves.

use std::collections::HashMap;

use super::ast::{At, Fault, Script, Word};
use super::edit;
use super::heredoc::Pending;

/// Nesting beyond this is refused: no script that a person wrote comes near, and the stack is finite.
pub(super) const MAX_DEPTH: usize = 200;

/// An error that ends the command in which it happens.
#[derive(Debug)]
pub(super) struct Trouble {
    /// Where it began: for an unclosed quote, the quote.
    pub start: usize,
    /// One past the text that is wrong.
    pub end: usize,
    /// The reason.
    pub message: &'static str,
    /// Too deep: ends the outermost command, as every list around it is too deep as well.
    pub deep: bool,
}

pub(super) type Parse<T> = Result<T, Trouble>;

/// What may end a list: a set of bits.
pub(super) type Closers = u16;

pub(super) const THEN: Closers = 1;
pub(super) const ELIF: Closers = 1 << 1;
pub(super) const ELSE: Closers = 1 << 2;
pub(super) const FI: Closers = 1 << 3;
pub(super) const DO: Closers = 1 << 4;
pub(super) const DONE: Closers = 1 << 5;
pub(super) const ESAC: Closers = 1 << 6;
pub(super) const BRACE: Closers = 1 << 7;
pub(super) const PAREN: Closers = 1 << 8;
/// `;;`, `;&`, `;;&`
pub(super) const ARM: Closers = 1 << 9;

/// A parser at one place of one text. `end` is lower than the text's end inside backquotes, bodies
/// of here-documents and the like.
pub(super) struct Parser<'a> {
    pub text: &'a str,
    pub bytes: &'a [u8],
    pub at: usize,
    pub end: usize,
    pub depth: usize,
    /// Bytes that may still be read twice.
    pub budget: usize,
    pub faults: Vec<Fault>,
    /// Here-documents whose bodies start at the next newline.
    pub pending: Vec<Pending>,
    /// Bodies already read, by the start of their redirection.
    pub bodies: HashMap<u32, Word>,
    /// What ends one of the lists around this place.
    pub closers: Closers,
    /// Inside `$(…)`, where `END)` ends a here-document too.
    pub substituted: bool,
}

impl<'a> Parser<'a> {
    pub fn new(text: &'a str) -> Self {
        Parser {
            text,
            bytes: text.as_bytes(),
            at: 0,
            end: text.len(),
            depth: 0,
            budget: text.len() * 4 + 4096,
            faults: Vec::new(),
            pending: Vec::new(),
            bodies: HashMap::new(),
            closers: 0,
            substituted: false,
        }
    }

    /// Parses all of it.
    pub fn script(mut self) -> Script {
        // A list at the top ends only at the end: it takes no closer, and troubles stop there.
        let mut list = self.list(0).unwrap_or_default();
        self.bodies_at_end();
        if !self.bodies.is_empty() {
            edit::fill_bodies(&mut list, &mut self.bodies);
        }
        self.faults.sort_by_key(|fault| fault.at);
        Script { list, faults: self.faults }
    }

    pub fn peek(&self) -> Option<u8> {
        self.byte(0)
    }

    /// The byte `offset` after the next.
    pub fn byte(&self, offset: usize) -> Option<u8> {
        let at = self.at + offset;
        if at < self.end { Some(self.bytes[at]) } else { None }
    }

    pub fn looking_at(&self, what: &[u8]) -> bool {
        self.bytes[self.at..self.end].starts_with(what)
    }

    pub fn span(&self, start: usize) -> At {
        at(start, self.at)
    }

    pub fn fault(&mut self, start: usize, end: usize, message: &str) {
        // Never cuts a character in two.
        let end = (end.min(self.text.len())..self.text.len()).find(|end| self.text.is_char_boundary(*end));
        let end = end.unwrap_or(self.text.len());
        self.faults.push(Fault { at: at(start.min(end), end), message: message.to_owned() });
    }

    pub fn trouble(&self, start: usize, end: usize, message: &'static str) -> Trouble {
        Trouble { start, end: end.min(self.end), message, deep: false }
    }

    /// The bytes of a line continuation at `at`, or 0. A `\` that ends the text is one too: a newline
    /// follows every script.
    pub fn continuation(&self) -> usize {
        match (self.peek(), self.byte(1), self.byte(2)) {
            (Some(b'\\'), None, _) if self.end == self.bytes.len() => 1,
            (Some(b'\\'), Some(b'\n'), _) => 2,
            (Some(b'\\'), Some(b'\r'), Some(b'\n')) => 3,
            _ => 0,
        }
    }

    /// A `\r` that belongs to a line's end. It counts as white space: bash would keep it in the last
    /// word, but such text comes from a checkout with CRLF line ends, and what the author meant to run,
    /// and what git gives the runner, has none.
    pub fn line_end_return(&self) -> bool {
        self.peek() == Some(b'\r') && matches!(self.byte(1), None | Some(b'\n'))
    }

    /// Skips blanks, line continuations and a comment; stops at newlines.
    pub fn blanks(&mut self) {
        loop {
            match self.peek() {
                Some(b' ' | b'\t') => self.at += 1,
                Some(b'\r') if self.line_end_return() => self.at += 1,
                Some(b'\\') if self.continuation() > 0 => self.at += self.continuation(),
                Some(b'#') => {
                    let rest = &self.bytes[self.at..self.end];
                    self.at += rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
                }
                _ => return,
            }
        }
    }

    /// Skips blanks, comments and newlines; bodies of here-documents follow the first newline.
    pub fn newlines(&mut self) {
        loop {
            self.blanks();
            if self.peek() != Some(b'\n') {
                return;
            }
            self.at += 1;
            if !self.pending.is_empty() {
                self.read_bodies();
            }
        }
    }

    /// Goes one level deeper; `leave` comes back.
    pub fn enter(&mut self, start: usize) -> Parse<()> {
        if self.depth >= MAX_DEPTH {
            let message = "nested too deeply";
            return Err(Trouble { start, end: self.at.max(start), message, deep: true });
        }
        self.depth += 1;
        Ok(())
    }

    /// Runs `parse` one level deeper.
    pub fn deeper<T>(&mut self, start: usize, parse: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<T> {
        self.enter(start)?;
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

    /// The next word as far as it could be a reserved one: its raw text, empty when it is longer.
    pub fn bare_word(&self) -> &'a [u8] {
        let rest = &self.bytes[self.at..self.end];
        let shown = &rest[..rest.len().min(10)];
        let length = shown.iter().position(|byte| is_break(*byte));
        match length {
            Some(length) => shown[..length].strip_suffix(b"\r").unwrap_or(&shown[..length]),
            None if rest.len() < 10 => shown.strip_suffix(b"\r").unwrap_or(shown),
            None => &[],
        }
    }

    /// Takes a reserved word.
    pub fn take_word(&mut self, word: &[u8]) -> bool {
        let found = self.bare_word() == word;
        if found {
            self.at += word.len();
        }
        found
    }

    /// Which closer stands here, and its length.
    pub fn closer(&self) -> Option<(Closers, usize)> {
        let closer = match self.peek()? {
            b')' => return Some((PAREN, 1)),
            b';' => {
                return match (self.byte(1), self.byte(2)) {
                    (Some(b';'), Some(b'&')) => Some((ARM, 3)),
                    (Some(b';' | b'&'), _) => Some((ARM, 2)),
                    _ => None,
                };
            }
            b't' | b'e' | b'f' | b'd' | b'}' => self.bare_word(),
            _ => return None,
        };
        let bit = match closer {
            b"then" => THEN,
            b"elif" => ELIF,
            b"else" => ELSE,
            b"fi" => FI,
            b"do" => DO,
            b"done" => DONE,
            b"esac" => ESAC,
            b"}" => BRACE,
            _ => return None,
        };
        Some((bit, closer.len()))
    }
}

/// A range; the text is shorter than 4 GiB.
pub(super) fn at(start: usize, end: usize) -> At {
    let narrow = |offset| u32::try_from(offset).unwrap_or(u32::MAX);
    At { start: narrow(start), end: narrow(end.max(start)) }
}

/// Ends an unquoted word.
pub(super) const fn is_break(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b'(' | b')' | b'<' | b'>')
}

pub(super) const fn is_name_start(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphabetic()
}

pub(super) const fn is_name(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphanumeric()
}

//! The parser's place in the text: looking, blanks, newlines, depth, recovery.

use super::ast::{At, Block, Script, Statement, StatementKind};
use crate::shell::ast::Fault;

/// Nesting beyond this is refused: no script that a person wrote comes near, and the stack is finite.
pub(super) const MAX_DEPTH: usize = 100;

/// An error that ends the statement in which it happens.
#[derive(Debug)]
pub(super) struct Trouble {
    pub start: usize,
    pub message: &'static str,
    /// The text ended, or it is too deep: no list around it can go on.
    pub fatal: bool,
}

pub(super) type Parse<T> = Result<T, Trouble>;

/// A parser at one place of one text.
pub(super) struct Parser<'a> {
    pub text: &'a str,
    pub bytes: &'a [u8],
    pub at: usize,
    /// The blanks that were skipped last.
    blank_start: usize,
    blank_end: usize,
    /// A comma makes no list here.
    pub plain: bool,
    depth: usize,
    /// Bytes that may still be read twice.
    budget: usize,
    faults: Vec<Fault>,
}

impl<'a> Parser<'a> {
    pub fn new(text: &'a str) -> Self {
        let budget = text.len() * 4 + 4096;
        Parser {
            text,
            bytes: text.as_bytes(),
            at: 0,
            blank_start: 0,
            blank_end: 0,
            plain: false,
            depth: 0,
            budget,
            faults: Vec::new(),
        }
    }

    /// Parses all of it.
    pub fn script(mut self) -> Script {
        let mut block = Block::new();
        loop {
            self.list_until(None, &mut block);
            if self.at >= self.bytes.len() {
                break;
            }
            // A closing bracket that nothing opened.
            let start = self.at;
            self.at += 1;
            block.push(self.broken(start, &Trouble { start, message: "unexpected closing bracket", fatal: false }));
        }
        self.faults.sort_by_key(|fault| fault.at);
        Script { block, faults: self.faults }
    }

    /// Statements up to a closing bracket, which is taken.
    pub fn block(&mut self, closer: u8, open: usize) -> Parse<Block> {
        let mut block = Block::new();
        let whole = |parser: &mut Self| {
            match parser.list_until(Some(closer), &mut block) {
                Some(fatal) => return Err(fatal),
                None if parser.peek() == Some(closer) => parser.at += 1,
                None => return Err(parser.unclosed(open)),
            }
            Ok(())
        };
        self.deeper(open, |parser| parser.bracketed(whole))?;
        Ok(block)
    }

    /// Statements until a closing bracket or the end; hands back what no list inside can bear.
    fn list_until(&mut self, closer: Option<u8>, block: &mut Block) -> Option<Trouble> {
        loop {
            self.separators();
            match self.peek() {
                None | Some(b')' | b'}') => return None,
                _ => {}
            }
            let start = self.at;
            match self.statement() {
                Ok(statement) => block.push(statement),
                Err(trouble) if trouble.fatal && closer.is_some() => return Some(trouble),
                Err(trouble) => {
                    let broken = self.broken(start, &trouble);
                    block.push(broken);
                }
            }
        }
    }

    /// Notes a fault and goes on at the next line after the statement's start.
    fn broken(&mut self, start: usize, trouble: &Trouble) -> Statement {
        let line = self.bytes[start..].iter().position(|byte| *byte == b'\n');
        let end = line.map_or(self.bytes.len(), |length| start + length);
        let fault = self.span_of(trouble.start.min(end), end);
        self.faults.push(Fault { at: fault, message: trouble.message.to_owned() });
        let read_twice = self.at.saturating_sub(end);
        self.at = if self.budget < read_twice { self.bytes.len() } else { end };
        self.budget = self.budget.saturating_sub(read_twice);
        Statement { kind: StatementKind::Broken, at: self.span_of(start, end) }
    }

    pub fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// The byte `offset` after the next.
    pub fn byte(&self, offset: usize) -> Option<u8> {
        self.bytes.get(self.at + offset).copied()
    }

    pub fn looking_at(&self, what: &str) -> bool {
        self.bytes[self.at..].starts_with(what.as_bytes())
    }

    pub fn take(&mut self, what: &str) -> bool {
        let found = self.looking_at(what);
        self.at += if found { what.len() } else { 0 };
        found
    }

    /// From `start` to here, without the blanks before here.
    pub fn span(&self, start: usize) -> At {
        let blank = self.is_blank() && self.blank_start >= start;
        self.span_of(start, if blank { self.blank_start } else { self.at })
    }

    fn span_of(&self, start: usize, end: usize) -> At {
        let whole = |at: usize| (at.min(self.text.len())..=self.text.len()).find(|at| self.text.is_char_boundary(*at));
        let narrow = |at: usize| u32::try_from(whole(at).unwrap_or(self.text.len())).unwrap_or(u32::MAX);
        At { start: narrow(start), end: narrow(end.max(start)) }
    }

    /// The text between two places.
    pub fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(self.span_of(start, end).range()).unwrap_or("")
    }

    pub fn trouble<T>(&self, message: &'static str) -> Parse<T> {
        Err(Trouble { start: self.at, message, fatal: false })
    }

    /// The text ended before a bracket or quote was closed.
    pub fn unclosed(&self, open: usize) -> Trouble {
        Trouble { start: open, message: "a quote or bracket is never closed", fatal: self.at >= self.bytes.len() }
    }

    /// Runs `parse` one level deeper.
    pub fn deeper<T>(&mut self, start: usize, parse: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<T> {
        if self.depth >= MAX_DEPTH {
            self.at = self.bytes.len();
            return Err(Trouble { start, message: "nested too deeply", fatal: true });
        }
        self.depth += 1;
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

    /// Skips blanks, comments and continued line ends; stops at newlines.
    pub fn blanks(&mut self) {
        if !self.is_blank() {
            (self.blank_start, self.blank_end) = (self.at, self.at);
        }
        self.skip_blanks();
        self.blank_end = self.blank_end.max(self.at);
    }

    /// Whether this place lies in the blanks that were skipped last, or at their end.
    fn is_blank(&self) -> bool {
        (self.blank_start..=self.blank_end).contains(&self.at)
    }

    fn skip_blanks(&mut self) {
        loop {
            match (self.peek(), self.byte(1), self.byte(2)) {
                (Some(b' ' | b'\t' | b'\r' | b'\x0b' | b'\x0c'), ..) => self.at += 1,
                (Some(b'`'), Some(b'\n'), _) => self.at += 2,
                (Some(b'`'), Some(b'\r'), Some(b'\n')) => self.at += 3,
                (Some(b'#'), ..) => self.at += self.until(b"\n"),
                (Some(b'<'), Some(b'#'), _) => {
                    let length = self.until(b"#>");
                    self.at = (self.at + length + 2).min(self.bytes.len());
                }
                _ => return,
            }
        }
    }

    /// The bytes before the next `what`; to the end where there is none.
    fn until(&self, what: &[u8]) -> usize {
        let rest = &self.bytes[self.at..];
        rest.windows(what.len()).position(|window| window == what).unwrap_or(rest.len())
    }

    /// Skips blanks and newlines.
    pub fn newlines(&mut self) {
        loop {
            self.blanks();
            if self.peek() != Some(b'\n') {
                return;
            }
            self.at += 1;
            self.blank_end = self.blank_end.max(self.at);
        }
    }

    /// Skips what stands between statements.
    fn separators(&mut self) {
        loop {
            self.newlines();
            if self.peek() != Some(b';') {
                return;
            }
            self.at += 1;
        }
    }

    /// Whether a statement ends here.
    pub fn ends_statement(&self) -> bool {
        matches!(self.peek(), None | Some(b'\n' | b';' | b')' | b'}'))
    }

    /// The letters here, in lower case, without taking them; empty where a name goes on behind them.
    pub fn keyword(&self) -> String {
        let rest = &self.bytes[self.at..self.bytes.len().min(self.at + 16)];
        let length = rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        match rest.get(length) {
            Some(b' ' | b'\t' | b'\r' | b'\n' | b'(' | b'{' | b';' | b'}' | b')' | b'$' | b'"' | b'\'' | b'[')
            | None => String::from_utf8_lossy(&rest[..length]).to_ascii_lowercase(),
            _ => String::new(),
        }
    }

    /// Skips a bracket with all that is in it: brackets, quotes and comments.
    pub fn skip_brackets(&mut self) -> Parse<()> {
        let open = self.at;
        let mut depth = 0_usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'(' | b'[' | b'{' => depth += 1,
                b')' | b']' | b'}' => depth = depth.saturating_sub(1),
                b'`' => self.at += 1,
                b'\'' | b'"' => {
                    self.string()?;
                    continue;
                }
                b'@' if matches!(self.byte(1), Some(b'\'' | b'"')) => {
                    self.here_string()?;
                    continue;
                }
                b'#' | b'<' => {
                    let before = self.at;
                    self.blanks();
                    self.at = self.at.max(before + 1);
                    continue;
                }
                _ => {}
            }
            self.at = (self.at + 1).min(self.bytes.len());
            if depth == 0 {
                return Ok(());
            }
        }
        Err(self.unclosed(open))
    }
}

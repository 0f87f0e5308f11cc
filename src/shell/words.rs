//! Words: literal text, quotes and the loop that puts their parts together.

use super::ast::{Word, WordPart};
use super::cursor::{Parse, Parser, at};

/// What ends a word, and which bytes mean something in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Until {
    /// An ordinary word: a blank or an operator.
    Break,
    /// The right side of `=~`: as before, but `|` and balanced parentheses belong to it.
    Regex,
    /// `"`
    Quote,
    /// The text's end: a body of a here-document, perhaps with leading tabs to drop.
    Body { tabs: bool },
    /// The text's end: an index.
    Whole,
    /// `}` of `${…}`, or `/` where `slash`; `quoted`: inside double quotes, `'` is literal.
    Operand { slash: bool, quoted: bool },
}

impl Until {
    /// Text as in double quotes.
    pub fn is_quoted(self) -> bool {
        matches!(self, Until::Quote | Until::Body { .. } | Until::Operand { quoted: true, .. })
    }

    /// The bytes at which the loop must look.
    fn table(self) -> &'static [bool; 256] {
        static WORD: [bool; 256] = table(b" \t\r\n;&|()<>\\'\"$`");
        static TEXT: [bool; 256] = table(b"\\\"$`");
        static BODY: [bool; 256] = table(b"\\$`\n");
        static OPERAND: [bool; 256] = table(b"\\'\"$`}/");
        match self {
            Until::Break | Until::Regex => &WORD,
            Until::Quote => &TEXT,
            Until::Body { .. } => &BODY,
            Until::Whole | Until::Operand { .. } => &OPERAND,
        }
    }

    /// Whether `byte`, one of the table's, ends the word.
    fn ends(self, byte: u8) -> bool {
        match self {
            Until::Break => true,
            Until::Regex => byte != b'|',
            Until::Quote => byte == b'"',
            Until::Body { .. } | Until::Whole => false,
            Until::Operand { slash, .. } => byte == b'}' || slash && byte == b'/',
        }
    }
}

const fn table(bytes: &[u8]) -> [bool; 256] {
    let mut table = [false; 256];
    let mut index = 0;
    while index < bytes.len() {
        table[bytes[index] as usize] = true;
        index += 1;
    }
    table
}

/// The parts of a word while it is read.
pub(super) struct Pieces {
    pub parts: Vec<WordPart>,
    text: String,
    text_start: usize,
    text_end: usize,
    start: Option<usize>,
    end: usize,
    /// Open parentheses of extended patterns.
    groups: usize,
    /// Inside `'…'` of a quoted operand: bash keeps the quotes as text, yet looks for no `}` there.
    apostrophe: bool,
}

impl Pieces {
    fn new(start: usize) -> Self {
        Pieces {
            parts: Vec::new(),
            text: String::new(),
            text_start: start,
            text_end: start,
            start: None,
            end: start,
            groups: 0,
            apostrophe: false,
        }
    }

    /// Adds literal text that was written at `start..end`.
    pub fn text(&mut self, text: &str, start: usize, end: usize) {
        if self.text.is_empty() {
            self.text_start = start;
        }
        self.text.push_str(text);
        self.text_end = end;
        self.reach(start, end);
    }

    fn reach(&mut self, start: usize, end: usize) {
        self.start.get_or_insert(start);
        self.end = end;
    }

    /// Adds a part that was written at `start..end`.
    pub fn part(&mut self, part: WordPart, start: usize, end: usize) {
        self.flush();
        self.parts.push(part);
        self.reach(start, end);
    }

    fn flush(&mut self) {
        if !self.text.is_empty() {
            let text = std::mem::take(&mut self.text);
            self.parts.push(WordPart::Literal(text, at(self.text_start, self.text_end)));
        }
    }
}

impl Parser<'_> {
    /// Reads a word, which may be empty. What ends it is not taken.
    pub fn word(&mut self, until: Until) -> Parse<Word> {
        let start = self.at;
        let pieces = self.pieces(until)?;
        let first = pieces.start.unwrap_or(start);
        Ok(Word { parts: pieces.parts, at: at(first, pieces.end.max(first)) })
    }

    /// Reads the parts up to what ends them.
    fn pieces(&mut self, until: Until) -> Parse<Pieces> {
        let start = self.at;
        let mut pieces = Pieces::new(start);
        let table = until.table();
        loop {
            let run = self.at;
            let rest = &self.bytes[run..self.end];
            self.at += rest.iter().position(|byte| table[usize::from(*byte)]).unwrap_or(rest.len());
            if self.at > run {
                pieces.text(&self.text[run..self.at], run, self.at);
            }
            let Some(byte) = self.peek() else { break };
            if self.special(byte, until, &mut pieces)? {
                continue;
            }
            if self.grouped(byte, until, &mut pieces) || pieces.apostrophe || !until.ends(byte) {
                pieces.apostrophe ^= byte == b'\'';
                self.literal(1, &mut pieces);
                if let (b'\n', Until::Body { tabs: true }) = (byte, until) {
                    self.skip_tabs();
                }
            } else {
                break;
            }
        }
        if pieces.groups > 0 {
            return Err(self.trouble(start, self.at, "this pattern's parenthesis is not closed"));
        }
        if pieces.apostrophe {
            return Err(self.trouble(start, self.at, "a single quote in here is not closed"));
        }
        pieces.flush();
        Ok(pieces)
    }

    pub fn skip_tabs(&mut self) {
        while self.peek() == Some(b'\t') {
            self.at += 1;
        }
    }

    /// Takes `length` bytes as they are.
    fn literal(&mut self, length: usize, pieces: &mut Pieces) {
        let start = self.at;
        self.at += length;
        pieces.text(&self.text[start..self.at], start, self.at);
    }

    /// Quotes, escapes and expansions; `false` if `byte` is none here.
    fn special(&mut self, byte: u8, until: Until, pieces: &mut Pieces) -> Parse<bool> {
        let quoted = until.is_quoted();
        match byte {
            b'\\' => self.escape(until, pieces),
            b'\'' if !quoted => {
                let start = self.at;
                let part = self.single()?;
                pieces.part(part, start, self.at);
            }
            b'"' if !matches!(until, Until::Quote | Until::Body { .. }) => {
                let start = self.at;
                let part = self.double(start)?;
                pieces.part(part, start, self.at);
            }
            b'$' => self.dollar(until, pieces)?,
            b'`' => {
                let start = self.at;
                let part = self.backquotes(quoted && !matches!(until, Until::Body { .. }))?;
                pieces.part(part, start, self.at);
            }
            b'<' | b'>' if self.byte(1) == Some(b'(') => {
                let start = self.at;
                let (list, at) = self.substitution()?;
                pieces.part(WordPart::Process(list, at), start, self.at);
            }
            b'\r' if !self.line_end_return() => self.literal(1, pieces),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Whether `byte` belongs to a pattern such as `@(a|b)` or to a group of a regular expression.
    fn grouped(&self, byte: u8, until: Until, pieces: &mut Pieces) -> bool {
        if !matches!(until, Until::Break | Until::Regex) {
            return false;
        }
        match byte {
            b'(' if pieces.groups > 0 || until == Until::Regex || self.extended_pattern(pieces) => {
                pieces.groups += 1;
            }
            b')' if pieces.groups > 0 => pieces.groups -= 1,
            _ => return pieces.groups > 0 && byte != b'\n',
        }
        true
    }

    /// `?(`, `*(`, `+(`, `@(`, `!(`, the sign being text of this word; `x*()` defines a function.
    fn extended_pattern(&self, pieces: &Pieces) -> bool {
        pieces.text_end == self.at
            && matches!(pieces.text.as_bytes().last(), Some(b'?' | b'*' | b'+' | b'@' | b'!'))
            && self.byte(1) != Some(b')')
    }

    fn escape(&mut self, until: Until, pieces: &mut Pieces) {
        let start = self.at;
        let continuation = self.continuation();
        if continuation > 0 {
            self.at += continuation;
            if until == (Until::Body { tabs: true }) {
                self.skip_tabs();
            }
            return;
        }
        let Some(next) = self.text[start + 1..self.end].chars().next() else {
            return self.literal(1, pieces);
        };
        let end = start + 1 + next.len_utf8();
        let text = &self.text[start + 1..end];
        if !until.is_quoted() {
            self.at = end;
            return pieces.part(WordPart::Quoted(text.to_owned(), at(start, end)), start, end);
        }
        let escaped = match next {
            '$' | '`' | '\\' => true,
            '"' => !matches!(until, Until::Body { .. }),
            '}' => matches!(until, Until::Operand { .. }),
            _ => false,
        };
        if escaped {
            self.at = end;
            pieces.text(text, start, end);
        } else {
            self.literal(1, pieces);
        }
    }

    fn single(&mut self) -> Parse<WordPart> {
        let start = self.at;
        let rest = &self.bytes[start + 1..self.end];
        let Some(length) = rest.iter().position(|byte| *byte == b'\'') else {
            self.at = self.end;
            return Err(self.trouble(start, start + 1, "this single quote is not closed"));
        };
        self.at = start + length + 2;
        Ok(WordPart::Quoted(self.text[start + 1..=start + length].to_owned(), self.span(start)))
    }

    /// `"…"`, or `$"…"` where `start` is its `$`; the parser stands at the quote.
    pub fn double(&mut self, start: usize) -> Parse<WordPart> {
        self.at += 1;
        let pieces = self.deeper(start, |parser| parser.pieces(Until::Quote))?;
        if self.peek() != Some(b'"') {
            return Err(self.trouble(start, start + 1, "this double quote is not closed"));
        }
        self.at += 1;
        Ok(WordPart::Double(pieces.parts, self.span(start)))
    }
}

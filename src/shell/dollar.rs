//! What `$` begins: parameters, substitutions, arithmetic, `$'…'` and `$"…"`.

use super::ast::{At, List, Operation, Parameter, WordPart};
use super::cursor::{PAREN, Parse, Parser, is_name, is_name_start};
use super::words::{Pieces, Until};

impl Parser<'_> {
    /// At a `$`.
    pub fn dollar(&mut self, until: Until, pieces: &mut Pieces) -> Parse<()> {
        let start = self.at;
        let quoted = until.is_quoted();
        let part = match self.byte(1) {
            Some(b'(') => self.parenthesis()?,
            Some(b'{') => WordPart::Parameter(Box::new(self.braced(quoted)?)),
            Some(b'[') => self.old_arithmetic()?,
            Some(b'\'') if !quoted => self.ansi()?,
            Some(b'"') if !matches!(until, Until::Quote | Until::Body { .. }) => {
                self.at += 1;
                self.double(start)?
            }
            Some(byte) if is_name_start(byte) || is_special(byte) => self.plain_parameter(),
            _ => {
                self.at += 1;
                pieces.text("$", start, self.at);
                return Ok(());
            }
        };
        pieces.part(part, start, self.at);
        Ok(())
    }

    fn plain_parameter(&mut self) -> WordPart {
        let start = self.at;
        self.at += 1;
        let name = self.parameter_name(false);
        let parameter =
            Parameter { name, index: None, indirect: false, operation: Operation::None, at: self.span(start) };
        WordPart::Parameter(Box::new(parameter))
    }

    /// A variable, a digit (several in `braces`) or a special parameter; empty if there is none.
    pub fn parameter_name(&mut self, braces: bool) -> String {
        let start = self.at;
        match self.peek() {
            Some(byte) if is_name_start(byte) => self.skip_while(is_name),
            Some(byte) if braces && byte.is_ascii_digit() => self.skip_while(|byte| byte.is_ascii_digit()),
            Some(byte) if is_special(byte) => self.at += 1,
            _ => {}
        }
        self.text[start..self.at].to_owned()
    }

    pub fn skip_while(&mut self, wanted: impl Fn(u8) -> bool) {
        while self.peek().is_some_and(&wanted) {
            self.at += 1;
        }
    }

    fn parenthesis(&mut self) -> Parse<WordPart> {
        let start = self.at;
        if self.byte(2) == Some(b'(')
            && let Some(end) = self.arithmetic_end(start + 1)
        {
            self.at = end;
            return Ok(WordPart::Arithmetic(self.span(start)));
        }
        let (list, at) = self.substitution()?;
        Ok(WordPart::Substitution(list, at))
    }

    /// `$(…)`, `<(…)`, `>(…)`. An unclosed one keeps its commands.
    pub fn substitution(&mut self) -> Parse<(List, At)> {
        let start = self.at;
        self.at += 2;
        let closers = std::mem::replace(&mut self.closers, 0);
        let substituted = std::mem::replace(&mut self.substituted, true);
        // Newlines in here do not start the bodies that the line around waits for.
        let mut waiting = std::mem::take(&mut self.pending);
        // A word and a command in one: it takes the stack of two levels, and counts as two.
        let list = self.deeper(start, |parser| parser.deeper(start, |parser| parser.list(PAREN)));
        waiting.append(&mut self.pending);
        self.pending = waiting;
        self.closers = closers;
        self.substituted = substituted;
        let list = list?;
        if self.peek() == Some(b')') {
            self.at += 1;
        } else {
            self.fault(start, start + 2, "this substitution is not closed");
        }
        Ok((list, self.span(start)))
    }

    fn old_arithmetic(&mut self) -> Parse<WordPart> {
        let start = self.at;
        let Some(end) = self.bracket_end(start + 2) else {
            return Err(self.trouble(start, start + 2, "this arithmetic is not closed"));
        };
        self.at = end;
        Ok(WordPart::Arithmetic(self.span(start)))
    }

    /// `$'…'`
    fn ansi(&mut self) -> Parse<WordPart> {
        let start = self.at;
        self.at += 2;
        let mut text = String::new();
        loop {
            let run = self.at;
            self.skip_while(|byte| byte != b'\'' && byte != b'\\');
            text.push_str(&self.text[run..self.at]);
            match self.peek() {
                Some(b'\\') => self.ansi_escape(&mut text),
                Some(_) => break,
                None => return Err(self.trouble(start, start + 2, "this single quote is not closed")),
            }
        }
        self.at += 1;
        Ok(WordPart::Quoted(text, self.span(start)))
    }

    fn ansi_escape(&mut self, text: &mut String) {
        self.at += 1;
        let Some(next) = self.text[self.at..self.end].chars().next() else {
            return text.push('\\');
        };
        let known = match next {
            'a' => '\x07',
            'b' => '\x08',
            'e' | 'E' => '\x1b',
            'f' => '\x0c',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\x0b',
            '\\' | '\'' | '"' | '?' => next,
            '0'..='7' => return self.numbered(text, 0, 3, 8),
            'x' => return self.numbered(text, 1, 2, 16),
            'u' => return self.numbered(text, 1, 4, 16),
            'U' => return self.numbered(text, 1, 8, 16),
            _ => {
                text.push('\\');
                next
            }
        };
        self.at += next.len_utf8();
        text.push(known);
    }

    /// `\nnn`, `\xHH`, `\uHHHH`, as a character; as bytes they may be no text, which a tree of text cannot hold.
    fn numbered(&mut self, text: &mut String, letter: usize, most: usize, radix: u32) {
        let start = self.at - 1;
        self.at += letter;
        let digits = self.at;
        while self.at - digits < most && self.peek().is_some_and(|byte| char::from(byte).is_digit(radix)) {
            self.at += 1;
        }
        let number = u32::from_str_radix(&self.text[digits..self.at], radix).ok();
        match number.and_then(char::from_u32) {
            Some(character) => text.push(character),
            None => text.push_str(&self.text[start..self.at]),
        }
    }
}

/// `$1`, `$@` and their kin.
fn is_special(byte: u8) -> bool {
    byte.is_ascii_digit() || b"@*#?-$!".contains(&byte)
}

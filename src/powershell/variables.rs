//! Variables: `$name`, `${name}`, `$drive:name`. A name takes in every `:` that is not doubled, so that
//! `$env:A:latest` is one variable (`ScanVariable` of PowerShell's tokenizer).

use super::ast::{Expression, ExpressionKind, Variable};
use super::cursor::{Parse, Parser};

impl Parser<'_> {
    /// What stands at a `$`: a variable, `$( … )`, or no more than the character.
    pub(super) fn dollar(&mut self) -> Parse<Expression> {
        let start = self.at;
        let kind = match self.byte(1) {
            Some(b'(') => {
                self.at += 2;
                ExpressionKind::Sub(self.block(b')', start)?)
            }
            Some(b'{') => ExpressionKind::Variable(self.braced()?),
            Some(byte) if starts_name(byte) => ExpressionKind::Variable(self.plain()),
            _ => {
                self.at += 1;
                ExpressionKind::Text("$".to_owned())
            }
        };
        Ok(Expression { kind, at: self.span(start) })
    }

    /// `@name` of a splatted argument, without its `@`.
    pub(super) fn splatted(&mut self) -> Variable {
        self.plain()
    }

    fn plain(&mut self) -> Variable {
        let start = self.at;
        self.at += 1;
        let single = matches!(self.peek(), Some(b'$' | b'?' | b'^'));
        while let Some(char) = self.slice(self.at, self.bytes.len().min(self.at + 4)).chars().next() {
            let doubled = char == ':' && self.byte(1) == Some(b':');
            if doubled || !(char.is_alphanumeric() || matches!(char, '_' | '?' | ':') || single) {
                break;
            }
            self.at += char.len_utf8();
            if single {
                break;
            }
        }
        self.variable(start, self.slice(start + 1, self.at).to_owned(), false)
    }

    fn braced(&mut self) -> Parse<Variable> {
        let start = self.at;
        self.at += 2;
        let mut name = Vec::new();
        loop {
            match self.peek() {
                None => return Err(self.unclosed(start)),
                Some(b'}') => break,
                Some(b'`') => self.at += 1,
                Some(_) => {}
            }
            name.extend(self.peek());
            self.at = (self.at + 1).min(self.bytes.len());
        }
        self.at += 1;
        Ok(self.variable(start, String::from_utf8_lossy(&name).into_owned(), true))
    }

    fn variable(&self, start: usize, written: String, braced: bool) -> Variable {
        let at = self.span(start);
        match written.split_once(':') {
            Some((drive, name)) if !drive.is_empty() => {
                Variable { drive: drive.to_ascii_lowercase(), name: name.to_owned(), braced, at }
            }
            _ => Variable { drive: String::new(), name: written, braced, at },
        }
    }
}

fn starts_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80 || matches!(byte, b'_' | b'?' | b'$' | b'^')
}

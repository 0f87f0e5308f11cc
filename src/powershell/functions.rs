//! Functions and their parameters.

use super::ast::{ExpressionKind, Parameter, StatementKind};
use super::cursor::{Parse, Parser};
use super::strings::ends_argument;

impl Parser<'_> {
    /// `function name (parameters) { … }`
    pub(super) fn function(&mut self, keyword: usize) -> Parse<StatementKind> {
        self.at += keyword;
        self.newlines();
        let start = self.at;
        while self.peek().is_some_and(|byte| !ends_argument(byte)) {
            self.at += 1;
        }
        let written = self.slice(start, self.at);
        // `function global:name`
        let name = written.rsplit(':').next().unwrap_or(written).to_owned();
        self.newlines();
        let parameters = if self.peek() == Some(b'(') { self.parameters()? } else { Vec::new() };
        Ok(StatementKind::Function { name, parameters, body: self.braces()? })
    }

    /// `([type]$a, $b = value)`, with attributes.
    pub(super) fn parameters(&mut self) -> Parse<Vec<Parameter>> {
        let open = self.at;
        if !self.take("(") {
            return self.trouble("expected `(`");
        }
        let mut found = Vec::new();
        let mut switch = false;
        loop {
            self.newlines();
            match self.peek() {
                None => return Err(self.unclosed(open)),
                Some(b')') => break,
                Some(b',') => self.at += 1,
                Some(b'[') => {
                    let start = self.at;
                    self.skip_brackets()?;
                    switch = self.slice(start, self.at).eq_ignore_ascii_case("[switch]");
                }
                Some(b'$') => {
                    let ExpressionKind::Variable(variable) = self.dollar()?.kind else {
                        return self.trouble("expected a variable");
                    };
                    self.newlines();
                    let default = if self.take("=") {
                        self.newlines();
                        // Between parameters a comma makes no list.
                        Some(self.deeper(open, Self::one)?)
                    } else {
                        None
                    };
                    found.push(Parameter { name: variable.name, switch, default });
                    switch = false;
                }
                _ => return self.trouble("expected a parameter"),
            }
        }
        self.at += 1;
        Ok(found)
    }
}

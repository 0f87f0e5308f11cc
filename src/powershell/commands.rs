//! Pipelines, commands with their arguments, redirections.

use super::ast::{Chain, Command, CommandKind, Connector, Expression, ExpressionKind, Redirect};
use super::cursor::{Parse, Parser};
use super::strings::ends_argument;

impl Parser<'_> {
    /// `a | b && c || d`
    pub(super) fn chain(&mut self) -> Parse<Chain> {
        let first = self.pipeline()?;
        let mut rest = Vec::new();
        loop {
            self.blanks();
            let connector = match (self.peek(), self.byte(1)) {
                (Some(b'&'), Some(b'&')) => Connector::And,
                (Some(b'|'), Some(b'|')) => Connector::Or,
                _ => break,
            };
            self.at += 2;
            self.newlines();
            rest.push((connector, self.pipeline()?));
        }
        let background = self.peek() == Some(b'&');
        self.at += usize::from(background);
        self.blanks();
        if !self.ends_statement() && !self.assigns() {
            return self.trouble("unexpected text");
        }
        Ok(Chain { first, rest, background })
    }

    fn assigns(&self) -> bool {
        match self.peek() {
            Some(b'=') => true,
            Some(b'+' | b'-' | b'*' | b'/' | b'%') => self.byte(1) == Some(b'='),
            Some(b'?') => self.looking_at("??="),
            _ => false,
        }
    }

    fn pipeline(&mut self) -> Parse<Vec<Command>> {
        let mut commands = vec![self.command()?];
        loop {
            self.blanks();
            if !self.pipes() {
                return Ok(commands);
            }
            self.at += 1;
            self.newlines();
            commands.push(self.command()?);
        }
    }

    /// A `|` here, or at the start of a later line (PowerShell 7).
    fn pipes(&mut self) -> bool {
        let before = self.at;
        if self.peek() == Some(b'\n') {
            self.newlines();
        }
        let found = self.peek() == Some(b'|') && self.byte(1) != Some(b'|');
        self.at = if found { self.at } else { before };
        found
    }

    fn command(&mut self) -> Parse<Command> {
        let start = self.at;
        let mut redirects = Vec::new();
        let kind = if self.begins_expression() {
            let expression = self.expression()?;
            loop {
                self.blanks();
                match self.redirect()? {
                    Some(redirect) => redirects.push(redirect),
                    None => break,
                }
            }
            CommandKind::Expression(expression)
        } else {
            self.call(&mut redirects)?
        };
        Ok(Command { kind, redirects, at: self.span(start) })
    }

    /// Whether an expression begins here rather than a command's name (`about_Parsing`).
    fn begins_expression(&self) -> bool {
        match self.peek() {
            Some(b'$' | b'"' | b'\'' | b'(' | b'@' | b'{' | b'[' | b'!' | b',') => true,
            Some(b'0'..=b'9') => self.is_number(0),
            Some(b'+' | b'-') => {
                let word = self.bytes[self.at + 1..].iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
                let operator = self.slice(self.at + 1, self.at + 1 + word).to_ascii_lowercase();
                matches!(operator.as_str(), "not" | "bnot" | "join" | "split")
                    || (word == 0 && self.byte(1) != Some(b'-'))
            }
            _ => false,
        }
    }

    fn is_number(&self, offset: usize) -> bool {
        let rest = &self.bytes[self.at + offset..];
        let length = rest.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'.').count();
        rest.get(length).is_none_or(|byte| {
            byte.is_ascii_whitespace()
                || matches!(byte, b'.' | b')' | b';' | b'}' | b'|' | b'+' | b'-' | b'*' | b'/' | b',')
        })
    }

    fn call(&mut self, redirects: &mut Vec<Redirect>) -> Parse<CommandKind> {
        let dot = self.peek() == Some(b'.')
            && self
                .byte(1)
                .is_some_and(|byte| byte.is_ascii_whitespace() || matches!(byte, b'$' | b'"' | b'\'' | b'('));
        if dot || self.peek() == Some(b'&') {
            self.at += 1;
            self.blanks();
        }
        let mut words = Vec::new();
        loop {
            self.blanks();
            if self.ends_statement() || matches!(self.peek(), Some(b'|' | b'&')) {
                break;
            }
            if let Some(redirect) = self.redirect()? {
                redirects.push(redirect);
            } else if self.looking_at("--%") && self.byte(3).is_none_or(|byte| byte.is_ascii_whitespace()) {
                self.verbatim(&mut words);
            } else if self.peek() == Some(b',') {
                self.at += 1;
                self.newlines();
            } else {
                let argument = self.argument()?;
                words.push(self.joined(argument)?);
            }
        }
        if words.is_empty() {
            return self.trouble("expected a command");
        }
        Ok(CommandKind::Call { dotted: dot, words })
    }

    /// `--%`: the rest of the line as it stands.
    fn verbatim(&mut self, words: &mut Vec<Expression>) {
        self.at += 3;
        loop {
            while matches!(self.peek(), Some(b' ' | b'\t' | b'\r')) {
                self.at += 1;
            }
            let start = self.at;
            while self.peek().is_some_and(|byte| !byte.is_ascii_whitespace() && byte != b'|') {
                self.at += 1;
            }
            if self.at == start {
                return;
            }
            let text = self.slice(start, self.at);
            // `%NAME%` is expanded there.
            let text = text.replace('"', "");
            let kind = if text.contains('%') { ExpressionKind::Other } else { ExpressionKind::Text(text) };
            words.push(Expression { kind, at: self.span(start) });
        }
    }

    /// `a,b` without blanks reaches a program as it is written: one argument.
    fn joined(&mut self, first: Expression) -> Parse<Expression> {
        let start = first.at.start as usize;
        let mut pieces = vec![first];
        while self.peek() == Some(b',') && self.byte(1).is_some_and(|byte| !byte.is_ascii_whitespace()) {
            let comma = self.at;
            self.at += 1;
            let text = ExpressionKind::Text(",".to_owned());
            pieces.push(Expression { kind: text, at: self.span(comma) });
            if self.peek() == Some(b',') || self.ends_statement() {
                break;
            }
            pieces.push(self.argument()?);
        }
        match pieces.pop() {
            Some(only) if pieces.is_empty() => Ok(only),
            last => {
                pieces.extend(last);
                Ok(Expression { kind: ExpressionKind::Expandable(pieces), at: self.span(start) })
            }
        }
    }

    fn argument(&mut self) -> Parse<Expression> {
        let start = self.at;
        match (self.peek(), self.byte(1)) {
            (Some(b'$'), _) => {
                let found = self.dollar()?;
                let goes_on = self.peek().is_some_and(|byte| !ends_argument(byte) && !matches!(byte, b'.' | b'['));
                match found.kind {
                    ExpressionKind::Variable(_) | ExpressionKind::Text(_) if goes_on => self.bare(start, Some(found)),
                    _ => self.steps(start, found),
                }
            }
            (Some(b'@'), Some(byte)) if byte.is_ascii_alphabetic() || byte == b'_' => {
                let variable = self.splatted();
                Ok(Expression { kind: ExpressionKind::Splat(variable), at: self.span(start) })
            }
            (Some(b'@'), Some(b'(' | b'{' | b'"' | b'\'')) | (Some(b'(' | b'{' | b'"' | b'\''), _) => self.postfix(),
            (Some(b'-'), Some(byte)) if byte.is_ascii_alphabetic() || byte == b'_' || byte == b'?' => {
                self.option(start)
            }
            _ => {
                let argument = self.bare(start, None)?;
                if self.at == start {
                    return self.trouble("unexpected character");
                }
                Ok(argument)
            }
        }
    }

    /// `-name`, `-name:`: nothing in it is expanded, unless a quote makes it an argument (`ScanParameter`).
    fn option(&mut self, start: usize) -> Parse<Expression> {
        while let Some(byte) = self.peek() {
            if matches!(byte, b'"' | b'\'') {
                let text = ExpressionKind::Text(self.slice(start, self.at).to_owned());
                let first = Expression { kind: text, at: self.span(start) };
                return self.bare(start, Some(first));
            }
            if ends_argument(byte) || matches!(byte, b'.' | b'[') {
                break;
            }
            self.at += 1;
            if byte == b':' {
                break;
            }
        }
        let kind = ExpressionKind::Option(self.slice(start, self.at).to_owned());
        Ok(Expression { kind, at: self.span(start) })
    }

    fn redirect(&mut self) -> Parse<Option<Redirect>> {
        let start = self.at;
        let stream = match (self.peek(), self.byte(1)) {
            (Some(b'>'), _) => 1,
            (Some(b'*'), Some(b'>')) => 0,
            (Some(digit @ b'1'..=b'6'), Some(b'>')) => u32::from(digit - b'0'),
            _ => return Ok(None),
        };
        self.at += usize::from(self.peek() != Some(b'>')) + 1;
        let append = self.take(">");
        if self.take("&") {
            self.at += usize::from(self.peek().is_some_and(|byte| byte.is_ascii_digit()));
            return Ok(Some(Redirect { stream, append, file: None, at: self.span(start) }));
        }
        self.blanks();
        let file = Some(self.argument()?);
        Ok(Some(Redirect { stream, append, file, at: self.span(start) }))
    }
}

//! Expressions: operators by rank, members, brackets, literals.

use super::ast::{Expression, ExpressionKind, Step};
use super::cursor::{Parse, Parser};
use super::operators::RANKS;

impl Parser<'_> {
    /// An expression with all its operators.
    pub(super) fn expression(&mut self) -> Parse<Expression> {
        let start = self.at;
        let first = self.deeper(start, |parser| parser.ranked(0))?;
        let before = self.at;
        self.blanks();
        // `a ? b : c`
        if self.peek() != Some(b'?') || self.at == before || self.byte(1) == Some(b'?') {
            self.at = before;
            return Ok(first);
        }
        self.at += 1;
        self.newlines();
        self.deeper(start, Self::expression)?;
        self.newlines();
        if !self.take(":") {
            return self.trouble("expected `:`");
        }
        self.newlines();
        self.deeper(start, Self::expression)?;
        Ok(Expression { kind: ExpressionKind::Other, at: self.span(start) })
    }

    fn ranked(&mut self, rank: usize) -> Parse<Expression> {
        if rank == RANKS {
            return self.list();
        }
        let start = self.at;
        let first = self.ranked(rank + 1)?;
        let mut rest = Vec::new();
        while let Some(operator) = self.operator(rank) {
            self.newlines();
            rest.push((operator, self.ranked(rank + 1)?));
        }
        if rest.is_empty() {
            return Ok(first);
        }
        Ok(Expression { kind: ExpressionKind::Binary(Box::new(first), rest), at: self.span(start) })
    }

    /// `a, b`
    fn list(&mut self) -> Parse<Expression> {
        let start = self.at;
        let leading = self.peek() == Some(b',');
        if leading {
            self.at += 1;
            self.newlines();
        }
        let mut items = vec![self.unary()?];
        loop {
            let before = self.at;
            self.blanks();
            if self.plain || self.peek() != Some(b',') {
                self.at = before;
                break;
            }
            self.at += 1;
            self.newlines();
            items.push(self.unary()?);
        }
        match items.pop() {
            Some(only) if items.is_empty() && !leading => Ok(only),
            last => {
                items.extend(last);
                Ok(Expression { kind: ExpressionKind::List(items), at: self.span(start) })
            }
        }
    }

    /// An expression in which a comma makes no list.
    pub(super) fn one(&mut self) -> Parse<Expression> {
        let outer = std::mem::replace(&mut self.plain, true);
        let parsed = self.expression();
        self.plain = outer;
        parsed
    }

    /// Parses something in brackets, where a comma makes a list again.
    pub(super) fn bracketed<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<T> {
        let outer = std::mem::replace(&mut self.plain, false);
        let parsed = parse(self);
        self.plain = outer;
        parsed
    }

    fn unary(&mut self) -> Parse<Expression> {
        let start = self.at;
        let Some(operator) = self.prefix() else { return self.postfix() };
        self.newlines();
        let operand = Box::new(self.deeper(start, Self::unary)?);
        Ok(Expression { kind: ExpressionKind::Unary(operator, operand), at: self.span(start) })
    }

    /// `!`, `-not`, `-`, `+`, `++`, `--`, `-join`, `-split`
    fn prefix(&mut self) -> Option<String> {
        let number = self.byte(1).is_some_and(|byte| byte.is_ascii_digit() || byte == b'.');
        for (symbol, name) in [("!", "not"), ("++", "++"), ("--", "--")] {
            if self.take(symbol) {
                return Some(name.to_owned());
            }
        }
        match self.peek()? {
            b'-' | b'+' if number => None,
            b'+' => {
                self.at += 1;
                Some("+".to_owned())
            }
            b'-' => {
                let rest = &self.bytes[self.at + 1..self.bytes.len().min(self.at + 12)];
                let length = rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
                let word = String::from_utf8_lossy(&rest[..length]).to_ascii_lowercase();
                let known = matches!(word.as_str(), "" | "not" | "bnot" | "join" | "split" | "csplit" | "isplit");
                self.at += if known { 1 + length } else { 0 };
                known.then(|| if word.is_empty() { "-".to_owned() } else { word })
            }
            _ => None,
        }
    }

    /// A value with its members and indexes, which stand right behind it.
    pub(super) fn postfix(&mut self) -> Parse<Expression> {
        let start = self.at;
        let first = self.primary()?;
        if let ExpressionKind::Type(_) = first.kind
            && !self.looking_at("::")
            && !self.looking_at(".")
        {
            return self.cast(start, first);
        }
        self.steps(start, first)
    }

    /// `[type] value`, or the type alone.
    fn cast(&mut self, start: usize, found: Expression) -> Parse<Expression> {
        let before = self.at;
        self.blanks();
        let operand = match self.peek() {
            Some(b'$' | b'"' | b'\'' | b'(' | b'@' | b'[' | b'{' | b'0'..=b'9') => true,
            Some(b'-') => self.byte(1).is_some_and(|byte| byte.is_ascii_digit()),
            _ => false,
        };
        if !operand {
            self.at = before;
            return Ok(found);
        }
        let inner = Box::new(self.deeper(start, Self::unary)?);
        Ok(Expression { kind: ExpressionKind::Cast(inner), at: self.span(start) })
    }

    /// `.b`, `.b(c)`, `::b`, `[b]`, `++` behind a value.
    pub(super) fn steps(&mut self, start: usize, first: Expression) -> Parse<Expression> {
        let mut steps = Vec::new();
        loop {
            let step = match (self.peek(), self.byte(1)) {
                (Some(b'['), _) => self.index()?,
                (Some(b'?'), Some(b'[')) => {
                    self.at += 1;
                    continue;
                }
                // `a.b[int](c)`
                (Some(b'('), _) if matches!(steps.last(), Some(Step::Index(_))) => {
                    Step::Member(String::new(), Some(self.given()?))
                }
                (Some(b':'), Some(b':')) => self.member(2)?,
                (Some(b'?'), Some(b'.')) => self.member(2)?,
                (Some(b'.'), Some(b'\r' | b'\n')) => {
                    self.at += 1;
                    self.newlines();
                    self.member(0)?
                }
                (Some(b'.'), Some(byte)) if byte != b'.' && (is_name(byte) || matches!(byte, b'$' | b'"' | b'\'')) => {
                    self.member(1)?
                }
                (Some(b'+'), Some(b'+')) | (Some(b'-'), Some(b'-')) => {
                    self.at += 2;
                    Step::Member("++".to_owned(), None)
                }
                _ => break,
            };
            steps.push(step);
        }
        if steps.is_empty() {
            return Ok(first);
        }
        Ok(Expression { kind: ExpressionKind::Postfix(Box::new(first), steps), at: self.span(start) })
    }

    fn index(&mut self) -> Parse<Step> {
        let open = self.at;
        self.at += 1;
        let index = self.bracketed(|parser| {
            parser.newlines();
            parser.expression()
        })?;
        self.newlines();
        if !self.take("]") {
            return Err(self.unclosed(open));
        }
        Ok(Step::Index(index))
    }

    fn member(&mut self, dots: usize) -> Parse<Step> {
        self.at += dots;
        let start = self.at;
        match self.peek() {
            Some(b'$') => drop(self.dollar()?),
            Some(b'"' | b'\'') => drop(self.string()?),
            _ => {
                let rest = &self.bytes[self.at..];
                self.at += rest.iter().take_while(|byte| is_name(**byte)).count();
            }
        }
        let name = self.slice(start, self.at).to_owned();
        match self.peek() {
            Some(b'(') => Ok(Step::Member(name, Some(self.given()?))),
            // `.ForEach{ … }`
            Some(b'{') => Ok(Step::Member(name, Some(vec![self.primary()?]))),
            _ => Ok(Step::Member(name, None)),
        }
    }

    /// The arguments of a method. Between them a comma makes no list.
    fn given(&mut self) -> Parse<Vec<Expression>> {
        let open = self.at;
        self.at += 1;
        let mut arguments = Vec::new();
        loop {
            self.newlines();
            if self.take(")") {
                return Ok(arguments);
            }
            if self.peek().is_none() {
                return Err(self.unclosed(open));
            }
            arguments.push(self.one()?);
            self.newlines();
            if !self.take(",") && self.peek() != Some(b')') {
                return self.trouble("expected `)`");
            }
        }
    }

    fn primary(&mut self) -> Parse<Expression> {
        let start = self.at;
        let kind = match (self.peek(), self.byte(1)) {
            (Some(b'$'), _) => return self.dollar(),
            (Some(b'\'' | b'"'), _) => return self.string(),
            (Some(b'@'), Some(b'\'' | b'"')) => return self.here_string(),
            (Some(b'@'), Some(b'(')) => {
                self.at += 2;
                ExpressionKind::Array(self.block(b')', start)?)
            }
            (Some(b'@'), Some(b'{')) => {
                self.at += 1;
                self.skip_brackets()?;
                ExpressionKind::Other
            }
            (Some(b'('), _) => ExpressionKind::Paren(Box::new(self.paren()?)),
            (Some(b'{'), _) => {
                self.at += 1;
                ExpressionKind::ScriptBlock(self.block(b'}', start)?)
            }
            (Some(b'['), _) => {
                self.skip_brackets()?;
                ExpressionKind::Type(self.slice(start + 1, self.at - 1).to_owned())
            }
            (Some(b'0'..=b'9' | b'.' | b'-' | b'+'), _) => self.number()?,
            _ => return self.trouble("expected a value"),
        };
        Ok(Expression { kind, at: self.span(start) })
    }

    fn number(&mut self) -> Parse<ExpressionKind> {
        let start = self.at;
        self.at += usize::from(matches!(self.peek(), Some(b'-' | b'+')));
        while let Some(byte) = self.peek() {
            let range = byte == b'.' && self.byte(1) == Some(b'.');
            if range || !(byte.is_ascii_alphanumeric() || byte == b'.') {
                break;
            }
            self.at += 1;
        }
        if !self.slice(start, self.at).bytes().any(|byte| byte.is_ascii_digit()) {
            self.at = start;
            return self.trouble("expected a value");
        }
        Ok(ExpressionKind::Number(self.slice(start, self.at).to_owned()))
    }
}

pub(super) fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

//! `[[ … ]]`.

use super::ast::{CommandKind, Condition, Word};
use super::cursor::{Parse, Parser};
use super::words::Until;

const UNARY: &[u8] = b"abcdefghknoprstuvwxzGLNORS";
const BINARY: [&str; 13] = ["=", "==", "!=", "=~", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef"];

impl Parser<'_> {
    /// After `[[`.
    pub fn test_command(&mut self, start: usize) -> Parse<CommandKind> {
        let condition = self.any_of()?;
        self.newlines();
        if !self.take_word(b"]]") {
            let message = if self.at >= self.end { "this `[[` is not closed" } else { "this `[[` is not understood" };
            return Err(self.trouble(start, self.at.max(start + 2), message));
        }
        Ok(CommandKind::Test(condition))
    }

    fn any_of(&mut self) -> Parse<Condition> {
        let mut all = vec![self.all_of()?];
        while self.take_operator(b"||") {
            all.push(self.all_of()?);
        }
        Ok(balanced(all, &|a, b| Condition::Or(Box::new(a), Box::new(b))))
    }

    fn all_of(&mut self) -> Parse<Condition> {
        let mut all = vec![self.term()?];
        while self.take_operator(b"&&") {
            all.push(self.term()?);
        }
        Ok(balanced(all, &|a, b| Condition::And(Box::new(a), Box::new(b))))
    }

    fn take_operator(&mut self, operator: &[u8]) -> bool {
        self.newlines();
        let found = self.looking_at(operator);
        if found {
            self.at += operator.len();
        }
        found
    }

    fn term(&mut self) -> Parse<Condition> {
        let mut negated = false;
        self.newlines();
        while self.take_word(b"!") {
            negated = !negated;
            self.newlines();
        }
        let start = self.at;
        let condition = if self.peek() == Some(b'(') {
            self.at += 1;
            let inner = self.deeper(start, Self::any_of)?;
            self.newlines();
            if self.peek() != Some(b')') {
                return Err(self.trouble(start, self.at.max(start + 1), "this parenthesis is not closed"));
            }
            self.at += 1;
            inner
        } else {
            self.comparison()?
        };
        Ok(if negated { Condition::Not(Box::new(condition)) } else { condition })
    }

    fn comparison(&mut self) -> Parse<Condition> {
        if let [b'-', operator] = *self.bare_word()
            && UNARY.contains(&operator)
        {
            self.at += 2;
            let word = self.test_word(Until::Break)?;
            return Ok(Condition::Unary(format!("-{}", char::from(operator)), word));
        }
        let left = self.test_word(Until::Break)?;
        self.blanks();
        if let Some(byte @ (b'<' | b'>')) = self.peek() {
            self.at += 1;
            let right = self.test_word(Until::Break)?;
            return Ok(Condition::Binary(left, char::from(byte).to_string(), right));
        }
        let next = self.bare_word();
        let Some(operator) = BINARY.into_iter().find(|operator| operator.as_bytes() == next) else {
            // Only here does a newline matter: bash still waits for an operator.
            return if self.peek() == Some(b'\n') { Err(self.unexpected()) } else { Ok(Condition::Word(left)) };
        };
        self.at += operator.len();
        let right = self.test_word(if operator == "=~" { Until::Regex } else { Until::Break })?;
        Ok(Condition::Binary(left, operator.to_owned(), right))
    }

    fn test_word(&mut self, until: Until) -> Parse<Word> {
        self.blanks();
        let regex = until == Until::Regex && matches!(self.peek(), Some(b'(' | b'|'));
        if !(self.at_word() || regex) || self.bare_word() == b"]]" {
            return Err(self.unexpected());
        }
        self.word(until)
    }
}

/// A chain as a tree of low height, which means the same: a long chain must not make a deep tree.
fn balanced(mut all: Vec<Condition>, join: &impl Fn(Condition, Condition) -> Condition) -> Condition {
    while all.len() > 1 {
        let mut joined = Vec::with_capacity(all.len().div_ceil(2));
        let mut rest = all.into_iter();
        while let Some(left) = rest.next() {
            joined.push(match rest.next() {
                Some(right) => join(left, right),
                None => left,
            });
        }
        all = joined;
    }
    all.pop().expect("a chain has at least one condition")
}

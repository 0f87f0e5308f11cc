//! Simple commands: assignments, words, arrays; and functions, which begin like them.

use super::ast::{AssignedValue, Assignment, Command, CommandKind, Redirect, Simple, Word};
use super::cursor::{Parse, Parser, at, is_break, is_name, is_name_start};
use super::words::Until;

/// The commands after which an array may be assigned.
const DECLARATIONS: [&str; 8] = ["export", "local", "declare", "readonly", "typeset", "alias", "eval", "let"];

impl Parser<'_> {
    pub fn simple(&mut self) -> Parse<Command> {
        let start = self.at;
        let mut simple = Simple::default();
        let mut redirects: Vec<Redirect> = Vec::new();
        let mut end = start;
        let mut declares = false;
        loop {
            self.blanks();
            let begin = self.at;
            if let Some(redirect) = self.redirect()? {
                end = redirect.at.end as usize;
                redirects.push(redirect);
            } else if !self.at_word() {
                break;
            } else if let Some(assignment) = self.assignment(simple.words.is_empty(), declares)? {
                end = assignment.at.end as usize;
                simple.assignments.push(assignment);
            } else {
                let word = self.word(Until::Break)?;
                if simple.words.is_empty() {
                    declares = DECLARATIONS.contains(&&self.text[begin..self.at]);
                }
                end = word.at.end as usize;
                simple.words.push(word);
            }
        }
        let alone = simple.assignments.is_empty() && redirects.is_empty();
        if simple.words.is_empty() && alone {
            return Err(self.unexpected());
        }
        if let ([name], true, Some(b'(')) = (simple.words.as_slice(), alone, self.peek())
            && self.take_parentheses()
        {
            return self.function(start, self.text[name.at.range()].to_owned());
        }
        Ok(Command { kind: CommandKind::Simple(simple), redirects, at: at(start, end) })
    }

    /// Takes `()`.
    pub fn take_parentheses(&mut self) -> bool {
        let start = self.at;
        if self.peek() == Some(b'(') {
            self.at += 1;
            self.blanks();
            if self.peek() == Some(b')') {
                self.at += 1;
                return true;
            }
        }
        self.at = start;
        false
    }

    /// The body of a function.
    pub fn function(&mut self, start: usize, name: String) -> Parse<Command> {
        self.newlines();
        let begin = self.at;
        let Some(kind) = self.compound()? else {
            return Err(self.trouble(self.at, self.at + 1, "a function's body must be a compound command"));
        };
        let body = Box::new(self.redirected(begin, kind)?);
        let at = at(start, body.at.end as usize);
        Ok(Command { kind: CommandKind::Function { name, body }, redirects: Vec::new(), at })
    }

    /// Whether a word begins here.
    pub fn at_word(&self) -> bool {
        match self.peek() {
            Some(b'<' | b'>') => self.byte(1) == Some(b'('),
            Some(byte) => !is_break(byte),
            None => false,
        }
    }

    /// An assignment, if one stands here and may: any in `front`, only arrays after a declaration.
    fn assignment(&mut self, front: bool, declares: bool) -> Parse<Option<Assignment>> {
        let start = self.at;
        if !(front || declares) || !self.peek().is_some_and(is_name_start) {
            return Ok(None);
        }
        self.skip_while(is_name);
        let name = start..self.at;
        let index = self.index_end();
        self.at = index.unwrap_or(self.at);
        let append = self.looking_at(b"+=");
        let array = self.byte(1 + usize::from(append)) == Some(b'(');
        if !(append || self.peek() == Some(b'=')) || !(front || array) {
            self.at = start;
            return Ok(None);
        }
        let value_at = self.at + 1 + usize::from(append);
        let index = match index {
            Some(end) => {
                self.at = name.end + 1;
                self.part_of(end - 1)?
            }
            None => None,
        };
        self.at = value_at;
        let value =
            if array { AssignedValue::Array(self.array()?) } else { AssignedValue::Word(self.word(Until::Break)?) };
        let end = match &value {
            AssignedValue::Word(word) => word.at.end as usize,
            AssignedValue::Array(_) => self.at,
        };
        Ok(Some(Assignment { name: self.text[name].to_owned(), at: at(start, end), append, index, value }))
    }

    /// After `[…]` with `=` or `+=` behind it.
    fn index_end(&mut self) -> Option<usize> {
        if self.peek() != Some(b'[') {
            return None;
        }
        let end = self.bracket_end(self.at + 1)?;
        let rest = &self.bytes[end..self.end];
        if rest.starts_with(b"=") || rest.starts_with(b"+=") {
            return Some(end);
        }
        self.pay(end - self.at);
        None
    }

    /// The text up to `end` as one word.
    fn part_of(&mut self, end: usize) -> Parse<Option<Word>> {
        let outer = std::mem::replace(&mut self.end, end);
        let word = self.word(Until::Whole);
        self.end = outer;
        word.map(Some)
    }

    /// `( … )` of an array.
    fn array(&mut self) -> Parse<Vec<Word>> {
        let start = self.at;
        self.at += 1;
        let mut words = Vec::new();
        loop {
            self.newlines();
            if self.peek() == Some(b')') {
                self.at += 1;
                return Ok(words);
            }
            if self.at >= self.end {
                return Err(self.trouble(start, start + 1, "this array is not closed"));
            }
            if !self.at_word() {
                return Err(self.unexpected());
            }
            if let Some(end) = self.index_end() {
                self.at = end + if self.bytes[end] == b'+' { 2 } else { 1 };
            }
            words.push(self.word(Until::Break)?);
        }
    }
}

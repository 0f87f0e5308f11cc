//! `for`, `select`, `while`, `until`.

use super::ast::{CommandKind, List, Word};
use super::cursor::{BRACE, DO, DONE, Parse, Parser, at};
use super::words::Until;

impl Parser<'_> {
    /// After `for` or `select`.
    pub fn for_command(&mut self, start: usize) -> Parse<CommandKind> {
        let select = self.bytes[start] == b's';
        self.blanks();
        if self.looking_at(b"((") {
            return self.arithmetic_for(start);
        }
        if !self.at_word() {
            return Err(self.unexpected());
        }
        let name = self.word(Until::Break)?;
        self.blanks();
        if self.peek() == Some(b';') && self.byte(1) != Some(b';') {
            self.at += 1;
        }
        self.newlines();
        let words = if self.take_word(b"in") { Some(self.for_words()?) } else { None };
        self.newlines();
        let body = self.loop_body(start)?;
        let (name, name_at) = (self.text[name.at.range()].to_owned(), name.at);
        Ok(CommandKind::For { name, name_at, words, body, select })
    }

    fn for_words(&mut self) -> Parse<Vec<Word>> {
        let mut words = Vec::new();
        loop {
            self.blanks();
            if !self.at_word() {
                break;
            }
            words.push(self.word(Until::Break)?);
        }
        match self.peek() {
            Some(b';') if self.byte(1) != Some(b';') => self.at += 1,
            None | Some(b'\n') => {}
            Some(_) => return Err(self.unexpected()),
        }
        Ok(words)
    }

    fn arithmetic_for(&mut self, start: usize) -> Parse<CommandKind> {
        let Some(end) = self.arithmetic_end(self.at) else {
            return Err(self.trouble(start, self.at + 2, "this arithmetic is not closed"));
        };
        let head = at(self.at, end);
        self.at = end;
        self.blanks();
        if self.peek() == Some(b';') {
            self.at += 1;
        }
        self.newlines();
        let body = self.loop_body(start)?;
        Ok(CommandKind::ArithmeticFor { head, body })
    }

    /// `do … done` or `{ … }`.
    fn loop_body(&mut self, start: usize) -> Parse<List> {
        if self.take_word(b"{") {
            let body = self.filled_list(BRACE)?;
            self.close(start, BRACE, b"}", "this loop's `{` is not closed");
            return Ok(body);
        }
        if !self.close(start, DO, b"do", "this loop has no `do`") {
            return Ok(List::default());
        }
        let body = self.filled_list(DONE)?;
        self.close(start, DONE, b"done", "this loop has no `done`");
        Ok(body)
    }

    /// After `while` or `until`.
    pub fn while_command(&mut self, start: usize) -> Parse<CommandKind> {
        let until = self.bytes[start] == b'u';
        let condition = self.filled_list(DO)?;
        let closed = self.close(start, DO, b"do", "this loop has no `do`");
        let body = if closed { self.filled_list(DONE)? } else { List::default() };
        if closed {
            self.close(start, DONE, b"done", "this loop has no `done`");
        }
        Ok(CommandKind::While { until, condition, body })
    }
}

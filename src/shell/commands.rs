//! Lists, pipelines and commands with their redirections.

use super::ast::{Command, CommandKind, Connector, Item, List, Pipeline, Redirect, Simple};
use super::cursor::{Closers, MAX_DEPTH, Parse, Parser, Trouble};

impl Parser<'_> {
    /// Commands up to one of `stops`, or of what a list around waits for; that is not taken.
    pub fn list(&mut self, stops: Closers) -> Parse<List> {
        let outer = self.closers;
        self.closers |= stops;
        let mut items = Vec::new();
        loop {
            self.newlines();
            if self.at >= self.end {
                break;
            }
            if let Some((closer, length)) = self.closer() {
                if self.closers & closer != 0 {
                    break;
                }
                self.fault(self.at, self.at + length, "nothing here is open that this closes");
                self.at += length;
                continue;
            }
            self.item_or_broken(&mut items)?;
        }
        self.closers = outer;
        Ok(List { items })
    }

    fn item_or_broken(&mut self, items: &mut Vec<Item>) -> Parse<()> {
        let start = self.at;
        let (closers, depth) = (self.closers, self.depth);
        match self.item() {
            Ok(mut item) => {
                let end = self.separator(&mut item);
                items.push(item);
                if let Err(trouble) = end {
                    let start = self.at;
                    items.push(self.broken(start, &trouble));
                }
            }
            Err(trouble) if trouble.deep && depth > 0 && depth <= MAX_DEPTH => return Err(trouble),
            Err(trouble) => {
                (self.closers, self.depth) = (closers, depth);
                items.push(self.broken(start, &trouble));
            }
        }
        Ok(())
    }

    /// A list that must hold a command.
    pub fn filled_list(&mut self, stops: Closers) -> Parse<List> {
        let list = self.list(stops)?;
        if list.items.is_empty() {
            let end = self.closer().map_or(self.at, |(_, length)| self.at + length);
            self.fault(self.at, end, "a command is missing here");
        }
        Ok(list)
    }

    /// What ends an item; a newline stays, and so does what ends the list.
    fn separator(&mut self, item: &mut Item) -> Parse<()> {
        self.blanks();
        match self.peek() {
            None | Some(b'\n') => Ok(()),
            _ if self.closer().is_some() => Ok(()),
            Some(b';') => {
                self.at += 1;
                Ok(())
            }
            Some(b'&') => {
                self.at += 1;
                item.background = true;
                Ok(())
            }
            Some(_) => Err(self.unexpected()),
        }
    }

    /// The next character or operator stands where it may not.
    pub fn unexpected(&self) -> Trouble {
        let length = self.text[self.at..self.end].chars().next().map_or(0, char::len_utf8);
        self.trouble(self.at, self.at + length, "the shell does not expect this here")
    }

    fn item(&mut self) -> Parse<Item> {
        let first = self.pipeline()?;
        let mut rest = Vec::new();
        loop {
            self.blanks();
            let connector = match (self.peek(), self.byte(1)) {
                (Some(b'&'), Some(b'&')) => Connector::And,
                (Some(b'|'), Some(b'|')) => Connector::Or,
                _ => return Ok(Item { first, rest, background: false }),
            };
            self.at += 2;
            self.newlines();
            rest.push((connector, self.pipeline()?));
        }
    }

    fn pipeline(&mut self) -> Parse<Pipeline> {
        let start = self.at;
        let (negated, prefixed) = self.pipeline_prefix();
        let mut end = self.at;
        let mut commands = Vec::new();
        if prefixed && self.at_command_end() {
            // `!` and `time` alone are allowed.
            commands.push(Command {
                kind: CommandKind::Simple(Simple::default()),
                redirects: Vec::new(),
                at: self.span(start),
            });
        } else {
            loop {
                let command = self.command()?;
                end = command.at.end as usize;
                commands.push(command);
                self.blanks();
                if self.peek() != Some(b'|') || self.byte(1) == Some(b'|') {
                    break;
                }
                self.at += if self.byte(1) == Some(b'&') { 2 } else { 1 };
                self.newlines();
            }
        }
        Ok(Pipeline { negated, commands, at: super::cursor::at(start, end) })
    }

    /// Takes `!` and `time`; whether it negates, and whether there was any.
    fn pipeline_prefix(&mut self) -> (bool, bool) {
        let (mut negated, mut prefixed) = (false, false);
        loop {
            if self.take_word(b"!") {
                negated = !negated;
            } else if self.take_word(b"time") {
                self.blanks();
                self.take_word(b"-p");
            } else {
                return (negated, prefixed);
            }
            prefixed = true;
            self.blanks();
        }
    }

    fn at_command_end(&self) -> bool {
        matches!(self.peek(), None | Some(b'\n' | b';' | b')')) || self.looking_at(b"&&") || self.looking_at(b"||")
    }

    /// A command with its redirections.
    pub fn command(&mut self) -> Parse<Command> {
        let start = self.at;
        let reserved = match self.bare_word() {
            word @ (b"in" | b"!") => Some(word.len()),
            _ => self.closer().map(|(_, length)| length),
        };
        if let Some(length) = reserved {
            return Err(self.trouble(start, start + length, "a command is missing here"));
        }
        match self.compound()? {
            Some(kind) => self.redirected(start, kind),
            None => self.simple(),
        }
    }

    /// The redirections after a compound command.
    pub fn redirected(&mut self, start: usize, kind: CommandKind) -> Parse<Command> {
        let mut end = self.at;
        let mut redirects: Vec<Redirect> = Vec::new();
        loop {
            self.blanks();
            let Some(redirect) = self.redirect()? else { break };
            end = redirect.at.end as usize;
            redirects.push(redirect);
        }
        Ok(Command { kind, redirects, at: super::cursor::at(start, end) })
    }
}

//! References put in: `$(NAME)`, `$(NAME:a=b)`, `$@`, `$$`; functions have a room of their own.

use super::read::Make;
use super::scan::{find, reference_end};
use super::variables::Content;
use super::{Outside, Piece, Value, functions};
use crate::recipes::pieces::{join, weight};
use crate::source::{Mapped, Span};
use crate::text::Text;

/// References within references.
const DEPTH: usize = 48;
/// The most that one text grows to, in bytes.
const LONGEST: usize = 1 << 16;

impl<O: Outside> Make<'_, O> {
    /// A text with its references put in.
    pub fn expand(&mut self, text: &Mapped) -> Result<Vec<Piece>, O::Question> {
        let whole = text.text();
        if !whole.contains('$') {
            return Ok(if whole.is_empty() { Vec::new() } else { vec![Piece::Written(text.clone())] });
        }
        self.exhausted |= self.depth >= DEPTH || !self.outside.spend(whole.len());
        if self.exhausted {
            return Ok(Vec::new());
        }
        self.depth += 1;
        let pieces = self.references(text);
        self.depth -= 1;
        let pieces = pieces?;
        self.exhausted |= weight(&pieces) > LONGEST || !self.outside.spend(weight(&pieces));
        Ok(if self.exhausted { Vec::new() } else { pieces })
    }

    fn references(&mut self, text: &Mapped) -> Result<Vec<Piece>, O::Question> {
        let whole = text.text();
        let (mut pieces, mut at, mut size) = (Vec::new(), 0, 0);
        while let Some(found) = whole[at..].find('$').map(|found| at + found) {
            if found > at {
                pieces.push(Piece::Written(text.slice(at..found)));
            }
            at = reference_end(whole, found);
            if whole[found..at].starts_with("$$") {
                pieces.push(Piece::Written(text.slice(found..found + 1)));
            } else {
                let made = self.reference(text, found..at)?;
                size += weight(&made);
                pieces.extend(made);
            }
            if size > LONGEST {
                return Ok(pieces);
            }
        }
        if at < whole.len() {
            pieces.push(Piece::Written(text.slice(at..whole.len())));
        }
        Ok(pieces)
    }

    /// The value of a text.
    pub fn value(&mut self, text: &Mapped) -> Result<Value, O::Question> {
        Ok(join(&self.expand(text)?))
    }

    /// The text of a value, where all of it is known.
    pub fn literal(&mut self, text: &Mapped) -> Result<Option<String>, O::Question> {
        Ok(self.value(text)?.text.as_literal().map(str::to_owned))
    }

    fn reference(&mut self, text: &Mapped, range: std::ops::Range<usize>) -> Result<Vec<Piece>, O::Question> {
        let written = &text.text()[range.clone()];
        let Some(at) = text.span(range.clone()) else { return Ok(Vec::new()) };
        let bracketed = written.len() > 2 && written[1..].starts_with(['(', '{']);
        if !bracketed {
            return self.named(written.get(1..).unwrap_or(""), at);
        }
        let closed = usize::from(written.ends_with([')', '}']));
        let inner = text.slice(range.start + 2..range.end - closed);
        let word = inner.text().split([' ', '\t']).next().unwrap_or("");
        if functions::NAMES.contains(&word) && word.len() < inner.text().len() {
            let rest = inner.text()[word.len()..].trim_start();
            let arguments = inner.slice(inner.text().len() - rest.len()..inner.text().len());
            return self.function(word, &arguments, at);
        }
        if let Some(colon) = find(inner.text(), |rest| rest.starts_with(':'))
            && let Some(equals) = find(&inner.text()[colon..], |rest| rest.starts_with('='))
        {
            let (name, equals) = (inner.slice(0..colon), colon + equals);
            let Some(name) = self.literal(&name)? else { return Ok(vec![self.unknown(written, at)]) };
            let from = self.value(&inner.slice(colon + 1..equals))?.text;
            let to = self.value(&inner.slice(equals + 1..inner.text().len()))?.text;
            let value = join(&self.named(&name, at)?);
            let text = functions::replaced_ends(self, &value.text, &from, &to, written);
            return Ok(vec![Piece::Value(Value { text, ..value }, at)]);
        }
        match self.literal(&inner)? {
            Some(name) => self.named(name.trim(), at),
            None => Ok(vec![self.unknown(written, at)]),
        }
    }

    /// A value of which nothing is known.
    pub fn unknown(&self, shown: &str, at: Span) -> Piece {
        Piece::Value(Value::of(self.outside.derived(&Text::empty(), shown, super::Change::Other)), at)
    }

    /// The value of a variable. One that holds commands stays what is written at its definition.
    pub fn named(&mut self, name: &str, at: Span) -> Result<Vec<Piece>, O::Question> {
        if let Some(part) = name.strip_suffix('D').or_else(|| name.strip_suffix('F'))
            && matches!(part, "@" | "<" | "^" | "*" | "+" | "?")
        {
            let value = join(&self.named(part, at)?);
            let text = functions::folder_or_name(self, &value.text, name.ends_with('D'), name);
            return Ok(vec![Piece::Value(Value { text, ..value }, at)]);
        }
        if name.is_empty() {
            return Ok(Vec::new());
        }
        let Some(variable) = self.find(name).cloned() else {
            let value = self.builtin(name).unwrap_or_else(|| self.outside.variable(name));
            return Ok(if value.text.is_empty() { Vec::new() } else { vec![Piece::Value(value, at)] });
        };
        let mut value = match &variable.content {
            Content::Simple(value) => value.clone(),
            // A variable that refers to itself: make stops there.
            Content::Recursive(_) | Content::Default(_) if self.open.iter().any(|open| open == name) => {
                Value::default()
            }
            Content::Recursive(body) | Content::Default(body) => {
                self.open.push(name.to_owned());
                let pieces = self.expand(body);
                self.open.pop();
                let pieces = pieces?;
                if body.text().contains(['\n', ';', '&', '|']) {
                    return Ok(pieces);
                }
                join(&pieces)
            }
        };
        if matches!(variable.content, Content::Default(_))
            && let Some(given) = self.outside.instead(name, &value.text)?
        {
            return Ok(vec![Piece::Value(given, at)]);
        }
        value.from.extend(variable.at);
        Ok(if value.text.is_empty() { Vec::new() } else { vec![Piece::Value(value, at)] })
    }

    fn builtin(&self, name: &str) -> Option<Value> {
        if self.outside.is_set(name) && name != "MAKE" {
            return None;
        }
        Some(match name {
            "MAKE" => Value::literal("make"),
            "CURDIR" | "PWD" => Value::of(self.outside.folder()),
            "SHELL" => Value::literal("/bin/sh"),
            "RM" => Value::literal("rm -f"),
            "MAKECMDGOALS" => Value::literal(self.call.goals.join(" ")),
            "MAKEFLAGS" | "MFLAGS" | ".SHELLFLAGS" | "@" | "<" | "^" | "*" | "+" | "?" => Value::default(),
            name if name.parse::<usize>().is_ok() => Value::default(),
            _ => return None,
        })
    }
}

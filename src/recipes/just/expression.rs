//! The expressions of a justfile: texts, variables, commands in backquotes, `if`, `env(…)`.

use super::{Just, Outside, Piece, Value};
use crate::source::Mapped;
use crate::text::Text;

/// Expressions within expressions.
const DEPTH: usize = 32;

impl<O: Outside> Just<'_, O> {
    /// The value of an expression.
    pub fn expression(&mut self, text: &Mapped) -> Result<Value, O::Question> {
        self.plan.exhausted |= !self.outside.spend(text.text().len());
        let mut reader = Reader { text, at: 0, depth: 0 };
        reader.value(self)
    }

    fn environment_value(&mut self, args: &[Value]) -> Result<Value, O::Question> {
        let Some(name) = args.first().and_then(|name| name.text.as_literal()) else {
            return Ok(self.unknown("env(…)"));
        };
        let Some(default) = args.get(1) else { return Ok(self.outside.variable(name)) };
        if self.outside.sets(name)? {
            return Ok(self.outside.variable(name));
        }
        Ok(self.outside.instead(name, &default.text)?.unwrap_or_else(|| default.clone()))
    }
}

struct Reader<'t> {
    text: &'t Mapped,
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.text.text()[self.at..]
    }

    fn skip_space(&mut self) {
        self.at = self.text.text().len() - self.rest().trim_start().len();
    }

    fn take(&mut self, sign: &str) -> bool {
        self.skip_space();
        let here = self.rest().starts_with(sign);
        self.at += if here { sign.len() } else { 0 };
        here
    }

    /// `a + b`, `a / b`.
    fn value<O: Outside>(&mut self, just: &mut Just<'_, O>) -> Result<Value, O::Question> {
        self.depth += 1;
        if self.depth > DEPTH {
            self.at = self.text.text().len();
            return Ok(just.unknown("…"));
        }
        let mut whole = self.one(just)?;
        loop {
            let joint = if self.take("+") {
                ""
            } else if self.take("/") {
                "/"
            } else {
                break;
            };
            let next = self.one(just)?;
            whole.text.push_str(joint);
            whole.push(&next);
        }
        self.depth -= 1;
        Ok(whole)
    }

    fn one<O: Outside>(&mut self, just: &mut Just<'_, O>) -> Result<Value, O::Question> {
        self.skip_space();
        for mark in ["'''", "\"\"\"", "```", "'", "\"", "`"] {
            if self.rest().starts_with(mark) {
                return self.quoted(just, mark);
            }
        }
        if self.take("(") {
            let value = self.value(just)?;
            self.take(")");
            return Ok(value);
        }
        let word: String =
            self.rest().chars().take_while(|char| char.is_alphanumeric() || matches!(char, '_' | '-')).collect();
        self.at += word.len();
        match word.as_str() {
            "" => {
                self.at = self.text.text().len();
                Ok(Value::default())
            }
            "if" => self.choice(just),
            name if self.rest().starts_with('(') => self.function(just, name),
            name => just.variable(name),
        }
    }

    fn quoted<O: Outside>(&mut self, just: &mut Just<'_, O>, mark: &str) -> Result<Value, O::Question> {
        let start = self.at + mark.len();
        let escapes = mark.starts_with('"');
        let mut end = start;
        let whole = self.text.text();
        while end < whole.len() && !whole[end..].starts_with(mark) {
            let char = whole[end..].chars().next().map_or(1, char::len_utf8);
            end += char;
            if escapes && whole[..end].ends_with('\\') {
                end += whole[end..].chars().next().map_or(0, char::len_utf8);
            }
        }
        self.at = (end + mark.len()).min(whole.len());
        let inner = self.text.slice(start..end);
        if mark.starts_with('`') {
            let at = inner.span(0..inner.text().len());
            return Ok(Value::of(just.outside.shell(&[Piece::Written(inner)], at)?));
        }
        Ok(Value::literal(if escapes { unescaped(inner.text()) } else { inner.text().to_owned() }))
    }

    fn function<O: Outside>(&mut self, just: &mut Just<'_, O>, name: &str) -> Result<Value, O::Question> {
        self.take("(");
        let mut args = Vec::new();
        while !self.take(")") && self.at < self.text.text().len() {
            args.push(self.value(just)?);
            if !self.take(",") && !self.rest().trim_start().starts_with(')') {
                self.at = self.text.text().len();
            }
        }
        match name {
            "env" | "env_var" | "env_var_or_default" => just.environment_value(&args),
            "justfile_directory" | "invocation_directory" | "source_directory" => Ok(Value::of(just.outside.folder())),
            "trim" | "quote" => Ok(args.into_iter().next().unwrap_or_default()),
            _ => {
                let text: Vec<Text> = args.iter().map(|arg| arg.text.clone()).collect();
                let shown = format!("{name}({})", text.iter().map(Text::shown).collect::<Vec<_>>().join(", "));
                Ok(just.unknown(&shown))
            }
        }
    }

    /// `if a == b { x } else { y }`; both sides are read, one is the value.
    fn choice<O: Outside>(&mut self, just: &mut Just<'_, O>) -> Result<Value, O::Question> {
        let left = self.value(just)?;
        let negated = self.take("!=");
        let known = negated || self.take("==");
        if !known {
            self.take("=~");
        }
        let right = self.value(just)?;
        self.take("{");
        let yes = self.value(just)?;
        self.take("}");
        self.skip_space();
        if !self.rest().starts_with("else") {
            return Ok(just.unknown("if …"));
        }
        self.at += "else".len();
        self.skip_space();
        let no = if self.rest().starts_with("if ") {
            self.one(just)?
        } else {
            self.take("{");
            let no = self.value(just)?;
            self.take("}");
            no
        };
        if !known {
            return Ok(just.unknown("if …"));
        }
        Ok(if just.outside.equal(&left.text, &right.text)? == negated { no } else { yes })
    }
}

fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(char) = chars.next() {
        match (char, if char == '\\' { chars.next() } else { None }) {
            ('\\', Some('n')) => plain.push('\n'),
            ('\\', Some('t')) => plain.push('\t'),
            ('\\', Some(next)) => plain.push(next),
            (char, _) => plain.push(char),
        }
    }
    plain
}

//! `$(( … ))` and `(( … ))` on known numbers. What rests on an unknown one is not followed, and what it
//! sets becomes unknown.

use std::collections::BTreeMap;

use super::world::{Variable, World};
use crate::source::Span;
use crate::text::Text;

/// Binary operators by how tightly they bind, the loosest first.
const LEVELS: [&[&str]; 8] =
    [&["||"], &["&&"], &["|"], &["^"], &["&"], &["==", "!="], &["<=", ">=", "<", ">"], &["+", "-"]];
const TIGHTEST: [&str; 3] = ["*", "/", "%"];

/// Parentheses and assignments within each other.
const DEEPEST: u32 = 50;
/// Operators that set the variable on their left, besides `=`.
const SETTING: [&str; 5] = ["+=", "-=", "*=", "/=", "%="];

/// The value of an expression; `None`: it is not followed, or changes a variable.
pub(super) fn evaluate(world: &World, text: &str) -> Option<i64> {
    follow(world, text).filter(|(_, changes)| changes.is_empty()).map(|(value, _)| value)
}

/// The value of an expression, of which the changes are made; `None`: it is not followed.
pub(super) fn run(world: &mut World, text: &str, at: Span) -> Option<i64> {
    let Some((value, changes)) = follow(world, text) else {
        for name in set_in(text) {
            let unknown = world.opaque(&format!("${name}"));
            world.set(name, Variable::new(unknown, vec![at]));
        }
        return None;
    };
    for (name, value) in changes {
        world.set(&name, Variable::new(Text::literal(value.to_string()), vec![at]));
    }
    Some(value)
}

/// The value and what it sets.
fn follow(world: &World, text: &str) -> Option<(i64, BTreeMap<String, i64>)> {
    let mut reader = Reader { world, rest: text, depth: 0, changes: BTreeMap::new() };
    let mut value = reader.expression()?;
    while let Some(rest) = reader.rest.trim_start().strip_prefix(',') {
        reader.rest = rest;
        value = reader.expression()?;
    }
    reader.rest.trim().is_empty().then_some((value, reader.changes))
}

/// The names that an expression sets.
fn set_in(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(is_name).map(|start| at + start) {
        let end = text[start..].find(|char| !is_name(char)).map_or(text.len(), |length| start + length);
        let (before, after) = (text[..start].trim_end(), text[end..].trim_start());
        let counted = before.ends_with("++") || before.ends_with("--");
        if counted || after.starts_with("++") || after.starts_with("--") || assignment(after).is_some() {
            names.push(&text[start..end]);
        }
        at = end;
    }
    names
}

fn is_name(char: char) -> bool {
    char.is_ascii_alphanumeric() || char == '_'
}

/// The operator that sets what stands before the text.
fn assignment(text: &str) -> Option<&'static str> {
    if text.starts_with('=') && !text.starts_with("==") {
        return Some("=");
    }
    SETTING.into_iter().find(|operator| text.starts_with(operator))
}

struct Reader<'a> {
    world: &'a World,
    rest: &'a str,
    depth: u32,
    /// Variables that were set on the way.
    changes: BTreeMap<String, i64>,
}

impl Reader<'_> {
    /// `name = expression`, or a value.
    fn expression(&mut self) -> Option<i64> {
        self.rest = self.rest.trim_start();
        let length = self.rest.find(|char| !is_name(char)).unwrap_or(self.rest.len());
        let (name, after) = (&self.rest[..length], self.rest[length..].trim_start());
        let named = !name.is_empty() && !name.starts_with(|char: char| char.is_ascii_digit());
        let Some(operator) = assignment(after).filter(|_| named) else { return self.choice() };
        if self.depth > DEEPEST {
            return None;
        }
        let old = if operator == "=" { 0 } else { self.value_of(name)? };
        self.rest = &after[operator.len()..];
        self.depth += 1;
        let right = self.expression()?;
        self.depth -= 1;
        let value = if operator == "=" { right } else { apply(old, &operator[..1], right)? };
        self.changes.insert(name.to_owned(), value);
        Some(value)
    }

    /// `a ? b : c`
    fn choice(&mut self) -> Option<i64> {
        let asked = self.binary(0)?;
        let Some(rest) = self.rest.trim_start().strip_prefix('?') else { return Some(asked) };
        if self.depth > DEEPEST {
            return None;
        }
        self.depth += 1;
        self.rest = rest;
        let before = self.changes.len();
        let one = self.expression()?;
        self.rest = self.rest.trim_start().strip_prefix(':')?;
        let other = self.expression()?;
        self.depth -= 1;
        // one side alone would count
        (self.changes.len() == before).then_some(if asked == 0 { other } else { one })
    }

    /// The number that a variable holds.
    fn value_of(&self, name: &str) -> Option<i64> {
        match self.changes.get(name) {
            Some(value) => Some(*value),
            None => number(self.world.variable(name).text.as_literal()?),
        }
    }

    /// `++name`, `name++`; `None`: it is neither.
    fn counted(&mut self) -> Option<Option<i64>> {
        let mark = |text: &str| match text.get(..2) {
            Some("++") => Some(1),
            Some("--") => Some(-1),
            _ => None,
        };
        let before = mark(self.rest);
        let start = before.map_or(self.rest, |_| self.rest[2..].trim_start());
        let length = start.find(|char| !is_name(char)).unwrap_or(start.len());
        let (name, after) = start.split_at(length);
        if name.is_empty() || name.starts_with(|char: char| char.is_ascii_digit()) {
            return None;
        }
        let behind = if before.is_some() { None } else { mark(after.trim_start()) };
        let by = before.or(behind)?;
        let Some(old) = self.value_of(name) else { return Some(None) };
        let Some(new) = old.checked_add(by) else { return Some(None) };
        self.rest = if behind.is_some() { &after.trim_start()[2..] } else { after };
        self.changes.insert(name.to_owned(), new);
        Some(Some(if behind.is_some() { old } else { new }))
    }

    fn binary(&mut self, level: usize) -> Option<i64> {
        let operators = LEVELS.get(level).copied().unwrap_or(&TIGHTEST);
        let tightest = level == LEVELS.len();
        let operand = |reader: &mut Self| if tightest { reader.unary() } else { reader.binary(level + 1) };
        let mut left = operand(self)?;
        while let Some(operator) = self.operator(operators) {
            let before = self.changes.len();
            let right = operand(self)?;
            // what is not asked is not done
            if matches!(operator, "&&" | "||") && self.changes.len() != before {
                return None;
            }
            left = apply(left, operator, right)?;
        }
        Some(left)
    }

    fn operator(&mut self, among: &'static [&'static str]) -> Option<&'static str> {
        self.rest = self.rest.trim_start();
        let found = among.iter().find(|operator| self.rest.starts_with(**operator))?;
        let after = &self.rest[found.len()..];
        // `|` is not the start of `||`, `<` not that of `<<`, `+` not that of `+=` or `++`.
        let longer = found.len() == 1 && after.starts_with(['=', '|', '&', '<', '>', '*']);
        let doubled = matches!(*found, "+" | "-") && after.starts_with(*found);
        if longer || doubled {
            return None;
        }
        self.rest = after;
        Some(found)
    }

    fn unary(&mut self) -> Option<i64> {
        self.rest = self.rest.trim_start();
        if let Some(counted) = self.counted() {
            return counted;
        }
        let first = self.rest.chars().next()?;
        if matches!(first, '-' | '+' | '!' | '~' | '(') {
            if self.depth > DEEPEST || (matches!(first, '-' | '+') && self.rest[1..].starts_with(first)) {
                return None;
            }
            self.rest = &self.rest[1..];
            self.depth += 1;
            let value = if first == '(' { self.expression()? } else { self.unary()? };
            self.depth -= 1;
            return match first {
                '-' => value.checked_neg(),
                '+' => Some(value),
                '!' => Some(i64::from(value == 0)),
                '~' => Some(!value),
                _ => {
                    self.rest = self.rest.trim_start().strip_prefix(')')?;
                    Some(value)
                }
            };
        }
        let text = self.operand()?;
        number(&text)
    }

    /// A number, a name, `$name` or `${name}`, as text.
    fn operand(&mut self) -> Option<String> {
        let marked = self.rest.strip_prefix('$');
        let braced = marked.and_then(|rest| rest.strip_prefix('{'));
        let rest = braced.or(marked).unwrap_or(self.rest);
        let length = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        let word = &rest[..length];
        let digits = word.starts_with(|char: char| char.is_ascii_digit());
        self.rest = &rest[length..];
        if braced.is_some() {
            self.rest = self.rest.strip_prefix('}')?;
        }
        if digits && marked.is_none() {
            return Some(word.to_owned());
        }
        if digits {
            let index = word.parse::<usize>().ok()?.checked_sub(1)?;
            return self.world.positional.as_ref()?.get(index)?.as_literal().map(str::to_owned);
        }
        if let Some(value) = self.changes.get(word) {
            return Some(value.to_string());
        }
        (!word.is_empty()).then(|| self.world.variable(word).text.as_literal().map(str::to_owned))?
    }
}

/// A decimal number; an empty variable counts as nought, an octal one is not followed.
fn number(text: &str) -> Option<i64> {
    let text = text.trim();
    if text.is_empty() {
        return Some(0);
    }
    let octal = text.len() > 1 && text.starts_with('0');
    if octal { None } else { text.parse().ok() }
}

fn apply(left: i64, operator: &str, right: i64) -> Option<i64> {
    Some(match operator {
        "||" => i64::from(left != 0 || right != 0),
        "&&" => i64::from(left != 0 && right != 0),
        "|" => left | right,
        "^" => left ^ right,
        "&" => left & right,
        "==" => i64::from(left == right),
        "!=" => i64::from(left != right),
        "<=" => i64::from(left <= right),
        ">=" => i64::from(left >= right),
        "<" => i64::from(left < right),
        ">" => i64::from(left > right),
        "+" => left.checked_add(right)?,
        "-" => left.checked_sub(right)?,
        "*" => left.checked_mul(right)?,
        "/" => left.checked_div(right)?,
        _ => left.checked_rem(right)?,
    })
}

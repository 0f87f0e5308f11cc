//! `$(( … ))` on known numbers. What changes a variable, or rests on an unknown one, is not followed.

use super::world::World;

/// Binary operators by how tightly they bind, the loosest first.
const LEVELS: [&[&str]; 8] =
    [&["||"], &["&&"], &["|"], &["^"], &["&"], &["==", "!="], &["<=", ">=", "<", ">"], &["+", "-"]];
const TIGHTEST: [&str; 3] = ["*", "/", "%"];

/// The value of an expression; `None`: it is not followed.
pub(super) fn evaluate(world: &World, text: &str) -> Option<i64> {
    let mut reader = Reader { world, rest: text, depth: 0 };
    let value = reader.binary(0)?;
    reader.rest.trim().is_empty().then_some(value)
}

struct Reader<'a> {
    world: &'a World,
    rest: &'a str,
    depth: u32,
}

impl Reader<'_> {
    fn binary(&mut self, level: usize) -> Option<i64> {
        let operators = LEVELS.get(level).copied().unwrap_or(&TIGHTEST);
        let tightest = level == LEVELS.len();
        let operand = |reader: &mut Self| if tightest { reader.unary() } else { reader.binary(level + 1) };
        let mut left = operand(self)?;
        while let Some(operator) = self.operator(operators) {
            let right = operand(self)?;
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
        let first = self.rest.chars().next()?;
        if matches!(first, '-' | '+' | '!' | '~' | '(') {
            if self.depth > 50 || (matches!(first, '-' | '+') && self.rest[1..].starts_with(first)) {
                return None;
            }
            self.rest = &self.rest[1..];
            self.depth += 1;
            let value = if first == '(' { self.binary(0)? } else { self.unary()? };
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

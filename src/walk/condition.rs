//! `[ … ]`, `test …` and `[[ … ]]` on texts that are only partly known.

use std::sync::Arc;

use super::Atom;
use super::body::Body;
use super::expand::{Asked, ask, not_empty};
use super::pattern::matches;
use super::walker::Walker;
use super::world::{Status, Variable, World};
use crate::clients::Arg;
use crate::shell::ast::{Arm, ArmEnd, Condition, Word, WordPart};
use crate::source::Span;
use crate::text::{Part, Text};

impl Walker<'_> {
    /// `[[ … ]]`
    pub(super) fn test_command(&mut self, worlds: Vec<World>, body: &Arc<Body>, condition: &Condition) -> Vec<World> {
        let answered = self.each(worlds, |walker, world| walker.holds(world, body, condition));
        answered.into_iter().map(|(world, holds)| super::walker::with_status(world, Status::of(holds))).collect()
    }

    fn holds(&mut self, world: &mut World, body: &Arc<Body>, condition: &Condition) -> Asked<bool> {
        Ok(match condition {
            Condition::And(one, other) => self.holds(world, body, one)? && self.holds(world, body, other)?,
            Condition::Or(one, other) => self.holds(world, body, one)? || self.holds(world, body, other)?,
            Condition::Not(inner) => !self.holds(world, body, inner)?,
            Condition::Word(word) => {
                let text = self.text(world, body, word)?.text;
                not_empty(world, &text)?
            }
            Condition::Unary(operator, word) => {
                let text = self.text(world, body, word)?.text;
                unary(world, operator, &text)?
            }
            Condition::Binary(left, operator, right) => {
                let text = self.text(world, body, left)?.text;
                let quoted = all_quoted(right);
                let shell = !quoted && matches!(operator.as_str(), "=" | "==" | "!=");
                let pattern = match operator.as_str() {
                    "=~" => self.quoting(world, body, right, regex::escape)?,
                    _ if shell => self.pattern(world, body, right)?,
                    _ => self.text(world, body, right)?.text,
                };
                match operator.as_str() {
                    "=~" => {
                        let holds = matches(world, text.clone(), pattern.clone(), true)?;
                        remember_groups(world, &text, &pattern, body.span(right.at));
                        holds
                    }
                    "=" | "==" if !quoted => matches(world, text, pattern, false)?,
                    "!=" if !quoted => !matches(world, text, pattern, false)?,
                    operator => binary(world, text, operator, pattern)?,
                }
            }
        })
    }
}

/// The arguments of `[` (without `]`) or `test`.
pub(super) fn test(world: &World, args: &[Arg]) -> Asked<bool> {
    let word = |arg: &Arg| arg.text.as_literal().map(str::to_owned);
    if let Some(at) = args.iter().position(|arg| word(arg).as_deref() == Some("-o")) {
        return Ok(test(world, &args[..at])? || test(world, &args[at + 1..])?);
    }
    if let Some(at) = args.iter().position(|arg| word(arg).as_deref() == Some("-a")).filter(|at| *at > 0) {
        return Ok(test(world, &args[..at])? && test(world, &args[at + 1..])?);
    }
    match args {
        [] => Ok(false),
        [not, rest @ ..] if word(not).as_deref() == Some("!") && !rest.is_empty() => Ok(!test(world, rest)?),
        [one] => not_empty(world, &one.text),
        // An unquoted value that is empty is no word: `[ -n ]` is true, `[ -z ]` too.
        [operator, value] => unary(world, &word(operator).unwrap_or_default(), &value.text),
        [left, operator, right] => {
            binary(world, left.text.clone(), &word(operator).unwrap_or_default(), right.text.clone())
        }
        _ => ask(world, Atom::Command(args.iter().map(|arg| arg.text.identity()).collect::<Vec<_>>().join(" "))),
    }
}

fn unary(world: &World, operator: &str, text: &Text) -> Asked<bool> {
    match operator {
        "-n" => not_empty(world, text),
        "-z" => Ok(!not_empty(world, text)?),
        "-f" | "-e" | "-s" | "-r" if world.files.contains_key(&world.file_key(text)) => Ok(true),
        "-v" => match text.as_literal() {
            Some(name) if world.is_set(name) => Ok(true),
            Some(name) => not_empty(world, &world.variable(name).text),
            None => unread(world, operator, text),
        },
        _ => unread(world, operator, text),
    }
}

fn unread(world: &World, operator: &str, text: &Text) -> Asked<bool> {
    ask(world, Atom::Command(format!("[ {operator} {} ]", text.identity())))
}

fn binary(world: &World, left: Text, operator: &str, right: Text) -> Asked<bool> {
    match operator {
        "=" | "==" => equal(world, left, right),
        "!=" => Ok(!equal(world, left, right)?),
        "-ieq" | "-ceq" => same(world, left, right, operator == "-ceq"),
        "-like" => {
            let lower = |text: Text| text.as_literal().map(|text| Text::literal(text.to_lowercase())).unwrap_or(text);
            let known = left.as_literal().is_some() && right.as_literal().is_some();
            let (left, right) = if known { (lower(left), lower(right)) } else { (left, right) };
            matches(world, left, right, false)
        }
        "-eq" | "-ne" | "-lt" | "-le" | "-gt" | "-ge" => number(world, &left, operator, &right),
        _ => ask(world, Atom::Command(format!("{} {operator} {}", left.identity(), right.identity()))),
    }
}

/// Whether two texts are equal.
pub(super) fn equal(world: &World, left: Text, right: Text) -> Asked<bool> {
    if left == right {
        return Ok(true);
    }
    if let (Some(left), Some(right)) = (left.as_literal(), right.as_literal()) {
        return Ok(left == right);
    }
    // `[ "x$A" = "xb" ]`, `ifeq ("$(A)","b")`: what both begin or end with says nothing.
    let (left, right) = strip_common(left, right);
    if left.is_empty() || right.is_empty() {
        return Ok(!not_empty(world, if left.is_empty() { &right } else { &left })?);
    }
    ask(world, Atom::Equal(left, right))
}

/// PowerShell's `-eq`, which counts no capitals. A variable that is not set is not equal to an empty text,
/// so what may be either is not known.
fn same(world: &World, left: Text, right: Text, exact: bool) -> Asked<bool> {
    if let (false, Some(one), Some(other)) = (exact, left.as_literal(), right.as_literal()) {
        return Ok(one.to_lowercase() == other.to_lowercase());
    }
    if left.is_empty() != right.is_empty() {
        let (left, right) = (left.identity(), right.identity());
        return ask(world, Atom::Command(format!("'{left}' -eq '{right}'")));
    }
    equal(world, left, right)
}

fn strip_common(left: Text, right: Text) -> (Text, Text) {
    let common: String = left
        .literal_prefix()
        .chars()
        .zip(right.literal_prefix().chars())
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a)
        .collect();
    let (left, right) = match (left.strip_prefix(&common), right.strip_prefix(&common)) {
        (Some(one), Some(other)) if !common.is_empty() => (one, other),
        _ => (left, right),
    };
    let end = |text: &Text| match text.parts().last() {
        Some(Part::Lit(end)) => end.to_string(),
        _ => String::new(),
    };
    let (one, other) = (end(&left), end(&right));
    let alike = one.chars().rev().zip(other.chars().rev()).take_while(|(a, b)| a == b);
    let common = &one[one.len() - alike.map(|(char, _)| char.len_utf8()).sum::<usize>()..];
    match (left.strip_suffix(common), right.strip_suffix(common)) {
        (Some(one), Some(other)) if !common.is_empty() => (one, other),
        _ => (left, right),
    }
}

fn number(world: &World, left: &Text, operator: &str, right: &Text) -> Asked<bool> {
    let value = |text: &Text| text.as_literal().and_then(|text| text.trim().parse::<i64>().ok());
    let (Some(a), Some(b)) = (value(left), value(right)) else {
        return ask(world, Atom::Command(format!("{} {operator} {}", left.identity(), right.identity())));
    };
    Ok(match operator {
        "-eq" => a == b,
        "-ne" => a != b,
        "-lt" => a < b,
        "-le" => a <= b,
        "-gt" => a > b,
        _ => a >= b,
    })
}

/// What a regular expression found, for `${BASH_REMATCH[1]}`.
fn remember_groups(world: &mut World, text: &Text, pattern: &Text, at: Span) {
    let known = text.as_literal().zip(pattern.as_literal());
    // The shell takes the longest of two alternatives, not the first.
    let regex = known.filter(|(_, pattern)| !pattern.contains('|')).and_then(|(text, pattern)| {
        let regex = regex::RegexBuilder::new(pattern).size_limit(1 << 20).build().ok()?;
        Some((text, regex))
    });
    let variable = match regex {
        Some((text, regex)) => {
            let found = regex.captures(text);
            let groups = found.iter().flat_map(|found| found.iter());
            let items: Vec<Text> =
                groups.map(|group| Text::literal(group.map_or("", |group| group.as_str()))).collect();
            Variable { text: items.first().cloned().unwrap_or_default(), items: Some(Arc::new(items)), from: vec![at] }
        }
        // a state of its own is not worth it
        None if world.overridden("BASH_REMATCH").is_none() => return,
        None => Variable::new(world.opaque("$BASH_REMATCH"), vec![at]),
    };
    world.set("BASH_REMATCH", variable);
}

fn all_quoted(word: &Word) -> bool {
    !word.parts.is_empty() && word.parts.iter().all(|part| matches!(part, WordPart::Quoted(..) | WordPart::Double(..)))
}

impl Walker<'_> {
    /// `case word in …`: the first arm that matches; an unknown subject is asked arm by arm.
    pub(super) fn case_command(
        &mut self,
        worlds: Vec<World>,
        body: &Arc<Body>,
        word: &Word,
        arms: &[Arm],
    ) -> Vec<World> {
        let chosen = self.each(worlds, |walker, world| {
            let subject = walker.text(world, body, word)?.text;
            for (index, arm) in arms.iter().enumerate() {
                for pattern in &arm.patterns {
                    let fits = if all_quoted(pattern) {
                        let text = walker.text(world, body, pattern)?.text;
                        equal(world, subject.clone(), text)
                    } else {
                        let text = walker.pattern(world, body, pattern)?;
                        matches(world, subject.clone(), text, false)
                    };
                    if fits? {
                        return Ok(Some(index));
                    }
                }
            }
            Ok(None)
        });
        let mut ends = Vec::new();
        for (world, index) in chosen {
            let Some(index) = index else {
                ends.push(super::walker::with_status(world, Status::Success));
                continue;
            };
            let mut worlds = vec![world];
            for arm in &arms[index..] {
                worlds = self.list(worlds, body, &arm.body);
                if arm.end != ArmEnd::FallThrough {
                    break;
                }
            }
            ends.extend(worlds);
        }
        super::world::join(ends)
    }
}

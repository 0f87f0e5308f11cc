//! One block: `$[[ access | function | … ]]`, read and evaluated as GitLab does
//! (`lib/gitlab/ci/config/interpolation/block.rb`, `access.rb`, `functions/`).

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::values::Values;
use super::{apply, is_open};
use crate::nearest::nearest;
use crate::source::{Mapped, Span};
use crate::value::{Kind, Value};

/// The most functions of a block.
const MOST_FUNCTIONS: usize = 3;
/// The longest access.
const LONGEST_ACCESS: usize = 1024;

/// What blocks can reach into.
const CONTEXTS: [&str; 3] = ["component", "inputs", "matrix"];
/// The functions.
const FUNCTIONS: [&str; 3] = ["expand_vars", "posix_escape", "truncate"];

/// What becomes of a block.
pub(super) enum Outcome {
    /// This value.
    Value(Value),
    /// It stays as it is: its value is not known.
    Open,
    /// GitLab refuses it.
    Refused(String),
}

/// The blocks of a text, in order: all of it, and what stands inside.
pub(super) fn blocks(text: &str) -> Vec<(Range<usize>, &str)> {
    let (mut found, mut from) = (Vec::new(), 0);
    while let Some(start) = text[from..].find("$[[").map(|at| from + at) {
        // A block ends where it began: on one line.
        let line = text[start..].find('\n').map_or(text.len(), |end| start + end);
        let Some(end) = text[start..line].find("]]").map(|at| start + at) else {
            from = start + 3;
            continue;
        };
        let data = text[start + 3..end].trim();
        if data.chars().count() > 1 {
            found.push((start..end + 2, data));
        }
        from = end + 2;
    }
    found
}

/// The value of a block.
pub(super) fn evaluate(data: &str, values: &Values, at: Span) -> Outcome {
    let mut parts = data.split('|').map(str::trim);
    let access = parts.next().unwrap_or_default();
    let functions: Vec<&str> = parts.collect();
    let value = match reach(access, values) {
        Outcome::Value(value) => value,
        other => return other,
    };
    if functions.len() > MOST_FUNCTIONS {
        return Outcome::Refused("too many functions in interpolation block".to_owned());
    }
    let mut value = value;
    let mut expanded = false;
    for function in functions {
        match call(function, &value, at, &mut expanded) {
            Outcome::Value(next) => value = next,
            other => return other,
        }
    }
    Outcome::Value(value)
}

/// The texts that an open block can become, where all that its input can be is known.
pub(super) fn choices(data: &str, values: &Values, at: Span) -> Option<Vec<String>> {
    let name = data.split('|').next()?.trim().strip_prefix("inputs.")?;
    let one = |choice: &Value| {
        let known = [(Arc::from(name), Some(choice.clone()))].into();
        let alone = Values { known, choices: HashMap::new(), is_open: false, component: false };
        match evaluate(data, &alone, at) {
            Outcome::Value(value) => Some(shown(&value)),
            _ => None,
        }
    };
    values.choices.get(name)?.iter().map(one).collect()
}

/// Follows `inputs.name`, `inputs.list[0].key`.
fn reach(access: &str, values: &Values) -> Outcome {
    let Some((context, path)) = access.split_once('.') else {
        return Outcome::Refused("invalid interpolation access pattern".to_owned());
    };
    if access.len() > LONGEST_ACCESS {
        return Outcome::Refused("maximum interpolation expression size exceeded".to_owned());
    }
    match context {
        "inputs" => {}
        // The matrix is there only when its jobs are made.
        "matrix" => return Outcome::Open,
        "component" if values.component => return Outcome::Open,
        other => return unknown(other, &CONTEXTS, format!("unknown interpolation key: `{other}`")),
    }
    let name_end = path.find(['.', '[']).unwrap_or(path.len());
    let (name, rest) = path.split_at(name_end);
    let mut value = match values.known.get(name) {
        Some(Some(value)) => value.clone(),
        Some(None) => return Outcome::Open,
        None if values.is_open => return Outcome::Open,
        None => return Outcome::Refused(format!("unknown interpolation key: `{name}`")),
    };
    for step in rest.split(['.', '[']).filter(|step| !step.is_empty()) {
        if value.as_text().is_some() && is_open(&value) {
            return Outcome::Open;
        }
        let next = match (step.strip_suffix(']'), &value.kind) {
            (Some(index), Kind::List(items)) => index.parse::<usize>().ok().and_then(|index| items.get(index)),
            (None, Kind::Map(map)) => map.get(step),
            _ => None,
        };
        match next.cloned() {
            Some(next) => value = next,
            None => return Outcome::Refused(format!("unknown interpolation key: `{}`", step.trim_end_matches(']'))),
        }
    }
    Outcome::Value(value)
}

/// Applies one function. `expanded`: variables that the files do not know were put in, or would be.
fn call(function: &str, value: &Value, at: Span, expanded: &mut bool) -> Outcome {
    let (name, arguments) = function.split_once('(').map_or((function, None), |(name, rest)| (name, Some(rest)));
    let text = value.as_text();
    let is_known = text.is_some_and(|text| !(is_open(value) || *expanded && text.contains('$')));
    match (name, arguments, text) {
        ("expand_vars", None, Some(_)) => {
            *expanded = true;
            Outcome::Value(value.clone())
        }
        ("truncate", Some(arguments), Some(text)) => match range(arguments) {
            Some(_) if !is_known => Outcome::Open,
            Some((skip, take)) => made(text.chars().skip(skip).take(take).collect(), value, at),
            None => Outcome::Refused(no_function(function)),
        },
        ("posix_escape", None, Some(_)) if !is_known => Outcome::Open,
        ("posix_escape", None, Some(text)) => made(escaped(text), value, at),
        ("expand_vars" | "posix_escape", None, None) | ("truncate", Some(_), None) => {
            Outcome::Refused(format!("invalid input type: {name} can only be used with string inputs"))
        }
        _ if FUNCTIONS.contains(&name) => Outcome::Refused(no_function(function)),
        _ => unknown(name, &FUNCTIONS, no_function(function)),
    }
}

/// A slip is refused; another name may be of a later version.
fn unknown(name: &str, known: &[&str], reason: String) -> Outcome {
    match nearest(name, known.iter().copied()) {
        Some(_) => Outcome::Refused(reason),
        None => Outcome::Open,
    }
}

fn made(text: String, value: &Value, at: Span) -> Outcome {
    let kind = Kind::Text(Arc::new(Mapped::coarse(text, at)));
    Outcome::Value(Value { kind, ..value.clone() })
}

fn no_function(function: &str) -> String {
    let reason = "check that the function name, arguments, and types are correct";
    format!("no function matching `{function}`: {reason}")
}

/// `0, 8)`.
fn range(arguments: &str) -> Option<(usize, usize)> {
    let inner = arguments.strip_suffix(')').unwrap_or(arguments);
    let (offset, length) = inner.split_once(',')?;
    let number = |text: &str| {
        let digits = text.trim();
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| digits.parse().unwrap_or(usize::MAX))
    };
    Some((number(offset)?, number(length)?))
}

/// As Ruby's `Shellwords.escape`.
fn escaped(text: &str) -> String {
    if text.is_empty() {
        return "''".to_owned();
    }
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '\n' => escaped.push_str("'\n'"),
            'A'..='Z' | 'a'..='z' | '0'..='9' | '_' | '-' | '.' | ',' | ':' | '+' | '/' | '@' => escaped.push(char),
            _ => {
                escaped.push('\\');
                escaped.push(char);
            }
        }
    }
    escaped
}

/// A value inside a larger text, as Ruby's `to_s` gives it.
pub(super) fn shown(value: &Value) -> String {
    match &value.kind {
        Kind::List(_) | Kind::Map(_) => apply::inspected(value, 0),
        _ => value.scalar().unwrap_or_default(),
    }
}

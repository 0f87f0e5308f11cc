//! What `${x…}` does with a value, on texts that are only partly known.

use std::sync::Arc;

use super::body::Body;
use super::budget::LONGEST;
use super::expand::{Asked, Value, not_empty};
use super::glob;
use super::walker::Walker;
use super::world::{Variable, World};
use crate::shell::ast::{Operation, Parameter, Word};
use crate::text::{Form, Origin, Part, Symbol, SymbolData, Text};

impl Walker<'_> {
    /// Applies a parameter's operation to its value.
    pub(super) fn operate(
        &mut self,
        world: &mut World,
        body: &Arc<Body>,
        parameter: &Parameter,
        value: Value,
    ) -> Asked<Value> {
        let shown = body.source(parameter.at);
        let change: Box<dyn Fn(&Text) -> Text> = match &parameter.operation {
            Operation::None => return Ok(value),
            Operation::Test { kind, word, .. } => return self.test_value(world, body, parameter, value, (*kind, word)),
            Operation::Length => Box::new(move |text| length(text, shown)),
            Operation::Trim { suffix, longest, pattern } => {
                let pattern = self.text(world, body, pattern)?.text;
                let (suffix, longest) = (*suffix, *longest);
                Box::new(move |text| trim(text, &pattern, suffix, longest, shown))
            }
            Operation::Replace { all, anchor, pattern, with } => {
                let pattern = self.text(world, body, pattern)?.text;
                let with = self.text(world, body, with)?.text;
                let (all, anchor) = (*all, *anchor);
                Box::new(move |text| replace(text, &pattern, &with, (all, anchor), shown))
            }
            Operation::Slice { offset, length } => Box::new(move |text| slice(text, offset, length.as_deref(), shown)),
            Operation::Case { upper, all } => Box::new(move |text| case(text, *upper, *all, shown)),
            Operation::Other => Box::new(move |text| unfollowed(text, shown)),
        };
        Ok(Value { texts: value.texts.iter().map(change).collect(), ..value })
    }

    /// `${x:-word}` and its kin.
    fn test_value(
        &mut self,
        world: &mut World,
        body: &Arc<Body>,
        parameter: &Parameter,
        value: Value,
        (kind, word): (char, &Word),
    ) -> Asked<Value> {
        let filled = match value.texts.as_slice() {
            [] => false,
            [text] => not_empty(world, text)?,
            _ => true,
        };
        match (kind, filled) {
            ('+', false) => Ok(Value::one(Text::empty(), Vec::new())),
            ('-' | '=', false) | ('+', true) => {
                let chosen = self.text(world, body, word)?;
                if kind == '=' {
                    world.set(&parameter.name, Variable::new(chosen.text.clone(), chosen.from.clone()));
                }
                Ok(Value::one(chosen.text, chosen.from))
            }
            _ => Ok(value),
        }
    }
}

/// A value of which only the sources of its characters are known.
pub(super) fn unfollowed(text: &Text, shown: &str) -> Text {
    map(text, shown, |form| *form = Form { empty: true, ..*form })
}

/// A value made from `text` by something that is not followed, except for what it does to the form.
/// A known text becomes a symbol as well: what it has become is not known.
pub(super) fn map(text: &Text, shown: &str, change: impl FnOnce(&mut Form)) -> Text {
    let mut form = text.form();
    change(&mut form);
    let mut unset_in = crate::scenario::Scenarios::ALL;
    for symbol in text.symbols() {
        unset_in = unset_in.and(symbol.data().unset_in);
    }
    if text.as_symbol().is_none() {
        unset_in = crate::scenario::Scenarios::NONE;
    }
    let origin =
        text.symbols().next().map_or_else(|| Origin::Opaque(shown.to_owned()), |symbol| symbol.data().origin.clone());
    let origin = if let Origin::Predefined(_) = origin { origin } else { Origin::Command(shown.to_owned()) };
    let key = format!("{shown} of {}", keys(text));
    Text::symbol(Symbol::new(SymbolData { key, shown: shown.to_owned(), origin, class: text.class(), form, unset_in }))
}

/// The identity of a text.
pub(super) fn keys(text: &Text) -> String {
    text.parts()
        .iter()
        .map(|part| match part {
            Part::Lit(text) => text.as_str(),
            Part::Sym(symbol) => symbol.data().key.as_str(),
        })
        .collect()
}

fn length(text: &Text, shown: &str) -> Text {
    match text.as_literal() {
        Some(text) => Text::literal(text.chars().count().to_string()),
        None => map(text, shown, |form| *form = Form::SAFE),
    }
}

/// `${x#pattern}`, `${x%pattern}`.
fn trim(text: &Text, pattern: &Text, suffix: bool, longest: bool, shown: &str) -> Text {
    let Some(pattern) = pattern.as_literal() else { return unfollowed(text, shown) };
    if let Some(known) = text.as_literal() {
        return Text::literal(glob::trim(known, pattern, suffix, longest));
    }
    let cut = match (suffix, pattern.strip_suffix('*'), pattern.strip_prefix('*')) {
        (true, Some(mark), _) => single(mark).and_then(|mark| cut_suffix(text, mark, longest)),
        (false, _, Some(mark)) => single(mark).and_then(|mark| cut_prefix(text, mark, longest)),
        (true, None, _) if !glob::is_pattern(pattern) => text.strip_suffix(pattern),
        (false, _, None) if !glob::is_pattern(pattern) => text.strip_prefix(pattern),
        _ => None,
    };
    cut.unwrap_or_else(|| unfollowed(text, shown))
}

fn single(mark: &str) -> Option<char> {
    let mut chars = mark.chars();
    chars.next().filter(|char| chars.next().is_none() && !glob::is_pattern(&char.to_string()))
}

/// Cuts from a mark to the end, where no unknown part beyond can hold the mark.
fn cut_suffix(text: &Text, mark: char, longest: bool) -> Option<Text> {
    let (before, after) = if longest { text.split_once(mark)? } else { text.rsplit_once(mark)? };
    let hidden = if longest { &before } else { &after };
    (!may_hold(hidden, mark)).then_some(before)
}

fn cut_prefix(text: &Text, mark: char, longest: bool) -> Option<Text> {
    let (before, after) = if longest { text.rsplit_once(mark)? } else { text.split_once(mark)? };
    let hidden = if longest { &after } else { &before };
    (!may_hold(hidden, mark)).then_some(after)
}

fn may_hold(text: &Text, mark: char) -> bool {
    text.symbols().any(|symbol| {
        let form = symbol.data().form;
        match mark {
            '/' => form.slash,
            ':' | '+' | '@' => form.colon,
            ' ' => form.space,
            _ => true,
        }
    })
}

/// `${x/pattern/with}`.
fn replace(text: &Text, pattern: &Text, with: &Text, (all, anchor): (bool, Option<char>), shown: &str) -> Text {
    let (Some(pattern), Some(with)) = (pattern.as_literal(), with.as_literal()) else { return unfollowed(text, shown) };
    let grown = |known: &str| known.matches(pattern).count() * with.len() > LONGEST;
    if let (Some(known), None, false) = (text.as_literal(), anchor, glob::is_pattern(pattern))
        && !grown(known)
    {
        return Text::literal(if all { known.replace(pattern, with) } else { known.replacen(pattern, with, 1) });
    }
    map(text, shown, |form| {
        form.add_literal(with);
        let cleans = all && anchor.is_none() && !with.contains(['/', ':']);
        if cleans && (pattern == "/" || pattern.starts_with("[^")) {
            form.slash = false;
        }
        if cleans && pattern.starts_with("[^") {
            *form = Form { empty: form.empty, ..Form::SAFE };
        }
        if cleans && pattern == ":" {
            form.colon = false;
        }
    })
}

/// `${x:offset:length}`.
fn slice(text: &Text, offset: &str, length: Option<&str>, shown: &str) -> Text {
    let number = |text: &str| text.trim().parse::<usize>().ok();
    match (text.as_literal(), number(offset), length.map(number)) {
        (Some(known), Some(offset), None) => Text::literal(known.chars().skip(offset).collect::<String>()),
        (Some(known), Some(offset), Some(Some(length))) => {
            Text::literal(known.chars().skip(offset).take(length).collect::<String>())
        }
        _ => map(text, shown, |_| {}),
    }
}

/// `${x,,}`, `${x^^}`.
fn case(text: &Text, upper: bool, all: bool, shown: &str) -> Text {
    match text.as_literal() {
        Some(known) if all && upper => Text::literal(known.to_uppercase()),
        Some(known) if all => Text::literal(known.to_lowercase()),
        _ => map(text, shown, |form| form.upper = upper || (form.upper && !all)),
    }
}

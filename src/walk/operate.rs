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
        let whole =
            matches!(parameter.name.as_str(), "@" | "*") || matches!(parameter.index.as_deref(), Some("@" | "*"));
        let change: Box<dyn Fn(&Text) -> Text> = match &parameter.operation {
            Operation::None => return Ok(value),
            Operation::Test { colon, kind, word } => {
                return self.test_value(world, body, parameter, value, (*colon, *kind, word));
            }
            Operation::Length if whole => {
                return Ok(Value::one(Text::literal(value.texts.len().to_string()), value.from));
            }
            Operation::Slice { offset, length } if whole => {
                let first = usize::from(parameter.index.is_none());
                let texts = part_of(&value.texts, offset, length.as_deref(), first);
                let texts = texts.unwrap_or_else(|| vec![world.opaque(shown)]);
                return Ok(Value { texts, ..value });
            }
            Operation::Length => Box::new(move |text| length(text, shown)),
            Operation::Trim { suffix, longest, pattern } => {
                let pattern = self.pattern(world, body, pattern)?;
                let (suffix, longest) = (*suffix, *longest);
                Box::new(move |text| trim(text, &pattern, suffix, longest, shown))
            }
            Operation::Replace { all, anchor, pattern, with } => {
                let pattern = self.pattern(world, body, pattern)?;
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
        (colon, kind, word): (bool, char, &Word),
    ) -> Asked<Value> {
        let filled = match (colon, is_set(world, parameter), value.texts.as_slice()) {
            (false, Some(set), _) => set,
            (_, _, []) => false,
            (_, _, [text]) => not_empty(world, text)?,
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

/// Whether a parameter is set, be it empty; `None`: it cannot be told.
fn is_set(world: &World, parameter: &Parameter) -> Option<bool> {
    if parameter.indirect {
        return None;
    }
    if let Ok(number) = parameter.name.parse::<usize>() {
        return world.positional.as_ref().map(|positional| number <= positional.len());
    }
    let variable = world.overridden(&parameter.name)?;
    match (&variable.items, parameter.index.as_deref()) {
        (Some(items), index) => index.unwrap_or("0").parse::<usize>().ok().map(|at| at < items.len()),
        (None, _) => Some(true),
    }
}

/// `${@:2:3}`, `${x[@]:1}`; the first of a list counts as `first`.
fn part_of(texts: &[Text], offset: &str, length: Option<&str>, first: usize) -> Option<Vec<Text>> {
    let offset = offset.trim().parse::<usize>().ok()?.checked_sub(first)?;
    let length = match length {
        Some(length) => length.trim().parse().ok()?,
        None => usize::MAX,
    };
    Some(texts.iter().skip(offset).take(length).cloned().collect())
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
    let key = format!("{shown} of {}", text.identity());
    Text::symbol(Symbol::new(SymbolData { key, shown: shown.to_owned(), origin, class: text.class(), form, unset_in }))
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
        (true, None, _) if pattern == "/" && ends_in_no_slash(text) => Some(text.clone()),
        (true, None, _) if !glob::is_pattern(pattern) => text.strip_suffix(pattern),
        (false, _, None) if !glob::is_pattern(pattern) => text.strip_prefix(pattern),
        _ => None,
    };
    cut.unwrap_or_else(|| unfollowed(text, shown))
}

/// No value of GitLab's ends in a `/`, except for what people write.
fn ends_in_no_slash(text: &Text) -> bool {
    match text.parts().last() {
        Some(Part::Sym(symbol)) => symbol.predefined().is_some() && !symbol.data().form.space,
        Some(Part::Lit(text)) => !text.ends_with('/'),
        None => true,
    }
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
    let grown = |known: &str| (known.len() + 1) * (with.len() + 1) > 16 * LONGEST;
    if let (Some(known), false) = (text.as_literal(), with.contains('&'))
        && !grown(known)
        && let Some(replaced) = glob::replace(known, pattern, with, all, anchor)
        && replaced.len() <= LONGEST
    {
        return Text::literal(replaced);
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

/// `${x:offset:length}`; below nought they count from the end.
fn slice(text: &Text, offset: &str, length: Option<&str>, shown: &str) -> Text {
    let number = |text: &str| text.trim().parse::<i64>().ok();
    let (Some(known), Some(offset), length) = (text.as_literal(), number(offset), length.map(number)) else {
        return map(text, shown, |_| {});
    };
    let size = i64::try_from(known.chars().count()).unwrap_or(i64::MAX);
    let start = if offset < 0 { size.saturating_add(offset) } else { offset };
    let end = match length {
        Some(None) => return map(text, shown, |_| {}),
        Some(Some(length)) if length < 0 => size.saturating_add(length),
        Some(Some(length)) => start.saturating_add(length).min(size),
        None => size,
    };
    match (usize::try_from(start), usize::try_from(end - start)) {
        (Ok(start), Ok(count)) => Text::literal(known.chars().skip(start).take(count).collect::<String>()),
        _ => Text::empty(),
    }
}

/// `${x,,}`, `${x^^}`, `${x,}`, `${x^}`.
fn case(text: &Text, upper: bool, all: bool, shown: &str) -> Text {
    if all && !upper {
        let whole = text.as_symbol().map(|symbol| Text::symbol(symbol.lower_case(Some(shown))));
        return whole.unwrap_or_else(|| text.lower_case());
    }
    let change = |text: &str| if upper { text.to_uppercase() } else { text.to_lowercase() };
    match text.as_literal() {
        Some(known) if all => Text::literal(change(known)),
        Some(known) => {
            let first = known.chars().next().map_or(0, char::len_utf8);
            Text::literal(change(&known[..first]) + &known[first..])
        }
        None => map(text, shown, |form| form.upper = upper || (form.upper && !all)),
    }
}

//! How expanded text becomes fields: splitting at `IFS`, the fields of `read`, braces.

use super::world::World;
use crate::clients::Arg;
use crate::shell::ast::{Word, WordPart};
use crate::source::Span;
use crate::text::{Part, Text};

/// Fields under construction.
#[derive(Default)]
pub(super) struct Fields {
    pub done: Vec<Field>,
    pub current: Field,
    /// The weight of what expansions made.
    pub made: usize,
}

#[derive(Default)]
pub(super) struct Field {
    pub text: Text,
    pub quoted: bool,
    pub from: Vec<Span>,
}

impl Fields {
    pub fn quoted(&mut self, text: &Text) {
        self.current.quoted = true;
        self.made += 1 + text.weight();
        self.current.text.push_text(text);
    }

    /// Takes unquoted text: its known parts are split at the characters of `IFS`. White space there
    /// ends a field that is begun; another character ends one even if it is empty.
    pub fn split(&mut self, text: &Text, separators: &str) {
        self.made += 1 + text.weight();
        for part in text.parts() {
            let Part::Lit(literal) = part else {
                self.current.text.push_part(part);
                continue;
            };
            let mut rest = literal.as_str();
            while let Some(at) = rest.find(|char| separators.contains(char)) {
                self.current.text.push_str(&rest[..at]);
                let run = &rest[at..];
                let blank = |char: char| char.is_ascii_whitespace() && separators.contains(char);
                let after = run.trim_start_matches(blank);
                let mark = after.chars().next().filter(|char| separators.contains(*char));
                self.current.quoted |= mark.is_some();
                self.next();
                rest = mark.map_or(after, |mark| after[mark.len_utf8()..].trim_start_matches(blank));
            }
            self.current.text.push_str(rest);
        }
    }

    pub fn next(&mut self) {
        let field = std::mem::take(&mut self.current);
        if field.quoted || !field.text.is_empty() {
            self.done.push(field);
        }
    }

    pub fn finish(mut self, at: Span) -> Vec<Arg> {
        self.next();
        let arg = |field: Field| Arg {
            vanishes: !field.quoted && !field.text.surely_not_empty(),
            text: field.text,
            at,
            from: field.from,
        };
        self.done.into_iter().map(arg).collect()
    }
}

/// The fields of a line that `read` takes: at most `most`, the last with all the rest. A line with
/// unknown parts is one field.
pub(super) fn line_fields(line: &Text, separators: &str, most: usize) -> Vec<Text> {
    let Some(line) = line.as_literal().map(str::to_owned) else { return vec![line.clone()] };
    let blank = |char: char| char.is_ascii_whitespace() && separators.contains(char);
    let mut rest = line.trim_matches(blank);
    let mut fields = Vec::new();
    while !rest.is_empty() {
        let end = rest.find(|char| separators.contains(char)).filter(|_| fields.len() + 1 < most);
        let Some(end) = end else {
            fields.push(Text::literal(rest));
            break;
        };
        fields.push(Text::literal(&rest[..end]));
        let after = rest[end..].trim_start_matches(blank);
        let mark = after.chars().next().filter(|char| separators.contains(*char));
        rest = mark.map_or(after, |mark| after[mark.len_utf8()..].trim_start_matches(blank));
    }
    fields
}

/// The characters that split.
pub(super) fn separators(world: &World) -> String {
    world.variable("IFS").text.as_literal().map_or_else(|| " \t\n".to_owned(), str::to_owned)
}

/// `{a,b}` and `{1..3}` in a word without quotes and expansions; at most 64 words.
pub(super) fn braces(word: &Word) -> Option<Vec<String>> {
    let [WordPart::Literal(text, _)] = word.parts.as_slice() else { return None };
    let open = text.find('{')?;
    let close = open + text[open..].find('}')?;
    let (before, inner, after) = (&text[..open], &text[open + 1..close], &text[close + 1..]);
    if inner.contains('{') || after.contains('{') {
        return None;
    }
    let middle: Vec<String> = if let Some((first, last)) = inner.split_once("..") {
        let (first, last) = (first.parse::<i64>().ok()?, last.parse::<i64>().ok()?);
        (first.min(last)..=first.max(last)).take(64).map(|number| number.to_string()).collect()
    } else if inner.contains(',') {
        inner.split(',').take(64).map(str::to_owned).collect()
    } else {
        return None;
    };
    Some(middle.into_iter().map(|middle| format!("{before}{middle}{after}")).collect())
}

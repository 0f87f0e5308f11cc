//! Words to arguments: expansion of a word in one world. A question that the world does not answer
//! comes back as the [`Atom`] to split it by.

use std::sync::Arc;

use super::arithmetic;
use super::body::Body;
use super::budget::LONGEST;
use super::fields::{Fields, braces, separators};
use super::glob;
use super::walker::Walker;
use super::world::{Status, Variable, World};
use crate::clients::Arg;
use crate::shell::ast::{Parameter, Word, WordPart};
use crate::source::Span;
use crate::text::{Form, Inputs, Origin, Part, Symbol, SymbolData, Text};
use crate::walk::Atom;

/// A result, or the question that must be answered first.
pub(super) type Asked<T> = Result<T, Atom>;

/// Asks a world.
pub(super) fn ask(world: &World, atom: Atom) -> Asked<bool> {
    if let Some(known) = world.atoms.answer(&atom) {
        return Ok(known);
    }
    if world.possible(&atom, false).is_empty() {
        return Ok(true);
    }
    if world.possible(&atom, true).is_empty() {
        return Ok(false);
    }
    Err(atom)
}

/// Whether a text is not empty.
pub(super) fn not_empty(world: &World, text: &Text) -> Asked<bool> {
    if text.is_empty() { Ok(false) } else { ask(world, Atom::NotEmpty(text.clone())) }
}

/// A value that `$name` or `${…}` gives.
pub(super) struct Value {
    /// One text, or those of `$@` and arrays.
    pub texts: Vec<Text>,
    /// `"$@"`: each text is a word of its own even in quotes.
    pub list: bool,
    pub from: Vec<Span>,
}

impl Value {
    pub fn one(text: Text, from: Vec<Span>) -> Self {
        Value { texts: vec![text], list: false, from }
    }
}

impl Walker<'_> {
    /// The arguments that a word becomes.
    pub(super) fn fields(&mut self, world: &mut World, body: &Arc<Body>, word: &Word) -> Asked<Vec<Arg>> {
        let at = body.span(word.at);
        if let Some(words) = braces(word) {
            return Ok(words.into_iter().map(|text| plain(Text::literal(text), at)).collect());
        }
        let mut fields = Fields::default();
        for part in &word.parts {
            self.part(world, body, part, &mut fields)?;
            if fields.made > LONGEST {
                self.give_up();
                break;
            }
        }
        self.budget.text(fields.made);
        Ok(fields.finish(at))
    }

    fn part(&mut self, world: &mut World, body: &Arc<Body>, part: &WordPart, fields: &mut Fields) -> Asked<()> {
        match part {
            WordPart::Literal(text, _) => fields.current.text.push_str(text),
            WordPart::Quoted(text, at) => fields.quoted(&restore_inputs(text, body.source(*at), &self.bodies.inputs)),
            WordPart::Double(parts, _) => {
                fields.current.quoted |= parts.is_empty();
                for part in parts {
                    self.quoted_part(world, body, part, fields)?;
                    if fields.made > LONGEST {
                        break;
                    }
                }
            }
            WordPart::Parameter(parameter) => {
                let value = self.parameter(world, body, parameter)?;
                for (index, text) in value.texts.iter().enumerate() {
                    if index > 0 {
                        fields.next();
                    }
                    fields.split(text, &separators(world));
                }
                fields.current.from.extend(value.from);
            }
            WordPart::Substitution(list, at) => {
                let text = self.substitution(world, body, list, *at)?;
                fields.split(&text, &separators(world));
            }
            WordPart::Arithmetic(at) => {
                fields.split(&counted(world, body.source(*at), body.span(*at)), &separators(world))
            }
            WordPart::Process(list, at) => {
                let file = self.process(world, body, list, *at)?;
                fields.current.text.push_text(&file);
            }
        }
        Ok(())
    }

    fn quoted_part(&mut self, world: &mut World, body: &Arc<Body>, part: &WordPart, fields: &mut Fields) -> Asked<()> {
        let WordPart::Parameter(parameter) = part else {
            let text = self.joined(world, body, part, &mut fields.current.from)?;
            fields.quoted(&text);
            return Ok(());
        };
        let value = self.parameter(world, body, parameter)?;
        fields.current.from.extend(value.from);
        // `"$@"` without arguments is no word.
        fields.current.quoted |= !value.list;
        for (index, text) in value.texts.iter().enumerate() {
            if index > 0 && value.list {
                fields.next();
            } else if index > 0 {
                fields.quoted(&Text::literal(joint(world)));
            }
            fields.quoted(text);
        }
        Ok(())
    }

    /// The text of a word where the shell does not split: assignments, here-documents, `case`.
    pub(super) fn text(&mut self, world: &mut World, body: &Arc<Body>, word: &Word) -> Asked<Variable> {
        let mut text = Text::empty();
        let mut from = Vec::new();
        let mut made = 0;
        for part in &word.parts {
            let piece = self.joined(world, body, part, &mut from)?;
            made += if matches!(part, WordPart::Literal(..) | WordPart::Quoted(..)) { 0 } else { piece.weight() };
            if made > LONGEST {
                self.give_up();
                return Ok(Variable::new(world.opaque(body.source(word.at)), from));
            }
            text.push_text(&piece);
        }
        self.budget.text(made);
        Ok(Variable::new(text, from))
    }

    /// The text of a word as a pattern: what is quoted in it is not special.
    pub(super) fn pattern(&mut self, world: &mut World, body: &Arc<Body>, word: &Word) -> Asked<Text> {
        self.quoting(world, body, word, glob::escape)
    }

    /// The text of a word, with what is quoted in it escaped.
    pub(super) fn quoting(
        &mut self,
        world: &mut World,
        body: &Arc<Body>,
        word: &Word,
        escape: fn(&str) -> String,
    ) -> Asked<Text> {
        let mut pattern = Text::empty();
        for part in &word.parts {
            let text = self.joined(world, body, part, &mut Vec::new())?;
            if !matches!(part, WordPart::Quoted(..) | WordPart::Double(..)) {
                pattern.push_text(&text);
                continue;
            }
            for part in text.parts() {
                match part {
                    Part::Lit(text) => pattern.push_str(&escape(text)),
                    Part::Sym(_) => pattern.push_part(part),
                }
            }
        }
        Ok(pattern)
    }

    fn joined(&mut self, world: &mut World, body: &Arc<Body>, part: &WordPart, from: &mut Vec<Span>) -> Asked<Text> {
        Ok(match part {
            WordPart::Literal(text, at) | WordPart::Quoted(text, at) => {
                restore_inputs(text, body.source(*at), &self.bodies.inputs)
            }
            WordPart::Double(parts, _) => {
                let mut text = Text::empty();
                let mut made = 0;
                for part in parts {
                    let piece = self.joined(world, body, part, from)?;
                    made += if matches!(part, WordPart::Literal(..)) { 0 } else { piece.weight() };
                    if made > LONGEST {
                        self.give_up();
                        break;
                    }
                    text.push_text(&piece);
                }
                text
            }
            WordPart::Parameter(parameter) => {
                let value = self.parameter(world, body, parameter)?;
                from.extend(value.from);
                let (mut text, joint) = (Text::empty(), joint(world));
                for (index, one) in value.texts.iter().enumerate() {
                    text.push_str(if index > 0 { if value.list { " " } else { &joint } } else { "" });
                    text.push_text(one);
                }
                text
            }
            WordPart::Substitution(list, at) => self.substitution(world, body, list, *at)?,
            WordPart::Arithmetic(at) => counted(world, body.source(*at), body.span(*at)),
            WordPart::Process(list, at) => self.process(world, body, list, *at)?,
        })
    }

    /// `$( … )`: what the commands print, without the newlines at its end.
    fn substitution(
        &mut self,
        world: &mut World,
        body: &Arc<Body>,
        list: &crate::shell::ast::List,
        at: crate::shell::ast::At,
    ) -> Asked<Text> {
        let printed = self.captured(world, |walker, inner| walker.list(vec![inner], body, list))?;
        Ok(named_after(trim_newlines(&printed), &super::splice::readable(world, body.source(at))))
    }

    /// Runs something in a subshell and hands back what it prints. What it does to files stays.
    pub(super) fn captured(
        &mut self,
        world: &mut World,
        run: impl FnOnce(&mut Self, World) -> Vec<World>,
    ) -> Asked<Text> {
        let mut inner = world.clone();
        inner.capture = Some(Text::empty());
        let mut ends = self.under(true, |walker| run(walker, inner)).into_iter();
        let Some(first) = ends.next() else { return Ok(Text::empty()) };
        if let Some((atom, _)) = first.atoms.iter().nth(world.atoms.len()) {
            return Err(atom.clone());
        }
        self.substituted = Status::of(first.status != Status::Failure);
        let alike = ends.all(|end| end.capture == first.capture);
        world.credentials = first.credentials;
        world.files = first.files;
        world.past = first.past;
        world.clock = first.clock;
        let printed = first.capture.unwrap_or_default();
        Ok(if alike { printed } else { world.opaque("$(…)") })
    }

    /// `$x`, `${x…}`.
    fn parameter(&mut self, world: &mut World, body: &Arc<Body>, parameter: &Parameter) -> Asked<Value> {
        let source = body.source(parameter.at);
        if source.starts_with("$[[") {
            return Ok(Value::one(Text::symbol(self.bodies.inputs.symbol(source)), Vec::new()));
        }
        let value = Self::plain_value(world, parameter);
        self.operate(world, body, parameter, value)
    }

    /// The value before any operation.
    fn plain_value(world: &World, parameter: &Parameter) -> Value {
        let unknown = |key: &str| Value::one(world.opaque(key), Vec::new());
        if parameter.indirect {
            let name = world.variable(&parameter.name).text;
            return match name.as_literal() {
                Some(name) if !name.is_empty() => {
                    let variable = world.variable(name);
                    Value::one(variable.text, variable.from)
                }
                _ => unknown(&format!("${{!{}}}", parameter.name)),
            };
        }
        match parameter.name.as_str() {
            "@" | "*" => match &world.positional {
                Some(positional) => Value { texts: positional.to_vec(), list: parameter.name == "@", from: Vec::new() },
                None => unknown("$@"),
            },
            "#" => match &world.positional {
                Some(positional) => Value::one(Text::literal(positional.len().to_string()), Vec::new()),
                None => unknown("$#"),
            },
            "?" => Value::one(Self::status_text(world), Vec::new()),
            "0" if world.variables.contains_key("0") => Self::variable_value(world, "0", None),
            "$" | "!" | "-" | "0" => unknown(&format!("${}", parameter.name)),
            name if name.bytes().all(|byte| byte.is_ascii_digit()) => Self::argument(world, name),
            name => Self::variable_value(world, name, parameter.index.as_deref()),
        }
    }

    fn argument(world: &World, name: &str) -> Value {
        let index = name.parse::<usize>().unwrap_or(usize::MAX).saturating_sub(1);
        let text = match &world.positional {
            Some(positional) => positional.get(index).cloned().unwrap_or_default(),
            None => world.opaque(&format!("${name}")),
        };
        Value::one(text, Vec::new())
    }

    fn variable_value(world: &World, name: &str, index: Option<&str>) -> Value {
        let variable = world.variable(name);
        match (index, &variable.items) {
            (Some("@" | "*"), Some(items)) => {
                Value { texts: items.to_vec(), list: index == Some("@"), from: variable.from }
            }
            (Some(index), Some(items)) => {
                let at = arithmetic::evaluate(world, index);
                let at = at.map(|at| if at < 0 { at + items.len() as i64 } else { at });
                let text =
                    at.map(|at| usize::try_from(at).ok().and_then(|at| items.get(at).cloned()).unwrap_or_default());
                let text = text.unwrap_or_else(|| world.opaque(&format!("${{{name}[{index}]}}")));
                Value::one(text, variable.from)
            }
            _ => Value::one(variable.text, variable.from),
        }
    }

    fn status_text(world: &World) -> Text {
        match &world.status {
            Status::Success => Text::literal("0"),
            Status::Failure => Text::literal("1"),
            Status::Unknown { .. } => world.opaque("$?"),
        }
    }
}

/// What stands between the parameters in `"$*"`.
fn joint(world: &World) -> String {
    separators(world).chars().take(1).collect()
}

/// `$(( … ))`
fn counted(world: &mut World, source: &str, at: Span) -> Text {
    let inner = source.strip_prefix("$((").and_then(|rest| rest.strip_suffix("))"));
    let value = inner.and_then(|text| arithmetic::run(world, text, at));
    value.map_or_else(|| world.opaque(source), |value| Text::literal(value.to_string()))
}

fn plain(text: Text, at: Span) -> Arg {
    Arg { text, at, from: Vec::new(), vanishes: false }
}

/// Puts `$[[ … ]]` back where single quotes hid its mask from the shell.
fn restore_inputs(text: &str, source: &str, inputs: &Inputs) -> Text {
    if !text.contains('$') || !source.contains("$[[") || !text.contains("${__") {
        return Text::literal(text);
    }
    let mut restored = Text::empty();
    let (mut text, mut source) = (text, source);
    while let (Some(masked), Some(start)) = (text.find("${__"), source.find("$[[")) {
        let (Some(end), Some(length)) = (text[masked..].find('}'), source[start..].find("]]")) else { break };
        restored.push_str(&text[..masked]);
        restored.push_symbol(inputs.symbol(&source[start..start + length + 2]));
        text = &text[masked + end + 1..];
        source = &source[start + length + 2..];
    }
    restored.push_str(text);
    restored
}

/// The text without the newlines at its end.
pub(super) fn trim_newlines(text: &Text) -> Text {
    let mut text = text.clone();
    while let Some(shorter) = text.strip_suffix("\n") {
        text = shorter;
    }
    text
}

/// A value that a command made is shown as the command that stands in the text.
fn named_after(text: Text, source: &str) -> Text {
    let Some(symbol) = text.as_symbol() else { return text };
    if !symbol.data().shown.starts_with("$(") {
        return text;
    }
    let origin = match &symbol.data().origin {
        Origin::Command(_) => Origin::Command(source.to_owned()),
        origin => origin.clone(),
    };
    Text::symbol(Symbol::new(SymbolData { shown: source.to_owned(), origin, ..symbol.data().clone() }))
}

/// A command's output of which only the command is known.
pub(super) fn printed(command: &str, class: Option<crate::text::Class>, form: Form) -> Symbol {
    let key = format!("$({command})");
    Symbol::new(SymbolData {
        shown: key.clone(),
        origin: Origin::Command(command.to_owned()),
        key,
        class,
        form,
        unset_in: crate::scenario::Scenarios::NONE,
    })
}

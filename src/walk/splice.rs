//! A piece of shell that another program made by putting values into a text (make, just, `sh -c "…$X"`):
//! values become shell variables of the same meaning, so that they stay what they are.

use std::hash::{Hash, Hasher};

use super::world::{Variable, World};
use crate::recipes::{Piece, Value};
use crate::source::{Mapped, Span};
use crate::text::{Part, Symbol, Text};

/// What the names of such variables begin with.
const PREFIX: &str = "__value_";

/// The quotes around the end of a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Quote {
    None,
    Single,
    Double,
    Comment,
}

/// A text in the making.
pub(super) struct Splice<'w> {
    world: &'w mut World,
    text: Mapped,
    quote: Quote,
}

impl<'w> Splice<'w> {
    /// An empty text; what it needs is set in `world`.
    pub fn new(world: &'w mut World) -> Self {
        Splice { world, text: Mapped::default(), quote: Quote::None }
    }

    /// The text of these pieces.
    pub fn of(world: &'w mut World, pieces: &[Piece]) -> Mapped {
        let mut splice = Splice::new(world);
        for piece in pieces {
            match piece {
                Piece::Written(text) => splice.written(text),
                Piece::Value(value, at) => splice.value(value, *at),
            }
        }
        splice.finish()
    }

    /// The text.
    pub fn finish(self) -> Mapped {
        self.text
    }

    /// Appends shell text.
    pub fn written(&mut self, text: &Mapped) {
        self.follow_quotes(text.text());
        self.text.append(text);
    }

    /// Appends a value that the shell is to read as if it were written here.
    pub fn value(&mut self, value: &Value, at: Span) {
        let plain = |part: &Part| match part {
            Part::Lit(text) => text.chars().all(|char| char.is_ascii_alphanumeric() || "_./:@%+,- ".contains(char)),
            Part::Sym(_) => true,
        };
        if value.text.parts().iter().all(plain) {
            self.variable(&value.text, &value.from, at);
            return;
        }
        for part in value.text.parts() {
            match part {
                Part::Lit(text) => self.written(&Mapped::coarse(text.as_str(), at)),
                Part::Sym(symbol) => self.variable(&Text::symbol(symbol.clone()), &value.from, at),
            }
        }
    }

    fn variable(&mut self, text: &Text, from: &[Span], at: Span) {
        let name = match own_name(self.world, text) {
            Some(name) => name,
            None => {
                let mut hasher = std::hash::DefaultHasher::new();
                text.identity().hash(&mut hasher);
                let name = format!("{PREFIX}{:x}", hasher.finish());
                self.world.set(&name, Variable::new(text.clone(), from.to_vec()));
                name
            }
        };
        // Single quotes would keep the shell from looking.
        let (before, after) = if self.quote == Quote::Single { ("'\"", "\"'") } else { ("", "") };
        self.text.push_coarse(&format!("{before}${{{name}}}{after}"), at);
    }

    fn follow_quotes(&mut self, text: &str) {
        let mut chars = text.chars().peekable();
        let mut before = ' ';
        while let Some(char) = chars.next() {
            self.quote = match (self.quote, char) {
                (Quote::None | Quote::Double, '\\') => {
                    chars.next();
                    self.quote
                }
                (Quote::None, '\'') => Quote::Single,
                (Quote::None, '"') => Quote::Double,
                (Quote::None, '#') if before.is_whitespace() => Quote::Comment,
                (Quote::Single, '\'') | (Quote::Double, '"') | (Quote::Comment, '\n') => Quote::None,
                (quote, _) => quote,
            };
            before = char;
        }
    }
}

/// The name of the variable whose value the text is, in this world.
fn own_name(world: &World, text: &Text) -> Option<String> {
    let name = text.as_symbol().map(Symbol::data)?.shown.strip_prefix('$')?;
    let valid = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    (valid && !name.starts_with(|char: char| char.is_ascii_digit()) && world.variable(name).text == *text)
        .then(|| name.to_owned())
}

/// A command as a person would write it: with the values in the place of their variables.
pub(super) fn readable(world: &World, source: &str) -> String {
    let mut readable = String::new();
    let mut rest = source;
    while let Some((before, after)) = rest.split_once("${__value_") {
        let Some((name, behind)) = after.split_once('}') else { break };
        readable.push_str(before);
        readable.push_str(&world.variable(&format!("{PREFIX}{name}")).text.shown());
        rest = behind;
    }
    readable.push_str(rest);
    readable
}

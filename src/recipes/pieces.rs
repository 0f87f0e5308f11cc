//! A command line that is made of what stands in a file and of values put into it.

use crate::source::{Mapped, Span};
use crate::text::{Part, Text};

/// A value, and where it was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Value {
    /// The value.
    pub text: Text,
    /// The places of its definitions, the outermost last.
    pub from: Vec<Span>,
}

impl Value {
    /// A value without a place.
    #[must_use]
    pub fn of(text: Text) -> Self {
        Value { text, from: Vec::new() }
    }

    /// A known value without a place.
    #[must_use]
    pub fn literal(text: impl Into<String>) -> Self {
        Value::of(Text::literal(text))
    }

    /// Appends another value.
    pub fn push(&mut self, other: &Value) {
        self.text.push_text(&other.text);
        for at in other.from.iter().filter(|at| !self.from.contains(at)).take(8).collect::<Vec<_>>() {
            self.from.push(*at);
        }
    }
}

/// A piece of a command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Text as it stands in the file.
    Written(Mapped),
    /// A value in the place of a reference to it.
    Value(Value, Span),
}

/// What the pieces are together.
#[must_use]
pub fn join(pieces: &[Piece]) -> Value {
    let mut whole = Value::default();
    for piece in pieces {
        match piece {
            Piece::Written(text) => whole.text.push_str(text.text()),
            Piece::Value(value, _) => whole.push(value),
        }
    }
    whole
}

/// How many bytes the pieces hold.
#[must_use]
pub fn weight(pieces: &[Piece]) -> usize {
    let weight = |piece: &Piece| match piece {
        Piece::Written(text) => text.text().len(),
        Piece::Value(value, _) => value.text.weight(),
    };
    pieces.iter().map(weight).sum()
}

/// The words of a text; an unknown part counts as one, whatever it holds.
#[must_use]
pub fn words(text: &Text) -> Vec<Text> {
    let mut words = vec![Text::empty()];
    for part in text.parts() {
        let Part::Lit(literal) = part else {
            words.iter_mut().last().into_iter().for_each(|word| word.push_part(part));
            continue;
        };
        for (index, piece) in literal.split([' ', '\t', '\n']).enumerate() {
            if index > 0 {
                words.push(Text::empty());
            }
            words.iter_mut().last().into_iter().for_each(|word| word.push_str(piece));
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The words with a space between each two.
#[must_use]
pub fn spaced<'a>(words: impl IntoIterator<Item = &'a Text>) -> Text {
    let mut text = Text::empty();
    for (index, word) in words.into_iter().enumerate() {
        text.push_str(if index > 0 { " " } else { "" });
        text.push_text(word);
    }
    text
}

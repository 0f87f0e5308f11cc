//! A text that was filled in from variables, and where what went into it was written.

use crate::source::Span;
use crate::text::{Origin, Symbol, Text};

/// The longest text that is made: values made from values double it again and again.
const LONGEST: usize = 1 << 12;
/// The most definitions that are remembered of one text.
const PLACES: usize = 16;

/// The text and the definitions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    /// The text.
    pub text: Text,
    /// The definitions.
    pub from: Vec<Span>,
}

impl Filled {
    /// A text that nothing went into.
    pub fn plain(text: Text) -> Self {
        Filled { text, from: Vec::new() }
    }

    /// Something that is not followed, as it is written; equal where that is.
    pub fn opaque(shown: &str) -> Self {
        Filled::plain(Text::symbol(Symbol::unknown(shown, shown, Origin::Opaque(shown.to_owned()))))
    }

    /// Appends another one.
    pub fn push(&mut self, other: &Filled) {
        if self.text.weight() + other.text.weight() > LONGEST {
            *self = Filled::opaque("…");
            return;
        }
        self.text.push_text(&other.text);
        let more = other.from.iter().take(PLACES.saturating_sub(self.from.len()));
        self.from.extend(more);
    }
}

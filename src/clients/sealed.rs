//! Texts with unknown parts as plain strings: each unknown value is one private character, so that
//! readers of other languages (YAML, HCL, `.env`) carry it through as part of a word.

use crate::text::{Part, Symbol, Text};

/// The private characters that stand for values.
const PRIVATE: std::ops::RangeInclusive<char> = '\u{E000}'..='\u{F8FF}';

/// A text as a string, with what its private characters stand for.
#[derive(Debug, Default)]
pub struct Sealed {
    text: String,
    symbols: Vec<Symbol>,
}

impl Sealed {
    /// Seals a text; `None` where it has more unknown values than there are characters for them, or
    /// such characters of its own.
    pub fn new(text: &Text) -> Option<Self> {
        let mut sealed = Sealed::default();
        let mixed = text.symbols().next().is_some();
        for part in text.parts() {
            match part {
                Part::Lit(literal) if mixed && literal.contains(is_sealed) => return None,
                Part::Lit(literal) => sealed.text.push_str(literal),
                Part::Sym(symbol) => {
                    sealed.text.push(PRIVATE.clone().nth(sealed.symbols.len())?);
                    sealed.symbols.push(symbol.clone());
                }
            }
        }
        Some(sealed)
    }

    /// The string.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What a piece of the string stands for.
    pub fn open(&self, piece: &str) -> Text {
        if self.symbols.is_empty() {
            return Text::literal(piece);
        }
        let mut text = Text::empty();
        let mut start = 0;
        for (at, char) in piece.char_indices().filter(|(_, char)| is_sealed(*char)) {
            text.push_str(&piece[start..at]);
            start = at + char.len_utf8();
            let number = u32::from(char) - u32::from(*PRIVATE.start());
            match self.symbols.get(number as usize) {
                Some(symbol) => text.push_symbol(symbol.clone()),
                None => text.push_str(&piece[at..start]),
            }
        }
        text.push_str(&piece[start..]);
        text
    }
}

/// Whether a character stands for an unknown value.
pub fn is_sealed(char: char) -> bool {
    PRIVATE.contains(&char)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::testing::text;

    #[test]
    fn what_is_sealed_is_opened_again() {
        let whole = text("a$X/b$Y");
        let sealed = Sealed::new(&whole).unwrap();
        assert_eq!(sealed.open(sealed.text()), whole);
        assert_eq!(sealed.text().chars().count(), 5);
        assert_eq!(sealed.open("é"), Text::literal("é"));
    }

    #[test]
    fn private_characters_of_the_text_are_no_values() {
        let own = Text::literal("\u{E000}");
        assert_eq!(Sealed::new(&own).unwrap().open("\u{E000}"), own);
        let mut mixed = text("$X");
        mixed.push_str("\u{E001}");
        assert!(Sealed::new(&mixed).is_none());
    }
}

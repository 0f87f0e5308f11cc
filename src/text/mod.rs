//! What is known of a string before the run: [`Text`], literal parts and symbols. A [`Symbol`] is one
//! value, not one name: two uses of the same unknown value are equal, two evaluations of something
//! that may differ are two symbols.

mod inputs;
mod symbol;

use std::fmt;

pub use inputs::Inputs;
pub use symbol::{Class, Form, Origin, Symbol, SymbolData};

use crate::source::is_undecoded;

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// Known characters, never empty.
    Lit(String),
    /// An unknown value.
    Sym(Symbol),
}

/// A string, as far as it is known. Neighbouring literals are always joined, so equal texts compare equal.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Text {
    parts: Vec<Part>,
}

impl Text {
    /// The empty text.
    #[must_use]
    pub fn empty() -> Self {
        Text::default()
    }

    /// A known text.
    #[must_use]
    pub fn literal(text: impl Into<String>) -> Self {
        let mut made = Text::default();
        made.push_str(&text.into());
        made
    }

    /// One unknown value.
    #[must_use]
    pub fn symbol(symbol: Symbol) -> Self {
        Text { parts: vec![Part::Sym(symbol)] }
    }

    /// Appends known characters.
    pub fn push_str(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if let Some(Part::Lit(last)) = self.parts.last_mut() {
            last.push_str(text);
        } else {
            self.parts.push(Part::Lit(text.to_owned()));
        }
    }

    /// Appends a symbol.
    pub fn push_symbol(&mut self, symbol: Symbol) {
        self.parts.push(Part::Sym(symbol));
    }

    /// Appends a part.
    pub fn push_part(&mut self, part: &Part) {
        match part {
            Part::Lit(text) => self.push_str(text),
            Part::Sym(symbol) => self.push_symbol(symbol.clone()),
        }
    }

    /// Appends another text.
    pub fn push_text(&mut self, other: &Text) {
        for part in &other.parts {
            self.push_part(part);
        }
    }

    /// The text with an unknown value for each character that was not decoded: its word is told apart from
    /// others by its bytes, but nobody knows how it reads.
    #[must_use]
    pub fn undecoded_as_symbols(&self) -> Text {
        let mut made = Text::empty();
        for part in &self.parts {
            match part {
                Part::Lit(text) => {
                    for piece in text.split_inclusive(is_undecoded) {
                        let last = piece.chars().next_back().filter(|char| is_undecoded(*char));
                        made.push_str(last.map_or(piece, |char| &piece[..piece.len() - char.len_utf8()]));
                        made.parts.extend(last.map(|char| Part::Sym(Symbol::undecoded(char))));
                    }
                }
                Part::Sym(symbol) => made.push_symbol(symbol.clone()),
            }
        }
        made
    }

    /// How much it is to copy: its known characters, and something for each unknown value.
    #[must_use]
    pub fn weight(&self) -> usize {
        self.parts.iter().map(|part| if let Part::Lit(text) = part { text.len() } else { 8 }).sum()
    }

    /// What the text is told apart by: like it, with each symbol's key.
    #[must_use]
    pub fn identity(&self) -> String {
        let part = |part: &Part| match part {
            Part::Lit(text) => text.clone(),
            Part::Sym(symbol) => symbol.data().key.clone(),
        };
        self.parts.iter().map(part).collect()
    }

    /// The parts.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The whole text, if all of it is known.
    #[must_use]
    pub fn as_literal(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [Part::Lit(text)] => Some(text),
            _ => None,
        }
    }

    /// The symbol, if it is one and nothing else.
    #[must_use]
    pub fn as_symbol(&self) -> Option<&Symbol> {
        match self.parts.as_slice() {
            [Part::Sym(symbol)] => Some(symbol),
            _ => None,
        }
    }

    /// The symbols.
    pub fn symbols(&self) -> impl Iterator<Item = &Symbol> {
        self.parts.iter().filter_map(|part| if let Part::Sym(symbol) = part { Some(symbol) } else { None })
    }

    /// Surely no character at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Whether some known character surely stands in it.
    #[must_use]
    pub fn surely_not_empty(&self) -> bool {
        self.parts.iter().any(|part| match part {
            Part::Lit(_) => true,
            Part::Sym(symbol) => !symbol.data().form.empty && symbol.data().unset_in.is_empty(),
        })
    }

    /// How it differs between runs: its most unique part decides (facts B3). `None`: it cannot be told.
    #[must_use]
    pub fn class(&self) -> Option<Class> {
        let most = self.symbols().filter_map(|symbol| symbol.data().class).max();
        if most >= Some(Class::PerCommit) {
            return most;
        }
        let known = self.symbols().all(|symbol| symbol.data().class.is_some());
        known.then_some(most.unwrap_or(Class::Constant))
    }

    /// What it may hold: everything that one of its parts may, and does.
    #[must_use]
    pub fn form(&self) -> Form {
        let mut form = Form { empty: !self.surely_not_empty(), ..Form::SAFE };
        for part in &self.parts {
            match part {
                Part::Lit(text) => form.add_literal(text),
                Part::Sym(symbol) => form.add(symbol.data().form),
            }
        }
        form
    }

    /// The text in lower case.
    #[must_use]
    pub fn lower_case(&self) -> Text {
        let mut lowered = Text::empty();
        for part in &self.parts {
            match part {
                Part::Lit(text) => lowered.push_str(&text.to_lowercase()),
                Part::Sym(symbol) => lowered.push_symbol(symbol.lower_case(None)),
            }
        }
        lowered
    }

    /// The known characters at its start.
    #[must_use]
    pub fn literal_prefix(&self) -> &str {
        if let Some(Part::Lit(text)) = self.parts.first() { text } else { "" }
    }

    /// Splits at the first of `separators` that stands in a literal part.
    /// Whether an unknown part before it may hold one too is for the caller to ask.
    #[must_use]
    pub fn split_once(&self, separator: char) -> Option<(Text, Text)> {
        let at = self.parts.iter().position(|part| matches!(part, Part::Lit(text) if text.contains(separator)))?;
        let Part::Lit(text) = &self.parts[at] else { return None };
        let (before, after) = text.split_once(separator)?;
        Some((self.cut(0..at, Some(before), true), self.cut(at + 1..self.parts.len(), Some(after), false)))
    }

    /// Splits at the last `separator` that stands in a literal part.
    #[must_use]
    pub fn rsplit_once(&self, separator: char) -> Option<(Text, Text)> {
        let at = self.parts.iter().rposition(|part| matches!(part, Part::Lit(text) if text.contains(separator)))?;
        let Part::Lit(text) = &self.parts[at] else { return None };
        let (before, after) = text.rsplit_once(separator)?;
        Some((self.cut(0..at, Some(before), true), self.cut(at + 1..self.parts.len(), Some(after), false)))
    }

    fn cut(&self, range: std::ops::Range<usize>, literal: Option<&str>, behind: bool) -> Text {
        let mut text = Text::default();
        if !behind {
            text.push_str(literal.unwrap_or(""));
        }
        for part in &self.parts[range] {
            text.push_part(part);
        }
        if behind {
            text.push_str(literal.unwrap_or(""));
        }
        text
    }

    /// The text without a known prefix.
    #[must_use]
    pub fn strip_prefix(&self, prefix: &str) -> Option<Text> {
        let Some(Part::Lit(first)) = self.parts.first() else { return None };
        let rest = first.strip_prefix(prefix)?;
        Some(self.cut(1..self.parts.len(), Some(rest), false))
    }

    /// The text without a known suffix.
    #[must_use]
    pub fn strip_suffix(&self, suffix: &str) -> Option<Text> {
        let Some(Part::Lit(last)) = self.parts.last() else { return None };
        let rest = last.strip_suffix(suffix)?;
        Some(self.cut(0..self.parts.len() - 1, Some(rest), true))
    }

    /// As a person would write it.
    #[must_use]
    pub fn shown(&self) -> String {
        let mut shown = String::new();
        for (index, part) in self.parts.iter().enumerate() {
            match part {
                Part::Lit(text) => shown.push_str(text),
                Part::Sym(symbol) => {
                    let text = &symbol.data().shown;
                    match (text.strip_prefix('$'), self.parts.get(index + 1)) {
                        (Some(name), Some(Part::Lit(next))) if is_name(name) && next.starts_with(is_name_char) => {
                            shown.push_str("${");
                            shown.push_str(name);
                            shown.push('}');
                        }
                        _ => shown.push_str(text),
                    }
                }
            }
        }
        shown
    }
}

fn is_name_char(char: char) -> bool {
    char.is_ascii_alphanumeric() || char == '_'
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(is_name_char)
}

impl fmt::Debug for Text {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:?}", self.shown())
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Text::literal(text)
    }
}

#[cfg(test)]
pub(crate) mod testing {
    //! Texts from a plain spelling, for tests.

    use super::{Symbol, Text};

    /// `$NAME` is the predefined variable or the settings variable of that name, the rest is known.
    pub(crate) fn text(spelling: &str) -> Text {
        let mut made = Text::empty();
        let mut rest = spelling;
        while let Some((before, after)) = rest.split_once('$') {
            made.push_str(before);
            let end = after.find(|char: char| !super::is_name_char(char)).unwrap_or(after.len());
            let name = &after[..end];
            made.push_symbol(crate::predefined::symbol(name).unwrap_or_else(|| Symbol::setting(name)));
            rest = &after[end..];
        }
        made.push_str(rest);
        made
    }
}

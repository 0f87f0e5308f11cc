//! The variables of a compose file: those of the process, then those of `.env` files, and how
//! `$NAME` and `${NAME:-word}` are filled in (compose-go's `template` and `dotenv`).

use std::collections::BTreeMap;

use crate::clients::filled::Filled;
use crate::clients::sealed::{Sealed, is_sealed};
use crate::clients::{Environment, File};
use crate::source::Span;
use crate::text::{Origin, Symbol, Text};

/// How deep `${A:-${B:-…}}` may lie in one another.
const DEPTH: usize = 16;

/// The variables.
pub struct Variables<'a> {
    environment: &'a dyn Environment,
    entries: BTreeMap<String, Filled>,
    /// A file that may set any variable, for it cannot be read.
    unread: Option<String>,
}

/// A variable's value, and whether the variable is surely set, be it to nothing.
struct Known {
    value: Filled,
    set: bool,
}

impl<'a> Variables<'a> {
    /// Those of the process.
    pub fn new(environment: &'a dyn Environment) -> Self {
        Variables { environment, entries: BTreeMap::new(), unread: None }
    }

    /// The value of a variable that something sets.
    pub fn value(&self, name: &str) -> Option<Text> {
        let own = self.environment.get(name);
        own.or_else(|| self.entries.get(name).map(|entry| entry.text.clone())).filter(|value| !value.is_empty())
    }

    fn known(&self, name: &str) -> Known {
        if let Some(text) = self.environment.get(name) {
            return Known { value: Filled { text, from: self.environment.written(name) }, set: true };
        }
        if let Some(entry) = self.entries.get(name) {
            return Known { value: entry.clone(), set: true };
        }
        if self.environment.is_unset(name) {
            return Known { value: Filled::default(), set: false };
        }
        let symbol = match &self.unread {
            Some(file) => {
                Symbol::unknown(format!("${name} of {file}"), format!("${name}"), Origin::Unread(name.to_owned()))
            }
            None => Symbol::setting(name),
        };
        Known { value: Filled::plain(Text::symbol(symbol)), set: false }
    }

    /// Takes in a `.env` file. What is set already stays: the process wins, then the earlier file.
    pub fn read(&mut self, path: &Text, file: File) {
        let name = &path.shown();
        let (text, at, exact) = match file {
            File::Found { text, at, exact } => (text, at, exact),
            File::Missing => return,
            File::Unknown => {
                self.unread.get_or_insert_with(|| name.clone());
                return;
            }
        };
        let Some(sealed) = Sealed::new(&text) else {
            self.unread.get_or_insert_with(|| name.clone());
            return;
        };
        let written = if exact { Vec::new() } else { self.environment.lines_written(path) };
        let before = std::mem::take(&mut self.entries);
        let mut line_at = 0;
        for (number, line) in sealed.text().split_inclusive('\n').enumerate() {
            let here = Span::new(at.file, line_at, line_at + line.trim_end().len());
            let span = if exact { Some(here) } else { written.get(number).copied().flatten() };
            line_at += line.len();
            self.line(&sealed, line.trim(), span, name);
        }
        self.entries.extend(before);
    }

    /// `NAME=value`, `export NAME="value"`; a line whose name is unknown may set any.
    fn line(&mut self, sealed: &Sealed, line: &str, at: Option<Span>, file: &str) {
        if line.is_empty() || line.starts_with('#') {
            return;
        }
        let line = line.strip_prefix("export ").unwrap_or(line);
        let Some((name, value)) = line.split_once(['=', ':']).filter(|(name, _)| !name.contains(is_sealed)) else {
            if line.contains(is_sealed) {
                self.entries.clear();
                self.unread = Some(file.to_owned());
            }
            return;
        };
        let value = value.trim();
        let filled = match value.chars().next() {
            Some('\'') => quoted(value, '\'').map(|inner| Filled::plain(sealed.open(inner))),
            Some('"') => quoted(value, '"').map(|inner| self.fill(sealed, &inner.replace("\\$", "$$"))),
            _ => Some(self.fill(sealed, value.split(" #").next().unwrap_or(value).trim_end())),
        };
        // a quote that the line does not end, or escapes in it
        let mut filled = filled.unwrap_or_else(|| Filled {
            text: Text::symbol(Symbol::unknown(
                format!("{name} of {file}"),
                format!("${name}"),
                Origin::Unread(name.to_owned()),
            )),
            from: Vec::new(),
        });
        filled.from.extend(at);
        self.entries.insert(name.trim().to_owned(), filled);
    }

    /// The text with its variables filled in.
    pub fn fill(&self, sealed: &Sealed, text: &str) -> Filled {
        self.fill_in(sealed, text, 0)
    }

    fn fill_in(&self, sealed: &Sealed, text: &str, depth: usize) -> Filled {
        let mut filled = Filled::default();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('$') {
            filled.text.push_text(&sealed.open(before));
            if let Some(after) = after.strip_prefix('$') {
                filled.text.push_str("$");
                rest = after;
            } else if let Some(inner) = after.strip_prefix('{') {
                let Some(end) = closing(inner).filter(|_| depth < DEPTH) else {
                    filled.push(&unfollowed(after));
                    return filled;
                };
                filled.push(&self.braced(sealed, &inner[..end], depth));
                rest = &inner[end + 1..];
            } else {
                let (name, after) = after.split_at(name_length(after));
                match name {
                    "" => filled.text.push_str("$"),
                    _ => filled.push(&self.known(name).value),
                }
                rest = after;
            }
        }
        filled.text.push_text(&sealed.open(rest));
        filled
    }

    /// What stands in braces: `NAME`, `NAME:-word`, `NAME-word`, and `?` and `+` in place of `-`.
    fn braced(&self, sealed: &Sealed, inner: &str, depth: usize) -> Filled {
        let (name, operation) = inner.split_at(name_length(inner));
        let known = self.known(name);
        let colon = operation.starts_with(':');
        let mut word = operation[usize::from(colon)..].chars();
        let (operator, word) = (word.next(), word.as_str());
        if name.is_empty() || !matches!((operator, colon), (None, false) | (Some('-' | '+' | '?'), _)) {
            return unfollowed(inner);
        }
        if matches!(operator, None | Some('?')) {
            return known.value;
        }
        let text = &known.value.text;
        let filled = if known.set && !colon && text.as_literal().is_some() {
            Some(true)
        } else {
            self.environment.is_filled(text)
        };
        match (operator, filled) {
            (Some('-'), Some(true)) => known.value,
            (Some('+'), Some(false)) => Filled::default(),
            (_, Some(_)) => self.fill_in(sealed, word, depth + 1),
            (_, None) => Filled { from: known.value.from, ..unfollowed(inner) },
        }
    }
}

/// Something in braces that is not followed.
fn unfollowed(inner: &str) -> Filled {
    Filled::opaque(&format!("${{{}}}", inner.trim_end_matches('}').trim_start_matches('{')))
}

fn name_length(text: &str) -> usize {
    let end = text.find(|char: char| !char.is_ascii_alphanumeric() && char != '_').unwrap_or(text.len());
    if text.starts_with(|char: char| char.is_ascii_digit()) { 0 } else { end }
}

/// Where the brace closes that stands before `inner`.
fn closing(inner: &str) -> Option<usize> {
    let mut open = 1usize;
    for (at, char) in inner.char_indices() {
        match char {
            '{' => open += 1,
            '}' => open -= 1,
            _ => {}
        }
        if open == 0 {
            return Some(at);
        }
    }
    None
}

/// What stands in quotes, where nothing in it is escaped but `$`.
fn quoted(value: &str, quote: char) -> Option<&str> {
    let inner = value.strip_prefix(quote)?;
    let (inner, _) = inner.split_once(quote)?;
    (!inner.replace("\\$", "").contains('\\')).then_some(inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clients::testing::In;
    use crate::source::FileId;
    use crate::text::testing::text;

    fn shown(held: &str, spelled: &str) -> String {
        let environment = In::default().variable("A", "a").variable("E", "").variable("CI", "$CI_COMMIT_SHA");
        let mut variables = Variables::new(&environment);
        let at = Span::new(FileId(0), 0, 1);
        variables.read(&Text::literal(".env"), File::Found { text: Text::literal(held), at, exact: true });
        variables.fill(&Sealed::default(), &spelled.replace('@', "$")).text.shown()
    }

    #[test]
    fn variables_are_filled_in() {
        for (spelled, expected) in [
            ("r.io/@A:@{A}", "r.io/a:a"),
            ("@@A @", "$A $"),
            ("@{A:-x}@{E:-x}@{E-x}", "ax"),
            ("@{A:+x}@{E:+x}@{A?no}@{A:?no}", "xaa"),
            ("@{E:-@{E:-deep}}", "deep"),
            ("@CI", "$CI_COMMIT_SHA"),
            ("@{NOWHERE}", "$NOWHERE"),
            ("@{NOWHERE:-x}", "${NOWHERE:-x}"),
            ("@{UNSET-x}@UNSET", "x"),
            ("@{A!x}@{", "${A!x}${}"),
        ] {
            assert_eq!(shown("", spelled), expected, "{spelled}");
        }
    }

    #[test]
    fn the_process_wins_over_the_env_file() {
        let held = "# c\nA=no\nexport B='b #x'\nC=\"c-${B}\" \nD = d # note\nF: f\nD2=$A-$D\n";
        assert_eq!(shown(held, "@A @B @C @D @F @D2"), "a b #x c-b #x d f a-d");
    }

    #[test]
    fn a_file_with_unknown_names_may_set_any() {
        let environment = In::default();
        let mut variables = Variables::new(&environment);
        let at = Span::new(FileId(0), 0, 1);
        variables.read(&Text::literal(".env"), File::Found { text: text("A=1\n$X\nB=2"), at, exact: false });
        let sealed = Sealed::default();
        assert_eq!(variables.fill(&sealed, "$B").text.shown(), "2");
        let unknown = variables.fill(&sealed, "$A").text;
        assert!(unknown.as_symbol().is_some_and(|symbol| symbol.setting_name().is_none()));
    }
}

//! Small operations on the texts of arguments: a part of a word, comma lists, `user:password`.

use super::{Arg, Secret};
use crate::source::Span;
use crate::text::{Part, Text};

/// The part of a word after `skipped` known bytes at its start.
pub fn after(arg: &Arg, skipped: usize) -> Arg {
    let prefix = arg.text.literal_prefix().get(..skipped).unwrap_or("");
    let text = arg.text.strip_prefix(prefix).unwrap_or_else(|| arg.text.clone());
    let start = arg.at.start.saturating_add(u32::try_from(prefix.len()).unwrap_or(u32::MAX));
    // a word that came from a variable does not hold its own text
    let at = if arg.from.is_empty() && start < arg.at.end { Span { start, ..arg.at } } else { arg.at };
    Arg { text, at, from: arg.from.clone(), vanishes: false }
}

/// The same word with another text.
pub fn with_text(arg: &Arg, text: Text) -> Arg {
    Arg { text, ..arg.clone() }
}

/// The fields of a comma list; quotes, also behind a backslash, keep commas together and are dropped.
pub fn comma_list(text: &Text) -> Vec<Text> {
    let (mut fields, mut field, mut quoted) = (Vec::new(), Text::empty(), false);
    for part in text.parts() {
        let Part::Lit(literal) = part else {
            field.push_part(part);
            continue;
        };
        let mut start = 0;
        for (at, char) in literal.char_indices() {
            if char != '"' && (char != ',' || quoted) {
                continue;
            }
            field.push_str(literal[start..at].trim_end_matches(if char == '"' { '\\' } else { ',' }));
            start = at + 1;
            if char == '"' {
                quoted = !quoted;
            } else {
                fields.push(std::mem::take(&mut field));
            }
        }
        field.push_str(&literal[start..]);
    }
    fields.push(field);
    fields
}

/// A `key=value` field of a list, by its key.
pub fn field(fields: &[Text], key: &str) -> Option<Text> {
    fields.iter().rev().find_map(|field| {
        let (name, value) = field.split_once('=')?;
        (name.as_literal()?.trim() == key).then_some(value)
    })
}

/// `user:password`.
pub fn pair(arg: &Arg) -> (Secret, Secret) {
    match arg.text.split_once(':') {
        Some((user, password)) => (Secret::Given(user, arg.at), Secret::Given(password, arg.at)),
        None if arg.text.as_literal().is_some() => (Secret::Given(arg.text.clone(), arg.at), Secret::Absent),
        None => (Secret::Unknown, Secret::Unknown),
    }
}

/// A user or password given as an option's value.
pub fn secret(arg: Option<&Arg>) -> Secret {
    arg.map_or(Secret::Absent, |arg| Secret::Given(arg.text.clone(), arg.at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::testing::text;

    #[test]
    fn quotes_keep_commas_together() {
        let shown = |line: &str| comma_list(&text(line)).iter().map(Text::shown).collect::<Vec<_>>();
        assert_eq!(shown("type=image,name=$A:1,push=true"), ["type=image", "name=$A:1", "push=true"]);
        assert_eq!(shown("type=image,\"name=$A:1,$A:2\",push=true"), ["type=image", "name=$A:1,$A:2", "push=true"]);
        assert_eq!(shown("a,\\\"b=c,d\\\""), ["a", "b=c,d"]);
    }
}

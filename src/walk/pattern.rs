//! Whether a text matches a shell pattern or a regular expression, as far as what is known of both tells:
//! "put the registry in front where it is not there" is asked of texts that hold `$CI_REGISTRY_IMAGE`.

use super::atoms::Atom;
use super::condition::equal;
use super::expand::{Asked, ask};
use super::glob;
use super::world::World;
use crate::registry::likeness::{begins, ends, holds, spelled_out};
use crate::text::{Part, Text};

/// Whether a text matches a shell pattern or a regular expression.
pub(super) fn matches(world: &World, text: Text, pattern: Text, regex: bool) -> Asked<bool> {
    if let (Some(known), Some(pattern)) = (text.as_literal(), pattern.as_literal()) {
        if !regex {
            return Ok(glob::matches(known, pattern));
        }
        if let Ok(pattern) = regex::RegexBuilder::new(pattern).size_limit(1 << 20).build() {
            return Ok(pattern.is_match(known));
        }
    }
    let special = pattern.as_literal().is_none_or(glob::is_pattern);
    if !regex && pattern.as_literal() == Some("*") {
        return Ok(true);
    }
    if !regex && !special {
        return equal(world, text, pattern);
    }
    if let Some(known) = Shape::of(&pattern, regex).and_then(|shape| shape.fits(&text)) {
        return Ok(known);
    }
    ask(world, Atom::Matches { text, pattern, regex })
}

/// The most pieces of a pattern that are looked at: each may look through the whole text.
const PIECES: usize = 16;

/// A pattern as the texts between its `*`: the first one begins what matches, the last one ends it.
struct Shape {
    pieces: Vec<Text>,
    /// A `.` of a regular expression stands for any character: what does not match as it is written may.
    loose: bool,
}

impl Shape {
    /// `None`: it has other special characters, or no `*`.
    fn of(pattern: &Text, regex: bool) -> Option<Self> {
        let mut shape = Shape { pieces: vec![Text::empty()], loose: false };
        let count = pattern.parts().len();
        if regex && !pattern.literal_prefix().starts_with('^') {
            shape.pieces.push(Text::empty());
        }
        let mut open = regex;
        for (number, part) in pattern.parts().iter().enumerate() {
            match part {
                Part::Sym(_) => shape.last().push_part(part),
                Part::Lit(text) if regex => {
                    let text = if number == 0 { text.strip_prefix('^').unwrap_or(text) } else { text };
                    let end = text.strip_suffix('$').filter(|_| number + 1 == count);
                    open = end.is_none();
                    shape.add_expression(end.unwrap_or(text))?;
                }
                Part::Lit(text) => shape.add_glob(text)?,
            }
        }
        if open {
            shape.pieces.push(Text::empty());
        }
        (2..=PIECES).contains(&shape.pieces.len()).then_some(shape)
    }

    fn last(&mut self) -> &mut Text {
        let at = self.pieces.len() - 1;
        &mut self.pieces[at]
    }

    fn add_glob(&mut self, text: &str) -> Option<()> {
        let mut chars = text.chars();
        while let Some(char) = chars.next() {
            match char {
                '*' => self.pieces.push(Text::empty()),
                '?' | '[' | '(' | ')' | '|' => return None,
                '\\' => self.last().push_str(chars.next()?.encode_utf8(&mut [0; 4])),
                char => self.last().push_str(char.encode_utf8(&mut [0; 4])),
            }
        }
        Some(())
    }

    fn add_expression(&mut self, text: &str) -> Option<()> {
        let mut chars = text.chars().peekable();
        while let Some(char) = chars.next() {
            match char {
                '.' if chars.next_if_eq(&'*').is_some() => self.pieces.push(Text::empty()),
                '\\' => match chars.next()? {
                    char if char.is_ascii_punctuation() => self.last().push_str(char.encode_utf8(&mut [0; 4])),
                    _ => return None,
                },
                '*' | '+' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '|' | '^' | '$' => return None,
                char => {
                    self.loose |= char == '.';
                    self.last().push_str(char.encode_utf8(&mut [0; 4]));
                }
            }
        }
        Some(())
    }

    /// Whether a text matches; `None`: it cannot be told.
    fn fits(&self, text: &Text) -> Option<bool> {
        let text = spelled_out(text);
        let pieces: Vec<Text> = self.pieces.iter().map(spelled_out).collect();
        let (first, rest) = pieces.split_first()?;
        let (last, middle) = rest.split_last()?;
        let answers = middle.iter().map(|piece| holds(&text, piece));
        let answers: Vec<Option<bool>> = answers.chain([begins(&text, first), ends(&text, last)]).collect();
        // Several pieces may match one after another, or only one over another.
        let alone = pieces.iter().filter(|piece| !piece.is_empty()).count() <= 1;
        match answers {
            answers if answers.contains(&Some(false)) => (!self.loose).then_some(false),
            answers if answers.contains(&None) || !alone => None,
            _ => Some(true),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::predefined;
    use crate::text::Symbol;

    /// A text as a script writes it, with GitLab's variables and settings.
    fn text(written: &str) -> Text {
        let mut made = Text::empty();
        for word in written.split_inclusive(|char: char| !char.is_ascii_alphanumeric() && char != '_' && char != '$') {
            let end = word.trim_end_matches(|char: char| !char.is_ascii_alphanumeric() && char != '_');
            match end.strip_prefix('$') {
                Some(name) => {
                    made.push_symbol(predefined::symbol(name).unwrap_or_else(|| Symbol::setting(name)));
                    made.push_str(&word[end.len()..]);
                }
                None => made.push_str(word),
            }
        }
        made
    }

    fn fits(subject: &str, pattern: &str, regex: bool) -> Option<bool> {
        Shape::of(&text(pattern), regex).and_then(|shape| shape.fits(&text(subject)))
    }

    #[test]
    fn what_both_are_made_of_tells_whether_they_match() {
        let home = "$CI_REGISTRY_IMAGE/app:$CI_COMMIT_SHA";
        for (subject, pattern, known) in [
            (home, "$CI_REGISTRY_IMAGE/*", Some(true)),
            (home, "$CI_REGISTRY/*", Some(true)),
            (home, "*/*", Some(true)),
            (home, "quay.io/*", Some(false)),
            (home, "localhost/*", Some(false)),
            (home, "gitlab.example.com/*", None),
            (home, "*:latest", None),
            (home, "*/app:*", Some(true)),
            (home, "$CI_REGISTRY_IMAGE/other*", Some(false)),
            ("app:$CI_COMMIT_SHA", "$CI_REGISTRY_IMAGE/*", Some(false)),
            ("app:$CI_COMMIT_SHA", "*/*", Some(false)),
            ("$IMAGE", "$CI_REGISTRY/*", None),
            ("$IMAGE", "*", Some(true)),
            ("quay.io/a/$NAME", "$CI_REGISTRY*", Some(false)),
            ("$CI_COMMIT_REF_SLUG", "feature/*", Some(false)),
            ("$CI_COMMIT_REF_NAME", "feature/*", None),
            ("x:latest-$CI_COMMIT_SHA", "*:lat?st*", None),
        ] {
            assert_eq!(fits(subject, pattern, false), known, "{subject} {pattern}");
        }
    }

    #[test]
    fn simple_expressions_are_patterns() {
        let home = "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA";
        for (subject, pattern, known) in [
            (home, "^$CI_REGISTRY/", Some(true)),
            (home, "^quay\\.io/", Some(false)),
            (home, "^quay.io/", None),
            (home, "/", Some(true)),
            ("app:$CI_COMMIT_SHA", "/", Some(false)),
            (home, "^[a-z]+/", None),
            ("a/$NAME", "^a/.*", Some(true)),
            ("$CI_COMMIT_SHA", "/$", Some(false)),
        ] {
            assert_eq!(fits(subject, pattern, true), known, "{subject} {pattern}");
        }
    }
}

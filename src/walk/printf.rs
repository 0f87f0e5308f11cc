//! `printf`, and the escapes that `echo -e` reads as well.

use super::budget::LONGEST;
use super::operate;
use crate::clients::Arg;
use crate::text::{Part, Text};

/// Times that a format is used again while words are left.
const ROUNDS: usize = 64;

/// `printf format words`.
pub(super) fn format(args: &[Arg]) -> Text {
    let ends_options = args.first().is_some_and(|arg| arg.text.as_literal() == Some("--"));
    let Some((format, mut words)) = args[usize::from(ends_options)..].split_first() else { return Text::empty() };
    let Some(format) = format.text.as_literal() else { return format.text.clone() };
    let pieces = pieces(format);
    let mut text = Text::empty();
    for _ in 0..ROUNDS {
        let before = words.len();
        for piece in &pieces {
            match piece {
                Piece::Text(written) => text.push_str(written),
                Piece::Field(field) => {
                    let word = words.split_first().map(|(word, rest)| {
                        words = rest;
                        &word.text
                    });
                    text.push_text(&field.fill(word));
                }
            }
        }
        if words.is_empty() || words.len() == before || text.weight() > LONGEST {
            break;
        }
    }
    text
}

/// A piece of a format.
enum Piece<'a> {
    Text(String),
    Field(Field<'a>),
}

/// `%-5s`
struct Field<'a> {
    /// The whole, as written.
    source: &'a str,
    flags: &'a str,
    width: &'a str,
    precision: Option<&'a str>,
    kind: char,
}

fn pieces(format: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = format;
    while let Some(at) = rest.find('%') {
        pieces.push(Piece::Text(unescaped(&rest[..at])));
        let (piece, after) = field(&rest[at..]);
        pieces.push(piece);
        rest = after;
    }
    pieces.push(Piece::Text(unescaped(rest)));
    pieces
}

/// The field that the text begins with, and what follows.
fn field(text: &str) -> (Piece<'_>, &str) {
    let split = |text: &'_ str, among: fn(char) -> bool| text.find(|char| !among(char)).unwrap_or(text.len());
    let flags = &text[1..];
    let (flags, rest) = flags.split_at(split(flags, |char| "-+ #0'".contains(char)));
    let (width, rest) = rest.split_at(split(rest, |char| char.is_ascii_digit() || char == '*'));
    let (precision, rest) = match rest.strip_prefix('.') {
        Some(rest) => {
            let (digits, rest) = rest.split_at(split(rest, |char| char.is_ascii_digit() || char == '*'));
            (Some(digits), rest)
        }
        None => (None, rest),
    };
    let Some(kind) = rest.chars().next() else { return (Piece::Text(text.to_owned()), "") };
    let rest = &rest[kind.len_utf8()..];
    if kind == '%' {
        return (Piece::Text("%".to_owned()), rest);
    }
    let source = &text[..text.len() - rest.len()];
    (Piece::Field(Field { source, flags, width, precision, kind }), rest)
}

impl Field<'_> {
    /// What a word becomes in its place; without a word it is empty, or nought.
    fn fill(&self, word: Option<&Text>) -> Text {
        let number = matches!(self.kind, 'd' | 'i' | 'u');
        let empty = Text::literal(if number { "0" } else { "" });
        let word = word.unwrap_or(&empty);
        let plain = self.flags.is_empty() && self.width.is_empty() && self.precision.is_none();
        if plain && (self.kind == 's' || number && word.as_literal().is_none()) {
            return word.clone();
        }
        let known = word.as_literal().and_then(|word| match self.kind {
            's' => self.cut(word),
            'b' if !word.contains('\\') => self.cut(word),
            'c' => Some(word.chars().take(1).collect()),
            // leading noughts make it octal
            _ if number && self.precision.is_none() && !word.starts_with('0') => {
                word.parse::<i64>().ok().map(|number| number.to_string())
            }
            _ if number && self.precision.is_none() && word == "0" => Some(word.to_owned()),
            _ => None,
        });
        let padded = known.and_then(|word| self.padded(word, number));
        padded.map_or_else(|| operate::unfollowed(word, self.source), Text::literal)
    }

    fn cut(&self, word: &str) -> Option<String> {
        let most = match self.precision {
            Some("") => 0,
            Some(digits) => digits.parse().ok()?,
            None => usize::MAX,
        };
        Some(word.chars().take(most).collect())
    }

    fn padded(&self, word: String, number: bool) -> Option<String> {
        if self.flags.contains(['+', ' ', '#', '\'']) {
            return None;
        }
        let width = if self.width.is_empty() { 0 } else { self.width.parse::<usize>().ok()? };
        if width > LONGEST {
            return None;
        }
        let missing = width.saturating_sub(word.chars().count());
        let (left, noughts) = (self.flags.contains('-'), self.flags.contains('0'));
        Some(match word.strip_prefix('-') {
            _ if left => word + &" ".repeat(missing),
            Some(digits) if noughts && number => format!("-{}{digits}", "0".repeat(missing)),
            None if noughts && number => "0".repeat(missing) + &word,
            _ => " ".repeat(missing) + &word,
        })
    }
}

/// A text of which the escapes are read, as `echo -e` does.
pub(super) fn escaped(text: &Text) -> Text {
    let mut done = Text::empty();
    for part in text.parts() {
        match part {
            Part::Lit(text) => done.push_str(&unescaped(text)),
            Part::Sym(_) => done.push_part(part),
        }
    }
    done
}

/// `\n`, `\t`, `\033`, `\x1b`; what is no escape stays as it is.
fn unescaped(text: &str) -> String {
    let mut done = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        done.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let (char, length) = escape(after);
        match char {
            Some(char) => done.push(char),
            None => done.push('\\'),
        }
        rest = &after[length..];
    }
    done.push_str(rest);
    done
}

/// The character that an escape stands for, and the bytes it takes behind the backslash.
fn escape(after: &str) -> (Option<char>, usize) {
    let digits =
        |text: &str, radix: u32, most: usize| text.chars().take(most).take_while(|char| char.is_digit(radix)).count();
    let first = after.chars().next().unwrap_or(' ');
    let single = match first {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'a' => '\u{7}',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'v' => '\u{b}',
        'e' => '\u{1b}',
        '\\' => '\\',
        '"' => '"',
        '0'..='7' => {
            let length = digits(after, 8, if first == '0' { 4 } else { 3 });
            let code = u32::from_str_radix(&after[..length], 8).ok().filter(|code| *code < 128);
            return (code.and_then(char::from_u32), length * usize::from(code.is_some()));
        }
        'x' => {
            let length = digits(&after[1..], 16, 2);
            let code = u32::from_str_radix(&after[1..=length], 16).ok().filter(|code| *code < 128);
            return (code.and_then(char::from_u32), (length + 1) * usize::from(code.is_some()));
        }
        _ => return (None, 0),
    };
    (Some(single), 1)
}

#[test]
fn formats() {
    let printed = |words: &[&str]| {
        let at = crate::source::Span::new(crate::source::FileId(0), 0, 0);
        let arg = |word: &&str| Arg { text: Text::literal(*word), at, from: Vec::new(), vanishes: false };
        format(&words.iter().map(arg).collect::<Vec<_>>()).shown()
    };
    assert_eq!(printed(&["%s-%03d\\n", "a", "7"]), "a-007\n");
    assert_eq!(printed(&["%s,", "a", "b"]), "a,b,");
    assert_eq!(printed(&["%-4s|%3s|%.2s|%c", "a", "b", "long", "xyz"]), "a   |  b|lo|x");
    assert_eq!(printed(&["%d%%\\q\\\\\\101\\x42", "5"]), "5%\\q\\AB");
    assert_eq!(printed(&["--", "%s"]), "");
    assert_eq!(printed(&["%05d %d", "-3"]), "-0003 0");
}

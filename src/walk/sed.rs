//! `sed` with substitutions alone, on known texts.

use regex::{Captures, Regex, RegexBuilder};

use super::budget::LONGEST;

/// The most that a substitution may make of a line, in bytes, before it is looked at.
const LARGEST: usize = 4 << 20;

/// `s/pattern/with/flags`.
struct Substitution {
    pattern: Regex,
    with: Vec<Piece>,
    all: bool,
}

/// A piece of what is put in.
enum Piece {
    Text(String),
    Group(usize),
}

/// What `sed` prints; `None`: this use of it is not followed.
pub(super) fn run(text: &str, args: &[&str]) -> Option<String> {
    let extended = args.iter().any(|arg| matches!(*arg, "-E" | "-r" | "--regexp-extended"));
    let mut scripts = Vec::new();
    let mut rest = args.iter().filter(|arg| !matches!(**arg, "-E" | "-r" | "--regexp-extended"));
    while let Some(arg) = rest.next() {
        match *arg {
            "-e" | "--expression" => scripts.push(*rest.next()?),
            option if option.starts_with('-') => return None,
            script if scripts.is_empty() => scripts.push(script),
            _ => return None,
        }
    }
    let mut substitutions = Vec::new();
    for script in scripts {
        read(script, extended, &mut substitutions)?;
    }
    if substitutions.is_empty() || text.len() > 100_000 {
        return None;
    }
    text.split_inclusive('\n').map(|line| edit(line, &substitutions)).collect()
}

/// One line; `None` where it would grow past all bounds.
fn edit(line: &str, substitutions: &[Substitution]) -> Option<String> {
    let (mut text, newline) = match line.strip_suffix('\n') {
        Some(text) => (text.to_owned(), "\n"),
        None => (line.to_owned(), ""),
    };
    for each in substitutions {
        let size = |piece: &Piece| if let Piece::Text(text) = piece { text.len() } else { 1 };
        if (text.len() + 1) * (1 + each.with.iter().map(size).sum::<usize>()) > LARGEST {
            return None;
        }
        let fill = |found: &Captures<'_>| -> String {
            let piece = |piece: &Piece| match piece {
                Piece::Text(text) => text.clone(),
                Piece::Group(number) => found.get(*number).map_or_else(String::new, |found| found.as_str().to_owned()),
            };
            each.with.iter().map(piece).collect()
        };
        text = each.pattern.replacen(&text, usize::from(!each.all), fill).into_owned();
    }
    (text.len() <= LONGEST).then(|| text + newline)
}

/// Reads `s…;s…`.
fn read(script: &str, extended: bool, found: &mut Vec<Substitution>) -> Option<()> {
    let mut rest = script.trim_start();
    while !rest.is_empty() {
        let body = rest.strip_prefix('s')?;
        let mark = body.chars().next().filter(|mark| !mark.is_alphanumeric() && *mark != '\\')?;
        let (pattern, after) = piece(&body[mark.len_utf8()..], mark)?;
        let (with, after) = piece(after, mark)?;
        let flags = after.find([';', '\n', '}']).unwrap_or(after.len());
        let all = match after[..flags].trim() {
            "" => false,
            "g" => true,
            _ => return None,
        };
        found.push(Substitution { pattern: compile(&pattern, extended)?, with: replacement(&with)?, all });
        rest = after[flags..].trim_start_matches([';', ' ', '\n']);
    }
    Some(())
}

/// The text up to the mark, and what follows it; an escaped mark is the mark itself.
fn piece(text: &str, mark: char) -> Option<(String, &str)> {
    let mut taken = String::new();
    let mut chars = text.char_indices();
    let mut bracket = false;
    while let Some((at, char)) = chars.next() {
        match char {
            '\\' => match chars.next()?.1 {
                next if next == mark => taken.push(mark),
                next => taken.extend(['\\', next]),
            },
            char if char == mark && !bracket => return Some((taken, &text[at + char.len_utf8()..])),
            char => {
                bracket = (bracket || char == '[') && char != ']';
                taken.push(char);
            }
        }
    }
    None
}

/// A POSIX pattern as one of this library. Where the two differ in what they match it is not followed.
fn compile(pattern: &str, extended: bool) -> Option<Regex> {
    let mut made = String::new();
    let mut rest = pattern.chars().peekable();
    let mut last = None;
    while let Some(char) = rest.next() {
        let (special, char) = match (char, extended) {
            ('\\', _) => match rest.next()? {
                next @ ('(' | ')' | '{' | '}' | '+' | '?') => (!extended, next),
                next if next.is_alphanumeric() || next == '|' || next == '\n' => return None,
                next => (false, next),
            },
            ('[', _) => {
                made.push_str(&bracket(&mut rest)?);
                last = Some(']');
                continue;
            }
            ('*', false) => (last.is_some(), '*'),
            ('^', false) => (last.is_none(), '^'),
            ('$', false) => (rest.peek().is_none(), '$'),
            ('.', _) => (true, '.'),
            ('|', true) => return None,
            ('(' | ')' | '{' | '}' | '+' | '?' | '*' | '^' | '$', true) => (true, char),
            _ => (false, char),
        };
        // a repetition of a repetition means something else here
        if special && matches!(char, '*' | '+' | '?') && matches!(last, Some('*' | '+' | '?' | '(' | '^' | '}')) {
            return None;
        }
        made.push_str(&if special { char.to_string() } else { regex::escape(&char.to_string()) });
        last = Some(if special { char } else { 'x' });
    }
    RegexBuilder::new(&made).size_limit(1 << 20).build().ok()
}

/// After `[`: the set up to its `]`.
fn bracket(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<String> {
    let mut made = String::from("[");
    if rest.next_if_eq(&'^').is_some() {
        made.push('^');
    }
    let mut first = true;
    loop {
        match rest.next()? {
            ']' if !first => break,
            '[' if matches!(rest.peek(), Some(':')) => {
                made.push('[');
                loop {
                    let char = rest.next()?;
                    made.push(char);
                    if char == ']' {
                        break;
                    }
                }
            }
            char @ ('[' | ']' | '\\' | '&' | '~' | '^') => made.extend(['\\', char]),
            '-' if first || rest.peek() == Some(&']') => made.push_str("\\-"),
            char => made.push(char),
        }
        first = false;
    }
    made.push(']');
    Some(made)
}

fn replacement(with: &str) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut chars = with.chars();
    while let Some(char) = chars.next() {
        pieces.push(match char {
            '&' => Piece::Group(0),
            '\\' => match chars.next()? {
                digit if digit.is_ascii_digit() => Piece::Group(digit as usize - '0' as usize),
                'n' => Piece::Text("\n".to_owned()),
                next if next.is_alphanumeric() => return None,
                next => Piece::Text(next.to_string()),
            },
            char => Piece::Text(char.to_string()),
        });
    }
    Some(pieces)
}

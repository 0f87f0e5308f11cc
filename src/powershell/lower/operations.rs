//! Operators and methods on texts, as the shell's operations on a parameter.

use super::super::ast::{Expression, ExpressionKind, Operator, Step};
use super::{Lowerer, literal, nodes};
use crate::shell::ast::{At, Operation, Word, WordPart};

/// What is done to a value.
pub(super) enum Change {
    /// Nothing that is seen: `.Trim()`.
    Keep,
    /// An operation of the shell.
    By(Operation),
    /// Something that is not followed.
    Clean,
}

impl Lowerer {
    /// A method or property.
    pub(super) fn step(&mut self, step: &Step) -> Change {
        let Step::Member(name, arguments) = step else { return Change::Clean };
        let arguments = arguments.as_deref().unwrap_or_default();
        let number = |at: usize| {
            let text = arguments.get(at).and_then(literal)?;
            text.bytes().all(|byte| byte.is_ascii_digit()).then_some(text)
        };
        match (name.to_ascii_lowercase().as_str(), arguments) {
            ("trim" | "trimend" | "tostring" | "value" | "path", []) => Change::Keep,
            ("length", []) => Change::By(Operation::Length),
            ("tolower" | "tolowerinvariant", []) => Change::By(Operation::Case { upper: false, all: true }),
            ("toupper" | "toupperinvariant", []) => Change::By(Operation::Case { upper: true, all: true }),
            ("substring", [_, ..]) => match (number(0), number(1), arguments.len()) {
                (Some(offset), length, 1) | (Some(offset), length @ Some(_), 2) => {
                    Change::By(Operation::Slice { offset, length })
                }
                _ => Change::Clean,
            },
            ("replace", [from, to]) => {
                let (pattern, with) = (self.word(from), self.word(to));
                Change::By(Operation::Replace { all: true, anchor: None, pattern, with })
            }
            _ => Change::Clean,
        }
    }

    /// `a -op b -op c`
    pub(super) fn binary(
        &mut self,
        first: &Expression,
        rest: &[(Operator, Expression)],
        at: At,
        parts: &mut Vec<WordPart>,
    ) {
        let all = |names: &[&str]| rest.iter().all(|(operator, _)| names.contains(&operator.name.as_str()));
        let is_number = |expression: &Expression| matches!(expression.kind, ExpressionKind::Number(_));
        if all(&["+"]) && !is_number(first) && !rest.iter().any(|(_, value)| is_number(value)) {
            self.pieces(first, parts);
            rest.iter().for_each(|(_, value)| self.pieces(value, parts));
            return;
        }
        if all(&["replace"]) {
            let changes = rest.iter().map(|(_, value)| self.replacement(value)).collect();
            return self.changed(first, changes, at, parts);
        }
        if let [(operator, value)] = rest {
            match operator.name.as_str() {
                "f" if self.formatted(first, value, at, parts) => return,
                "join" if self.joined(first, value, parts) => return,
                "split" => return self.changed(first, vec![Change::Clean], at, parts),
                "??" if matches!(first.kind, ExpressionKind::Variable(_)) => {
                    let word = self.word(value);
                    let operation = Operation::Test { colon: true, kind: '-', word };
                    return self.changed(first, vec![Change::By(operation)], at, parts);
                }
                _ => {}
            }
        }
        parts.push(nodes::unknown(at));
    }

    /// `-replace pattern, text`
    fn replacement(&mut self, value: &Expression) -> Change {
        let (pattern, with) = match &value.kind {
            ExpressionKind::List(items) => match items.as_slice() {
                [pattern, with] => (pattern, Some(with)),
                _ => return Change::Clean,
            },
            _ => (value, None),
        };
        let refers = with.and_then(literal).is_some_and(|text| text.contains('$'));
        let Some((glob, anchor)) = literal(pattern).filter(|_| !refers).and_then(|regex| as_pattern(&regex)) else {
            return Change::Clean;
        };
        let pattern = Word { parts: vec![WordPart::Literal(glob, pattern.at)], at: pattern.at };
        let with = match with {
            Some(with) => self.word(with),
            None => Word { parts: Vec::new(), at: value.at },
        };
        Change::By(Operation::Replace { all: anchor.is_none(), anchor, pattern, with })
    }

    /// `"{0}:{1}" -f $a, $b`; `false`: not followed.
    fn formatted(&mut self, format: &Expression, values: &Expression, at: At, parts: &mut Vec<WordPart>) -> bool {
        let Some(format) = literal(format) else { return false };
        let values = match &values.kind {
            ExpressionKind::List(items) => items.as_slice(),
            _ => std::slice::from_ref(values),
        };
        let mut made = Vec::new();
        let mut rest = format.as_str();
        while let Some(open) = rest.find('{') {
            made.push(WordPart::Quoted(rest[..open].to_owned(), at));
            let Some((inside, after)) = rest[open + 1..].split_once('}') else { return false };
            let Some(value) = inside.parse::<usize>().ok().and_then(|index| values.get(index)) else { return false };
            self.pieces(value, &mut made);
            rest = after;
        }
        made.push(WordPart::Quoted(rest.to_owned(), at));
        parts.append(&mut made);
        true
    }

    /// `a, b -join "-"`; `false`: not followed.
    fn joined(&mut self, items: &Expression, between: &Expression, parts: &mut Vec<WordPart>) -> bool {
        let (Some(items), Some(between)) = (items_of(items), literal(between)) else { return false };
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                parts.push(WordPart::Quoted(between.clone(), item.at));
            }
            self.pieces(item, parts);
        }
        true
    }
}

/// The expressions of a list that is written out.
pub(super) fn items_of(expression: &Expression) -> Option<&[Expression]> {
    match &expression.kind {
        ExpressionKind::List(items) => Some(items),
        ExpressionKind::Paren(inner) => items_of(super::only_expression(inner)?),
        ExpressionKind::Array(block) => match block.as_slice() {
            [only] => {
                let only = super::only_expression(only)?;
                items_of(only).or(Some(std::slice::from_ref(only)))
            }
            _ => None,
        },
        _ => None,
    }
}

/// A regular expression as a shell's pattern, and the end of the text that it is bound to: known where it
/// is plain text, or one set of characters.
fn as_pattern(regex: &str) -> Option<(String, Option<char>)> {
    let (regex, anchor) = match (regex.strip_prefix('^'), regex.strip_suffix('$')) {
        (Some(_), Some(_)) => return None,
        (Some(rest), None) => (rest, Some('#')),
        (None, Some(rest)) => (rest, Some('%')),
        (None, None) => (regex, None),
    };
    let set = regex.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    if let Some(inside) = set {
        let plain = !inside.is_empty() && !inside.contains(['[', ']', '\\']);
        return plain.then(|| (regex.to_owned(), anchor));
    }
    let mut glob = String::new();
    let mut chars = regex.chars();
    while let Some(char) = chars.next() {
        match char {
            '\\' => {
                let escaped = chars.next().filter(char::is_ascii_punctuation)?;
                glob.push('\\');
                glob.push(escaped);
            }
            '.' | '*' | '+' | '?' | '[' | ']' | '(' | ')' | '{' | '}' | '|' | '^' | '$' => return None,
            char => glob.push(char),
        }
    }
    (!glob.is_empty()).then_some((glob, anchor))
}

//! The language of `if:`: its words and its tree. GitLab's grammar: `||` under `&&` under the
//! comparisons under `!`; at most a hundred words, so the tree is never deep.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use regex::{Regex, RegexBuilder};

use crate::source::{Mapped, Span, is_undecoded};

/// GitLab refuses longer expressions ("Too many tokens!").
const MOST_TOKENS: usize = 100;
/// What one pattern may cost, in bytes.
const PATTERN_SIZE: usize = 1 << 18;
/// How many patterns are kept ready.
const MOST_COMPILED: usize = 128;

/// An expression.
#[derive(Debug)]
pub(super) enum Expression {
    Or(Box<Expression>, Box<Expression>),
    And(Box<Expression>, Box<Expression>),
    Not(Box<Expression>),
    Compare(Comparison, Box<Expression>, Box<Expression>),
    Leaf(Leaf, Span),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Differs,
    Matches,
    Misses,
}

/// A value as written.
#[derive(Debug)]
pub(super) enum Leaf {
    Variable(String),
    Text(String),
    Pattern(Pattern),
    Null,
    Bool(bool),
    /// `$[[ … ]]` that was not filled in.
    Input,
}

/// `/…/flags`.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    /// As RE2 reads it, the flags in front.
    pub source: String,
    compiled: OnceCell<Option<Arc<Regex>>>,
}

impl Pattern {
    /// The pattern of a text that is wholly `/…/flags`.
    pub(super) fn of(text: &str) -> Option<Self> {
        let end = text.rfind('/').filter(|end| *end > 0)?;
        let body = text.get(1..end).filter(|body| text.starts_with('/') && !body.is_empty())?;
        let flags = text.get(end + 1..)?;
        if !flags.bytes().all(|flag| b"ismU".contains(&flag)) {
            return None;
        }
        let body = body.replace("\\/", "/");
        let source = if flags.is_empty() { body } else { format!("(?{flags}){body}") };
        Some(Pattern { source, compiled: OnceCell::new() })
    }

    /// Whether it matches somewhere in the text; `None` if it is not a valid pattern, or not wholly decoded.
    pub(super) fn matches(&self, text: &str) -> Option<bool> {
        if self.source.contains(is_undecoded) {
            return None;
        }
        self.compiled.get_or_init(|| compile(&self.source)).as_ref().map(|regex| regex.is_match(text))
    }
}

thread_local! {
    /// Compiling costs more than all else here, and jobs repeat each other's patterns.
    static COMPILED: RefCell<HashMap<String, Option<Arc<Regex>>>> = RefCell::default();
}

/// A pattern ready to use, if it is valid and small enough. Shared: a copy would fill caches of its own.
pub(super) fn compile(source: &str) -> Option<Arc<Regex>> {
    COMPILED.with_borrow_mut(|known| {
        if let Some(regex) = known.get(source) {
            return regex.clone();
        }
        if known.len() >= MOST_COMPILED {
            known.clear();
        }
        let built = RegexBuilder::new(source).size_limit(PATTERN_SIZE).dfa_size_limit(PATTERN_SIZE).build();
        let regex = built.ok().map(Arc::new);
        known.insert(source.to_owned(), regex.clone());
        regex
    })
}

/// Reads an expression; `None` where GitLab says "invalid expression syntax".
pub(super) fn parse(text: &Mapped, at: Span) -> Option<Expression> {
    let tokens = tokens(text.text())?;
    let mut parser = Parser { tokens: tokens.into_iter().peekable(), text, at };
    let tree = parser.or()?;
    parser.tokens.next().is_none().then_some(tree)
}

#[derive(Debug)]
enum Token {
    Open,
    Close,
    Or,
    And,
    Not,
    Compare(Comparison),
    Leaf(Leaf),
}

fn tokens(text: &str) -> Option<Vec<(Token, Range<usize>)>> {
    let (mut at, mut found) = (0, Vec::new());
    loop {
        let rest = text.get(at..)?;
        let trimmed = rest.trim_start();
        at += rest.len() - trimmed.len();
        if trimmed.is_empty() {
            return Some(found);
        }
        let (token, length) = token(trimmed)?;
        found.push((token, at..at + length));
        at += length;
        if found.len() >= MOST_TOKENS {
            return None;
        }
    }
}

/// The sign at the start of a text; the longer ones first.
fn sign(text: &str) -> Option<(Token, usize)> {
    let double = match text.get(..2) {
        Some("==") => Some(Token::Compare(Comparison::Equal)),
        Some("=~") => Some(Token::Compare(Comparison::Matches)),
        Some("!=") => Some(Token::Compare(Comparison::Differs)),
        Some("!~") => Some(Token::Compare(Comparison::Misses)),
        Some("&&") => Some(Token::And),
        Some("||") => Some(Token::Or),
        _ => None,
    };
    let single = match text.as_bytes().first() {
        Some(b'(') => Some(Token::Open),
        Some(b')') => Some(Token::Close),
        Some(b'!') => Some(Token::Not),
        _ => None,
    };
    double.map(|token| (token, 2)).or_else(|| single.map(|token| (token, 1)))
}

fn token(text: &str) -> Option<(Token, usize)> {
    if let Some(found) = sign(text) {
        return Some(found);
    }
    let (leaf, length) = match text.as_bytes().first()? {
        b'$' if text.starts_with("$[[") => (Leaf::Input, text.find("]]")? + 2),
        b'$' => {
            let name = word(text.get(1..)?);
            (Leaf::Variable((!name.is_empty()).then(|| name.to_owned())?), name.len() + 1)
        }
        quote @ (b'"' | b'\'') => {
            let inner = text.get(1..)?;
            let end = inner.find(char::from(*quote))?;
            (Leaf::Text(inner.get(..end)?.to_owned()), end + 2)
        }
        b'/' => {
            let length = pattern_length(text)?;
            (Leaf::Pattern(Pattern::of(text.get(..length)?)?), length)
        }
        _ => match word(text) {
            "null" => (Leaf::Null, 4),
            "true" => (Leaf::Bool(true), 4),
            "false" => (Leaf::Bool(false), 5),
            _ => return None,
        },
    };
    Some((Token::Leaf(leaf), length))
}

fn word(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
    text.get(..end).unwrap_or("")
}

/// The length of a pattern with its flags: it ends at the first slash that has no backslash before it.
fn pattern_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let end = (2..bytes.len()).find(|at| bytes[*at] == b'/' && bytes[at - 1] != b'\\')?;
    let flags = bytes[end + 1..].iter().take_while(|byte| b"ismU".contains(byte)).count();
    Some(end + 1 + flags)
}

struct Parser<'a> {
    tokens: std::iter::Peekable<std::vec::IntoIter<(Token, Range<usize>)>>,
    text: &'a Mapped,
    at: Span,
}

impl Parser<'_> {
    fn or(&mut self) -> Option<Expression> {
        let mut left = self.and()?;
        while self.tokens.next_if(|(token, _)| matches!(token, Token::Or)).is_some() {
            left = Expression::Or(Box::new(left), Box::new(self.and()?));
        }
        Some(left)
    }

    fn and(&mut self) -> Option<Expression> {
        let mut left = self.comparison()?;
        while self.tokens.next_if(|(token, _)| matches!(token, Token::And)).is_some() {
            left = Expression::And(Box::new(left), Box::new(self.comparison()?));
        }
        Some(left)
    }

    fn comparison(&mut self) -> Option<Expression> {
        let mut left = self.single()?;
        while let Some((Token::Compare(sign), _)) = self.tokens.next_if(|(token, _)| matches!(token, Token::Compare(_)))
        {
            left = Expression::Compare(sign, Box::new(left), Box::new(self.single()?));
        }
        Some(left)
    }

    fn single(&mut self) -> Option<Expression> {
        let (token, range) = self.tokens.next()?;
        match token {
            Token::Not => Some(Expression::Not(Box::new(self.single()?))),
            Token::Open => {
                let inner = self.or()?;
                matches!(self.tokens.next()?.0, Token::Close).then_some(inner)
            }
            Token::Leaf(leaf) => Some(Expression::Leaf(leaf, self.text.span(range).unwrap_or(self.at))),
            _ => None,
        }
    }
}

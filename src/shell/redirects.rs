//! Redirections.

use super::ast::{Redirect, RedirectKind, Word, WordPart};
use super::cursor::{Parse, Parser, is_name, is_name_start};
use super::words::Until;

const OPERATORS: [&[u8]; 12] = [b"<<<", b"<<-", b"<<", b"<&", b"<>", b"<", b"&>>", b"&>", b">>", b">&", b">|", b">"];

impl Parser<'_> {
    /// The redirection that stands here, if one does.
    pub fn redirect(&mut self) -> Parse<Option<Redirect>> {
        let start = self.at;
        let Some(prefix) = self.redirect_prefix() else { return Ok(None) };
        let fd = self.text[start..start + prefix].parse().ok();
        self.at += prefix;
        let Some(operator) = OPERATORS.into_iter().find(|operator| self.looking_at(operator)) else {
            self.at = start;
            return Ok(None);
        };
        self.at += operator.len();
        self.blanks();
        if matches!(operator, b"<<" | b"<<-") {
            return self.here_document(start, fd, operator == b"<<-").map(Some);
        }
        let word = self.word(Until::Break)?;
        if word.at.start == word.at.end {
            return Err(self.trouble(start, self.at, "this redirection has no target"));
        }
        let end = word.at.end;
        let kind = kind(operator, fd, word);
        let mut at = self.span(start);
        at.end = end;
        Ok(Some(Redirect { fd, kind, at }))
    }

    /// The length of the number or `{name}` in front of an operator; `None` if no redirection follows.
    fn redirect_prefix(&self) -> Option<usize> {
        let rest = &self.bytes[self.at..self.end];
        let length = match rest.first()? {
            b'<' | b'>' | b'&' => 0,
            b'0'..=b'9' => rest.iter().take_while(|byte| byte.is_ascii_digit()).count(),
            b'{' if rest.get(1).is_some_and(|byte| is_name_start(*byte)) => {
                let name = rest[1..].iter().take_while(|byte| is_name(**byte)).count();
                if rest.get(name + 1) != Some(&b'}') {
                    return None;
                }
                name + 2
            }
            _ => return None,
        };
        match (rest.get(length)?, rest.get(length + 1)) {
            (b'<' | b'>', Some(b'(')) => None,
            (b'<' | b'>', _) => Some(length),
            (b'&', Some(b'>')) if length == 0 => Some(0),
            _ => None,
        }
    }
}

fn kind(operator: &[u8], fd: Option<u32>, word: Word) -> RedirectKind {
    match operator {
        b"<<<" => RedirectKind::HereString(word),
        b"<&" => RedirectKind::DuplicateIn(word),
        b"<>" => RedirectKind::ReadWrite(word),
        b"<" => RedirectKind::Read(word),
        b"&>>" => RedirectKind::AppendBoth(word),
        b"&>" => RedirectKind::WriteBoth(word),
        b">>" => RedirectKind::Append(word),
        b">&" if fd.is_some() || is_descriptor(&word) => RedirectKind::DuplicateOut(word),
        b">&" => RedirectKind::WriteBoth(word),
        _ => RedirectKind::Write(word),
    }
}

/// A number, `-`, or an expansion that may be one.
fn is_descriptor(word: &Word) -> bool {
    match word.parts.as_slice() {
        [WordPart::Literal(text, _)] => text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-'),
        [first, ..] => matches!(first, WordPart::Parameter(_)),
        [] => false,
    }
}

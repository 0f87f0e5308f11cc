//! A tolerant reader of JSON in which values may be unknown: hand-written credential files.

use crate::text::{Part, Symbol, Text};

/// How deep values may lie in one another.
const DEPTH: usize = 32;

/// A value.
#[derive(Debug)]
pub enum Json {
    /// `{…}`, in order.
    Object(Vec<(Text, Json)>),
    /// A text, perhaps with unknown parts.
    Text(Text),
    /// Something unknown where a value stands, or a list, number or word.
    Other,
}

impl Json {
    /// The value of a key, the last one.
    pub fn get(&self, key: &str) -> Option<&Json> {
        self.entries().iter().rev().find(|(name, _)| name.as_literal() == Some(key)).map(|(_, value)| value)
    }

    /// The entries; none where it is no object.
    pub fn entries(&self) -> &[(Text, Json)] {
        if let Json::Object(entries) = self { entries } else { &[] }
    }

    /// The text, if it is one.
    pub fn text(&self) -> Option<&Text> {
        if let Json::Text(text) = self { Some(text) } else { None }
    }
}

/// Reads a text that is one JSON value; `None` where it is none.
pub fn read(text: &Text) -> Option<Json> {
    let mut reader = Reader { parts: text.parts(), part: 0, offset: 0 };
    let value = reader.value(0)?;
    reader.space();
    reader.peek().is_none().then_some(value)
}

enum Token<'a> {
    Char(char),
    Symbol(&'a Symbol),
}

struct Reader<'a> {
    parts: &'a [Part],
    part: usize,
    offset: usize,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<Token<'a>> {
        match self.parts.get(self.part)? {
            Part::Sym(symbol) => Some(Token::Symbol(symbol)),
            Part::Lit(text) => text[self.offset..].chars().next().map(Token::Char),
        }
    }

    fn next(&mut self) -> Option<Token<'a>> {
        let token = self.peek()?;
        if let (Token::Char(char), Some(Part::Lit(text))) = (&token, self.parts.get(self.part)) {
            self.offset += char.len_utf8();
            if self.offset < text.len() {
                return Some(token);
            }
        }
        (self.part, self.offset) = (self.part + 1, 0);
        Some(token)
    }

    fn space(&mut self) {
        while let Some(Token::Char(char)) = self.peek()
            && char.is_whitespace()
        {
            self.next();
        }
    }

    /// Takes this character, after white space, if it is next.
    fn take(&mut self, wanted: char) -> bool {
        self.space();
        let here = matches!(self.peek(), Some(Token::Char(char)) if char == wanted);
        if here {
            self.next();
        }
        here
    }

    fn value(&mut self, depth: usize) -> Option<Json> {
        self.space();
        if depth > DEPTH {
            return None;
        }
        match self.next()? {
            Token::Char('{') => self.object(depth),
            Token::Char('[') => self.list(depth),
            Token::Char('"') => self.string().map(Json::Text),
            Token::Char(char) if char.is_ascii_alphanumeric() || char == '-' => {
                while matches!(self.peek(), Some(Token::Char(char)) if char.is_ascii_alphanumeric() || "+-.".contains(char))
                {
                    self.next();
                }
                Some(Json::Other)
            }
            Token::Char(_) => None,
            Token::Symbol(_) => Some(Json::Other),
        }
    }

    fn object(&mut self, depth: usize) -> Option<Json> {
        let mut entries = Vec::new();
        while !self.take('}') {
            // a comma in front of the closing brace is an error to docker, not to a reader
            if !self.take('"') {
                return None;
            }
            let key = self.string()?;
            if !self.take(':') {
                return None;
            }
            entries.push((key, self.value(depth + 1)?));
            if !self.take(',') {
                return self.take('}').then_some(Json::Object(entries));
            }
        }
        Some(Json::Object(entries))
    }

    fn list(&mut self, depth: usize) -> Option<Json> {
        while !self.take(']') {
            self.value(depth + 1)?;
            if !self.take(',') {
                return self.take(']').then_some(Json::Other);
            }
        }
        Some(Json::Other)
    }

    fn string(&mut self) -> Option<Text> {
        let mut made = Text::empty();
        loop {
            match self.next()? {
                Token::Char('"') => return Some(made),
                Token::Char('\\') => {
                    if let Some(Token::Char(char)) = self.next() {
                        made.push_str(char.encode_utf8(&mut [0; 4]));
                    }
                }
                Token::Char(char) => made.push_str(char.encode_utf8(&mut [0; 4])),
                Token::Symbol(symbol) => made.push_symbol(symbol.clone()),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::testing::text;

    #[test]
    fn objects_with_unknown_parts_are_read() {
        let json = read(&text("{ \"a\": {\"$X\": {\"b\":\"c$Y\"}}, \"d\": [1, true], \"e\": $Z }\n")).unwrap();
        let (key, value) = &json.get("a").unwrap().entries()[0];
        assert_eq!(key.shown(), "$X");
        assert_eq!(value.get("b").and_then(Json::text).unwrap().shown(), "c$Y");
    }

    #[test]
    fn what_is_no_json_is_refused() {
        for bad in ["", "$X x", "{", "{\"a\"}", "{\"a\":1", "\"", "[", "[1 2]", "{a:1}", "\"\\"] {
            assert!(read(&text(bad)).is_none(), "{bad}");
        }
        assert!(read(&text(&"[".repeat(100_000))).is_none());
        assert!(read(&text(&"{\"a\":".repeat(100_000))).is_none());
    }
}

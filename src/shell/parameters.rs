//! `${…}` in all its forms. What bash would only refuse when it runs is [`Operation::Other`] here.

use super::ast::{Operation, Parameter, Word};
use super::cursor::{Parse, Parser, is_name_start};
use super::words::Until;

impl Parser<'_> {
    /// At `${`; `quoted` when inside double quotes.
    pub fn braced(&mut self, quoted: bool) -> Parse<Parameter> {
        let start = self.at;
        self.at += 2;
        let (mut parameter, length) = self.subject(start);
        let operation = self.deeper(start, |parser| parser.operation(quoted))?;
        if self.peek() != Some(b'}') {
            return Err(self.trouble(start, start + 2, "this expansion is not closed"));
        }
        self.at += 1;
        parameter.operation = match operation {
            Operation::None if length => Operation::Length,
            Operation::None if parameter.indirect && lists(parameter.index.as_deref()) => Operation::Other,
            _ if parameter.name.is_empty() => Operation::Other,
            operation => operation,
        };
        parameter.at = self.span(start);
        Ok(parameter)
    }

    /// The name with what stands before it and its index; and whether its length is asked.
    fn subject(&mut self, start: usize) -> (Parameter, bool) {
        let begin = self.at;
        let mut parameter = Parameter {
            name: String::new(),
            index: None,
            indirect: false,
            operation: Operation::None,
            at: self.span(start),
        };
        if self.peek() == Some(b'#') {
            self.at += 1;
            self.named(&mut parameter);
            if !parameter.name.is_empty() && self.peek() == Some(b'}') {
                return (parameter, true);
            }
            // `${#}`, `${#:-x}`: the parameter `#`.
            self.at = begin;
        }
        let after = self.byte(1);
        if self.peek() == Some(b'!') && after.is_some_and(|byte| is_name_start(byte) || byte.is_ascii_digit()) {
            parameter.indirect = true;
            self.at += 1;
        }
        self.named(&mut parameter);
        (parameter, false)
    }

    fn named(&mut self, parameter: &mut Parameter) {
        parameter.name = self.parameter_name(true);
        parameter.index = None;
        if self.peek() == Some(b'[') && !parameter.name.is_empty() {
            let from = self.at + 1;
            if let Some(end) = self.bracket_end(from) {
                parameter.index = Some(self.text[from..end - 1].to_owned());
                self.at = end;
            }
        }
    }

    fn operation(&mut self, quoted: bool) -> Parse<Operation> {
        let Some(first) = self.peek() else { return Ok(Operation::None) };
        let second = self.byte(1);
        match (first, second) {
            (b'}', _) => Ok(Operation::None),
            (b':', Some(kind @ (b'-' | b'=' | b'?' | b'+'))) => {
                self.at += 2;
                self.test(true, kind, quoted)
            }
            (b':', _) => self.slice(quoted),
            (b'-' | b'=' | b'?' | b'+', _) => {
                self.at += 1;
                self.test(false, first, quoted)
            }
            (b'#' | b'%', _) => {
                let longest = second == Some(first);
                self.at += 1 + usize::from(longest);
                let pattern = self.operand(false)?;
                Ok(Operation::Trim { suffix: first == b'%', longest, pattern })
            }
            (b'/', _) => self.replace(),
            (b'^' | b',', _) => {
                let all = second == Some(first);
                self.at += 1 + usize::from(all);
                // A pattern for which characters to change is so rare that it is not kept.
                self.operand(false)?;
                Ok(Operation::Case { upper: first == b'^', all })
            }
            _ => {
                self.operand(quoted)?;
                Ok(Operation::Other)
            }
        }
    }

    fn operand(&mut self, quoted: bool) -> Parse<Word> {
        self.word(Until::Operand { slash: false, quoted })
    }

    fn test(&mut self, colon: bool, kind: u8, quoted: bool) -> Parse<Operation> {
        let word = self.operand(quoted)?;
        Ok(Operation::Test { colon, kind: char::from(kind), word })
    }

    fn replace(&mut self) -> Parse<Operation> {
        let all = self.byte(1) == Some(b'/');
        self.at += 1 + usize::from(all);
        let anchor = match self.peek() {
            Some(byte @ (b'#' | b'%')) if !all => {
                self.at += 1;
                Some(char::from(byte))
            }
            _ => None,
        };
        let pattern = self.word(Until::Operand { slash: true, quoted: false })?;
        if self.peek() == Some(b'/') {
            self.at += 1;
        }
        let with = self.operand(false)?;
        Ok(Operation::Replace { all, anchor, pattern, with })
    }

    fn slice(&mut self, quoted: bool) -> Parse<Operation> {
        self.at += 1;
        let start = self.at;
        self.operand(quoted)?;
        let text = &self.text[start..self.at];
        let colon = top_colon(text);
        let offset = text[..colon.unwrap_or(text.len())].to_owned();
        Ok(Operation::Slice { offset, length: colon.map(|colon| text[colon + 1..].to_owned()) })
    }
}

fn lists(index: Option<&str>) -> bool {
    matches!(index, Some("@" | "*"))
}

/// The first colon outside brackets.
fn top_colon(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    text.bytes().position(|byte| {
        match byte {
            b'{' | b'(' | b'[' => depth += 1,
            b'}' | b')' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        byte == b':' && depth == 0
    })
}

//! Compound commands: which one begins here; groups, `if`, `case`. What is not closed keeps its body.

use super::ast::{Arm, ArmEnd, CommandKind, List};
use super::cursor::{ARM, BRACE, Closers, ELIF, ELSE, ESAC, FI, PAREN, Parse, Parser, THEN, is_break};
use super::words::Until;

impl Parser<'_> {
    /// The compound command that begins here, if one does.
    pub fn compound(&mut self) -> Parse<Option<CommandKind>> {
        let start = self.at;
        if self.peek() == Some(b'(') {
            return self.parenthesised().map(Some);
        }
        if !matches!(self.peek(), Some(b'{' | b'[' | b'a'..=b'z')) {
            return Ok(None);
        }
        let word = self.bare_word();
        let parse = match word {
            b"{" => Self::brace,
            b"[[" => Self::test_command,
            b"if" => Self::if_command,
            b"for" => Self::for_command,
            b"select" => Self::for_command,
            b"while" | b"until" => Self::while_command,
            b"case" => Self::case_command,
            b"function" => return self.function_word(),
            b"coproc" => return self.coproc(),
            _ => return Ok(None),
        };
        self.at += word.len();
        self.deeper(start, |parser| parse(parser, start)).map(Some)
    }

    fn parenthesised(&mut self) -> Parse<CommandKind> {
        let start = self.at;
        if self.byte(1) == Some(b'(')
            && let Some(end) = self.arithmetic_end(start)
        {
            self.at = end;
            return Ok(CommandKind::Arithmetic);
        }
        self.at += 1;
        let list = self.deeper(start, |parser| parser.filled_list(PAREN))?;
        self.close(start, PAREN, b")", "this subshell is not closed");
        Ok(CommandKind::Subshell(list))
    }

    /// Takes what closes the command that began at `start`; if it is not here, says so once.
    pub fn close(&mut self, start: usize, closer: Closers, text: &[u8], message: &str) -> bool {
        let closed = self.closer().is_some_and(|(found, _)| found == closer);
        if closed {
            self.at += text.len();
        } else {
            let opener = self.bytes[start..self.at].iter().position(|byte| is_break(*byte)).unwrap_or(1);
            self.fault(start, start + opener.max(1), message);
        }
        closed
    }

    fn brace(&mut self, start: usize) -> Parse<CommandKind> {
        let list = self.filled_list(BRACE)?;
        self.close(start, BRACE, b"}", "this `{` is not closed");
        Ok(CommandKind::Brace(list))
    }

    fn function_word(&mut self) -> Parse<Option<CommandKind>> {
        let start = self.at;
        self.at += b"function".len();
        self.blanks();
        let name = self.word(Until::Break)?;
        if name.at.start == name.at.end {
            return Err(self.unexpected());
        }
        self.blanks();
        self.take_parentheses();
        let name = self.text[name.at.range()].to_owned();
        self.deeper(start, |parser| parser.function(start, name)).map(|command| Some(command.kind))
    }

    /// `coproc` counts as nothing: the command after it is what runs.
    fn coproc(&mut self) -> Parse<Option<CommandKind>> {
        self.at += b"coproc".len();
        self.blanks();
        let start = self.at;
        if let Some(kind) = self.deeper(start, Self::compound)? {
            return Ok(Some(kind));
        }
        self.skip_while(super::cursor::is_name);
        self.blanks();
        if self.at > start
            && (self.peek() == Some(b'(') || self.bare_word() == b"{")
            && let Some(kind) = self.deeper(start, Self::compound)?
        {
            return Ok(Some(kind));
        }
        self.at = start;
        Ok(None)
    }

    fn if_command(&mut self, start: usize) -> Parse<CommandKind> {
        let mut branches = Vec::new();
        let mut otherwise = None;
        loop {
            let condition = self.filled_list(THEN | ELIF | ELSE | FI)?;
            if !self.close(start, THEN, b"then", "this `if` has no `then`") {
                branches.push((condition, List::default()));
                self.take_word(b"fi");
                break;
            }
            let body = self.filled_list(ELIF | ELSE | FI)?;
            branches.push((condition, body));
            if self.take_word(b"elif") {
                continue;
            }
            if self.take_word(b"else") {
                otherwise = Some(self.filled_list(FI)?);
            }
            self.close(start, FI, b"fi", "this `if` has no `fi`");
            break;
        }
        Ok(CommandKind::If { branches, otherwise })
    }

    fn case_command(&mut self, start: usize) -> Parse<CommandKind> {
        self.blanks();
        if !self.at_word() {
            return Err(self.unexpected());
        }
        let word = self.word(Until::Break)?;
        self.newlines();
        if !self.take_word(b"in") {
            return Err(self.trouble(start, start + 4, "this `case` has no `in`"));
        }
        let mut arms = Vec::new();
        loop {
            self.newlines();
            if self.at >= self.end || self.closers & ESAC == 0 && self.closer().is_some_and(|found| found.0 == ESAC) {
                self.close(start, ESAC, b"esac", "this `case` has no `esac`");
                break;
            }
            if self.take_word(b"esac") {
                break;
            }
            let arm = self.arm()?;
            arms.push(arm);
        }
        Ok(CommandKind::Case { word, arms })
    }

    fn arm(&mut self) -> Parse<Arm> {
        if self.peek() == Some(b'(') {
            self.at += 1;
            self.blanks();
        }
        let mut patterns = Vec::new();
        loop {
            self.blanks();
            if !self.at_word() {
                return Err(self.unexpected());
            }
            patterns.push(self.word(Until::Break)?);
            self.blanks();
            match self.peek() {
                Some(b'|') => self.at += 1,
                Some(b')') => break,
                _ => return Err(self.unexpected()),
            }
        }
        self.at += 1;
        let body = self.list(ARM | ESAC)?;
        let end = match self.closer() {
            Some((ARM, length)) => {
                let end = match (length, self.byte(1)) {
                    (3, _) => ArmEnd::TestNext,
                    (_, Some(b'&')) => ArmEnd::FallThrough,
                    _ => ArmEnd::Break,
                };
                self.at += length;
                end
            }
            _ => ArmEnd::Break,
        };
        Ok(Arm { patterns, body, end })
    }
}

//! Statements: assignments, conditions, loops, `switch`, `try`, and what changes the flow.

use super::ast::{Block, Chain, CommandKind, Expression, ExpressionKind, Statement, StatementKind};
use super::cursor::{Parse, Parser};

impl Parser<'_> {
    /// One statement.
    pub(super) fn statement(&mut self) -> Parse<Statement> {
        let start = self.at;
        self.label();
        self.attributes()?;
        let keyword = self.keyword();
        let kind = match keyword.as_str() {
            "if" => self.if_statement()?,
            "foreach" if !self.is_argument(7) => self.foreach()?,
            "while" => self.while_statement()?,
            "for" => self.for_statement()?,
            "do" => self.do_statement()?,
            "switch" => self.switch()?,
            "try" => self.try_statement()?,
            "function" | "filter" | "workflow" => self.function(keyword.len())?,
            "exit" | "return" | "break" | "continue" | "throw" => self.flow(keyword)?,
            "begin" | "process" | "end" | "dynamicparam" | "clean" if self.opens_block(keyword.len()) => {
                self.at += keyword.len();
                StatementKind::Block(self.braces()?)
            }
            "param" => {
                self.at += 5;
                self.newlines();
                StatementKind::Parameters(self.parameters()?)
            }
            "class" | "enum" | "trap" | "data" | "using" | "configuration" => self.skipped(&keyword)?,
            _ => return self.deeper(start, |parser| parser.assignment_or_chain(start)),
        };
        Ok(Statement { kind, at: self.span(start) })
    }

    /// `:name` in front of a loop.
    fn label(&mut self) {
        if self.peek() == Some(b':') && self.byte(1).is_some_and(|byte| byte.is_ascii_alphabetic()) {
            self.at += 1;
            while self.peek().is_some_and(super::expressions::is_name) {
                self.at += 1;
            }
            self.newlines();
        }
    }

    /// `[CmdletBinding()]` in front of `param`.
    fn attributes(&mut self) -> Parse<()> {
        let before = self.at;
        while self.peek() == Some(b'[') {
            self.skip_brackets()?;
            self.newlines();
        }
        if self.keyword() != "param" {
            self.at = before;
        }
        Ok(())
    }

    /// Whether a word is a command with arguments rather than a keyword: `foreach {`.
    fn is_argument(&mut self, length: usize) -> bool {
        self.opens_block(length)
    }

    fn opens_block(&mut self, length: usize) -> bool {
        let before = self.at;
        self.at += length;
        self.newlines();
        let opens = self.peek() == Some(b'{');
        self.at = before;
        opens
    }

    /// `{ … }`
    pub(super) fn braces(&mut self) -> Parse<Block> {
        self.newlines();
        let open = self.at;
        if !self.take("{") {
            return self.trouble("expected `{`");
        }
        self.block(b'}', open)
    }

    /// `( statement )`
    pub(super) fn paren(&mut self) -> Parse<Statement> {
        let open = self.at;
        if !self.take("(") {
            return self.trouble("expected `(`");
        }
        self.newlines();
        let statement = self.deeper(open, |parser| parser.bracketed(Self::statement))?;
        self.newlines();
        if !self.take(")") {
            return Err(self.unclosed(open));
        }
        Ok(statement)
    }

    fn condition(&mut self, keyword: usize) -> Parse<Statement> {
        self.at += keyword;
        self.newlines();
        self.paren()
    }

    /// Takes a word that goes on with a statement on this or a later line.
    fn goes_on(&mut self, word: &str) -> bool {
        let before = self.at;
        self.newlines();
        if self.keyword() == word {
            self.at += word.len();
            return true;
        }
        self.at = before;
        false
    }

    fn if_statement(&mut self) -> Parse<StatementKind> {
        let mut branches = vec![(self.condition(2)?, self.braces()?)];
        while self.goes_on("elseif") {
            branches.push((self.condition(0)?, self.braces()?));
        }
        let otherwise = if self.goes_on("else") { Some(self.braces()?) } else { None };
        Ok(StatementKind::If { branches, otherwise })
    }

    fn foreach(&mut self) -> Parse<StatementKind> {
        self.at += 7;
        self.newlines();
        while self.peek() == Some(b'-') {
            self.at += 1 + self.keyword().len().max(1);
            self.newlines();
        }
        let open = self.at;
        if !self.take("(") {
            return self.trouble("expected `(`");
        }
        self.newlines();
        let ExpressionKind::Variable(variable) = self.dollar()?.kind else {
            return self.trouble("expected a variable");
        };
        self.newlines();
        if self.keyword() != "in" {
            return self.trouble("expected `in`");
        }
        self.at += 2;
        self.newlines();
        let items = Box::new(self.deeper(open, Self::statement)?);
        self.newlines();
        if !self.take(")") {
            return Err(self.unclosed(open));
        }
        Ok(StatementKind::ForEach { variable, items, body: self.braces()? })
    }

    fn while_statement(&mut self) -> Parse<StatementKind> {
        let condition = Some(Box::new(self.condition(5)?));
        Ok(StatementKind::While { first: None, condition, body: self.braces()? })
    }

    fn for_statement(&mut self) -> Parse<StatementKind> {
        self.at += 3;
        self.newlines();
        let open = self.at;
        if !self.take("(") {
            return self.trouble("expected `(`");
        }
        let mut parts: [Option<Statement>; 3] = [None, None, None];
        for (index, part) in parts.iter_mut().enumerate() {
            self.newlines();
            if !matches!(self.peek(), Some(b';' | b')')) {
                *part = Some(self.deeper(open, Self::statement)?);
            }
            self.newlines();
            if index < 2 && self.peek() == Some(b';') {
                self.at += 1;
            }
        }
        self.newlines();
        if !self.take(")") {
            return Err(self.unclosed(open));
        }
        let mut body = self.braces()?;
        let [first, condition, step] = parts.map(|part| part.map(Box::new));
        body.extend(step.map(|step| *step));
        Ok(StatementKind::While { first, condition, body })
    }

    fn do_statement(&mut self) -> Parse<StatementKind> {
        self.at += 2;
        let body = self.braces()?;
        if self.goes_on("while") || self.goes_on("until") {
            self.condition(0)?;
        }
        Ok(StatementKind::Do(body))
    }

    fn switch(&mut self) -> Parse<StatementKind> {
        self.at += 6;
        self.newlines();
        let mut option = String::new();
        while self.peek() == Some(b'-') {
            self.at += 1;
            let word = self.keyword();
            self.at += word.len();
            option = if matches!(word.as_str(), "regex" | "wildcard" | "file") { word } else { option };
            self.newlines();
        }
        let subject = Box::new(self.paren()?);
        self.newlines();
        let open = self.at;
        if !self.take("{") {
            return self.trouble("expected `{`");
        }
        let mut arms = Vec::new();
        loop {
            self.newlines();
            match self.peek() {
                None => return Err(self.unclosed(open)),
                Some(b'}') => break,
                Some(b';') => self.at += 1,
                _ => arms.push(self.deeper(open, Self::arm)?),
            }
        }
        self.at += 1;
        Ok(StatementKind::Switch { subject, option, arms })
    }

    fn arm(&mut self) -> Parse<(Option<Expression>, Block)> {
        if self.keyword() == "default" {
            self.at += 7;
            return Ok((None, self.braces()?));
        }
        let start = self.at;
        let quoted = matches!(self.peek(), Some(b'$' | b'"' | b'\'' | b'(' | b'{' | b'@' | b'0'..=b'9'));
        let pattern = if quoted { self.postfix()? } else { self.bare(start, None)? };
        if self.at == start {
            return self.trouble("expected a pattern");
        }
        Ok((Some(pattern), self.braces()?))
    }

    fn try_statement(&mut self) -> Parse<StatementKind> {
        self.at += 3;
        let body = self.braces()?;
        let mut catches = Vec::new();
        while self.goes_on("catch") {
            self.newlines();
            while matches!(self.peek(), Some(b'[' | b',')) {
                if self.peek() == Some(b'[') {
                    self.skip_brackets()?
                } else {
                    self.at += 1
                }
                self.newlines();
            }
            catches.push(self.braces()?);
        }
        let finally = if self.goes_on("finally") { Some(self.braces()?) } else { None };
        Ok(StatementKind::Try { body, catches, finally })
    }

    fn flow(&mut self, keyword: String) -> Parse<StatementKind> {
        let start = self.at;
        self.at += keyword.len();
        self.blanks();
        let value = match self.peek() {
            _ if self.ends_statement() => None,
            _ if matches!(keyword.as_str(), "break" | "continue") => {
                self.bare(start, None)?;
                None
            }
            _ => Some(Box::new(self.deeper(start, Self::statement)?)),
        };
        Ok(StatementKind::Flow(keyword, value))
    }

    /// What declares something and runs nothing, with its brackets; `trap` is taken for it too.
    fn skipped(&mut self, keyword: &str) -> Parse<StatementKind> {
        self.at += keyword.len();
        while !matches!(self.peek(), None | Some(b'\n' | b';' | b'{')) {
            self.at += 1;
        }
        if keyword != "using" && self.opens_block(0) {
            self.newlines();
            self.skip_brackets()?;
        }
        Ok(StatementKind::Nothing)
    }

    fn assignment_or_chain(&mut self, start: usize) -> Parse<Statement> {
        let chain = self.chain()?;
        let target = match chain {
            Chain { ref first, ref rest, .. } if first.len() == 1 && rest.is_empty() => match &first[0].kind {
                CommandKind::Expression(target) => target.clone(),
                CommandKind::Call { .. } => return Ok(self.whole(start, chain)),
            },
            chain => return Ok(self.whole(start, chain)),
        };
        let operators = ["=", "+=", "-=", "*=", "/=", "%=", "??="];
        let Some(operator) = operators.into_iter().find(|operator| self.looking_at(operator)) else {
            return Ok(self.whole(start, chain));
        };
        self.at += operator.len();
        self.newlines();
        let value = Box::new(self.deeper(start, Self::statement)?);
        let kind = StatementKind::Assignment { target, operator: operator.to_owned(), value };
        Ok(Statement { kind, at: self.span(start) })
    }

    fn whole(&self, start: usize, chain: Chain) -> Statement {
        Statement { kind: StatementKind::Chain(chain), at: self.span(start) }
    }
}

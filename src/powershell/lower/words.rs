//! Expressions as words of the shell.

use super::super::ast::{Block, Expression, ExpressionKind, Statement, Step, Variable};
use super::operations::Change;
use super::{Lowerer, Named, literal, nodes, only_expression};
use crate::shell::ast::{At, Operation, Word, WordPart};

/// Holds a value between two changes.
const VALUE: &str = "$*value";

impl Lowerer {
    /// The text that an expression is.
    pub(super) fn word(&mut self, expression: &Expression) -> Word {
        let mut parts = Vec::new();
        self.pieces(expression, &mut parts);
        nodes::double(parts, expression.at)
    }

    /// The text of a path, with `/` between its parts.
    pub(super) fn path(&mut self, expression: &Expression) -> Word {
        let mut parts = Vec::new();
        self.pieces(expression, &mut parts);
        for part in &mut parts {
            if let WordPart::Quoted(text, _) = part {
                *text = text.replace('\\', "/");
            }
        }
        nodes::double(parts, expression.at)
    }

    /// The words that an expression is as an argument: a list is several, nothing is none.
    pub(super) fn arguments(&mut self, expression: &Expression, words: &mut Vec<Word>) {
        let at = expression.at;
        match &expression.kind {
            ExpressionKind::Variable(variable) | ExpressionKind::Splat(variable) => {
                words.extend(self.elements(variable, at));
            }
            ExpressionKind::List(items) => items.iter().for_each(|item| self.arguments(item, words)),
            ExpressionKind::Array(block) => self.lines(block, at, words),
            ExpressionKind::Paren(inner) => match only_expression(inner) {
                Some(inner) => self.arguments(inner, words),
                None => self.lines(std::slice::from_ref(inner.as_ref()), at, words),
            },
            ExpressionKind::Sub(block) => self.lines(block, at, words),
            ExpressionKind::Cast(inner) => self.arguments(inner, words),
            ExpressionKind::ScriptBlock(_) => {}
            _ => words.push(self.word(expression)),
        }
    }

    /// What statements put out: expressions as they are, what programs print line by line.
    fn lines(&mut self, block: &[Statement], at: At, words: &mut Vec<Word>) {
        for statement in block {
            match only_expression(statement) {
                Some(expression) => self.arguments(expression, words),
                None => {
                    let list = self.block(std::slice::from_ref(statement));
                    words.push(Word { parts: vec![WordPart::Substitution(list, at)], at });
                }
            }
        }
    }

    /// A variable's elements.
    fn elements(&mut self, variable: &Variable, at: At) -> Option<Word> {
        let part = match self.named(variable) {
            Named::Nothing => return None,
            Named::Known(text) => return Some(nodes::text(text, at)),
            Named::Unknown => nodes::unknown(at),
            Named::Parameter(name) => {
                let mut part = nodes::parameter(name, Operation::None, variable.at);
                if let WordPart::Parameter(parameter) = &mut part
                    && parameter.name.starts_with(super::OWN)
                    && !parameter.name.starts_with(super::SWALLOWED)
                {
                    parameter.index = Some("@".to_owned());
                }
                part
            }
        };
        Some(Word { parts: vec![part], at })
    }

    /// The parts that an expression adds to a text.
    pub(super) fn pieces(&mut self, expression: &Expression, parts: &mut Vec<WordPart>) {
        let at = expression.at;
        match &expression.kind {
            ExpressionKind::Text(text) | ExpressionKind::Number(text) | ExpressionKind::Option(text) => {
                parts.push(WordPart::Quoted(text.clone(), at));
            }
            ExpressionKind::Expandable(pieces) => pieces.iter().for_each(|piece| self.pieces(piece, parts)),
            ExpressionKind::Variable(variable) | ExpressionKind::Splat(variable) => {
                parts.extend(self.value(variable, Operation::None));
            }
            ExpressionKind::Sub(block) | ExpressionKind::Array(block) => self.block_pieces(block, at, parts),
            ExpressionKind::Paren(inner) => self.statement_pieces(inner, at, parts),
            ExpressionKind::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        parts.push(WordPart::Quoted(" ".to_owned(), item.at));
                    }
                    self.pieces(item, parts);
                }
            }
            ExpressionKind::Cast(inner) => self.pieces(inner, parts),
            ExpressionKind::Binary(first, rest) => self.binary(first, rest, at, parts),
            ExpressionKind::Postfix(first, steps) => self.postfix(first, steps, at, parts),
            ExpressionKind::Unary(..)
            | ExpressionKind::ScriptBlock(_)
            | ExpressionKind::Type(_)
            | ExpressionKind::Other => parts.push(nodes::unknown(at)),
        }
    }

    fn block_pieces(&mut self, block: &Block, at: At, parts: &mut Vec<WordPart>) {
        match block.as_slice() {
            [] => {}
            [only] => self.statement_pieces(only, at, parts),
            _ => parts.push(WordPart::Substitution(self.block(block), at)),
        }
    }

    /// What a statement puts out, as a text.
    pub(super) fn statement_pieces(&mut self, statement: &Statement, at: At, parts: &mut Vec<WordPart>) {
        match only_expression(statement) {
            Some(expression) => self.pieces(expression, parts),
            None => {
                let list = self.block(std::slice::from_ref(statement));
                parts.push(WordPart::Substitution(list, at));
            }
        }
    }

    /// A variable's value, changed.
    pub(super) fn value(&mut self, variable: &Variable, operation: Operation) -> Option<WordPart> {
        Some(match self.named(variable) {
            Named::Nothing => return None,
            Named::Known(text) => WordPart::Quoted(text.to_owned(), variable.at),
            Named::Unknown => nodes::unknown(variable.at),
            Named::Parameter(name) => nodes::parameter(name, operation, variable.at),
        })
    }

    fn postfix(&mut self, first: &Expression, steps: &[Step], at: At, parts: &mut Vec<WordPart>) {
        if let (ExpressionKind::Type(name), [Step::Member(member, Some(arguments)), rest @ ..]) = (&first.kind, steps) {
            let env = name.to_ascii_lowercase().ends_with("environment") && rest.is_empty();
            let get = member.eq_ignore_ascii_case("GetEnvironmentVariable");
            if let (true, true, Some(name)) = (env, get, arguments.first().and_then(literal)) {
                parts.push(nodes::parameter(super::environment(&name), Operation::None, at));
                return;
            }
            let encoded =
                arguments.first().filter(|_| member.eq_ignore_ascii_case("ToBase64String")).and_then(bytes_of);
            parts.push(match encoded {
                Some(text) => {
                    let text = vec![nodes::text("printf", at), nodes::text("%s", at), self.word(text)];
                    let encode = ["base64", "-w", "0"].map(|word| nodes::text(word, at));
                    let commands = vec![nodes::call(text, at), nodes::call(encode.into(), at)];
                    WordPart::Substitution(nodes::list(vec![nodes::pipeline(commands, at)]), at)
                }
                None => nodes::unknown(at),
            });
            return;
        }
        if let (ExpressionKind::Variable(variable), [Step::Index(index)]) = (&first.kind, steps)
            && let (Named::Parameter(name), Some(index)) = (self.named(variable), literal(index))
            && index.parse::<i64>().is_ok()
        {
            let positional = index.parse::<usize>().ok().filter(|_| name == "@").map(|index| (index + 1).to_string());
            let mut part = nodes::parameter(positional.clone().unwrap_or(name), Operation::None, at);
            if let (WordPart::Parameter(parameter), None) = (&mut part, positional) {
                parameter.index = Some(index);
            }
            parts.push(part);
            return;
        }
        let changes = steps.iter().map(|step| self.step(step)).collect();
        self.changed(first, changes, at, parts);
    }

    /// A value with what is done to it, one after another.
    pub(super) fn changed(&mut self, first: &Expression, changes: Vec<Change>, at: At, parts: &mut Vec<WordPart>) {
        let mut changes: Vec<Change> = changes.into_iter().filter(|change| !matches!(change, Change::Keep)).collect();
        if changes.is_empty() {
            return self.pieces(first, parts);
        }
        if let (ExpressionKind::Variable(variable), [Change::By(_)]) = (&first.kind, changes.as_slice())
            && let Some(Change::By(operation)) = changes.pop()
        {
            let variable = Variable { at, ..variable.clone() };
            parts.extend(self.value(&variable, operation));
            return;
        }
        let name = VALUE;
        let mut items = vec![nodes::item(nodes::set(name, self.word(first), at))];
        for change in changes {
            let part = match change {
                Change::Keep => continue,
                Change::By(operation) => nodes::parameter(name, operation, at),
                // What a cleaning that is not followed leaves is what `sed` would leave.
                Change::Clean => {
                    let value = nodes::double(vec![nodes::parameter(name, Operation::None, at)], at);
                    let sed = vec![nodes::text("sed", at), nodes::double(vec![nodes::unknown(at)], at)];
                    let commands = vec![nodes::print(vec![value], at), nodes::call(sed, at)];
                    WordPart::Substitution(nodes::list(vec![nodes::pipeline(commands, at)]), at)
                }
            };
            items.push(nodes::item(nodes::set(name, nodes::double(vec![part], at), at)));
        }
        let value = nodes::double(vec![nodes::parameter(name, Operation::None, at)], at);
        items.push(nodes::item(nodes::print(vec![value], at)));
        parts.push(WordPart::Substitution(nodes::list(items), at));
    }
}

/// The text in `[Text.Encoding]::UTF8.GetBytes(text)`.
fn bytes_of(expression: &Expression) -> Option<&Expression> {
    let ExpressionKind::Postfix(_, steps) = &expression.kind else { return None };
    match steps.last()? {
        Step::Member(name, Some(arguments)) if name.eq_ignore_ascii_case("GetBytes") => arguments.first(),
        _ => None,
    }
}
